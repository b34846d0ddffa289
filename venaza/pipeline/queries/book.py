"""The clinic's workbook: one sheet by patient to fill in, ready to print."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.contracts.files import neutral
from venaza.contracts.workbook import repacked
from venaza.pipeline.queries.columns import FIELDS, HEADINGS, HOW, SHEET

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

_INK, _LINE, _WASH, _ASKED = "1C2733", "D9E0E8", "F4F7FA", "FFF8DC"
_SEVERITY = {"error": "A3261C", "warning": "8A5A00", "note": "3D5A73"}
_HEADER = 3
#: What no cell of a workbook may hold (XML 1.0), and the longest text that it can.
_FORBIDDEN = {n: "\ufffd" for n in range(32) if n not in (9, 10, 13)}
_LONGEST = 32_000


def query_book(
    lines: list[dict], gone: list[dict], rules: list[tuple], *, title: str, day: dt.date
) -> bytes:
    """The workbook of ``lines`` and, on further sheets, what is no longer asked and the checks.

    ``lines`` and ``gone`` are those of ``query_lines`` and ``answered``; ``rules`` are lines of
    (check, severity, how many, why it matters, touches). Equal to the byte for equal input;
    ``day`` stands as the workbook's date.
    """
    from openpyxl import Workbook

    book = Workbook()
    _queries(book.active, lines, title)
    if gone:
        keys = ("patient", "severity", "column", "value", "message", "id")
        head = [HEADINGS[key] for key in keys]
        made = [[line.get(key, "") for key in keys] for line in gone]
        _plain(book.create_sheet("No longer asked"), head, made, (12, 10, 20, 20, 60, 40))
    if rules:
        head = ["Check", "Severity", "Queries", "Why it matters", "Results it touches"]
        _plain(book.create_sheet("Checks"), head, rules, (32, 10, 9, 70, 30))
    book.properties.title = title
    book.properties.creator = "venaza"
    return repacked(_saved(book), day)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _queries(sheet: Worksheet, lines: list[dict], title: str) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.title = SHEET
    last = get_column_letter(len(FIELDS))
    _put(sheet, 1, 1, title).font = Font(bold=True, size=14, color=_INK)
    _put(sheet, 2, 1, HOW).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(f"A2:{last}2")
    sheet.row_dimensions[2].height = 48
    _head(sheet, _HEADER, [field.heading for field in FIELDS])
    shaded, patient, looks = True, None, _looks()
    for number, line in enumerate(lines, start=_HEADER + 1):
        shaded, patient = shaded ^ (line["patient"] != patient), line["patient"]
        _line(sheet, number, line, shaded, looks)
    for position, field in enumerate(FIELDS, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = field.width
    sheet.freeze_panes = sheet.cell(_HEADER + 1, 3)
    sheet.auto_filter.ref = f"A{_HEADER}:{last}{_HEADER + max(1, len(lines))}"
    _printed(sheet, _HEADER)


@dataclass(frozen=True)
class _Looks:
    """The styles of the sheet, made once: making them for every cell takes most of the time."""

    wrap: Alignment
    under: Border
    boxed: Border
    wash: PatternFill
    asked: PatternFill
    fonts: dict[str, Font]


def _looks() -> _Looks:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color=_LINE)
    return _Looks(
        wrap=Alignment(wrap_text=True, vertical="top"),
        under=Border(bottom=thin),
        boxed=Border(bottom=thin, left=thin, right=thin),
        wash=PatternFill("solid", fgColor=_WASH),
        asked=PatternFill("solid", fgColor=_ASKED),
        fonts={
            "": Font(size=9, color=_INK),
            "patient": Font(size=9, bold=True, color=_INK),
            "value": Font(size=9, bold=True, color=_INK),
            "id": Font(size=7, color="56657A"),
            **{name: Font(size=9, bold=True, color=ink) for name, ink in _SEVERITY.items()},
        },
    )


def _line(sheet: Worksheet, number: int, line: dict, shaded: bool, looks: _Looks) -> None:
    for position, field in enumerate(FIELDS, start=1):
        value = line.get(field.key, "")
        whole = field.key == "row" and value.isdigit()
        cell = _put(sheet, number, position, int(value) if whole else value)
        cell.alignment = looks.wrap
        cell.border = looks.boxed if field.asked else looks.under
        name = value if field.key == "severity" else field.key
        cell.font = looks.fonts.get(name, looks.fonts[""])
        if field.asked:
            cell.fill = looks.asked
            # As text: a spreadsheet would turn what is typed in into its own dates and numbers.
            cell.number_format = "@"
        elif shaded:
            cell.fill = looks.wash


def _plain(sheet: Worksheet, head: list[str], lines: list, widths: tuple[int, ...]) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    _head(sheet, 1, head)
    wrap = Alignment(wrap_text=True, vertical="top")
    for number, line in enumerate(lines, start=2):
        for position, value in enumerate(line, start=1):
            cell = _put(sheet, number, position, value)
            cell.alignment = wrap
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.freeze_panes = "A2"
    _printed(sheet, 1)


def _head(sheet: Worksheet, number: int, names: list[str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for position, name in enumerate(names, start=1):
        cell = _put(sheet, number, position, name)
        cell.font = Font(bold=True, size=10, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _put(sheet: Worksheet, row: int, column: int, value: object):
    """Write a value; text as text, whatever it looks like."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = neutral(value.translate(_FORBIDDEN))[:_LONGEST] or None
        if cell.value is not None:
            cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _printed(sheet: Worksheet, header: int) -> None:
    """Landscape A4, one page wide, the header on every page, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "&A, page &P of &N"
