"""Days behind months: the primary study counts 30 days a month."""

from fractions import Fraction

import pytest

from venaza.commands.published.months import LENGTHS, days_for, fits
from venaza.study.printed_numbers import printed

NINE = ["10.1", "8.53", "9.87", "5.2", "11.93", "9.1", "1.6", "0.67", "8.27"]


def test_all_nine_values_of_the_primary_study_fit_30_and_only_two_fit_30_4375():
    found = fits(map(printed, NINE))
    assert found["all"] == ["30"]
    assert found["count"]["30"] == 9
    assert found["count"]["30.4375"] == 2
    days = [found["days"][value]["30"] for value in NINE]
    assert days == [[303], [256], [296], [156], [358], [273], [48], [20], [248]]


def test_days_by_hand():
    assert days_for(printed("11.93"), Fraction(30)) == [358]  # 357.75 to 358.05
    assert days_for(printed("11.93"), LENGTHS["30.4375"]) == [363]
    assert days_for(printed("11.9"), Fraction(30)) == [356, 357, 358]  # 355.5 to 358.5, open
    assert days_for(printed("0"), Fraction(30)) == list(range(15))
    assert days_for(printed("0.05"), Fraction(30)) == []
    assert days_for(printed("0.05"), Fraction(30), Fraction(1, 2)) == [Fraction(3, 2)]


def test_zeros_at_the_end_may_have_been_left_out():
    found = fits([printed("9.1"), printed("11.93")])
    assert found["decimals"] == 2
    assert found["days"]["9.1"]["30.5"] == []  # 9.10 is 277.4 to 277.7 days
    assert "30.5" not in found["all"]
    assert "30.5" in found["as_printed"]  # 9.1 is 276.0 to 279.1


@pytest.mark.parametrize("length", LENGTHS.values())
def test_every_number_of_days_is_found_behind_what_it_prints(length):
    from venaza.study.printed_numbers import shown

    for days in range(0, 1200, 7):
        assert days in days_for(printed(shown(days / length, 2)), length)
