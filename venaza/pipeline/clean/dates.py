"""Dates as hospitals write them, read strictly: the same answer on whatever day it runs."""

from __future__ import annotations

import datetime as dt
import re

from venaza.contracts.script import simplified
from venaza.pipeline.clean.date_rules import DateRules, Day
from venaza.pipeline.clean.date_words import (
    DAY,
    GAP,
    MONTH,
    NAME,
    YEAR_SIGN,
    arabic,
    month_number,
    pattern,
    why_not,
)
from venaza.pipeline.clean.eras import western
from venaza.pipeline.clean.periods import completed, period_in

_MONTH_SIGN = rf"\s*[-/._\\,、{MONTH}]\s*"
_DAY_SIGN = rf"\s*[{DAY}]?\.?"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_NOON = r"(?:上午|下午|中午|晚上|凌晨|早上|오전|오후|AM|PM)"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})?"
_HOURS = rf"\d{{1,2}}[:时点]\d{{1,2}}分?(?::?\d{{1,2}}秒?)?(?:\.\d+)?\s*{_NOON}?\s*{_ZONE}"
_CLOCK = rf"{_WEEKDAY}(?:[ T:]*{_NOON}?\s*(?:{_HOURS}|\d{{1,2}}[时点]))?(?:\s*{_NOON})?"
_ORDINAL = r"(?:st|nd|rd|th)?"

_ISO = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_YMD = pattern(rf"(\d{{4}}){YEAR_SIGN}(\d{{1,2}}){_MONTH_SIGN}(\d{{1,2}}){_DAY_SIGN}{_CLOCK}")
_COMPACT = pattern(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?" + _CLOCK)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_BARE = re.compile(r"-?\d+(?:\.\d+)?")
_NUMBERS = pattern(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}})\.?{_CLOCK}")
_DAY_NAME_YEAR = pattern(rf"(\d{{1,2}}){_ORDINAL}{GAP}{NAME}{GAP}(\d{{4}}){_CLOCK}")
_NAME_DAY_YEAR = pattern(rf"{NAME}{GAP}(\d{{1,2}}){_ORDINAL}[-/ .,_]+(\d{{4}}){_CLOCK}")
_YEAR_NAME_DAY = pattern(rf"(\d{{4}}){GAP}{NAME}{GAP}(\d{{1,2}}){_CLOCK}")
_SHORT = pattern(
    rf"'?(\d{{1,2}}){YEAR_SIGN}(\d{{1,2}}){_MONTH_SIGN}'?(\d{{1,2}}){_DAY_SIGN}{_CLOCK}"
)
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_SHORT_NAME = pattern(rf"'?(\d{{1,2}}){_ORDINAL}{GAP}{NAME}{GAP}'?(\d{{2}}){_CLOCK}")
_SHORT_NAME_FIRST = pattern(rf"{NAME}{GAP}(\d{{1,2}}){_ORDINAL}[-/ .,_]+'?(\d{{2}}){_CLOCK}")
_FIRST, _LAST = dt.date(1900, 1, 2), dt.date(2100, 1, 1)
_BUDDHIST = range(_FIRST.year + 543, _LAST.year + 543)
#: A year of two digits below this is of the century 2000, else of 1900 (POSIX, strptime).
_CENTURY = 69
_SECONDS = {"days": 86400.0, "seconds": 1.0, "milliseconds": 0.001}
ORDER_UNKNOWN = "day and month cannot be told apart"
BARE_NUMBER = "a number that is no date by itself"
SHORT_YEAR = "the year has two digits: write it with four, or declare date_order"
SIX_DIGITS = "six digits may be a year and month, or a date with a short year"
ORDERS = {"DMY": "day first", "MDY": "month first"}


def read_date(text: str, rules: DateRules = DateRules()) -> Day:  # noqa: B008 - frozen
    """Read a tidy text as a date.

    Understands year-month-day with any separator, ``年月日`` and ``년월일``, Chinese numerals,
    ``YYYYMMDD``, month names (``5-Mar-2021``, ``05MAR2021``, ``Mar 5, 2021``), each with a time of
    day that is dropped. Numbers with the year last are read by the rules' order (``DMY`` or
    ``MDY``), without one only where a number exceeds 12; years of two digits by a declared order
    alone. A bare number counts from the rules' ``origin``, else it is no date. Years of another
    era are read where the rules name its ``calendar``. What is less than a day (a month, a year,
    a quarter) is completed by the rules for partial dates, with a flag (``clean.periods``).
    Placeholders in ``missing`` (ISO dates, or the text itself) are no date.
    """
    if (match := _ISO.fullmatch(text)) and rules.calendar != "buddhist":
        return _whole(*map(int, match.groups()), "", rules)  # what most cells are
    text = arabic(simplified(text.replace("–", "-").replace("—", "-")))
    if text in map(simplified, rules.missing):
        return Day(rule="placeholder date")
    text, era, problem = western(text, rules.calendar)
    if problem:
        return Day(problem=problem)
    found = _complete(text, rules)
    if found is None:
        period = period_in(text)
        if isinstance(period, str):
            return Day(problem=period)
        if period is not None:
            return _within_calendar(completed(period, rules.partial), era)
        return Day(problem=_why_not(text, rules))
    if isinstance(found, Day):
        return found
    return _whole(*found, rules, era)


