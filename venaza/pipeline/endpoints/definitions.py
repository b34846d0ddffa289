"""What another definition of an endpoint changes, patient by patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import DEFINITIONS
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true


def derive_definitions(adtte: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The patients whose time or status another definition changes (``DEFINITIONS``).

    ``CHANGE`` is ``status`` where an event became a censoring or the other way round, or where
    only one of the two definitions has the patient, ``time``
    where the day moved, ``reason`` where only what ended the time has another name.
    """
    pairs = [
        (code, other["of"], other["definition"]) for code, other in study["alternatives"].items()
    ]
    pairs = pd.DataFrame(pairs, columns=["OTHER", "PARAMCD", "DEFN"])
    times, key = _times(adtte), [*pairs, "USUBJID"]
    other = pairs.merge(times.rename(columns={"PARAMCD": "OTHER"}), on="OTHER")
    own = pairs.merge(times, on="PARAMCD")
    alone = own.merge(other[key], on=key, how="left", indicator="FOUND")
    alone = alone[alone["FOUND"] == "left_only"].drop(columns="FOUND")
    both = other.merge(own, on=key, how="left", suffixes=("ALT", ""))
    both = pd.concat([both, alone], ignore_index=True)
    both = both.assign(STUDYID=study["id"], CHANGE=_change(both))
    both = both[both["CHANGE"].notna()]
    rank = {code: n for n, code in enumerate(study["alternatives"])}
    both = both.sort_values("OTHER", key=lambda codes: codes.map(rank), kind="stable")
    return conform(both.drop(columns=["OTHER", "CENSORED", "CENSOREDALT"]), DEFINITIONS)


def _times(adtte: pd.DataFrame) -> pd.DataFrame:
    """Time, ending and whether it is a censoring, by endpoint and patient."""
    censored = (adtte["CNSR"] == 1).astype(object)
    ending = adtte["EVNTDESC"].where(adtte["CNSR"] != 1, "censored: " + adtte["CNSDTDSC"])
    return adtte[["PARAMCD", "USUBJID", "AVAL"]].assign(ENDING=ending, CENSORED=censored)


def _change(both: pd.DataFrame) -> np.ndarray:
    """What differs between two definitions; None where nothing does."""
    unlike = {
        name: ~is_true(both[column] == both[f"{column}ALT"])
        for name, column in (("status", "CENSORED"), ("time", "AVAL"), ("reason", "ENDING"))
    }
    return np.select([*unlike.values()], [*unlike], default=None)
