"""When an MRD sample is negative, undecided, positive: each bound from both sides."""

import pytest

from venaza.contracts.mrd import mrd_negative


@pytest.mark.parametrize(
    ("value", "sign", "negative"),
    [
        (0.0099, "=", True),
        (0.01, "=", False),
        (0.0101, "=", False),
        (0, "=", True),
        (0.01, None, False),
        (0.0099, "<", True),
        (0.01, "<", True),
        (0.0101, "<", None),  # below 0.0101 may be above 0.01
        (0.1, "<", None),
        (0.0099, "≤", True),
        (0.01, "≤", None),
        (0.001, ">", None),
        (0.0099, ">", None),
        (0.01, ">", False),
        (0.01, "≥", False),
        (0.0099, "≥", None),
    ],
)
def test_a_value_with_its_sign_at_a_threshold_of_one_in_ten_thousand(value, sign, negative):
    assert mrd_negative(value, sign, None, None, 0.01) is negative


@pytest.mark.parametrize("word", ["NEGATIVE", "POSITIVE"])
def test_a_word_does_not_decide_what_the_value_beside_it_leaves_open(word):
    assert mrd_negative(0.1, "<", word, None, 0.01) is None
    assert mrd_negative(0.05, "=", word, None, 0.01) is False
    assert mrd_negative(0.005, "=", word, None, 0.01) is True


@pytest.mark.parametrize(
    ("limit", "negative"), [(None, True), (0.001, True), (0.01, True), (0.0101, None), (0.1, None)]
)
def test_the_word_negative_is_as_good_as_the_assay(limit, negative):
    assert mrd_negative(None, None, "NEGATIVE", limit, 0.01) is negative
    assert mrd_negative(None, None, "POSITIVE", limit, 0.01) is False


@pytest.mark.parametrize("sign", ["=", "<", "≤"])
def test_a_value_below_what_the_assay_can_see_lies_somewhere_below_that(sign):
    assert mrd_negative(0.005, sign, None, 0.1, 0.01) is None
    assert mrd_negative(0.005, sign, None, 0.01, 0.01) is True
    assert mrd_negative(0, sign, None, 0.1, 0.01) is None
    assert mrd_negative(0.005, ">", None, 0.1, 0.01) is None


def test_a_value_that_the_assay_can_see_is_measured():
    assert mrd_negative(0.1, "=", None, 0.1, 0.2) is True
    assert mrd_negative(0.1, "=", None, 0.1, 0.01) is False


def test_nothing_known_is_no_result():
    assert mrd_negative(None, None, None, None, 0.01) is None
    assert mrd_negative(None, None, None, 0.001, 0.01) is None
