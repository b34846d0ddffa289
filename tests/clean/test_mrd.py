"""MRD: fractions and percent by the text itself, otherwise by the declared unit."""

import pytest

from tests.clean.export import study
from venaza.contracts.text import tidy
from venaza.pipeline.clean.mrd import read_mrd, shows_unit

WORDS = study()["vocabulary"]["mrd_result"]
CELLS = tuple(study()["vocabulary"]["mrd_cells"])
FACTORS = study()["units"]["MRDVAL"]["factors"]


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
        ("2x10-4", 0.02, "=", None),
        ("< 1x10-4", 0.01, "<", None),
        ("<1*10-4", 0.01, "<", None),
        ("1.2·10^-4", 0.012, "=", None),
        ("<1E-04", 0.01, "<", None),
        ("12E-5", 0.012, "=", None),
        ("10-5", 0.001, "=", None),
        ("10x10-4", 0.1, "=", None),
        ("0.00%", 0, "=", None),
        ("0.5 percent", 0.5, "=", None),
        ("0.1‰", 0.01, "=", None),
        ("≤0.01%", 0.01, "≤", None),
        ("<=0.01%", 0.01, "≤", None),
        (">=0.1%", 0.1, "≥", None),
        ("小于0.01%", 0.01, "<", None),
        ("less than 0.01%", 0.01, "<", None),
        ("不小于0.1%", 0.1, "≥", None),
        ("可见0.05%异常髓系原始细胞", 0.05, "=", None),
        ("异常细胞占有核细胞0.35%", 0.35, "=", None),
        ("0.05% abnormal cells", 0.05, "=", None),
        ("检出0.05%异常细胞", 0.05, "=", "POSITIVE"),
        ("未检测到残留", None, "", "NEGATIVE"),
        ("未见残留白血病细胞", None, "", "NEGATIVE"),
        ("未查见异常细胞", None, "", "NEGATIVE"),
        ("neg.", None, "", "NEGATIVE"),
        ("not detectable", None, "", "NEGATIVE"),
        ("pos.", None, "", "POSITIVE"),
        ("+", None, "", "POSITIVE"),
        ("MRD+ 0.5%", 0.5, "=", "POSITIVE"),
        ("MRD neg (<0.01%)", 0.01, "<", "NEGATIVE"),
        ("negative at 10-4", 0.01, "<", "NEGATIVE"),
        ("阴性（灵敏度10⁻⁴）", 0.01, "<", "NEGATIVE"),
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
    read = read_mrd(tidy(text), WORDS, cells=CELLS)
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
    assert read_mrd(text, WORDS, FACTORS[unit]).value == value


@pytest.mark.parametrize(
    ("text", "value", "sign"),
    [
        *(("0,02%", 0.02, "="), ("<0,01 %", 0.01, "<"), ("1,2x10^-4", 0.012, "=")),
        *(("1,2", 1.2, "="), ("0,5‰", 0.05, "="), ("3", 3, "="), ("1,2E-4", 0.00012, "=")),
    ],
)
def test_a_declared_comma_is_read_in_each_style(text, value, sign):
    read = read_mrd(tidy(text), WORDS, 1, ",")
    assert (read.value, read.sign, read.problem) == (value, sign, "")


def test_a_point_that_may_part_thousands_is_asked_beside_decimal_commas():
    assert "may part thousands" in read_mrd("1.234", WORDS, 1, ",").problem


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
        ("0,01%", "a comma that may be a decimal mark"),
        ("10E-4", "10E-4 may be 10^-4 or 10 times that"),
        ("<10e-04", "10E-04 may be 10^-04 or 10 times that"),
        ("1E-4%", "a power of ten and a percent sign"),
        ("10^-4 %", "a power of ten and a percent sign"),
        ("10-4 - 10-5", "beside the number"),
        ("未见0.01%以上异常细胞", "beside the number"),
        ("0.05% (LOD 0.01%)", "beside the number"),
        ("positive at 10^-4", "a depth of the assay without the word negative"),
        ("n.d.", "neither a number nor"),
        ("<LOQ", "neither a number nor"),
        ("1e400%", "more than 15 digits"),
    ],
)
def test_what_is_refused(text, problem):
    read = read_mrd(tidy(text), WORDS, cells=CELLS)
    assert (read.value, read.result) == (None, None)
    assert problem in read.problem


def test_which_texts_need_a_unit():
    bare = ["0.05", "<0.01", "5"]
    plain = ["0.05%", "1e-4", "10^-4", "10-4", "阴性", "0", "0.1-0.2"]
    assert [shows_unit(text) for text in bare] == [False] * 3
    assert [shows_unit(text) for text in plain] == [True] * 7
    assert [shows_unit(text, ",") for text in ("0,05", "0,05%", "0,00")] == [False, True, True]
