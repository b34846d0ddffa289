"""Estimates from times and counts, written out from their formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import beta, norm

Z = norm.ppf(0.975)
_CLOSE = 1e-9


def quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics (Hyndman and Fan's type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def clopper_pearson(k: int, n: int) -> tuple[float, float]:
    """Exact limits of a proportion, from quantiles of the beta distribution."""
    low = 0.0 if k == 0 else beta.ppf(0.025, k, n - k + 1)
    high = 1.0 if k == n else beta.ppf(0.975, k + 1, n - k)
    return low, high


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's score limits of a proportion."""
    p, z2 = k / n, Z**2
    middle, spread = p + z2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (middle - spread) / (1 + z2 / n), (middle + spread) / (1 + z2 / n)


def newcombe(a: tuple[int, int], b: tuple[int, int]) -> tuple[float, float, float]:
    """Difference of two proportions k/n with Newcombe's limits (method 10)."""
    p, q = a[0] / a[1], b[0] / b[1]
    (low_a, high_a), (low_b, high_b) = wilson(*a), wilson(*b)
    below = math.sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
    above = math.sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    return p - q, p - q - below, p - q + above


class KaplanMeier:
    """Survival of ``pairs`` (time, event) with log-log limits, at every time at which one ends."""

    def __init__(self, pairs: Sequence[tuple[float, bool]]) -> None:
        self.pairs = list(pairs)
        self.steps = []
        survival, greenwood, left = 1.0, 0.0, len(self.pairs)
        ended: dict[float, list[bool]] = {}
        for time, event in self.pairs:
            ended.setdefault(time, []).append(event)
        for time in sorted(ended):
            n, d = left, sum(ended[time])
            left -= len(ended[time])
            survival *= 1 - d / n
            greenwood += d / (n * (n - d)) if n > d else math.inf
            self.steps.append((time, n, d, survival, *self._limits(survival, greenwood)))

    @staticmethod
    def _limits(survival: float, greenwood: float) -> tuple[float | None, float | None]:
        if survival in (0.0, 1.0) or survival < _CLOSE:
            return None, None
        spread = Z * math.sqrt(greenwood) / math.log(survival)
        return survival ** math.exp(-spread), survival ** math.exp(spread)

    def at(self, time: float, column: int = 3) -> float | None:
        """Survival (3), its lower (4) or upper limit (5) at a time."""
        value = 1.0 if column == 3 else None
        for step in self.steps:
            if step[0] <= time:
                value = step[column]
        return value

    def at_risk(self, time: float) -> int:
        """How many are under observation just before a time."""
        return sum(t >= time for t, _ in self.pairs)

    def quantile(self, level: float = 0.5, column: int = 3) -> float | None:
        """The first time at which a curve is at or below a level.

        A curve that runs exactly at the level has the middle of that interval, as R's survfit.
        """
        known = [(s[0], s[column]) for s in self.steps if s[column] is not None]
        reached = [(time, value) for time, value in known if value < level + _CLOSE]
        if not reached:
            return None
        time, value = reached[0]
        below = [t for t, v in reached if v < level - _CLOSE]
        return (time + below[0]) / 2 if value > level - _CLOSE and below else time

    def area(self, horizon: float) -> tuple[float, float]:
        """Area under the curve up to a time, and its standard error (Greenwood)."""
        times = [0.0, *(s[0] for s in self.steps if s[0] < horizon), horizon]
        heights = [1.0, *(s[3] for s in self.steps if s[0] < horizon)]
        pieces = [h * (b - a) for h, a, b in zip(heights, times, times[1:], strict=False)]
        variance = 0.0
        for time, n, d, *_ in self.steps:
            if d and n > d and time <= horizon:
                rest = sum(
                    h * (b - max(a, time))
                    for h, a, b in zip(heights, times, times[1:], strict=False)
                    if b > time
                )
                variance += rest**2 * d / (n * (n - d))
        return sum(pieces), math.sqrt(variance)


def cumulative_incidence(
    pairs: Sequence[tuple[float, int]], cause: int, until: float
) -> tuple[float, float | None, float | None]:
    """Aalen-Johansen's estimate at a time, with log-log limits by Aalen's variance.

    ``pairs`` are (time, 0 censored / 1 event / 2 competing event). Ties as in R's ``cmprsk``.
    """
    rows, survival, estimate = [], 1.0, 0.0
    for time in sorted({t for t, s in pairs if s and t <= until}):
        n = sum(t >= time for t, _ in pairs)
        own = sum(t == time and s == cause for t, s in pairs)
        other = sum(t == time and s not in (0, cause) for t, s in pairs)
        before = survival
        estimate += before * own / n
        survival *= 1 - (own + other) / n
        rows.append((n, own, other, before, survival, estimate))
    variance = 0.0
    for n, own, other, before, after, here in rows:
        rest = (estimate - here) / after if after > _CLOSE else 0.0
        for deaths, weight in ((own, (1 - rest) ** 2), (other, rest**2 if after > _CLOSE else 0.0)):
            tie = 1 - (deaths - 1) / (n - 1) if deaths > 1 else 1.0
            variance += (before / n) ** 2 * deaths * tie * weight
    if estimate < _CLOSE or estimate > 1 - _CLOSE:
        return estimate, None, None
    spread = Z * math.sqrt(variance) / (estimate * math.log(estimate))
    return estimate, estimate ** math.exp(-spread), estimate ** math.exp(spread)
