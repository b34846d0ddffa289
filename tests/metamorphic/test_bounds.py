"""The bounds of medians and hazard ratios, against every order that the times allow."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.metamorphic.bounds import COLUMNS, hazard_ratio_between, median_between


def _times(*rows: tuple[int, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_exact_times_have_one_median():
    times = _times((10, 10, True), (20, 20, True), (30, 30, False), (40, 40, True))
    assert median_between(times) == (20, 40)  # 0.75, then 0.5 until 40: half, so that both serve
    times = _times((10, 10, True), (20, 20, True), (30, 30, True))
    assert median_between(times) == (20, 20)


def test_a_month_moves_the_median_by_the_month():
    # 1 of 3 dies on day 10, then 1 of 2 on a day from 20 to 50: one third is left from there on.
    assert median_between(_times((10, 10, True), (20, 50, True), (60, 60, False))) == (20, 50)


def test_a_median_that_may_not_be_reached():
    # Half is left if the event comes after the censoring, two thirds if it comes before.
    assert median_between(_times((10, 30, True), (20, 20, False), (40, 40, False))) == (
        10,
        math.inf,
    )
    assert median_between(_times((10, 10, False))) == (math.inf, math.inf)


def test_exact_times_have_one_hazard_ratio():
    # Of o, x, o, x the first three die: 1 = 2r/(2r + 2) + 2r/(2r + 1) + r/(r + 1), 4r² + r = 1.
    times = _times((1, 1, True), (2, 2, True), (3, 3, True), (4, 4, False))
    ratios = hazard_ratio_between(times, np.array([False, True, False, True]))
    assert ratios == pytest.approx(((math.sqrt(17) - 1) / 8,) * 2)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_the_times_allow_lies_outside(seed):
    chance = np.random.default_rng(seed)
    low = chance.integers(1, 300, 24)
    times = pd.DataFrame({"LOW": low, "HIGH": low + chance.integers(0, 31, 24)})
    times["EVENT"] = chance.random(24) < 0.7
    group = chance.random(24) < 0.5
    medians, ratios = median_between(times), hazard_ratio_between(times, group)
    for _ in range(20):
        days = chance.integers(times["LOW"], times["HIGH"] + 1)
        assert medians[0] <= _median(days, times["EVENT"].to_numpy()) <= medians[1]
        ratio = _hazard_ratio(days, times["EVENT"].to_numpy(), group)
        assert ratios[0] <= ratio <= ratios[1]


def _median(days: np.ndarray, event: np.ndarray) -> float:
    left = 1.0
    for day in np.unique(days[event]):
        left *= 1 - (event & (days == day)).sum() / (days >= day).sum()
        if left < 0.5:
            return day
    return math.inf


def _hazard_ratio(days: np.ndarray, event: np.ndarray, group: np.ndarray) -> float:
    """Efron's, on a fine grid of logarithms: the greatest partial likelihood."""
    betas = np.linspace(-6, 6, 2401)
    fit = np.zeros_like(betas)
    for day in np.unique(days[event]):
        dead, at_risk = event & (days == day), days >= day
        weights = [
            (mask & group).sum() * np.exp(betas) + (mask & ~group).sum() for mask in (at_risk, dead)
        ]
        fit += betas * (dead & group).sum()
        for k in range(dead.sum()):
            fit -= np.log(weights[0] - k / dead.sum() * weights[1])
    return math.exp(betas[fit.argmax()])
