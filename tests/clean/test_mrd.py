"""MRD: fractions and percent by the text itself, otherwise by the declared unit."""

import pytest

from tests.clean.export import study
from venaza.clean.mrd import read_mrd, shows_unit
from venaza.clean.text import tidy

WORDS = study()["vocabulary"]["mrd_result"]


@pytest.mark.parametrize(
    ("text", "value", "sign", "result"),
    [
        ("1e-3", 0.1, "=", None),
        ("1E-4", 0.01, "=", None),
        ("10^-3", 0.1, "=", None),
        ("10⁻⁴", 0.01, "=", None),
        ("10-4", 0.01, "=", None),
        ("1.2×10^-4", 0.012, "=", None),
        ("1.2×10⁻⁴", 0.012, "=", None),
        ("<10^-4", 0.01, "<", None),
        ("0.1%", 0.1, "=", None),
        ("<0.01%", 0.01, "<", None),
        ("＜０.０１％", 0.01, "<", None),
        ("0.5‰", 0.05, "=", None),
        ("0", 0, "=", None),
        ("MRD 0.5%", 0.5, "=", None),
        ("阴性", None, "", "NEGATIVE"),
        ("(-)", None, "", "NEGATIVE"),
        ("未检出", None, "", "NEGATIVE"),
        ("<LOD", None, "", "NEGATIVE"),
        ("阳性", None, "", "POSITIVE"),
        ("弱阳性", None, "", "POSITIVE"),
        ("（+）", None, "", "POSITIVE"),
        ("阴性(<0.01%)", 0.01, "<", "NEGATIVE"),
        ("0.12%阳性", 0.12, "=", "POSITIVE"),
    ],
)
def test_what_the_text_says_by_itself(text, value, sign, result):
    read = read_mrd(tidy(text), WORDS, "")
    assert read.problem == ""
    assert (read.value, read.sign, read.result) == (value, sign, result)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        *(("0.05", "%", 0.05), ("0.05", "fraction", 5), ("1e-05", "%", 1e-05)),
        *(("1e-05", "fraction", 0.001), ("0.1%", "fraction", 0.1), ("10^-4", "%", 0.01)),
    ],
)
def test_a_bare_number_follows_the_declared_unit_and_the_rest_does_not(text, unit, value):
    assert read_mrd(text, WORDS, unit).value == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0.05", "neither % nor a fraction"),
        ("<0.01", "neither % nor a fraction"),
        ("-", "negative, or not done"),
        ("±", "negative, or not done"),
        ("3.5-4%", "a range"),
        ("10-20%", "a range"),
        ("可疑", "neither a number nor"),
        ("0.1% 可疑", "'可疑' beside the number"),
        ("0,01%", "beside the number"),
    ],
)
def test_what_is_refused(text, problem):
    read = read_mrd(tidy(text), WORDS, "")
    assert (read.value, read.result) == (None, None)
    assert problem in read.problem


def test_which_texts_need_a_unit():
    bare = ["0.05", "<0.01", "5"]
    plain = ["0.05%", "1e-4", "10^-4", "10-4", "阴性", "0", "0.1-0.2"]
    assert [shows_unit(text) for text in bare] == [False] * 3
    assert [shows_unit(text) for text in plain] == [True] * 7
