"""Gray's test: whether the cumulative incidence of the event differs between groups."""

from __future__ import annotations

import numpy as np

from venaza.pipeline.statistics.stratified import chi_square_test


def gray(time: np.ndarray, cause: np.ndarray, group: np.ndarray) -> tuple[float, int, float]:
    """Chi-square, degrees of freedom and p-value of Gray's test for cause 1.

    ``cause`` is 0 censored, 1 the event, 2 a competing event. Gray 1988 (Ann Stat 16:1141) with
    weight rho = 0 and the variance, ties included, of R's ``cmprsk::cuminc``. A group of which
    nobody is at risk at the first event is left out. NaN where fewer than two remain.
    """
    if not (cause == 1).any():
        return float("nan"), 0, float("nan")
    first = time[cause == 1].min()
    levels = [level for level in np.unique(group) if (time[group == level] >= first).any()]
    if len(levels) < 2:
        return float("nan"), 0, float("nan")
    score, variance = _score(*_counts(time, cause, group, levels))
    return chi_square_test(score, variance)


def _counts(
    time: np.ndarray, cause: np.ndarray, group: np.ndarray, levels: list
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At risk, events and competing events by event time (rows) and group (columns)."""
    times = np.unique(time[cause > 0])
    columns = []
    for level in levels:
        own, why = time[group == level], cause[group == level]
        at_risk = len(own) - np.searchsorted(np.sort(own), times)
        happened = [(own[why == code][:, None] == times).sum(axis=0) for code in (1, 2)]
        columns.append((at_risk, *happened))
    return tuple(np.array(part, dtype=float).T for part in zip(*columns, strict=True))


def _score(
    at_risk: np.ndarray, events: np.ndarray, competing: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The score of each group and its covariance matrix.

    h is the number at risk over the Kaplan-Meier estimate just before (Gray's h), ``pooled``
    the incidence of all groups. Each group's events and competing events add the square of
    their influence on the scores, weighted by the variance of their number.
    """
    some = at_risk > 0
    n = np.where(some, at_risk, 1.0)
    after = np.cumprod(1 - (events + competing) / n, axis=0)
    before = np.vstack([np.ones(n.shape[1]), after[:-1]])
    incidence = np.cumsum(before * events / n, axis=0)
    free = 1 - np.vstack([np.zeros(n.shape[1]), incidence[:-1]])
    h = np.where(some, at_risk / np.where(some & (before > 0), before, 1.0), 0.0)
    total, happened = h.sum(axis=1), events.sum(axis=1)
    step = happened / total
    pooled = np.cumsum(step)
    pooled_free = 1 - np.concatenate([[0.0], pooled[:-1]])
    share = h * free / (h * free).sum(axis=1, keepdims=True)
    score = (events - happened[:, None] * share).sum(axis=0)

    direct = np.einsum("ti,ij->tij", h, np.eye(h.shape[1])) - (
        h[:, :, None] * h[:, None, :] / total[:, None, None]
    )
    # where one group is left nothing varies, though its pooled incidence may have come to 1 by then
    alone = np.abs(direct).max(axis=(1, 2)) < 1e-12 * total
    weight_of = np.where(alone, 0.0, step / np.where(alone, 1.0, pooled_free))
    past = np.cumsum(direct * weight_of[:, None, None], axis=0)
    later = past[-1] - past
    alive = after > 1e-14
    ratio = (1 - pooled)[:, None] / np.where(alive, after, 1.0)
    own = direct + np.where(alive & some, 1 - ratio, 1.0)[:, None, :] * later
    other = np.where(alive, ratio, 0.0)[:, None, :] * later
    ties = 1 - np.where(
        happened[:, None] > 1, (happened[:, None] - 1) / _not_zero(total[:, None] * before - 1), 0.0
    )
    weight = np.where(some, ties * before * step[:, None] / n, 0.0)
    ties = 1 - np.where(competing > 1, (competing - 1) / _not_zero(n - 1), 0.0)
    weight_other = ties * before**2 * competing / n**2
    variance = np.einsum("tik,tjk,tk->ij", own, own, weight)
    return score, variance + np.einsum("tik,tjk,tk->ij", other, other, weight_other)


def _not_zero(values: np.ndarray) -> np.ndarray:
    return np.where(values == 0, 1.0, values)
