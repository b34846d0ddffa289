"""The registry: each way of real life, told in a sentence, with what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.metamorphic.cohort import STUDIES, Cohort, cohort
from tests.metamorphic.expect import Expectation, Verdict
from tests.metamorphic.outcome import as_sent, run

#: The studies whose exports hold calendar days, study days, a workbook.
CALENDAR = ("aml_venaza", "all_venaza")
DAYS = ("bmt", "myeloid")
PRIMARY = ("aml_venaza",)
REDCAP = ("all_venaza",)

Change = Callable[[Cohort], Expectation | None]


@dataclass(frozen=True)
class Way:
    """``told``: the sentence; ``change``: what it does to a cohort, and what may come of it."""

    kind: str
    name: str
    told: str
    studies: tuple[str, ...]
    change: Change
    expected: Expectation | None

    def tried(self, study: str, part: bool = False) -> tuple[Expectation, Verdict]:
        """The way on the export of a study: what was expected, and whether it came so."""
        changed = cohort(study, part)
        expected = self.change(changed) or self.expected
        return expected, expected.judge(as_sent(study, part), run(changed))


WAYS: dict[str, Way] = {}


def way(
    kind: str, expected: Expectation | None = None, studies: tuple[str, ...] = STUDIES
) -> Callable[[Change], Change]:
    """Registers a change of a cohort; its docstring is the sentence of the page."""

    def register(change: Change) -> Change:
        name = change.__name__
        assert name not in WAYS
        told = " ".join((change.__doc__ or "").split())
        assert told, name
        WAYS[name] = Way(kind, name, told, studies, change, expected)
        return change

    return register
