"""The cells that changed between two exports, each with its raw place in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from venaza.contracts.clean import GIVES, PLACE, TABLES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.headers import header_key
from venaza.contracts.truth import is_true
from venaza.pipeline.audit.trace.origins import RawRows, headers_of, known
from venaza.pipeline.compare.row_matching import Said, as_text, compared_columns, pair_rows

#: Roles of the cell that says a value, or would have.
_OWN = (*GIVES, "idle")


def _raw(when: str, words: str) -> tuple[Column, ...]:
    return (
        Column(f"SRCFILE_{when}", "string", f"Raw file, {words}"),
        Column(f"SRCSHEET_{when}", "string", f"Raw sheet, {words}"),
        Column(f"SRCROW_{when}", "integer", f"Raw row, {words}"),
        Column(f"SRCCOL_{when}", "string", f"Raw header, {words}; of a whole row empty"),
        Column(f"RAW_{when}", "string", f"Raw cell, {words}; of a whole row its cells by header"),
    )


CELLS = (
    Column("USUBJID", "string", "Patient"),
    Column("TABLE", "string", "Clean table"),
    Column("STATUS", "string", "changed, row added or row gone"),
    Column("COLUMN", "string", "Clean column; empty for a whole row"),
    Column("BEFORE", "string", "In the export compared with"),
    Column("AFTER", "string", "In this export"),
    Column("CAUSE", "string", "data, correction, or cleaning where the raw cell is the same"),
    *_raw("BEFORE", "in the export compared with"),
    *_raw("AFTER", "in this export"),
)


@dataclass
class Side:
    """One export: its clean tables, the raw cells behind their values, and its corrections.

    ``read`` has the cells of a clean row, as cleaning noted them, by column and folded header:
    (place, header, text, role); ``rows`` its raw rows, more than one where rows were joined.
    """

    tables: dict[str, pd.DataFrame]
    study: dict
    raw: RawRows | None = None
    read: dict[tuple, dict[str, dict[str, tuple]]] = field(default_factory=dict)
    rows: dict[tuple, list[tuple]] = field(default_factory=dict)
    corrected: dict[tuple, str] = field(default_factory=dict)

    def clean(self, table: str) -> pd.DataFrame | None:
        """A clean table; None where the export has none."""
        return self.tables.get(f"clean/{table}")

    def read_raw(self, rows: dict[tuple, tuple]) -> None:
        """Take what these clean rows, (table, patient, SEQ) with their place, were read from."""
        cells, log = self.tables.get("intake/cells"), self.tables.get("clean/cleaning_log")
        if cells is not None and rows:
            self.raw = RawRows(cells)
            self.rows = {row: [place] for row, place in rows.items()}
            self._read_origins()
        if log is not None:
            made = log[is_true(log["RULE"] == "correction")]
            for r in made.to_dict("records"):
                self.corrected[(_place(r), r["TABLE"], r["COLUMN"])] = f"{r['CLEAN']} {r['NOTE']}"

    def _read_origins(self) -> None:
        lines = self.tables["clean/origins"]
        near = lines[lines["USUBJID"].isin({row[1] for row in self.rows}) & lines["CELL"].notna()]
        names = ("TABLE", "USUBJID", "SEQ", "COLUMN", "CELL", "ROLE")
        for *row, column, number, role in zip(*(known(near[n]) for n in names), strict=True):
            if (row := tuple(row)) in self.rows:
                file, sheet, at, _, header, text = self.raw.cell(number)
                cell = ((file, sheet, at), header, text, role)
                self.read.setdefault(row, {}).setdefault(column, {})[header_key(header)] = cell
                if role == "key" and _at(cell[0]) not in map(_at, self.rows[row]):
                    self.rows[row].append(cell[0])

    def cells_of(self, row: tuple, column: str) -> dict[str, tuple]:
        """The cells of a column of a clean row; those of a day are its date's."""
        columns = self.read.get(row, {})
        return columns.get(column) or columns.get(as_date(column), {})

    def cell(self, row: tuple, place: tuple, column: str, key: str) -> tuple:
        """Place, header and text of the cell under a header that a column may be read from.

        It stands where the column was read; of what was not read, in the first raw row of the
        clean row whose sheet has the header.
        """
        if key in (cells := self.cells_of(row, column)):
            at, header, text, _ = cells[key]
            return (*at, header, text)
        for at in self.rows.get(row, ()):
            if self.raw is not None and (under := self.raw.under(at, key)):
                return (*(part or None for part in at), *under[1:])
        return (*place, None, None)

    def own(self, row: tuple, place: tuple, column: str) -> tuple:
        """Place, header and text of the cell that says a column, else of the one mapped column."""
        cells = [cell for cell in self.cells_of(row, column).values() if cell[3] in _OWN]
        if cells:
            at, header, text, _ = cells[0]
            return (*at, header, text)
        headers = headers_of(row[0], column, self.study)
        headers = headers or headers_of(row[0], as_date(column), self.study)
        if len(headers) != 1:
            return (*place, None, None)
        found = self.cell(row, place, column, header_key(headers[0]))
        return found if found[3] is not None else (*place, headers[0], None)

    def row(self, row: tuple) -> str | None:
        """The cells that a clean row's values were read from, as ``header: text``."""
        texts = [
            f"{header}: {text}"
            for name, cells in self.read.get(row, {}).items()
            if name != "USUBJID"
            for _, header, text, role in cells.values()
            if role in _OWN
        ]
        return "; ".join(dict.fromkeys(texts)) or None


