"""Checks of measurable residual disease: word, value, method, and the remission around it."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.mrd import ABOVE, BELOW, mrd_negative
from venaza.pipeline.clean.checks.course import (
    REMISSION,
    Course,
    Finding,
    Settings,
    of_cohort,
    of_patient,
)
from venaza.pipeline.clean.clean_table import CleanRow


def _samples(course: Course) -> Iterator[tuple[str, int | None, CleanRow]]:
    """Table, day and row of each MRD result, of assessments that carry one too."""
    for row in course.rows("mrd"):
        if row.get("MRDVAL") is not None or row.get("MRDRES") is not None:
            yield "mrd", row.get("MRDDY"), row
    for row in course.rows("responses"):
        if row.get("MRDVAL") is not None:
            yield "responses", row.get("RSDY"), row


def _near(course: Course, day: int | None, settings: Settings) -> tuple[int, str] | None:
    """How far the nearest assessment is, and its response."""
    if day is None:
        return None
    near = [(abs(other - day), word) for other, word, _ in course.responses()]
    return min((n for n in near if n[0] <= settings.limits["mrd_remission_days"]), default=None)


def _negative(row: CleanRow, settings: Settings) -> bool | None:
    """Whether a sample is negative, as the endpoints have it."""
    found = (row.get(name) for name in ("MRDVAL", "MRDOP", "MRDRES", "MRDLOD"))
    return mrd_negative(*found, settings.limits["mrd_negative_below"])


@of_patient
def mrd_word_against_value(course: Course, settings: Settings) -> Iterator[Finding]:
    """NEGATIVE with a value at the threshold or above, POSITIVE with none measured."""
    for table, _, row in _samples(course):
        value, word, sign = row.get("MRDVAL"), row.get("MRDRES"), row.get("MRDOP")
        if value is None or word is None:
            continue
        high = sign in ABOVE or mrd_negative(
            value, sign, None, None, settings.limits["mrd_negative_below"]
        ) is False  # fmt: skip
        none = sign in BELOW or value == 0
        if (word == "NEGATIVE" and high) or (word == "POSITIVE" and none):
            yield Finding(table, row, "MRDVAL", result=word.lower(), value=_shown(row))


@of_patient
def mrd_limit_too_coarse(course: Course, settings: Settings) -> Iterator[Finding]:
    """A value, or the word negative, that says nothing of the threshold of negativity."""
    for table, _, row in _samples(course):
        if _negative(row, settings) is None:
            column = "MRDVAL" if row.get("MRDVAL") is not None else "MRDRES"
            limit = row.get("MRDLOD")
            seen = f" (limit of detection {limit:g}%)" if limit is not None else ""
            yield Finding(table, row, column, shown=f"{_shown(row)}{seen}")


@of_cohort
def mrd_of_other_material(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Results of materials that do not count; asked once for each material."""
    found: dict[str, list[CleanRow]] = {}
    for course in patients:
        for row in course.rows("mrd"):
            material = row.get("MRDMAT")
            if material is not None and material not in settings.limits["mrd_materials"]:
                found.setdefault(material, []).append(row)
    for material, rows in found.items():
        yield Finding("mrd", rows[0], "MRDMAT", n=len(rows), material=material)


@of_cohort
def mrd_without_method(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Results without a method; asked once where no result of the study has one."""
    samples = [(table, row) for course in patients for table, _, row in _samples(course)]
    without = [(table, row) for table, row in samples if row.get("MRDMETH") is None]
    for table, row in without[:1] if len(without) == len(samples) else without:
        yield Finding(table, row, "MRDMETH")


@of_patient
def mrd_high_in_remission(course: Course, settings: Settings) -> Iterator[Finding]:
    """MRD as high as overt leukaemia beside a remission."""
    for table, day, row in _samples(course):
        near, value = _near(course, day, settings), row.get("MRDVAL") or 0
        high = value >= settings.limits["blasts"] and row.get("MRDOP") not in BELOW
        if high and near and near[1] in REMISSION:
            yield Finding(table, row, "MRDVAL", value=value, days=near[0], response=near[1])


@of_patient
def mrd_negative_without_remission(course: Course, settings: Settings) -> Iterator[Finding]:
    """A negative sample whose nearest assessment is no remission and no MLFS."""
    for table, day, row in _samples(course):
        near = _near(course, day, settings)
        if near and near[1] not in (*REMISSION, "MLFS") and _negative(row, settings):
            column = "MRDVAL" if row.get("MRDVAL") is not None else "MRDRES"
            yield Finding(table, row, column, days=near[0], response=near[1])


@of_patient
def mrd_twice(course: Course, settings: Settings) -> Iterator[Finding]:
    """Two results that differ, of one day, method and material."""
    seen: dict[tuple, str] = {}
    for row in course.rows("mrd"):
        if row.get("MRDDY") is None:
            continue
        sample = (row["MRDDY"], row.get("MRDMETH"), row.get("MRDMAT"))
        shown = _shown(row)
        first = seen.setdefault(sample, shown)
        if first != shown:
            yield Finding("mrd", row, "MRDVAL", first=first, second=shown)


def _shown(row: CleanRow) -> str:
    if row.get("MRDVAL") is None:
        return str(row.get("MRDRES") or "no result").lower()
    sign = row.get("MRDOP") or "="
    return f"{'' if sign == '=' else sign}{row['MRDVAL']:g}%"
