"""Dates completed from a month or a year, kept within what the patient's other dates allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.journal import Journal

#: What the log says of a completed date that another date of the patient moved.
MOVED = "completed date kept within the patient's other dates"


@dataclass(eq=False)
class Point:
    """A dated cell of a patient: the days it may be, the day it is, and what bounds it.

    For a date that was written whole, ``low``, ``high`` and ``day`` are that date. ``loose``: its
    period lies before the index date, so that it says nothing and gives way to all.
    """

    table: str
    row: CleanRow
    name: str
    low: dt.date
    high: dt.date
    day: dt.date
    completed: bool
    bound: Point | None = None
    loose: bool = False

    def shown(self) -> str:
        """The raw header, and the date as it was written."""
        header, text = self.row.raw(self.name)
        return f"{header or self.name} {text if self.completed and text else self.day.isoformat()}"


@dataclass(frozen=True)
class Pair:
    """A rule of ``order`` for two points: ``first`` and some days are not after ``then``.

    Where ``firm``, the two can only contradict each other by a mistake.
    """

    first: Point
    then: Point
    days: dt.timedelta
    firm: bool


@dataclass
class _Patient:
    """The dated cells of one patient by table and column."""

    points: dict[tuple[str, str], list[Point]] = field(default_factory=dict)

    def add(self, point: Point) -> None:
        self.points.setdefault((point.table, point.name), []).append(point)

    def all(self) -> Iterator[Point]:
        for points in self.points.values():
            yield from points


def complete_dates(tables: dict[str, list[CleanRow]], study: dict, journal: Journal) -> None:
    """Move each completed date to the day nearest to its own that the patient's dates allow.

    ``tables`` holds rows with calendar dates; a completed date has its flag (``DTHDTF``) and the
    days among which it lies. Which dates follow which is ``order`` of the checks; none
    is later than the export. One that may lie before the cut-off or after it is put before it, and
    asked about (``completed_date_across_cutoff``). A whole date is never moved.
    Where two dates that are sure to follow each other leave no day, the completed one is asked
    about (``completed_date_without_day``), and takes the day that the other gives it, so that no
    event is lost; where that lies more than ``limits > completed_beyond_days`` from the period,
    its nearest day. No period puts an event before the index date. Each move is in the cleaning
    log, with what caused it.
    """
    rules, days = study["checks"]["order"], study["checks"]["limits"]["completed_beyond_days"]
    beyond = dt.timedelta(days=days)
    cutoff, export = _day(study["cutoff"]), _day(study.get("export"))
    for patient in _patients(tables):
        asked: list[Pair] = []
        moved = [point for point in patient.all() if point.completed]
        _end(moved, export)
        pairs = [pair for rule in rules for pair in _pairs(rule, patient)]
        pairs = _narrowed(pairs, asked, beyond)
        if across := _end(moved, cutoff):
            pairs = _narrowed(pairs, asked, beyond)
        _settled(moved, pairs)
        for point in moved:
            _write(point, journal)
        for point in across:
            said = {"cutoff": cutoff.isoformat(), "day": point.day.isoformat()}
            at = (point.row, point.table, point.name)
            journal.ask_of_row("completed_date_across_cutoff", *at, said)
        for point, other in {_sides(pair)[0]: _sides(pair)[1] for pair in asked}.items():
            _ask(point, other, journal)


def _day(text: str | None) -> dt.date:
    return dt.date.fromisoformat(text) if text else dt.date.max


def _end(points: list[Point], last: dt.date) -> list[Point]:
    """The points that may lie on either side of a day; they are put on this one."""
    across = [point for point in points if point.low <= last < point.high]
    for point in across:
        point.high = last
    return across


def _patients(tables: dict[str, list[CleanRow]]) -> list[_Patient]:
    """The patients who have a completed date, each with all dated cells."""
    wanted = {
        row["USUBJID"]
        for rows in tables.values()
        for row in rows
        if any(row.index in found for found in row.of.spans.values())
    }
    found = {patient: _Patient() for patient in sorted(wanted)}
    for table, rows in tables.items():
        for row in rows:
            if row["USUBJID"] not in found:
                continue
            for name, value in row.dates():
                span = row.span(name)
                low, high = span or (value, value)
                point = Point(table, row, name, low, high, value, span is not None)
                found[row["USUBJID"]].add(point)
    return list(found.values())


def _pairs(rule: dict, patient: _Patient) -> Iterator[Pair]:
    """The pairs of a patient's cells that a rule speaks of, of which one was completed."""
    days, firm = dt.timedelta(days=rule.get("days", 0)), rule.get("firm", False)
    for first in _of_rule(rule, "first", patient):
        for then in _of_rule(rule, "then", patient):
            if first is then or not (first.completed or then.completed):
                continue
            if rule.get("same_row") and first.row is not then.row:
                continue
            if "number" in rule and not _in_order(first.row, then.row, rule["number"]):
                continue
            yield Pair(first, then, days, firm)


