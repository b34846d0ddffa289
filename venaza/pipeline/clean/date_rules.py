"""How the dates of a column are read, and what reading one gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

#: Day 0 of a spreadsheet's serial numbers. Serial 60 of the 1900 system is the day that never was;
#: from 61 on this epoch is right.
DAY_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}

#: The keys of a study's ``timeline`` by which its dates are read.
READING = ("partial_dates", "date_order", "date_origin", "calendar", "missing_dates")


@dataclass(frozen=True)
class DateRules:
    """How the dates of a column are read.

    ``partial``: ``timeline > partial_dates`` of the study; ``order``: DMY, MDY or YMD as declared,
    ``settled``: as other cells of the column show; ``origin``: the day from which bare numbers
    count in ``unit`` (days, seconds, milliseconds), with ``spreadsheet`` where it is that of a
    workbook; ``calendar``: minguo, buddhist or japanese; ``missing``: placeholders for no date.
    """

    partial: dict = field(default_factory=dict)
    order: str = ""
    settled: str = ""
    origin: dt.date | None = None
    unit: str = "days"
    spreadsheet: bool = False
    calendar: str = ""
    missing: tuple = ()


@dataclass(frozen=True)
class Stored:
    """What the intake says of a cell beside its text.

    ``day_zero``: the ISO date from which its workbook counts serial numbers, empty elsewhere;
    ``shifted``: whether the text was made by the shift of dates.
    """

    day_zero: str = ""
    shifted: bool = False


@dataclass(frozen=True)
class Day:
    """A date read from a cell: the day, the CDISC imputation flag, the rule, or a problem.

    Where the day was completed, the true one lies from ``first`` to ``last``.
    """

    day: dt.date | None = None
    flag: str = ""
    rule: str = ""
    problem: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def with_rule(self, rule: str) -> Day:
        """The same day under another rule."""
        return replace(self, rule=rule)


def date_rules(how: dict, timeline: dict, day_zero: str = "") -> DateRules:
    """The rules for a column with the mapping ``how`` in a study with this ``timeline``.

    ``day_zero`` is the day from which the serial numbers of the cell's workbook count, empty where
    the cell stands in no workbook. A declared ``date_origin``, then ``date_system``, goes before.
    """
    origin = how.get("date_origin") or timeline.get("date_origin")
    spreadsheet = origin is None
    if origin is None and "date_system" in how:
        origin = DAY_ZERO[how["date_system"]]
    elif origin is None and day_zero:
        origin = day_zero
    return DateRules(
        partial=timeline.get("partial_dates", {}),
        order=how.get("date_order") or timeline.get("date_order", ""),
        settled=how.get("settled_order", ""),
        origin=dt.date.fromisoformat(origin) if isinstance(origin, str) else origin,
        unit=how.get("unit", "days"),
        spreadsheet=spreadsheet,
        calendar=how.get("calendar") or timeline.get("calendar", ""),
        missing=tuple(timeline.get("missing_dates", ())),
    )


def shifted_text(read: Day, days: int) -> str:
    """A date moved by some days, as the shift of dates writes it into the cell.

    A completed date keeps its flag, and the days among which the true one lies, behind tildes.
    """
    moved = [read.day, *((read.first, read.last) if read.flag else ())]
    shown = [(day + dt.timedelta(days=days)).isoformat() for day in moved]
    return "~".join([shown[0], read.flag, *shown[1:]]) if read.flag else shown[0]


def shifted_day(text: str) -> Day:
    """What ``shifted_text`` was given, moved."""
    day, *more = text.split("~")
    if not more:
        return Day(dt.date.fromisoformat(day))
    flag, *span = more
    first, last = map(dt.date.fromisoformat, span)
    rule = "completed before it was shifted"
    return Day(dt.date.fromisoformat(day), flag, rule, first=first, last=last)
