"""The courses of all patients: facts that count, those passed over, and what the cut-off hides."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.facts import reasons
from venaza.pipeline.endpoints.needs import sources_of
from venaza.study.endpoints import clean_table


class Courses:
    """What the sources of definitions are sought in; everything is *by patient* (``Facts``)."""

    def __init__(self, facts: Facts, study: dict, queries: pd.DataFrame | None = None) -> None:
        """``queries`` are the cleaning's, which say what was cut off."""
        self.facts, self.study = facts, study
        order = [facts.column(name, facts.passed_over) for name in ("SRCSEQ", "SRCDOM", "ADY")]
        self._passed = facts.passed_over[np.lexsort(order)]
        self._why = reasons(facts, self._passed, study)
        self._cut = cut_off(queries)

    def passed(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The first row that fits a milestone and does not count, and why."""
        own = np.flatnonzero(self.facts.column("NAME", self._passed) == name)
        rows = self.facts.first_of(self._passed[own])
        why = np.full(len(rows), None, dtype=object)
        places = self.facts.of(self._passed[own[::-1]])
        why[places] = self._why[own[::-1]]
        return rows, why

    def cut(self, definition: dict) -> np.ndarray:
        """Whether a row that could be of a milestone of the definition lies after the cut-off."""
        asked = {name for _, name in sources_of(definition, self.study)}
        specs = [spec for name, spec in self.study["milestones"].items() if name in asked]
        dates = {(clean_table(spec), spec["date"]) for spec in specs}
        patients = [p for date in dates for p in self._cut.get(date, ())]
        return self.facts.patients.isin(patients)


def cut_off(queries: pd.DataFrame | None) -> dict[tuple[str, str], pd.Series]:
    """The patients of whom cleaning left out a date for the cut-off, by its table and column."""
    if queries is None:
        return {}
    late = queries[is_true(queries["RULE"] == "after_cutoff")]
    return dict(iter(late.groupby(["TABLE", "COLUMN"])["USUBJID"]))
