"""The export itself, opened without venaza: the text of one cell by file, sheet, row and column."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from python_calamine import CalamineWorkbook


class Export:
    """The files of one export; each sheet is read once."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder, self.project = folder, project
        self._sheets: dict[tuple, list[list]] = {}

    def sheet(self, file: str, name: str | None) -> list[list]:
        """The rows of a sheet, the first row of the sheet first."""
        if (file, name) not in self._sheets:
            path = self.folder / file
            if path.suffix == ".csv":
                with path.open(encoding="utf-8", newline="") as opened:
                    rows = list(csv.reader(opened))
            else:
                book = CalamineWorkbook.from_path(str(path))
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            self._sheets[(file, name)] = rows
        return self._sheets[(file, name)]

    def text(self, cell: dict) -> str | None:
        """What stands at the place that a cell of the JSON names; None where it is empty."""
        row = self.sheet(cell["SRCFILE"], cell["SRCSHEET"])[cell["SRCROW"] - 1]
        return as_text(row[column_number(cell["COL"])])

    def beside(self, cell: dict, header: str) -> str | None:
        """What stands in the same row under another header."""
        rows = self.sheet(cell["SRCFILE"], cell["SRCSHEET"])
        for titles in rows[:5]:
            names = [str(title).strip() for title in titles]
            if header in names:
                return as_text(rows[cell["SRCROW"] - 1][names.index(header)])
        raise AssertionError(f"no column {header}")

    def of_record(self, cell: dict, record: str, header: str) -> str | None:
        """What a REDCap record says under a header, in whichever of its rows that is."""
        names, *rows = self.sheet(cell["SRCFILE"], cell["SRCSHEET"])
        said = [as_text(row[names.index(header)]) for row in rows if row[0] == record]
        return next((text for text in said if text is not None), None)

    def published(self, file: str, row: int) -> dict[str, str]:
        """A row of a file of the project, by the line on which it stands."""
        with (self.project / file).open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            return next(line for line in reader if reader.line_num == row)

    def header(self, cell: dict) -> bool:
        """Whether the column of the cell has the header that the JSON says."""
        rows = self.sheet(cell["SRCFILE"], cell["SRCSHEET"])
        at = column_number(cell["COL"])
        return any(at < len(row) and as_text(row[at]) == cell["SRCCOL"] for row in rows[:5])


def column_number(letters: str) -> int:
    """``A`` is 0, ``AA`` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def as_text(value: object) -> str | None:
    """A cell's value as a person would type it: 70 for 70.0, the day of a date."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
