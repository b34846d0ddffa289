"""Cox's partial likelihood with Efron's ties, plain and with Firth's penalty, and its maximum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: No single step moves the linear predictor further than this over a covariate's range.
LONGEST_STEP = 5.0
MOST_STEPS = 200
#: Steps, over the covariate's range, below which an iteration has arrived.
ARRIVED = 1e-10
#: Stands for the weight of a risk set that is too light for a floating-point number.
SMALLEST = 1e-300


class NotEstimable(Exception):  # noqa: N818 - an outcome of the data, not a fault
    """No number can be given; the message is the reason."""


@dataclass(frozen=True)
class Partial:
    """The data of one model, ordered by falling time; ``made`` makes it.

    Each event stands for one factor of the likelihood: of ``d`` tied events the factor
    ``k = 0..d-1`` takes ``k/d`` of the tied events' weight from the risk set (Efron 1977).
    """

    x: np.ndarray
    event: np.ndarray
    risk: np.ndarray  # per event: rows 0..risk have a time of at least the event's
    tied: np.ndarray  # per event: which group of ties it belongs to
    share: np.ndarray  # per event: k/d
    spread: np.ndarray  # per covariate: its range
    member: np.ndarray | None = None  # per event and row: at risk; None where all were from day 0

    @cached_property
    def products(self) -> list[np.ndarray]:
        """Per row: 1, x, x x' and x x' x''."""
        x = self.x
        pairs = x[:, :, None] * x[:, None, :]
        return [np.ones(len(x)), x, pairs, pairs[:, :, :, None] * x[:, None, None, :]]

    def moments(self, beta: np.ndarray, highest: int) -> tuple[float, list[np.ndarray]]:
        """Log of the scale, and the weighted sums over each event's risk set, order by order."""
        predictor = self.x @ beta
        scale = float(predictor.max())
        weight = np.exp(predictor - scale)
        starts = np.flatnonzero(np.diff(self.tied, prepend=-1))
        sums = []
        for product in self.products[: highest + 1]:
            weighted = product * weight.reshape(-1, *[1] * (product.ndim - 1))
            whole = self._over_risk_sets(weighted)
            of_ties = np.add.reduceat(weighted[self.event], starts, axis=0)[self.tied]
            sums.append(whole - of_ties * self.share.reshape(-1, *[1] * (product.ndim - 1)))
        return scale, sums

    def _over_risk_sets(self, weighted: np.ndarray) -> np.ndarray:
        """The sum over each event's risk set: over everyone still there, or over its members."""
        if self.member is None:
            return np.cumsum(weighted, axis=0)[self.risk]
        flat = self.member @ weighted.reshape(len(weighted), -1)
        return flat.reshape(len(self.member), *weighted.shape[1:])


def made(
    time: np.ndarray,
    event: np.ndarray,
    design: np.ndarray,
    entry: np.ndarray | None = None,
    stratum: np.ndarray | None = None,
) -> Partial:
    """The model of ``design`` (rows patients, columns covariates); ``event`` true or false.

    ``entry`` as in ``pipeline.statistics.entry``: a patient is at risk over (entry, time]. With
    ``stratum`` a risk set holds those of the event's own stratum.
    """
    kind = (
        np.zeros(len(time), int) if stratum is None else np.unique(stratum, return_inverse=True)[1]
    )
    order = np.lexsort((~event, -time, kind))  # late first; of the same time events first
    kind = kind[order]
    time, event, x = time[order], event[order], np.asarray(design, float)[order]
    events = np.flatnonzero(event)
    risk = np.searchsorted(-time, -time[events], side="right") - 1
    together = np.column_stack([kind[events], -time[events]])
    _, tied, counts = np.unique(together, axis=0, return_inverse=True, return_counts=True)
    tied = tied.ravel()
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    share = (np.arange(len(events)) - first[tied]) / counts[tied]
    spread = np.ptp(x, axis=0) if len(x) else np.ones(x.shape[1])
    member = None
    if stratum is not None or (entry is not None and (entry > 0).any()):
        entry = np.zeros(len(time)) if entry is None else entry
        late = np.where(entry > 0, entry, -np.inf)[order]
        when = time[events][:, None]
        own = kind == kind[events][:, None]
        member = ((time >= when) & (late < when) & own).astype(float)
    return Partial(x - x.mean(axis=0), events, risk, tied, share, spread, member)


