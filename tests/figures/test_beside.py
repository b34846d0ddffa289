"""Published curves beside the cohort's: dashed, without band or ticks, their own numbers."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.figures.cases import MONTH, artist, sheet_of, texts_of
from tests.statistics.made_up import DIGITISED
from venaza.contracts.files import conform
from venaza.contracts.results import CURVES
from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics import reconstructed_curves as digitised

SPEC = {**DIGITISED, "id": "trial_os"}


@pytest.fixture(scope="module")
def beside(two_groups) -> SimpleNamespace:
    """The case of two groups with a digitised curve."""
    study = copy.deepcopy(two_groups.study)
    study["published_curves"] = [SPEC]
    study["analysis"]["landmarks_months"] = [6]
    text = {"dtype": "string"}
    points = pd.DataFrame({"time": ["0", "2", "7"], "survival": ["100", "80", "40"]}, **text)
    printed = pd.DataFrame({"time": ["0", "6"], "n": ["50", "30"]}, **text)
    drawn = digitised.curves({"trial_os": (points, printed)}, study)
    steps = drawn[0]["steps"].assign(
        curve="reconstructed", endpoint="OS", group="trial_os", cause=pd.NA
    )
    rows = ard.assemble(digitised.rows(drawn, study))
    changed = {
        "study": study,
        "ard": pd.concat([two_groups.ard, rows], ignore_index=True),
        "curves": conform(pd.concat([two_groups.curves, steps]), CURVES),
    }
    return SimpleNamespace(**(vars(two_groups) | changed))


def test_the_published_curve_is_dashed_and_goes_through_its_points(beside):
    line = artist(sheet_of(beside, "beside_OS"), "reconstructed trial_os")
    assert line.get_linestyle() == "--"
    heights = pd.Series(line.get_xdata() * MONTH).groupby(line.get_ydata()).min()
    assert list(heights.index) == pytest.approx([40, 80, 100], abs=1)
    assert list(heights) == pytest.approx([210, 60, 0])


def test_only_the_cohorts_curves_have_ticks(beside):
    figure = sheet_of(beside, "beside_OS").figure
    names = {line.get_gid() for line in figure.axes[0].lines}
    assert {"curve ND", "censored ND", "curve RR", "reconstructed trial_os"} <= names
    assert not any("censored trial" in str(name) for name in names)


def test_its_key_says_that_it_is_reconstructed_and_its_numbers_stand_below(beside):
    words = " ".join(" ".join(texts_of(sheet_of(beside, "beside_OS"))).split())
    assert "A trial (reconstructed)" in words
    assert "Log-rank" not in words
    risk = [t for t in sheet_of(beside, "beside_OS").figure.texts if t.get_gid()]
    shown = {t.get_gid(): t.get_text() for t in risk}
    assert shown["reconstructed_risk.OS.trial_os.m6.n_risk"] == "30"
    assert "risk.OS.ND.m6.n_risk" in shown
