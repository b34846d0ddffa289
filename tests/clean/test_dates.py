"""Dates: each style a hospital writes, and what is refused."""

import datetime as dt

import pytest

from venaza.clean.dates import read_date
from venaza.clean.text import tidy

PARTIAL = {"missing_day": 15, "missing_month": "refuse"}


@pytest.mark.parametrize(
    "text",
    [
        *("2021-03-05", "2021-3-5", "2021/3/5", "2021.3.5", "2021年3月5日", "2021 年 3 月 5 日"),
        *("20210305", "44260", "44260.5", "2021-03-05 08:30", "2021-03-05T08:30:00"),
        *("2021-03-05 上午 8:30", "２０２１年３月５日", " 2021/03/05 "),
    ],
)
def test_every_style_is_the_same_day(text):
    assert read_date(tidy(text), PARTIAL).day == dt.date(2021, 3, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3/5/2021", "cannot be told apart"),
        ("21-3-5", "the year has two digits"),
        ("2021-02-30", "no such day"),
        ("2021-13-01", "no such day"),
        ("2201-03-05", "cannot be a patient's date"),
        ("1900-01-01", "cannot be a patient's date"),
        ("2021-3-中旬", "only the part of the month"),
        ("soon", "not a date"),
        ("2021", "the month is missing"),
    ],
)
def test_what_is_refused(text, problem):
    read = read_date(text, PARTIAL)
    assert read.day is None
    assert problem in read.problem


def test_partial_dates_are_completed_by_the_declared_rule_and_flagged():
    read = read_date("2021年3月", PARTIAL)
    assert (read.day, read.flag, read.rule) == (dt.date(2021, 3, 15), "D", "imputed day")
    both = {"missing_day": 1, "missing_month": 7}
    assert read_date("2021", both).day == dt.date(2021, 7, 1)
    assert read_date("2021", both).flag == "M"
    refuse = {"missing_day": "refuse", "missing_month": "refuse"}
    assert read_date("2021-03", refuse).problem == "the day is missing"


def test_complete_dates_have_no_flag_and_iso_dates_no_rule():
    assert read_date("2021-03-05", PARTIAL) == read_date("2021-03-05", {})
    assert read_date("2021-03-05", PARTIAL).rule == ""
    assert read_date("2021/03/05", PARTIAL).rule == "date format"
    assert read_date("44260", PARTIAL).rule == "Excel serial date"
