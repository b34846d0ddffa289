"""Years of the Republic of China, of the Buddhist era and of the reigns of Japan."""

import datetime as dt

import pytest

from venaza.contracts.text import tidy
from venaza.pipeline.clean.date_rules import DateRules
from venaza.pipeline.clean.dates import read_date

PARTIAL = {"missing_day": 15, "missing_month": 7}


def read(text, calendar="", order=""):
    rules = DateRules(partial=PARTIAL, calendar=calendar, order=order)
    return read_date(tidy(text), rules)


@pytest.mark.parametrize(
    ("calendar", "text", "day"),
    [
        *(("minguo", text, "2021-01-12") for text in (
            "1100112", "110/01/12", "110-1-12", "110.1.12", "110年1月12日", "民國110年1月12日",
            "民国110年1月12日", "中華民國110年1月12日", "民國110年一月十二日",
            "2021-01-12",
        )),
        ("minguo", "0991231", "2010-12-31"),
        ("minguo", "99/12/31", "2010-12-31"),
        ("minguo", "991231", "2010-12-31"),
        *(("buddhist", text, "2021-01-12") for text in (
            "2564-01-12", "25640112", "12 ม.ค. 2564", "12 มกราคม พ.ศ. 2564", "12 มกราคม 2564",
            "2021-01-12", "12 Jan 2564",
        )),
        ("buddhist", "31/12/2564", "2021-12-31"),
        *(("japanese", text, "2021-01-12") for text in (
            "R3.1.12", "R03/01/12", "R030112", "令和3年1月12日", "令和３年１月１２日", "2021-01-12",
        )),
        ("japanese", "令和元年5月1日", "2019-05-01"),
        ("japanese", "平成31年4月30日", "2019-04-30"),
        ("japanese", "H31.4.30", "2019-04-30"),
        ("japanese", "昭和64年1月7日", "1989-01-07"),
        ("japanese", "S64.1.7", "1989-01-07"),
        ("japanese", "平成元年1月8日", "1989-01-08"),
    ],
)  # fmt: skip
def test_a_declared_calendar_is_read(calendar, text, day):
    found = read(text, calendar)
    assert (found.day, found.flag) == (dt.date.fromisoformat(day), "")


@pytest.mark.parametrize(
    ("calendar", "text", "first", "last", "flag"),
    [
        ("minguo", "110/01", "2021-01-01", "2021-01-31", "D"),
        ("minguo", "11001", "2021-01-01", "2021-01-31", "D"),
        ("minguo", "民國110年", "2021-01-01", "2021-12-31", "M"),
        ("buddhist", "ม.ค. 2564", "2021-01-01", "2021-01-31", "D"),
        ("buddhist", "พ.ศ. 2564", "2021-01-01", "2021-12-31", "M"),
        ("japanese", "令和3年1月", "2021-01-01", "2021-01-31", "D"),
        ("japanese", "令和3年", "2021-01-01", "2021-12-31", "M"),
    ],
)
def test_a_month_or_a_year_of_an_era_is_completed_like_any_other(calendar, text, first, last, flag):
    found = read(text, calendar)
    assert (found.first.isoformat(), found.last.isoformat(), found.flag) == (first, last, flag)


def test_the_rule_names_the_calendar():
    assert read("1100112", "minguo").rule == "Minguo calendar"
    assert read("110/1/12", "minguo").rule == "date format; Minguo calendar"
    assert read("25640112", "buddhist").rule == "date format; Buddhist era"
    assert read("R3.1.12", "japanese").rule == "year of 令和"


def test_a_short_year_of_the_buddhist_era_needs_its_calendar_declared():
    assert read("12/01/64", "buddhist", "DMY").day == dt.date(2021, 1, 12)
    assert read("12/01/64", "", "DMY").day == dt.date(2064, 1, 12)


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("平成31年5月1日", "a day after the reign ended"),
        ("令和元年4月30日", "a day before it began"),
        ("昭和64年1月8日", "a day after"),
        ("平成元年1月7日", "a day before"),
    ],
)
def test_a_day_outside_the_reign_is_asked(text, calendar):
    assert read(text, "japanese").problem.startswith("no such day in the reign"), calendar


@pytest.mark.parametrize(
    ("texts", "calendar"),
    [
        ("1100112 0990112 1491231 110/01/12 110.1.12 民國110年1月12日 110/01 110年", "minguo"),
        ("2564-01-12 25640112 พ.ศ.2564 2443-06-01 12มกราคม2564", "buddhist"),
        ("R3.1.12 令和3年1月12日 平成31年4月30日 令和3年 R030112 S64.1.7", "japanese"),
    ],
)  # fmt: skip
def test_an_undeclared_year_of_another_era_is_refused_with_what_to_declare(texts, calendar):
    for text in texts.split():
        found = read(text)
        assert found.day is None, text
        assert f"declare calendar: {calendar}" in found.problem, text


@pytest.mark.parametrize("text", ["2442-06-01", "1500112", "1101312", "1100132", "12345678901"])
def test_what_is_no_year_of_an_era_is_refused_without_that_hint(text):
    found = read(text)
    assert found.day is None
    assert "declare calendar" not in found.problem
