"""Files of SPSS, SAS and Stata, written by pyreadstat: what a program stores, and how it shows it.

A date is a number there, counted from a day of the program's own, and a format by its side. The
writers here store the number themselves, so that any format of the program can stand beside it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat

from tests.metamorphic.calendar import true_dates
from tests.metamorphic.cohort import Cohort, Sheet, day_of, filled, number_of, plain
from tests.metamorphic.write import text_of, titles

SAS = STATA = datetime.date(1960, 1, 1)
SPSS = datetime.date(1582, 10, 14)
DAY = 86400
#: Header -> code -> what it means.
Labels = dict[str, dict[int, str]]
#: Words that a typed column of such a file cannot hold; it holds nothing there.
_EMPTY = {"-", "/", "NA", "未查", "不详"}


def short_names(cohort: Cohort) -> None:
    """Names of at most eight letters and digits in the place of other headers."""
    for title, sheet in cohort.sheets.items():
        headers = [header for header in sheet.headers if header]
        if not all(h.isascii() and h.replace("_", "").isalnum() for h in headers):
            cohort.refer(title, {h: f"v{n}" for n, h in enumerate(headers, start=1)})


def _typed(sheet: Sheet, header: str, dated: bool) -> tuple[str, list]:
    """``date``, ``number`` or ``text``, and the values of a column, None where it is empty."""
    cells = [
        cell if filled(cell) and plain(cell) not in _EMPTY else None
        for cell in sheet.column(header)
    ]
    held = [cell for cell in cells if cell is not None]
    if dated and held and all(day_of(cell) for cell in held):
        return "date", [cell and day_of(cell) for cell in cells]
    if held and all(number_of(cell) is not None for cell in held):
        return "number", [None if cell is None else float(number_of(cell)) for cell in cells]
    return "text", [text_of(cell) for cell in sheet.column(header)]


def frame_of(
    cohort: Cohort, title: str, stored: Callable[[datetime.date], float]
) -> tuple[pd.DataFrame, list[str]]:
    """A sheet as columns of numbers and texts, and which of them are dates as ``stored``."""
    sheet = cohort.sheets[title]
    dated = {header for where, header in cohort.dates() if where == title and cohort.calendar}
    columns, dates = {}, []
    for header in filter(None, sheet.headers):
        kind, values = _typed(sheet, header, header in dated)
        if kind == "date":
            dates.append(header)
            values = [float("nan") if day is None else stored(day) for day in values]
        columns[header] = pd.Series(values, dtype=object if kind == "text" else float)
    return pd.DataFrame(columns), dates


def spss(
    shown: str = "DATE11", compress: bool = False, of_death: str = "", labels: Labels | None = None
) -> Callable[[Cohort, Path], None]:
    """A .sav, or a .zsav, whose dates are ``shown`` so: seconds since 14 October 1582."""

    def write(cohort: Cohort, folder: Path) -> None:
        true_dates(cohort)
        short_names(cohort)
        for title, name in titles(cohort, ".zsav" if compress else ".sav", untitled=True).items():
            frame, dates = frame_of(cohort, title, lambda day: (day - SPSS).days * DAY)
            formats = dict.fromkeys(dates, shown)
            if of_death and title == cohort.sheet_of("patients"):
                formats[cohort.header("patients", "DTHDT")] = of_death
            pyreadstat.write_sav(
                frame,
                folder / name,
                compress=compress,
                variable_format=formats,
                variable_value_labels=labels,
            )

    return write


def sas(
    shown: str = "DATE9.", version: int = 8, times: bool = False
) -> Callable[[Cohort, Path], None]:
    """A transport file, dates ``shown`` so: days, or with ``times`` seconds, since 1960."""

    def write(cohort: Cohort, folder: Path) -> None:
        true_dates(cohort)
        short_names(cohort)
        unit = DAY if times else 1
        for title, name in titles(cohort, ".xpt", untitled=True).items():
            frame, dates = frame_of(cohort, title, lambda day: (day - SAS).days * unit)
            formats = dict.fromkeys(dates, shown)
            pyreadstat.write_xport(
                frame, folder / name, file_format_version=version, variable_format=formats
            )

    return write


def stata(
    shown: str = "%td", times: bool = False, labels: Labels | None = None
) -> Callable[[Cohort, Path], None]:
    """A .dta whose dates are ``shown`` so: days, or with ``times`` milliseconds, since 1960."""

    def write(cohort: Cohort, folder: Path) -> None:
        true_dates(cohort)
        short_names(cohort)
        unit = DAY * 1000 if times else 1
        for title, name in titles(cohort, ".dta", untitled=True).items():
            frame, dates = frame_of(cohort, title, lambda day: (day - STATA).days * unit)
            formats = dict.fromkeys(dates, shown)
            pyreadstat.write_dta(
                frame, folder / name, variable_format=formats, variable_value_labels=labels
            )

    return write
