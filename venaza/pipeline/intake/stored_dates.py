"""Numbers of SAS, SPSS and Stata files as the dates that they stand for."""

from __future__ import annotations

import datetime as dt

from venaza.pipeline.intake.date_formats import EPOCHS, DateFormat

#: The days at whose end a leap second was inserted (IERS Bulletin C); none is announced since.
_LEAP_DAYS = (
    "1972-06-30 1972-12-31 1973-12-31 1974-12-31 1975-12-31 1976-12-31 1977-12-31 "
    "1978-12-31 1979-12-31 1981-06-30 1982-06-30 1983-06-30 1985-06-30 1987-12-31 "
    "1989-12-31 1990-12-31 1992-06-30 1993-06-30 1994-06-30 1995-12-31 1997-06-30 "
    "1998-12-31 2005-12-31 2008-12-31 2012-06-30 2015-06-30 2016-12-31"
)
_LEAPS = [dt.datetime.fromisoformat(day) for day in _LEAP_DAYS.split()]
_SECONDS = {"seconds": 1.0, "milliseconds": 0.001, "leap milliseconds": 0.001, "days": 86400.0}
_MONTHS = {"months": 1, "quarters": 3, "half-years": 6}
#: What shows less than a day.
PERIODS = ("month", "quarter", "half-year", "year", "week", "week of year")


def converted(
    values: list, form: DateFormat, program: str
) -> tuple[list[dt.date | dt.time | dt.timedelta | str | float | None], str]:
    """``values`` of one variable as dates, times and texts of periods; and what is to be noted.

    A format that shows less than a day gives the period that it shows (2021-05, 2021-Q2, 2021-W09,
    2021w9, 2021-H1, 2021): a month that was typed in is stored as its first day, and the number
    cannot say whether that day is known. Where numbers stand on other days, this is noted. What no
    calendar holds, and what is no number, is handed back as it is.
    """
    if form.unit in ("weeks", "years", *_MONTHS):
        read = [_counted(value, form.unit, program) for value in values]
        return [_period_or(form.shows, day, value) for day, value in _pairs(read, values)], ""
    read = [_moment(value, form, program) for value in values]
    if form.shows not in PERIODS:
        note = "leap seconds are taken out" if form.unit == "leap milliseconds" else ""
        return [_as_shown(at, value, form) for at, value in _pairs(read, values)], note
    days = [None if at is None else at.date() for at in read]
    stored = any(day is not None and _first_day(form.shows, day) != day for day in days)
    return [_period_or(form.shows, day, value) for day, value in _pairs(days, values)], (
        f"read as the {form.shows} that is shown, though stored to the day: choose a format that "
        "shows the day where the days are right"
        if stored
        else ""
    )


def _pairs(read: list, values: list):
    return zip(read, values, strict=True)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _moment(value: object, form: DateFormat, program: str) -> dt.datetime | None:
    """The point in time that a number stands for; None for what is none."""
    if not _is_number(value):
        return None
    start = dt.datetime.combine(EPOCHS[program], dt.time())
    try:
        at = start + dt.timedelta(seconds=value * _SECONDS[form.unit])
        if form.unit == "leap milliseconds":
            at -= dt.timedelta(seconds=_leaps_before(at))
    except (OverflowError, ValueError):
        return None
    return at


def _leaps_before(at: dt.datetime) -> int:
    """The leap seconds counted in ``at``, a time that counts them."""
    passed = 0
    for day in _LEAPS:
        if at - dt.timedelta(seconds=passed) < day + dt.timedelta(days=1):
            break
        passed += 1
    return passed


def _as_shown(at: dt.datetime | None, value: object, form: DateFormat):
    if at is None:
        return value
    if form.shows == "date":
        return at.date()
    if form.shows == "datetime":
        return at
    seconds = value * _SECONDS[form.unit]
    if form.shows == "time" and 0 <= seconds < 86400:
        return at.time().replace(microsecond=0)
    if form.shows == "time" and seconds >= 86400 * 366:
        return at  # a date and time of which the program shows the clock only
    return dt.timedelta(seconds=seconds)


def _counted(value: object, unit: str, program: str) -> dt.date | None:
    """The first day of the week, month, quarter, half-year or year that a number counts."""
    if not _is_number(value) or not float(value).is_integer():
        return None
    number, first = int(value), EPOCHS[program].year
    try:
        if unit == "years":
            return dt.date(number, 1, 1)
        if unit == "weeks":
            # Stata: the first week of a year begins on 1 January, and each year has 52.
            return dt.date(first + number // 52, 1, 1) + dt.timedelta(days=7 * (number % 52))
        month = number * _MONTHS[unit]
        return dt.date(first + month // 12, month % 12 + 1, 1)
    except (OverflowError, ValueError):
        return None


def _first_day(period: str, day: dt.date) -> dt.date:
    if period == "month":
        return day.replace(day=1)
    if period in ("quarter", "half-year"):
        length = 3 if period == "quarter" else 6
        return dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    if period == "year":
        return dt.date(day.year, 1, 1)
    if period == "week":
        return day - dt.timedelta(days=day.weekday())
    return day - dt.timedelta(days=(day.timetuple().tm_yday - 1) % 7)


def _period_or(period: str, day: dt.date | None, value: object):
    """The text of the period that begins on ``day``; the value as it is without one."""
    if day is None:
        return value
    year, week, _ = day.isocalendar()
    return {
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "half-year": f"{day.year:04}-H{(day.month + 5) // 6}",
        "year": f"{day.year:04}",
        "week": f"{year:04}-W{week:02}",
        "week of year": f"{day.year:04}w{(day.timetuple().tm_yday + 6) // 7}",
    }[period]
