"""Landmark rules: what becomes of a patient who has not reached remission by a stated day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.late import written_late
from venaza.endpoints.source import NO_ROW, Source, censoring

if TYPE_CHECKING:
    from venaza.endpoints.course import Course
    from venaza.endpoints.fact import Fact


def by_landmark(course: Course, start: Fact, definition: dict, study: dict) -> list[Source]:
    """The sources of a landmark; one of them decides for a patient without remission by it.

    The definition's ``landmark`` has ``days`` from time zero, or a ``milestone`` whose first fact
    is the landmark where it comes within ``at_most_days``; ``reached`` (the milestone that counts
    as success, up to and including the landmark); and ``failure_dated`` (``start``, ``landmark`` or
    ``documented``). As ELN 2022 (Döhner, Blood 2022;140:1345, table 9): evaluable patients without
    remission, and those who die before it unassessed, have failed; alive and never evaluable are
    censored at time zero (``not_evaluable: start``). A death or the end of the regimen's window
    before the landmark decides: no remission can be reached any more, and only a failure that is
    written down a little late still shows that the patient was evaluable. Whoever is alive and not
    followed to the landmark is censored where the definition censors. Nothing after the landmark
    changes who failed by it.
    """
    rule = definition["landmark"]
    tried = [_mark(course, start, rule)] if "milestone" in rule else []
    landmark = landmark_day(start, rule, course.facts.get(rule.get("milestone"), []))
    reached = _held(course, rule["reached"], landmark)
    tried.append(reached)
    if _by(reached.found, landmark):
        reached.said += ": the events decide"
        return tried
    closing = [_held(course, name, landmark) for name in (*study["response"]["until"], "DEATH")]
    days = [s.found.day for s in closing if s.found is not None and s.found.day >= start.day]
    seen = _last_seen(course, start, (min([landmark, *days]), landmark), study)
    tried += [*closing, seen]
    until = (min([landmark, *days]), landmark)
    return tried + _without_remission(course, start, definition, seen, until)


def _without_remission(
    course: Course, start: Fact, definition: dict, seen: Source, until: tuple[int, int]
) -> list[Source]:
    """What is asked after the last assessment; it decides itself where it shows the failure.

    ``until`` is the day that decides and the landmark.
    """
    decided, landmark = until
    rule, death, evaluable = definition["landmark"], course.first("DEATH"), seen.found is not None
    died = _by(death, landmark)
    end = (course.first("LAST_ALIVE") if death is None else death).day
    why, reason = "never evaluable by the landmark", "Not evaluable by the landmark"
    if end < landmark:
        why, reason = "not followed to the landmark", "Landmark not reached"
    if not evaluable and not died and rule.get("not_evaluable", "start") == "start":
        begun = Source("landmark", definition["start"], start, "", "")
        begun.decide(f"{why}: censored at time zero", 1, reason=reason)
        return [begun]
    evidence = seen if evaluable else Source("landmark", "DEATH", death, "", "") if died else None
    day = _failure_day(rule, evidence, start, death.day if died else landmark)
    if day is None or end < max(day, decided):
        said = f"{why}: censored here"
        return censoring(course, "landmark", start, definition, said, reason)
    what, event = _FAILED[evaluable]
    evidence.decide(f"{what}: an event, dated {_DATED[rule['failure_dated']]}", 0, day, event)
    return [] if evaluable else [evidence]


#: Of the evaluable, and of those who died unassessed: the verdict's words, and those of ADTTE.
_FAILED = {
    True: ("no remission by the landmark", "No remission by the landmark"),
    False: ("death before any assessment", "Death before assessment"),
}
_DATED = {
    "start": "at time zero",
    "landmark": "at the landmark or an earlier death",
    "documented": "on the day of this row",
}


def landmark_day(start: Fact, rule: dict, marks: list[Fact]) -> int:
    """The day of the landmark, which what happens after it cannot move.

    ``marks`` are the facts of the rule's ``milestone``, where it has one.
    """
    if "days" in rule:
        return start.day + rule["days"]
    days = [fact.day for fact in marks if fact.day >= start.day]
    return min([*days, start.day + rule["at_most_days"]])


def _mark(course: Course, start: Fact, rule: dict) -> Source:
    """The milestone that is the landmark, where it comes in time."""
    since, latest = course.since(rule["milestone"], start.day), start.day + rule["at_most_days"]
    mark = min(since, key=lambda fact: fact.day, default=None)
    said = "the landmark" if _by(mark, latest) else f"not by day {latest}, which is the landmark"
    return Source("landmark", rule["milestone"], mark, "landmark", said)


def _by(fact: Fact | None, landmark: int) -> bool:
    return fact is not None and fact.day <= landmark


def _held(course: Course, name: str, landmark: int) -> Source:
    """The first fact of a milestone held against the landmark."""
    found = course.first(name)
    if found is None:
        return Source("landmark", name, None, "landmark", NO_ROW)
    by = "by" if found.day <= landmark else "not by"
    return Source("landmark", name, found, "landmark", f"{by} the landmark on day {landmark}")


def _last_seen(course: Course, start: Fact, until: tuple[int, int], study: dict) -> Source:
    """The last assessment up to the day that decides; without one, a failure written late.

    ``until`` is that day and the landmark, after which nothing counts.
    """
    decided, landmark = until
    seen = [fact for fact in course.since("ASSESSED", start.day) if fact.day <= decided]
    if seen:
        said = "the last of the regimen by the landmark"
        return Source("landmark", "ASSESSED", seen[-1], "landmark", said)
    late = [fact for fact in course.since("FAILURE", start.day) if fact.day <= landmark]
    late = [fact for fact in late if written_late(fact.day, decided, study)]
    if late:
        said = "written down a little after the end of the regimen"
        return Source("landmark", "FAILURE", late[-1], "landmark", said)
    return Source("landmark", "ASSESSED", None, "landmark", NO_ROW)


def _failure_day(rule: dict, evidence: Source | None, start: Fact, landmark: int) -> int | None:
    """The day of the failure as the rule dates it; None where nothing shows one."""
    if evidence is None:
        return None
    days = {"start": start.day, "landmark": landmark, "documented": evidence.found.day}
    return days[rule["failure_dated"]]
