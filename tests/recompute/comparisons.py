"""Comparisons of groups: Fisher, rank sum, log-rank with strata and late entry, Cox by Newton."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2, norm


class Span(NamedTuple):
    """Somebody at risk in (start, stop], who has the event at the end or not."""

    start: float
    stop: float
    event: bool
    x: tuple[float, ...]
    stratum: str = ""


def fisher(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Two-sided p of two proportions k/n: all tables that are not more likely, added up."""
    k, n = a[0] + b[0], a[1] + b[1]

    def chance(x: int) -> float:
        return math.comb(a[1], x) * math.comb(b[1], k - x) / math.comb(n, k)

    tables = range(max(0, k - b[1]), min(k, a[1]) + 1)
    seen = chance(a[0])
    return min(1.0, sum(p for p in map(chance, tables) if p <= seen * (1 + 1e-7)))


def rank_sum(a: Sequence[float], b: Sequence[float]) -> float:
    """Wilcoxon's p: normal approximation with ties and continuity correction."""
    both = [*a, *b]
    ranks = {v: sum(x < v for x in both) + (sum(x == v for x in both) + 1) / 2 for v in set(both)}
    n, m = len(a), len(b)
    statistic = sum(ranks[v] for v in a) - n * (n + 1) / 2 - n * m / 2
    ties = sum(c**3 - c for c in (both.count(v) for v in set(both)))
    size = n + m
    spread = math.sqrt(n * m / 12 * (size + 1 - ties / (size * (size - 1))))
    shifted = statistic - math.copysign(0.5, statistic) if statistic else 0.0
    return min(1.0, 2 * norm.sf(abs(shifted) / spread))


def log_rank(spans: Sequence[Span]) -> tuple[float, int, float]:
    """Chi-square, df and p of the groups in ``x[0]``, within strata, with (start, stop]."""
    groups = sorted({s.x[0] for s in spans})
    score, variance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for stratum in {s.stratum for s in spans}:
        own = [s for s in spans if s.stratum == stratum]
        for time in sorted({s.stop for s in own if s.event}):
            risk = [s for s in own if s.start < time <= s.stop]
            n = np.array([sum(s.x[0] == g for s in risk) for g in groups], float)
            dead = [s for s in risk if s.event and s.stop == time]
            d = np.array([sum(s.x[0] == g for s in dead) for g in groups], float)
            share = n / n.sum()
            score += d - d.sum() * share
            if n.sum() > 1:
                factor = d.sum() * (n.sum() - d.sum()) / (n.sum() - 1)
                variance += factor * (np.diag(share) - np.outer(share, share))
    kept = score[1:], variance[1:, 1:]
    statistic = float(kept[0] @ np.linalg.solve(kept[1], kept[0]))
    return statistic, len(groups) - 1, float(chi2.sf(statistic, len(groups) - 1))


class Cox(NamedTuple):
    """Coefficients, their covariance, and the log partial likelihood."""

    beta: np.ndarray
    covariance: np.ndarray
    likelihood: float

    def ratio(self, place: int) -> dict[str, float]:
        """Hazard ratio with Wald's limits and p."""
        b, se = self.beta[place], math.sqrt(self.covariance[place, place])
        z = norm.ppf(0.975)
        return {
            "hazard_ratio": math.exp(b),
            "lower": math.exp(b - z * se),
            "upper": math.exp(b + z * se),
            "p_value": 2 * norm.sf(abs(b) / se),
        }


def cox(spans: Sequence[Span]) -> Cox:
    """Cox's model by Newton's method, Efron's ties."""
    size = len(spans[0].x)
    beta = np.zeros(size)
    for _ in range(60):
        likelihood, score, information = _partial(spans, beta)
        step = np.linalg.lstsq(information, score, rcond=1e-9)[0] if size else np.zeros(0)
        while size and _partial(spans, beta + step)[0] < likelihood - 1e-9:
            step = step / 2
        beta = beta + step
        if not size or np.abs(step).max() < 1e-10:
            break
    likelihood, _, information = _partial(spans, beta)
    return Cox(beta, np.linalg.pinv(information) if size else information, likelihood)


def _partial(spans: Sequence[Span], beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    x = np.array([s.x for s in spans], float).reshape(len(spans), len(beta))
    start = np.array([s.start for s in spans])
    stop, event = np.array([s.stop for s in spans]), np.array([s.event for s in spans])
    strata = np.array([s.stratum for s in spans])
    weight = np.exp(x @ beta)
    likelihood, score = 0.0, np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for stratum in sorted(set(strata)):
        here = strata == stratum
        for time in np.unique(stop[here & event]):
            risk = here & (start < time) & (stop >= time)
            dead = risk & event & (stop == time)
            sums = _sums(x[risk], weight[risk]), _sums(x[dead], weight[dead])
            likelihood += float((x[dead] @ beta).sum())
            score += x[dead].sum(axis=0)
            for part in range(int(dead.sum())):
                share = part / dead.sum()
                s0, s1, s2 = (a - share * b for a, b in zip(*sums, strict=True))
                likelihood -= math.log(s0)
                score -= s1 / s0
                information += s2 / s0 - np.outer(s1, s1) / s0**2
    return likelihood, score, information


def _sums(x: np.ndarray, weight: np.ndarray) -> tuple:
    return weight.sum(), weight @ x, (x * weight[:, None]).T @ x
