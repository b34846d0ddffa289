"""What raw layouts are made of: rows of the patients, workbooks and text files."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.new_study.twelve import EFS, PATIENTS, Patient
from tests.workbooks import workbook

Cell = object
Columns = dict[str, Callable[[Patient], Cell]]


@dataclass(frozen=True)
class Layout:
    """One way to write the cohort; ``edits`` replace a text of the study file by another."""

    name: str
    what: str
    write: Callable[[Path], None]
    edits: tuple[tuple[str, str], ...] = ()
    efs: dict[str, tuple[int, int]] | None = None
    #: Days by which a time may differ, where the export rounds it.
    within: int = 0

    @property
    def expected(self) -> dict[str, tuple[int, int]]:
        return EFS if self.efs is None else self.efs


def rows_of(columns: Columns) -> list[list[Cell]]:
    """A header and a row for each patient."""
    return [list(columns), *([cell(p) for cell in columns.values()] for p in PATIENTS)]


def book(name: str, **sheets: list[list[Cell]]) -> Callable[[Path], None]:
    """A workbook with dates as such."""

    def write(folder: Path) -> None:
        titled = {title.replace("_", " "): rows for title, rows in sheets.items()}
        (folder / name).write_bytes(workbook(titled))

    return write


def texts(separator: str = ",", encoding: str = "utf-8", **files: list[list[Cell]]):
    """A text file for each; ``separator`` between the cells."""

    def write(folder: Path) -> None:
        for name, rows in files.items():
            with open(folder / f"{name}.csv", "w", encoding=encoding, newline="") as stream:
                csv.writer(stream, delimiter=separator).writerows(
                    [["" if c is None else c for c in row] for row in rows]
                )

    return write


def day(name: str, shown: Callable[[dt.date], Cell] = lambda day: day, empty: Cell = None):
    """The date of an event of a patient, or what stands where there was none."""
    return lambda p: empty if (on := p.on(getattr(p, name))) is None else shown(on)


def relapse(number: int, shown: Callable[[dt.date], Cell] = lambda day: day, empty: Cell = None):
    """The date of a patient's relapse of this number."""
    return lambda p: empty if (on := p.on(p.relapse(number))) is None else shown(on)


def german(date: dt.date) -> str:
    return f"{date:%d.%m.%Y}"


def slashed(date: dt.date) -> str:
    return f"{date:%d/%m/%Y}"
