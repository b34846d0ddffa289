"""Times from the index date in an export without calendar dates: days, or declared units."""

from __future__ import annotations

import math
import re
import unicodedata

from venaza.contracts.text import folded
from venaza.pipeline.clean.numbers import read_number

_WORDS = {
    "days": "d day 天 日 일 tag tage jour jours día días dia dias giorno giorni dag dagen",
    "weeks": (
        "w wk wks week 周 星期 주 woche wochen semaine semaines semana semanas settimana "
        "settimane weken"
    ),
    "months": (
        "m mo mos mth mths month 月 个月 ヶ月 か月 カ月 개월 monat monate monaten mois mes meses "
        "mês mese mesi maand maanden мес месяц месяцы месяцев"
    ),
    "years": (
        "y yr yrs a year 年 년 jahr jahre jahren an ans année années año años ano anos "
        "anno anni jaar jaren лет год"
    ),
}
#: What may stand beside a number, or as the unit of a column, for each unit of time.
UNITS = {unit: words.split() for unit, words in _WORDS.items()}
_MONTHS_IN_YEAR = 12
_CALENDAR = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]+)[)\]）】]")
_WORD = re.compile(r"[^\W\d_一-鿿가-힣]+|个?月|周(?!期)|週|年(?!龄)|天|개월")
#: Of a word in a header: short ones say too little, and what a longer one ends in may be a unit.
_SHORTEST, _ENDINGS = 3, ("months", "mths", "weeks", "years", "monate", "wochen", "jahre")
_BRIEF = ("mo", "mos", "wk", "wks", "yr", "yrs")


def time_unit(word: str) -> str | None:
    """The unit of time that a word stands for; None where it stands for none."""
    plain = folded(word)
    return next((unit for unit, words in UNITS.items() if plain in (unit, *words)), None)


def unit_in_header(header: str) -> tuple[str | None, bool]:
    """The unit of time that a header names, and whether it names it in brackets: OS (months).

    None for days, and where it names none; of one or two letters, most count in brackets only.
    """
    text = unicodedata.normalize("NFKC", header)
    bracketed = [time_unit(part) for part in _BRACKETS.findall(text)]
    named = next((unit for unit in bracketed if unit), None)
    if named:
        return named, True
    words = [_unit_of_word(word.casefold()) for word in _WORD.findall(text)]
    named = next((unit for unit in words if unit), None)
    return (None if "days" in words else named), False


def _unit_of_word(word: str) -> str | None:
    """The unit that a word of a header is, or that it ends in: os_mo, OSmonths, 生存月数."""
    if len(word) >= _SHORTEST or word in _BRIEF or not word.isascii():
        ending = next((end for end in _ENDINGS if word.endswith(end)), word)
        return time_unit(word) or time_unit(ending)
    return None


def read_days(text: str, how: dict, study: dict, unit: str) -> tuple[int | None, str, str]:
    """A time as whole days, the rule that changed it, and a problem.

    The unit beside the number counts, then ``unit`` (of the unit column), then that of the
    column's mapping ``how``. Where one is given, weeks are 7 days, months the study's
    ``timeline > days_per_month`` and years twelve of these, and the time is rounded to the nearest
    day, half a day up; without one only whole numbers are days. More days than ``limits >
    longest_days`` of the checks are no patient's time.
    """
    if _CALENDAR.match(text):
        return None, "", "a calendar date among study days"
    read = read_number(text, how.get("decimal", ""))
    if read.problem:
        return None, "", read.problem.replace("not a number", "not a number of days")
    if read.sign != "=":
        return None, "", "a limit, not a time"
    said = read.unit or unit or how.get("unit", "")
    if not said:
        if not read.number.is_integer():
            return None, "", "not a whole number of days (declare unit: days to have it rounded)"
        days, rule = read.number, ""
    else:
        kind = time_unit(said)
        if kind is None:
            return None, "", f"'{said}' is no unit of time"
        factor = days_in(kind, study)
        days = math.floor(read.number * factor + 0.5) if abs(read.number) < 1e9 else read.number
        rule = "" if kind == "days" and days == read.number else f"{kind} x {factor:g}, rounded"
    longest = study["checks"]["limits"]["longest_days"]
    if abs(days) > longest:
        return None, "", f"{days:g} days are no patient's time (over {longest})"
    return int(days), rule, ""


def days_in(unit: str, study: dict) -> float:
    """The days of a unit of time in a study."""
    month = study["timeline"]["days_per_month"]
    return {"days": 1, "weeks": 7, "months": month, "years": _MONTHS_IN_YEAR * month}[unit]
