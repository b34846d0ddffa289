"""What decides a time: the sources of a definition, tried in its order, of all patients at once."""

from __future__ import annotations

import numpy as np

from venaza.contracts.ties import tie_rank
from venaza.contracts.wording import small
from venaza.pipeline.endpoints.arrays import mapped
from venaza.pipeline.endpoints.course import Courses
from venaza.pipeline.endpoints.landmark import by_landmark
from venaza.pipeline.endpoints.needs import ENDINGS, described
from venaza.pipeline.endpoints.source import CUT, Source, any_of, censoring, not_asked, nothing


def try_sources(courses: Courses, definition: dict, who: np.ndarray) -> list[Source]:
    """The sources in order, start, entry, landmark, events, censoring; at most one decides.

    Tried of the patients ``who``. Time zero is the first fact of ``start``; the event is the first
    fact of ``events`` or ``competing`` on or after it (on one day ``on_one_day`` of the
    configuration decides, then the order of the definition), unless one of ``censor_at`` comes
    before it; without an event, time is censored at the first of ``censors`` that the patient has.
    A ``landmark`` first decides who has failed by it. Without a start or an entry there is nothing
    to decide.
    """
    tried = [_needed(courses, definition, "start", who)]
    there = tried[0].verdict == "start"
    if definition.get("entry"):
        tried.append(_needed(courses, definition, "entry", there))
        there = tried[1].verdict == "entry"
    day, over = courses.facts.day(tried[0].found), np.zeros(len(who), dtype=bool)
    if "landmark" in definition:
        marked = by_landmark(courses, definition, tried[0].found, there)
        tried, over = [*tried, *marked], any_of(marked, "decided")
    return [*tried, *_endings(courses, definition, day, there & ~over, over)]


#: What a start and an entry are where there is one, and what follows where there is none.
_NEEDED = {
    "start": ("time zero", "no time zero"),
    "entry": ("under observation from then on", "never at risk"),
}


def _needed(courses: Courses, definition: dict, role: str, who: np.ndarray) -> Source:
    """The first fact of a milestone without which there is no row."""
    name = definition[role]
    said, consequence = _NEEDED[role]
    source = Source(role, name, courses.facts.first(name))
    missing = who & (source.found < 0)
    source.judge(who & ~missing, role, said)
    nothing(courses, source, missing)
    cut = np.where(courses.cut(definition), CUT, "").astype(object)
    said = source.said[missing] + cut[missing] + f": {consequence}, so there is no row"
    source.verdict[missing], source.said[missing] = "left_out", said
    source.reason[missing] = f"no {described(name, courses.study)}"
    return source


def leave_out(courses: Courses, tried: list[Source]) -> None:
    """Whose time had ended when observation began has no row: the entry says so."""
    came = next((source for source in tried if source.role == "entry"), None)
    if came is None:
        return
    begun, entered = (courses.facts.day(source.found) for source in (tried[0], came))
    why = f"no time at risk after the {described(came.milestone, courses.study)}: "
    for ending in tried:
        never = ending.decided & (begun < entered) & (entered >= ending.ends)
        ending.judge(never, "not_counted", "the time ended before observation began")
        ending.ends[never] = ending.status[never] = np.nan
        came.judge(never, "left_out", "no time at risk after it, so there is no row")
        came.reason[never] = why + mapped(ending.reason[never], small)


def _endings(
    courses: Courses, definition: dict, day: np.ndarray, who: np.ndarray, over: np.ndarray
) -> list[Source]:
    """Events and censoring from ``day``, time zero, on: one decides, if the patient has any.

    Nothing is asked any more of those whose time is ``over``.
    """
    ends = [
        _first_since(courses, role, name, day, who)
        for key, role in ENDINGS.items()
        for name in definition.get(key, ())
    ]
    left = who & ~_decide(courses, ends, who)
    said = np.full(len(who), "no event: the time is censored here", dtype=object)
    censors = censoring(courses, "censor", definition, day, left, said)
    for source in censors:
        not_asked(source, who & ~source.tried, source.found)
    for source in (*ends, *censors):
        not_asked(source, over, courses.facts.first(source.milestone))
    return [*ends, *censors]


def _first_since(
    courses: Courses, role: str, name: str, day: np.ndarray, who: np.ndarray
) -> Source:
    """The first fact of a milestone from time zero on; the words come when all are known."""
    facts = courses.facts
    source = Source(role, name, facts.earliest_of(facts.since(name, day)))
    found = source.found >= 0
    source.judge(who & found, "later", None)
    nothing(courses, source, who & ~found, day)
    return source


#: What makes the first of each kind decide, and its status.
_DECIDES = {
    "event": ("the first event from time zero on", 0),
    "competing": ("the first competing event from time zero on", 2),
    "censor_at": ("before any event: the time is censored here", 1),
}


def _decide(courses: Courses, ends: list[Source], who: np.ndarray) -> np.ndarray:
    """Of whom one ends the time: the earliest, of one day an event before what censors.

    Of several events of one day, ``on_one_day`` decides, then the definition. The others are later.
    """
    facts, least = courses.facts, np.full(len(who), np.inf)
    first = np.full(len(who), -1)
    for n, source in sorted(enumerate(ends), key=lambda item: _rank(item[1], courses.study)):
        day = np.where(source.verdict == "later", facts.day(source.found), np.inf)
        first = np.where(day < least, n, first)
        least = np.minimum(day, least)
    last = np.full(len(who), -1)
    for n, source in enumerate(ends):
        last = np.where(first == n, source.found, last)
        source.decide(facts, first == n, *_DECIDES[source.role])
    by = mapped(facts.column("DESCRIPTION", last), small)
    same = mapped(by, lambda said: f"on the day of {said}, which counts first: not counted")
    after = mapped(by, lambda said: f"after {said}: not counted")
    for source in ends:
        words = np.where(facts.day(source.found) > facts.day(last), after, same)
        source.judge(source.verdict == "later", "later", words)
    return first >= 0


def _rank(source: Source, study: dict) -> tuple[bool, float]:
    """What comes first of one day."""
    return source.role == "censor_at", tie_rank(source.milestone, study)
