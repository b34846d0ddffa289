"""The dated facts of all patients, milestone by milestone, with the clean rows that state them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

#: What is known of a fact: the patient's place, the day from index, the clean row and column that
#: state it, the milestone that it is one of and what that is called. Of a row that does not count
#: also WHEN (after, before, without, ...) and WHAT it refers to, a milestone or a column that the
#: row would need (``CYCLE``).
COLUMNS = ("PATIENT", "ADY", "SRCDOM", "SRCVAR", "SRCSEQ", "NAME", "DESCRIPTION", "WHEN", "WHAT")
_NUMBERS = ("ADY", "SRCSEQ")
_NONE = np.array([], dtype=np.int64)


class Facts:
    """The facts of each milestone, and the rows that fit one and do not count.

    A patient is a place in ``patients``; a fact is a number of a row, and -1 is no fact. What is
    said *by patient* is an array with an entry for each place.
    """

    def __init__(self, patients: Iterable[str]) -> None:
        self.patients = pd.Index(patients, dtype=object)
        self._parts: list[pd.DataFrame] = []
        self._rows: dict[str, np.ndarray] = {}
        self._passed = _NONE
        self._columns: dict[str, np.ndarray] = {}

    def add(self, name: str, found: pd.DataFrame) -> None:
        """The facts of a milestone (``COLUMNS``), each patient's in the order of use."""
        self._rows[name] = self._append(found)

    def pass_over(self, left: pd.DataFrame) -> None:
        """Rows that fit a milestone and do not count."""
        self._passed = np.concatenate([self._passed, self._append(left)])

    def _append(self, part: pd.DataFrame) -> np.ndarray:
        before = sum(len(known) for known in self._parts)
        self._parts.append(part.reindex(columns=list(COLUMNS)))
        self._columns = {}
        return np.arange(before, before + len(part))

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        """The names of the milestones."""
        return iter(self._rows)

    def rows(self, name: str) -> np.ndarray:
        """All facts of a milestone; none of one that nobody looked up."""
        return self._rows.get(name, _NONE)

    @property
    def passed_over(self) -> np.ndarray:
        """All rows that do not count."""
        return self._passed

    def column(self, name: str, rows: np.ndarray) -> np.ndarray:
        """What a column says of each of ``rows``; nothing of row -1. Numbers are floats."""
        if name not in self._columns:
            kinds = {"PATIENT": (np.int64, -1), **dict.fromkeys(_NUMBERS, (np.float64, np.nan))}
            kind, nothing = kinds.get(name, (object, None))
            parts = [part[name].to_numpy(kind) for part in self._parts]
            self._columns[name] = np.concatenate([*parts, np.array([nothing], dtype=kind)])
        return self._columns[name][rows]

    def table(self, rows: np.ndarray) -> pd.DataFrame:
        """``COLUMNS`` of ``rows``."""
        return pd.DataFrame({name: self.column(name, rows) for name in COLUMNS})

    def day(self, rows: np.ndarray) -> np.ndarray:
        """The day of each of ``rows``; NaN of none."""
        return self.column("ADY", rows)

    def of(self, rows: np.ndarray) -> np.ndarray:
        """The patient of each of ``rows``."""
        return self.column("PATIENT", rows)

    def first(self, name: str) -> np.ndarray:
        """The fact of a milestone that is used first, by patient."""
        return self.first_of(self.rows(name))

    def first_day(self, name: str) -> np.ndarray:
        """The day of that fact, by patient; NaN without one."""
        return self.day(self.first(name))

    def first_of(self, rows: np.ndarray) -> np.ndarray:
        """The first of ``rows`` of each patient, by patient."""
        return self.last_of(rows[::-1])

    def last_of(self, rows: np.ndarray) -> np.ndarray:
        """The last of ``rows`` of each patient, by patient."""
        found = np.full(len(self.patients), -1)
        found[self.of(rows)] = rows  # of several for one place numpy keeps the last
        return found

    def earliest_of(self, rows: np.ndarray) -> np.ndarray:
        """That of the earliest day, of several of one day the first of ``rows``, by patient."""
        return self.first_of(rows[np.argsort(self.day(rows), kind="stable")])

    def latest_of(self, rows: np.ndarray) -> np.ndarray:
        """That of the latest day, of several of one day the first of ``rows``, by patient."""
        return self.first_of(rows[np.argsort(-self.day(rows), kind="stable")])

    def since(self, name: str, day: np.ndarray) -> np.ndarray:
        """The facts of a milestone from each patient's ``day`` on."""
        rows = self.rows(name)
        return rows[self.day(rows) >= day[self.of(rows)]]

    def before(self, name: str, day: np.ndarray) -> np.ndarray:
        """The facts of a milestone before each patient's ``day``."""
        rows = self.rows(name)
        return rows[self.day(rows) < day[self.of(rows)]]

    def places(self, patients: pd.Series) -> np.ndarray:
        """The place of each patient."""
        return self.patients.get_indexer(patients.to_numpy(object))
