"""The intake tables: every cell of an export with its address, and every file with its hash."""

from __future__ import annotations

import fnmatch
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.contracts.intake import CELLS
from venaza.intake.read import TEXTS, decode, header_of, open_sheets
from venaza.intake.redcap import add_labels

if TYPE_CHECKING:
    import pandas as pd


def letters(position: int) -> str:
    """The spreadsheet's letters for a column; 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_export(paths: list[Path], folder: Path, study: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every cell that is not empty (``CELLS``) and every file (``FILES``) of an export.

    ``paths`` lie in ``folder``. Header rows are taken from the study's tables; a sheet that
    no table maps is kept too, with its first row as header.
    """
    import pandas as pd

    cells, files = [], []
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix()
        encoding = _encoding(path, study)
        sheets = open_sheets(path, encoding)
        count = len(cells)
        for sheet, rows in sheets.items():
            cells += _cells_of(name, sheet, rows, _header_row(path, sheet, study))
        data = path.read_bytes()
        text = path.suffix.lower() in TEXTS
        files.append(
            {
                "SRCFILE": name,
                "SHA256": hashlib.sha256(data).hexdigest(),
                "BYTES": len(data),
                "FORMAT": path.suffix.lower().lstrip("."),
                "ENCODING": decode(path, encoding)[1] if text else None,
                "SHEETS": len(sheets),
                "CELLS": len(cells) - count,
            }
        )
    frame = pd.DataFrame(cells, columns=[column.name for column in CELLS])
    return add_labels(frame, study.get("redcap")), pd.DataFrame(files)


def _encoding(path: Path, study: dict) -> str | None:
    for spec in study["tables"].values():
        if fnmatch.fnmatch(path.name, spec["file"]) and "encoding" in spec:
            return spec["encoding"]
    return None


def _header_row(path: Path, sheet: str, study: dict) -> int:
    for spec in study["tables"].values():
        if fnmatch.fnmatch(path.name, spec["file"]) and spec.get("sheet", sheet) == sheet:
            return spec["header_row"]
    return 1


def _cells_of(file: str, sheet: str, rows: list, header_row: int) -> list[tuple]:
    headers = header_of(rows, header_row)
    found = []
    for number, row in enumerate(rows, start=1):
        for position, (text, kind) in enumerate(row):
            if text == "":
                continue
            known = number > header_row and position < len(headers)
            header = headers[position] if known else None
            place = (file, sheet, number, letters(position))
            found.append((*place, header or None, text, kind, None))
    return found
