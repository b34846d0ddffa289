"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): every sheet, hidden ones too, cell by cell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.guard import guarded
from venaza.pipeline.intake.limits import Limits, check_lengths
from venaza.pipeline.intake.ods_scan import scan_ods
from venaza.pipeline.intake.package import open_zip, refuse_entities
from venaza.pipeline.intake.scan import Scan, scan_xlsx
from venaza.pipeline.intake.sheet import EMPTY, Cell, Opened, Sheet, as_cell, letters
from venaza.pipeline.intake.workbook_calendar import day_zero
from venaza.pipeline.intake.xls_scan import scan_xls
from venaza.pipeline.intake.xlsb_scan import scan_xlsb

#: What a format of a period leaves out of a date.
_LEFT_OUT = {"month": "day", "year": "month and the day"}
#: Digits that a spreadsheet keeps of a number; what lies behind them comes from its arithmetic.
_DIGITS = 15


def read_workbook(path: Path, kind: str, limits: Limits, head: int | None = None) -> Opened:
    """Every sheet of a workbook of ``kind`` (xlsx, xlsb, xls, ods); ``head`` rows of each."""
    import python_calamine  # noqa: F401 - imported before the child process starts

    def work() -> Opened:
        scans, notes = _scans(path, kind, limits, head is not None)
        sheets = _calamine(path, scans, limits, head)
        start = day_zero(path, kind, limits)
        for sheet in sheets:
            sheet.day_zero = start
        return Opened(kind, sheets, notes=notes)

    return guarded(work, limits, path.name)


def _scans(path: Path, kind: str, limits: Limits, head: bool) -> tuple[dict[str, Scan], list[str]]:
    if kind == "xls":
        return scan_xls(path, limits, path.name), []
    with open_zip(path, limits, path.name) as package:
        refuse_entities(package, path.name)
        notes = _unread(package)
        if kind == "xlsx":
            return scan_xlsx(package, limits, path.name, extent_only=head), notes
        if kind == "ods":
            return scan_ods(package, limits, path.name), notes
        return scan_xlsb(package, limits, path.name), notes


def _unread(package) -> list[str]:
    """What the workbook holds beside cells, and is not read."""
    names = [name.lower() for name in package.namelist()]
    parts = {
        "comments": ("/comments", "threadedcomment"),
        "macros": ("vbaproject.bin",),
        "pictures": ("/media/", "pictures/"),
        "charts": ("/charts/",),
    }
    notes = [
        f"{what} are not read"
        for what, marks in parts.items()
        if any(mark in name for name in names for mark in marks)
    ]
    if "xl/styles.xml" in names:
        styles = package.read(package.namelist()[names.index("xl/styles.xml")])
        if styles.count(b"<fill>") > 2:
            notes.append("colours of cells are not read")
        if b"<strike" in styles:
            notes.append("struck-through text is read as text")
    return notes


def _calamine(path: Path, scans: dict[str, Scan], limits: Limits, head: int | None) -> list[Sheet]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = []
            for known in book.sheets_metadata:
                if known.typ == SheetTypeEnum.WorkSheet:
                    sheet = book.get_sheet_by_name(known.name)
                    made = _sheet(sheet, known.visible != SheetVisibleEnum.Visible, head)
                else:
                    made = Sheet(known.name, [], notes=["no sheet of cells: not read"])
                _lay_over(made, scans.get(known.name), head)
                check_lengths(made.rows, limits, path.name, made.name)
                sheets.append(made)
            return sheets
    except PasswordError:
        raise StudyError(
            "This workbook is locked with a password.",
            fix="Ask for the export without a password.",
            file=path.name,
        ) from None
    except (CalamineError, OSError) as error:
        if "memory" in str(error).lower() or "limit exceeded" in str(error).lower():
            raise MemoryError from None
        raise StudyError(
            f"This workbook cannot be read ({error}).",
            fix="Ask for the export again, as .xlsx or .csv.",
            file=path.name,
        ) from None


def _show(sheet: Sheet, scan: Scan) -> None:
    """Give the numbers as their formats show them; what is stored stays beside them."""
    done: Counter = Counter()
    days = _days_shown(sheet, scan)
    for (row, column), form in sorted(scan.formats.items()):
        text, kind = _cell(sheet, row, column)
        if kind == "date" and form.period and not (form.by_language and column in days):
            shown, how = form.of_date(text), f"without the {_LEFT_OUT[form.period]}"
        elif kind == "number" and not form.period:
            shown, how = form.shown(text), form.kind(text)
        else:
            continue
        if shown != text:
            sheet.rows[row][column] = (shown, kind)
            sheet.stored[(row, column)] = text
            done[(column, how)] += 1
    for (column, how), n in sorted(done.items()):
        what = "date" if how.startswith("without") else "number"
        said = f"column {letters(column)}: {n} {what}(s) are read as they are shown, {how}"
        sheet.notes.append(said)


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    line = sheet.rows[row] if row < len(sheet.rows) else []
    return line[column] if column < len(line) else EMPTY


def _days_shown(sheet: Sheet, scan: Scan) -> set[int]:
    """Columns whose format shows a month in one language and the day in another: the day, here.

    Who types a month gets its first day; a column with any other day was typed in days.
    """
    return {
        column
        for (row, column), form in scan.formats.items()
        if form.by_language and not _cell(sheet, row, column)[0].endswith("-01")
    }


def _sheet(sheet, hidden: bool, head: int | None) -> Sheet:
    values = sheet.to_python(skip_empty_area=False, nrows=head)
    rows = [[as_cell(_number(value)) for value in row] for row in values]
    ranges = sheet.merged_cell_ranges
    merged = None
    if ranges is not None:
        merged = [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    return Sheet(sheet.name, rows, hidden=hidden, merged=merged)


def _number(value: object) -> object:
    """A number with the digits that a spreadsheet keeps: =1.1*1.1 is 1.21 in it."""
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _lay_over(sheet: Sheet, scan: Scan | None, head: int | None) -> None:
    """Put the scan's cells where calamine has left them empty."""
    if scan is None:
        return
    sheet.notes += scan.notes()
    if scan.merged is not None:
        sheet.merged = scan.merged
    _show(sheet, scan)
    for (row, column), cell in sorted(scan.overlay.items()):
        if head is not None and row >= head:
            continue
        while len(sheet.rows) <= row:
            sheet.rows.append([])
        line = sheet.rows[row]
        line += [EMPTY] * (column + 1 - len(line))
        if line[column] == EMPTY or cell[1] == "error":
            line[column] = cell
