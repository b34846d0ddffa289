"""What decides a patient's time: the sources of a definition, tried in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.ties import tie_rank
from venaza.contracts.wording import small
from venaza.endpoints.fact import described
from venaza.endpoints.landmark import by_landmark
from venaza.endpoints.source import Source, censoring, deciding, not_asked, nothing

if TYPE_CHECKING:
    from venaza.endpoints.course import Course
    from venaza.endpoints.fact import Fact

#: Keys of a definition that list milestones, with the role that these play.
_LISTS = (
    ("event", "events"),
    ("competing", "competing"),
    ("censor_at", "censor_at"),
    ("censor", "censors"),
)


def try_sources(course: Course, definition: dict, study: dict) -> list[Source]:
    """The sources in order, start, entry, landmark, events, censoring; at most one decides.

    Time zero is the first fact of ``start``; the event is the first fact of ``events`` or
    ``competing`` on or after it (on one day ``on_one_day`` of the configuration decides, then the
    order of the definition), unless one of ``censor_at`` comes before it; without an event, time is
    censored at the first of ``censors`` that the patient has. A ``landmark`` first decides who has
    failed by it. Without a start or an entry there is nothing to decide.
    """
    start = course.first(definition["start"])
    if start is None:
        return [_missing(course, "start", definition["start"], "no time zero", study)]
    tried = [Source("start", definition["start"], start, "start", "time zero")]
    if definition.get("entry"):
        entry = course.first(definition["entry"])
        if entry is None:
            name = definition["entry"]
            return [*tried, _missing(course, "entry", name, "never at risk", study)]
        said = "under observation from then on"
        tried.append(Source("entry", definition["entry"], entry, "entry", said))
    if "landmark" in definition:
        tried += by_landmark(course, start, definition, study)
    over = deciding(tried) is not None
    return tried + (
        _rest(course, definition) if over else _endings(course, start, definition, study)
    )


def leave_out(tried: list[Source], study: dict) -> None:
    """Whose time had ended when observation began has no row: the entry says so."""
    ending, start = deciding(tried), tried[0].found
    came = next((source for source in tried if source.verdict == "entry"), None)
    if ending is None or came is None or not start.day < came.found.day >= ending.ends:
        return
    ended = small(ending.reason)
    ending.verdict, ending.said = "not_counted", "the time ended before observation began"
    ending.ends = ending.status = None
    came.verdict, came.said = "left_out", "no time at risk after it, so there is no row"
    came.reason = f"no time at risk after the {described(came.milestone, study)}: {ended}"


def _missing(course: Course, role: str, name: str, consequence: str, study: dict) -> Source:
    source = nothing(course, role, name)
    source.verdict, source.said = "left_out", f"{source.said}: {consequence}, so there is no row"
    source.reason = f"no {described(name, study)}"
    return source


def _endings(course: Course, start: Fact, definition: dict, study: dict) -> list[Source]:
    """Events and censoring: one of them decides, if the patient has any."""
    events = [*_first_of(course, start, definition, "event", "events")]
    events += _first_of(course, start, definition, "competing", "competing")
    cuts = _first_of(course, start, definition, "censor_at", "censor_at")
    event, cut = _earliest(events, study), _earliest(cuts, study)
    decided = event
    if cut is not None and (event is None or cut.found.day < event.found.day):
        decided = cut
        cut.decide("before any event: the time is censored here", 1)
    elif event is not None and event.role == "competing":
        event.decide("the first competing event from time zero on", 2)
    elif event is not None:
        event.decide("the first event from time zero on", 0)
    if decided is None:
        said = "no event: the time is censored here"
        last = censoring(course, "censor", start, definition, said)
        return [*events, *cuts, *last, *_after(course, start, definition, len(last))]
    for other in (*events, *cuts):
        if other.verdict == "later":
            other.said = _why_later(other, decided.found)
    return [*events, *cuts, *_after(course, start, definition, 0)]


def _first_of(course: Course, start: Fact, definition: dict, role: str, key: str) -> list[Source]:
    """Each milestone with its first fact from time zero on; the words come when all are known."""
    tried = []
    for name in definition.get(key, ()):
        since = course.since(name, start.day)
        if since:
            first = min(since, key=lambda fact: fact.day)
            tried.append(Source(role, name, first, "later", ""))
        else:
            tried.append(nothing(course, role, name, start.day))
    return tried


def _earliest(tried: list[Source], study: dict) -> Source | None:
    """The earliest of what was found; on one day ``on_one_day`` decides, then the definition."""
    found = [source for source in tried if source.verdict == "later"]
    if len(found) < 2:
        return found[0] if found else None
    return min(found, key=lambda source: (source.found.day, tie_rank(source.milestone, study)))


def _why_later(other: Source, decided: Fact) -> str:
    by = f"{decided.description[0].lower()}{decided.description[1:]}"
    if other.found.day > decided.day:
        return f"after {by}: not counted"
    return f"on the day of {by}, which counts first: not counted"


def _after(course: Course, start: Fact, definition: dict, asked: int) -> list[Source]:
    """The censors that were not asked: those after the first ``asked``."""
    tried = []
    for name in definition["censors"][asked:]:
        since = course.since(name, start.day)
        tried.append(not_asked("censor", name, since[-1] if since else None))
    return tried


def _rest(course: Course, definition: dict) -> list[Source]:
    """What follows a landmark that decided."""
    sources = [(role, name) for role, key in _LISTS for name in definition.get(key, ())]
    return [not_asked(role, name, course.first(name)) for role, name in sources]
