"""Workbooks for tests: rows by sheet, as a file's bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from openpyxl import Workbook


def workbook(
    sheets: Mapping[str, Iterable[Sequence[object]]],
    merged: Mapping[str, Iterable[str]] | None = None,
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """An .xlsx of rows by sheet; ``merged`` are its merged areas, ``change`` does the rest."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
