"""One source of an endpoint, of all patients: what was found, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from venaza.pipeline.endpoints.arrays import mapped
from venaza.pipeline.endpoints.course import Courses
from venaza.pipeline.endpoints.fact import Facts

#: Words for a source of which there is nothing.
NO_ROW = "no such row"
#: What else is said where time is censored, or a start is missing.
CUT = "; a row dated after the data cut-off was left out"


@dataclass
class Source:
    """A milestone that a definition asks for, the facts that were found, and the verdicts on them.

    Everything but role and milestone is *by patient* (``Facts``). A verdict is ``start``,
    ``entry``, ``landmark``, ``decided``, ``none``, ``before_start``, ``later``, ``not_counted``,
    ``not_asked`` or ``left_out`` (there is no row for its sake), or None where the source was not
    tried; ``said`` is the same in words. The one that decided has the day on which the time ends
    and its ``CNSR``. ``reason`` is what ADTTE says of the end, or ADTTE_EXCLUDED of why there is
    none.
    """

    role: str
    milestone: str
    found: np.ndarray
    verdict: np.ndarray = field(init=False)
    said: np.ndarray = field(init=False)
    reason: np.ndarray = field(init=False)
    ends: np.ndarray = field(init=False)
    status: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.verdict, self.said, self.reason = np.full((3, len(self.found)), None, dtype=object)
        self.ends, self.status = np.full((2, len(self.found)), np.nan)

    def judge(self, who: np.ndarray, verdict: str, said: object) -> None:
        """A verdict on the source of the patients ``who``, and its words, by patient or alike."""
        self.verdict[who] = verdict
        self.said[who] = said[who] if isinstance(said, np.ndarray) else said

    def decide(
        self, facts: Facts, who: np.ndarray, said: object, status: int, ends=None, reason=None
    ) -> None:
        """This source ends the time of ``who``, on its own day or on that of ``ends``."""
        self.judge(who, "decided", said)
        ends = facts.day(self.found) if ends is None else ends
        reason = facts.column("DESCRIPTION", self.found) if reason is None else reason
        self.status[who], self.ends[who], self.reason[who] = status, ends[who], reason[who]

    @property
    def decided(self) -> np.ndarray:
        """Whether this source ends the time."""
        return self.verdict == "decided"

    @property
    def left_out(self) -> np.ndarray:
        """Whether there is no row for the sake of this source."""
        return self.verdict == "left_out"

    @property
    def tried(self) -> np.ndarray:
        """Whether the source was tried at all."""
        return self.verdict != None  # noqa: E711 - by element


def any_of(sources: list[Source], what: str) -> np.ndarray:
    """Of whom one of the sources is ``what`` (``decided``, ``left_out``)."""
    return np.any([getattr(source, what) for source in sources], axis=0)


def nothing(
    courses: Courses, source: Source, who: np.ndarray, day: np.ndarray | None = None
) -> None:
    """Of ``who`` there is no fact that counts from ``day`` on: what there is instead."""
    facts = courses.facts
    early = np.full(len(who), -1)
    if day is not None:
        early = facts.latest_of(facts.before(source.milestone, day))
    passed, why = courses.passed(source.milestone)
    source.found = np.where(who, np.where(early >= 0, early, passed), source.found)
    source.judge(who, "none", NO_ROW)
    said = mapped(why, lambda reason: f"{reason}: not counted")
    source.judge(who & (passed >= 0), "not_counted", said)
    source.judge(who & (early >= 0), "before_start", "before time zero: not counted")


def not_asked(source: Source, who: np.ndarray, found: np.ndarray) -> None:
    """A source that comes after the one that ended the time of ``who``."""
    source.found = np.where(who, found, source.found)
    source.judge(who, "not_asked", "not needed: the time has ended")


def censoring(
    courses: Courses,
    role: str,
    definition: dict,
    day: np.ndarray,
    who: np.ndarray,
    said: np.ndarray,
    reason: np.ndarray | None = None,
) -> list[Source]:
    """The definition's ``censors`` up to the first that the patient has from time zero on.

    That one ends the time, at its last fact. Where there is none, none decides. ``day`` is that of
    time zero.
    """
    facts = courses.facts
    said = np.where(courses.cut(definition), said + CUT, said)
    tried, left = [], who
    for name in definition["censors"]:
        last = facts.last_of(facts.since(name, day))
        source = Source(role, name, last)
        source.decide(facts, left & (last >= 0), said, 1, reason=reason)
        nothing(courses, source, left & (last < 0), day)
        left = left & (last < 0)
        tried.append(source)
    return tried
