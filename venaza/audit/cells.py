"""The cells that changed between two exports, each with its raw place in both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from venaza.audit.rows import Said, as_text, compared_columns, pair_rows
from venaza.audit.sources import cell_texts, headers_of
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.headers import header_key, named_by
from venaza.contracts.truth import is_true

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACE = ("SRCFILE", "SRCSHEET", "SRCROW")


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
    """One export: its clean tables, raw cells and corrections, and how its columns are mapped."""

    tables: dict[str, pd.DataFrame]
    study: dict
    texts: dict[tuple, dict[str, tuple]] = field(default_factory=dict)
    corrected: dict[tuple, str] = field(default_factory=dict)

    def clean(self, table: str) -> pd.DataFrame | None:
        """A clean table; None where the export has none."""
        return self.tables.get(f"clean/{table}")

    def read_raw(self, places: set[tuple]) -> None:
        """Take the raw cells of these (file, sheet, row) and the corrections made to any."""
        cells, log = self.tables.get("intake/cells"), self.tables.get("clean/cleaning_log")
        if cells is not None and places:
            wanted = {place[2] for place in places}
            near = cells[cells["SRCROW"].isin(wanted)]
            columns = [near[name].astype(object) for name in _PLACE]
            known = [column.where(column.notna(), "").tolist() for column in columns]
            there = [place in places for place in zip(*known, strict=True)]
            self.texts = cell_texts(near[there])
        if log is not None:
            made = log[is_true(log["RULE"] == "correction")]
            for r in made.to_dict("records"):
                self.corrected[(_place(r), r["TABLE"], r["COLUMN"])] = f"{r['CLEAN']} {r['NOTE']}"

    def cell(self, place: tuple | None, table: str, column: str) -> tuple:
        """(header, text) of the raw cell behind a clean column; None where it cannot be told."""
        row = self.texts.get(place, {})
        headers = headers_of(table, column, self.study)
        headers = headers or headers_of(table, as_date(column), self.study)
        filled = [row[header_key(header)] for header in headers if header_key(header) in row]
        if len(filled) == 1:
            return filled[0][:2]
        return (headers[0], None) if not filled and len(headers) == 1 and row else (None, None)

    def read_by(self, table: str, column: str) -> list[str]:
        """Every raw header that a clean column depends on: its own, its condition's, its unit's."""
        spec = self.study.get("tables", {}).get(table) or {}
        found = []
        for record in spec.get("records", []):
            for name in (column, as_date(column)):
                how = record["columns"].get(name)
                how = {"from": how} if isinstance(how, str) else how or {}
                beside = [header for header in named_by(how) if header != how.get("from")]
                found += [how.get("from"), *how.get("when", {}), *beside]
        return [header for header in dict.fromkeys(found) if header]

    def row(self, place: tuple | None, table: str) -> str | None:
        """The mapped raw cells of a row as ``header: text``, in the order of the study file."""
        row = self.texts.get(place, {})
        spec = self.study.get("tables", {}).get(table) or {}
        columns = [name for record in spec.get("records", []) for name in record["columns"]]
        headers = [h for name in columns for h in headers_of(table, name, self.study)]
        found = [row[key] for key in dict.fromkeys(map(header_key, headers)) if key in row]
        return "; ".join(f"{header}: {text}" for header, text, _ in found) or None


def _place(row: dict) -> tuple:
    return tuple("" if pd.isna(row[name]) else row[name] for name in _PLACE)


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
        side.read_raw({_at(pair[at]) for pair in found if pair[at] is not None})
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


def _at(said: Said | None) -> tuple | None:
    """The place of a row as raw cells are looked up by."""
    return None if said is None else tuple("" if part is None else part for part in said.place)


def _lines(
    before: Side, after: Side, key: tuple, columns: list[str], old: Said | None, new: Said | None
) -> list[tuple]:
    """``old`` and ``new`` are rows of ``as_text``; None where the other side has no such row."""
    nowhere = (None,) * 5
    table = key[1]
    if old is None or new is None:
        side, said = (before, old) if new is None else (after, new)
        text = "; ".join(f"{n} {v}" for n, v in zip(columns, said.values, strict=True) if v)
        raw = (*said.place, None, side.row(_at(said), table))
        if new is None:
            return [(*key, "row gone", None, text, None, "data", *raw, *nowhere)]
        return [(*key, "row added", None, None, text, "data", *nowhere, *raw)]
    lines = []
    for name, was, now in zip(columns, old.values, new.values, strict=True):
        if was == now:
            continue
        first, second = _raw_pair(before, after, (_at(old), _at(new)), table, name)
        cause = _cause(before, after, (_at(old), table, name), (_at(new), table, name))
        if cause is None:
            known = first != (None, None) and second != (None, None)
            cause = "cleaning" if known and first[1] == second[1] else "data"
        raw = (*old.place, *first, *new.place, *second)
        lines.append((*key, "changed", name, was or None, now or None, cause, *raw))
    return lines


def _raw_pair(before: Side, after: Side, places: tuple, table: str, column: str) -> tuple:
    """(header, text) on each side: of the cell that differs, else of the column's own."""
    rows = before.texts.get(places[0], {}), after.texts.get(places[1], {})
    for header in dict.fromkeys([*before.read_by(table, column), *after.read_by(table, column)]):
        pair = tuple(row.get(header_key(header), (header, None))[:2] for row in rows)
        if all(rows) and pair[0][1] != pair[1][1]:
            return pair
    sides = zip((before, after), places, strict=True)
    return tuple(side.cell(place, table, column) for side, place in sides)


def _cause(before: Side, after: Side, old: tuple, new: tuple) -> str | None:
    """``correction`` where one was made on one side and not, or otherwise, on the other."""
    if before.corrected.get(old) == after.corrected.get(new):
        return None
    raw = (before.texts.get(old[0], {}), after.texts.get(new[0], {}))
    headers = {header_key(h) for s in (before, after) for h in s.read_by(*old[1:])}
    same = all(raw[0].get(h, ("", None))[1] == raw[1].get(h, ("", None))[1] for h in headers)
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
