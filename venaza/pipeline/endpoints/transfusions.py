"""Transfusion independence: so many days in a row without a transfusion, while on treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.endpoints.arrays import floats
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.on_treatment import last_doses

#: Parameter -> kind of transfusion.
KINDS = {"TIRBC": "RBC", "TIPLT": "PLATELET"}


def transfusion_rows(
    treated: np.ndarray, tables: dict[str, pd.DataFrame], facts: Facts, study: dict
) -> list[pd.DataFrame]:
    """TIRBC and TIPLT for every treated patient; nothing where no transfusions are recorded.

    Independent is a patient with ``transfusions.free_days`` days in a row without a transfusion
    of the kind between the first dose and ``after_last_dose`` days after the last, cut short by
    failure, the next therapy, transplant, death and the end of follow-up (DiNardo 2020, VIALE-A).
    ``ADY`` is the day on which the free days are complete. ``treated`` are places.
    """
    if "transfusions" not in study["tables"]:
        return []
    end = _treatment_end(tables, facts, study)
    given = tables["transfusions"]
    given = pd.DataFrame(
        {
            "PATIENT": facts.places(given["USUBJID"]),
            "DAY": floats(given["TFDY"]),
            "SEQ": floats(given["SEQ"]),
            "KIND": given["TFTYPE"].to_numpy(object),
        }
    )
    given = given[(given["DAY"] >= 0) & (given["DAY"] <= end[given["PATIENT"]])]
    free = study["transfusions"]["free_days"]
    return [
        _rows(code, given[given["KIND"].isin([kind])], end, treated, free)
        for code, kind in KINDS.items()
    ]


def _treatment_end(tables: dict[str, pd.DataFrame], facts: Facts, study: dict) -> np.ndarray:
    """The last day on which transfusions count, by patient; 0 where nothing says so."""
    names = [n for n in ("FAILURE", "NEXT_THERAPY", "TRANSPLANT", "DEATH") if n in facts]
    alive = np.where(np.isnan(facts.first_day("DEATH")), facts.first_day("LAST_ALIVE"), np.nan)
    dosed = last_doses(tables, facts) + study["transfusions"]["after_last_dose"]
    ends = np.fmin.reduce([alive, dosed, *(facts.first_day(name) for name in names)])
    return np.nan_to_num(ends, nan=0)


def _rows(
    code: str, given: pd.DataFrame, end: np.ndarray, treated: np.ndarray, free: int
) -> pd.DataFrame:
    """The first run of ``free`` days without a transfusion from day 0 to ``end``, if any.

    A run lies between two transfusions; the day after the last counts as one without a row.
    """
    last = pd.DataFrame({"PATIENT": treated, "DAY": end[treated] + 1, "SEQ": np.nan})
    runs = pd.concat([given, last]).sort_values(["PATIENT", "DAY", "SEQ"])
    before = runs.groupby("PATIENT")[["DAY", "SEQ"]].shift()
    begun = before["DAY"].fillna(-1) + 1
    runs = runs.assign(ADY=begun + free - 1, SRCSEQ=before["SEQ"])[runs["DAY"] - begun >= free]
    runs = runs.drop_duplicates("PATIENT").set_index("PATIENT")[["ADY", "SRCSEQ"]].reindex(treated)
    done, source = runs["ADY"].notna().to_numpy(), runs["SRCSEQ"].notna().to_numpy()
    return runs.reset_index().assign(
        PARAMCD=code,
        AVAL=done.astype(int),
        AVALC=np.where(done, "Y", "N"),
        SRCDOM=np.where(source, "transfusions", None),
        SRCVAR=np.where(source, "TFDT", None),
    )
