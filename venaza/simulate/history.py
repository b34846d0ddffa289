"""The cohort as the hospital knew it on a day, and what it corrected between the two exports."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date

from venaza.contracts.clean import ROW_DATE
from venaza.simulate.cohort import KNOWN, Patient, make_patients, stream
from venaza.simulate.course import add_course
from venaza.simulate.karyotype import add_karyotype
from venaza.simulate.plan import EARLY_CUTOFF, FINAL_CUTOFF
from venaza.simulate.record import add_record

#: The dated tables of the workbook, which holds no transfusions, and the date of their rows.
DATED = {table: date for table, date in ROW_DATE.items() if table != "transfusions"}
#: Patients who came with the number of an older register, six digits with leading zeros.
OLD_NUMBERS = (17, 38)


def make_cohort(seed: int) -> list[Patient]:
    """The whole cohort at the final cut-off, numbered by index date.

    The number after the last patient of the early export is left free: there it belonged to a
    second registration of one patient, which was removed later.
    """
    patients = make_patients(seed)
    free = removed_number(patients)
    for place, patient in enumerate(patients, 1):
        patient.number = place if place < free else place + 1
        patient.usubjid = _identifier(patient.number)
        add_course(patient, seed)
        add_record(patient, seed)
        add_karyotype(patient, seed)
    return patients


def removed_number(patients: list[Patient]) -> int:
    """The number of the registration that the final export no longer has."""
    return 1 + sum(patient.index <= EARLY_CUTOFF for patient in patients)


def _identifier(number: int) -> str:
    return f"{number:06d}" if number in OLD_NUMBERS else f"VA{number:03d}"


def cohort_at(patients: list[Patient], cutoff: date, seed: int) -> list[Patient]:
    """The ``patients`` as the export of ``cutoff`` holds them, the early one with its errors."""
    if cutoff == FINAL_CUTOFF:
        return patients
    known = [known_at(p, cutoff, seed) for p in patients if p.index <= cutoff]
    aged, graded, twice = revised(patients)
    for patient in known:
        if patient.usubjid == aged:
            patient.baseline["AGE"] = _turned(patient.baseline["AGE"])
        if patient.usubjid == graded:
            row = next(r for r in patient.tables["responses"] if r["RSINV"] == "CRi")
            row["RSINV"] = "CR"
        if patient.usubjid == twice:
            second = _registered_twice(patient, removed_number(patients))
    return [*known, second]


def revised(patients: list[Patient]) -> tuple[str, str, str]:
    """Who was corrected: the age, the response, and the patient registered twice."""
    early = [p for p in patients if p.index <= EARLY_CUTOFF]
    aged = next(p for p in early if 45 <= _turned(p.baseline["AGE"]) <= 69)
    graded = next(p for p in early[8:] if _best_is_cri(p))
    twice = [p for p in early if not p.dead and p.group == "ND"][-1]
    return aged.usubjid, graded.usubjid, twice.usubjid


def _turned(age: int) -> int:
    """The age with its digits the wrong way round."""
    return age % 10 * 10 + age // 10


def _best_is_cri(patient: Patient) -> bool:
    """Whether every remission on record at the early export lacked a full recovery."""
    rows = patient.tables["responses"]
    known = {row["RSINV"] for row in rows if patient.day(row["RSDT"]) <= EARLY_CUTOFF}
    return "CRi" in known and "CR" not in known


def known_at(patient: Patient, cutoff: date, seed: int) -> Patient:
    """The patient's record as of ``cutoff``: later rows and later dates are not there yet."""
    last = (cutoff - patient.index).days
    tables = {name: [dict(row) for row in rows] for name, rows in patient.tables.items()}
    for name, column in DATED.items():
        tables[name] = [_open_ended(r, last) for r in tables[name] if r[column] <= last]
    baseline = dict(patient.baseline)
    if baseline["STOPDT"] is not None and baseline["STOPDT"] > last:
        baseline |= {"STOPDT": None, "STOPREAS": ""}
    end, dead = patient.end, patient.dead
    if end > last:
        dates = [r[c] for n in DATED for r in tables[n] for c in r if c.endswith("DT")]
        unseen = int(stream(seed, KNOWN, patient.number).integers(2, 24))
        end = max([day for day in dates if day is not None] + [last - unseen, 0])
        dead, baseline["DTHCAUS"] = False, ""
    return replace(patient, baseline=baseline, tables=tables, end=end, dead=dead)


def _open_ended(row: dict, last: int) -> dict:
    """The row with dates after ``last`` emptied, and what hangs on them."""
    for name, value in list(row.items()):
        if name.endswith("DT") and value is not None and value > last:
            row[name] = None
            if name == "EXENDT":
                row["VENDAYS"] = None
    if row.get("KNOWN") is not None and row["KNOWN"] > last:
        row["CMRESP"] = None
    return row


def _registered_twice(patient: Patient, number: int) -> Patient:
    """A second registration under a new number: baseline, first cycle and first samples only."""
    second = deepcopy(patient)
    second.number, second.usubjid = number, _identifier(number)
    for name, column in DATED.items():
        second.tables[name] = [
            r for r in second.tables[name] if name in ("cycles", "labs") and r[column] <= 1
        ]
    second.tables["mutations"] = []
    return second