def _of_rule(rule: dict, end: str, patient: _Patient) -> list[Point]:
    table, _, name = rule[end].partition(".")
    points = patient.points.get((table, name), [])
    words = rule.get(f"{end}_is")
    return [p for p in points if words is None or p.row.get("RSINV") in words]


def _in_order(first: CleanRow, then: CleanRow, column: str) -> bool:
    one, other = first.get(column), then.get(column)
    return one is not None and other is not None and one < other


def _narrowed(pairs: list[Pair], asked: list[Pair], beyond: dt.timedelta) -> list[Pair]:
    """The pairs that hold, with the days of each completed date narrowed by them.

    An earlier rule goes before a later one. A pair that leaves no day is dropped: what it says is
    not so here, or, where it is firm, is asked about.
    """
    changed = True
    while changed:
        changed, kept = False, []
        for pair in pairs:
            if pair.first.low + pair.days > pair.then.high:
                if pair.firm:
                    asked.append(pair)
                    _give_way(pair, beyond)
                    changed = True
                continue
            kept.append(pair)
            changed = _narrow(pair) or changed
        pairs = kept
    return pairs


def _narrow(pair: Pair) -> bool:
    first, then = pair.first, pair.then
    later, earlier = first.low + pair.days, then.high - pair.days
    changed = False
    if then.completed and then.low < later:
        then.low, then.bound, changed = later, first, True
    if first.completed and first.high > earlier:
        first.high, first.bound, changed = earlier, then, True
    return changed


def _give_way(pair: Pair, beyond: dt.timedelta) -> None:
    """Put the completed date of a firm pair on the day that the other leaves it, or next to it."""
    point, other = _sides(pair)
    point.bound = other
    if point is pair.then:
        wanted, nearest = other.low + pair.days, point.high
        point.loose = point.loose or other.name == "INDEXDT"
    else:
        wanted, nearest = other.high - pair.days, point.low
    near = abs(wanted - nearest) <= beyond
    point.low = point.high = wanted if near or point.loose else nearest


def _settled(moved: list[Point], pairs: list[Pair]) -> None:
    """Give each completed date the allowed day nearest to its own, and keep their order."""
    for point in moved:
        point.day = min(max(point.day, point.low), point.high)
    changed = True
    while changed:
        changed = False
        for pair in pairs:
            least = pair.first.day + pair.days
            if pair.then.completed and pair.then.day < least <= pair.then.high:
                pair.then.day, pair.then.bound, changed = least, pair.first, True


def _write(point: Point, journal: Journal) -> None:
    """Put the day into the row, and say so in the log where it is another than before."""
    before = point.row[point.name]
    if point.day == before:
        return
    point.row[point.name] = point.day
    side = "before" if point.day > before else "after"
    note = f"not {side} {point.bound.shown() if point.bound else 'the data cut-off or the export'}"
    header, text = point.row.raw(point.name)
    journal.change(
        point.row["USUBJID"], point.table, point.name, text, point.day.isoformat(), MOVED,
        point.row.place, header, note,
    )  # fmt: skip


def _sides(pair: Pair) -> tuple[Point, Point]:
    """The completed date of a firm pair, which gives way, and the other."""
    return (pair.then, pair.first) if pair.then.completed else (pair.first, pair.then)


def _ask(point: Point, other: Point, journal: Journal) -> None:
    other = point.bound or other
    said = {"other": other.shown(), "row": other.row.place.row, "day": point.day.isoformat()}
    journal.ask_of_row("completed_date_without_day", point.row, point.table, point.name, said)
