"""Opening the files of an export: workbooks and delimited text, each cell as text."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path

from venaza.errors import StudyError

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"}
TEXTS = {".csv", ".tsv", ".txt"}
FORMATS = WORKBOOKS | TEXTS

#: A cell: its text and what it was in the file (text, number, date, boolean).
Cell = tuple[str, str]


def open_sheets(path: Path, encoding: str | None = None) -> dict[str, list[list[Cell]]]:
    """Every sheet of a file as rows of cells, row 1 first; a text file has one sheet, ``""``.

    Raises ``StudyError`` where the file is empty, damaged, locked or in an unknown encoding.
    """
    if path.stat().st_size == 0:
        raise StudyError(
            "This file is empty.",
            fix="Ask for the export again, or take the file out of the folder.",
            file=path.name,
        )
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path)
    text, _ = decode(path, encoding)
    return {"": _delimited(text, path)}


def _workbook(path: Path) -> dict[str, list[list[Cell]]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            return {
                name: [
                    [as_cell(value) for value in row]
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in book.sheet_names
            }
    except PasswordError:
        raise StudyError(
            "This workbook is locked with a password.",
            fix="Open it, save it without a password, and put that into the export folder.",
            file=path.name,
        ) from None
    except (CalamineError, OSError) as error:
        raise StudyError(
            f"This workbook cannot be read ({error}).",
            fix="Open it in a spreadsheet program and save it again as .xlsx.",
            file=path.name,
        ) from None


def as_cell(value: object) -> Cell:
    """A workbook's value as text, without the ``.0`` that spreadsheets give to whole numbers."""
    if value is None or value == "":
        return "", "text"
    if isinstance(value, bool):
        return str(value).upper(), "boolean"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return (value.date() if midnight else value).isoformat(), "date"
    if isinstance(value, dt.date):
        return value.isoformat(), "date"
    if isinstance(value, (int, float)):
        whole = float(value).is_integer() and abs(value) < 1e15
        return (str(int(value)) if whole else repr(float(value))), "number"
    return str(value), "text"


def decode(path: Path, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding that it was in.

    A byte-order mark decides; else strict UTF-8, then strict GB18030, unless the study file
    names the encoding. Detection by statistics is wrong on mostly-ASCII Chinese files.
    """
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif encoding:
        candidates = [encoding]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for candidate in candidates:
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text, candidate
    raise StudyError(
        f"The text of this file is not in the encoding {' or '.join(candidates)}.",
        fix="Name its encoding in the study file (tables > TABLE > encoding), or save it as UTF-8.",
        file=path.name,
    )


def _delimited(text: str, path: Path) -> list[list[Cell]]:
    try:
        source = io.StringIO(text, newline="")
        rows = list(csv.reader(source, delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise StudyError(
            f"This text file cannot be read as a table ({error}).",
            fix="Look for a quotation mark that is opened and not closed.",
            file=path.name,
        ) from None
    return [[(value, "text") for value in row] for row in rows]


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        return max(((lines, cuts) for cuts, lines in counts.items()), default=(0, 0))

    return max("\t;,", key=fit)


def header_of(rows: list[list[Cell]], header_row: int) -> list[str]:
    """The headers in row ``header_row`` (1 is the first); empty where the row does not exist."""
    if header_row > len(rows):
        return []
    return [text for text, _ in rows[header_row - 1]]
