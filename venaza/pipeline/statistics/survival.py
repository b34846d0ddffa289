"""Kaplan-Meier: the curve, its quantiles and landmarks, numbers at risk, and the log-rank test.

lifelines gives the estimate and its log-log band; numbers at risk and quantiles are counted here,
because lifelines' differ from R's at ties and on flat stretches, and so is the log-rank test, which
lifelines gives as P = 1 where it has no variance (everybody dead on one day) and is undefined.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.statistics.entry import emptied, from_entry, is_late, still_to_come, up_to

#: R takes two probabilities for equal when they differ by less than sqrt(.Machine$double.eps).
TOLERANCE = 2.0**-26


def steps(time: np.ndarray, cause: np.ndarray, entry: np.ndarray | None = None) -> pd.DataFrame:
    """What happens at each distinct time, 0 included.

    ``cause`` is 1 for the event, 2 for a competing event, 0 for censoring. Columns: ``time``,
    ``n_risk`` (patients under observation with a time of at least this one), ``n_event``,
    ``n_competing`` and ``n_censor``. Events come before censorings of the same time, as
    everywhere.
    """

    times = np.unique(np.concatenate([[0.0], time]))
    at = np.searchsorted(times, time)
    counts = {
        name: np.bincount(at[cause == code], minlength=len(times))
        for name, code in (("n_event", 1), ("n_competing", 2), ("n_censor", 0))
    }
    leaving = sum(counts.values())
    n_risk = (
        len(time) - np.concatenate([[0], np.cumsum(leaving)[:-1]]) - still_to_come(times, entry)
    )
    return pd.DataFrame({"time": times, "n_risk": n_risk, **counts})


def kaplan_meier(
    time: np.ndarray, event: np.ndarray, confidence: float, entry: np.ndarray | None = None
) -> pd.DataFrame:
    """The Kaplan-Meier curve with its log-log confidence band.

    ``time`` in days, at least one; ``event`` true or false. Columns: those of ``steps`` with
    ``estimate``, ``lower`` and ``upper`` as probabilities. The band is empty where the
    estimate is 1 or 0, as in R: ``survfit(Surv(time, event) ~ 1, conf.type = "log-log")``.
    """
    from lifelines import KaplanMeierFitter

    curve = steps(time, event.astype(int), entry).drop(columns="n_competing")
    if is_late(entry):
        counts = (curve[name].to_numpy() for name in ("n_risk", "n_event"))
        return curve.assign(**product_limit(*counts, confidence))
    fit = KaplanMeierFitter(alpha=1 - confidence).fit(time, event)
    curve["estimate"] = fit.survival_function_.iloc[:, 0].to_numpy()
    band = fit.confidence_interval_.to_numpy()
    happened = np.cumsum(curve["n_event"]) > 0
    curve.loc[~happened, "estimate"] = 1.0
    all_gone = curve["n_risk"] == curve["n_event"]
    curve.loc[np.maximum.accumulate(all_gone.to_numpy()) & happened, "estimate"] = 0.0
    inside = (curve["estimate"] > 0) & (curve["estimate"] < 1)
    curve["lower"] = np.where(inside, band[:, 0], np.nan)
    curve["upper"] = np.where(inside, band[:, 1], np.nan)
    return curve


def survival_curve(
    time: np.ndarray, event: np.ndarray, confidence: float, entry: np.ndarray | None = None
) -> tuple[pd.DataFrame | None, str | None]:
    """The Kaplan-Meier curve as far as it means something, and why it ends before its time.

    No curve without patients, and no reason where it goes to its end (``entry.emptied``). It
    begins when the first patient comes under observation: who failed before was never seen.
    """
    if not len(time):
        return None, None
    curve = from_entry(kaplan_meier(time, event, confidence, entry), entry)
    return up_to(curve, emptied(time, event, entry))


def product_limit(n_risk: np.ndarray, n_event: np.ndarray, confidence: float) -> dict:
    """``estimate lower upper`` from the numbers at risk and the events of each time.

    Greenwood's variance on the log-log scale, as ``survfit(..., conf.type = "log-log")``.
    """
    from scipy.special import ndtri

    left = n_risk - n_event
    estimate = np.cumprod(1 - n_event / np.where(n_risk > 0, n_risk, 1))
    parts = np.where(left > 0, n_event / np.where(left > 0, n_risk * left, 1), 0.0)
    hazard = np.cumsum(parts)
    lower, upper = np.full((2, len(n_risk)), np.nan)
    inside = (estimate > 0) & (estimate < 1)
    log = np.log(estimate[inside])
    spread = ndtri(0.5 + confidence / 2) * np.sqrt(hazard[inside]) / log
    lower[inside] = estimate[inside] ** np.exp(-spread)
    upper[inside] = estimate[inside] ** np.exp(spread)
    return {"estimate": estimate, "lower": lower, "upper": upper}


def quantile(curve: pd.DataFrame, survival: float, column: str = "estimate") -> float:
    """The time at which ``column`` of the curve falls to ``survival``; NaN where it never does.

    Where the curve runs exactly at ``survival`` over an interval it is the interval's midpoint,
    for the limits too (Brookmeyer and Crowley 1982, as R's ``print.survfit``). A flat stretch
    that ends with the follow-up has no right end: then it is the left one, again as
    ``print.survfit``, so that a longer last follow-up does not move the median.
    """
    level = curve[column].to_numpy(dtype=float)
    time = curve["time"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        reached = np.flatnonzero(level < survival + TOLERANCE)
        below = np.flatnonzero(level < survival - TOLERANCE)
    if len(reached) == 0:
        return float("nan")
    first = time[reached[0]]
    if abs(level[reached[0]] - survival) < TOLERANCE and len(below):
        return float((first + time[below[0]]) / 2)
    return float(first)


def at(curve: pd.DataFrame, day: float) -> pd.Series:
    """The curve's row that holds on ``day``."""
    return curve[curve["time"] <= day + 1e-9].iloc[-1]


def all_failed(time: np.ndarray, failed: np.ndarray) -> bool:
    """Whether everybody with the longest time failed, so that nobody is left afterwards."""
    return bool(len(time) and failed[time == time.max()].all())


def at_risk(time: np.ndarray, day: float, entry: np.ndarray | None = None) -> int:
    """Patients under observation whose time is at least ``day``."""
    there = np.asarray(time) >= day - 1e-9
    if entry is not None:
        there &= (entry == 0) | (entry < day - 1e-9)
    return int(there.sum())


def log_rank(
    time: np.ndarray, event: np.ndarray, group: np.ndarray, entry: np.ndarray | None = None
) -> tuple[float, int, float]:
    """Chi-square, degrees of freedom and p-value of the log-rank test, as R's ``survdiff``.

    A group of which nobody is at risk at any event expects none and is left out, and with it
    a degree of freedom. NaN where fewer than two groups remain, or where the test has no variance
    (``stratified.chi_square_test``). With late entries, which ``survdiff`` does not know, as the
    score test of R's ``coxph(..., ties = "exact")``.
    """
    from venaza.pipeline.statistics.stratified import stratified_log_rank

    return stratified_log_rank(time, event, group, np.zeros(len(time), int), entry)
