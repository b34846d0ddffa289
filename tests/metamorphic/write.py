"""The kinds of files that programs write, each by a library that is not the project's own.

A writer gives the files of a cohort to a folder, and adapts ``file`` and ``sheet`` of the study
file as a user would: one file for each sheet where the kind of file has no sheets.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from html import escape
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.intake.made import ods, xlsb
from tests.metamorphic.cohort import EXCEL, Cohort, Sheet, day_of, filled

Text = Callable[[object], str]


def written(cohort: Cohort, folder: Path) -> None:
    """The export, in the kind of file that the way asks for, else as it was sent."""
    for name, data in cohort.beside.items():
        (folder / name).write_bytes(data)
    (cohort.write or as_sent)(cohort, folder)


def as_sent(cohort: Cohort, folder: Path) -> None:
    """The kind of file that the export is."""
    (workbook if cohort.file.endswith(".xlsx") else texts())(cohort, folder)


def titles(cohort: Cohort, suffix: str, untitled: bool = False) -> dict[str, str]:
    """Sheet -> its file, where each sheet becomes a file; the study file is told so.

    ``untitled``: of a kind that has no rows above its headers.
    """
    stem = cohort.file.rpartition(".")[0]
    names = {title: f"{title or stem}{suffix}" for title in cohort.sheets}
    for spec in cohort.tables.values():
        if untitled:
            spec.pop("header_row", None)
        title = spec.pop("sheet", "")
        spec["file"] = names[title if title in names else next(iter(names))]
    return names


def text_of(cell: object) -> str:
    """A cell as a spreadsheet saves it to text: a date in ISO."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def comma_text(cell: object) -> str:
    """As a European spreadsheet does: a comma in a number."""
    return text_of(cell).replace(".", ",") if isinstance(cell, float) else text_of(cell)


def texts(
    separator: str = ",",
    encoding: str = "utf-8",
    suffix: str = ".csv",
    text: Text = text_of,
    **quoting: object,
) -> Callable[[Cohort, Path], None]:
    """Delimited text, a file for each sheet."""

    def write(cohort: Cohort, folder: Path) -> None:
        for title, name in titles(cohort, suffix).items():
            made = io.StringIO(newline="")
            told = {"delimiter": separator, "lineterminator": "\r\n", **quoting}
            csv.writer(made, **told).writerows(map(text, row) for row in cohort.sheets[title].rows)
            (folder / name).write_bytes(made.getvalue().encode(encoding))

    return write


def _sheet_name(title: str) -> str:
    return title or "Sheet1"


def one_book(cohort: Cohort, suffix: str) -> str:
    """The name of the one workbook; tables of an export of one sheet get its name."""
    name = f"{cohort.file.rpartition('.')[0]}{suffix}"
    for spec in cohort.tables.values():
        spec["file"] = name
        spec.setdefault("sheet", "Sheet1")
    return name


def workbook(cohort: Cohort, folder: Path) -> None:
    """An Excel workbook; numbers and dates as such, formats as the way wants them."""
    excel()(cohort, folder)


def excel(
    mac: bool = False, finish: Callable[[openpyxl.Workbook], None] | None = None
) -> Callable[[Cohort, Path], None]:
    """A workbook, of the 1904 calendar for ``mac``; ``finish`` changes it before it is saved."""

    def write(cohort: Cohort, folder: Path) -> None:
        book = openpyxl.Workbook()
        book.remove(book.active)
        if mac:
            book.epoch = CALENDAR_MAC_1904
        for title, sheet in cohort.sheets.items():
            own = book.create_sheet(_sheet_name(title))
            for row in sheet.rows:
                own.append(row)
            for (where, header), style in cohort.formats.items():
                if where == title:
                    place = sheet.at(header) + 1
                    for row in range(sheet.head + 2, len(sheet.rows) + 1):
                        own.cell(row, place).number_format = style
        if finish:
            finish(book)
        book.save(folder / one_book(cohort, ".xlsx"))

    return write


