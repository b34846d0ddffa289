"""Which raw cells each clean value comes from, by number: noted where the value is made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.clean import GIVES, ORIGINS
from venaza.contracts.files import conform
from venaza.pipeline.clean.clean_table import CleanColumns, CleanRow, Origin, Sources

#: More cells than one value ever comes from.
_MOST = 1 << 10


def computed(origins: list[Origin]) -> list[Origin]:
    """What a value comes from that was computed from a value with these ``origins``."""
    given = [(cell, "computed") for cell, role in origins if role in GIVES]
    return given or [(None, "computed")]


def origins_frame(tables: dict[str, list[CleanRow]]) -> pd.DataFrame:
    """The cells behind every value of the clean tables (``ORIGINS``), by table, patient and row.

    Its texts are categories: each stands there once.
    """
    patients: dict[str, int] = {}
    lines = _Lines()
    found: dict[str, list[np.ndarray]] = {
        column.name: [] for column in ORIGINS if column.name != "LINE"
    }
    for number, rows in enumerate(tables.values()):
        at, columns, cells, roles = lines.of(rows)
        who = [patients.setdefault(row["USUBJID"], len(patients)) for row in rows]
        seq = np.array([row["SEQ"] for row in rows], dtype=np.int64)
        own = (np.full(len(at), number, np.int32), np.array(who, np.int32)[at], seq[at])
        for name, part in zip(found, (*own, columns, cells, roles), strict=True):
            found[name].append(part)
    texts = {"TABLE": tables, "USUBJID": patients, "COLUMN": lines.columns, "ROLE": lines.roles}
    made = {}
    for name in list(found):
        values = np.concatenate(found.pop(name)) if tables else np.zeros(0, dtype=np.int64)
        if name in texts:
            made[name] = pd.Categorical.from_codes(values, list(texts[name]))
        else:
            made[name] = pd.arrays.IntegerArray(values, values <= 0)
        if name == "CELL":
            made["LINE"] = pd.arrays.IntegerArray(-values, values >= 0)
    return conform(pd.DataFrame(made, copy=False), ORIGINS)


class _Lines:
    """Lines of origins as columns of integers: row, rank in the row, column, cell, role.

    The cell is 0 where a value has none, less than 0 where a correction added it.
    """

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.columns: list[str] = []
        self.roles: list[str] = []

    def of(self, rows: list[CleanRow]) -> tuple[np.ndarray, ...]:
        """The lines of a table: position of the row, column, cell and role of each."""
        positions: dict[CleanColumns, list[tuple[int, int]]] = {}
        for position, row in enumerate(rows):
            positions.setdefault(row.of, []).append((position, row.index))
        for part, found in positions.items():
            self.add(part, *np.array(found, dtype=np.int64).T)
        if not self.parts:
            return tuple(np.zeros(0, dtype=np.int64) for _ in range(4))
        at, rank, *rest = (np.concatenate(each) for each in zip(*self.parts, strict=True))
        self.parts = []
        order = np.lexsort((rank, at))
        return tuple(each[order] for each in (at, *rest))

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
        for order, (cell, role) in enumerate(origins):
            one = np.ones(1, dtype=bool)
            self._add(at * one, rank * one, order, name, (cell or 0) * one, self._role(role) * one)

    def _add_source(self, part: CleanColumns, source: Sources, at, rows, first) -> None:
        for order, (header, role) in enumerate(source.cells):
            cells = np.zeros(len(rows), np.int64) if header is None else part.cells[header][rows]
            there = np.full(len(rows), header is None) | (cells != 0)
            roles = np.full(len(rows), self._role(role))
            if role == "value" and header is not None:
                roles[part.corrected[header][rows]] = self._role("corrected")
            self._add(at[there], first[there], order, source.name, cells[there], roles[there])

    def _add(self, at, rank, order: int, name: str, cells, roles) -> None:
        column = np.full(len(at), self._column(name), dtype=np.int16)
        ranks = rank.astype(np.int32) * _MOST + order
        self.parts.append((at.astype(np.int32), ranks, column, cells, roles.astype(np.int8)))

    def _column(self, name: str) -> int:
        return _code(self.columns, name)

    def _role(self, role: str) -> int:
        return _code(self.roles, role)


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
