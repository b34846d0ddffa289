"""Checks of what a reason for stopping or a note says: each leaves a trace elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import REMISSION, Course, Finding, Settings, of_patient
from venaza.pipeline.clean.clean_table import cell_of


def _progressed(course: Course) -> bool:
    words = [*(word for _, word, _ in course.responses()), *course.later("responses")]
    return any(word in ("RELAPSE", "PD") for word in words)


def _transplanted(course: Course) -> bool:
    return bool(course.rows("transplants") or course.later("transplants"))


@of_patient
def stop_without_date(course: Course, settings: Settings) -> Iterator[Finding]:
    """A reason without the date that the study has a column for."""
    reason = course.own.get("STOPREAS")
    if reason is not None and course.day("STOP") is None and course.own.takes("STOPDT"):
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
    if stopped and "transplants" in settings.tables and not _transplanted(course):
        yield course.ask("STOPREAS")


@of_patient
def note_mentions_transplant(course: Course, settings: Settings) -> Iterator[Finding]:
    """A transplant in a text of the patient's rows, and none on record (``transplant_notes``).

    The text itself is not repeated: it may say more than a query should.
    """
    said = course.own.transplant
    if said is not None and not _transplanted(course):
        row = cell_of(course.own["USUBJID"], said.table, said.place, said.header)
        yield Finding(said.table, row, None, header=said.header, word=said.word)
