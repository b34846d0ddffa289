"""Which counts print a percentage: the known cases, the conventions, and every fraction."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venaza.contracts.errors import StudyError
from venaza.study.percentages import counts_for, fractions_for
from venaza.study.printed_numbers import printed, prints, rounded, shown


def test_only_19_of_28_prints_67_9():
    assert fractions_for(printed("67.9"), 29) == {
        "exact": [],
        "smaller": [(19, 28)],
        "rounding": "half up",
        "other_roundings": {},
        "near": [(19, "65.5"), (20, "69.0")],
    }
    assert fractions_for(printed("67.9%"), 28)["exact"] == [19]


def test_12_4_is_of_no_cohort_up_to_51():
    found = fractions_for(printed("12.4"), 51)
    assert (found["exact"], found["smaller"]) == ([], [])
    assert counts_for(printed("12.4"), 89) == [11]


@pytest.mark.parametrize(
    ("text", "n", "how", "ks"),
    [
        ("66.6", 3, "truncation", [2]),  # 66.67 cut off
        ("12.4", 80, "half up", []),
        ("31.2", 16, "half to even", [5]),  # 31.25 to the even digit; truncation gives it too
    ],
)
def test_another_convention_is_named_where_only_it_fits(text, n, how, ks):
    found = fractions_for(printed(text), n)
    assert (found["rounding"], found["exact"]) == (how, ks)


def test_another_convention_for_the_n_itself_is_noted():
    found = fractions_for(printed("6.2"), 80)
    assert found["rounding"] == "half up"  # 4/65 prints it
    assert (4, 65) in found["smaller"]
    assert found["exact"] == []
    assert found["other_roundings"] == {"half to even": [5], "truncation": [5]}


def test_a_half_is_rounded_up_exactly():
    # 100 * 23/80 = 28.75: binary arithmetic must not decide
    assert counts_for(printed("28.8"), 80) == [23]
    assert counts_for(printed("28.7"), 80) == []
    assert rounded(Fraction("0.125"), 2, "half to even") == Fraction("0.12")


@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(0, 3),
)
def test_every_fraction_is_found_behind_what_it_prints(pair, decimals):
    k, n = pair
    text = shown(Fraction(100 * k, n), decimals)
    found = counts_for(printed(text), n)
    assert k in found
    assert all(prints(Fraction(100 * j, n), printed(text)) for j in found)


@pytest.mark.parametrize("text", ["", "x", "6,5", "-3", "1e2", "5.", "nan"])
def test_what_is_not_a_printed_number(text):
    with pytest.raises(StudyError, match="no printed percentage"):
        printed(text, "percentage")
