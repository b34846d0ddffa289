"""Sheets of a workbook that people read and print: text as text, rows that fit, A4."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from typing import TYPE_CHECKING

from venaza.contracts.files import neutral
from venaza.contracts.workbook import repacked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: What no cell of a workbook may hold (XML 1.0), and the longest text that it can.
_FORBIDDEN = {n: "\ufffd" for n in range(32) if n not in (9, 10, 13)}
_LONGEST = 32_000
#: A cell without a font's name has another in LibreOffice; Chinese falls back on a font of its own.
FONT = "Calibri"
#: Points of a line of 9-point text; what Excel allows a row at most; characters of 9 points where a
#: column is one wide (widths are in digits of 11 points, and the rest is for padding).
_LINE, _TALLEST, _DENSE = 12.0, 409.0, 1.1
#: Characters of column width on landscape A4 between the margins at full size, one of 5.25 points;
#: beyond the second number 9-point text would be printed below 8 points.
PAGE = 149
READABLE = PAGE * 9 / 8


def put(sheet: Worksheet, row: int, column: int, value: object, exact: bool = False) -> Cell:
    """Write a value; text as text, whatever it looks like.

    What begins like a formula gets an apostrophe before it, since the sheet may be saved as CSV;
    ``exact`` leaves it as it is, in a cell that stays text when it is edited.
    """
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        plain = value.translate(_FORBIDDEN)
        cell.value = (plain if exact else neutral(plain))[:_LONGEST] or None
        if cell.value is not None:
            cell.data_type = "s"
        if exact:
            cell.number_format, cell.quotePrefix = "@", True
    else:
        cell.value = value
    return cell


def fitted(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Give a row the height of the longest of its wrapped ``texts`` (each with its width)."""
    lines = max((lines_of(text, width * _DENSE) for text, width in texts), default=1)
    sheet.row_dimensions[row].height = min(_TALLEST, 4 + _LINE * lines)


def lines_of(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column so many characters wide; Chinese counts double."""
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0
        for word in _breakable(paragraph):
            size = broad(word)
            if used and used + size > width:
                lines, used = lines + 1, 0
            lines, used = lines + int((used + size - 1) // width), (used + size - 1) % width + 1
    return lines


def _breakable(text: str) -> list[str]:
    """The parts between which a line may break: words, and each wide character."""
    parts = [""]
    for sign in text:
        if unicodedata.east_asian_width(sign) in "WF":
            parts += [sign, ""]
        elif sign == " ":
            parts[-1] += sign
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part]


def broad(text: str) -> int:
    """How many characters wide a text is: a wide one (Chinese) counts as two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def frozen(
    sheet: Worksheet, head: tuple[int, int], columns: int, widths: list[float], footer: str
) -> None:
    """The ``head`` (its first and last row) and first columns stay in view; landscape A4.

    The head is on every page, and pages are numbered. As wide as the page where that leaves 8
    points at least, else on pages side by side.
    """
    sheet.freeze_panes = sheet.cell(head[1] + 1, columns + 1).coordinate
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    if sum(widths) <= READABLE:
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head[0]}:{head[1]}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.page_margins.footer = 0.25
    sheet.oddFooter.center.text = footer


def saved(book: Workbook, day: dt.date) -> bytes:
    """The bytes of a workbook, the same for equal content; ``day`` stands as its date."""
    buffer = io.BytesIO()
    book.save(buffer)
    return repacked(buffer.getvalue(), day)
