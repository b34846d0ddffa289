"""Writes the raw files of a case as the program would: dates as it stores them, with their format.

A header may end with a format in braces, ``TRTSDT {EURDFDD10.}``, and so may a cell of a workbook,
``0.35 {0%}``. A date is written ``2021-03-05`` in every table.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.cases.case import Case, Raw

_FORMAT = re.compile(r"(.*?) ?\{(.+)\}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SPSS, _SAS = datetime.date(1582, 10, 14), datetime.date(1960, 1, 1)
_SECONDS = re.compile(r"DT|DATETIME")


def write_files(case: Case, folder: Path) -> None:
    """Every raw file of the case."""
    by_file: dict[str, list[Raw]] = {}
    for raw in case.raw:
        by_file.setdefault(raw.file, []).append(raw)
    for name, tables in by_file.items():
        suffix = name.rpartition(".")[2]
        {"csv": _text, "xlsx": _workbook}.get(suffix, _stored)(tables, folder / name)


def _apart(text: str) -> tuple[str, str]:
    """A text and the format in braces behind it."""
    found = _FORMAT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _text(tables: list[Raw], path: Path) -> None:
    (raw,) = tables
    separator = ";" if "semicolon" in raw.how else ","
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator)
    writer.writerow(raw.rows[0])
    writer.writerows([text.replace("¦", "|") for text in row.values()] for row in raw.rows)
    path.write_text(made.getvalue(), encoding="utf-8")


def _workbook(tables: list[Raw], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    if any("1904" in raw.how for raw in tables):
        book.epoch = CALENDAR_MAC_1904
    for raw in tables:
        sheet = book.create_sheet(raw.sheet or "Sheet1")
        sheet.append(list(raw.rows[0]))
        for row in raw.rows:
            cells = [_apart(text) for text in row.values()]
            sheet.append([_value(text) for text, _ in cells])
            for place, (_, shown) in enumerate(cells, start=1):
                if shown:
                    sheet.cell(sheet.max_row, place).number_format = shown
    book.save(path)


def _value(text: str) -> object:
    """What a spreadsheet makes of a typed text."""
    if _DATE.fullmatch(text):
        return datetime.date.fromisoformat(text)
    if _NUMBER.fullmatch(text) and not (text.startswith("0") and len(text) > 1 and "." not in text):
        return float(text) if "." in text else int(text)
    return text or None


def _stored(tables: list[Raw], path: Path) -> None:
    (raw,) = tables
    columns, formats = {}, {}
    for header in raw.rows[0]:
        name, shown = _apart(header)
        if shown:
            formats[name] = shown
        texts = [row[header] for row in raw.rows]
        columns[name] = [_number(text, path.suffix, shown) for text in texts]
        if not any(isinstance(cell, float) for cell in columns[name]):
            columns[name] = texts
    frame = pd.DataFrame(columns)
    write = {".sav": pyreadstat.write_sav, ".xpt": pyreadstat.write_xport}
    write.get(path.suffix, pyreadstat.write_dta)(frame, path, variable_format=formats)


def _number(text: str, suffix: str, shown: str) -> object:
    """A number, or a date as the number that the program stores; None where the cell is empty."""
    if _DATE.fullmatch(text):
        day = datetime.date.fromisoformat(text)
        if suffix == ".sav":
            return float((day - _SPSS).days * 86400)
        seconds = 86400 if _SECONDS.match(shown) and suffix == ".xpt" else 1
        return float((day - _SAS).days * seconds)
    return float(text) if _NUMBER.fullmatch(text) else (text or None)
