"""The score test of proportional hazards, as R's ``cox.zph`` since survival 3.0."""

from __future__ import annotations

import numpy as np

from venaza.pipeline.statistics.likelihood import Partial

METHOD = "Score test of proportional hazards, Kaplan-Meier time scale (cox.zph)"
#: Condition number from which a matrix counts as singular.
SINGULAR = 1e12


def score_test(
    partial: Partial,
    beta: np.ndarray,
    time: np.ndarray,
    event: np.ndarray,
    terms: list[list[int]],
    entry: np.ndarray | None = None,
) -> list[tuple[float, int, float]]:
    """Chi-square, degrees of freedom and p of each term, then of all of them (GLOBAL).

    Each coefficient is let vary as ``beta + theta g(t)``, ``g`` being one minus the Kaplan-Meier
    estimate just before ``t``, centred over the events; tested is ``theta = 0`` (Grambsch and
    Therneau, Biometrika 1994;81:515). ``terms`` lists the columns of each term. NaN where the
    information cannot be inverted.
    """
    from scipy.stats import chi2

    from venaza.pipeline.statistics.likelihood import at

    point = at(partial, beta)
    g = _just_before(time, event, entry)
    g = g - g.mean()
    blocks = [np.einsum("e,eab->ab", g**power, point.variances) for power in (0, 1, 2)]
    information = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    score = g @ point.residuals
    count = len(beta)
    results = []
    for columns in [*terms, list(range(count))]:
        kept = [*range(count), *(count + c for c in columns)]
        u = np.concatenate([np.zeros(count), score[columns]])
        chi = _quadratic(information[np.ix_(kept, kept)], u)
        results.append((chi, len(columns), float(chi2.sf(chi, len(columns)))))
    return results


def _quadratic(information: np.ndarray, u: np.ndarray) -> float:
    """``u' information^-1 u``; NaN where the information is singular but for rounding."""
    scale = np.sqrt(np.diag(information))
    if not (scale > 0).all():
        return float("nan")
    correlation = information / np.outer(scale, scale)
    if not np.linalg.cond(correlation) < SINGULAR:
        return float("nan")
    scaled = u / scale
    return float(scaled @ np.linalg.solve(correlation, scaled))


def _just_before(time: np.ndarray, event: np.ndarray, entry: np.ndarray | None) -> np.ndarray:
    """One minus the Kaplan-Meier estimate just before each event, late events first."""
    from venaza.pipeline.statistics.entry import still_to_come

    times, deaths = np.unique(time[event], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    at_risk = at_risk - still_to_come(times, entry)
    survival = np.concatenate([[1.0], np.cumprod(1 - deaths / at_risk)])
    ordered = np.sort(time[event])[::-1]
    return 1 - survival[np.searchsorted(times, ordered)]
