"""Cells that hold no value, whatever their text: errors, formulas, what is declared missing."""

from __future__ import annotations

import numpy as np

from venaza.contracts.headers import header_key, mapped_columns, mapped_headers, named_by
from venaza.contracts.intake import NO_VALUE
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.layout_redcap import Redcap

#: Kind of the cell (``CELLS``): the check that asks about it.
_ASKED = {"error": "spreadsheet_error", "formula": "formula_without_value"}


def set_aside(
    export: Export, part: np.ndarray, table: str, spec: dict, redcap: Redcap, journal: Journal
) -> np.ndarray:
    """``part`` (cells of the ``export``) without the cells that hold no value.

    Of the columns that the study maps each such cell is a query, or, where the file itself
    declares it as missing, a line of the cleaning log. A row of which nothing is left is counted.
    """
    without = export.is_kind(NO_VALUE, part)
    if not without.any():
        return part
    kept, spoilt = part[~without], part[without]
    columns = _columns(spec)
    patients = export.patients(kept, spoilt, header_key(spec["key"]), redcap)
    for position, (place, head, text) in zip(spoilt, export.addresses(spoilt), strict=True):
        header = redcap.keys(head)[-1]
        if header not in columns:
            continue
        column, patient = columns[header], patients.get(place)
        kind, shown = export.kinds[export.kind[position]], export.labels[export.label[position]]
        if kind == "missing":
            raw = f"{text} ({shown})" if shown else text
            journal.change(patient, table, column, raw, None, NO_VALUE["missing"], place, head)
            continue
        at = {"table": table, "column": column, "value": text, "header": head}
        journal.ask(_ASKED[kind], patient=patient, place=place, **at)
    for place in export.places(np.setdiff1d(export.row[spoilt], export.row[kept])):
        journal.left_out[(table, place)] = "no cell with a value"
    return kept


def _columns(spec: dict) -> dict[str, str | None]:
    """The clean column that each mapped raw header feeds, by the header's key; None for none."""
    columns = {header_key(spec["key"]): "USUBJID"}
    for name, how in mapped_columns(spec):
        for header in named_by(how):
            columns.setdefault(header_key(header), name)
    return {**dict.fromkeys(map(header_key, mapped_headers(spec))), **columns}
