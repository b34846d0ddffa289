"""Comparison of numbers between groups by their ranks: Wilcoxon's rank-sum, Kruskal-Wallis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: R's ``wilcox.test`` computes the exact distribution below this many values in both groups.
EXACT_BELOW = 50
EXACT = "exact"
NORMAL = "normal approximation with continuity correction"


@dataclass(frozen=True)
class RankSum:
    """Wilcoxon's test of two groups: ``statistic`` is R's W, ``shift`` first minus second.

    ``lower`` and ``upper`` are the limits of the shift, NaN where the groups are too small for
    any at the level asked for.
    """

    statistic: float
    p_value: float
    shift: float
    lower: float
    upper: float
    how: str


def rank_sum(first: np.ndarray, second: np.ndarray, confidence: float) -> RankSum | str:
    """Wilcoxon's test, as R's ``wilcox.test(x, y, conf.int = TRUE)``, or why there is none.

    Exact without ties and with fewer than 50 values in each group, else by the normal
    approximation with continuity correction, its variance corrected for ties. The shift is the
    median of all differences (Hodges and Lehmann, Ann Math Stat 1963;34:598); its limits invert
    the same test. Where R searches for them (with ties, or many values) it stops within 1e-4.
    """
    from scipy.stats import mannwhitneyu

    if not len(first) or not len(second):
        return "a group has no value"
    if np.ptp(np.concatenate([first, second])) == 0:
        return "all values are equal"
    together = np.concatenate([first, second])
    tied = len(np.unique(together)) < len(together)
    exact = not tied and max(len(first), len(second)) < EXACT_BELOW
    test = mannwhitneyu(first, second, method="exact" if exact else "asymptotic")
    differences = np.sort(np.subtract.outer(first, second).ravel())
    limits = _exact_limits if exact else _normal_limits
    return RankSum(
        float(test.statistic),
        min(1.0, float(test.pvalue)),
        float(np.median(differences)),
        *limits(first, second, differences, confidence),
        EXACT if exact else NORMAL,
    )


def _exact_limits(first, second, differences, confidence: float) -> tuple[float, float]:
    """The differences between which W's exact distribution holds the level."""
    share = np.cumsum(exact_distribution(len(first), len(second)))
    alpha = 1 - confidence
    k = int(np.searchsorted(share, alpha / 2 * (1 - 1e-12)))  # R's qwilcox
    k = max(k, 1)
    if 2 * share[k - 1] - alpha > alpha / 2:
        return float("nan"), float("nan")
    return float(differences[k - 1]), float(differences[len(differences) - k])


def exact_distribution(m: int, n: int) -> np.ndarray:
    """The probability of each W = 0..mn without ties, by the generating function.

    The coefficients of the product over i = 1..m of (1 - q^(n+i)) / (1 - q^i), all whole numbers,
    over their sum (Mann and Whitney, Ann Math Stat 1947;18:50).
    """
    size = m * n + 1
    counts = [0] * size
    counts[0] = 1
    for i in range(1, m + 1):
        for w in range(size - 1, n + i - 1, -1):
            counts[w] -= counts[w - n - i]
        for w in range(i, size):
            counts[w] += counts[w - i]
    total = sum(counts)
    return np.array([count / total for count in counts])


def _normal_limits(first, second, differences, confidence: float) -> tuple[float, float]:
    """Where the approximate test of a shift changes sides: a step at one of the differences.

    R's ``wdiff``: between two neighbouring differences W does not change, and the limit is the
    difference at which its standardised value passes the quantile.
    """
    from scipy.special import ndtri

    steps = np.unique(differences)
    inner = (steps[1:] + steps[:-1]) / 2
    alpha = 1 - confidence
    places = np.concatenate([[steps[0] - 1], inner, [steps[-1] + 1]])

    def limit(quantile: float) -> float:
        low, high = 0, len(places) - 1  # the standardised W falls as the shift grows
        while high - low > 1:
            middle = (low + high) // 2
            if _standardised(first, second, places[middle]) > quantile:
                low = middle
            else:
                high = middle
        return float(steps[low])

    ends = [_standardised(first, second, steps[i]) for i in (0, -1)]
    if ends[0] < ndtri(1 - alpha / 2) or ends[1] > ndtri(alpha / 2):
        return float("nan"), float("nan")
    return limit(float(ndtri(1 - alpha / 2))), limit(float(ndtri(alpha / 2)))


def _standardised(first: np.ndarray, second: np.ndarray, shift: float) -> float:
    """W of the first group less ``shift``, standardised with correction for ties and continuity."""
    from scipy.stats import rankdata

    m, n = len(first), len(second)
    together = np.concatenate([first - shift, second])
    ranks = rankdata(np.round(together, 10))
    ties = np.unique(ranks, return_counts=True)[1].astype(float)
    z = ranks[:m].sum() - m * (m + 1) / 2 - m * n / 2
    size = m + n
    variance = m * n / 12 * (size + 1 - (ties**3 - ties).sum() / (size * (size - 1)))
    if variance <= 0:
        return float("nan")
    return float((z - np.sign(z) * 0.5) / np.sqrt(variance))


def kruskal_wallis(groups: list[np.ndarray]) -> tuple[float, int, float] | str:
    """Chi-square, degrees of freedom and p-value, as R's ``kruskal.test``, or why there is none."""
    from scipy.stats import kruskal

    filled = [values for values in groups if len(values)]
    if len(filled) < 2:
        return "fewer than two groups have a value"
    if np.ptp(np.concatenate(filled)) == 0:
        return "all values are equal"
    test = kruskal(*filled)
    return float(test.statistic), len(filled) - 1, float(test.pvalue)
