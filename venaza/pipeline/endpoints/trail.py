"""TRAIL: the sources of each patient's endpoints in the order tried, and what came of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import TRAIL
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.dates import dates_of
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.source import Source
from venaza.study.endpoints import milestone_name

#: The columns of the fact that was found, as ``Facts`` calls them.
_FOUND = {"FOUND": "DESCRIPTION", **{name: name for name in ("ADY", "SRCDOM", "SRCVAR", "SRCSEQ")}}


def trail_table(
    tried: dict[str, list[Source]], facts: Facts, adsl: pd.DataFrame, study: dict
) -> pd.DataFrame:
    """``TRAIL`` of the sources of each endpoint in the order tried, with the dates of the days."""
    asked = [(code, source) for code, sources in tried.items() for source in sources]
    who = [np.flatnonzero(source.tried) for _, source in asked]
    patients, sizes = np.concatenate(who), [len(own) for own in who]
    rank = np.empty(len(facts.patients), dtype=np.int64)
    rank[facts.places(adsl["USUBJID"])] = np.arange(len(adsl))
    order = np.argsort(rank[patients], kind="stable")

    def alike(words: list[str]) -> np.ndarray:
        return np.repeat(np.array(words, dtype=object), sizes)[order]

    def by_patient(name: str) -> np.ndarray:
        held = [getattr(source, name)[own] for (_, source), own in zip(asked, who, strict=True)]
        return np.concatenate(held)[order]

    found = by_patient("found")
    frame = pd.DataFrame(
        {
            "STUDYID": study["id"],
            "USUBJID": facts.patients.take(patients[order]),
            "PARAMCD": alike([code for code, _ in asked]),
            "ROLE": alike([source.role for _, source in asked]),
            "MILESTONE": alike([source.milestone for _, source in asked]),
            "SOURCE": alike([milestone_name(source.milestone, study) for _, source in asked]),
            **{name: facts.column(column, found) for name, column in _FOUND.items()},
            "VERDICT": by_patient("verdict"),
            "SAID": by_patient("said"),
            "ENDDY": by_patient("ends"),
            "CNSR": by_patient("status"),
        }
    )
    decided = frame["VERDICT"].isin(["decided", "left_out"])
    frame["DECIDED"] = np.where(decided, "Y", None)
    frame["NTH"] = frame.groupby(["USUBJID", "PARAMCD"], sort=False).cumcount() + 1
    frame["ADT"] = dates_of(frame["USUBJID"], frame["ADY"], adsl)
    return conform(frame, TRAIL)
