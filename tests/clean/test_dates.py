"""Dates: each style a hospital writes, and what is refused."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.clean.dates import order_shown, read_date
from venaza.clean.text import tidy

PARTIAL = {"missing_day": 15, "missing_month": "refuse"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    "text",
    [
        *("2021-03-05", "2021-3-5", "2021/3/5", "2021.3.5", "2021年3月5日", "2021 年 3 月 5 日"),
        *("2021_03_05", "2021年3月5号", "20210305", "20210305083000", "44260", "44260.5"),
        *("2021-03-05 08:30", "2021-03-05T08:30:00", "2021-03-05T08:30:00Z"),
        *("2021-03-05T08:30:00.123+08:00", "2021-03-05 上午 8:30", "2021年3月5日上午"),
        *(
            "2021年3月5日 下午3时20分",
            "2021/3/5 8:30:00 PM",
            "2021年3月5日(星期五)",
            "2021-3-5 8点",
        ),
        *("5-Mar-2021", "05MAR2021", "05MAR2021:08:30:00", "Mar 5, 2021", "March 5th 2021"),
        *("5 March 2021", "2021-Mar-05", "２０２１年３月５日", " 2021/03/05 ", "2021–03–05"),
    ],
)
def test_every_style_is_the_same_day(text):
    assert read_date(tidy(text), PARTIAL).day == dt.date(2021, 3, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3/5/2021", "cannot be told apart"),
        ("21-3-5", "the year has two digits"),
        ("3/5/21", "the year has two digits"),
        ("5-Mar-21", "the year has two digits"),
        ("210305", "the year has two digits"),
        ("21年3月5日", "the year has two digits"),
        ("2021-02-30", "no such day"),
        ("2021-13-01", "no such day"),
        ("31/31/2021", "no such day"),
        ("2201-03-05", "cannot be a patient's date"),
        ("1900-01-01", "cannot be a patient's date"),
        ("2021-3-中旬", "only the part of the month"),
        ("2021年3月底", "only the part of the month"),
        ("mid March 2021", "only the part of the month"),
        ("2021.1", "October whose zero"),
        ("约2021-3-5", "only approximate"),
        ("2021-3-5?", "only approximate"),
        ("2021-3-5~2021-3-7", "more than one date"),
        ("2021-3-5死亡", "a date with other words"),
        ("soon", "not a date"),
        ("2021", "the month is missing"),
        ("2021-00-00", "the month is missing"),
    ],
)
def test_what_is_refused(text, problem):
    read = read_date(text, PARTIAL)
    assert read.day is None
    assert problem in read.problem


@pytest.mark.parametrize(
    "text",
    [
        *("2021年3月", "2021-03", "2021/3", "03/2021", "Mar 2021", "UN-MAR-2021", "UNMAR2021"),
        *("2021-03-UN", "2021-03-00", "2021年3月不详"),
    ],
)
def test_a_month_without_its_day_is_completed_by_the_declared_rule_and_flagged(text):
    read = read_date(text, PARTIAL)
    assert (read.day, read.flag, read.rule) == (dt.date(2021, 3, 15), "D", "imputed day")
    refuse = {"missing_day": "refuse", "missing_month": "refuse"}
    assert read_date(text, refuse).problem == "the day is missing"


def test_a_year_alone_needs_a_rule_of_its_own():
    both = {"missing_day": 1, "missing_month": 7}
    for text in ("2021", "2021年", "2021-UN-UN"):
        read = read_date(text, both)
        assert (read.day, read.flag) == (dt.date(2021, 7, 1), "M")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("2021-3-上旬", 5), ("2021年3月初", 5), ("early March 2021", 5), ("2021年3月中旬", 15)),
        *(("2021-3-下旬", 25), ("2021年3月底", 25), ("2021年3月末", 25), ("late Mar 2021", 25)),
    ],
)
def test_a_part_of_the_month_gets_the_declared_day(text, day):
    parts = {**PARTIAL, "part_of_month": {"early": 5, "middle": 15, "late": 25}}
    read = read_date(text, parts)
    assert (read.day, read.flag) == (dt.date(2021, 3, day), "D")


def test_complete_dates_have_no_flag_and_iso_dates_no_rule():
    assert read_date("2021-03-05", PARTIAL) == read_date("2021-03-05", {})
    assert read_date("2021-03-05", PARTIAL).rule == ""
    assert read_date("2021/03/05", PARTIAL).rule == "date format"
    assert read_date("44260", PARTIAL).rule == "Excel serial date"


def test_serial_numbers_follow_the_date_system():
    assert read_date("44260", PARTIAL, system=1900).day == dt.date(2021, 3, 5)
    assert read_date("42798", PARTIAL, system=1904).day == dt.date(2021, 3, 5)


def test_placeholders_are_no_date_and_no_problem():
    for text in ("1900-01-01", "1900/1/1", "19000101", "9999-12-31", "9999"):
        read = read_date(text, PARTIAL, missing=("1900-01-01", "9999-12-31", "9999"))
        assert (read.day, read.rule, read.problem) == (None, "placeholder date", "")


def test_a_declared_order_reads_what_has_two_readings_and_refuses_what_does_not_fit():
    assert read_date("3/5/2021", PARTIAL, "DMY").day == dt.date(2021, 5, 3)
    assert read_date("3/5/2021", PARTIAL, "MDY").day == dt.date(2021, 3, 5)
    assert read_date("3.5.2021", PARTIAL, "DMY").rule == "date format, day first"
    assert "with the day first" in read_date("3/15/2021", PARTIAL, "DMY").problem
    assert "the year is not first" in read_date("3/15/2021", PARTIAL, "YMD").problem
    assert read_date("2021-3-15", PARTIAL, "DMY").day == dt.date(2021, 3, 15)


def test_what_a_text_shows_of_its_column():
    shown = {t: order_shown(t) for t in ("15/3/2021", "3/15/2021", "3/5/2021", "5/5/2021")}
    assert list(shown.values()) == ["DMY", "MDY", "open", ""]
    assert order_shown("2021-03-05") == ""


DAYS = st.dates(dt.date(1940, 1, 1), dt.date(2090, 12, 31))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.data())
def test_any_date_in_any_style_reads_back(day, data):
    y, m, d = day.year, day.month, day.day
    name = MONTHS[m - 1]
    styles = [
        *(f"{y}-{m}-{d}", f"{y}/{m:02}/{d:02}", f"{y}.{m:02}.{d:02}", f"{y}年{m}月{d}日"),
        *(f"{y}{m:02}{d:02}", f"{d}-{name}-{y}", f"{d:02}{name.upper()}{y}", f"{name} {d}, {y}"),
        *(f"{day.isoformat()}T23:59:59Z", f"{y}-{m}-{d} 下午11:59"),
        str((day - dt.date(1899, 12, 30)).days),
    ]
    text = data.draw(st.sampled_from(styles))
    assert read_date(tidy(text), PARTIAL).day == day
    assert read_date(f"{d}/{m}/{y}", PARTIAL, "DMY").day == day
    assert read_date(f"{m}.{d}.{y}", PARTIAL, "MDY").day == day
    assert read_date(str((day - dt.date(1904, 1, 1)).days), PARTIAL, system=1904).day == day


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789-/.年月日 :TJanuMrfebUN?中旬", max_size=14))
def test_any_text_is_a_date_or_a_problem_and_never_both(text):
    read = read_date(tidy(text), PARTIAL)
    assert (read.day is None) == bool(read.problem)
    assert read == read_date(tidy(text), PARTIAL)


def test_no_reading_asks_what_day_it_is():
    import ast
    from pathlib import Path

    import venaza.clean

    folder = Path(venaza.clean.__file__).parent
    asked = {
        (path.name, node.attr)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    }
    assert asked == set()
