"""Checks for one patient under two numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from venaza.contracts.text import folded
from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_cohort


def bare_number(patient: str) -> str:
    """A patient number without what gets lost on the way: case, separators, leading zeros."""
    return re.sub(r"[-_./\s]", "", folded(patient)).lstrip("0")


def _similar(patients: list[Course]) -> dict[str, str]:
    """Each patient whose number is nearly that of an earlier one, with that one."""
    first: dict[str, str] = {}
    found = {}
    for course in patients:
        patient = course.own["USUBJID"]
        other = first.setdefault(bare_number(patient), patient)
        if other != patient:
            found[patient] = other
    return found


@of_cohort
def similar_patient_numbers(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Two numbers that differ by leading zeros, letter case or separators alone."""
    similar = _similar(patients)
    for course in patients:
        if course.own["USUBJID"] in similar:
            yield course.ask("USUBJID", other=similar[course.own["USUBJID"]])


def _shape(patient: str) -> str:
    """A patient number with 0 for each run of digits and A for each run of letters."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "0", folded(patient)))


@of_cohort
def odd_patient_number(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """A number of another shape than (nearly) all the others: a remark below the patients?"""
    shapes = Counter(_shape(course.own["USUBJID"]) for course in patients)
    usual, n = shapes.most_common(1)[0] if shapes else ("", 0)
    if n < settings.limits["few_values"] or n < settings.limits["usual_share"] * len(patients):
        return
    example = next(c.own["USUBJID"] for c in patients if _shape(c.own["USUBJID"]) == usual)
    for course in patients:
        if _shape(course.own["USUBJID"]) != usual:
            yield course.ask("USUBJID", other=example)


@of_cohort
def same_patient_twice(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Two patients of one sex, age, diagnosis date and index date, all four known."""
    first: dict[tuple, str] = {}
    similar = _similar(patients)
    for course in patients:
        same = tuple(course.own.get(name) for name in ("SEX", "AGE", "DIAGDT", "INDEXDT"))
        patient = course.own["USUBJID"]
        if None in same or patient in similar:
            continue
        other = first.setdefault(same, patient)
        if other != patient:
            yield course.ask("INDEXDT", other=other)
