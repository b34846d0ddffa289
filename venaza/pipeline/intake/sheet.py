"""What a reader makes of a file: sheets of cells, with what the file says about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

#: A cell: its text and what it was in the file (text, number, date, time, boolean; error, formula
#: where no value is stored, missing where the file itself declares the value as missing).
Cell = tuple[str, str]

EMPTY: Cell = ("", "text")

#: What a spreadsheet shows in a cell whose formula has no result.
ERRORS = frozenset(
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!"]
)  # fmt: skip


@dataclass
class Sheet:
    """One sheet: rows of cells, row 1 first.

    ``merged`` holds (top, left, bottom, right) from 0, or None where the format cannot say;
    ``labels`` the value labels by (row, column) from 0; ``names`` the labels of the columns
    (variable labels of a statistics file); ``stored`` the stored text of the cells of which the
    file shows another; ``notes`` what a reader of the audit should know; ``day_zero`` the ISO
    date from which a workbook counts its serial numbers, empty elsewhere.
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] | None = None
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    stored: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    day_zero: str = ""


@dataclass
class Opened:
    """A file that was opened: what it really is, its encoding where it is text, its sheets."""

    format: str
    sheets: list[Sheet]
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)


def letters(position: int) -> str:
    """The spreadsheet's letters for a column; 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def as_cell(value: object) -> Cell:
    """A stored value as text, without the ``.0`` that spreadsheets give to whole numbers."""
    if value is None or value == "" or value != value:
        return EMPTY
    if isinstance(value, bool):
        return str(value).upper(), "boolean"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return (value.date() if midnight else value).isoformat(), "date"
    if isinstance(value, dt.date):
        return value.isoformat(), "date"
    if isinstance(value, dt.time):
        return value.isoformat(), "time"
    if isinstance(value, dt.timedelta):
        return _duration(value), "time"
    if isinstance(value, int):
        return str(value), "number"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return (str(int(value)) if whole else repr(value)), "number"
    text = str(value)
    return text, "error" if text in ERRORS else "text"


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def text_cell(text: str) -> Cell:
    """A cell of a text file: always text, unless it holds a spreadsheet's error."""
    return text, "error" if text in ERRORS else "text"
