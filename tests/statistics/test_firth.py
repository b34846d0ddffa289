"""Firth's penalised regression: a case solved on paper, another program, and its definition."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2

from venaza.pipeline.statistics import firth
from venaza.pipeline.statistics.cox import FEW_EVENTS, fitted
from venaza.pipeline.statistics.likelihood import at, made, maximise

VALUES = Path(__file__).parents[1] / "reference" / "firth_values.json"
CASES = json.loads(VALUES.read_text(encoding="utf-8"))


def partial(case):
    return made(
        np.array(case["time"], float), np.array(case["event"], bool), np.array(case["x"], float)
    )


def test_one_event_solved_on_paper():
    # Two patients with x = 1, of whom one has the only event, and two with x = 0, all at risk.
    # With p the share of x = 1 in the risk set's weight the penalised likelihood is
    # 3/2 log p + 1/2 log(1 - p) up to a constant, highest at p = 3/4: hazard ratio 3.
    found = firth.estimates(
        made(np.array([1.0, 2, 2, 2]), np.array([True, False, False, False]), np.c_[[1, 1, 0, 0]]),
        0.95,
    )[0]

    def height(p):
        return 1.5 * math.log(p) + 0.5 * math.log(1 - p)

    target = height(0.75) - chi2.ppf(0.95, 1) / 2
    limits = [
        brentq(lambda p: height(p) - target, *ends) for ends in ((1e-9, 0.75), (0.75, 1 - 1e-12))
    ]
    assert found["hazard_ratio"] == pytest.approx(3, rel=1e-9)
    assert found["lower"] == pytest.approx(limits[0] / (1 - limits[0]), rel=1e-6)
    assert found["upper"] == pytest.approx(limits[1] / (1 - limits[1]), rel=1e-6)
    assert found["p_value"] == pytest.approx(chi2.sf(2 * (height(0.75) - height(0.5)), 1))


@pytest.mark.parametrize("name", CASES)
def test_as_firthmodels(name):
    for ours, theirs in zip(
        firth.estimates(partial(CASES[name]), 0.95), CASES[name]["found"], strict=True
    ):
        # firthmodels stops its search for the limits early
        for key, tolerance in (
            ("hazard_ratio", 1e-6),
            ("lower", 1e-3),
            ("upper", 1e-3),
            ("p_value", 1e-6),
        ):
            if theirs[key] is not None:
                assert ours[key] == pytest.approx(theirs[key], rel=tolerance), key


@pytest.mark.parametrize("name", CASES)
def test_limits_lie_where_the_profile_has_fallen_by_1_92(name):
    data = partial(CASES[name])
    _, best = maximise(data, penalised=True)
    for j, found in enumerate(firth.estimates(data, 0.95)):
        fixed = np.arange(data.x.shape[1]) == j
        for side in ("lower", "upper"):
            start = np.where(fixed, math.log(found[side]), 0.0)
            profile = maximise(data, penalised=True, start=start, fixed=fixed)[1]
            assert best.value - profile.value == pytest.approx(chi2.ppf(0.95, 1) / 2, rel=1e-7)


def test_the_penalised_score_is_the_slope_of_the_penalised_likelihood():
    # with ties, where no other program of ours can be asked
    rng_free = np.arange(1, 25)
    x = np.c_[np.sin(rng_free), (rng_free % 3 == 0), np.cos(3 * rng_free)]
    data = made(np.floor(rng_free / 4), rng_free % 5 > 0, x)
    beta, h = np.array([0.3, -0.7, 0.2]), 1e-5
    point = at(data, beta, penalised=True)
    for j in range(3):
        step = h * (np.arange(3) == j)
        slope = at(data, beta + step, True).value - at(data, beta - step, True).value
        assert point.score[j] == pytest.approx(slope / (2 * h), rel=1e-6)


def test_penalised_below_twenty_events_only():
    time, x = np.arange(1.0, 61), pd.DataFrame({"x": (np.arange(60) * 7) % 11})
    for events, penalised in ((FEW_EVENTS - 1, True), (FEW_EVENTS, False)):
        event = np.zeros(60, bool)
        event[np.linspace(0, 59, events).astype(int)] = True
        assert fitted(time, event, x, 0.95).penalised is penalised


def test_a_covariate_that_moves_nothing_is_near_one():
    time, event = np.repeat(np.arange(1.0, 13), 2), np.ones(24, bool)
    model = fitted(time, event, pd.DataFrame({"x": [0, 1] * 12}), 0.95)
    assert model.table.loc["x", "hazard_ratio"] == pytest.approx(1, abs=0.05)
