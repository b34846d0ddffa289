"""The sheets of an export as numbers: which cell stands where, and whose it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.clean import PLACE
from venaza.pipeline.audit.page.compressed_tables import Coded, combined
from venaza.pipeline.audit.results import all_queries, of_stage

_HEAD = ["SRCFILE", "SRCSHEET", "COL", "HEADER"]


class Sheets:
    """The sheets of the export with their columns; cells are named by places in these lists.

    Of each cell of ``intake/cells``, in its order, ``sheet`` and ``column`` are those places, and
    ``line`` is one number for sheet and raw row. A header row further down may name a column
    anew: each of its names is a column.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        numbers, first = combined([cells[name] for name in _HEAD])
        heads = _texts(cells.iloc[first], _HEAD)
        self._places = {key: i for i, key in enumerate(sorted({head[:2] for head in heads}))}
        self._columns: list[dict] = [{} for _ in self._places]
        for file, sheet, *column in sorted(heads, key=_left_to_right):
            known = self._columns[self._places[(file, sheet)]]
            known.setdefault(tuple(column), len(known))
        sheets = [self._places[head[:2]] for head in heads]
        columns = [self._columns[s][head[2:]] for s, head in zip(sheets, heads, strict=True)]
        self.sheet, self.column = (np.array(f, "int64")[numbers] for f in (sheets, columns))
        self.row = cells["SRCROW"].to_numpy("int64")
        self._height = int(self.row.max(initial=0)) + 1
        self._width = max(map(len, self._columns), default=0) + 1
        self.line = self.sheet * self._height + self.row
        self._order: np.ndarray | None = None

    def listed(self) -> list[dict]:
        """For the page: ``file``, ``sheet``, ``columns`` (letters and header) of each sheet."""
        return [
            {"file": file, "sheet": sheet, "columns": [list(key) for key in self._columns[i]]}
            for (file, sheet), i in self._places.items()
        ]

    def columns_of(self, file: str, sheet: str | None) -> list[tuple]:
        """Letters and header of the columns of a sheet, from left to right."""
        place = self._places.get((file, sheet or ""))
        return [] if place is None else list(self._columns[place])

    def cells_in(self, file: str, sheet: str | None, row: int) -> list[int]:
        """The places of the cells of a raw row, in the order of the export."""
        if self._order is None:
            self._order = np.argsort(self.line, kind="stable")
            self._sorted = self.line[self._order]
        line = self._places.get((file, sheet or ""), -1) * self._height + row
        first, end = (np.searchsorted(self._sorted, line, side) for side in ("left", "right"))
        return self._order[first:end].tolist()

    def sheet_of(self, frame: pd.DataFrame) -> np.ndarray:
        """The place of the sheet that each row points at; -1 where the export has no such."""
        numbers, first = combined([frame[name] for name in PLACE[:2]])
        heads = _texts(frame.iloc[first], PLACE[:2])
        return np.array([self._places.get(head, -1) for head in heads], "int64")[numbers]

    def line_of(self, frame: pd.DataFrame) -> np.ndarray:
        """The line that each row points at; -1 where the export has nothing so far down."""
        sheet, row = self.sheet_of(frame), frame["SRCROW"].to_numpy("int64", na_value=-1)
        there = (sheet >= 0) & (row >= 0) & (row < self._height)
        return np.where(there, sheet * self._height + row, -1)

    def references(self, lines: np.ndarray, columns: np.ndarray) -> Coded:
        """Cells as ``sheet.row.column``, without the column where it is -1; none of a line -1."""
        named = np.where(lines < 0, -1, lines * self._width + columns + 1)
        places, distinct = pd.factorize(named)
        lines, columns = np.divmod(distinct, self._width)
        parts = zip(*(n.tolist() for n in (*np.divmod(lines, self._height), columns)), strict=True)
        texts = [f"{sheet}.{row}.{column - 1 if column else ''}" for sheet, row, column in parts]
        return texts, np.where(named < 0, -1, places)


def _texts(frame: pd.DataFrame, names: list[str]) -> list[tuple]:
    """The rows as text, empty where missing."""
    return list(zip(*(frame[c].astype("string").fillna("") for c in names), strict=True))


def _left_to_right(row: tuple) -> tuple:
    file, sheet, col, header = row
    return file, sheet, len(col), col, header


def places_of(names: pd.Index, values: pd.Series) -> np.ndarray:
    """The place of each value among ``names``, -1 where it is none of them."""
    places, distinct = pd.factorize(values, use_na_sentinel=True)
    return np.append(names.get_indexer(pd.Index(distinct, dtype="object")), -1)[places]


def looked_up(keys: np.ndarray, values: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The first value of each key that is asked for, -1 where there is none."""
    first = ~pd.Series(keys).duplicated().to_numpy()
    return np.append(values[first], -1)[pd.Index(keys[first]).get_indexer(asked)]


def owned_cells(
    tables: dict[str, pd.DataFrame], patients: pd.Index, sheets: Sheets
) -> tuple[np.ndarray, np.ndarray]:
    """Which raw cell is whose: the place of a patient among ``patients`` and that of a cell.

    A patient owns every row with the patient's number, or that a clean row, a change or a query
    names. A cell merged over several patients stands in the row of the first: the others own that
    cell, and nothing else of the row.
    """
    noted = tables["clean/origins"]
    noted = noted[noted["CELL"].notna() & noted["USUBJID"].isin(patients)]
    who, cell = places_of(patients, noted["USUBJID"]), noted["CELL"].to_numpy("int64") - 1
    key = (noted["ROLE"] == "key").to_numpy(bool)
    frames = [*of_stage(tables, "clean").values(), all_queries(tables)]
    frames = [frame for frame in frames if {"USUBJID", *PLACE} <= set(frame)]
    owner = np.concatenate([*(places_of(patients, f["USUBJID"]) for f in frames), who[key]])
    line = np.concatenate([*(sheets.line_of(f) for f in frames), sheets.line[cell[key]]])
    lines, cells = int(sheets.line.max(initial=0)) + 1, len(sheets.line) + 1
    own = pd.unique((owner * lines + line)[(owner >= 0) & (line >= 0)])
    who, cell = np.divmod(pd.unique(who * cells + cell), cells)
    lent = ~pd.Series(who * lines + sheets.line[cell]).isin(own).to_numpy()
    owner, of_row = _of_lines(sheets.line, *np.divmod(own, lines))
    return np.concatenate([owner, who[lent]]), np.concatenate([of_row, cell[lent]])


def _of_lines(
    line: np.ndarray, owner: np.ndarray, owned: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The cells of the lines that are ``owned``, with their owner, line by line."""
    order = np.argsort(line, kind="stable")
    first, end = (np.searchsorted(line[order], owned, side) for side in ("left", "right"))
    count = end - first
    before = np.cumsum(count) - count
    return np.repeat(owner, count), order[np.arange(count.sum()) + np.repeat(first - before, count)]
