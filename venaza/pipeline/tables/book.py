"""All printed tables as one workbook: a sheet each, every number as text, as it is printed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from venaza.contracts.sheets import FONT, broad, fitted, frozen, put, saved
from venaza.markup.printed import Table, runs_of
from venaza.study.words import say

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_INK, _LINE = "1C2733", "9AA7B5"
#: Width of a column in characters: at least, at most, and of the row labels at most.
_NARROW, _WIDE, _LABELS = 8, 30, 44
#: Row of the head: the title and an empty row stand above it.
_HEAD = 3


def title_of(name: str, study: dict) -> str:
    """What the manuscript calls a table, without its groups."""
    if name == "failure":
        after = study["endpoints"]["PFOS"]["start"] == "RELAPSE"
        what = "Relapse" if after else "Failure of the regimen"
        return say(study, f"{what} and subsequent therapy")
    return say(study, TITLES[name])


#: What the captions of the manuscript begin with (report/text/en/captions.md.j2).
TITLES = {
    "baseline": "Patients at baseline",
    "risk": "Genetic risk groups, recorded and derived",
    "response": "Response",
    "survival": "Follow-up and time-to-event endpoints",
    "sensitivity": "Results under other endpoint definitions",
    "cox": "Cox models",
    "influence": "Estimates with one patient left out",
    "dynamic": "Landmark and time-dependent analyses",
    "adverse_events": "Adverse events",
    "labs": "Laboratory values and tumour lysis syndrome",
    "labs_shift": "Laboratory grades at baseline and worst grades thereafter",
    "published": "Published values and those of this analysis",
    "evidence": "Outcomes of this cohort and of published series",
    "trials": "Ongoing trials",
    "definitions": "Definitions of the endpoints",
}


def table_book(tables: dict[str, Table], study: dict) -> bytes:
    """The workbook of the printed ``tables`` by name: a list of them, then a sheet for each.

    Equal to the byte for equal input; the day of the export stands as its date.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    listed = book.active
    listed.title = say(study, "Tables")
    synthetic = say(study, " (synthetic data)") if study["study"].get("synthetic") else ""
    names = {"name": study["study"]["short"], "export": study["export"]}
    heading = f"{say(study, '{name}, export of {export}', **names)}{synthetic}"
    footer = say(study, "&A, page &P of &N")
    _write(listed, 1, 1, heading, bold=True, size=13)
    for position, name in enumerate(("Sheet", "Table"), start=1):
        _write(listed, _HEAD, position, say(study, name), bold=True)
    for row, (name, table) in enumerate(tables.items(), start=_HEAD + 1):
        sheet = book.create_sheet(say(study, name.replace("_", " ").capitalize()))
        title = title_of(name, study)
        _write(sheet, 1, 1, f"{title}{synthetic}", bold=True, size=13)
        _table(sheet, table, footer)
        cell = _write(listed, row, 1, sheet.title)
        cell.hyperlink, cell.font = f"#'{sheet.title}'!A1", Font(FONT, size=9, color="0B5CAD")
        _write(listed, row, 2, title)
    listed.column_dimensions["A"].width, listed.column_dimensions["B"].width = 24, 70
    frozen(listed, (_HEAD, _HEAD), 0, [24, 70], footer)
    book.properties.title, book.properties.creator = heading, "venaza"
    return saved(book, dt.date.fromisoformat(study["export"]))


def _table(sheet: Worksheet, table: Table, footer: str) -> None:
    from openpyxl.utils import get_column_letter

    widths = _widths(table)
    row = _head(sheet, table, widths)
    header = row
    for section in table.sections:
        if section.heading:
            row += 1
            _write(sheet, row, 1, section.heading, bold=True)
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=table.width)
            fitted(sheet, row, [(section.heading, sum(widths))])
        for line in section.rows:
            row += 1
            _write(sheet, row, 1, line.label, indent=line.level)
            texts, column = [(line.label, widths[0] - 2 * line.level)], 2
            for cell in line.cells:
                side = "left" if table.prose else "center"
                _write(sheet, row, column, cell.text, side=side)
                last = column + cell.colspan - 1
                texts.append((cell.text, sum(widths[column - 1 : last])))
                if cell.colspan > 1:
                    sheet.merge_cells(
                        start_row=row, end_row=row, start_column=column, end_column=last
                    )
                column = last + 1
            fitted(sheet, row, texts)
    _ruled(sheet, row, table.width, bottom=True)
    for note in table.notes:
        row += 1
        _write(sheet, row, 1, note)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=table.width)
        fitted(sheet, row, [(note, sum(widths))])
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    frozen(sheet, (_HEAD, header), 1, widths, footer)


def _head(sheet: Worksheet, table: Table, widths: list[int]) -> int:
    """Write the head, of two rows where columns share a heading; returns its last row."""
    runs = runs_of(table.columns)
    last = _HEAD + any(column.name for column in table.columns)
    _write(sheet, _HEAD, 1, table.stub, bold=True)
    _merge(sheet, _HEAD, last, 1, 1)
    column, upper, lower = 2, [(table.stub, widths[0])], []
    for heading, own in runs:
        alone = len(own) == 1 and not own[0].name
        until = column + len(own) - 1
        _write(sheet, _HEAD, column, heading.text, bold=True, side="center")
        _merge(sheet, _HEAD, last if alone else _HEAD, column, until)
        (lower if alone and last > _HEAD else upper).append(
            (heading.text, sum(widths[column - 1 : until]))
        )
        for position, one in enumerate(own, start=column):
            if not alone:
                _write(sheet, last, position, one.name, bold=True, side="center")
                lower.append((one.name, widths[position - 1]))
        column = until + 1
    fitted(sheet, _HEAD, upper)
    if last > _HEAD:
        fitted(sheet, last, lower)
    _ruled(sheet, _HEAD, table.width, top=True)
    _ruled(sheet, last, table.width, bottom=True)
    return last


def _merge(sheet: Worksheet, first: int, last: int, left: int, right: int) -> None:
    if (first, left) != (last, right):
        sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)


def _widths(table: Table) -> list[int]:
    """The width of each column, of the row labels first: as its longest text, within bounds."""
    rows = [row for section in table.sections for row in section.rows]
    labels = [table.stub, *(row.label + "  " * row.level for row in rows)]
    widths = [min(_LABELS, max(map(broad, labels)) + 1)]
    for n, column in enumerate(table.columns):
        head = column.name or column.group.text
        texts = [word for word in head.split(" ") if word]
        for row in rows:
            if all(cell.colspan == 1 for cell in row.cells):
                texts.append(row.cells[n].text)
        widths.append(max(_NARROW, min(_WIDE, max(map(broad, texts), default=0) + 1)))
    return widths


def _ruled(sheet: Worksheet, row: int, width: int, top: bool = False, bottom: bool = False) -> None:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color=_LINE)
    for column in range(1, width + 1):
        cell = sheet.cell(row, column)
        above = line if top else cell.border.top
        cell.border = Border(top=above, bottom=line if bottom else cell.border.bottom)


def _write(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    bold: bool = False,
    size: int = 9,
    side: str = "left",
    indent: int = 0,
):
    from openpyxl.styles import Alignment, Font

    cell = put(sheet, row, column, text, exact=True)
    cell.font = Font(FONT, size=size, bold=bold, color=_INK)
    wrap = row >= _HEAD
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=wrap, indent=indent)
    return cell
