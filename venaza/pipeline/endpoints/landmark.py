"""Landmark rules: what becomes of a patient who has not reached remission by a stated day."""

from __future__ import annotations

import numpy as np

from venaza.pipeline.endpoints.arrays import mapped
from venaza.pipeline.endpoints.course import Courses
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.source import NO_ROW, Source, censoring
from venaza.pipeline.endpoints.window import written_late


def by_landmark(
    courses: Courses, definition: dict, start: np.ndarray, who: np.ndarray
) -> list[Source]:
    """The sources of a landmark; one of them decides for a patient without remission by it.

    Asked of the patients ``who``, with ``start`` the facts of time zero.
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
    facts, rule = courses.facts, definition["landmark"]
    begun = facts.day(start)
    landmark = landmark_day(facts, rule, begun)
    tried = [_mark(facts, rule, begun, who)] if "milestone" in rule else []
    reached = _held(facts, rule["reached"], landmark, who)
    by = who & (facts.day(reached.found) <= landmark)
    reached.judge(by, "landmark", mapped(reached.said, lambda said: f"{said}: the events decide"))
    left = who & ~by
    ends = (*courses.study["response"]["until"], "DEATH")
    closing = [_held(facts, name, landmark, left) for name in ends]
    days = [facts.day(source.found) for source in closing]
    decided = np.fmin.reduce([landmark, *(np.where(day >= begun, day, np.nan) for day in days)])
    seen = _last_seen(courses, begun, decided, landmark, left)
    rest = _without_remission(courses, definition, start, seen, (decided, landmark), left)
    return [*tried, reached, *closing, *seen, *rest]


def _without_remission(
    courses: Courses,
    definition: dict,
    start: np.ndarray,
    seen: list[Source],
    until: tuple[np.ndarray, np.ndarray],
    who: np.ndarray,
) -> list[Source]:
    """What is asked after the last assessment, which decides itself where it shows the failure.

    ``until`` is the day that decides and the landmark.
    """
    (decided, landmark), facts, rule = until, courses.facts, definition["landmark"]
    death = facts.first("DEATH")
    died = facts.day(death) <= landmark
    end = facts.day(np.where(death < 0, facts.first("LAST_ALIVE"), death))
    evaluable = np.any([source.tried & (source.found >= 0) for source in seen], axis=0)
    early = end < landmark
    why, reason = (np.where(early, *said).astype(object) for said in _UNDECIDED)
    begun = Source("landmark", definition["start"], start)
    if rule.get("not_evaluable", "start") == "start":
        unknown = who & ~evaluable & ~died
        begun.decide(facts, unknown, why + ": censored at time zero", 1, reason=reason)
        who = who & ~unknown
    dead = Source("landmark", "DEATH", death)
    last = np.where(died, facts.day(death), landmark)
    for source in (*seen, dead):
        shows = who & (~evaluable & died if source is dead else source.tried & (source.found >= 0))
        days = {"start": facts.day(start), "landmark": last, "documented": facts.day(source.found)}
        day = days[rule["failure_dated"]]
        shows &= ~(end < np.maximum(day, decided))
        what, event = _FAILED[source is not dead]
        said = f"{what}: an event, dated {_DATED[rule['failure_dated']]}"
        source.decide(facts, shows, said, 0, day, np.full(len(who), event, dtype=object))
        who = who & ~shows
    censors = censoring(
        courses, "landmark", definition, facts.day(start), who, why + ": censored here", reason
    )
    return [begun, dead, *censors]


#: Of those not followed to the landmark, and of those never seen: words, and those of ADTTE.
_UNDECIDED = (
    ("not followed to the landmark", "never evaluable by the landmark"),
    ("Landmark not reached", "Not evaluable by the landmark"),
)
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


def landmark_day(facts: Facts, rule: dict, begun: np.ndarray) -> np.ndarray:
    """The day of the landmark, by patient, which what happens after it cannot move.

    ``begun`` is the day of time zero, by patient.
    """
    if "days" in rule:
        return begun + rule["days"]
    mark = facts.earliest_of(facts.since(rule["milestone"], begun))
    return np.fmin(facts.day(mark), begun + rule["at_most_days"])


def _mark(facts: Facts, rule: dict, begun: np.ndarray, who: np.ndarray) -> Source:
    """The milestone that is the landmark, where it comes in time."""
    name, latest = rule["milestone"], begun + rule["at_most_days"]
    source = Source("landmark", name, facts.earliest_of(facts.since(name, begun)))
    late = mapped(latest, lambda day: f"not by day {day:.0f}, which is the landmark")
    source.judge(who, "landmark", late)
    source.judge(who & (facts.day(source.found) <= latest), "landmark", "the landmark")
    return source


def _held(facts: Facts, name: str, landmark: np.ndarray, who: np.ndarray) -> Source:
    """The first fact of a milestone held against the landmark."""
    source = Source("landmark", name, facts.first(name))
    day = facts.day(source.found)
    by = mapped(landmark, lambda day: f"by the landmark on day {day:.0f}")
    source.judge(who, "landmark", NO_ROW)
    source.judge(who & (day <= landmark), "landmark", by)
    late = mapped(by, lambda words: f"not {words}")
    source.judge(who & (day > landmark), "landmark", late)
    return source


def _last_seen(
    courses: Courses, begun: np.ndarray, decided: np.ndarray, landmark: np.ndarray, who: np.ndarray
) -> list[Source]:
    """The last assessment up to the day that decides; without one, a failure written late.

    ``decided`` is that day; after the ``landmark`` nothing counts.
    """
    facts = courses.facts
    rows = facts.since("ASSESSED", begun)
    rows = rows[facts.day(rows) <= decided[facts.of(rows)]]
    seen = Source("landmark", "ASSESSED", facts.last_of(rows))
    rows = facts.since("FAILURE", begun)
    day, of = facts.day(rows), facts.of(rows)
    in_time = (day <= landmark[of]) & written_late(day, decided[of], courses.study)
    late = Source("landmark", "FAILURE", facts.last_of(rows[in_time]))
    seen.judge(who & (seen.found >= 0), "landmark", "the last of the regimen by the landmark")
    never = who & (seen.found < 0)
    said = "written down a little after the end of the regimen"
    late.judge(never & (late.found >= 0), "landmark", said)
    seen.judge(never & (late.found < 0), "landmark", NO_ROW)
    return [seen, late]
