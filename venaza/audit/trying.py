"""Trying an endpoint's sources one after the other, as ``venaza.endpoints.adtte`` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: Words for a source of which there is nothing.
NO_ROW = "no such row"


class Found(NamedTuple):
    """A dated row that fits a milestone; ``reason`` says why it does not count."""

    day: int
    said: str
    domain: str
    variable: str
    seq: int
    reason: str


class Course(NamedTuple):
    """A patient's facts that count, in the order of use, and those passed over, by milestone.

    ``cut`` has the milestones of which rows were left out for lying after the data cut-off.
    """

    facts: dict[str, list[Found]]
    passed: dict[str, list[Found]]
    cut: dict[str, int]

    def first(self, name: str) -> Found | None:
        """The fact of a milestone that is used first."""
        found = self.facts.get(name)
        return found[0] if found else None

    def since(self, name: str, day: int) -> list[Found]:
        """The facts of a milestone from a day on."""
        return [found for found in self.facts.get(name, ()) if found.day >= day]


@dataclass
class Tried:
    """One source: what it was tried as, what was found, and what became of it.

    ``verdict`` is ``start``, ``entry``, ``landmark``, ``decided``, ``none``, ``before_start``,
    ``later``, ``not_counted``, ``not_asked`` or ``left_out`` (there is no row for its sake).
    ``ends`` is the day on which the time ends by the source that decided, ``status`` its
    ``CNSR``.
    """

    role: str
    milestone: str
    found: Found | None
    verdict: str
    said: str
    ends: int | None = None
    status: int | None = None

    def decide(self, said: str, status: int, ends: int | None = None) -> None:
        """This source ends the time, on its own day or on ``ends``."""
        self.verdict, self.said, self.status = "decided", said, status
        self.ends = self.found.day if ends is None else ends


def try_sources(course: Course, definition: dict) -> list[Tried]:
    """The sources of a definition in its order: start, entry, landmark, events, censoring."""
    start = course.first(definition["start"])
    if start is None:
        return [_missing(course, "start", definition["start"], "no time zero")]
    tried = [Tried("start", definition["start"], start, "start", "time zero")]
    entry = None
    if definition.get("entry"):
        entry = course.first(definition["entry"])
        if entry is None:
            return [*tried, _missing(course, "entry", definition["entry"], "never at risk")]
        said = "under observation from then on"
        tried.append(Tried("entry", definition["entry"], entry, "entry", said))
    by_landmark = _landmark(course, start, definition)
    over = any(t.verdict == "decided" for t in by_landmark)
    tried += by_landmark
    tried += _not_asked(course, definition) if over else _endings(course, start, definition)
    if entry is not None:
        _leave_out(tried, start, entry)
    return tried


def _missing(course: Course, role: str, name: str, consequence: str) -> Tried:
    tried = _nothing(course, role, name)
    tried.verdict, tried.said = "left_out", f"{tried.said}: {consequence}, so there is no row"
    return tried


def _nothing(course: Course, role: str, name: str, day: int | None = None) -> Tried:
    """A source without a fact that counts from ``day`` on: what there is instead."""
    early = [found for found in course.facts.get(name, ()) if day is not None and found.day < day]
    if early:
        last = max(early, key=lambda found: found.day)
        return Tried(role, name, last, "before_start", "before time zero: not counted")
    passed = course.passed.get(name)
    if passed:
        return Tried(role, name, passed[0], "not_counted", f"{passed[0].reason}: not counted")
    said = NO_ROW
    if course.cut.get(name):
        said += "; a row after the data cut-off was not counted"
    return Tried(role, name, None, "none", said)


def _leave_out(tried: list[Tried], start: Found, entry: Found) -> None:
    """Whose time had ended when observation began has no row."""
    ending = next((t for t in tried if t.verdict == "decided"), None)
    if ending is None or not start.day < entry.day >= ending.ends:
        return
    ending.verdict, ending.said = "not_counted", "the time ended before observation began"
    ending.ends = ending.status = None
    came = next(t for t in tried if t.role == "entry")
    came.verdict, came.said = "left_out", "no time at risk after it, so there is no row"


def _endings(course: Course, start: Found, definition: dict) -> list[Tried]:
    events = [("event", name) for name in definition["events"]]
    events += [("competing", name) for name in definition["competing"]]
    ending = _tried_all(course, start, events)
    cutting = _tried_all(course, start, [("censor_at", n) for n in definition.get("censor_at", ())])
    event, cut = _earliest(ending), _earliest(cutting)
    if cut is not None and (event is None or cut.found.day < event.found.day):
        cut.decide("before any event: the time is censored here", 1)
    elif event is not None:
        kind, status = ("competing event", 2) if event.role == "competing" else ("event", 0)
        event.decide(f"the first {kind} from time zero on" if status else _FIRST, status)
    decided = next((t for t in (*cutting, *ending) if t.verdict == "decided"), None)
    for other in (*ending, *cutting):
        if other.verdict == "later":
            other.said = _why_later(other, decided)
    return [*ending, *cutting, *_censoring(course, start, definition, decided)]


_FIRST = "the first event from time zero on"


def _tried_all(course: Course, start: Found, sources: list[tuple[str, str]]) -> list[Tried]:
    """Each source with its first fact from time zero on; the words come when all are known."""
    tried = []
    for role, name in sources:
        since = course.since(name, start.day)
        first = min(since, key=lambda found: found.day) if since else None
        if first is None:
            tried.append(_nothing(course, role, name, start.day))
        else:
            tried.append(Tried(role, name, first, "later", ""))
    return tried


def _earliest(tried: list[Tried]) -> Tried | None:
    """The earliest of what was found; on one day the order of the definition decides."""
    found = [t for t in tried if t.verdict == "later"]
    return min(found, key=lambda t: t.found.day) if found else None


def _why_later(other: Tried, decided: Tried) -> str:
    by = f"{decided.found.said[0].lower()}{decided.found.said[1:]}"
    if other.found.day > decided.found.day:
        return f"after {by}: not counted"
    first = (
        "which counts first" if other.role == "censor_at" else "which the definition names first"
    )
    return f"on the day of {by}, {first}: not counted"


def _censoring(
    course: Course, start: Found, definition: dict, decided: Tried | None
) -> list[Tried]:
    tried = []
    for name in definition["censors"]:
        since = course.since(name, start.day)
        if decided is not None:
            tried.append(_unasked("censor", name, since[-1] if since else None))
        elif since:
            decided = Tried("censor", name, since[-1], "", "")
            decided.decide("no event: the time is censored here", 1)
            tried.append(decided)
        else:
            tried.append(_nothing(course, "censor", name, start.day))
    return tried


def _unasked(role: str, name: str, found: Found | None) -> Tried:
    return Tried(role, name, found, "not_asked", "not needed: the time has ended")


def _not_asked(course: Course, definition: dict) -> list[Tried]:
    """What follows a landmark that decided."""
    sources = [(role, name) for role, key in _LISTS for name in definition.get(key, ())]
    return [_unasked(role, name, course.first(name)) for role, name in sources]


_LISTS = (
    ("event", "events"),
    ("competing", "competing"),
    ("censor_at", "censor_at"),
    ("censor", "censors"),
)


def _landmark(course: Course, start: Found, definition: dict) -> list[Tried]:
    """Whether the patient has failed by the landmark; none decided where remission was reached.

    As ``venaza.endpoints.landmark`` does it.
    """
    rule = definition.get("landmark")
    if rule is None:
        return []
    tried = []
    if "days" in rule:
        day = start.day + rule["days"]
    else:
        mark = course.first(rule["milestone"])
        day = None if mark is None else mark.day
        said = "no such row: no landmark" if mark is None else "the landmark"
        tried.append(Tried("landmark", rule["milestone"], mark, "landmark", said))
    reached = course.first(rule["reached"])
    tried.append(_by(reached, rule["reached"], day))
    if tried[-1].verdict == "by":
        tried[-1].verdict = "landmark"
        tried[-1].said += ": the events decide"
        return tried
    dying = _by(course.first("DEATH"), "DEATH", day)
    died = dying.verdict == "by"
    dying.verdict = "landmark"
    return [*tried, dying, *_without_remission(course, start, definition, day, dying, died)]


def _by(found: Found | None, name: str, day: int | None) -> Tried:
    """A fact held against the landmark: verdict ``by`` where it came in time."""
    if found is None:
        return Tried("landmark", name, None, "landmark", NO_ROW)
    by = "the landmark, of which there is none" if day is None else f"the landmark on day {day}"
    if day is None or found.day <= day:
        return Tried("landmark", name, found, "by", f"by {by}")
    return Tried("landmark", name, found, "landmark", f"not by {by}")


def _without_remission(
    course: Course, start: Found, definition: dict, day: int | None, dying: Tried, died: bool
) -> list[Tried]:
    """What is asked of a patient without remission by the landmark; one of it decides."""
    seen = [f for f in course.since("ASSESSED", start.day) if day is None or f.day <= day]
    last = Tried("landmark", "ASSESSED", seen[-1] if seen else None, "landmark", NO_ROW)
    begun = Tried("landmark", definition["start"], start, "landmark", "")
    if not died:
        alive = course.first("LAST_ALIVE") if dying.found is None else dying.found
        followed = day is not None and alive is not None and alive.day >= day
        if not followed:
            (last if seen else begun).decide("not followed to the landmark: censored here", 1)
            return [last] if seen else [last, begun]
        if not seen:
            begun.decide("never evaluable by the landmark: censored at time zero", 1)
            return [last, begun]
    dated = definition["landmark"]["failure_dated"]
    evidence = last if seen else dying
    end = min(d for d in (day, dying.found.day if dying.found else None) if d is not None)
    ends = {"start": start.day, "landmark": end, "documented": evidence.found.day}[dated]
    what = "no remission by the landmark" if seen else "death before any assessment"
    evidence.decide(f"{what}: an event, dated {_DATED[dated]}", 0, ends)
    return [last]


_DATED = {
    "start": "at time zero",
    "landmark": "at the landmark or an earlier death",
    "documented": "on the day of this row",
}
