"""Dates that can hardly be: after the export, of another time, or in a year typed wrong."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.journal import Journal

#: So far from every other date of the patient a date is looked at; so near it would fit.
_FAR, _NEAR = 2 * 365, 183
#: Dates that may truly lie years before or after all the others of a patient.
_APART = ("DIAGDT", "LSTALVDT", "DTHDT")


def ask_about_years(tables: dict[str, list[CleanRow]], study: dict, journal: Journal) -> None:
    """Queries for dates after the day of the export, of another time, and for mistyped years.

    ``tables`` has the rows of each table before days are counted. Where there is a cut-off, a
    later date is asked about with it (``after_cutoff``) and not here, but for an index date. One
    before ``limits > earliest_index`` is of no cohort (``implausible_index_date``). A year looks
    mistyped where the date is far from every other date of the patient, and one digit changed, or
    two that stand side by side swapped, would put it among them. Nothing is corrected.
    """
    export, cutoff = study.get("export"), study["cutoff"]
    covered = cutoff is not None and (export is None or cutoff <= export)
    last = dt.date.fromisoformat(export) if export and not covered else None
    first = study["checks"]["limits"]["earliest_index"]
    until = dt.date.fromisoformat(export) if export else dt.date.max
    patients: dict[str, list[tuple[str, str, CleanRow, dt.date]]] = {}
    for table, rows in tables.items():
        for row in rows:
            for name, value in row.dates():
                patients.setdefault(row["USUBJID"], []).append((table, name, row, value))
    for found in patients.values():
        days = sorted(day for *_, day in found)
        spread = (days[-1] - days[0]).days > _FAR
        for table, name, row, day in found:
            if name == "INDEXDT" and (day.year < first or day > until):
                said = {"day": day.isoformat(), "first": first}
                journal.ask_of_row("implausible_index_date", row, table, name, said)
                continue
            if last and day > last:
                journal.ask_of_row("future_date", row, table, name, {"export": last.isoformat()})
                continue
            at = bisect_left(days, day)
            if not spread or any((abs(day - d)).days <= _FAR for d in _beside(days, at)):
                continue
            others = days[:at] + days[at + 1 :]
            if likely := mistyped(day, others, name in _APART):
                journal.ask_of_row("year_typo", row, table, name, {"year": likely})


def _beside(days: list[dt.date], at: int) -> list[dt.date]:
    """The days, of some in their order, next to the first that is such a one."""
    return days[max(at - 1, 0) : at] + days[at + 1 : at + 2]


def mistyped(day: dt.date, others: list[dt.date], apart: bool = False) -> int | None:
    """The year that was probably meant, or None. ``apart``: it may truly lie years off."""
    if len(others) < 2 or min(abs((day - other).days) for other in others) <= _FAR:
        return None
    first, last = min(others), max(others)
    if (last - first).days > _FAR * 2:
        return None
    for year in _neighbours(day.year, swapped_only=apart):
        try:
            meant = day.replace(year=year)
        except ValueError:  # 29 February
            meant = day.replace(year=year, day=28)
        if (first - meant).days <= _NEAR and (meant - last).days <= _NEAR:
            return year
    return None


def _neighbours(year: int, swapped_only: bool) -> list[int]:
    text = str(year)
    swaps = [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)]
    changed = [
        text[:i] + digit + text[i + 1 :]
        for i in range(len(text))
        for digit in "0123456789"
        if not swapped_only
    ]
    years = {int(t) for t in (*swaps, *changed) if t != text and 1900 < int(t) < 2100}
    return sorted(years, key=lambda y: (abs(y - year), y))
