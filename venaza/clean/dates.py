"""Dates as hospitals write them, read strictly: the same answer on whatever day it runs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_CLOCK = r"(?:[ T]*(?:上午|下午|AM|PM)?\s*\d{1,2}[:时]\d{1,2}(?::\d{1,2}|分)?(?:\.\d+)?)?"
_YMD = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_CLOCK}")
_COMPLETED = re.compile(r"(\d{4}-\d{2}-\d{2})~([DM])")  # made by the shift of dates, in no export
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_YM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_Y = re.compile(r"(\d{4})\s*年?")
_DAY_MONTH = re.compile(r"(?:\d{1,2}\s*[-/.]\s*){2}(?:\d{2}|\d{4}|\d)")
_EXCEL_EPOCH = dt.date(1899, 12, 30)  # serial 60 is the day that never was; later ones are right
_FIRST, _LAST = dt.date(1900, 1, 2), dt.date(2100, 1, 1)  # 1900-01-01 is a spreadsheet's empty


@dataclass(frozen=True)
class Day:
    """A date read from a cell: the day, the CDISC imputation flag, the rule, or a problem."""

    day: dt.date | None = None
    flag: str = ""
    rule: str = ""
    problem: str = ""


def read_date(text: str, partial: dict) -> Day:
    """Read a tidy text as a date.

    Understands Y-M-D, Y/M/D, Y.M.D, Y年M月D日, YYYYMMDD, an Excel serial (1900 system), each
    with a time of day that is dropped. A month or a year alone is completed by ``partial``
    (``missing_day``, ``missing_month``: a number, or ``refuse``) and flagged ``D`` or ``M``.
    Two-digit years and day-first dates are refused: they have more than one reading.
    """
    if match := _COMPLETED.fullmatch(text):
        return Day(dt.date.fromisoformat(match[1]), match[2], "completed before it was shifted")
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        style = "" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "date format"
        return _day(*map(int, match.groups()), rule=style)
    if _SERIAL.fullmatch(text):
        return _bounded(_EXCEL_EPOCH + dt.timedelta(days=int(float(text))), "Excel serial date")
    if match := _YM.fullmatch(text):
        return _completed(int(match[1]), int(match[2]), partial)
    if match := _Y.fullmatch(text):
        month = partial.get("missing_month", "refuse")
        if month == "refuse":
            return Day(problem="the month is missing")
        return _completed(int(match[1]), month, partial, flag="M")
    if _DAY_MONTH.fullmatch(text):
        return Day(problem="day, month and year cannot be told apart")
    return Day(problem="not a date")


def _completed(year: int, month: int, partial: dict, flag: str = "D") -> Day:
    day = partial.get("missing_day", "refuse")
    if day == "refuse":
        return Day(problem="the day is missing")
    read = _day(year, month, day, rule="imputed month and day" if flag == "M" else "imputed day")
    return Day(read.day, flag if read.day else "", read.rule, read.problem)


def _day(year: int, month: int, day: int, rule: str) -> Day:
    try:
        return _bounded(dt.date(year, month, day), rule)
    except ValueError:
        return Day(problem="no such day in the calendar")


def _bounded(day: dt.date, rule: str) -> Day:
    if not _FIRST <= day < _LAST:
        return Day(problem=f"{day.isoformat()} cannot be a patient's date")
    return Day(day, rule=rule)
