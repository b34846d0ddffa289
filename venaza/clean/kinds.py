"""Cells that hold no value, whatever their text: errors, formulas, what is declared missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.clean.journal import Journal, Place
from venaza.clean.layout_redcap import Redcap
from venaza.clean.text import tidy
from venaza.contracts.headers import header_key, mapped_headers, named_by
from venaza.contracts.intake import NO_VALUE

if TYPE_CHECKING:
    import pandas as pd

#: Kind of the cell (``CELLS``): the check that asks about it.
_ASKED = {"error": "spreadsheet_error", "formula": "formula_without_value"}


def set_aside(
    part: pd.DataFrame, table: str, spec: dict, redcap: Redcap, journal: Journal
) -> pd.DataFrame:
    """``part`` (``CELLS`` of a table) without the cells that hold no value.

    Of the columns that the study maps each such cell is a query, or, where the file itself
    declares it as missing, a line of the cleaning log. A row of which nothing is left is counted.
    """
    spoilt = part["KIND"].isin(list(NO_VALUE))
    if not spoilt.any():
        return part
    kept = part[~spoilt]
    columns = _columns(spec)
    key = header_key(spec["key"])
    heads = [h for h in kept["HEADER"].unique() if key in redcap.keys(h)]
    keys = kept[kept["HEADER"].isin(heads)]
    patients = {_place(cell): tidy(cell.VALUE) for cell in keys.itertuples()}
    for cell in part[spoilt].itertuples():
        header = redcap.keys(cell.HEADER)[-1]
        if header not in columns:
            continue
        column = columns[header]
        place, patient = _place(cell), patients.get(_place(cell))
        if cell.KIND == "missing":
            raw = cell.VALUE if _empty(cell.LABEL) else f"{cell.VALUE} ({cell.LABEL})"
            journal.change(
                patient, table, column, raw, None, NO_VALUE["missing"], place, cell.HEADER
            )
            continue
        journal.ask(
            _ASKED[cell.KIND],
            patient=patient,
            table=table,
            column=column,
            value=cell.VALUE,
            place=place,
            header=cell.HEADER,
        )
    left = {_place(cell) for cell in kept[["SRCFILE", "SRCSHEET", "SRCROW"]].itertuples()}
    gone = {_place(cell) for cell in part[spoilt].itertuples()} - left
    for place in sorted(gone, key=lambda p: (p.file, p.sheet, p.row)):
        journal.left_out[(table, place)] = "no cell with a value"
    return kept


def _place(cell) -> Place:
    return Place(cell.SRCFILE, cell.SRCSHEET, int(cell.SRCROW))


def _empty(label: object) -> bool:
    return not isinstance(label, str) or label == ""


def _columns(spec: dict) -> dict[str, str | None]:
    """The clean column that each mapped raw header feeds, by the header's key; None for none."""
    columns = {header_key(spec["key"]): "USUBJID"}
    for record in spec["records"]:
        for name, how in record["columns"].items():
            for header in named_by(how):
                columns.setdefault(header_key(header), name)
    return {**dict.fromkeys(map(header_key, mapped_headers(spec))), **columns}
