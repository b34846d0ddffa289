"""Dates: the styles of the world, and the calendars of other years."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import re

from tests.metamorphic import write
from tests.metamorphic.calendar import DATES, each_date, restyle, starts
from tests.metamorphic.cohort import Cohort, plain
from tests.metamorphic.expect import Expectation, differences, equal, stops
from tests.metamorphic.outcome import Outcome, run
from tests.metamorphic.way import DATED, IN_DAYS, way

KIND = "Styles of dates"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@way(KIND, scope=IN_DAYS)
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
    return stops("looks like a year of the")


@way(KIND)
def republic_years_declared(cohort: Cohort) -> Expectation:
    """Years of the Republic, 110/03/05, declared in the study file."""
    cohort.told["timeline"]["calendar"] = "minguo"
    return equal(*restyle(cohort, lambda d: f"{d.year - 1911}/{d:%m/%d}"))


@way(KIND)
def buddhist_years_not_declared(cohort: Cohort) -> Expectation:
    """Buddhist years, as in Thailand: 2564-03-05 is 5 March 2021; the study file says nothing."""
    restyle(cohort, lambda d: f"{d.year + 543}-{d:%m-%d}")
    return stops("calendar")


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


@way(KIND, scope=DATED)
def dates_as_study_days(cohort: Cohort) -> Expectation:
    """Every date as the number of days since the first dose; beside one that has no cut-off."""
    reference = _without_cutoff(cohort)
    start = starts(cohort)
    each_date(cohort, lambda who, day: (day - start[who]).days if who in start else None)
    for _, _, place in cohort.columns("patients"):
        place["INDEXDT"] = {"constant": 0}
    cohort.told["timeline"]["dates"] = "study_days"
    return _but_for_dates(reference)


@way(KIND, scope=DATED)
def shifted_dates(cohort: Cohort) -> Expectation:
    """Each patient's dates moved by days of his own, as REDCap does; beside one without cut-off."""
    reference = _without_cutoff(cohort)
    moved = {who: datetime.timedelta(days=41 * n % 365) for n, who in enumerate(starts(cohort))}
    each_date(cohort, lambda who, day: (day - moved[who]).isoformat() if who in moved else None)
    cohort.told["timeline"]["shifted"] = True
    return _but_for_dates(reference)


def _without_cutoff(cohort: Cohort) -> Outcome:
    """What the export gives without a cut-off, which days do not know; a month is its 15th."""
    cohort.told["timeline"]["cutoff"] = "none"
    for title, header in cohort.dates():
        cohort.sheets[title].change(header, _middle)
    reference = run(copy.deepcopy(cohort))
    assert not reference.stopped, reference.stopped
    return reference


def _middle(cell: object) -> object:
    month = re.fullmatch(r"(\d{4})年(\d{1,2})月", plain(cell))
    return f"{month[1]}-{int(month[2]):02}-15" if month else cell


def _but_for_dates(reference: Outcome) -> Expectation:
    """Equal, but for the dates themselves and where a reason tells one in brackets."""

    def timeless(outcome: Outcome) -> Outcome:
        tls = outcome.tables["tls"]
        said = tls["REASON"].str.replace(r" \(\d{4}-\d\d-\d\d\)", "", regex=True)
        tables = outcome.tables | {"tls": tls.assign(REASON=said)}
        return dataclasses.replace(outcome, tables=tables)

    return Expectation(
        "equal",
        check=lambda _, after: differences(timeless(reference), timeless(after), DATES),
    )


@way(KIND)
def a_century_early(cohort: Cohort) -> Expectation:
    """Every date a hundred years early, as where 21 was read as 1921."""
    restyle(cohort, lambda d: f"{d - datetime.timedelta(days=36525)}")
    return stops("cannot be")
