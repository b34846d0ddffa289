"""Checks of the order of dates: diagnosis, first dose, response, transplant, stop."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import (
    NO_RESPONSE,
    REMISSION,
    Course,
    Finding,
    Settings,
    of_patient,
)


@of_patient
def no_index_date(course: Course, settings: Settings) -> Iterator[Finding]:
    """A patient whose times cannot be counted."""
    if course.day("INDEX") is None:
        yield course.ask("INDEXDT")


@of_patient
def diagnosis_after_index(course: Course, settings: Settings) -> Iterator[Finding]:
    """Diagnosis later than the index date."""
    day = course.day("DIAG")
    if day is not None and day > 0:
        yield course.ask("DIAGDT", days=day)


@of_patient
def long_untreated(course: Course, settings: Settings) -> Iterator[Finding]:
    """ND with more than ``limits > untreated_days`` from diagnosis to the first dose."""
    day = course.day("DIAG")
    if course.own.get("DISSTAT") != "ND" or day is None:
        return
    if -day > settings.limits["untreated_days"]:
        yield course.ask("DIAGDT", days=-day)


@of_patient
def cycle_before_diagnosis(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle that starts before the diagnosis."""
    diagnosis = course.day("DIAG")
    for day, row in course.dated("cycles") if diagnosis is not None else ():
        if day < diagnosis:
            yield Finding("cycles", row, "EXSTDT", days=diagnosis - day)


@of_patient
def end_before_start(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle or an adverse event that ends before it starts."""
    for table, end in (("cycles", "EXEN"), ("adverse_events", "AEEN")):
        for day, row in course.dated(table):
            last = row.get(f"{end}DY")
            if last is not None and last < day:
                yield Finding(table, row, f"{end}DT", days=day - last)


@of_patient
def response_before_treatment(course: Course, settings: Settings) -> Iterator[Finding]:
    """A response on the index date or before it, where patients do not enter in remission."""
    for day, word, row in course.responses():
        entered = settings.in_remission and day == 0 and word in REMISSION
        if day <= 0 and word in (*REMISSION, "MLFS", "PR") and not entered:
            yield Finding("responses", row, "RSDT", response=word, days=-day)


@of_patient
def disease_before_treatment(course: Course, settings: Settings) -> Iterator[Finding]:
    """No response, progression or relapse on the index date or before it."""
    for day, word, row in course.responses():
        if day <= 0 and word in (*NO_RESPONSE, "RELAPSE"):
            yield Finding("responses", row, "RSDT", response=word, days=-day)


@of_patient
def later_therapy_before_treatment(course: Course, settings: Settings) -> Iterator[Finding]:
    """A therapy of the table of later therapies that starts on the index date or before it."""
    for day, row in course.dated("therapies"):
        if day <= 0:
            yield Finding("therapies", row, "CMSTDT", days=-day)


@of_patient
def transplant_before_treatment(course: Course, settings: Settings) -> Iterator[Finding]:
    """A transplant before the index date in newly diagnosed disease."""
    for day, row in course.dated("transplants"):
        if day < 0 and course.own.get("DISSTAT") == "ND":
            yield Finding("transplants", row, "TXDT", days=-day)


@of_patient
def stop_before_first_dose(course: Course, settings: Settings) -> Iterator[Finding]:
    """A stop of the regimen before the index date."""
    day = course.day("STOP")
    if day is not None and day < 0:
        yield course.ask("STOPDT", days=-day)


@of_patient
def cycle_after_stop(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle that starts after the regimen was stopped."""
    stop = course.day("STOP")
    for day, row in course.dated("cycles") if stop is not None else ():
        if day > stop:
            yield Finding("cycles", row, "EXSTDT", days=day - stop)
