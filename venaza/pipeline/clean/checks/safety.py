"""Checks of adverse events: dates, grades as CTCAE has them, and death."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_patient
from venaza.pipeline.clean.clean_table import CleanRow


def _term(row: CleanRow) -> str:
    return row.get("AEDECOD") or row["AETERM"]


@of_patient
def event_before_treatment(course: Course, settings: Settings) -> Iterator[Finding]:
    """An event that starts before the index date."""
    for day, row in course.dated("adverse_events"):
        if day < 0:
            yield Finding("adverse_events", row, "AESTDT", term=_term(row), days=-day)


@of_patient
def event_without_grade(course: Course, settings: Settings) -> Iterator[Finding]:
    """An event without a grade in a study that has a column for it."""
    for row in course.rows("adverse_events"):
        if row.get("AETOXGR") is None and row.takes("AETOXGR"):
            yield Finding("adverse_events", row, "AETOXGR", term=_term(row))


@of_patient
def grade_not_in_ctcae(course: Course, settings: Settings) -> Iterator[Finding]:
    """A grade that ``limits > ctcae_grades`` does not give for the term."""
    grades = settings.limits["ctcae_grades"]
    for row in course.rows("adverse_events"):
        grade, term = row.get("AETOXGR"), row.get("AEDECOD")
        low, high = grades.get(term, (1, 5))
        if grade is not None and not low <= grade <= high:
            fields = {"term": term, "grade": grade, "low": low, "high": high}
            yield Finding("adverse_events", row, "AETOXGR", **fields)


@of_patient
def grade_5_without_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A fatal event in a patient who is not dead by date or status."""
    for row in course.rows("adverse_events"):
        if row.get("AETOXGR") == 5 and not course.died:
            yield Finding("adverse_events", row, "AETOXGR", term=_term(row))


@of_patient
def fatal_event_long_before_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A grade 5 that starts more than ``limits > fatal_event_days`` before death."""
    death = course.day("DTH")
    for day, row in course.dated("adverse_events") if death is not None else ():
        if row.get("AETOXGR") == 5 and death - day > settings.limits["fatal_event_days"]:
            yield Finding("adverse_events", row, "AETOXGR", term=_term(row), days=death - day)


@of_patient
def toxic_death_without_grade_5(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cause of death that is an adverse event, and no event of grade 5."""
    cause = course.own.get("DTHCAUS")
    toxic = settings.says(cause, "adverse_event") and "adverse_events" in settings.tables
    if toxic and all(row.get("AETOXGR") != 5 for row in course.rows("adverse_events")):
        yield course.ask("DTHCAUS", cause=cause)


@of_patient
def event_twice(course: Course, settings: Settings) -> Iterator[Finding]:
    """One term with one start and two grades."""
    seen: dict[tuple, int] = {}
    for day, row in course.dated("adverse_events"):
        grade = row.get("AETOXGR")
        if grade is None:
            continue
        first = seen.setdefault((_term(row), day), grade)
        if first != grade:
            fields = {"term": _term(row), "first": first, "second": grade}
            yield Finding("adverse_events", row, "AETOXGR", **fields)


@of_patient
def event_ends_after_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """An event that starts before death and ends after it."""
    death = course.day("DTH")
    for row in course.rows("adverse_events") if death is not None else ():
        start, end = row.get("AESTDY"), row.get("AEENDY")
        if end is not None and end > death and (start is None or start <= death):
            yield Finding("adverse_events", row, "AEENDT", term=_term(row), days=end - death)