def old_workbook(cohort: Cohort, folder: Path) -> None:
    """An .xls of Excel 97, by xlwt."""
    book = xlwt.Workbook()
    plain = xlwt.XFStyle()
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for title, sheet in cohort.sheets.items():
        own = book.add_sheet(_sheet_name(title))
        styles = {}
        for (where, header), style in cohort.formats.items():
            if where == title:
                styles[sheet.at(header)] = xlwt.easyxf(num_format_str=style)
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                if filled(cell):
                    is_date = isinstance(cell, datetime.date)
                    own.write(r, c, cell, dated if is_date else styles.get(c, plain))
    book.save(str(folder / one_book(cohort, ".xls")))


def open_document(cohort: Cohort, folder: Path) -> None:
    """An .ods as LibreOffice writes it: the value of a cell beside its text."""
    tables = []
    for title, sheet in cohort.sheets.items():
        shown = {sheet.at(header) for (where, header) in cohort.formats if where == title}
        rows = "".join(
            f"<table:table-row>{_ods_row(row, shown)}</table:table-row>" for row in sheet.rows
        )
        name = escape(_sheet_name(title), quote=True)
        tables.append(f'<table:table table:name="{name}">{rows}</table:table>')
    ods(folder / one_book(cohort, ".ods"), "".join(tables))


def _ods_row(row: list, per_cent: set[int]) -> str:
    """The cells of a row; numbers of the columns ``per_cent`` are shown as per cent."""
    cells = []
    for place, cell in enumerate(row):
        shown = f"<text:p>{escape(text_of(cell))}</text:p>"
        if not filled(cell):
            cells.append("<table:table-cell/>")
            continue
        if place in per_cent and isinstance(cell, float):
            value = f'office:value-type="percentage" office:value="{cell}"'
            shown = f"<text:p>{cell * 100:.2f}%</text:p>"
            cells.append(f"<table:table-cell {value}>{shown}</table:table-cell>")
            continue
        if isinstance(cell, datetime.date):
            value = f'office:value-type="date" office:date-value="{text_of(cell)}"'
        elif isinstance(cell, bool) or not isinstance(cell, (int, float)):
            value = 'office:value-type="string"'
        else:
            value = f'office:value-type="float" office:value="{cell}"'
        cells.append(f"<table:table-cell {value}>{shown}</table:table-cell>")
    return "".join(cells)


def binary_workbooks(cohort: Cohort, folder: Path) -> None:
    """An .xlsb of Excel for each sheet; numbers and dates in their number formats."""
    codes = ["yyyy-mm-dd", *sorted(set(cohort.formats.values()))]
    for title, name in titles(cohort, ".xlsb").items():
        sheet = cohort.sheets[title]
        shown = {
            sheet.at(header): codes.index(style)
            for (where, header), style in cohort.formats.items()
            if where == title
        }
        xlsb(
            folder / name,
            [[_binary(cell, shown.get(n)) for n, cell in enumerate(row)] for row in sheet.rows],
            codes,
        )


def _binary(cell: object, shown: int | None) -> object:
    """A cell as the binary workbook stores it: a text, a number, or a number and its format."""
    if isinstance(cell, datetime.date):
        return float((day_of(cell) - EXCEL).days), 0
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell) if shown is None else (float(cell), shown)
    return text_of(cell)


def web_page(cohort: Cohort, folder: Path) -> None:
    """Web pages named .xls, a file for each sheet, as hospital systems save them."""
    for title, name in titles(cohort, ".xls").items():
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(text_of(cell))}</td>" for cell in row) + "</tr>"
            for row in cohort.sheets[title].rows
        )
        head = '<html><head><meta charset="utf-8"></head><body>'
        (folder / name).write_text(f"{head}<table>{rows}</table></body></html>", encoding="utf-8")


def only_sheet(cohort: Cohort) -> Sheet:
    """The sheet of an export of one."""
    (sheet,) = cohort.sheets.values()
    return sheet
