"""The clinic's workbook: a sheet by patient to fill in, ready to print, and what is to be known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.contracts.sheets import FONT, fitted, frozen, put, saved
from venaza.pipeline.queries.columns import (
    CHECKS,
    EMPTY,
    FIELDS,
    GONE,
    LISTS,
    NOTES,
    SHEETS,
    TEXTS,
    Field,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

_INK, _LINE, _WASH, _ASKED = "1C2733", "D9E0E8", "F4F7FA", "FFF8DC"
_SEVERITY = {"error": "A3261C", "warning": "8A5A00", "note": "3D5A73"}
#: Row of the header, below the title and what is to be done.
_HEADER = 3


def query_book(
    lines: list[dict],
    gone: list[dict],
    rules: list[dict],
    *,
    title: str,
    day: dt.date,
    language: str = "en",
) -> bytes:
    """The workbook: what is to be answered, then notes, what is no longer asked, and the checks.

    ``lines`` and ``gone`` are those of ``query_lines``; ``rules`` have the keys of ``CHECKS``. A
    line of severity note is on the sheet of notes. Equal to the byte for equal input; ``day``
    stands as the workbook's date.
    """
    from openpyxl import Workbook

    book, texts, sheets = Workbook(), TEXTS[language], SHEETS[language]
    pages = [
        ("asked", FIELDS, [line for line in lines if line["rank"] != "note"], "how"),
        ("notes", NOTES, [line for line in lines if line["rank"] == "note"], "notes"),
        ("gone", GONE, gone, "notes"),
        ("checks", CHECKS, rules, "notes"),
    ]
    for name, fields, own, how in pages:
        if own or name == "asked":
            sheet = book.active if name == "asked" else book.create_sheet()
            sheet.title = sheets[name]
            head = (title, texts[how].format(empty=EMPTY[language]))
            _page(sheet, fields, own, head, language)
    _offer(book, [line for line in lines if line["rank"] != "note"], texts["other"])
    book.properties.title = title
    book.properties.creator = "venaza"
    return saved(book, day)


def _page(
    sheet: Worksheet, fields: tuple[Field, ...], lines: list[dict], head: tuple[str, str], language
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    shown = [field for field in fields if not field.hidden]
    last = get_column_letter(len(fields))
    put(sheet, 1, 1, head[0]).font = Font(FONT, size=14, bold=True, color=_INK)
    put(sheet, 2, 1, head[1]).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A2"].font = Font(FONT, size=9, color=_INK)
    sheet.merge_cells(f"A2:{get_column_letter(len(shown))}2")
    fitted(sheet, 2, [(head[1], sum(field.width for field in shown))])
    for position, field in enumerate(fields, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = field.width
        sheet.column_dimensions[letter].hidden = field.hidden
        cell = put(sheet, _HEADER, position, field.heading(language))
        cell.font = Font(FONT, size=9, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    fitted(sheet, _HEADER, [(field.heading(language), field.width - 2) for field in shown])
    shaded, patient, looks = True, None, _looks()
    for number, line in enumerate(lines, start=_HEADER + 1):
        shaded, patient = shaded ^ (line.get("patient") != patient), line.get("patient")
        _line(sheet, number, fields, line, shaded, looks)
        fitted(sheet, number, [(str(line.get(f.key, "")), f.width) for f in shown])
    sheet.auto_filter.ref = f"A{_HEADER}:{last}{_HEADER + max(1, len(lines))}"
    widths = [field.width for field in shown]
    frozen(sheet, (_HEADER, _HEADER), 2, widths, TEXTS[language]["footer"])


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
    bold = Font(FONT, size=9, bold=True, color=_INK)
    return _Looks(
        wrap=Alignment(horizontal="left", vertical="top", wrap_text=True),
        under=Border(bottom=thin),
        boxed=Border(bottom=thin, left=thin, right=thin),
        wash=PatternFill("solid", fgColor=_WASH),
        asked=PatternFill("solid", fgColor=_ASKED),
        fonts={
            **{"": Font(FONT, size=9, color=_INK), "patient": bold, "value": bold},
            **{name: Font(FONT, size=9, bold=True, color=ink) for name, ink in _SEVERITY.items()},
        },
    )


def _line(
    sheet: Worksheet,
    number: int,
    fields: tuple[Field, ...],
    line: dict,
    shaded: bool,
    looks: _Looks,
) -> None:
    for position, field in enumerate(fields, start=1):
        cell = put(sheet, number, position, line.get(field.key, ""))
        cell.alignment = looks.wrap
        cell.border = looks.boxed if field.asked else looks.under
        name = line["rank"] if field.key == "severity" else field.key
        cell.font = looks.fonts.get(name, looks.fonts[""])
        if field.asked:
            cell.fill = looks.asked
            # As text: a spreadsheet would turn what is typed in into its own dates and numbers.
            cell.number_format = "@"
        elif shaded:
            cell.fill = looks.wash


def _offer(book: Workbook, lines: list[dict], other: str) -> None:
    """Lists of words beside the answers, kept on a hidden sheet; another word may be typed in."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    answer = get_column_letter(1 + [field.key for field in FIELDS].index("answer"))
    cells: dict[tuple[str, ...], list[str]] = {}
    for number, line in enumerate(lines, start=_HEADER + 1):
        if line["offered"]:
            cells.setdefault(line["offered"], []).append(f"{answer}{number}")
    if not cells:
        return
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for position, (words, own) in enumerate(cells.items(), start=1):
        for row, word in enumerate(words, start=1):
            put(lists, row, position, word)
        letter = get_column_letter(position)
        listed = DataValidation("list", f"{LISTS}!${letter}$1:${letter}${len(words)}")
        listed.allow_blank, listed.errorStyle, listed.error = True, "warning", other
        listed.showErrorMessage = True
        for cell in own:
            listed.add(cell)
        book.worksheets[0].add_data_validation(listed)
