"""Fine and Gray's regression: subdistribution hazard ratios with competing events, as R's ``crr``.

Who had a competing event stays at risk, with a weight that falls as censoring would have taken them
(Fine and Gray, JASA 1999;94:496). The variance is theirs too, with the part that comes from
estimating the weights. No package that is kept up offers both: lifelines and scikit-survival have
no such model, and a Cox model on weighted rows, as R's ``finegray`` makes them, has the estimate of
``cmprsk::crr`` but another variance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.covariates import covariate, require
from venaza.pipeline.statistics.cox import (
    FEWEST_EVENTS,
    SEPARATED,
    STATISTICS,
    UNBOUNDED,
    entry_of,
    sizes_of,
    term_rows,
)
from venaza.pipeline.statistics.entry import NO_METHOD, is_late
from venaza.pipeline.statistics.likelihood import NotEstimable

METHOD = "Fine-Gray regression of the subdistribution hazard, univariable"
MOST_STEPS = 100


def rows(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[ard.Row]:
    """``finegray.CIR.AGE.hazard_ratio`` and the like for ``analysis.fine_gray``, one at a time.

    ``tables`` holds each endpoint's patients (``time_to_event.endpoint_tables``); who lacks the
    variable is left out. Firth's penalty is not for this model: where the events are separated
    there is no ratio.
    """
    for endpoint, asked in study["analysis"].get("fine_gray", {}).items():
        for variable in asked:
            yield from _univariable(endpoint, variable, tables[endpoint], study)


def _univariable(
    endpoint: str, variable: str, patients: pd.DataFrame, study: dict
) -> list[ard.Row]:
    require(variable, patients, endpoint, "fine_gray")
    used = patients[patients[variable].notna()]
    staying = used.assign(AVAL=used["AVAL"].astype(float).where(used["CNSR"] != 2, float("inf")))
    term = covariate(variable, staying, patients, study, taken=("n", "events"))
    result: pd.DataFrame | str = "fewer than two different values"
    if term.keys and not term.design.empty:
        result = _attempt(used, term, study)
    shared = {"analysis": "fine_gray", "endpoint": endpoint}
    shared["rows"] = selections.times(endpoint, study, [variable])
    prefix = f"finegray.{endpoint}.{variable}"
    made = ard.rows(prefix, sizes_of(used), term=variable, method=METHOD, **shared)
    return made + term_rows(prefix, term, result, METHOD, shared)


def _attempt(used: pd.DataFrame, term, study: dict) -> pd.DataFrame | str:
    from scipy.stats import norm

    if is_late(entry_of(used)):
        return f"Fine and Gray's regression is {NO_METHOD}"
    cause = used["CNSR"].map({0: 1, 1: 0, 2: 2}).to_numpy(int)
    try:
        beta, covariance = fine_gray(
            used["AVAL"].to_numpy(float), cause, term.design.to_numpy(float)
        )
    except NotEstimable as reason:
        return str(reason)
    errors = np.sqrt(np.diag(covariance))
    reach = norm.ppf(0.5 + study["analysis"]["confidence"] / 2) * errors
    values = [np.exp(beta), np.exp(beta - reach), np.exp(beta + reach)]
    values.append(2 * norm.sf(np.abs(beta / errors)))
    index = [(term.variable, column) for column in term.design]
    return pd.DataFrame(np.transpose(values), index=index, columns=list(STATISTICS))


def fine_gray(time: np.ndarray, cause: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and their covariance; ``cause`` 0 censored, 1 the event, 2 competing.

    ``x`` has a row per patient. Ties as Breslow's, censoring by Kaplan-Meier for all together,
    both as ``crr`` (which takes who is censored at time 0 for censored before an event at 0, and
    is to be given times a day later). Raises ``NotEstimable`` with fewer than ``FEWEST_EVENTS``
    events or where a coefficient runs off to infinity.
    """
    if (cause == 1).sum() < FEWEST_EVENTS:
        raise NotEstimable(f"fewer than {FEWEST_EVENTS} events")
    centred = x - x.mean(axis=0)
    risk = _Risk(time, cause, centred)
    spread = np.ptp(x, axis=0)
    beta = np.zeros(x.shape[1])
    for _ in range(MOST_STEPS):
        score, information = risk.at(beta)
        if np.linalg.cond(information) > 1e12:
            raise NotEstimable(SEPARATED)
        step = np.linalg.solve(information, score)
        step *= min(1.0, 2.0 / max(float(np.max(np.abs(step) * spread)), 1e-300))
        beta = beta + step
        if (np.abs(beta) * spread > UNBOUNDED).any():
            raise NotEstimable(SEPARATED)
        if np.max(np.abs(step) * spread) < 1e-12:
            break
    else:
        raise NotEstimable("the estimate does not converge")
    inverse = np.linalg.inv(risk.at(beta)[1])
    influence = risk.influence(beta)
    return beta, inverse @ (influence.T @ influence) @ inverse


