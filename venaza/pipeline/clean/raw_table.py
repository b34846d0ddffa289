"""The raw rows of a mapped table as columns: what stands under each header, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from venaza.contracts.headers import header_key
from venaza.contracts.intake import CORRECTED, SHIFTED
from venaza.pipeline.clean.date_rules import Stored
from venaza.pipeline.clean.export import Export, numbered
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.clean.layout_redcap import Redcap


class Entry(NamedTuple):
    """What stands in a cell: its text, its value label, and what the intake says of it."""

    text: str = ""
    label: str = ""
    stored: Stored = Stored()


@dataclass(frozen=True, slots=True)
class RawColumn:
    """The cells under one header, one for each row of a table.

    ``codes`` has for each row a position in ``entries``, which hold each distinct entry once; the
    first is that of an empty cell. ``numbers`` are those of the cells in ``intake/cells`` (0 where
    there is none), ``corrected`` says whose text a correction gave.
    """

    codes: np.ndarray
    entries: list[Entry]
    numbers: np.ndarray
    corrected: np.ndarray

    def each(self, of: Callable[[Entry], object], dtype: object = object) -> np.ndarray:
        """What a function makes of the entry of each row, found once for each distinct entry."""
        made = np.empty(len(self.entries), dtype=dtype)
        for position, entry in enumerate(self.entries):
            made[position] = of(entry)
        return made[self.codes]

    def said(self, of: Callable[[Entry], str]) -> tuple[np.ndarray, list[str]]:
        """What a function makes of the entry of each row, by its position in the distinct texts.

        These are as they first appear, behind an empty one.
        """
        known: dict[str, int] = {"": 0}
        codes = self.each(lambda entry: known.setdefault(of(entry), len(known)), "int32")
        return codes, list(known)

    def texts(self) -> list[str]:
        """The text of each row; empty where the cell is empty."""
        return self.each(lambda entry: entry.text).tolist()


@dataclass(slots=True)
class RawCells:
    """The cells of a table, row by row, and in a row in their order.

    ``row`` and ``key`` are positions in the table, of its rows and of the keys of its headers,
    ``cell`` is the position of each in the export.
    """

    row: np.ndarray
    key: np.ndarray
    cell: np.ndarray

    def at(self, which: np.ndarray) -> RawCells:
        """Some of the cells, by position or by a mask."""
        return RawCells(self.row[which], self.key[which], self.cell[which])


@dataclass
class RawTable:
    """The raw rows that a table takes: their places, their patients, and columns of cells.

    ``raw`` names each row in the export, ``patients`` is empty as long as nobody has read them.
    A header is known by its ``header_key``; in a REDCap project also by the name of its field.
    ``headers`` has the keys under which each sheet of a joined table has cells of its own.
    """

    export: Export
    redcap: Redcap
    raw: np.ndarray
    keys: dict[str, int]
    stored: RawCells
    coded_labels: bool = False
    patients: list[str] = field(default_factory=list)
    headers: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _columns: dict[str, RawColumn] = field(default_factory=dict)
    _places: list[Place] | None = None

    @classmethod
    def of(cls, export: Export, part: np.ndarray, key: str, redcap: Redcap) -> RawTable:
        """The rows that the cells of a ``part`` of the export make, in the order of the export.

        ``key`` is the header of the patients' numbers: where it is one of the data dictionary, a
        cell without a label has that of its code.
        """
        first = pd.unique(export.row[part])
        at = np.full(len(export.row_sheet), -1, dtype="int32")
        at[first] = np.arange(len(first), dtype="int32")
        part = part[np.argsort(at[export.row[part]], kind="stable")]
        heads = export.header_codes(part)
        named = {code: redcap.keys(export.headers[code]) for code in heads}
        keys: dict[str, int] = {}
        for code in heads:
            for name in named[code]:
                keys.setdefault(name, len(keys))
        times = np.zeros(len(export.headers) + 1, dtype="int32")
        start = np.zeros(len(export.headers) + 1, dtype="int32")
        flat: list[int] = []
        for code, names in named.items():
            times[code], start[code] = len(names), len(flat)
            flat += [keys[name] for name in names]
        many = times[export.header[part]]
        if len(flat) > len(heads):
            nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            part = np.repeat(part, many)
        else:
            nth = 0
        header = export.header[part]
        key_of = np.array(flat, dtype="int32")[start[header] + nth]
        cells = RawCells(at[export.row[part]], key_of, part)
        coded = key in redcap.fields
        return cls(export, redcap, first, keys, _last_ones(cells, len(keys)), coded)

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[RawRow]:
        return map(self.row, range(len(self)))

    def __getitem__(self, index: int) -> RawRow:
        return RawRow(self, range(len(self))[index])

    row = __getitem__

    @property
    def places(self) -> list[Place]:
        """Where each row stands."""
        if self._places is None:
            self._places = self.export.places(self.raw)
        return self._places

    @property
    def sheet(self) -> np.ndarray:
        """On which sheet of the export each row stands."""
        return self.export.row_sheet[self.raw]

    @property
    def day_zero(self) -> list[str]:
        """The day from which the workbook of each row counts; empty in other files."""
        return self.export.zeros[self.export.row_zero[self.raw]].tolist()

    def in_order(self) -> np.ndarray:
        """The rows sorted by file, sheet and row."""
        sheets = self.export.sheets
        rank = np.empty(len(sheets), dtype="int32")
        rank[sorted(range(len(sheets)), key=sheets.__getitem__)] = np.arange(len(sheets))
        return np.lexsort((self.export.row_number[self.raw], rank[self.sheet]))

    def of_rows(self, which: np.ndarray) -> RawTable:
        """The table with some of its rows, in their order: ``which`` is a mask."""
        if which.all():
            return self
        at = np.cumsum(which, dtype="int32") - 1
        cells = self.stored.at(which[self.stored.row])
        cells.row = at[cells.row]
        patients = [p for p, kept in zip(self.patients, which.tolist(), strict=False) if kept]
        raw, coded = self.raw[which], self.coded_labels
        return RawTable(self.export, self.redcap, raw, self.keys, cells, coded, patients)

    def column(self, header: str) -> RawColumn:
        """The cells under a header; all empty where the table has no such header."""
        return self.under(header_key(header))

    def under(self, key: str) -> RawColumn:
        """The cells under the header with a ``key``."""
        if key not in self._columns:
            self._columns[key] = self._built(key)
        return self._columns[key]

    def texts(self, header: str) -> list[str]:
        """The raw text of each row under a header; empty where the cell is empty."""
        return self.column(header).texts()

    def text_codes(self) -> np.ndarray:
        """The text of each cell in ``stored``, by its position in the export's texts."""
        return self.export.text[self.stored.cell]

    def _built(self, key: str) -> RawColumn:
        codes = np.zeros(len(self), dtype="int32")
        numbers = np.zeros(len(self), dtype="int64")
        corrected = np.zeros(len(self), dtype=bool)
        known = self.keys.get(key)
        if known is None:
            return RawColumn(codes, [Entry()], numbers, corrected)
        export = self.export
        own = self.stored.at(self.stored.key == known)
        row, cell = own.row, own.cell
        numbers[row] = export.number[cell]
        corrected[row] = export.is_kind([CORRECTED], cell)
        shifted = export.is_kind([SHIFTED], cell)
        parts = [export.text[cell], export.label[cell], shifted, export.row_zero[self.raw[row]]]
        if self.coded_labels:
            parts.append(export.header[cell])
        # One whole number for each combination; the parts can be -1.
        combined = np.zeros(len(row), dtype="int64")
        for each in parts:
            combined = combined * (int(each.max(initial=0)) + 2) + each + 1
        which, first = numbered(combined)
        codes[row] = which + 1
        entries = [Entry(), *(self._entry(row[n], cell[n], shifted[n]) for n in first.tolist())]
        return RawColumn(codes, entries, numbers, corrected)

    def _entry(self, row: int, cell: int, shifted: bool) -> Entry:
        export = self.export
        text, label = export.texts[export.text[cell]], export.labels[export.label[cell]]
        if self.coded_labels and export.label[cell] < 0:
            # The intake gives labels; a cell that was corrected since has a code of its own.
            label = self.redcap.label_of(export.headers[export.header[cell]], text)
        return Entry(text, label, Stored(self.row(row).day_zero, bool(shifted)))

    def take(self, key: str, targets: np.ndarray, sources: np.ndarray) -> None:
        """Give rows (``targets``) the cells that other rows (``sources``) have under a ``key``."""
        if not len(targets):
            return
        cells, known = self.stored, self.keys[key]
        own = np.flatnonzero(cells.key == known)
        at = np.full(len(self), -1, dtype="int64")
        at[cells.row[own]] = own
        taken, there = cells.cell[at[sources]], at[targets] >= 0
        cells.cell[at[targets][there]] = taken[there]
        if not there.all():  # the others come last in their rows
            row = np.concatenate([cells.row, targets[~there].astype("int32")])
            key_of = np.append(cells.key, np.full((~there).sum(), known, dtype="int32"))
            every = RawCells(row, key_of, np.concatenate([cells.cell, taken[~there]]))
            self.stored = every.at(np.argsort(row, kind="stable"))
        self._columns.pop(key, None)

    def empty(self, key: str, rows: np.ndarray) -> np.ndarray:
        """Take the cells under a ``key`` out of ``rows``, a mask; says which rows had one."""
        cells = self.stored
        gone = (cells.key == self.keys.get(key, -1)) & rows[cells.row]
        had = np.zeros(len(self), dtype=bool)
        had[cells.row[gone]] = True
        if had.any():
            self.stored = cells.at(~gone)
            self._columns.pop(key, None)
        return had

    def starts(self) -> np.ndarray:
        """Where the cells of each row begin in ``stored``, and where the last ones end."""
        return np.searchsorted(self.stored.row, np.arange(len(self) + 1))

    def row_items(self, index: int) -> list[tuple[str, str]]:
        """The cells of a row in their order, by key."""
        begin, end = np.searchsorted(self.stored.row, (index, index + 1))
        names, texts = list(self.keys), self.export.texts
        own = self.stored.at(slice(begin, end))
        pairs = zip(own.key, self.export.text[own.cell], strict=True)
        return [(names[key], texts[text]) for key, text in pairs]


