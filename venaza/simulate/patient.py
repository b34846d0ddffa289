"""One of the plan's own patients, and the random streams that tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from venaza.simulate.fates import Fate

#: Words of the random streams: one stream per purpose keeps the others as they are.
TIMES, DATES, COURSE, FINDINGS, STYLE, KNOWN, CYTOGENETICS = range(1, 8)


@dataclass
class Patient:
    """A patient; days count from the index date, which lies ``index`` days after the plan's first.

    ``tables`` holds the records by clean table; their columns ending in ``DT`` are days.
    ``first`` is the day of failure, or of the end without one; ``end`` is death or last contact.
    """

    fate: Fate
    index: int
    first: int
    end: int
    number: int = 0
    baseline: dict = field(default_factory=dict)
    tables: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def failure_day(self) -> int | None:
        """The day on which the regimen failed, if it did."""
        return self.first if self.fate.failure else None
