"""From cells to raw rows: one dictionary per row of a mapped sheet, exact duplicates set aside."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.clean.journal import Journal, Place
from venaza.clean.kinds import set_aside
from venaza.clean.text import folded, tidy
from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RawRow:
    """A raw row: its patient, its place and its cells by normalised header."""

    patient: str
    place: Place
    cells: dict[str, str]

    def text(self, header: str) -> str:
        """The raw text under a header; empty where the cell is empty."""
        return self.cells.get(header_key(header), "")


def raw_rows(cells: pd.DataFrame, table: str, spec: dict, journal: Journal) -> list[RawRow]:
    """The rows of the sheet that ``spec`` maps, in the order of the export.

    A row without a patient number and a row that repeats another cell by cell are left out,
    each with a query and counted.
    """
    part = cells[cells["HEADER"].notna()]
    files = part["SRCFILE"].unique()
    part = part[part["SRCFILE"].isin([f for f in files if _fits(f, spec["file"])])]
    if "sheet" in spec:
        part = part[part["SRCSHEET"].isin([spec["sheet"], ""])]
    part = set_aside(part, table, spec, journal)
    found: dict[tuple, dict[str, str]] = {}
    columns = (part[c] for c in ("SRCFILE", "SRCSHEET", "SRCROW", "HEADER", "VALUE"))
    for file, sheet, row, header, value in zip(*columns, strict=True):
        found.setdefault((file, sheet, int(row)), {})[header_key(header)] = value
    rows, seen = [], {}
    for (file, sheet, row), values in found.items():
        place = Place(file, sheet, row)
        patient = tidy(values.get(header_key(spec["key"]), ""))
        if patient == "":
            _without_patient(values, table, spec, place, journal)
            continue
        content = (patient, tuple(sorted((k, folded(v)) for k, v in values.items())))
        if content in seen:
            journal.query(
                "note",
                "duplicate_row",
                f"The row repeats row {seen[content]}.",
                "left out",
                patient=patient,
                table=table,
                place=place,
            )
            journal.count(table, place, "exact duplicate")
            continue
        seen[content] = row
        rows.append(RawRow(patient, place, values))
    return rows


def _fits(file: str, pattern: str) -> bool:
    return fnmatch.fnmatch(file.split("/")[-1], pattern)


def _without_patient(values, table, spec, place: Place, journal: Journal) -> None:
    journal.query(
        "error",
        "row_without_patient",
        "The row has no patient number.",
        "left out",
        table=table,
        value=" | ".join(values.values())[:80],
        place=place,
        header=spec["key"],
    )
    journal.count(table, place, "no patient number")
