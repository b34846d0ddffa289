"""What the pipeline must find: the endpoints of each patient, straight from the simulation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from venaza.simulate.cohort import Patient
from venaza.simulate.course import REMISSION
from venaza.simulate.history import cohort_at, make_cohort
from venaza.simulate.plan import FINAL_CUTOFF, SEED

if TYPE_CHECKING:
    import pandas as pd

_ORDER = ("CR", "CRi", "MLFS", "PR", "NR", "PD")


def truth(seed: int = SEED, cutoff: date = FINAL_CUTOFF) -> pd.DataFrame:
    """One row per patient of the export of ``cutoff``, ordered by ``USUBJID``.

    Columns: USUBJID, GROUP, AGE, INDEXDT, ENDDY and DEAD (death or last contact), EFSDY,
    EFSEVENT and EFSDESC, FAILDY, FAILTYPE and PFOSDY (from failure, empty without one), BOR,
    MRD (NEGATIVE, POSITIVE or empty: best result in remission), PFTRT, PFRESP, TXDY, NCYCLE.
    Days count from the index date.
    """
    import pandas as pd

    frame = pd.DataFrame([_row(p, cutoff) for p in cohort_at(make_cohort(seed), cutoff, seed)])
    for name in ("FAILDY", "PFOSDY", "TXDY"):
        frame[name] = frame[name].astype("Int64")
    return frame.sort_values("USUBJID").reset_index(drop=True)


def _row(patient: Patient, cutoff: date) -> dict:
    failed = patient.failure_day
    if failed is not None and (patient.day(failed) > cutoff or not patient.tables["responses"]):
        failed = None
    transplants = patient.tables["transplants"]
    transplant = transplants[0]["TXDT"] if transplants else None
    therapy = patient.tables["therapies"][0] if patient.tables["therapies"] else {}
    return {
        "USUBJID": patient.usubjid,
        "GROUP": patient.group,
        "AGE": patient.baseline["AGE"],
        "INDEXDT": patient.index,
        "ENDDY": patient.end,
        "DEAD": patient.dead,
        "EFSDY": patient.end if failed is None else failed,
        "EFSEVENT": failed is not None or patient.dead,
        "EFSDESC": _event(patient, failed),
        "FAILDY": failed,
        "FAILTYPE": patient.fate.failure if failed is not None else "",
        "PFOSDY": None if failed is None else patient.end - failed,
        "BOR": _best(patient, failed, transplant),
        "MRD": _mrd(patient, failed),
        "PFTRT": therapy.get("CMTRT", ""),
        "PFRESP": therapy.get("CMRESP") or "",
        "TXDY": transplant,
        "NCYCLE": len(patient.tables["cycles"]),
    }


def _event(patient: Patient, failed: int | None) -> str:
    if failed is not None:
        return patient.fate.failure
    return "DEATH" if patient.dead else ""


def _best(patient: Patient, failed: int | None, transplant: int | None) -> str:
    """The best response between index and failure, next therapy or transplant."""
    until = min(day for day in (failed, transplant, patient.end) if day is not None)
    seen = [r["RSINV"] for r in patient.tables["responses"] if r["RSDT"] <= until]
    return next((response for response in _ORDER if response in seen), "NE")


def _mrd(patient: Patient, failed: int | None) -> str:
    """The best MRD between first remission and failure."""
    remissions = [r["RSDT"] for r in patient.tables["responses"] if r["RSINV"] in REMISSION]
    if not remissions:
        return ""
    until = patient.end if failed is None else failed
    values = [
        r["MRDRES"] == "NEGATIVE" or r["MRDVAL"] < 0.1
        for r in patient.tables["mrd"]
        if min(remissions) <= r["MRDDT"] <= until
    ]
    return "" if not values else "NEGATIVE" if any(values) else "POSITIVE"
