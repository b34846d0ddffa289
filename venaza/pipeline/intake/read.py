"""Opening the files of an export: workbooks, text, statistics files, each cell as text."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.formats import format_of
from venaza.pipeline.intake.guard import guarded
from venaza.pipeline.intake.headers import headers_of
from venaza.pipeline.intake.html_table import read_html
from venaza.pipeline.intake.limits import Limits, keep_within
from venaza.pipeline.intake.sheet import Cell, Opened, Sheet
from venaza.pipeline.intake.statistics_file import read_statistics
from venaza.pipeline.intake.text import empty_file, read_text
from venaza.pipeline.intake.workbook import read_workbook


def open_file(
    path: Path, encoding: str | None = None, limits: Limits | None = None, head: int | None = None
) -> Opened:
    """A file of the export, opened as what its content is; ``head`` limits the rows of a sheet.

    Raises ``StudyError`` where the file is empty, damaged, locked, too large, in an unknown
    encoding, or no table at all. An archive is not opened here but in ``archives``.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise empty_file(path.name)
    keep_within(limits, "file_mb", size, "This file is too large", path.name)
    kind = format_of(path)
    if kind in ("xlsx", "xlsb", "xls", "ods"):
        opened = read_workbook(path, kind, limits, head)
    elif kind in _STATISTICS:
        opened = read_statistics(path, kind, encoding, limits, head)
    elif kind == "html":
        opened = guarded(lambda: read_html(path, encoding, limits), limits, path.name)
    elif kind == "zip":
        raise StudyError(
            "This file is a zip archive, which is not read here, or not named so.",
            fix="Unpack it, or put it into the export folder with the ending .zip.",
            file=path.name,
        )
    else:
        opened = read_text(path, encoding, limits, head)
    ending = path.suffix.lower().lstrip(".")
    if ending not in _ENDINGS[opened.format]:
        opened.notes.append(f"named .{ending}, but its content is {opened.format}")
    return opened


_STATISTICS = {"sav", "xpt", "sas7bdat", "dta"}
#: The endings that go with each format; any other is noted.
_ENDINGS = {
    "text": {"csv", "tsv", "txt"},
    "html": {"html", "htm"},
    "xlsx": {"xlsx", "xlsm"},
    "sav": {"sav", "zsav"},
    **{kind: {kind} for kind in ("xlsb", "xls", "ods", "xpt", "sas7bdat", "dta")},
}


def open_sheets(
    path: Path, encoding: str | None = None, head: int | None = None
) -> dict[str, list[list[Cell]]]:
    """Every sheet of a file as rows of cells, row 1 first; a text file has one sheet, ``""``.

    With ``head`` the first rows only. An archive is for ``archives.sources`` to open.
    """
    opened = open_file(path, encoding, head=head)
    return {sheet.name: sheet.rows[:head] for sheet in opened.sheets}


def header_of(rows: list[list[Cell]], header_row: int | list[int]) -> list[str]:
    """The headers in ``header_row`` (1 is the first); empty where the row does not exist.

    Those of several rows are joined as ``headers_of`` joins them where merges are not known.
    """
    if not isinstance(header_row, int):
        return headers_of(Sheet("", rows), list(header_row)).raw
    if header_row > len(rows):
        return []
    return [text for text, _ in rows[header_row - 1]]
