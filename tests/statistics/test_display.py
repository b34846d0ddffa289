"""Rounding and printing."""

import pytest

from venaza.pipeline.statistics import display


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.285, 2, "0.29"),  # 0.284999... in binary: still a half on paper
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),
        (85.65, 1, "85.7"),
        (0.1 + 0.2, 1, "0.3"),
        (67.85714, 1, "67.9"),
        (-0.04, 1, "0.0"),
        (1234.5678, 2, "1234.57"),
        (5, 2, "5.00"),
    ],
)
def test_half_is_rounded_away_from_zero(value, decimals, text):
    assert display.half_up(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (358 / 30, "months", "11.93"),
        (100 * 19 / 28, "percent", "67.9"),
        (29.0, "count", "29"),
        (1.005, "ratio", "1.01"),
        (256, "days", "256"),
        (7.25, "years", "7.3"),
    ],
)
def test_each_unit_has_its_decimals(value, unit, text):
    assert display.number(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0009999, "<0.001"), (0.001, "0.001"), (0.0235, "0.024")]
    + [(0.99949, "0.999"), (0.9995, ">0.999"), (1.0, ">0.999")],
)
def test_p_has_three_decimals(value, text):
    assert display.p_value(value) == text


@pytest.mark.parametrize(("value", "text"), [(74.0, "74"), (64.5, "64.5"), (18.25, "18.3")])
def test_summary_of_whole_numbers(value, text):
    assert display.whole_or_one(value) == text


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        ((1.96, 1.03, 3.74), ["1.96", "1.03", "3.74"]),
        ((1.0024, 1.0008, 1.0041), ["1.002", "1.001", "1.004"]),
        ((1.0, 0.996, 1.006), ["1.00", "1.00", "1.01"]),
        ((1.00000001, 1.0, 1.00000002), ["1.000000"] * 3),
    ],
)
def test_a_ratio_has_decimals_that_tell_its_limits_apart(values, printed):
    names = ("hazard_ratio", "lower", "upper")
    assert list(display.ratios(dict(zip(names, values, strict=True))).values()) == printed
