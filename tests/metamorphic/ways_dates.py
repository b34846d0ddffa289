"""Dates: the styles of the world, calendars of other years, and dates of which a part is known."""

from __future__ import annotations

import copy
import datetime

import pandas as pd

from tests.metamorphic import write
from tests.metamorphic.calendar import dead_apart, in_calendar, restyle
from tests.metamorphic.cohort import Cohort, day_of, plain
from tests.metamorphic.expect import Check, Expectation, bound, differences, equal, stops
from tests.metamorphic.outcome import Outcome, run
from tests.metamorphic.way import CALENDAR, DAYS, way

KIND = "Dates"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@way(KIND, studies=DAYS)
def study_days_as_dates(cohort: Cohort) -> Expectation:
    """The days of a trial written as the dates that they stand for."""
    return equal(*restyle(cohort, datetime.date.isoformat))


@way(KIND)
def day_month_year_with_dots(cohort: Cohort) -> Expectation:
    """05.03.2021, as in Germany."""
    return equal(*restyle(cohort, lambda d: f"{d:%d.%m.%Y}"))


@way(KIND)
def month_day_year(cohort: Cohort) -> Expectation:
    """03/05/2021 for 5 March, as in the United States."""
    return equal(*restyle(cohort, lambda d: f"{d:%m/%d/%Y}"))


@way(KIND)
def day_month_year_declared(cohort: Cohort) -> Expectation:
    """5/3/2021 for 5 March, as in most of the world; the study file declares the order."""
    cohort.told["timeline"]["date_order"] = "DMY"
    return equal(*restyle(cohort, lambda d: f"{d.day}/{d.month}/{d.year}"))


@way(KIND)
def month_first_declared_day_first(cohort: Cohort) -> Expectation:
    """03/05/2021 for 5 March, while the study file declares the day first by mistake."""
    cohort.told["timeline"]["date_order"] = "DMY"
    restyle(cohort, lambda d: f"{d:%m/%d/%Y}")
    return stops("date_order")


@way(KIND)
def chinese_dates(cohort: Cohort) -> Expectation:
    """2021年3月5日."""
    return equal(*restyle(cohort, lambda d: f"{d.year}年{d.month}月{d.day}日"))


@way(KIND)
def korean_dates(cohort: Cohort) -> Expectation:
    """2021. 3. 5. with a last dot, as in Korea."""
    return equal(*restyle(cohort, lambda d: f"{d.year}. {d.month}. {d.day}."))


@way(KIND)
def full_width_dates(cohort: Cohort) -> Expectation:
    """２０２１／０３／０５, typed with a Chinese keyboard."""
    wide = str.maketrans("0123456789/", "０１２３４５６７８９／")
    return equal(*restyle(cohort, lambda d: f"{d:%Y/%m/%d}".translate(wide)))


@way(KIND)
def eight_digits(cohort: Cohort) -> Expectation:
    """20210305 as a number in a workbook."""
    cohort.write = write.workbook
    return equal(*restyle(cohort, lambda d: int(f"{d:%Y%m%d}")))


@way(KIND)
def oracle_dates(cohort: Cohort) -> Expectation:
    """05-MAR-2021, as a hospital's database prints them."""
    return equal(*restyle(cohort, lambda d: f"{d.day:02}-{MONTHS[d.month - 1].upper()}-{d.year}"))


