"""The filled cells of a raw column, and how a query about the column as a whole is made."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from venaza.contracts.errors import StudyError
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Journal, Place, stop
from venaza.pipeline.clean.raw_table import RawTable

_SHOWN = 3


@dataclass(frozen=True)
class Filled:
    """Filled cells of a raw column in the order of the rows.

    ``at`` has the row of each cell, ``codes`` its position in ``texts``, which are distinct and as
    they first appear in the column.
    """

    rows: RawTable
    at: np.ndarray
    codes: np.ndarray
    texts: list[str]

    @classmethod
    def under(cls, rows: RawTable, header: str) -> Filled:
        """The cells under a header, each by its value label where it has one."""
        codes, texts = rows.column(header).said(lambda entry: tidy(entry.label or entry.text))
        at = np.flatnonzero(codes)
        return cls(rows, at, codes[at] - 1, texts[1:])

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, index: int) -> tuple[str, Place]:
        return self.texts[self.codes[index]], self.rows.places[self.at[index]]

    @property
    def first(self) -> tuple[str, Place]:
        """Text and place of the first cell."""
        return self[0]

    def distinct(self) -> list[str]:
        """Each text once that stands in one of the cells."""
        there = np.bincount(self.codes, minlength=len(self.texts))
        return [text for text, n in zip(self.texts, there.tolist(), strict=True) if n]

    def of(self, holds: Callable[[str], object]) -> Filled:
        """The cells whose text ``holds``, which is asked once for each distinct one."""
        wanted = np.array([bool(holds(text)) for text in self.texts], dtype=bool)
        which = wanted[self.codes] if len(wanted) else np.zeros(0, dtype=bool)
        return Filled(self.rows, self.at[which], self.codes[which], self.texts)

    def by(self, kind: Callable[[str], Hashable]) -> dict[Hashable, Filled]:
        """The cells by what ``kind`` says of their text."""
        kinds = {text: kind(text) for text in self.texts}
        return {each: self.of(lambda t, k=each: kinds[t] == k) for each in set(kinds.values())}

    def numbers(self, known: dict[str, float]) -> np.ndarray:
        """The number of each cell by its text."""
        return np.array([known.get(text, np.nan) for text in self.texts])[self.codes]


@dataclass(frozen=True)
class Cells:
    """The filled cells of a raw column and the clean column that they go to."""

    table: str
    name: str
    header: str
    how: dict
    found: Filled

    def at(self) -> str:
        """Where the study file declares the column."""
        return f"tables > {self.table} > columns > {self.name}"

    def examples(self, cells: Filled) -> str:
        """Some of the cells, with their rows."""
        shown = [cells[n] for n in range(min(len(cells), _SHOWN))]
        listed = ", ".join(f"{text} (row {place.row})" for text, place in shown)
        return f"{listed}, ..." if len(cells) > _SHOWN else listed

    def error(self, what: str, fix: str, found: Filled) -> StudyError:
        """The error for the column as a whole, at the first of some cells."""
        text, place = found.first
        return stop(what, fix, place, self.header, text)

    def ask(self, rule: str, said: dict, found: Filled, journal: Journal) -> None:
        """Ask about the column as a whole, at the first cell that shows how it is meant."""
        text, place = found.first
        said = {"header": self.header, "text": text, "row": place.row, **said}
        at = {"column": self.name, "value": text, "place": place, "header": self.header}
        journal.ask(rule, said, table=self.table, **at)
