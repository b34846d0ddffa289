"""The rows of an answer of ``why --json``, read from the export cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from tests.recompute import reading
from tests.recompute.export import Export

#: Levels of the kind of therapy have their own words in the column of the regimen.
_KIND = "PFTRTCL"


class Answer:
    """An answer of ``why --json`` beside the export that it speaks of."""

    def __init__(self, told: dict, export: Export, ask: Callable[[str], Answer]) -> None:
        self.told, self.export, self.ask = told, export, ask
        self.number = told["number"]
        self.key = self.number["ard_id"].split(".")
        self.rows = [Row(row, self) for row in told["rows"]]

    @property
    def rest(self) -> list[str]:
        """The parts of the id after the endpoint, whose own code may have dots."""
        return self.number["ard_id"].partition(f".{self.number['endpoint']}.")[2].split(".")

    @property
    def month(self) -> float:
        """Days in a month where the number is in months, otherwise 1."""
        return self.told["days_per_month"] or 1.0


class Row:
    """One analysis row; its cells are read from the export, not from the answer."""

    def __init__(self, row: dict, answer: Answer) -> None:
        self.row, self.answer = row, answer
        self.cells = row.get("cells", [])

    def cell(self, of: str, column: str | None = None) -> dict | None:
        """The cell that gives a column of the row; None where the export has none."""
        for cell in self.cells:
            named = cell["of"] == of and cell["condition"] is None
            if named and (column is None or cell["SRCVAR"] == column):
                return cell
        return None

    def text(self, of: str, column: str | None = None) -> str | None:
        """What stands in the export at that cell."""
        cell = self.cell(of, column)
        if cell is None or cell["COL"] is None:
            return None
        return self.answer.export.text(cell)

    def level(self, of: str, column: str | None = None) -> str | None:
        """The word in that cell, as the level that it means."""
        cell = self.cell(of, column)
        if cell is None or cell["COL"] is None:
            return None
        return reading.word(cell["SRCCOL"], self.answer.export.text(cell), of == _KIND)

    def number(self, of: str, column: str | None = None) -> float | None:
        """The number in that cell; None also where cleaning asks the clinic about it."""
        cell = self.cell(of, column)
        if cell is None or cell["CLEAN"] is None:
            return None
        found = reading.number(self.answer.export.text(cell))
        tenfold = found is not None and cell["SRCCOL"] in reading.TENFOLD
        return found * 10 if tenfold else found

    def group(self) -> str | None:
        """The analysis group by the word in the export."""
        return self.level("GROUP")

    def days(self, start: str, end: str) -> int | None:
        """Days from one dated cell to another."""
        last = self.text(end)
        return None if last is None else reading.days_between(self.text(start), last)

    def beside(self, header: str) -> str | None:
        """Another cell of the patient's row in the sheet of the patients."""
        return self.answer.export.beside(self.cell("GROUP"), header)


class Time(NamedTuple):
    """A time in days, its status (0 event, 1 censored, 2 competing), and whose it is."""

    days: float
    status: int
    row: Row

    @property
    def event(self) -> bool:
        return self.status == 0


def times(answer: Answer) -> list[Time]:
    """The times of the rows of an endpoint: the last cell less the first one."""
    return [Time(_days(row, row.row.get("PARAMCD")), _status(row), row) for row in answer.rows]


def _days(row: Row, code: str | None) -> float:
    code = code or row.answer.number["endpoint"]
    said = row.row["EVNTDESC"]
    if said in ("No remission by the landmark", "Death before assessment"):
        return 0 if code.endswith("eln2022") else _landmark(row)
    end = row.text("ADT", row.row["SRCVAR"])
    if row.row["SRCVAR"] == "INDEXDT":
        return 0
    return reading.days_between(row.text("STARTDT"), end)


def _landmark(row: Row) -> int:
    """Failure dated at day 180, or at an earlier death."""
    death = row.beside("死亡日期")
    if reading.tidy(death) in ("", "NA", "-", "/", "不详", "未查"):
        return 180
    return min(180, reading.days_between(row.text("STARTDT"), death))


def _status(row: Row) -> int:
    """The status, after asking whether the cells bear it out."""
    status, source = row.row["CNSR"], row.row["SRCVAR"]
    if source == "DTHDT":
        assert status in (0, 2), row.row
    elif source in ("LSTALVDT", "EXSTDT", "EXENDT", "AEENDT", "AESTDT", "LBDT"):
        assert status == 1, row.row
    for cell in row.cells:
        if cell["of"] == "ADT" and cell["condition"] is not None:
            assert row.answer.export.text(cell) == cell["condition"], cell
    response = row.cell("ADT", "RSINV") if source == "RSDT" else None
    if response is not None and response["COL"] is not None:
        said = reading.word(response["SRCCOL"], row.answer.export.text(response))
        if status in (0, 2) and "remission" not in row.row["EVNTDESC"]:
            wanted = {
                "Relapse": ["RELAPSE"],
                "Progressive disease": ["PD"],
                "Refractory disease": ["NR", "PD", "SD"],
            }[row.row["EVNTDESC"]]
            assert said in wanted, row.row
    return status


def checked(answer: Answer) -> int:
    """How many cells are named; each must have in the export what the JSON says of it."""
    count = 0
    for row in answer.rows:
        for cell in row.cells:
            if cell["COL"] is None:
                assert cell["RAW"] is None, cell
                continue
            found = answer.export.text(cell)
            assert same_text(found, cell["RAW"]), (found, cell)
            assert answer.export.header(cell), cell
            count += cell["RAW"] is not None
    return count


def same_text(found: str | None, told: str | None) -> bool:
    """Whether a cell has the text that is told of it; a date may be told with its time."""
    if found is None or told is None:
        return found is told
    return found == told or (told.startswith(found) and isinstance(reading.day(found), dt.date))