@way(KIND)
def american_words(cohort: Cohort) -> Expectation:
    """Mar 5, 2021."""
    return equal(*restyle(cohort, lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}"))


@way(KIND)
def with_the_time_of_day(cohort: Cohort) -> Expectation:
    """2021-03-05 14:30:00, as a laboratory system stamps its rows."""
    return equal(*restyle(cohort, lambda d: f"{d} 14:30:00"))


@way(KIND)
def with_time_and_zone(cohort: Cohort) -> Expectation:
    """2021-03-05T00:00:00.000Z, as a web service exports."""
    return equal(*restyle(cohort, lambda d: f"{d}T00:00:00.000Z"))


@way(KIND)
def years_of_two_digits(cohort: Cohort) -> Expectation:
    """21/3/5: year, month or day first?"""
    restyle(cohort, lambda d: f"{d:%y}/{d.month}/{d.day}")
    return stops("two digits")


@way(KIND)
def years_of_two_digits_declared(cohort: Cohort) -> Expectation:
    """21/3/5, declared as year, month, day."""
    cohort.told["timeline"]["date_order"] = "YMD"
    return equal(*restyle(cohort, lambda d: f"{d:%y}/{d.month}/{d.day}"))


@way(KIND)
def japanese_years_declared(cohort: Cohort) -> Expectation:
    """令和3年3月5日, declared in the study file; years before Reiwa are of Heisei."""
    cohort.told["timeline"]["calendar"] = "japanese"
    return equal(*restyle(cohort, _japanese))


def _japanese(day: datetime.date) -> str:
    reiwa = day >= datetime.date(2019, 5, 1)
    name, first = ("令和", 2018) if reiwa else ("平成", 1988)
    return f"{name}{day.year - first}年{day.month}月{day.day}日"


@way(KIND)
def chinese_numerals(cohort: Cohort) -> Expectation:
    """二〇二一年三月五日, as in a discharge letter."""
    return equal(*restyle(cohort, _in_numerals))


def _in_numerals(day: datetime.date) -> str:
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(d)] for d in str(day.year))
    return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日"


