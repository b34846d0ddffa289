"""What calamine does not say of an old workbook (.xls): its extent, error cells, number formats."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.number_formats import BUILT_IN, NumberFormat, formats_of
from venaza.pipeline.intake.scan import Scan

if TYPE_CHECKING:
    from xlrd import Book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The numbers that stand for errors, in binary workbooks of either kind.
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan_xls(path: Path, limits: Limits, shown: str) -> dict[str, Scan]:
    """Each sheet of cells by its name; empty where xlrd cannot follow the file.

    The reader proper (calamine) judges a damaged workbook; this one only adds to it.
    """
    book = _opened(path)
    return {name: _scan(book, name, limits, shown) for name in book.sheet_names()} if book else {}


def since_1904(path: Path) -> bool:
    """Whether the workbook counts its days from 1904; not where xlrd cannot follow the file."""
    book = _opened(path, on_demand=True)
    return book is not None and book.datemode == 1


def _opened(path: Path, *, on_demand: bool = False) -> Book | None:
    """The workbook as xlrd reads it, with the styles of its cells; its warnings are not printed."""
    import xlrd

    try:
        return xlrd.open_workbook(
            str(path), logfile=io.StringIO(), formatting_info=True, on_demand=on_demand
        )
    except Exception:  # noqa: BLE001 - of a damaged file xlrd raises whatever it stumbled over
        return None


def _scan(book: Book, name: str, limits: Limits, shown: str) -> Scan:
    from xlrd import XL_CELL_BLANK, XL_CELL_DATE, XL_CELL_EMPTY, XL_CELL_ERROR, XL_CELL_NUMBER

    formats, scan, sheet = _formats(book), Scan(), book.sheet_by_name(name)
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (XL_CELL_EMPTY, XL_CELL_BLANK):
                continue
            scan.reach(row + 1, column + 1, limits, shown, name)
            if kind == XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                scan.overlay[(row, column)] = (ERRORS.get(code, "#N/A"), "error")
            elif kind in (XL_CELL_NUMBER, XL_CELL_DATE) and formats:
                style = sheet.cell_xf_index(row, column)
                if style in formats:
                    scan.formats[(row, column)] = formats[style]
    return scan


def _formats(book: Book) -> dict[int, NumberFormat]:
    """The formats that show another number than is stored, by the number of the cell's style."""
    codes = BUILT_IN | {key: form.format_str for key, form in book.format_map.items()}
    return formats_of(codes.get(xf.format_key, "") for xf in book.xf_list)