def _last_ones(cells: RawCells, keys: int) -> RawCells:
    """The last cell of each row and key, at the place of the first."""
    if ((np.diff(cells.row) > 0) | (np.diff(cells.key) > 0)).all():
        return cells
    address = cells.row.astype("int64") * keys + cells.key
    which, distinct = pd.factorize(address)
    if len(distinct) == len(address):
        return cells
    last = np.empty(len(distinct), dtype="int64")
    last[which] = np.arange(len(which))
    return cells.at(last)


class RawRow:
    """One row of a raw table, for what is read row by row."""

    __slots__ = ("index", "table")

    def __init__(self, table: RawTable, index: int) -> None:
        self.table, self.index = table, index

    def entry(self, header: str) -> Entry:
        """What stands under a header."""
        column = self.table.column(header)
        return column.entries[column.codes[self.index]]

    def text(self, header: str) -> str:
        """The raw text under a header; empty where the cell is empty."""
        return self.entry(header).text

    def label(self, header: str | None) -> str:
        """The value label of the cell under a header; empty where it has none."""
        return self.entry(header).label if header else ""

    def stored(self, header: str | None) -> Stored:
        """What the intake says of the cell under a header beside its text."""
        if header and (entry := self.entry(header)).text:
            return entry.stored
        return Stored(self.day_zero)

    def number(self, header: str) -> int | None:
        """The number of the cell under a header in ``intake/cells``; None where it is empty."""
        return int(self.table.column(header).numbers[self.index]) or None

    @property
    def patient(self) -> str:
        """The patient's number."""
        return self.table.patients[self.index]

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.table.places[self.index]

    @property
    def redcap(self) -> Redcap:
        """How the project's export is read."""
        return self.table.redcap

    @property
    def day_zero(self) -> str:
        """The day from which the row's workbook counts; empty in other files."""
        export = self.table.export
        return export.zeros[export.row_zero[self.table.raw[self.index]]]

    @property
    def cells(self) -> dict[str, str]:
        """The texts of the row by key, in their order; a copy."""
        return dict(self.table.row_items(self.index))
