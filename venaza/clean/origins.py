"""Which raw cells each clean value comes from, by number: noted where the value is made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.clean.clean_table import CleanColumns, CleanRow, Origin, Sources
from venaza.contracts.clean import ORIGINS
from venaza.contracts.files import conform

#: Roles of the cell that gives the value itself.
_GIVES = ("value", "corrected", "computed")


def computed(origins: list[Origin]) -> list[Origin]:
    """What a value comes from that was computed from a value with these ``origins``."""
    given = [(cell, "computed") for cell, role in origins if role in _GIVES]
    return given or [(None, "computed")]


def origins_frame(tables: dict[str, list[CleanRow]]) -> pd.DataFrame:
    """The cells behind every value of the clean tables (``ORIGINS``), by table, patient and row."""
    frames = [_of_table(table, rows) for table, rows in tables.items() if rows]
    return pd.concat(frames, ignore_index=True) if frames else conform(pd.DataFrame(), ORIGINS)


def _of_table(table: str, rows: list[CleanRow]) -> pd.DataFrame:
    positions: dict[CleanColumns, list[tuple[int, int]]] = {}
    for position, row in enumerate(rows):
        positions.setdefault(row.of, []).append((position, row.index))
    lines = _Lines()
    for part, found in positions.items():
        lines.add(part, *np.array(found, dtype=np.int64).T)
    at, columns, cells, roles = lines.in_order()
    patients = np.array([row["USUBJID"] for row in rows], dtype=object)
    numbers = np.array([row["SEQ"] for row in rows], dtype=np.int64)
    frame = pd.DataFrame(
        {
            "TABLE": np.full(len(at), table, dtype=object),
            "USUBJID": patients[at],
            "SEQ": numbers[at],
            "COLUMN": np.array(lines.columns, dtype=object)[columns],
            "CELL": pd.arrays.IntegerArray(cells, cells <= 0),
            "ROLE": np.array(lines.roles, dtype=object)[roles],
            "LINE": pd.arrays.IntegerArray(-cells, cells >= 0),
        }
    )
    return conform(frame, ORIGINS)


class _Lines:
    """Lines of a table's origins as columns of integers: row, rank in the row, column, cell, role.

    The cell is 0 where a value has none, less than 0 where a correction added it.
    """

    def __init__(self) -> None:
        self.parts: list[np.ndarray] = []
        self.columns: list[str] = []
        self.roles: list[str] = []

    def add(self, part: CleanColumns, at: np.ndarray, rows: np.ndarray) -> None:
        """The lines of some rows of ``part``, which stand ``at`` these positions of the table."""
        ranked: dict[str, list[tuple[int, Sources]]] = {}
        for rank, source in enumerate(part.sources):
            if _is_shown(source.name):
                ranked.setdefault(source.name, []).append((rank, source))
        where = {row: j for j, row in enumerate(rows.tolist())} if part.origins else {}
        again = {row: named for row, named in part.origins.items() if row in where}
        firsts = {}
        for name, sources in ranked.items():
            first, given = _given(sources, rows)
            firsts[name] = first
            said = [where[row] for row, named in again.items() if name in named]
            for source, mask in given:
                mask[said] = False
                self._add_source(part, source, at[mask], rows[mask], first[mask])
        for row, named in again.items():
            for rank, (name, origins) in enumerate(named.items(), start=len(part.sources)):
                if _is_shown(name):
                    own = int(firsts[name][where[row]]) if name in firsts else -1
                    self._add_given(at[where[row]], rank if own < 0 else own, name, origins)

    def _add_given(self, at: int, rank: int, name: str, origins: list[Origin]) -> None:
        column = self._column(name)
        lines = [
            (at, rank, order, column, cell or 0, self._role(role))
            for order, (cell, role) in enumerate(origins)
        ]
        self.parts.append(np.array(lines, dtype=np.int64).reshape(-1, 6))

    def _add_source(self, part: CleanColumns, source: Sources, at, rows, first) -> None:
        for order, (header, role) in enumerate(source.cells):
            cells = np.zeros(len(rows), np.int64) if header is None else part.cells[header][rows]
            there = np.full(len(rows), header is None) | (cells != 0)
            roles = np.full(len(rows), self._role(role))
            if role == "value" and header is not None:
                roles[part.corrected[header][rows]] = self._role("corrected")
            column = np.full(len(rows), self._column(source.name))
            order = np.full(len(rows), order)
            self.parts.append(np.stack([at, first, order, column, cells, roles], axis=1)[there])

    def _column(self, name: str) -> int:
        return _code(self.columns, name)

    def _role(self, role: str) -> int:
        return _code(self.roles, role)

    def in_order(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Position of the row, column, cell and role of each line."""
        lines = np.concatenate(self.parts) if self.parts else np.zeros((0, 6), dtype=np.int64)
        lines = lines[np.lexsort((lines[:, 2], lines[:, 1], lines[:, 0]))]
        return lines[:, 0], lines[:, 3], lines[:, 4].copy(), lines[:, 5]


def _is_shown(column: str) -> bool:
    return column[0] != "_" and not column.endswith("DTF")


def _given(
    sources: list[tuple[int, Sources]], rows: np.ndarray
) -> tuple[np.ndarray, list[tuple[Sources, np.ndarray]]]:
    """For rows, the rank of what was noted first of a column (-1: nothing), and which source holds.

    A later source holds before an earlier one, except where it is meant for rows without one.
    """
    first, holds = np.full(len(rows), -1), np.full(len(rows), -1)
    for rank, source in sources:
        mask = np.full(len(rows), True) if source.rows is None else source.rows[rows]
        holds[mask & (first < 0) if source.first else mask] = rank
        first[mask & (first < 0)] = rank
    return first, [(source, holds == rank) for rank, source in sources]


def _code(known: list[str], word: str) -> int:
    """The position of a word in a list, to which it is added."""
    if word not in known:
        known.append(word)
    return known.index(word)
