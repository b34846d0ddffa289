"""Cumulative incidence with competing events: the exact Aalen-Johansen estimator.

lifelines' fitter breaks ties at random; this one keeps them, and gives R's numbers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.statistics.entry import is_late
from venaza.pipeline.statistics.survival import steps


def aalen_johansen(
    time: np.ndarray,
    cause: np.ndarray,
    of: int,
    confidence: float,
    entry: np.ndarray | None = None,
) -> pd.DataFrame:
    """The cumulative incidence of cause ``of`` with a log-log confidence band.

    ``time`` in days; ``cause`` 0 censored, 1 the event, 2 the competing event. Columns:
    ``time n_risk n_event n_censor estimate std_error lower upper``; ``n_event`` counts cause
    ``of`` alone. F(t) is the sum of S(u-) d/n, its variance Aalen's, as ``cmprsk::cuminc``;
    the limits are F ** exp(-+ z se / (F log F)). The band is empty where F is 0 or 1, and with
    late ``entry`` (``venaza.pipeline.statistics.entry``), for which ``cmprsk`` has no variance.
    """
    from scipy.special import ndtri

    table = steps(time, cause, entry)
    names = ("n_event", "n_competing") if of == 1 else ("n_competing", "n_event")
    own, other = (table[name].to_numpy(dtype=float) for name in names)
    n = table["n_risk"].to_numpy(dtype=float)
    there = np.where(n > 0, n, 1.0)  # before anybody has come nothing can happen
    survival = np.cumprod(1 - (own + other) / there)
    before = np.concatenate([[1.0], survival[:-1]])
    estimate = np.cumsum(before * own / there)
    if is_late(entry):
        unknown = dict.fromkeys(("std_error", "lower", "upper"), float("nan"))
        return table[["time", "n_risk", "n_censor"]].assign(
            n_event=own.astype(int), estimate=estimate, **unknown
        )
    error = np.sqrt(_variance(n, own, other, before, survival, estimate))
    lower, upper = np.full((2, len(n)), np.nan)
    inside = (estimate > 0) & (estimate < 1 - 1e-12)
    f = estimate[inside]
    spread = ndtri(0.5 + confidence / 2) * error[inside] / (f * np.log(f))
    lower[inside], upper[inside] = f ** np.exp(-spread), f ** np.exp(spread)
    return table[["time", "n_risk", "n_censor"]].assign(
        n_event=own.astype(int), estimate=estimate, std_error=error, lower=lower, upper=upper
    )


def _variance(
    n: np.ndarray,
    own: np.ndarray,
    other: np.ndarray,
    before: np.ndarray,
    survival: np.ndarray,
    estimate: np.ndarray,
) -> np.ndarray:
    """Aalen's variance of the estimate at each time (Aalen 1978; cmprsk's for ties).

    The sum over the times u up to t of (S(u-)/n)^2 d tie(d), times (1 - r)^2 for the event
    itself and r^2 for the competing one, where r = (F(t) - F(u)) / S(u) and
    tie(d) = 1 - (d - 1) / (n - 1). Multiplied out, so that one pass serves every t.
    """
    alive = survival > 1e-12
    inverse = np.where(alive, 1 / np.where(alive, survival, 1.0), 0.0)

    def weight(d: np.ndarray) -> np.ndarray:
        tie = 1 - np.where(d > 1, (d - 1) / np.maximum(n - 1, 1), 0.0)
        return (before / n) ** 2 * d * tie

    at_own, at_other = weight(own), weight(other) * alive
    past = estimate * inverse
    total = np.cumsum(at_own * (1 + past) ** 2 + at_other * past**2)
    cross = np.cumsum((at_own * (1 + past) + at_other * past) * inverse)
    square = np.cumsum((at_own + at_other) * inverse**2)
    return np.maximum(total - 2 * estimate * cross + estimate**2 * square, 0.0)
