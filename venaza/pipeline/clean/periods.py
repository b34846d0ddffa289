"""What is less than a day: a month, a part of it, a week, a quarter, a half-year, a year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from venaza.pipeline.clean.date_rules import Day
from venaza.pipeline.clean.date_words import (
    GAP,
    MONTH,
    NAME,
    YEAR,
    YEAR_SIGN,
    month_number,
    pattern,
)

#: What stands for a day that is not known; zeros only behind a sign: 20210 is no year and a zero.
_UNKNOWN = r"(?:UNK?|NK|XX|\?\??|--?|不详|未知)"
_NO_DAY = rf"(?:\s*[-/.]?\s*{_UNKNOWN}|\s*[-/.]\s*0?0)"
_NAME_YEAR = pattern(rf"(?:{_UNKNOWN}{GAP})?{NAME}{GAP}(\d{{4}})")
_YM = pattern(rf"(\d{{4}}){YEAR_SIGN}(\d{{1,2}})\s*[{MONTH}]?\.?(?:{_NO_DAY}[日일]?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_MY = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_Y = pattern(rf"(\d{{4}})\s*[{YEAR}]?{_NO_DAY}{{0,2}}")
_PART = pattern(rf"(\d{{4}}){YEAR_SIGN}(\d{{1,2}})\s*[-/.{MONTH}]*\s*(上旬|初|中旬|中|下旬|底|末)")
_PART_NAME = pattern(rf"(early|mid|late)[- ]*{NAME}{GAP}(\d{{4}})")
_QUARTER = pattern(rf"(\d{{4}})\s*[-/{YEAR}]?\s*(?:Q|第)\s*([1-4一二三四])\s*(?:季度?)?")
_QUARTER_FIRST = pattern(r"Q?([1-4])\s*Q?[-/ ]*(\d{4})")
_HALF = pattern(rf"(\d{{4}})\s*[-/{YEAR}]?\s*(H[12]|上半年|下半年)")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})")
_WEEK_OF_YEAR = re.compile(r"(\d{4})w(\d{1,2})")
_PARTS = {"上旬": "early", "初": "early", "中旬": "middle", "中": "middle", "mid": "middle"}
_PARTS |= {"下旬": "late", "底": "late", "末": "late"}
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Period:
    """The days among which a date lies. ``kind``: month, part (of a month), week, part of year
    (a quarter, a half-year), year; ``part``: early, middle or late."""

    first: dt.date
    last: dt.date
    kind: str
    part: str = ""


def period_in(text: str) -> Period | str | None:
    """The period that a text states, why it states none, or None where it is of another kind."""
    if match := _PART.fullmatch(text):
        return _part(int(match[1]), int(match[2]), _PARTS[match[3]])
    if (match := _PART_NAME.fullmatch(text)) and (month := month_number(match[2])):
        word = match[1].lower()
        return _part(int(match[3]), month, _PARTS.get(word, word))
    if re.fullmatch(r"\d{4}\.1", text):
        return "January, or October whose zero the spreadsheet dropped"
    if match := _YM.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        return _months(year, 1, 12, "year") if month == 0 else _months(year, month, 1, "month")
    if match := _MY.fullmatch(text):
        return _months(int(match[2]), int(match[1]), 1, "month")
    if (match := _NAME_YEAR.fullmatch(text)) and (month := month_number(match[1])):
        return _months(int(match[2]), month, 1, "month")
    if match := _Y.fullmatch(text):
        return _months(int(match[1]), 1, 12, "year")
    return _part_of_year(text)


def _part_of_year(text: str) -> Period | str | None:
    if match := _QUARTER.fullmatch(text):
        quarter = _NUMBERS.get(match[2]) or int(match[2])
        return _months(int(match[1]), 3 * quarter - 2, 3, "part of year")
    if "q" in text.lower() and (match := _QUARTER_FIRST.fullmatch(text)):
        return _months(int(match[2]), 3 * int(match[1]) - 2, 3, "part of year")
    if match := _HALF.fullmatch(text):
        first = 1 if match[2].upper() in ("H1", "上半年") else 7
        return _months(int(match[1]), first, 6, "part of year")
    if match := _WEEK.fullmatch(text):
        try:
            monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            return "no such week in the calendar"
        return Period(monday, monday + dt.timedelta(days=6), "week")
    if match := _WEEK_OF_YEAR.fullmatch(text):
        return _week_of_year(int(match[1]), int(match[2]))
    return None


def _week_of_year(year: int, week: int) -> Period | str:
    """A week as Stata and SPSS count them: the first begins on 1 January, the 52nd is the last."""
    if not 1 <= year < 9999 or not 1 <= week <= 53:
        return "no such week in the calendar"
    first = dt.date(year, 1, 1) + dt.timedelta(days=7 * (week - 1))
    end = dt.date(year, 12, 31)
    return Period(first, end if week >= 52 else first + dt.timedelta(days=6), "week")


def _months(year: int, month: int, length: int, kind: str) -> Period | str:
    if not 1 <= year < 9999 or not 1 <= month <= 12:
        return "no such month in the calendar"
    first, after = dt.date(year, month, 1), month - 1 + length
    last = dt.date(year + after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)
    return Period(first, last, kind)


def _part(year: int, month: int, part: str) -> Period | str:
    whole = _months(year, month, 1, "part")
    if isinstance(whole, str):
        return whole
    days = {"early": (1, 10), "middle": (11, 20), "late": (21, whole.last.day)}[part]
    return Period(whole.first.replace(day=days[0]), whole.first.replace(day=days[1]), "part", part)


def completed(period: Period, partial: dict) -> Day:
    """The day that stands for a period by the study's rules, flagged; or what is missing.

    ``partial`` is ``timeline > partial_dates``: ``missing_day``, ``missing_month``,
    ``part_of_month`` and ``part_of_year`` (weeks, quarters, half-years). The flag is CDISC's: D
    where the day was completed, M where the month was too.
    """
    kind = period.kind
    if kind in ("week", "part of year"):
        if partial.get("part_of_year", "refuse") == "refuse":
            return Day(
                problem=f"only the {'week' if kind == 'week' else 'part of the year'} is given"
            )
        middle = period.first + (period.last - period.first) // 2
        return _imputed(middle, "D" if kind == "week" else "M", period)
    if kind == "part":
        days = partial.get("part_of_month", "refuse")
        if days == "refuse":
            return Day(problem="only the part of the month is given")
        return _imputed(period.first.replace(day=days[period.part]), "D", period)
    month = partial.get("missing_month", "refuse") if kind == "year" else period.first.month
    if month == "refuse":
        return Day(problem="the month is missing")
    day = partial.get("missing_day", "refuse")
    if day == "refuse":
        return Day(problem="the day is missing")
    return _imputed(dt.date(period.first.year, month, day), "M" if kind == "year" else "D", period)


def _imputed(day: dt.date, flag: str, period: Period) -> Day:
    rule = "imputed month and day" if flag == "M" else "imputed day"
    # A declared day for a part of the month may lie beside it: 月底 as the 15th.
    first, last = min(day, period.first), max(day, period.last)
    return Day(day, flag, rule, first=first, last=last)
