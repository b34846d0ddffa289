"""Planted contradictions: each must become a query, and none moves a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from venaza.simulate.cohort import Patient
from venaza.simulate.hospital import Row
from venaza.simulate.karyotype import contradict
from venaza.simulate.plan import FINAL_CUTOFF
from venaza.simulate.wording import SHEETS


@dataclass(frozen=True)
class Defect:
    """A planted defect: where it is, what it is, and the check that must find it."""

    sheet: str
    patient: str
    what: str
    rule: str


def plant(
    rows: dict[str, list[Row]], cohort: list[Patient], removed: str, cutoff: date
) -> list[Defect]:
    """Plant the defects into ``rows`` (in place) and list them.

    ``cohort`` is the whole cohort, from which the patients are chosen, so that both exports
    hold the same defects as far as they have the rows. ``removed`` is the number of the
    second registration that was taken out before the final export.
    """
    chosen = _choose(cohort)
    planted = []
    for rule, (table, what, change) in _DEFECTS.items():
        patient = chosen[rule]
        own = [row for row in rows[table] if row["USUBJID"] == patient.usubjid]
        if own and change(own, rows[table], patient, cutoff):
            planted.append(Defect(SHEETS[table][0], patient.usubjid, what, rule))
    planted += [
        Defect(SHEETS["patients"][0], patient, what, rule)
        for patient, what, rule in contradict(rows["patients"], cohort)
    ]
    return planted + _strangers(rows["labs"], removed, cutoff)


def _choose(cohort: list[Patient]) -> dict[str, Patient]:
    """A patient of its own for each defect, in whom it makes sense."""

    def count(p: Patient, table: str, column: str, value: str) -> int:
        return sum(row[column] == value for row in p.tables[table])

    def ended(p: Patient) -> int:
        return sum(row["AEENDT"] is not None for row in p.tables["adverse_events"])

    wanted: dict[str, Callable[[Patient], bool]] = {
        "response_disagrees": lambda p: count(p, "responses", "RSINV", "CR") >= 3,
        "alive_with_death_date": lambda p: p.dead and not p.fate.failure,
        "contact_after_death": lambda p: p.dead and p.group == "RR" and bool(p.fate.failure),
        "cycle_before_diagnosis": lambda p: p.group == "ND" and len(p.tables["cycles"]) >= 5,
        "contradicting_rows": lambda p: p.group == "RR",
        "after_death": lambda p: p.dead and p.group == "ND" and bool(p.fate.failure),
        "after_cutoff": lambda p: not p.dead and not p.fate.lost,
        "wrong_unit": lambda p: p.baseline["HGB"] % 10 != 0,
        "end_before_start": lambda p: ended(p) > 3,
        "fraction_without_mutation": lambda p: count(p, "mutations", "GERES", "WILD-TYPE") > 6,
        "row_without_key_value": lambda p: len(p.tables["mrd"]) > 3 and p.fate.mrd == "POSITIVE",
        "unreadable_value": lambda p: True,
    }
    chosen: dict[str, Patient] = {}
    for number, (rule, fits) in enumerate(wanted.items()):
        taken = {p.usubjid for p in chosen.values()}
        # Each search starts further on, so that the defects are spread over the cohort.
        spread = cohort[4 * number :] + cohort[: 4 * number]
        chosen[rule] = next(p for p in spread if fits(p) and p.usubjid not in taken)
    return chosen


def _platelets_low(own, _rows, _patient, _cutoff) -> bool:
    remissions = [row for row in own if row["RSINV"] == "CR"]
    if len(remissions) < 3:
        return False
    remissions[1]["PLT"] = 40
    return True


def _says_alive(own, _rows, _patient, _cutoff) -> bool:
    own[0]["SURVSTAT"] = "ALIVE"
    return own[0]["DTHDT"] is not None


def _seen_after_death(own, _rows, _patient, _cutoff) -> bool:
    if own[0]["DTHDT"] is None:
        return False
    own[0]["LSTALVDT"] = own[0]["DTHDT"] + timedelta(days=4)
    return True


def _year_before(own, _rows, _patient, _cutoff) -> bool:
    if len(own) < 3:
        return False
    own[2]["EXSTDT"] -= timedelta(days=365)
    return True


def _second_row(own, rows, _patient, _cutoff) -> bool:
    rows.append({**own[0], "HGB": own[0]["HGB"] + 9})
    return True


def _event_after_death(own, rows, patient, cutoff) -> bool:
    death = patient.day(patient.end)
    return death <= cutoff and _add_event(own, rows, death + timedelta(days=4))


def _event_after_cutoff(own, rows, _patient, cutoff) -> bool:
    return cutoff == FINAL_CUTOFF and _add_event(own, rows, cutoff + timedelta(days=40))


def _add_event(own, rows, start: date) -> bool:
    event = {"AETERM": "Fatigue", "AETOXGR": 2, "AESTDT": start, "AEENDT": None, "AEREL": "N"}
    rows.insert(rows.index(own[-1]) + 1, {"USUBJID": own[-1]["USUBJID"], **event})
    return True


def _grams_per_decilitre(own, _rows, _patient, _cutoff) -> bool:
    own[0]["HGB"] = round(own[0]["HGB"] / 10, 1)
    return True


def _ends_before(own, _rows, _patient, _cutoff) -> bool:
    row = next((row for row in own if row["AEENDT"] is not None), None)
    if row is None:
        return False
    row["AEENDT"] = row["AESTDT"] - timedelta(days=300)
    return True


def _fraction(own, _rows, _patient, _cutoff) -> bool:
    next(row for row in own if row["GERES"] == "WILD-TYPE")["VAF"] = 12.5
    return True


def _no_date(own, _rows, _patient, _cutoff) -> bool:
    if len(own) < 3:
        return False
    own[1]["MRDDT"] = None
    return True


def _haemolysed(own, _rows, _patient, _cutoff) -> bool:
    next(row for row in own if row["LBTESTCD"] == "K")["LBSTRESN"] = "溶血"
    return True


#: Check -> table, what is planted, and the function that does it where the rows allow it.
_DEFECTS: dict[str, tuple[str, str, Callable[..., bool]]] = {
    "response_disagrees": ("responses", "CR recorded with platelets of 40", _platelets_low),
    "alive_with_death_date": ("patients", "recorded as alive, with a death date", _says_alive),
    "contact_after_death": ("patients", "last contact four days after death", _seen_after_death),
    "cycle_before_diagnosis": ("cycles", "cycle 3 typed with the year before", _year_before),
    "contradicting_rows": ("patients", "second row with another haemoglobin", _second_row),
    "after_death": ("adverse_events", "event four days after death", _event_after_death),
    "after_cutoff": ("adverse_events", "event after the data cut-off", _event_after_cutoff),
    "wrong_unit": ("patients", "haemoglobin in g/dL under g/L", _grams_per_decilitre),
    "end_before_start": ("adverse_events", "end typed before the start", _ends_before),
    "fraction_without_mutation": ("mutations", "wild-type gene with a fraction", _fraction),
    "row_without_key_value": ("mrd", "MRD result without a date", _no_date),
    "unreadable_value": ("labs", "haemolysed sample: a word for a number", _haemolysed),
}


def _strangers(labs: list[Row], removed: str, cutoff: date) -> list[Defect]:
    """Samples of numbers that the patients' sheet does not have."""
    sheet, found = SHEETS["labs"][0], []
    old = [row for row in labs if str(row["USUBJID"]).startswith("000")]
    if old:
        stripped = str(old[0]["USUBJID"]).lstrip("0")
        old[0]["USUBJID"] = stripped
        what = "patient number that lost its leading zeros"
        found.append(Defect(sheet, stripped, what, "unknown_patient"))
    if cutoff == FINAL_CUTOFF:
        sample = {"LBTESTCD": "K", "LBSTRESN": 4.1, "UNIT": "mmol/L"}
        labs.append({"USUBJID": removed, "LBDT": date(2023, 6, 12), **sample})
        what = "sample of the registration that was removed"
        found.append(Defect(sheet, removed, what, "unknown_patient"))
    return found
