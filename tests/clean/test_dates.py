"""Dates: each style a hospital writes, and what is refused."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.contracts.text import tidy
from venaza.pipeline.clean.date_rules import (
    DAY_ZERO,
    DateRules,
    Day,
    date_rules,
    shifted_day,
    shifted_text,
)
from venaza.pipeline.clean.dates import order_shown, read_date

PARTIAL = {"missing_day": 15, "missing_month": "refuse"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAY = dt.date(2021, 3, 5)


def read(text, partial=PARTIAL, **rules):
    """A text read as a date by rules."""
    return read_date(tidy(text), DateRules(partial=partial, **rules))


def sheet(system=1900):
    """The rules for a cell of a workbook."""
    return {"origin": DAY_ZERO[system], "spreadsheet": True}


@pytest.mark.parametrize(
    "text",
    [
        *("2021-03-05", "2021-3-5", "2021/3/5", "2021.3.5", "2021年3月5日", "2021 年 3 月 5 日"),
        *("2021_03_05", "2021年3月5号", "20210305", "20210305083000", "2021、3、5", "2021，3，5"),
        *("2021-03-05 08:30", "2021-03-05T08:30:00", "2021-03-05T08:30:00Z"),
        *("2021-03-05T08:30:00.123+08:00", "2021-03-05 上午 8:30", "2021年3月5日上午"),
        *(
            "2021年3月5日 下午3时20分",
            "2021/3/5 8:30:00 PM",
            "2021年3月5日(星期五)",
            "2021-3-5 8点",
        ),
        *("2021. 3. 5.", "2021.03.05.", "2021년 3월 5일", "2021년 3월 5일 오후 3:20"),
        *("二〇二一年三月五日", "二零二一年三月五日", "2021年三月五日", "二〇二一年3月五号"),
        *("5-Mar-2021", "05MAR2021", "05MAR2021:08:30:00", "Mar 5, 2021", "March 5th 2021"),
        *("5 March 2021", "2021-Mar-05", "２０２１年３月５日", " 2021/03/05 ", "2021–03–05"),
        *("5. März 2021", "5 mars 2021", "5 marzo 2021", "5 março 2021", "05.mrt.2021"),
    ],
)
def test_every_style_is_the_same_day(text):
    assert read(text).day == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("5. Mai 2021", (2021, 5, 5)), ("5 juin 2021", (2021, 6, 5))),
        *(("5 juil. 2021", (2021, 7, 5)), ("5 août 2021", (2021, 8, 5))),
        *(("5 dic 2021", (2021, 12, 5)), ("5. Okt. 2021", (2021, 10, 5))),
        *(("二〇二〇年十二月三十一日", (2020, 12, 31)), ("2021年十月廿三日", (2021, 10, 23))),
        *(("2021年一月十日", (2021, 1, 10)), ("2021年十一月二十日", (2021, 11, 20))),
        *(("5 sept 2021", (2021, 9, 5)), ("5 gen 2021", (2021, 1, 5))),
    ],
)
def test_months_and_numerals_of_other_languages(text, day):
    assert read(text).day == dt.date(*day)


@pytest.mark.parametrize("text", ["5 jui 2021", "5 ma 2021", "5 foo 2021", "2021年十十月五日"])
def test_a_name_that_is_no_month_or_begins_two_is_no_date(text):
    assert read(text).day is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3/5/2021", "cannot be told apart"),
        ("Mar 5, 21", "the year has two digits"),
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
        ("2021.3.5（C1D1）", "a date with other words"),
        ("2022.1.5-2.1", "more than one date"),
        ("2022/1/5-9", "more than one date"),
        ("2022年1月5日至2月1日", "more than one date"),
        ("2021-3-5/2021-3-9", "more than one date"),
        ("至今", "a word for 'until now'"),
        ("2021-3-5至今", "a word for 'until now'"),
        ("三月五日", "the year is missing"),
        ("3月5日", "the year is missing"),
        ("3.5", "the year is missing"),
        ("2021年正月初一", "lunar calendar"),
        ("三月初五", "lunar calendar"),
        ("2021-Q2", "only the part of the year"),
        ("2021年第二季度", "only the part of the year"),
        ("2021年上半年", "only the part of the year"),
        ("2021-W09", "only the week"),
        ("2021w10", "only the week"),
        ("2021-W54", "no such week"),
        ("2021w54", "no such week"),
        ("2021年13月", "no such month"),
        ("201203", "six digits"),
        ("213213", "no such day"),
        ("18657", "a number that is no date by itself"),
        ("44260", "a number that is no date by itself"),
        ("20210", "a number that is no date by itself"),
        ("1925856000", "a number that is no date by itself"),
        ("5", "a number that is no date by itself"),
        ("-5", "a number that is no date by itself"),
        ("2021-01-01~D", "a date with other words"),
        ("2021-01-01~D~2021-01-01~2021-01-31", "more than one date"),
        ("1399/10/23", "cannot be a patient's date"),
        ("soon", "not a date"),
        ("2021", "the month is missing"),
        ("2021-00-00", "the month is missing"),
    ],
)
def test_what_is_refused(text, problem):
    found = read(text)
    assert found.day is None
    assert problem in found.problem


@pytest.mark.parametrize(
    "text",
    [
        *("2021年3月", "2021-03", "2021/3", "03/2021", "Mar 2021", "UN-MAR-2021", "UNMAR2021"),
        *("2021-03-UN", "2021-03-00", "2021年3月不详", "202103", "二〇二一年三月", "2021년 3월"),
    ],
)
def test_a_month_without_its_day_is_completed_by_the_declared_rule_and_flagged(text):
    span = {"first": dt.date(2021, 3, 1), "last": dt.date(2021, 3, 31)}
    assert read(text) == Day(dt.date(2021, 3, 15), "D", "imputed day", **span)
    refuse = {"missing_day": "refuse", "missing_month": "refuse"}
    assert read(text, refuse).problem == "the day is missing"


def test_a_year_alone_needs_a_rule_of_its_own():
    both = {"missing_day": 1, "missing_month": 7}
    span = {"first": dt.date(2021, 1, 1), "last": dt.date(2021, 12, 31)}
    for text in ("2021", "2021年", "2021-UN-UN", "2021-00-00"):
        assert read(text, both) == Day(dt.date(2021, 7, 1), "M", "imputed month and day", **span)


@pytest.mark.parametrize(
    ("text", "day", "first", "last"),
    [
        *(("2021-3-上旬", 5, 1, 10), ("2021年3月初", 5, 1, 10), ("early March 2021", 5, 1, 10)),
        *(("2021年3月中旬", 15, 11, 20), ("2021-3-下旬", 25, 21, 31)),
        *(("2021年3月底", 25, 21, 31), ("2021年3月末", 25, 21, 31), ("late Mar 2021", 25, 21, 31)),
        *(("2021年2月底", 25, 21, 28), ("2020年2月底", 25, 21, 29)),
    ],
)
def test_a_part_of_the_month_gets_the_declared_day(text, day, first, last):
    parts = {**PARTIAL, "part_of_month": {"early": 5, "middle": 15, "late": 25}}
    found = read(text, parts)
    days = (found.day.day, found.flag, found.first.day, found.last.day)
    assert days == (day, "D", first, last)


@pytest.mark.parametrize(
    ("text", "day", "flag", "first", "last"),
    [
        ("2021-Q1", "2021-02-14", "M", "2021-01-01", "2021-03-31"),
        ("Q4 2020", "2020-11-15", "M", "2020-10-01", "2020-12-31"),
        ("2021年第二季度", "2021-05-16", "M", "2021-04-01", "2021-06-30"),
        ("2021-H1", "2021-04-01", "M", "2021-01-01", "2021-06-30"),
        ("2021下半年", "2021-09-30", "M", "2021-07-01", "2021-12-31"),
        # ISO 8601: week 1 has the first Thursday, and 2020 has 53 weeks.
        ("2021-W01", "2021-01-07", "D", "2021-01-04", "2021-01-10"),
        ("2020-W53", "2020-12-31", "D", "2020-12-28", "2021-01-03"),
        # Stata and SPSS: week 1 begins on 1 January, the last takes what is left of the year.
        ("2021w1", "2021-01-04", "D", "2021-01-01", "2021-01-07"),
        ("2021w52", "2021-12-27", "D", "2021-12-24", "2021-12-31"),
        ("2020w53", "2020-12-30", "D", "2020-12-30", "2020-12-31"),
    ],
)
def test_a_week_a_quarter_and_a_half_year_are_completed_in_the_middle(text, day, flag, first, last):
    found = read(text, {"part_of_year": "middle"})
    made = (found.day.isoformat(), found.flag, found.first.isoformat(), found.last.isoformat())
    assert made == (day, flag, first, last)


def test_complete_dates_have_no_flag_and_iso_dates_no_rule():
    assert read("2021-03-05") == read("2021-03-05", {}) == Day(DAY)
    assert read("2021/03/05") == Day(DAY, rule="date format")


def test_serial_numbers_follow_the_calendar_of_their_workbook():
    assert read("44260", **sheet(1900)) == Day(DAY, rule="Excel serial date")
    assert read("42798", **sheet(1904)).day == read("42798.75", **sheet(1904)).day == DAY
    assert read("4426", **sheet()).problem == "the month is missing"
    assert read("442600", **sheet()).day is None
    assert read("99999", **sheet()).problem == "2173-10-13 cannot be a patient's date"


@pytest.mark.parametrize(
    ("text", "origin", "unit"),
    [
        ("18691", "1970-01-01", "days"),
        ("18691.4", "1970-01-01", "days"),
        ("22344", "1960-01-01", "days"),
        ("1614902400", "1970-01-01", "seconds"),
        ("1614902400000", "1970-01-01", "milliseconds"),
        ("1930521600", "1960-01-01", "seconds"),
        ("13834281600", "1582-10-14", "seconds"),
        ("20210305", "1970-01-01", "days"),
        ("2021-03-05", "1970-01-01", "days"),
    ],
)
def test_a_bare_number_counts_from_the_declared_day(text, origin, unit):
    rules = date_rules({"date_origin": origin, "unit": unit}, {"partial_dates": PARTIAL}, "")
    assert read_date(text, rules).day == DAY
    by_study = date_rules({"unit": unit}, {"date_origin": origin}, "1899-12-30")
    assert read_date(text, by_study).day == DAY


def test_the_days_before_the_origin_and_beyond_all_calendars():
    rules = {"origin": dt.date(2021, 3, 6)}
    assert read("-1", **rules).day == DAY
    assert read("-1", **rules).rule == "days since 2021-03-06"
    assert read("9999999", **rules).problem == "no number of days since 2021-03-06"
    assert "cannot be a patient's date" in read("99999", **rules).problem


def test_what_is_declared_goes_before_the_calendar_of_the_workbook():
    assert date_rules({}, {}).origin is None
    assert date_rules({}, {}, "1904-01-01").origin == DAY_ZERO[1904]
    assert date_rules({"date_system": 1900}, {}, "1904-01-01").origin == DAY_ZERO[1900]
    declared = date_rules({"date_system": 1900, "date_origin": "1960-01-01"}, {}, "1904-01-01")
    assert (declared.origin, declared.spreadsheet) == (dt.date(1960, 1, 1), False)


def test_placeholders_are_no_date_and_no_problem():
    for text in ("1900-01-01", "1900/1/1", "19000101", "9999-12-31", "9999"):
        found = read(text, missing=("1900-01-01", "9999-12-31", "9999"))
        assert found == Day(rule="placeholder date")


def test_a_declared_order_reads_what_has_two_readings_and_refuses_what_does_not_fit():
    assert read("3/5/2021", order="DMY").day == read("3/5/2021", settled="DMY").day
    assert read("3/5/2021", order="DMY").day == dt.date(2021, 5, 3)
    assert read("3/5/2021", order="MDY").day == dt.date(2021, 3, 5)
    assert read("3.5.2021", order="DMY").rule == "date format, day first"
    assert "with the day first" in read("3/15/2021", order="DMY").problem
    assert "the year is not first" in read("3/15/2021", order="YMD").problem
    assert read("2021-3-15", order="DMY").day == dt.date(2021, 3, 15)


@pytest.mark.parametrize(
    ("order", "texts"),
    [
        ("YMD", ("21/3/5", "21-03-05", "21.3.5", "210305", "21年3月5日", "21-Mar-05", "'21/3/5")),
        ("DMY", ("5/3/21", "05.03.21", "050321", "5-Mar-21", "Mar 5, 21", "21年3月5日")),
        ("MDY", ("3/5/21", "03-05-21", "030521", "Mar 5, 21", "5-Mar-21", "3/5/'21")),
    ],
)
def test_a_year_of_two_digits_is_read_by_a_declared_order_alone(order, texts):
    for text in texts:
        assert read(text, order=order) == Day(DAY, rule="year of two digits"), text
        for undeclared in (read(text), read(text, settled=order)):
            assert undeclared.problem.startswith("the year has two digits"), text


def test_the_century_of_a_year_of_two_digits_is_that_of_posix():
    years = {text: read(f"{text}/3/5", order="YMD").day.year for text in ("00", "68", "69", "99")}
    assert years == {"00": 2000, "68": 2068, "69": 1969, "99": 1999}


def test_what_a_short_year_does_not_fit_is_refused():
    assert read("5/3/21", order="YMD").problem == "the year has one digit"
    assert read("21/13/5", order="YMD").problem == "no such day in the calendar"
    assert read("201203", order="YMD").problem.startswith("six digits")
    assert read("202113", order="YMD").problem == "no such day in the calendar"
    assert read("202103", order="YMD").flag == "D"


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
    assert read(text, **sheet()).day == day
    assert read(f"{d}/{m}/{y}", order="DMY").day == day
    assert read(f"{m}.{d}.{y}", order="MDY").day == day
    assert read(str((day - dt.date(1904, 1, 1)).days), **sheet(1904)).day == day
    assert read(str((day - dt.date(1970, 1, 1)).days), origin=dt.date(1970, 1, 1)).day == day


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="0123456789-/.年月日 :TJanuMrfebUN?中旬QHWw~令和元民國พศ十一", max_size=14),
    st.sampled_from(["", "DMY", "MDY", "YMD"]),
    st.sampled_from(["", "minguo", "buddhist", "japanese"]),
    st.sampled_from([{}, sheet(), {"origin": dt.date(1960, 1, 1), "unit": "seconds"}]),
)
def test_any_text_is_a_date_or_a_problem_and_never_both(text, order, calendar, counted):
    partial = {"missing_day": 15, "missing_month": 7, "part_of_year": "middle"}
    found = read(text, partial, order=order, calendar=calendar, **counted)
    assert (found.day is None) == bool(found.problem)
    assert (found.first is None) == (found.flag == "") == (found.last is None)
    assert found.first is None or found.first <= found.day <= found.last


@settings(max_examples=30, deadline=None)
@given(DAYS, st.integers(-400, 400), st.sampled_from(["", "D", "M"]))
def test_a_shifted_date_keeps_its_flag_and_its_span(day, moved, flag):
    month = dt.timedelta(days=40)
    span = {"first": day - month, "last": day + month} if flag else {}
    back = shifted_day(shifted_text(Day(day, flag, **span), moved))
    step = dt.timedelta(days=moved)
    assert (back.day, back.flag) == (day + step, flag)
    if flag:
        assert (back.first, back.last) == (day - month + step, day + month + step)


def test_no_reading_asks_what_day_it_is():
    import ast
    from pathlib import Path

    import venaza.pipeline.clean

    folder = Path(venaza.pipeline.clean.__file__).parent
    asked = {
        (path.name, node.attr)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    }
    assert asked == set()
