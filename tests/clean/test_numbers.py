"""Numbers and whole numbers as hospitals write them."""

import pytest

from venaza.contracts.text import tidy
from venaza.pipeline.clean.numbers import comma_shown, read_age, read_integer, read_number


@pytest.mark.parametrize(
    ("text", "number", "sign", "unit"),
    [
        ("4.5", 4.5, "=", ""),
        ("１２．５％", 12.5, "=", "%"),
        ("74岁", 74, "=", "岁"),
        ("<0.01", 0.01, "<", ""),
        ("＜ 0.01%", 0.01, "<", "%"),
        (">100", 100, ">", ""),
        ("≤5", 5, "≤", ""),
        ("1.2×10^-4", 1.2e-4, "=", ""),
        ("1.2×10⁻⁴", 1.2e-4, "=", ""),
        ("10⁻⁴", 1e-4, "=", ""),
        ("1.2E-4", 1.2e-4, "=", ""),
        ("1.2*", 1.2, "=", ""),
        ("3.4↓", 3.4, "=", ""),
        ("95 g/L", 95, "=", "g/L"),
        ("3.5×10⁹/L", 3.5, "=", "×10^9/L"),
        ("3.5 x10^3/µL", 3.5, "=", "x10^3/μL"),
        ("12.5 H", 12.5, "=", ""),
        ("12.5↑ g/L", 12.5, "=", "g/L"),
        ("↓2.1", 2.1, "=", ""),
        ("小于0.5", 0.5, "<", ""),
        ("大于 100", 100, ">", ""),
        (">=3", 3, "≥", ""),
        (".5", 0.5, "=", ""),
        ("1,234.5", 1234.5, "=", ""),
        ("1,234,567", 1234567, "=", ""),
        ("75mg/m2", 75, "=", "mg/m2"),
    ],
)
def test_numbers(text, number, sign, unit):
    read = read_number(tidy(text))
    assert read.number == pytest.approx(number)
    assert (read.sign, read.unit, read.problem) == (sign, unit, "")


@pytest.mark.parametrize("text", ["溶血", "1.2.3", "--", "NaN", "inf"])
def test_what_is_no_number(text):
    assert read_number(tidy(text)).problem == "not a number"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("C1", 1), ("第2疗程", 2), ("2疗程后", 2), ("Ⅲ", 3), ("3级", 3), ("G4", 4),
     ("grade 2", 2), ("IV级", 4), ("７", 7), ("12", 12)],
)  # fmt: skip
def test_whole_numbers(text, number):
    assert read_integer(tidy(text)).number == number


@pytest.mark.parametrize("text", ["2.5", "<3", "C", "three"])
def test_what_is_no_whole_number(text):
    assert read_integer(text).problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3.5-4%", "a range"),
        ("100-200-400", "several numbers"),
        ("4~5", "a range"),
        ("3,5", "a comma"),
        ("12,000", "a comma"),
        ("1+", "not a number"),
        ("约50", "not a number"),
    ],
)
def test_what_has_more_than_one_reading(text, problem):
    read = read_number(tidy(text))
    assert read.number is None
    assert problem in read.problem


def test_a_range_is_read_by_the_declared_rule():
    wanted = {"midpoint": 3.75, "lower": 3.5, "upper": 4}
    for rule, number in wanted.items():
        read = read_number("3.5-4%", several=rule)
        assert (read.number, read.unit, read.rule) == (number, "%", f"{rule} of the range")
    assert read_number("100-200-400 mg", several="upper").number == 400


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("3,5", ",", 3.5),
        ("1,234", ",", 1.234),
        ("1.234,5", ",", 1234.5),
        ("12 000,5", ",", 12000.5),
        ("3.5", ",", 3.5),
        ("1.234", ",", None),
        ("1,234", ".", 1234),
        ("12 000", ".", 12000),
        ("3,5", ".", None),
    ],
)
def test_commas_follow_the_declared_mark(text, decimal, number):
    assert read_number(text, decimal).number == number


def test_what_a_comma_shows_of_its_column():
    texts = ("3,5", "0,123", "1,234", "1,234.5", "1,234,567", "3.5", "a,b")
    assert [comma_shown(t) for t in texts] == [",", ",", "open", ".", ".", "", ""]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("第一疗程", 1), ("第十二周期", 12), ("1疗程后", 1), ("第一周期", 1), ("C1D28", 1)),
        *(("after 2 cycles", 2), ("Cycle 3", 3), ("二线", 2), ("ECOG 2", 2), ("2分", 2)),
        *(("28天", 28), ("1st cycle", 1), ("二十一", 21), ("疗程1", 1), ("12.0", 12)),
    ],
)
def test_cycle_labels_and_counted_words(text, number):
    assert read_integer(tidy(text)).number == number


@pytest.mark.parametrize("text", ["2-3疗程", "12x", "基线", "3-4级", "<3"])
def test_what_is_no_single_whole_number(text):
    assert read_integer(tidy(text)).problem


def test_ages_in_years_and_months():
    assert read_age("2岁6月").number == 2.5
    assert read_age("2岁半").number == 2.5
    assert (read_age("18月").number, read_age("18月").unit) == (18, "月")
    assert (read_age("74岁").number, read_age("74岁").unit) == (74, "岁")
