"""Dates as hospitals write them, read strictly: the same answer on whatever day it runs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from venaza.contracts.script import simplified

_SEP = r"\s*[-/._\\年]\s*"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_NOON = r"(?:上午|下午|中午|晚上|凌晨|早上|AM|PM)"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})?"
_HOURS = rf"\d{{1,2}}[:时点]\d{{1,2}}分?(?::?\d{{1,2}}秒?)?(?:\.\d+)?\s*{_NOON}?\s*{_ZONE}"
_CLOCK = rf"{_WEEKDAY}(?:[ T:]*{_NOON}?\s*(?:{_HOURS}|\d{{1,2}}[时点]))?(?:\s*{_NOON})?"
_NAME = r"([A-Za-z]{3,9})\.?"
_GAP = r"[-/ .,_]*"
_ORDINAL = r"(?:st|nd|rd|th)?"
_UNKNOWN_DAY = r"(?:UNK?|NK|XX|\?\??|--?|0?0|不详|未知)"


def _pattern(text: str) -> re.Pattern:
    return re.compile(text, re.IGNORECASE)


_YMD = _pattern(rf"(\d{{4}}){_SEP}(\d{{1,2}})\s*[-/._\\月]\s*(\d{{1,2}})\s*[日号]?{_CLOCK}")
_COMPLETED = re.compile(r"(\d{4}-\d{2}-\d{2})~([DM])")  # made by the shift of dates, in no export
_COMPACT = _pattern(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?" + _CLOCK)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_NUMBERS = _pattern(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}){_CLOCK}")
_DAY_NAME_YEAR = _pattern(rf"(\d{{1,2}}){_ORDINAL}{_GAP}{_NAME}{_GAP}(\d{{4}}){_CLOCK}")
_NAME_DAY_YEAR = _pattern(rf"{_NAME}{_GAP}(\d{{1,2}}){_ORDINAL}[-/ .,_]+(\d{{4}}){_CLOCK}")
_YEAR_NAME_DAY = _pattern(rf"(\d{{4}}){_GAP}{_NAME}{_GAP}(\d{{1,2}}){_CLOCK}")
_NAME_YEAR = _pattern(rf"(?:{_UNKNOWN_DAY}{_GAP})?{_NAME}{_GAP}(\d{{4}})")
_YM = _pattern(rf"(\d{{4}}){_SEP}(\d{{1,2}})\s*月?(?:\s*[-/.]?\s*{_UNKNOWN_DAY}日?)?")
_MY = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_Y = _pattern(rf"(\d{{4}})\s*年?(?:\s*[-/.]?\s*{_UNKNOWN_DAY}){{0,2}}")
_PART = _pattern(rf"(\d{{4}}){_SEP}(\d{{1,2}})\s*[-/.月]*\s*(上旬|初|中旬|中|下旬|底|末)")
_PART_NAME = _pattern(rf"(early|mid|late)[- ]*{_NAME}{_GAP}(\d{{4}})")
_SHORT_YEAR = _pattern(
    rf"'?\d{{1,2}}{_SEP}\d{{1,2}}\s*[-/._月]\s*\d{{1,2}}日?{_CLOCK}|\d{{6}}"
    rf"|\d{{1,2}}{_ORDINAL}{_GAP}{_NAME}{_GAP}'?\d{{2}}|{_NAME}{_GAP}\d{{1,2}}[-/ ,]+'?\d{{2}}"
)
_ABOUT = _pattern(r".*(?:约|左右|前后|大概|大约|可能|circa|about|approx|\?).*")
_FULL = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_PARTS = {"上旬": "early", "初": "early", "中旬": "middle", "中": "middle", "mid": "middle"}
_PARTS |= {"下旬": "late", "底": "late", "末": "late"}
# Serial 60 of the 1900 system is the day that never was; from 61 on this epoch is right.
_EPOCHS = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
_FIRST, _LAST = dt.date(1900, 1, 2), dt.date(2100, 1, 1)
ORDER_UNKNOWN = "day and month cannot be told apart"
ORDERS = {"DMY": "day first", "MDY": "month first"}


@dataclass(frozen=True)
class Day:
    """A date read from a cell: the day, the CDISC imputation flag, the rule, or a problem."""

    day: dt.date | None = None
    flag: str = ""
    rule: str = ""
    problem: str = ""


def read_date(
    text: str, partial: dict, order: str = "", system: int = 1900, missing: tuple = ()
) -> Day:
    """Read a tidy text as a date.

    Understands year-month-day with any separator, ``年月日``, ``YYYYMMDD``, month names
    (``5-Mar-2021``, ``05MAR2021``, ``Mar 5, 2021``), and a spreadsheet's serial number in
    ``system`` 1900 or 1904, each with a time of day that is dropped. Numbers with the year last
    are read by ``order`` (``DMY`` or ``MDY``); without it only where one of them exceeds 12.
    A month or a year alone, or a part of a month, is completed by ``partial`` (``missing_day``,
    ``missing_month``, ``part_of_month``, each a number or ``refuse``) and flagged ``D`` or ``M``.
    Placeholders in ``missing`` (ISO dates, or the text itself) are no date. Years of two digits
    are refused: they have more than one reading.
    """
    text = simplified(text.replace("–", "-").replace("—", "-"))
    if text in missing:
        return Day(rule="placeholder date")
    if match := _COMPLETED.fullmatch(text):
        return Day(dt.date.fromisoformat(match[1]), match[2], "completed before it was shifted")
    found = _complete(text, order, system)
    if found is None:
        return _partial(text, partial)
    if isinstance(found, Day):
        return found
    year, month, day, rule = found
    if f"{year:04d}-{month:02d}-{day:02d}" in missing:
        return Day(rule="placeholder date")
    return _day(year, month, day, rule)


def _complete(text: str, order: str, system: int) -> tuple[int, int, int, str] | Day | None:
    """Year, month, day and rule of a date with all three; None where the text has not."""
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        style = "" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "date format"
        year, month, day = map(int, match.groups())
        # 2021-03-00: the day is not known, which is no error of the calendar.
        return None if day == 0 else (year, month, day, style)
    if _SERIAL.fullmatch(text):
        day = _EPOCHS[system] + dt.timedelta(days=int(float(text)))
        return day.year, day.month, day.day, "Excel serial date"
    if match := _NUMBERS.fullmatch(text):
        return _year_last(*map(int, match.groups()), order)
    named = (
        (_DAY_NAME_YEAR, (2, 1, 0)),
        (_NAME_DAY_YEAR, (2, 0, 1)),
        (_YEAR_NAME_DAY, (0, 1, 2)),
    )
    for pattern, (y, m, d) in named:
        match = pattern.fullmatch(text)
        month = _month(match.groups()[m]) if match else None
        if month:
            return int(match.groups()[y]), month, int(match.groups()[d]), "date format"
    return None


def order_shown(text: str) -> str:
    """What a text tells about its column: ``DMY``, ``MDY``, ``open`` (both read), or nothing."""
    match = _NUMBERS.fullmatch(text)
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > 12 and second > 12:
        return ""
    if first > 12 or second > 12:
        return "DMY" if first > 12 else "MDY"
    return "" if first == second else "open"


def _year_last(first: int, second: int, year: int, order: str):
    shown = order_shown(f"{first}/{second}/{year}")
    if order == "YMD":
        return Day(problem="the year is not first, as the study file says of this column")
    if not order and shown == "open":
        return Day(problem=ORDER_UNKNOWN)
    if order and shown in ORDERS and shown != order:
        return Day(problem=f"not a date with the {ORDERS[order]}")
    order = order or shown or "DMY"
    day, month = (first, second) if order == "DMY" else (second, first)
    return year, month, day, f"date format, {ORDERS[order]}"


def _partial(text: str, partial: dict) -> Day:
    if match := _PART.fullmatch(text):
        return _part_of_month(int(match[1]), int(match[2]), _PARTS[match[3]], partial)
    if (match := _PART_NAME.fullmatch(text)) and (month := _month(match[2])):
        word = match[1].lower()
        return _part_of_month(int(match[3]), month, _PARTS.get(word, word), partial)
    if re.fullmatch(r"\d{4}\.1", text):
        return Day(problem="January, or October whose zero the spreadsheet dropped")
    if match := _YM.fullmatch(text):
        if int(match[2]) == 0:
            return _year_alone(int(match[1]), partial)
        return _completed(int(match[1]), int(match[2]), partial)
    if match := _MY.fullmatch(text):
        return _completed(int(match[2]), int(match[1]), partial)
    if (match := _NAME_YEAR.fullmatch(text)) and (month := _month(match[1])):
        return _completed(int(match[2]), month, partial)
    if match := _Y.fullmatch(text):
        return _year_alone(int(match[1]), partial)
    return Day(problem=_why_not(text))


def _why_not(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "the year has two digits: write it with four"
    if _ABOUT.fullmatch(text):
        return "the date is only approximate"
    if len(_FULL.findall(text)) > 1:
        return "more than one date in the cell"
    if _FULL.search(text):
        return "a date with other words"
    return "not a date"


def _month(name: str) -> int | None:
    """The number of an English month; at least three letters of it."""
    name = "sep" if name.lower() == "sept" else name.lower()
    return next((n for n, full in enumerate(_MONTHS, start=1) if full.startswith(name)), None)


def _year_alone(year: int, partial: dict) -> Day:
    month = partial.get("missing_month", "refuse")
    if month == "refuse":
        return Day(problem="the month is missing")
    return _completed(year, month, partial, flag="M")


def _part_of_month(year: int, month: int, part: str, partial: dict) -> Day:
    days = partial.get("part_of_month", "refuse")
    if days == "refuse":
        return Day(problem="only the part of the month is given")
    return _imputed(_day(year, month, days[part], "imputed day"), "D")


def _completed(year: int, month: int, partial: dict, flag: str = "D") -> Day:
    day = partial.get("missing_day", "refuse")
    if day == "refuse":
        return Day(problem="the day is missing")
    rule = "imputed month and day" if flag == "M" else "imputed day"
    return _imputed(_day(year, month, day, rule), flag)


def _imputed(read: Day, flag: str) -> Day:
    return Day(read.day, flag if read.day else "", read.rule, read.problem)


def _day(year: int, month: int, day: int, rule: str) -> Day:
    try:
        read = dt.date(year, month, day)
    except ValueError:
        return Day(problem="no such day in the calendar")
    if not _FIRST <= read < _LAST:
        return Day(problem=f"{read.isoformat()} cannot be a patient's date")
    return Day(read, rule=rule)
