"""The hospital's sheets as one workbook, with the same bytes whenever it is written."""

from __future__ import annotations

import datetime as dt
import io

from venaza.commands.simulate.cohort import Cohort
from venaza.commands.simulate.defects import Defect
from venaza.commands.simulate.hospital import Row, rows_of, write_rows
from venaza.contracts.workbook import repacked


def workbook(cohort: Cohort, seed: int) -> tuple[bytes, list[Defect]]:
    """The .xlsx of a cohort's sheets, and what was planted in them beside the plan's ``defects``.

    By the plan's ``workbook`` some lines are repeated exactly, the patients' sheet has a title
    above its header and the number of patients below its last row.
    """
    plan, how, sheets, planted = cohort.plan, cohort.plan["workbook"], {}, []
    header_rows = {}
    for table, sheet in plan["sheets"].items():
        rows = rows_of(cohort, table)
        lines = write_rows(table, rows, plan, seed)
        planted += _repeat(table, rows, lines, how["repeated"].get(table, []))
        head: list[list[object]] = [list(sheet["columns"].values())]
        if table == "patients":
            head = [[how["title"]], *head]
            lines.append([None, how["total"].format(len({row["USUBJID"] for row in rows}))])
            what = "a line with a total below the table"
            planted.append(Defect(table, "", what, "row_without_patient"))
        sheets[sheet["name"]], header_rows[sheet["name"]] = head + lines, len(head)
    day = dt.date.fromisoformat(plan["cutoff"])
    title = f"SYNTHETIC DATA, export of {day}"
    return workbook_bytes(sheets, title=title, day=day, header_rows=header_rows), planted


def _repeat(
    table: str, rows: list[Row], lines: list[list[object]], shares: list[float]
) -> list[Defect]:
    """Repeat lines exactly, right below themselves, in place; ``shares`` of the sheet say which."""
    found = []
    for share in sorted(shares, reverse=True):
        place = int(share * len(rows))
        lines.insert(place + 1, list(lines[place]))
        patient = str(rows[place]["USUBJID"])
        found.append(Defect(table, patient, "row repeated exactly", "duplicate_row"))
    return found


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
