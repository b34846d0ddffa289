"""Which raw cells each clean value comes from, by number: noted where the value is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.clean import ORIGINS
from venaza.contracts.columns import names
from venaza.contracts.files import conform

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from venaza.clean.raw_table import RawRow

#: A raw cell of a value: its number in ``intake/cells`` and role (``ROLES``). None without a cell;
#: of one that a correction added, less than 0: the line of the correction.
Origin = tuple[int | None, str]
#: Roles of the cell that gives the value itself.
_GIVES = ("value", "corrected", "computed")


def of_column(row: RawRow, how: dict) -> list[Origin]:
    """The cells of a raw row that a column is read from, as ``how`` of the study file says."""
    found = [(None, "constant")] if "constant" in how else of_header(row, how["from"])
    if "when" in how:
        found += of_conditions(row, how["when"])
    if "unit_from" in how:
        found += of_header(row, how["unit_from"], "unit")
    return found


def of_header(row: RawRow, header: str, role: str = "value") -> list[Origin]:
    """The cell of a raw row under a header; none where it is empty."""
    number = row.number(header)
    if number is None:
        return []
    if role == "value" and row.is_corrected(header):
        role = "corrected"
    return [(number, role)]


def of_conditions(row: RawRow, headers: Iterable[str]) -> list[Origin]:
    """The cells of a raw row that decide whether a value, or the row, counts."""
    return [origin for header in headers for origin in of_header(row, header, "condition")]


def of_row(row: RawRow, spec: dict) -> list[Origin]:
    """The cell with the patient's number, and those by which a table takes the row."""
    asked = [*spec.get("where", ())]
    asked += [spec["regimen"]["from"]] if "regimen" in spec else []
    return of_header(row, spec["key"], "key") + of_conditions(row, asked)


def computed(origins: list[Origin]) -> list[Origin]:
    """What a value comes from that was computed from a value with these ``origins``."""
    given = [(cell, "computed") for cell, role in origins if role in _GIVES]
    return given or [(None, "computed")]


def origins_frame(tables: dict[str, list[dict]]) -> pd.DataFrame:
    """The cells behind every value of the clean tables (``ORIGINS``), by table, patient and row."""
    import pandas as pd

    lines = [
        (table, row["USUBJID"], row["SEQ"], column, *_numbered(cell, role))
        for table, rows in tables.items()
        for row in rows
        for column, origins in row["_cells"].items()
        if column[0] != "_" and not column.endswith("DTF")
        for cell, role in origins
    ]
    return conform(pd.DataFrame(lines, columns=names(ORIGINS)), ORIGINS)


def _numbered(cell: int | None, role: str) -> tuple[int | None, str, int | None]:
    """``CELL``, ``ROLE`` and ``LINE`` of an origin."""
    added = cell is not None and cell < 0
    return (None, role, -cell) if added else (cell, role, None)
