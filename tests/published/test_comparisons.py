"""Two fractions compared, a printed p-value, and parts of a total."""

import pytest

from venaza.commands.published.comparisons import agreeing_tests, compare, fraction
from venaza.commands.published.parts import adds_up
from venaza.contracts.errors import StudyError
from venaza.study.printed_numbers import printed


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [("24/28", "11/21", 0.023), ("19/28", "9/21", 0.092), ("5/19", "1/9", 0.63)],
)
def test_fisher_of_the_primary_study(first, second, p):
    found = compare(fraction(first), fraction(second))
    assert found["p_values"]["fisher"] == pytest.approx(p, abs=0.0005)


def test_the_other_tests_as_r():
    # m <- matrix(c(24, 4, 11, 10), 2); chisq.test(m, correct = ), fisher.test(m, alternative = )
    found = compare((24, 28), (11, 21))
    assert found["p_values"]["chi_square"] == pytest.approx(0.01058713733, rel=1e-6)
    assert found["p_values"]["chi_square_corrected"] == pytest.approx(0.02531682736, rel=1e-6)
    assert found["p_values"]["fisher_one_sided"] == pytest.approx(0.0125794764, rel=1e-6)
    assert found["odds_ratio"]["odds_ratio"] == pytest.approx(5.24912349852, rel=1e-3)
    assert found["difference"]["estimate"] == pytest.approx(100 * (24 / 28 - 11 / 21))


def test_an_empty_column_leaves_chi_square_out():
    found = compare((5, 5), (6, 6))["p_values"]
    assert found["fisher"] == 1
    assert found["chi_square"] is None
    assert agreeing_tests(found, "1") == ["fisher", "fisher_one_sided"]


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("0.02", ["fisher"]),
        ("0.011", ["chi_square"]),
        ("p=0.03", ["chi_square_corrected"]),
        ("0.5", []),
        ("<0.001", []),
        (" < 0.02", ["fisher_one_sided", "chi_square"]),
        (">0.02", ["fisher", "chi_square_corrected"]),
    ],
)
def test_which_tests_print_a_p_value(text, tests):
    assert agreeing_tests(compare((24, 28), (11, 21))["p_values"], text) == tests


@pytest.mark.parametrize("text", ["24", "3/0", "5/4", "a/b", "1/2/3"])
def test_what_is_no_fraction(text):
    with pytest.raises(StudyError, match="no count of patients"):
        fraction(text)


def test_parts_that_do_not_add_up():
    # a series of 136: 44.9% and 13.2% are printed beside a total of 58.8%
    parts, total = [printed("44.9"), printed("13.2")], printed("58.8")
    found = adds_up(parts, total)
    assert (found["adds_up"], found["sum"]) == (False, pytest.approx(58.1))
    assert found["explained_by_rounding"] == pytest.approx(0.15)
    assert adds_up(parts, total, 136)["counts"] == []


def test_parts_that_rounding_keeps_from_adding_up():
    # 1/3 three times: 33.3 * 3 is 99.9
    thirds = [printed("33.3")] * 3
    assert adds_up(thirds, printed("100"))["adds_up"]
    assert adds_up(thirds, printed("100"), 30)["counts"] == [[10, 10, 10, 30]]


def test_whole_numbers_add_up_exactly():
    assert adds_up([printed("29"), printed("21")], printed("50"))["adds_up"]
    assert not adds_up([printed("29"), printed("20")], printed("50"))["adds_up"]
