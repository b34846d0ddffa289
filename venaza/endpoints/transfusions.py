"""Transfusion independence: so many days in a row without a transfusion, while on treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.endpoints.fact import Facts, first_day
from venaza.endpoints.on_treatment import last_doses

if TYPE_CHECKING:
    import pandas as pd

#: Parameter -> kind of transfusion.
KINDS = {"TIRBC": "RBC", "TIPLT": "PLATELET"}


def transfusion_rows(
    treated: list[str], tables: dict[str, pd.DataFrame], facts: dict[str, Facts], study: dict
) -> list[dict]:
    """TIRBC and TIPLT for every treated patient; nothing where no transfusions are recorded.

    Independent is a patient with ``transfusions.free_days`` days in a row without a transfusion
    of the kind between the first dose and ``after_last_dose`` days after the last, cut short by
    failure, the next therapy, transplant, death and the end of follow-up (DiNardo 2020, VIALE-A).
    ``ADY`` is the day on which the free days are complete.
    """
    if "transfusions" not in study["tables"]:
        return []
    given: dict[tuple[str, str], list[tuple[int, int]]] = {}
    frame = tables["transfusions"]
    frame = frame[frame["TFDY"].notna() & frame["TFTYPE"].notna()]
    columns = (frame[name] for name in ("USUBJID", "TFTYPE", "TFDY", "SEQ"))
    for patient, kind, day, seq in zip(*columns, strict=True):
        given.setdefault((patient, kind), []).append((int(day), int(seq)))
    last_dose = last_doses(tables)
    rows = []
    for patient in treated:
        end = _treatment_end(patient, last_dose.get(patient), facts, study)
        for code, kind in KINDS.items():
            days = given.get((patient, kind), [])
            rows.append(_row(patient, code, days, end, study["transfusions"]["free_days"]))
    return rows


def _treatment_end(patient: str, last: int | None, facts: dict[str, Facts], study: dict) -> int:
    names = [n for n in ("FAILURE", "NEXT_THERAPY", "TRANSPLANT", "DEATH") if n in facts]
    if first_day(facts["DEATH"], patient) is None:
        names.append("LAST_ALIVE")
    days = [first_day(facts[name], patient) for name in names]
    if last is not None:
        days.append(last + study["transfusions"]["after_last_dose"])
    return min([day for day in days if day is not None], default=0)


def _row(patient: str, code: str, given: list[tuple[int, int]], end: int, free: int) -> dict:
    """The first run of ``free`` days without a transfusion from day 0 to ``end``, if any."""
    row = {"USUBJID": patient, "PARAMCD": code, "AVAL": 0, "AVALC": "N"}
    start, before = 0, None
    for day, seq in [*sorted(d for d in given if 0 <= d[0] <= end), (end + 1, None)]:
        if day - start >= free:
            source = {"SRCDOM": "transfusions", "SRCVAR": "TFDT", "SRCSEQ": before}
            done = {"AVAL": 1, "AVALC": "Y", "ADY": start + free - 1}
            return row | done | (source if before is not None else {})
        start, before = day + 1, seq
    return row
