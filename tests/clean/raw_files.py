"""Raw files opened by openpyxl and csv alone: the text of a cell by file, sheet, row and column."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import openpyxl
from openpyxl.utils import column_index_from_string


class RawFiles:
    """The files of one export; each is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[str, str], list] = {}

    def rows(self, file: str, sheet: str) -> list:
        """The rows of a sheet, the first row of the sheet first."""
        if (file, sheet) not in self._read:
            path = self.folder / file
            if path.suffix == ".csv":
                with path.open(encoding="utf-8-sig", newline="") as opened:
                    self._read[(file, sheet)] = list(csv.reader(opened))
            else:
                book = openpyxl.load_workbook(path, read_only=True, data_only=True)
                for name in book.sheetnames:
                    self._read[(file, name)] = list(book[name].iter_rows(values_only=True))
        return self._read[(file, sheet)]

    def value(self, file: str, sheet: str, row: int, column: str) -> object:
        """What a cell holds, as the file types it."""
        return self.rows(file, sheet)[row - 1][column_index_from_string(column) - 1]


def text_of(value: object) -> str:
    """A cell as a person would read it: the day of a date, 70 for 70.0."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
