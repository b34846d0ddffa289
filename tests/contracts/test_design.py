"""Whose groups are arms: treatments that were given by chance."""

import pytest

from venaza.study.design import has_arms, is_randomised


@pytest.mark.parametrize(
    ("design", "randomised"),
    [
        ("Randomised phase 3 trial", True),
        ("Multicentre randomized trial", True),
        ("Retrospective cohort", False),
        ("Single-arm trial", False),
        ("Non-randomised comparison of two cohorts", False),
        ("Nonrandomized trial", False),
        ("Two arms, not randomised", False),
        ("Unrandomised trial", False),
    ],
)
def test_a_design_is_randomised_in_either_spelling(design, randomised):
    study = {"study": {"design": design}, "groups": {"treatment": True}}
    assert is_randomised(study) == has_arms(study) == randomised


@pytest.mark.parametrize("groups", [None, {}, {"treatment": False}])
def test_groups_that_are_no_treatments_are_no_arms(groups):
    study = {"study": {"design": "Randomised trial"}, "groups": groups}
    assert is_randomised(study)
    assert not has_arms(study)
