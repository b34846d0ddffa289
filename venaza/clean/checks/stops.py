"""Checks of why the regimen was stopped: each reason leaves a trace elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.clean.checks.course import REMISSION, Course, Finding, Settings, of_patient


def _progressed(course: Course) -> bool:
    return any(word in ("RELAPSE", "PD") for _, word, _ in course.responses())


@of_patient
def stop_without_date(course: Course, settings: Settings) -> Iterator[Finding]:
    """A reason without the date that the study has a column for."""
    reason = course.own.get("STOPREAS")
    if reason is not None and course.day("STOP") is None and "STOPDT" in course.own["_raw"]:
        yield course.ask("STOPDT", reason=reason)


@of_patient
def stopped_for_relapse_without_relapse(course: Course, settings: Settings) -> Iterator[Finding]:
    """Stopped for relapse, with no RELAPSE or PD among the assessments."""
    stopped = settings.says(course.own.get("STOPREAS"), "relapse")
    if stopped and "responses" in settings.tables and not _progressed(course):
        yield course.ask("STOPREAS")


@of_patient
def stopped_refractory_in_remission(course: Course, settings: Settings) -> Iterator[Finding]:
    """Stopped as refractory, with a remission and no relapse among the assessments."""
    found = [word for _, word, _ in course.responses() if word in REMISSION]
    stopped = settings.says(course.own.get("STOPREAS"), "refractory")
    if stopped and found and not _progressed(course):
        yield course.ask("STOPREAS", response=found[0])


@of_patient
def stopped_for_transplant_without_transplant(
    course: Course, settings: Settings
) -> Iterator[Finding]:
    """Stopped for transplant, with no transplant in a study that has the table."""
    stopped = settings.says(course.own.get("STOPREAS"), "transplant")
    if stopped and "transplants" in settings.tables and not course.rows("transplants"):
        yield course.ask("STOPREAS")
