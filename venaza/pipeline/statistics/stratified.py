"""The log-rank test within strata: groups are compared with their own kind only."""

from __future__ import annotations

import numpy as np


def stratified_log_rank(
    time: np.ndarray,
    event: np.ndarray,
    group: np.ndarray,
    stratum: np.ndarray,
    entry: np.ndarray | None = None,
) -> tuple[float, int, float]:
    """Chi-square, degrees of freedom and p-value, as R's ``survdiff`` with ``strata()``.

    Observed less expected events and their hypergeometric covariance are added up over the
    strata. A stratum with a single group adds nothing; a group that expects no event in any
    stratum is left out, and with it a degree of freedom. NaN where fewer than two remain.
    A test without variance is undefined (``chi_square_test``).
    ``entry`` as in ``venaza.pipeline.statistics.entry``; then as the score test of
    ``coxph(Surv(entry, time, event) ~ group + strata(stratum), ties = "exact")``.
    """
    levels = np.unique(group)
    difference = np.zeros(len(levels))
    expected = np.zeros(len(levels))
    variance = np.zeros((len(levels), len(levels)))
    for one in np.unique(stratum):
        inside = stratum == one
        own = (time, event, group, np.zeros(len(time)) if entry is None else entry)
        parts = _observed_less_expected(*(part[inside] for part in own), levels)
        difference, expected, variance = (
            total + part
            for total, part in zip((difference, expected, variance), parts, strict=True)
        )
    kept = np.flatnonzero(expected > 0)
    if len(kept) < 2:
        return float("nan"), 0, float("nan")
    return chi_square_test(difference[kept], variance[np.ix_(kept, kept)])


def _observed_less_expected(
    time: np.ndarray, event: np.ndarray, group: np.ndarray, entry: np.ndarray, levels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observed less expected events, expected events and their covariance in one stratum."""
    times = np.unique(time[event])
    late = np.where(entry > 0, entry, -np.inf)
    n_own = np.array(
        [
            np.searchsorted(np.sort(late[group == level]), times)
            - np.searchsorted(np.sort(time[group == level]), times)
            for level in levels
        ],
        dtype=float,
    )
    d_own = np.array(
        [(time[event & (group == level)][:, None] == times).sum(axis=0) for level in levels]
    )
    n, d = n_own.sum(axis=0), d_own.sum(axis=0)
    share = n_own / n
    weight = d * (n - d) / np.where(n > 1, n - 1, 1.0)
    covariance = np.diag(share @ weight) - (share * weight) @ share.T
    return (d_own - share * d).sum(axis=1), (share * d).sum(axis=1), covariance


def chi_square_test(score: np.ndarray, variance: np.ndarray) -> tuple[float, int, float]:
    """Chi-square of scores that add to zero, all but the last.

    Where they cannot vary (at each event time all at risk failed, or all were of one group) there
    is no test: NaN with the degrees of freedom, and R's ``survdiff`` stops.
    """
    from scipy.special import chdtrc

    df = len(score) - 1
    free = variance[:df, :df]
    if not np.isfinite(free).all() or np.linalg.matrix_rank(free, tol=1e-10) < df:
        return float("nan"), df, float("nan")
    chi = float(score[:df] @ np.linalg.solve(free, score[:df]))
    return chi, df, float(chdtrc(df, chi))
