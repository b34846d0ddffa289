"""One source of an endpoint: as what it was tried, what was found, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venaza.endpoints.course import Course
    from venaza.endpoints.fact import Fact

#: Words for a source of which there is nothing.
NO_ROW = "no such row"


@dataclass(slots=True)
class Source:
    """A milestone that a definition asks for, the fact that was found, and the verdict on it.

    ``verdict`` is ``start``, ``entry``, ``landmark``, ``decided``, ``none``, ``before_start``,
    ``later``, ``not_counted``, ``not_asked`` or ``left_out`` (there is no row for its sake), and
    ``said`` the same in words. The one that decided has the day on which the time ends and its
    ``CNSR``. ``reason`` is what ADTTE says of the end, or ADTTE_EXCLUDED of why there is none.
    """

    role: str
    milestone: str
    found: Fact | None
    verdict: str
    said: str
    ends: int | None = None
    status: int | None = None
    reason: str = ""

    def decide(self, said: str, status: int, ends: int | None = None, reason: str = "") -> None:
        """This source ends the time, on its own day or on ``ends``."""
        self.verdict, self.said, self.status = "decided", said, status
        self.ends = self.found.day if ends is None else ends
        self.reason = reason or self.found.description


def deciding(sources: list[Source]) -> Source | None:
    """The source that ends the time, if one of them does."""
    return next((source for source in sources if source.verdict == "decided"), None)


def nothing(course: Course, role: str, name: str, day: int | None = None) -> Source:
    """A source without a fact that counts from ``day`` on: what there is instead."""
    early = [fact for fact in course.facts.get(name, ()) if day is not None and fact.day < day]
    if early:
        last = max(early, key=lambda fact: fact.day)
        return Source(role, name, last, "before_start", "before time zero: not counted")
    if name in course.passed:
        fact, why = course.passed[name]
        return Source(role, name, fact, "not_counted", f"{why}: not counted")
    cut = "; a row after the data cut-off was not counted" if name in course.cut else ""
    return Source(role, name, None, "none", f"{NO_ROW}{cut}")


def not_asked(role: str, name: str, found: Fact | None) -> Source:
    """A source that comes after the one that ended the time."""
    return Source(role, name, found, "not_asked", "not needed: the time has ended")


def censoring(
    course: Course, role: str, start: Fact, definition: dict, said: str, reason: str = ""
) -> list[Source]:
    """The definition's ``censors`` up to the first that the patient has from time zero on.

    That one ends the time, at its last fact. Where there is none, none decides.
    """
    tried = []
    for name in definition["censors"]:
        since = course.since(name, start.day)
        if since:
            found = Source(role, name, since[-1], "", "")
            found.decide(said, 1, reason=reason)
            return [*tried, found]
        tried.append(nothing(course, role, name, start.day))
    return tried