@dataclass(frozen=True)
class Point:
    """The likelihood at one place: log-likelihood, score, information; per event as well."""

    value: float
    score: np.ndarray
    information: np.ndarray
    residuals: np.ndarray  # per event: covariates less their mean in the risk set (Schoenfeld)
    variances: np.ndarray  # per event: variance of the covariates in the risk set


def at(partial: Partial, beta: np.ndarray, penalised: bool = False) -> Point:
    """The (penalised) log partial likelihood at ``beta`` with its derivatives.

    Firth's penalty adds half the log determinant of the information, and to the score half the
    trace of its inverse times its derivative (Firth 1993; Heinze and Schemper, Biometrics
    2001;57:114). The information given is the unpenalised one in both cases.
    """
    scale, sums = partial.moments(beta, 3 if penalised else 2)
    s0 = np.maximum(sums[0], SMALLEST)
    mean = sums[1] / s0[:, None]
    second = sums[2] / s0[:, None, None]
    variances = second - mean[:, :, None] * mean[:, None, :]
    x = partial.x[partial.event]
    value = float((x @ beta).sum() - np.log(s0).sum() - scale * len(s0))
    residuals = x - mean
    score, information = residuals.sum(axis=0), variances.sum(axis=0)
    if penalised:
        sign, log_det = np.linalg.slogdet(information)
        if sign <= 0 or not math.isfinite(log_det):
            return Point(-math.inf, score, information, residuals, variances)
        third = sums[3] / s0[:, None, None, None]
        cross = np.einsum("eab,ec->eabc", second, mean)
        cross = cross + cross.transpose(0, 1, 3, 2) + cross.transpose(0, 3, 2, 1)
        cube = np.einsum("ea,eb,ec->eabc", mean, mean, mean)
        slope = (third - cross + 2 * cube).sum(axis=0)
        score = score + 0.5 * np.einsum("ab,abc->c", np.linalg.inv(information), slope)
        value += 0.5 * float(log_det)
    return Point(value, score, information, residuals, variances)


def maximise(
    partial: Partial,
    *,
    penalised: bool = False,
    start: np.ndarray | None = None,
    fixed: np.ndarray | None = None,
    bound: float = math.inf,
) -> tuple[np.ndarray, Point]:
    """Newton's method with step-halving; coefficients where ``fixed`` is true stay at ``start``.

    Raises ``NotEstimable`` where it does not arrive, or where a coefficient times its covariate's
    range runs past ``bound``.
    """
    count = partial.x.shape[1]
    beta = np.zeros(count) if start is None else np.array(start, float)
    free = np.ones(count, bool) if fixed is None else ~fixed
    point = at(partial, beta, penalised)
    if not free.any():
        return beta, point
    last = np.zeros(int(free.sum()))
    for _ in range(MOST_STEPS):
        try:
            step = np.linalg.solve(point.information[np.ix_(free, free)], point.score[free])
        except np.linalg.LinAlgError:
            break
        longest = float(np.max(np.abs(step) * partial.spread[free]))
        if not math.isfinite(longest):
            break
        if longest < ARRIVED:
            return beta, point
        step *= min(1.0, LONGEST_STEP / longest)
        if penalised and step @ last < 0:
            # The information leaves out the penalty's own curvature, so that with very few
            # events steps swing about the maximum; a swing of ratio r is met half-way.
            step /= 1 + float(np.linalg.norm(step) / np.linalg.norm(last))
        for _ in range(30):
            tried = beta.copy()
            tried[free] += step
            next_point = at(partial, tried, penalised)
            # equal up to rounding is progress enough: the steps near the maximum gain nothing
            if next_point.value >= point.value - 1e-10 * (1 + abs(point.value)):
                break
            step /= 2
        else:
            break
        beta, point, last = tried, next_point, step
        if np.max(np.abs(beta) * partial.spread) > bound:
            break
    raise NotEstimable("the estimate does not converge")
