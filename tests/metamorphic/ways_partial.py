"""Dates of which a part is known, and times in other units than days."""

from __future__ import annotations

import calendar
import copy
import datetime
import math

import pandas as pd

from tests.metamorphic import stored, within, write
from tests.metamorphic.calendar import dead_apart, in_calendar, true_dates
from tests.metamorphic.cohort import Cohort, Sheet, day_of, filled, plain
from tests.metamorphic.expect import Expectation, bound, differences, equal, stops
from tests.metamorphic.outcome import Outcome, run
from tests.metamorphic.way import DATED, IN_DAYS, way

KIND = "Dates in part, times in other units"
MONTH, YEAR = "%Y-%m", "%Y"
#: The dates of a patient of which a part is cut off, each with the first and the last day left.
Cuts = dict[tuple[str, datetime.date], tuple[datetime.date, datetime.date]]
NUMBERS = (
    "Medians and hazard ratios lie within the bounds that follow from each patient's days at risk"
)


def _span(day: datetime.date, style: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the month, or of the year."""
    if style == YEAR:
        return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


def _cut(sheet: Sheet, key: str, header: str, style: str, rows: list | None = None) -> Cuts:
    """The dates under ``header`` without their day, or without day and month; which they are."""
    cuts, place = {}, sheet.at(header)
    for row in sheet.body if rows is None else rows:
        if day := day_of(row[place]):
            cuts[plain(row[sheet.at(key)]), day] = _span(day, style)
            row[place] = f"{day:{style}}"
    return cuts


def _whole(cohort: Cohort) -> Outcome:
    """The export with whole dates; study days as the dates that they stand for."""
    reference = run(copy.deepcopy(cohort))
    assert not reference.stopped, reference.stopped
    return reference


def _bounded(reason: str, reference: Outcome, cuts: Cuts) -> Expectation:
    """Only times that begin or end with a date of ``cuts`` move, within what is left of it."""

    def slack(row: pd.Series) -> tuple[int, int]:
        (began_less, began_more), (ended_less, ended_more) = (
            _free(row["USUBJID"], row[column], cuts) for column in ("STARTDT", "ADT")
        )
        if str(row["EVNTDESC"]) == "No remission by the landmark":
            # Whoever dies before the landmark fails on that day.
            deaths = [first for (who, _), (first, _) in cuts.items() if who == row["USUBJID"]]
            ended_less = max([0, *((row["ADT"].date() - first).days for first in deaths)])
        return ended_less + began_more, ended_more + began_less

    rows = within.slack_of(reference, slack)
    return bound(
        f"{reason}. {NUMBERS}",
        lambda _, after: within.beyond(rows, reference, after),
        shown=lambda after: within.shown(rows, after),
    )


def _free(patient: str, day: pd.Timestamp, cuts: Cuts) -> tuple[int, int]:
    """How many days before and after it a date may lie."""
    first, last = cuts.get((patient, day.date()), (day.date(), day.date()))
    return (day.date() - first).days, (last - day.date()).days


def _deaths(cohort: Cohort, style: str) -> tuple[Outcome, Cuts]:
    in_calendar(cohort)
    title, header = dead_apart(cohort)
    reference = _whole(cohort)
    return reference, _cut(cohort.sheets[title], cohort.key("patients"), header, style)


IN_ITS_MONTH = (
    "Each death stays in its month, so that it moves by 30 days at most, and after all that is "
    "dated exactly; no other event moves, none appears or goes"
)


@way(KIND)
def month_of_death(cohort: Cohort) -> Expectation:
    """A registry gives the month of death, not the day."""
    return _bounded(IN_ITS_MONTH, *_deaths(cohort, MONTH))


@way(KIND)
def month_of_death_in_a_workbook(cohort: Cohort) -> Expectation:
    """The same typed into Excel, which stores the first of the month and shows "Mar-21"."""
    reference, cuts = _deaths(cohort, MONTH)
    true_dates(cohort)
    cohort.formats[_first_of_the_month(cohort)] = "mmm-yy"
    cohort.write = write.workbook
    return _bounded(IN_ITS_MONTH, reference, cuts)


@way(KIND)
def month_of_death_in_spss(cohort: Cohort) -> Expectation:
    """The same in an SPSS file, which stores the first of the month and shows it by MOYR8."""
    reference, cuts = _deaths(cohort, MONTH)
    _first_of_the_month(cohort)
    cohort.write = stored.spss(of_death="MOYR8")
    return _bounded(IN_ITS_MONTH, reference, cuts)


def _first_of_the_month(cohort: Cohort) -> tuple[str, str]:
    """Months of death as the first days that programs store for them; the sheet and the header."""
    title, header = cohort.sheet_of("patients"), cohort.header("patients", "DTHDT")
    cohort.sheets[title].change(
        header, lambda c: datetime.date.fromisoformat(f"{c}-01") if str(c)[:4].isdigit() else c
    )
    return title, header


@way(KIND)
def year_of_death(cohort: Cohort) -> Expectation:
    """A registry gives the year of death; the study file completes a year to July."""
    cohort.told["timeline"]["partial_dates"] = {"missing_month": 7}
    return _bounded(
        "Each death stays in its year, and after all that is dated exactly; no other event moves, "
        "none appears or goes, but for a landmark in that year, which is asked about",
        *_deaths(cohort, YEAR),
    )


@way(KIND)
def year_of_death_not_declared(cohort: Cohort) -> Expectation:
    """The same, while the study file does not say what a year stands for."""
    _deaths(cohort, YEAR)
    return stops("the month is missing")


@way(KIND)
def month_of_last_contact(cohort: Cohort) -> Expectation:
    """The month in which a patient was last seen, where he is alive."""
    in_calendar(cohort)
    dead_apart(cohort)
    reference = _whole(cohort)
    sheet, header = cohort.of("patients"), cohort.header("patients", "LSTALVDT")
    place, death = sheet.at(header), sheet.at(cohort.header("patients", "DTHDT"))
    alive = [row for row in sheet.body if filled(row[place]) and not filled(row[death])]
    return _bounded(
        "Each last contact stays in its month, and after all that is dated exactly; no event moves",
        reference,
        _cut(sheet, cohort.key("patients"), header, MONTH, alive),
    )


#: Words for a relapse in the two studies in the calendar; in the others it has a column.
RELAPSES = {"aml_venaza": ("复发", "Relapse"), "all_venaza": ("7",)}


@way(KIND)
def month_of_relapse(cohort: Cohort) -> Expectation:
    """The month of relapse, from a letter of another hospital."""
    in_calendar(cohort)
    reference = _whole(cohort)
    sheet, key = cohort.of("responses"), cohort.key("responses")
    if cohort.name in RELAPSES:
        word = sheet.at(cohort.header("responses", "RSINV"))
        rows = [row for row in sheet.body if plain(row[word]) in RELAPSES[cohort.name]]
        cuts = _cut(sheet, key, cohort.header("responses", "RSDT"), MONTH, rows)
    else:
        cuts = _cut(sheet, key, {"myeloid": "rltime", "bmt": "t2"}[cohort.name], MONTH)
    return _bounded(
        "Each relapse stays in its month, after the remission and before death and next therapy; "
        "survival from relapse begins in that month; nothing else moves",
        reference,
        cuts,
    )


@way(KIND, scope=DATED)
def month_of_diagnosis(cohort: Cohort) -> Expectation:
    """The month of diagnosis, as patients remember it."""
    reference = _whole(cohort)
    _cut(cohort.of("patients"), cohort.key("patients"), cohort.header("patients", "DIAGDT"), MONTH)

    def check(_: Outcome, after: Outcome) -> list[str]:
        old, new = (o.tables["adsl"].set_index("USUBJID") for o in (reference, after))
        days = pd.DataFrame({"old": old["DIAGDT"], "new": new["DIAGDT"], "index": new["INDEXDT"]})
        days = days.dropna(subset="old")
        late = days[days["new"] > days["index"].where(days["index"] > days["old"], days["old"])]
        moved = days[days["old"].dt.to_period("M") != days["new"].dt.to_period("M")]
        wrong = [f"{who}: diagnosed {days['new'][who]}" for who in [*late.index, *moved.index]]
        return wrong + differences(reference, after, ("DIAGDT", "DIAGDY", "DIAGDTF"))

    return bound(
        "Each diagnosis stays in its month, and not after the first dose; no endpoint moves, and "
        "no row of the ARD",
        check,
    )


@way(KIND, scope=DATED)
def month_of_the_next_therapy(cohort: Cohort) -> Expectation:
    """The month in which the next therapy began, from a letter of another hospital."""
    reference = _whole(cohort)
    key, header = cohort.key("therapies"), cohort.header("therapies", "CMSTDT")
    return _bounded(
        "Each therapy stays in its month, and after the failure that it follows; nothing else "
        "moves",
        reference,
        _cut(cohort.of("therapies"), key, header, MONTH),
    )


# times in other units


def _in_unit(cohort: Cohort, days: float, digits: int, unit: str | None) -> None:
    """Times in a unit of so many days, rounded to ``digits``; the study file says ``unit``."""
    for title, header in cohort.dates():
        cohort.sheets[title].change(header, lambda c: f"{int(c) / days:.{digits}f}")
    _tell_unit(cohort, unit)


def _tell_unit(cohort: Cohort, unit: str | None) -> None:
    for table in cohort.tables:
        for name, how, _ in list(cohort.columns(table)):
            if unit and name.endswith("DT") and "from" in how:
                cohort.tell(table, name, unit=unit)


def _rounded(cohort: Cohort, days: float, digits: int, unit: str) -> Expectation:
    reference = _whole(cohort)
    _in_unit(cohort, days, digits, unit)
    most = math.floor(days * 10**-digits / 2 + 0.5)

    def slack(row: pd.Series) -> tuple[int, int]:
        free = most * (1 if row["STARTDY"] == 0 else 2)
        return free, free

    rows = within.slack_of(reference, slack)
    return bound(
        f"One of the {unit} is {days:g} days: half of the last digit and the rounding to whole "
        f"days move a time by {most} days at most, one between two such by {2 * most}. {NUMBERS}",
        lambda _, after: within.beyond(rows, reference, after),
        shown=lambda after: within.shown(rows, after),
    )


@way(KIND, scope=IN_DAYS)
def times_in_months(cohort: Cohort) -> Expectation:
    """Times in months to one decimal, declared in the study file."""
    return _rounded(cohort, 30.4375, 1, "months")


@way(KIND, scope=IN_DAYS)
def times_in_years(cohort: Cohort) -> Expectation:
    """Times in years to two decimals, declared in the study file."""
    return _rounded(cohort, 365.25, 2, "years")


@way(KIND, equal(), IN_DAYS)
def times_in_weeks(cohort: Cohort) -> None:
    """Times in weeks to one decimal, which is less than half a day; declared in the study file."""
    _in_unit(cohort, 7, 1, "weeks")


@way(KIND, stops("have decimals", "Without a unit"), IN_DAYS)
def times_in_months_not_declared(cohort: Cohort) -> None:
    """Times in months, while the study file says nothing of months."""
    _in_unit(cohort, 30.4375, 1, None)


@way(KIND, stops("have decimals", "Without a unit"), IN_DAYS)
def study_days_with_decimals(cohort: Cohort) -> None:
    """Differences of date-times, 234.29 days, while the study file does not say that it is days."""
    _with_hours(cohort)


@way(KIND, equal(), IN_DAYS)
def study_days_with_decimals_declared(cohort: Cohort) -> None:
    """The same, and the study file says that the unit is days."""
    _with_hours(cohort)
    _tell_unit(cohort, "days")


def _with_hours(cohort: Cohort) -> None:
    for title, header in cohort.dates():
        cohort.sheets[title].change(header, lambda c: f"{int(c) + 0.29:.2f}")
