"""Checks of vital status, death and follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import (
    STEMS,
    Course,
    Finding,
    Settings,
    of_cohort,
    of_patient,
)


@of_patient
def alive_with_death_date(course: Course, settings: Settings) -> Iterator[Finding]:
    """ALIVE or LOST with a date of death."""
    status = course.own.get("SURVSTAT")
    if status in ("ALIVE", "LOST") and course.has("DTH"):
        yield course.ask("SURVSTAT", status=status)


@of_patient
def dead_without_date(course: Course, settings: Settings) -> Iterator[Finding]:
    """DEAD without a date of death."""
    if course.own.get("SURVSTAT") == "DEAD" and not course.has("DTH"):
        yield course.ask("DTHDT")


@of_patient
def contact_after_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A last contact later than the death."""
    death, last = course.day("DTH"), course.day("LSTALV")
    if death is not None and last is not None and last > death:
        yield course.ask("LSTALVDT", days=last - death)


@of_patient
def after_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A row of any table that is dated after death."""
    death = course.day("DTH")
    for table, stem in STEMS.items() if death is not None else ():
        for day, row in course.dated(table):
            if day > death:
                yield Finding(table, row, f"{stem}DT", days=day - death)


@of_patient
def no_last_contact(course: Course, settings: Settings) -> Iterator[Finding]:
    """Neither a last contact nor a death, in a patient of whom a later date is on record."""
    if _not_followed(course) and _seen_later(course):
        yield course.ask("LSTALVDT")


@of_patient
def no_follow_up(course: Course, settings: Settings) -> Iterator[Finding]:
    """Neither a last contact nor a death nor any other date after the index date."""
    if _not_followed(course) and not _seen_later(course):
        yield course.ask("LSTALVDT")


@of_cohort
def nobody_died(every: list[Course], settings: Settings) -> Iterator[Finding]:
    """No death of anybody, though many patients were followed for long."""
    least = settings.limits["nobody_died_days"]
    followed = [course for course in every if (course.day("LSTALV") or 0) >= least]
    if len(followed) < settings.limits["nobody_died_patients"]:
        return
    if not any(course.died for course in every):
        yield followed[0].ask("DTHDT", n=len(followed), least=least)


def _not_followed(course: Course) -> bool:
    dated = course.day("INDEX") is not None
    return dated and not course.died and course.day("LSTALV") is None


def _seen_later(course: Course) -> bool:
    days = [day for table in STEMS for day, _ in course.dated(table)]
    return any(day > 0 for day in (*days, course.day("STOP") or 0))


@of_patient
def contact_before_last_record(course: Course, settings: Settings) -> Iterator[Finding]:
    """A visit, sample or drug later than the last contact, in a patient not known to be dead."""
    last = course.day("LSTALV")
    if last is None or course.died:
        return
    latest = [(day, table) for table in STEMS for day, _ in course.dated(table) if day > last]
    if latest:
        day, table = max(latest)
        yield course.ask("LSTALVDT", days=day - last, table=table.replace("_", " "))


@of_patient
def not_seen_lately(course: Course, settings: Settings) -> Iterator[Finding]:
    """Recorded alive, last contact long before the cut-off; those recorded as lost are known."""
    last = course.own.get("LSTALVDT")
    if settings.cutoff is None or last is None or course.own.get("SURVSTAT") != "ALIVE":
        return
    days = (settings.cutoff - last).days
    if days > settings.limits["not_seen_days"] and course.day("DTH") is None:
        yield course.ask("LSTALVDT", days=days)


@of_patient
def cause_without_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cause of death in a patient who is not dead by date or status."""
    cause = course.own.get("DTHCAUS")
    if cause is not None and not course.died:
        yield course.ask("DTHCAUS", cause=cause)


@of_patient
def stopped_for_death_alive(course: Course, settings: Settings) -> Iterator[Finding]:
    """The reason for stopping is death, and no death is recorded."""
    if settings.says(course.own.get("STOPREAS"), "death") and not course.died:
        yield course.ask("STOPREAS")


@of_patient
def stop_after_death(course: Course, settings: Settings) -> Iterator[Finding]:
    """A stop of the regimen later than the death."""
    death, stop = course.day("DTH"), course.day("STOP")
    if death is not None and stop is not None and stop > death:
        yield course.ask("STOPDT", days=stop - death)
