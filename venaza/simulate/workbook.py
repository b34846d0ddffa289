"""Excel workbooks with the same bytes whenever they are written."""

from __future__ import annotations

import datetime as dt
import io

from venaza.contracts.workbook import repacked


def workbook_bytes(
    sheets: dict[str, list[list[object]]], *, title: str, day: dt.date, header_rows: dict[str, int]
) -> bytes:
    """An .xlsx of ``sheets`` (name -> lines of cells), deterministic to the byte.

    ``title`` and ``day`` become the document's title and dates; ``header_rows`` gives the row
    (from 1) that is set in bold in each sheet. The archive is stored without compression,
    since compressors differ between machines, and its XML is canonical, since openpyxl writes
    it by lxml where that is installed and by the standard library where not.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for cell in sheet[header_rows[name]]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = sheet.cell(header_rows[name] + 1, 2)
        for column in sheet.iter_cols(min_row=1, max_row=1):
            sheet.column_dimensions[column[0].column_letter].width = 14
    book.properties.title = title
    book.properties.creator = "venaza simulate"
    buffer = io.BytesIO()
    book.save(buffer)
    return repacked(buffer.getvalue(), day)
