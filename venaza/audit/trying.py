"""Trying an endpoint's sources one after the other, as ``venaza.endpoints.adtte`` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from venaza.contracts.late import written_late
from venaza.contracts.ties import tie_rank

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


def try_sources(course: Course, definition: dict, study: dict) -> list[Tried]:
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
    by_landmark = _landmark(course, start, definition, study)
    over = any(t.verdict == "decided" for t in by_landmark)
    tried += by_landmark
    tried += _not_asked(course, definition) if over else _endings(course, start, definition, study)
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


def _endings(course: Course, start: Found, definition: dict, study: dict) -> list[Tried]:
    events = [("event", name) for name in definition["events"]]
    events += [("competing", name) for name in definition["competing"]]
    ending = _tried_all(course, start, events)
    cutting = _tried_all(course, start, [("censor_at", n) for n in definition.get("censor_at", ())])
    event, cut = _earliest(ending, study), _earliest(cutting, study)
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


def _earliest(tried: list[Tried], study: dict) -> Tried | None:
    """The earliest of what was found; on one day ``on_one_day`` decides, then the definition."""
    found = [t for t in tried if t.verdict == "later"]
    if not found:
        return None
    return min(found, key=lambda t: (t.found.day, tie_rank(t.milestone, study)))


def _why_later(other: Tried, decided: Tried) -> str:
    by = f"{decided.found.said[0].lower()}{decided.found.said[1:]}"
    if other.found.day > decided.found.day:
        return f"after {by}: not counted"
    return f"on the day of {by}, which counts first: not counted"


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


def _landmark(course: Course, start: Found, definition: dict, study: dict) -> list[Tried]:
    """Whether the patient has failed by the landmark; none decided where remission was reached.

    As ``venaza.endpoints.landmark`` does it.
    """
    rule = definition.get("landmark")
    if rule is None:
        return []
    day = start.day + rule["days" if "days" in rule else "at_most_days"]
    tried = []
    if "milestone" in rule:
        mark = min(course.since(rule["milestone"], start.day), key=lambda f: f.day, default=None)
        by = mark is not None and mark.day <= day
        said = "the landmark" if by else f"not by day {day}, which is the landmark"
        tried.append(Tried("landmark", rule["milestone"], mark, "landmark", said))
        day = mark.day if by else day
    reached = course.first(rule["reached"])
    tried.append(_by(reached, rule["reached"], day))
    if tried[-1].verdict == "by":
        tried[-1].verdict = "landmark"
        tried[-1].said += ": the events decide"
        return tried
    closing = [_by(course.first(n), n, day) for n in (*study["response"]["until"], "DEATH")]
    died = closing[-1].verdict == "by"
    days = [t.found.day for t in closing if t.verdict == "by" and t.found.day >= start.day]
    for other in closing:
        other.verdict = "landmark"
    until = (min([day, *days]), day)
    last = _last_seen(course, start, until, study)
    return [*tried, *closing, *_without_remission(course, start, definition, last, until, died)]


def _by(found: Found | None, name: str, day: int) -> Tried:
    """A fact held against the landmark: verdict ``by`` where it came in time."""
    if found is None:
        return Tried("landmark", name, None, "landmark", NO_ROW)
    if found.day <= day:
        return Tried("landmark", name, found, "by", f"by the landmark on day {day}")
    return Tried("landmark", name, found, "landmark", f"not by the landmark on day {day}")


def _last_seen(course: Course, start: Found, until: tuple[int, int], study: dict) -> Tried:
    """The last assessment of the regimen by the landmark; without one, a failure written late."""
    decided, landmark = until
    seen = [f for f in course.since("ASSESSED", start.day) if f.day <= decided]
    if seen:
        said = "the last of the regimen by the landmark"
        return Tried("landmark", "ASSESSED", seen[-1], "landmark", said)
    late = [f for f in course.since("FAILURE", start.day) if f.day <= landmark]
    late = [f for f in late if written_late(f.day, decided, study)]
    if late:
        said = "written down a little after the end of the regimen"
        return Tried("landmark", "FAILURE", late[-1], "landmark", said)
    return Tried("landmark", "ASSESSED", None, "landmark", NO_ROW)


def _without_remission(
    course: Course,
    start: Found,
    definition: dict,
    last: Tried,
    until: tuple[int, int],
    died: bool,
) -> list[Tried]:
    """What is asked of a patient without remission by the landmark; one of it decides.

    ``until`` is the day that decides and the landmark.
    """
    decided, day = until
    rule, death, seen = definition["landmark"], course.first("DEATH"), last.found is not None
    alive = course.first("LAST_ALIVE") if death is None else death
    followed = alive is not None and alive.day >= day
    why = "never evaluable by the landmark" if followed else "not followed to the landmark"
    if not seen and not died and rule.get("not_evaluable", "start") == "start":
        begun = Tried("landmark", definition["start"], start, "landmark", "")
        begun.decide(f"{why}: censored at time zero", 1)
        return [last, begun]
    evidence = last if seen else Tried("landmark", "DEATH", death, "landmark", "") if died else None
    if evidence is not None:
        end = death.day if died else day
        ends = {"start": start.day, "landmark": end, "documented": evidence.found.day}
        ends = ends[rule["failure_dated"]]
        if alive.day >= max(ends, decided):
            what = "no remission by the landmark" if seen else "death before any assessment"
            dated = _DATED[rule["failure_dated"]]
            evidence.decide(f"{what}: an event, dated {dated}", 0, ends)
            return [last] if seen else [last, evidence]
    return [last, *_censored_by(course, start, definition, why)]


def _censored_by(course: Course, start: Found, definition: dict, why: str) -> list[Tried]:
    """The first of the definition's censors that there is, for the landmark's sake."""
    tried = []
    for name in definition["censors"]:
        since = course.since(name, start.day)
        if since:
            found = Tried("landmark", name, since[-1], "", "")
            found.decide(f"{why}: censored here", 1)
            return [*tried, found]
        tried.append(_nothing(course, "landmark", name, start.day))
    return tried


_DATED = {
    "start": "at time zero",
    "landmark": "at the landmark or an earlier death",
    "documented": "on the day of this row",
}
