"""Alarms: changes of single patients between two exports that a record should not undergo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.wording import shown
from venaza.pipeline.audit.trace.origins import place_text
from venaza.pipeline.compare.cells import Side
from venaza.pipeline.compare.duplicate_patients import renamed, twins

ALARMS = (
    Column("USUBJID", "string", "Patient; empty for a whole table or column"),
    Column("ALARM", "string", "What should not happen"),
    Column("TABLE", "string", "Clean table"),
    Column("COLUMN", "string", "Clean column"),
    Column("BEFORE", "string", "In the export compared with"),
    Column("AFTER", "string", "In this export"),
    Column("MESSAGE", "string", "Why it matters"),
    Column("ACTION", "string", "What to do"),
    Column("WHERE_BEFORE", "string", "Raw place in the export compared with"),
    Column("WHERE_AFTER", "string", "Raw place in this export"),
)
#: Columns of ``patients`` that describe the person or the start, and what their change is called.
FIXED = {
    "BRTHDT": "changed birth date",
    "AGE": "changed age",
    "SEX": "changed sex",
    "DISEASE": "changed diagnosis",
    "INDEXDT": "changed index date",
    "INDEXDY": "changed index date",
    "DIAGDT": "changed date of diagnosis",
}
_ASK = "Ask the clinic which of the two is true; where this one is wrong, enter a correction."
#: Alarm -> why it matters, what to do.
WORDS = {
    "vanished patient": (
        "The earlier export has this patient, this one does not: every number loses a patient.",
        "Ask whether the patient was removed on purpose (a second registration, a withdrawn "
        "consent) or lost while exporting.",
    ),
    "patient probably renamed": (
        "A patient is gone and another is new with the same data: the patient's number has "
        "probably changed, and what was done under the old one no longer fits.",
        "Confirm with the clinic; write corrections and notes under the new number.",
    ),
    "undone death": (
        "A death was recorded, and now there is none: the patient's survival becomes censored.",
        _ASK,
    ),
    "changed death date": ("Every survival time of the patient hangs on it.", _ASK),
    "follow-up going backwards": (
        "The patient was known alive, or died, later than now recorded.",
        "Ask for the last contact; a column may have been overwritten by an older copy.",
    ),
    "response undone": (
        "An assessment with a response was recorded, and now it is not there: response rates and "
        "every time that starts at remission hang on it.",
        _ASK,
    ),
    "response rewritten": (
        "The category of an assessment was changed long after the assessment.",
        "Ask who changed it and on what ground (a late marrow report, a central review).",
    ),
}
_FIXED_WORDS = ("This is fixed at the start and should not change.", _ASK)


def patient_alarms(before: Side, after: Side, dates: tuple[str, str], study: dict) -> pd.DataFrame:
    """What should not have happened to a patient between two exports (``ALARMS``).

    A vanished or renamed patient; a death undone or moved; a changed birth date, sex, diagnosis,
    index date, or an age that changed by more than the time between the exports' ``dates``; a
    last date (death, else last contact) earlier than before; a response that is gone, or was
    rewritten longer than ``changes.settled_days`` after its assessment. A value that was empty
    and is now known is no alarm; one that was known and is now empty is.
    """
    earlier, later = (_by_patient(side.clean("patients")) for side in (before, after))
    years = _years(*dates)
    rows = []
    new_names = renamed(before.clean("patients"), after.clean("patients"))
    same = twins(before.clean("patients"))
    for patient, old in sorted(earlier.items()):
        new = later.get(patient)
        if new is None:
            rows.append(_vanished(patient, old, new_names.get(patient), later, same))
            continue
        places = place(old), place(new)
        for alarm, column, was, now in [*_person(old, new, years), *_course(old, new)]:
            words = WORDS.get(alarm, _FIXED_WORDS)
            at = (patient, alarm, "patients", column, _text(was), _text(now))
            rows.append((*at, *words, *places))
    for line in _responses(before, after, dates[0], study):
        rows.append((*line[:6], *WORDS[line[1]], *line[6:]))
    return alarm_frame(rows)


def alarm_frame(rows: list[tuple]) -> pd.DataFrame:
    """Rows of ``ALARMS`` as a table."""
    made = pd.DataFrame(rows, columns=[column.name for column in ALARMS], dtype=object)
    return conform(made, ALARMS)


def place(row: dict) -> str:
    """The raw place of a clean row in words."""
    return place_text(row.get("SRCFILE"), row.get("SRCSHEET"), row.get("SRCROW"))


def _years(before: str, after: str) -> float:
    days = dt.date.fromisoformat(after) - dt.date.fromisoformat(before)
    return max(days.days, 0) // 365.25 + 1


def _by_patient(patients: pd.DataFrame) -> dict[str, dict]:
    return {row["USUBJID"]: row for row in patients.to_dict("records")}


def _vanished(patient: str, old: dict, name: str | None, later: dict, same: dict) -> tuple:
    if name:
        alarm = "patient probably renamed"
        where = place(old), place(later[name])
        return (patient, alarm, "patients", None, patient, name, *WORDS[alarm], *where)
    alarm = "vanished patient"
    why, action = WORDS[alarm]
    twin = next((other for other in same.get(patient, []) if other in later), None)
    if twin:
        why += f" Everything fixed of {twin}, who is still there, was the same: probably a second "
        why += "registration of one person."
    return (patient, alarm, "patients", None, "present", None, why, action, place(old), None)


def _person(old: dict, new: dict, years: float) -> list[tuple]:
    changed = []
    for column, alarm in FIXED.items():
        was, now = old.get(column), new.get(column)
        if _empty(was) or (not _empty(now) and was == now):
            continue
        if column == "AGE" and not _empty(now) and 0 <= now - was <= years:
            continue
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


def _responses(before: Side, after: Side, date: str, study: dict) -> Iterable[tuple]:
    """Assessments whose category is gone, or changed long after: (..., where before, after)."""
    pair = [side.clean("responses") for side in (before, after)]
    if any(frame is None or "RSINV" not in frame for frame in pair):
        return
    there = set(after.clean("patients")["USUBJID"])
    then, now = (_assessments(frame) for frame in pair)
    days = study["changes"]["settled_days"]
    order = study.get("response", {}).get("order", [])
    for key, rows in sorted(then.items(), key=lambda pair: str(pair[0])):
        later = now.get(key, [])
        categories = [row["RSINV"] for row in later]
        for old in (row for row in rows if row["RSINV"] not in categories):
            if key[0] not in there or _empty(old["RSINV"]):
                continue
            when = _text(old.get("RSDT")) or f"day {_text(old.get('RSDY'))}"
            new = later[0] if later else None
            if new is None or _empty(new["RSINV"]):
                alarm, said = "response undone", None
            elif _settled(old, date, days):
                alarm, said = "response rewritten", f"{new['RSINV']} ({_way(old, new, order)})"
            else:
                continue
            at = (key[0], alarm, "responses", "RSINV", f"{old['RSINV']} on {when}", said)
            yield (*at, place(old), place(new) if new else None)


def _assessments(frame: pd.DataFrame) -> dict[tuple, list[dict]]:
    """The assessments with a category or without, by patient and date (else day)."""
    found: dict[tuple, list[dict]] = {}
    for row in frame.to_dict("records"):
        when = row.get("RSDY") if _empty(row.get("RSDT")) else row["RSDT"]
        if not _empty(when):
            found.setdefault((row["USUBJID"], str(when)), []).append(row)
    return {k: [r for r in rows if not _empty(r["RSINV"])] or rows[:1] for k, rows in found.items()}


def _settled(old: dict, date: str, days: int) -> bool:
    """Whether the assessment was older than ``days`` at the earlier export; unknown counts."""
    if _empty(old.get("RSDT")):
        return True
    return (pd.Timestamp(date) - old["RSDT"]).days > days


def _way(old: dict, new: dict, order: list[str]) -> str:
    was, now = old["RSINV"], new["RSINV"]
    if was not in order or now not in order:
        return "another category"
    return "worse" if order.index(now) > order.index(was) else "better"


def _empty(value: object) -> bool:
    return value is None or bool(pd.isna(value))


def _text(value: object) -> str | None:
    return shown(value) or None