class _Risk:
    """Who is at risk with what weight at each event time, and the sums of the likelihood."""

    def __init__(self, time: np.ndarray, cause: np.ndarray, x: np.ndarray) -> None:
        self.time, self.cause, self.x = time, cause, x
        self.times, self.deaths = np.unique(time[cause == 1], return_counts=True)
        left, censored = np.unique(time[cause == 0], return_counts=True)
        self.left, self.censored = left, censored
        self.staying = len(time) - np.searchsorted(np.sort(time), left)
        uncensored = np.concatenate([[1.0], np.cumprod(1 - censored / self.staying)])
        at_event = uncensored[np.searchsorted(left, self.times)]
        at_end = uncensored[np.searchsorted(left, time)]
        here = time[:, None] >= self.times
        kept = (cause == 2)[:, None] & ~here
        share = at_event[None, :] / np.where(at_end > 0, at_end, 1.0)[:, None]
        self.weight = np.where(here, 1.0, np.where(kept, share, 0.0))

    def _means(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weight of each patient at each time, its sum, and the mean of the covariates."""
        weight = self.weight * np.exp(self.x @ beta)[:, None]
        total = weight.sum(axis=0)
        return weight, total, (weight.T @ self.x) / total[:, None]

    def at(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and information."""
        weight, total, mean = self._means(beta)
        score = self.x[self.cause == 1].sum(axis=0) - self.deaths @ mean
        second = np.einsum("ik,ia,ib->kab", weight, self.x, self.x) / total[:, None, None]
        within = second - mean[:, :, None] * mean[:, None, :]
        return score, np.einsum("k,kab->ab", self.deaths, within)

    def influence(self, beta: np.ndarray) -> np.ndarray:
        """Each patient's part of the score, that through the weights included (eta + psi)."""
        weight, total, mean = self._means(beta)
        hazard = weight * (self.deaths / total)
        parts = hazard[:, :, None] * (self.x[:, None, :] - mean[None, :, :])
        eta = -parts.sum(axis=1)
        own = np.searchsorted(self.times, self.time[self.cause == 1])
        eta[self.cause == 1] += self.x[self.cause == 1] - mean[own]
        if not len(self.left):
            return eta
        # what those with a competing event before each censoring weigh from there on
        competing = (self.cause == 2)[:, None] & (self.time[:, None] < self.left)
        later = self.times >= self.left[:, None]
        q = np.einsum("il,lk,ika->la", competing.astype(float), later.astype(float), parts)
        step = q / self.staying[:, None]
        psi = -np.einsum(
            "il,l,la->ia",
            (self.time[:, None] >= self.left).astype(float),
            self.censored / self.staying,
            step,
        )
        censored = self.cause == 0
        psi[censored] += step[np.searchsorted(self.left, self.time[censored])]
        return eta + psi
