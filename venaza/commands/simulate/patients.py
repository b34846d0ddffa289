"""The plan's own patients followed one by one: times, dates and ages, then what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.course import add_course
from venaza.commands.simulate.fates import (
    DATES,
    TIMES,
    Fate,
    Patient,
    days_of,
    fates_by_group,
    times_of,
)
from venaza.commands.simulate.findings import add_findings
from venaza.commands.simulate.karyotype import add_karyotype

if TYPE_CHECKING:
    from numpy.random import Generator


def follow(plan: dict, seed: int) -> list[Patient]:
    """The plan's ``patients`` with all their records, ordered and numbered by index date.

    The ``free`` numbers of the plan are left out.
    """
    patients = _patients(plan, seed)
    free = plan["numbers"].get("free", [])
    numbers = [n for n in range(1, len(patients) + len(free) + 1) if n not in free]
    for number, patient in zip(numbers, patients, strict=True):
        patient.number = number
        add_course(patient, plan, seed)
        add_findings(patient, plan, seed)
        add_karyotype(patient, plan, seed)
    return patients


def outline_of(patients: list[Patient]) -> pd.DataFrame:
    """A row for each patient: GROUP, INDEX, END, DEAD, FAILTYPE and FAILDY (empty: no failure)."""
    return pd.DataFrame(
        {
            "GROUP": p.fate.group,
            "INDEX": float(p.index),
            "END": float(p.end),
            "DEAD": p.fate.dead,
            "FAILTYPE": p.fate.failure,
            "FAILDY": p.failure_day,
        }
        for p in patients
    )


def tables_of(patients: list[Patient]) -> dict[str, pd.DataFrame]:
    """Each clean table's rows (``PATIENT``: place in ``patients``), values as recorded."""
    rows = {"patients": [[_person(p)] for p in patients]}
    for name in patients[0].tables:
        rows[name] = [p.tables[name] for p in patients]
    return {
        name: pd.DataFrame(
            [{"PATIENT": place, **row} for place, own in enumerate(parts) for row in own],
            dtype=object,
        ).astype({"PATIENT": int})
        for name, parts in rows.items()
    }


def _person(patient: Patient) -> dict:
    dead = patient.fate.dead
    return {
        **patient.baseline,
        "DISSTAT": patient.fate.group,
        "INDEXDT": 0,
        "LSTALVDT": patient.end,
        "SURVSTAT": "DEAD" if dead else "LOST" if patient.fate.lost else "ALIVE",
        "DTHDT": patient.end if dead else None,
    }


def _patients(plan: dict, seed: int) -> list[Patient]:
    """All patients with their times, dates and ages, ordered by index date, not yet numbered."""
    patients = []
    for number, (group, fates) in enumerate(fates_by_group(plan).items()):
        rng, dates = stream(seed, TIMES, number), stream(seed, DATES, number)
        times = times_of(fates, plan["targets"][group], rng, seed)
        ages = _ages(fates, plan["targets"][group]["age"], rng)
        for fate, first, post, age in zip(fates, *times, ages, strict=True):
            index = _index(fate, first + post, days_of(plan), dates)
            patients.append(Patient(fate, index, first, first + post, baseline={"AGE": age}))
    groups = list(plan["groups"])
    return sorted(patients, key=lambda p: (p.index, groups.index(p.fate.group), p.first))


def _ages(fates: list[Fate], wanted: list[int], rng: Generator) -> list[int]:
    """Ages from the lowest to the highest of ``wanted`` with its second as their median."""
    low, median, high = wanted
    half = len(fates) // 2
    ages = [median]
    ages += [int(rng.integers(low, median + 1)) for _ in range(half)]
    ages += [int(rng.integers(median, high + 1)) for _ in range(half)]
    ages.sort()
    young = sum(bool(fate.young) for fate in fates)
    youngest, rest = ages[:young], ages[young:]
    shuffled = [rest[i] for i in rng.permutation(len(rest))]
    return [youngest[fate.young - 1] if fate.young else shuffled.pop() for fate in fates]


def _index(fate: Fate, end: int, length: int, rng: Generator) -> int:
    """An index day from which ``end`` is reached by the cut-off, ``length`` days after the first.

    Patients alive were last seen in the month before the cut-off, the one lost much earlier.
    Recruitment grows over the years, so that some short courses begin near the cut-off.
    """
    if fate.dead or fate.lost:
        latest = length - end - (200 if fate.lost else 10)
        power = 0.25 if end < 160 else 0.6
        return int(latest * rng.random() ** power)
    return length - int(rng.integers(1, 25)) - end