def _place(row: dict) -> tuple:
    return tuple("" if pd.isna(row[name]) else row[name] for name in PLACE)


def compare_cells(before: Side, after: Side, both: set) -> pd.DataFrame:
    """The cells of the clean tables that changed (``CELLS``), of the patients in ``both``.

    Rows are paired by patient and by what they say, not by their place in the export, so a row
    put in between moves nothing else. A whole row that came or went is one line.
    """
    found = [
        (table, patient, columns, old, new)
        for table in TABLES
        for patient, columns, old, new in _pairs(before, after, table, both)
    ]
    for side, at in ((before, 3), (after, 4)):
        side.read_raw(
            {
                (pair[0], pair[1], pair[at].seq): _at(pair[at].place)
                for pair in found
                if pair[at] is not None
            }
        )
    rows: list[tuple] = []
    for table, patient, columns, old, new in found:
        rows += _lines(before, after, (patient, table), columns, old, new)
    made = pd.DataFrame(rows, columns=[column.name for column in CELLS], dtype=object)
    return conform(made, CELLS)


def _pairs(before: Side, after: Side, table: str, both: set) -> Iterable[tuple]:
    pair = [side.clean(table) for side in (before, after)]
    if all(frame is None or frame.empty for frame in pair):
        return
    blank = next(frame for frame in pair if frame is not None).iloc[:0]
    pair = [blank if frame is None else frame for frame in pair]
    columns = compared_columns(*pair)
    earlier, later = (as_text(frame, columns, both, table) for frame in pair)
    for patient in sorted(set(earlier) | set(later)):
        for old, new in pair_rows(earlier.get(patient, []), later.get(patient, []), table):
            yield patient, columns, old, new


def _at(place: tuple) -> tuple:
    """A place as raw rows are looked up by."""
    return tuple("" if part is None else part for part in place)


def _lines(
    before: Side, after: Side, key: tuple, columns: list[str], old: Said | None, new: Said | None
) -> list[tuple]:
    """``old`` and ``new`` are rows of ``as_text``; None where the other side has no such row."""
    nowhere = (None,) * 5
    patient, table = key
    if old is None or new is None:
        side, said = (before, old) if new is None else (after, new)
        text = "; ".join(f"{n} {v}" for n, v in zip(columns, said.values, strict=True) if v)
        raw = (*said.place, None, side.row((table, patient, said.seq)))
        if new is None:
            return [(*key, "row gone", None, text, None, "data", *raw, *nowhere)]
        return [(*key, "row added", None, None, text, "data", *nowhere, *raw)]
    sides = [
        (s, (table, patient, said.seq), said.place) for s, said in ((before, old), (after, new))
    ]
    lines = []
    for name, was, now in zip(columns, old.values, new.values, strict=True):
        if was == now:
            continue
        first, second = _raw_pair(sides, name)
        cause = _cause(sides, name)
        if cause is None:
            same = first[3] is not None and second[3] is not None and first[4] == second[4]
            cause = "cleaning" if same else "data"
        lines.append((*key, "changed", name, was or None, now or None, cause, *first, *second))
    return lines


def _pairs_read(sides: list[tuple], column: str) -> list[list[tuple]]:
    """On each side place, header and text of every cell that either side reads the column from."""
    keys = dict.fromkeys(key for side, row, _ in sides for key in side.cells_of(row, column))
    return [[side.cell(row, place, column, key) for side, row, place in sides] for key in keys]


def _raw_pair(sides: list[tuple], column: str) -> list[tuple]:
    """Place, header and text on each side: of the cell that differs, else of the column's own."""
    for pair in _pairs_read(sides, column):
        if pair[0][4] != pair[1][4]:
            header = next(cell[3] for cell in pair if cell[3] is not None)
            return [(*cell[:3], header, cell[4]) for cell in pair]
    return [side.own(row, place, column) for side, row, place in sides]


def _cause(sides: list[tuple], column: str) -> str | None:
    """``correction`` where one was made on one side and not, or otherwise, on the other."""
    made = [side.corrected.get((_at(place), row[0], column)) for side, row, place in sides]
    if made[0] == made[1]:
        return None
    same = all(pair[0][4] == pair[1][4] for pair in _pairs_read(sides, column))
    return "correction" if same else None


def as_date(column: str | None) -> str | None:
    """The date column that a day column stands for, in a study that gives study days."""
    return f"{column[:-2]}DT" if column and column.endswith("DY") else None


def cell_text(line: dict) -> str:
    """A line of ``CELLS`` in words: ``patients.DTHDT: empty → 2023-05-21``."""
    if pd.isna(line["COLUMN"]):
        said = line["AFTER"] if pd.isna(line["BEFORE"]) else line["BEFORE"]
        return f"{line['TABLE']} {line['STATUS']}: {said}"
    was, now = ("empty" if pd.isna(line[k]) else line[k] for k in ("BEFORE", "AFTER"))
    return f"{line['TABLE']}.{line['COLUMN']}: {was} \u2192 {now}"
