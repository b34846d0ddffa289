"""The registry: each way of real life, told in a sentence, with what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.metamorphic.cohort import STUDIES, Cohort, cohort
from tests.metamorphic.expect import Expectation, Verdict
from tests.metamorphic.outcome import as_sent, run


@dataclass(frozen=True)
class Scope:
    """The ``studies`` that a way applies to, and ``why`` it does not apply to the others."""

    studies: tuple[str, ...]
    why: str = ""


ALL = Scope(STUDIES)
_COURSES, _EVENTS, _WORKBOOK = ("aml_venaza", "all_venaza"), ("bmt", "myeloid"), ("aml_venaza",)
DATED = Scope(_COURSES, "its times are days")
ASSESSED = Scope(_COURSES, "it records events alone")
NUMBERS = Scope(_COURSES, "it holds no blasts, counts or MRD")
IN_DAYS = Scope(_EVENTS, "it holds dates")
CODED = Scope(_EVENTS, "no date of it hangs on a code")
WIDE = Scope(_EVENTS, "its rows are assessments already")
PLAIN = Scope(_EVENTS, "its cells are quoted, or of a workbook")
WORDED = Scope(_WORKBOOK, "it holds codes or labels, no free words")
SHEETS = Scope(_WORKBOOK, "it is one sheet")
WORKBOOK = Scope(_WORKBOOK, "it is no workbook")
LONG = Scope(_WORKBOOK, "it has no laboratory sheet of rows")
REDCAP = Scope(("all_venaza",), "it is not of REDCap")

Change = Callable[[Cohort], Expectation | None]


@dataclass(frozen=True)
class Way:
    """``told``: the sentence; ``change``: what it does to a cohort, and what may come of it."""

    kind: str
    name: str
    told: str
    scope: Scope
    change: Change
    expected: Expectation | None

    @property
    def studies(self) -> tuple[str, ...]:
        return self.scope.studies

    def tried(self, study: str, part: bool = False) -> tuple[Expectation, Verdict]:
        """The way on the export of a study: what was expected, and whether it came so."""
        changed = cohort(study, part)
        expected = self.change(changed) or self.expected
        return expected, expected.judge(as_sent(study, part), run(changed))


WAYS: dict[str, Way] = {}


def way(
    kind: str, expected: Expectation | None = None, scope: Scope = ALL
) -> Callable[[Change], Change]:
    """Registers a change of a cohort; its docstring is the sentence of the page."""

    def register(change: Change) -> Change:
        name = change.__name__
        assert name not in WAYS
        told = " ".join((change.__doc__ or "").split())
        assert told, name
        WAYS[name] = Way(kind, name, told, scope, change, expected)
        return change

    return register
