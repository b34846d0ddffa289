"""Numbers and whole numbers as hospitals write them."""

import pytest

from venaza.clean.numbers import read_integer, read_number
from venaza.clean.text import tidy


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
