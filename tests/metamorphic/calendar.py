"""The dates of a cohort, written in a style; study days as the dates that they stand for."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from tests.metamorphic.cohort import Cohort, day_of, filled, plain

#: What cannot be the same where the export had days and has dates now.
DATES = (
    *("ADT", "STARTDT", "ASTDT", "INDEXDT", "LSTALVDT", "DTHDT", "FAILDT", "DIAGDT", "STOPDT"),
    *("INDEXDTF", "LSTALVDTF", "DTHDTF", "DIAGDTF", "STOPDTF"),
)
#: The first patient of a study in days begins here; the next ones eleven days apart.
FIRST, APART = datetime.date(1995, 1, 2), 11


def in_calendar(cohort: Cohort) -> tuple[str, ...]:
    """A study in days gets a first day for each patient, and dates; returns what then differs."""
    if cohort.calendar:
        return ()
    cohort.told["timeline"]["dates"] = "calendar"
    for title, sheet in cohort.sheets.items():
        headers = [header for where, header in cohort.dates() if where == title]
        starts = [FIRST + datetime.timedelta(days=APART * n) for n in range(len(sheet.body))]
        for header in headers:
            place = sheet.at(header)
            for row, start in zip(sheet.body, starts, strict=True):
                if filled(row[place]):
                    row[place] = start + datetime.timedelta(days=int(row[place]))
        sheet.add("start", starts)
    for _, _, place in cohort.columns("patients"):
        place["INDEXDT"] = "start"
    return DATES


def true_dates(cohort: Cohort) -> None:
    """Every date of a calendar study as a date, not as text."""
    if cohort.calendar:
        for title, header in cohort.dates():
            cohort.sheets[title].change(header, lambda cell: day_of(cell) or cell)


def restyle(cohort: Cohort, style: Callable[[datetime.date], object]) -> tuple[str, ...]:
    """Every whole date in a ``style``; returns what cannot be the same (``in_calendar``)."""
    differs = in_calendar(cohort)
    for title, header in cohort.dates():
        cohort.sheets[title].change(
            header, lambda cell: style(day_of(cell)) if day_of(cell) else cell
        )
    return differs


def dead_apart(cohort: Cohort) -> tuple[str, str]:
    """The day of death in a column of its own, and no last contact of who died.

    Returns the sheet and the header. So nothing but the date of death says when it was.
    """
    title = cohort.sheet_of("patients")
    sheet = cohort.sheets[title]
    last = cohort.header("patients", "LSTALVDT")
    death = next(how for name, how, _ in cohort.columns("patients") if name == "DTHDT")
    if death["from"] != last:
        place, gone = sheet.at(last), sheet.at(death["from"])
        for row in sheet.body:
            if filled(row[gone]) and day_of(row[gone]):
                row[place] = None
        return title, death["from"]
    ((header, word),) = death["when"].items()
    place, flag = sheet.at(last), sheet.at(header)
    days = [row[place] if plain(row[flag]) == word else None for row in sheet.body]
    for row, day in zip(sheet.body, days, strict=True):
        row[place] = None if day is not None else row[place]
    sheet.add("died_on", days)
    for name, _, columns in cohort.columns("patients"):
        if name == "DTHDT":
            columns[name] = "died_on"
    return title, "died_on"


def starts(cohort: Cohort) -> dict[str, datetime.date]:
    """The index date of each patient."""
    sheet = cohort.of("patients")
    key, index = cohort.key("patients"), cohort.header("patients", "INDEXDT")
    pairs = ((plain(r[key]), day_of(r[index])) for r in sheet.records())
    return {patient: day for patient, day in pairs if patient and day}


def each_date(cohort: Cohort, how: Callable[[str, datetime.date], object]) -> None:
    """Every whole date of a calendar study, made of its patient and its day."""
    keys = {cohort.sheet_of(table): cohort.key(table) for table in cohort.tables}
    for title, header in cohort.dates():
        sheet = cohort.sheets[title]
        place, key = sheet.at(header), sheet.at(keys[title])
        for row in sheet.body:
            if filled(row[place]) and day_of(row[place]):
                row[place] = how(plain(row[key]), day_of(row[place]))