def _whole(year: int, month: int, day: int, rule: str, rules: DateRules, era: str = "") -> Day:
    """A year, month and day as a date, a placeholder for none, or a problem."""
    if f"{year:04d}-{month:02d}-{day:02d}" in rules.missing:
        return Day(rule="placeholder date")
    try:
        read = dt.date(year, month, day)
    except ValueError:
        return Day(problem="no such day in the calendar")
    return _within_calendar(Day(read, rule=rule), era)


def _within_calendar(read: Day, era: str) -> Day:
    if read.day is None:
        return read
    if not _FIRST <= read.day < _LAST:
        said = f"{read.day.isoformat()} cannot be a patient's date"
        hint = "; for years of the Buddhist era declare calendar: buddhist"
        return Day(problem=said + (hint if read.day.year in _BUDDHIST else ""))
    return read.with_rule("; ".join(part for part in (read.rule, era) if part))


def _complete(text: str, rules: DateRules) -> tuple[int, int, int, str] | Day | None:
    """Year, month, day and rule of a date with all three; None where the text has not."""
    if _BARE.fullmatch(text) and (counted := _counted(text, rules)):
        return counted
    if match := _YMD.fullmatch(text) or _COMPACT.fullmatch(text):
        style = "" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "date format"
        year, month, day = map(int, match.groups())
        # 2021-03-00: the day is not known, which is no error of the calendar.
        return None if day == 0 else (year, month, day, style)
    if match := _NUMBERS.fullmatch(text):
        return _year_last(*map(int, match.groups()), rules)
    named = ((_DAY_NAME_YEAR, (2, 1, 0)), (_NAME_DAY_YEAR, (2, 0, 1)), (_YEAR_NAME_DAY, (0, 1, 2)))
    for written, (y, m, d) in named:
        match = written.fullmatch(text)
        month = month_number(match.groups()[m]) if match else None
        if month:
            return int(match.groups()[y]), month, int(match.groups()[d]), "date format"
    return _short_year(text, rules)


def _counted(text: str, rules: DateRules) -> tuple[int, int, int, str] | None:
    """A bare number counted from the origin; of a spreadsheet only five digits are a serial."""
    if rules.origin is None or (rules.spreadsheet and not _SERIAL.fullmatch(text)):
        return None
    if not rules.spreadsheet and rules.unit == "days" and len(text.partition(".")[0]) >= 8:
        return None  # 20210305
    try:
        start = dt.datetime.combine(rules.origin, dt.time())
        day = start + dt.timedelta(seconds=float(text) * _SECONDS[rules.unit])
    except (OverflowError, ValueError):
        return None
    rule = f"{rules.unit} since {rules.origin.isoformat()}"
    return day.year, day.month, day.day, "Excel serial date" if rules.spreadsheet else rule


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


def _year_last(first: int, second: int, year: int, rules: DateRules):
    shown = order_shown(f"{first}/{second}/{year}")
    order = rules.order or rules.settled
    if order == "YMD":
        return Day(problem="the year is not first, as the study file says of this column")
    if not order and shown == "open":
        return Day(problem=ORDER_UNKNOWN)
    if order and shown in ORDERS and shown != order:
        return Day(problem=f"not a date with the {ORDERS[order]}")
    order = order or shown or "DMY"
    day, month = (first, second) if order == "DMY" else (second, first)
    return year, month, day, f"date format, {ORDERS[order]}"


def _short_year(text: str, rules: DateRules) -> tuple[int, int, int, str] | Day | None:
    """A date whose year has two digits: read by the declared order, else a problem."""
    if match := _SIX.fullmatch(text):
        return _six_digits(text, match, rules)
    if match := _SHORT.fullmatch(text):
        first = "年" in text or "년" in text
        return _by_order(match.groups(), rules.order and ("YMD" if first else rules.order))
    if match := _SHORT_NAME.fullmatch(text):
        day, name, year = match.groups()
    elif match := _SHORT_NAME_FIRST.fullmatch(text):
        name, day, year = match.groups()
    month = month_number(name) if match else None
    if not month:
        return None
    if rules.order == "YMD":
        day, year = year, day
    if not rules.order or len(year) != 2:
        return Day(problem=SHORT_YEAR)
    return _in_century(year), month, int(day), "year of two digits"


def _by_order(parts: tuple[str, ...], order: str) -> tuple[int, int, int, str] | Day:
    if not order:
        return Day(problem=SHORT_YEAR)
    year, month, day = (parts[order.index(letter)] for letter in "YMD")
    if len(year) != 2:
        return Day(problem="the year has one digit")
    return _in_century(year), int(month), int(day), "year of two digits"


def _six_digits(text: str, match: re.Match, rules: DateRules) -> tuple | Day | None:
    orders = [rules.order] if rules.order else ["YMD", "DMY", "MDY"]
    days = [_by_order(match.groups(), order) for order in orders]
    days = [found for found in days if _exists(*found[:3])]
    month = re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])", text)
    if month and days:
        return Day(problem=SIX_DIGITS)
    if month:
        return None  # 202103 is a month
    if days and rules.order:
        return days[0]
    return Day(problem=SHORT_YEAR if days else "no such day in the calendar")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _in_century(year: str) -> int:
    return int(year) + (2000 if int(year) < _CENTURY else 1900)


def _why_not(text: str, rules: DateRules) -> str:
    if _BARE.fullmatch(text):
        if rules.origin is not None and not rules.spreadsheet:
            return f"no number of {rules.unit} since {rules.origin.isoformat()}"
        return why_not(text) or BARE_NUMBER
    return why_not(text) or "not a date"
