"""The formats under which SAS, SPSS and Stata store dates and times as numbers.

Sources: SAS 9.4 Formats and Informats: Reference (date and time category, NLS formats); IBM SPSS
Statistics Command Syntax Reference, date and time formats; Stata 18 Manual [D] Datetime display
formats.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class DateFormat:
    """How a number counts, and what the program shows of it.

    ``unit``: days, seconds, milliseconds, leap milliseconds (UTC seconds that were inserted count
    too), weeks, months, quarters, half-years or years. ``shows``: date, datetime, time, duration,
    month, quarter, half-year, year, week (ISO 8601) or week of year (the first begins on
    1 January).
    """

    unit: str
    shows: str


#: The day 0 of each program.
EPOCHS = {"sas": dt.date(1960, 1, 1), "spss": dt.date(1582, 10, 14), "stata": dt.date(1960, 1, 1)}
#: The program that writes each kind of file.
PROGRAMS = {"sav": "spss", "xpt": "sas", "sas7bdat": "sas", "dta": "stata"}

# The prefixes of the international formats: EURDFDD10., DEUDFMY., ...
_LANGUAGE = (
    "(?:AFR|CAT|CRO|CSY|DAN|DES|DEU|ENG|ESP|EUR|FIN|FRA|FRS|HUN"
    "|ITA|MAC|NLD|NOR|POL|PTG|RUS|SLO|SVE)"
)
_SIGN = "[BCDNPS]?"
#: Of a SAS format's name without width: the unit of its numbers, and what it shows. A format that
#: shows only a part without the year (WEEKDAY., MONNAME.) stands on whole dates all the same.
_SAS = {
    f"YYMM{_SIGN}|MMYY{_SIGN}|MONYY|YYMON|{_LANGUAGE}DFMY|NLDATEYM[LMS]?|JDATEYM": (
        "days",
        "month",
    ),
    f"YYQ[BCDNPSZ]?|YYQR{_SIGN}|NLDATEYQ[LMS]?": ("days", "quarter"),
    "YEAR|NLDATEYR": ("days", "year"),
    "YYWEEKV": ("days", "week"),
    f"DATE|DAY|(?:DDMMYY|MMDDYY|YYMMDD){_SIGN}|(?:E|B|IS|ND)8601DA|JULIAN|JULDATE|JULDAY"
    "|NENGO|JNENGOW?|MINGUO|HDATE|HEBDATE|WEEK[UVW]|YYWEEK[UW]|WEEKDAT[EX]|WEEKDAY|WORDDAT[EX]"
    "|DOWNAME|MONTH|MONNAME|QTRR?|PDJUL[GI]"
    f"|{_LANGUAGE}DF(?:DD|DE|DN|DWN|MN|WDX|WKX)|NLDATE(?:[LMSW]|MD[LMS]?|MN|WN|YW)?"
    "|JDATE(?:MDW?|MNW|MON|QRW|QTR|SEM|SMW|WK|YDW|YMDW?|YMW)": ("days", "date"),
    "DTMONYY|NLDATMYM[LMS]?": ("seconds", "month"),
    "DTYYQC?|NLDATMYQ[LMS]?": ("seconds", "quarter"),
    "DTYEAR|NLDATMYR": ("seconds", "year"),
    "DTDATE|DTWKDATX|(?:E|B|IS|ND)8601DN|NLDATMDT": ("seconds", "date"),
    "DATETIME|DATEAMPM|MDYAMPM|(?:E|B|IS|ND)8601(?:DT|DX|DZ|LX)|JDATEYTW?|JNENGOTW?"
    f"|{_LANGUAGE}DFDT|NLDATM(?:[LMSWZ]|AP|CPWP|MD[LMS]?|MN|TM|TZ|WN|WZ|YW)?": (
        "seconds",
        "datetime",
    ),
    f"TIME|TIMEAMPM|HHMM|HOUR|MMSS{_SIGN}|TOD|NLTIM(?:E|AP|MAP)|(?:E|B|IS|ND)8601(?:TM|TX|TZ|LZ)": (
        "seconds",
        "time",
    ),
}
_SPSS = {
    "MOYR": ("seconds", "month"),
    "QYR": ("seconds", "quarter"),
    "WKYR": ("seconds", "week of year"),
    "DATE|ADATE|EDATE|JDATE|SDATE": ("seconds", "date"),
    "DATETIME|YMDHMS": ("seconds", "datetime"),
    "TIME|MTIME|DTIME": ("seconds", "duration"),
}
_STATA = {
    "w": ("weeks", "week of year"),
    "m": ("months", "month"),
    "q": ("quarters", "quarter"),
    "h": ("half-years", "half-year"),
    "y": ("years", "year"),
}
_STATA_FORMAT = re.compile(r"%-?(?:t([cCdwmqhy])|(d))(.*)")
_LITERAL = re.compile(r"!.|[Aa]\.?[Mm]\.?(?![a-z])")  # a sign that stands for itself; a.m.
_WEEKDAY = re.compile(r"dayname|day|da", re.IGNORECASE)
#: Names with a width and decimals behind them: DATE9., E8601DA10., MOYR8.
_WIDTH = re.compile(r"\d*\.?\d*$")


def format_of(program: str, name: str | None) -> DateFormat | None:
    """How a variable with the display format ``name`` stores dates; None where it does not."""
    if not name:
        return None
    if program == "stata":
        return _stata(name)
    bare = _WIDTH.sub("", name.strip().upper())
    for pattern, (unit, shows) in (_SAS if program == "sas" else _SPSS).items():
        if re.fullmatch(pattern, bare):
            return DateFormat(unit, shows)
    return None


def is_business_calendar(name: str | None) -> bool:
    """Whether Stata counts trading days of a calendar that stands in a file of its own (%tb...)."""
    return bool(name) and re.match(r"%-?tb", name) is not None


def _stata(name: str) -> DateFormat | None:
    match = _STATA_FORMAT.fullmatch(name)
    if not match:
        return None
    kind, shown = match[1] or match[2], _LITERAL.sub("", match[3])
    if kind in _STATA:
        return DateFormat(*_STATA[kind])
    clock = bool(re.search("[Hh]", shown))
    shows = _stata_shows(shown, clock)
    if kind == "d":
        return DateFormat("days", shows)
    shows = "datetime" if shows == "date" and (clock or not shown) else shows
    return DateFormat("leap milliseconds" if kind == "C" else "milliseconds", shows)


def _stata_shows(shown: str, clock: bool) -> str:
    """What the letters behind %td or %tc show: all of a date, or less."""
    letters = _WEEKDAY.sub("", shown)
    if not shown or re.search("[DdJj]", letters):
        return "date"
    if re.search("[Mm]on|[NnLl]|(?<![Mm])[Mm](?![Mm])", letters):
        return "month"
    if re.search("q", letters):
        return "quarter"
    if clock:
        return "time"
    return "year" if re.search("[CcYy]", letters) else "date"
