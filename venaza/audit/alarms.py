"""Alarms: changes between two exports that a hospital's record should not undergo."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import conform

#: Columns of ``patients`` that describe the person or the start, and what their change is called.
FIXED = {
    "BRTHDT": "changed birth date",
    "AGE": "changed age",
    "SEX": "changed sex",
    "INDEXDT": "changed index date",
    "INDEXDY": "changed index date",
    "DIAGDT": "changed date of diagnosis",
}
_LOOK = {
    "vanished patient": "The earlier export has this patient, this one does not.",
    "undone death": "A death was recorded, and now there is none.",
    "changed death date": "Every survival time of the patient hangs on it.",
    "follow-up going backwards": "The patient was known alive, or died, later than now recorded.",
}


def find_alarms(
    before: pd.DataFrame, after: pd.DataFrame, columns: tuple[Column, ...]
) -> pd.DataFrame:
    """What should not have happened between two exports of the clean ``patients``.

    A vanished patient, a death undone or moved, a changed birth date, age, sex, index date or
    date of diagnosis, and a last date (death, else last contact) earlier than before. A value
    that was empty and is now known is no alarm; one that was known and is now empty is.
    """
    earlier, later = _by_patient(before), _by_patient(after)
    rows = []
    for patient, old in sorted(earlier.items()):
        new = later.get(patient)
        if new is None:
            alarm = "vanished patient"
            rows.append((patient, alarm, "patients", None, "present", None, _LOOK[alarm]))
            continue
        for alarm, column, was, now in [*_person(old, new), *_course(old, new)]:
            message = _LOOK.get(alarm, "This is fixed at the start and should not change.")
            rows.append((patient, alarm, "patients", column, _text(was), _text(now), message))
    made = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    return conform(made, columns)


def _by_patient(patients: pd.DataFrame) -> dict[str, dict]:
    return {row["USUBJID"]: row for row in patients.to_dict("records")}


def _person(old: dict, new: dict) -> list[tuple]:
    changed = []
    for column, alarm in FIXED.items():
        was, now = old.get(column), new.get(column)
        if not _empty(was) and (_empty(now) or was != now):
            changed.append((alarm, column, was, now))
    return changed


def _course(old: dict, new: dict) -> list[tuple]:
    """Death and last date; by date where both exports have dates, else by day from index."""
    kind = "DT" if any(not _empty(row.get("INDEXDT")) for row in (old, new)) else "DY"
    death, contact = f"DTH{kind}", f"LSTALV{kind}"
    was, now = old.get(death), new.get(death)
    if not _empty(was) and _empty(now):
        return [("undone death", death, was, now)]
    found = []
    if not _empty(was) and was != now:
        found.append(("changed death date", death, was, now))
    ends = [(row, death if not _empty(row.get(death)) else contact) for row in (old, new)]
    (_, first), (_, second) = ends
    was, now = (row.get(column) for row, column in ends)
    if not _empty(was) and (_empty(now) or now < was):
        found.append(("follow-up going backwards", second if not _empty(now) else first, was, now))
    return found


def _empty(value: object) -> bool:
    return value is None or bool(pd.isna(value))


def _text(value: object) -> str | None:
    if _empty(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:.12g}" if isinstance(value, float) else str(value)
