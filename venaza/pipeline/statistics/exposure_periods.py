"""A change during follow-up (remission, transplant): who is exposed when, and what that does.

Until the change a patient counts among those without it, from then on among those with it; a
comparison by what happened *at any time* would credit the change with the time survived to it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.statistics.cox import FEWEST_EVENTS, UNBOUNDED, NotEstimable

HALF_DAY = 0.5


def intervals(patients: pd.DataFrame) -> pd.DataFrame:
    """The intervals (start, stop] of each patient, before and after the change.

    ``patients`` has ``AVAL`` (days), ``CNSR``, ``CHANGE`` (day of the change or missing) and
    ``STRATUM``. Columns: ``start stop event exposed stratum last``. A change on or before day 0
    exposes from the start, one after the end never. A change on the patient's last day is dated
    half a day earlier, so that the event counts as one after it (R's advice for the Stanford
    heart data); a time of 0 days lasts half a day, since an interval may not be empty. Where
    there is a column ``ENTRY``, the patient's first interval begins on that day.
    """

    stop = patients["AVAL"].to_numpy(float)
    stop = np.where(stop == 0, HALF_DAY, stop)
    change = patients["CHANGE"].astype("Float64").to_numpy(float, na_value=np.inf)
    change = np.where(change == patients["AVAL"].to_numpy(float), stop - HALF_DAY, change)
    late = "ENTRY" in patients
    entry = patients["ENTRY"].to_numpy(float) if late else np.zeros(len(patients))
    change = np.maximum(change, entry)
    event = (patients["CNSR"] == 0).to_numpy(bool)
    stratum = patients["STRATUM"].to_numpy(str)
    before, after = change > entry, change < stop
    first = {
        "start": entry,
        "stop": np.minimum(stop, change),
        "event": event & ~after,
        "exposed": False,
        "stratum": stratum,
        "last": ~after,
    }
    second = {
        "start": change,
        "stop": stop,
        "event": event,
        "exposed": True,
        "stratum": stratum,
        "last": True,
    }
    return pd.concat([pd.DataFrame(first)[before], pd.DataFrame(second)[after]], ignore_index=True)


def at_risk(rows: pd.DataFrame, times: np.ndarray) -> np.ndarray:
    """How many of the intervals hold each time; at time 0 those that start there."""
    start, stop = np.sort(rows["start"]), np.sort(rows["stop"])
    begun = np.where(times > 0, np.searchsorted(start, times), np.searchsorted(start, 0.0, "right"))
    return begun - np.searchsorted(stop, times)


def event_table(rows: pd.DataFrame) -> pd.DataFrame:
    """At risk and events by stratum and event time: ``n0 d0`` unexposed, ``n1 d1`` exposed."""

    parts = []
    for _, stratum in rows.groupby("stratum", sort=True):
        times = np.unique(stratum.loc[stratum["event"], "stop"])
        counts = {}
        for key, exposed in (("0", False), ("1", True)):
            own = stratum[stratum["exposed"] == exposed]
            died = own.loc[own["event"], "stop"].to_numpy()
            counts[f"n{key}"] = at_risk(own, times)
            counts[f"d{key}"] = (died[:, None] == times).sum(axis=0)
        parts.append(pd.DataFrame(counts))
    return pd.concat(parts, ignore_index=True).astype(float)


def time_dependent_cox(table: pd.DataFrame, confidence: float) -> dict[str, float]:
    """``hazard_ratio lower upper p_value`` (Wald) of being exposed, stratified, Efron's ties.

    ``table`` is one of ``event_table``. R's ``coxph(Surv(start, stop, event) ~ x + strata(s))``.
    Raises ``NotEstimable`` with too few events, with none on one side, or without convergence.
    """
    from scipy.special import ndtr, ndtri

    if (table["d0"] + table["d1"]).sum() < FEWEST_EVENTS:
        raise NotEstimable(f"fewer than {FEWEST_EVENTS} events")
    for column, side in (("d1", "after"), ("d0", "before")):
        if table[column].sum() == 0:
            raise NotEstimable(f"no event {side} the change")
    n0, n1, d0, d1 = (table[name].to_numpy() for name in ("n0", "n1", "d0", "d1"))
    d = (d0 + d1).astype(int)
    each = np.repeat(np.arange(len(d)), d)
    done = (np.arange(len(each)) - np.repeat(np.cumsum(d) - d, d)) / d[each]
    left0, left1 = n0[each] - done * d0[each], n1[each] - done * d1[each]
    beta = 0.0
    for _ in range(100):
        share = left1 * np.exp(beta) / (left0 + left1 * np.exp(beta))
        information = (share * (1 - share)).sum()
        if information < 1e-12:
            raise NotEstimable("exposed and unexposed patients are never at risk together")
        move = float(np.clip((d1.sum() - share.sum()) / information, -1, 1))
        beta += move
        if abs(move) < 1e-13 or abs(beta) > UNBOUNDED:
            break
    error = 1 / np.sqrt(information)
    if max(abs(beta), error) > UNBOUNDED or abs(move) > 1e-9:
        raise NotEstimable("the change separates the events: no finite estimate")
    spread = ndtri(0.5 + confidence / 2) * error
    limits = np.exp([beta, beta - spread, beta + spread])
    p = 2 * ndtr(-abs(beta) / error)
    return dict(zip(("hazard_ratio", "lower", "upper", "p_value"), (*limits, p), strict=True))


def mantel_byar(table: pd.DataFrame) -> tuple[float, int, float]:
    """Chi-square, degrees of freedom and p-value of the Mantel-Byar test (JASA 1974;69:81).

    The log-rank test with each patient counted where they stand at the time: the score test of
    R's ``coxph(Surv(start, stop, event) ~ x + strata(s), ties = "exact")``. NaN where exposed
    and unexposed patients are never at risk together.
    """
    from scipy.special import chdtrc

    n0, n1, d0, d1 = (table[name].to_numpy() for name in ("n0", "n1", "d0", "d1"))
    n, d = n0 + n1, d0 + d1
    variance = (d * n0 * n1 * (n - d) / (n**2 * np.where(n > 1, n - 1, 1.0))).sum()
    if variance < 1e-12:
        return float("nan"), 0, float("nan")
    chi = float((d1 - d * n1 / n).sum() ** 2 / variance)
    return chi, 1, float(chdtrc(1, chi))


def simon_makuch(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """The curve of the intervals ``rows`` of one state (Simon and Makuch, Stat Med 1984;3:35).

    Columns: ``time n_risk n_event n_censor estimate lower upper``, log-log band by Greenwood's
    variance, as R's ``survfit(Surv(start, stop, event) ~ 1, conf.type = "log-log")``. Patients
    enter when they reach the state: that is no censoring.
    """

    from venaza.pipeline.statistics.survival import product_limit

    ended = rows[rows["last"]]
    times = np.unique(np.concatenate([[0.0], ended["stop"]]))
    stop, event = ended["stop"].to_numpy(), ended["event"].to_numpy(bool)
    d, censored = ((stop[kind][:, None] == times).sum(axis=0) for kind in (event, ~event))
    n = at_risk(rows, times)
    counts = {"time": times, "n_risk": n, "n_event": d, "n_censor": censored}
    return pd.DataFrame({**counts, **product_limit(n, d, confidence)})