def _numeral(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{digits[tens]}十")
    return ten + (digits[ones] if ones or not tens else "")


@way(KIND)
def german_months(cohort: Cohort) -> Expectation:
    """5. März 2021."""
    months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    names = months.split()
    return equal(*restyle(cohort, lambda d: f"{d.day}. {names[d.month - 1]} {d.year}"))


@way(KIND)
def republic_years_not_declared(cohort: Cohort) -> Expectation:
    """Years of the Republic, as in Taiwan: 1100305 is 5 March 2021; the study file says nothing."""
    restyle(cohort, lambda d: f"{d.year - 1911:03}{d:%m%d}")
    return stops()


@way(KIND)
def republic_years_declared(cohort: Cohort) -> Expectation:
    """Years of the Republic, 110/03/05, declared in the study file."""
    cohort.told["timeline"]["calendar"] = "minguo"
    return equal(*restyle(cohort, lambda d: f"{d.year - 1911}/{d:%m/%d}"))


@way(KIND)
def buddhist_years_not_declared(cohort: Cohort) -> Expectation:
    """Buddhist years, as in Thailand: 2564-03-05 is 5 March 2021; the study file says nothing."""
    restyle(cohort, lambda d: f"{d.year + 543}-{d:%m-%d}")
    return stops()


@way(KIND)
def buddhist_years_declared(cohort: Cohort) -> Expectation:
    """Buddhist years, 05/03/2564, declared in the study file."""
    cohort.told["timeline"]["calendar"] = "buddhist"
    return equal(*restyle(cohort, lambda d: f"{d:%d/%m}/{d.year + 543}"))


@way(KIND)
def day_first_here_month_first_there(cohort: Cohort) -> Expectation:
    """Half of the dates typed day first, half month first, in the same columns."""
    turn = iter(range(10**6))
    styles = ("%d/%m/%Y", "%m/%d/%Y")
    restyle(cohort, lambda d: d.strftime(styles[next(turn) % 2]))
    return stops("date_order")


# dates of which a part is known


#: An event that a death before the landmark dates.
NO_REMISSION = "No remission by the landmark"


def _cut(cohort: Cohort, places: list[tuple[str, str]], style: str) -> None:
    """Dates in ``places`` without their day, or without day and month."""
    for title, header in places:
        cohort.sheets[title].change(header, lambda c: f"{day_of(c):{style}}" if day_of(c) else c)


def _kept(reference: Outcome, parts: tuple[str, ...], *events: str) -> Check:
    """Dates of ``events`` keep these parts, as do times that begin with one; all else stays."""

    def check(_: Outcome, after: Outcome) -> list[str]:
        wrong = []
        old, new = (o.tables["adtte"] for o in (reference, after))
        rows = old.merge(new, on=["USUBJID", "PARAMCD"], how="outer", suffixes=("", "_new"))
        for row in rows.to_dict("records"):
            where = f"{row['USUBJID']} {row['PARAMCD']}"
            for column in ("CNSR", "EVNTDESC", "CNSDTDSC"):
                if _text(row[column]) != _text(row[f"{column}_new"]):
                    wrong.append(f"{where}: {column} {row[f'{column}_new']}, not {row[column]}")
            free = ["STARTDT"] + (["ADT"] if row["EVNTDESC"] in events else [])
            for column in ("STARTDT", "ADT"):
                was, now = row[column], row[f"{column}_new"]
                if pd.isna(now) or _parts(was, parts, column in free) != _parts(
                    now, parts, column in free
                ):
                    wrong.append(f"{where}: {column} {now}, not {was}")
        return wrong

    return check


def _parts(day: pd.Timestamp, parts: tuple[str, ...], free: bool) -> tuple:
    return tuple(getattr(day, part) for part in parts) if free else (day,)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _as_dates(cohort: Cohort) -> Outcome:
    """The export with whole dates; study days as the dates that they stand for."""
    reference = run(copy.deepcopy(cohort))
    assert not reference.stopped, reference.stopped
    return reference


def _deaths(cohort: Cohort) -> tuple[Outcome, list[tuple[str, str]]]:
    in_calendar(cohort)
    places = [dead_apart(cohort)]
    return _as_dates(cohort), places


@way(KIND)
def month_of_death(cohort: Cohort) -> Expectation:
    """A registry gives the month of death, not the day."""
    reference, places = _deaths(cohort)
    _cut(cohort, places, "%Y-%m")
    return bound(
        "Each death stays in its month, so that it moves by 30 days at most, and after all that is "
        "dated exactly; no other event moves, none appears or goes",
        _kept(reference, ("year", "month"), "Death", NO_REMISSION),
    )


@way(KIND)
def year_of_death(cohort: Cohort) -> Expectation:
    """A registry gives the year of death; the study file completes a year to July."""
    reference, places = _deaths(cohort)
    cohort.told["timeline"]["partial_dates"] = {"missing_month": 7}
    _cut(cohort, places, "%Y")
    return bound(
        "Each death stays in its year, and after all that is dated exactly; no other event moves, "
        "none appears or goes",
        _kept(reference, ("year",), "Death", NO_REMISSION),
    )


@way(KIND)
def year_of_death_not_declared(cohort: Cohort) -> Expectation:
    """The same, while the study file does not say what a year stands for."""
    _, places = _deaths(cohort)
    _cut(cohort, places, "%Y")
    return stops("the month is missing")


#: Words for a relapse in the two studies in the calendar; in the others it has a column.
RELAPSES = {"aml_venaza": ("复发", "Relapse"), "all_venaza": ("7",)}


@way(KIND)
def month_of_relapse(cohort: Cohort) -> Expectation:
    """The month of relapse, from a letter of another hospital."""
    in_calendar(cohort)
    reference = _as_dates(cohort)
    if cohort.name in RELAPSES:
        sheet = cohort.of("responses")
        date, word = (sheet.at(cohort.header("responses", n)) for n in ("RSDT", "RSINV"))
        for row in sheet.body:
            if plain(row[word]) in RELAPSES[cohort.name] and day_of(row[date]):
                row[date] = f"{day_of(row[date]):%Y-%m}"
    else:
        header = {"myeloid": "rltime", "bmt": "t2"}[cohort.name]
        _cut(cohort, [(next(iter(cohort.sheets)), header)], "%Y-%m")
    return bound(
        "Each relapse stays in its month, after the remission and before death and next therapy; "
        "survival from relapse begins in that month; nothing else moves",
        _kept(reference, ("year", "month"), "Relapse"),
    )


@way(KIND, studies=CALENDAR)
def month_of_diagnosis(cohort: Cohort) -> Expectation:
    """The month of diagnosis, as patients remember it."""
    reference = _as_dates(cohort)
    title, header = cohort.sheet_of("patients"), cohort.header("patients", "DIAGDT")
    _cut(cohort, [(title, header)], "%Y-%m")

    def check(_: Outcome, after: Outcome) -> list[str]:
        old, new = (o.tables["adsl"].set_index("USUBJID") for o in (reference, after))
        days = pd.DataFrame({"old": old["DIAGDT"], "new": new["DIAGDT"], "index": new["INDEXDT"]})
        days = days.dropna(subset="old")
        late = days[days["new"] > days["index"].where(days["index"] > days["old"], days["old"])]
        moved = days[days["old"].dt.to_period("M") != days["new"].dt.to_period("M")]
        wrong = [f"{who}: diagnosed {days['new'][who]}" for who in [*late.index, *moved.index]]
        return wrong + differences(
            reference,
            after,
            ("DIAGDT", "DIAGDY", "DIAGDTF"),
            tables=("adsl", "adrs", "adtte"),
            ard=False,
        )

    return bound(
        "Each diagnosis stays in its month, and not after the first dose; no endpoint moves", check
    )


@way(KIND, studies=CALENDAR)
def month_of_the_next_therapy(cohort: Cohort) -> Expectation:
    """The month in which the next therapy began, from a letter of another hospital."""
    reference = _as_dates(cohort)
    title, header = cohort.sheet_of("therapies"), cohort.header("therapies", "CMSTDT")
    _cut(cohort, [(title, header)], "%Y-%m")
    return bound(
        "Each therapy stays in its month, and after the failure that it follows; nothing else "
        "moves",
        _kept(reference, ("year", "month"), "Next anti-leukaemic therapy", "CAR-T cells"),
    )


# times in other units


@way(KIND, studies=DAYS)
def times_in_months(cohort: Cohort) -> Expectation:
    """Times in months to one decimal, declared in the study file."""
    _in_months(cohort)
    for table in cohort.tables:
        for name, how, _ in list(cohort.columns(table)):
            if name.endswith("DT") and "from" in how:
                cohort.tell(table, name, unit="months")
    return bound(
        "A month is 30.4375 days: half of the last decimal is 1.5 days and rounding to whole days "
        "another half, so that a time moves by 2 days at most, one between two such by 4; no event "
        "appears or goes",
        _within(4),
    )


@way(KIND, studies=DAYS)
def times_in_months_not_declared(cohort: Cohort) -> Expectation:
    """The same, while the study file says nothing of months."""
    _in_months(cohort)
    return stops()


def _in_months(cohort: Cohort) -> None:
    for title, header in cohort.dates():
        cohort.sheets[title].change(header, lambda c: f"{int(c) / 30.4375:.1f}")


def _within(days: int) -> Check:
    def check(before: Outcome, after: Outcome) -> list[str]:
        old, new = (o.tables["adtte"] for o in (before, after))
        rows = old.merge(new, on=["USUBJID", "PARAMCD"], how="outer", suffixes=("", "_new"))
        moved = (rows["AVAL"] - rows["AVAL_new"]).abs() > days
        other = rows["CNSR"].astype("Int64").ne(rows["CNSR_new"].astype("Int64")).fillna(True)
        wrong = rows[moved.fillna(True) | other]
        return [f"{r.USUBJID} {r.PARAMCD}: {r.AVAL_new}" for r in wrong.itertuples()]

    return check
