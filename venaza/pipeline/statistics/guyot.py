"""Patients behind a published Kaplan-Meier curve, reconstructed from its digitised points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: How the numbers of a reconstructed curve are marked wherever they are shown.
METHOD = "reconstructed from the published curve (Guyot 2012)"


@dataclass
class _Curve:
    """The curve as steps: at ``time[k]`` survival falls to ``survival[k]``.

    ``first`` holds the step at which each interval between printed numbers at risk begins, with
    the number of steps at its end; ``n_risk`` the number at risk at the beginning of each.
    """

    time: np.ndarray
    survival: np.ndarray
    first: np.ndarray
    n_risk: list[int]


@dataclass
class _Part:
    """One interval as filled in: events and censorings by step, and who is left after it."""

    events: list[int]
    censored: list[int]
    left: int
    estimate: float


def reconstruct(
    points: pd.DataFrame, at_risk: pd.DataFrame, events: int | None = None
) -> pd.DataFrame:
    """Times and events of patients whose Kaplan-Meier curve is the digitised one.

    ``points`` has ``TIME`` and ``SURVIVAL`` (0 to 1, not rising), ``at_risk`` has ``TIME`` and
    ``N``, the first at time 0; times in any one unit. ``events`` is their total number where it
    was published. Returns ``TIME`` and ``EVENT`` (1 event, 0 censored), one row per patient,
    sorted; there are as many as were at risk at 0.

    Guyot P, Ades AE, Ouwens MJNM, Welton NJ. BMC Med Res Methodol 2012;12:9. In each interval
    between two printed numbers at risk, censoring is spread evenly and its amount is adjusted
    until the number left meets the next printed one; the events at each step are those that
    the fall of the curve asks for. After the last printed number censoring goes on at the average
    rate before it, or is adjusted until the events meet their published total. A point is added
    at each printed time, where the curve is as high as at the point before; what the steps
    still leave over at the end of an interval is censored there.
    """
    curve = _curve(points, at_risk)
    parts: list[_Part] = []
    estimate = 1.0
    for i in range(len(curve.n_risk) - 1):
        part = _meet(curve, i, estimate)
        curve.n_risk[i + 1] = part.left
        estimate = part.estimate
        parts.append(part)
    parts.append(_last(curve, parts, estimate, events))
    happened = [n for part in parts for n in part.events]
    censored = [n for part in parts for n in part.censored]
    rows = [(t, 1) for t, n in zip(curve.time, happened, strict=True) for _ in range(n)]
    middles = [*((curve.time[:-1] + curve.time[1:]) / 2), curve.time[-1]]
    rows += [(t, 0) for t, n in zip(middles, censored, strict=True) for _ in range(n)]
    rows += [(curve.time[-1], 0)] * parts[-1].left
    made = pd.DataFrame(rows, columns=["TIME", "EVENT"]).astype({"TIME": float, "EVENT": "int64"})
    return made.sort_values(["TIME", "EVENT"], ascending=[True, False], ignore_index=True)


def _curve(points: pd.DataFrame, at_risk: pd.DataFrame) -> _Curve:
    """One point per time, the lowest; one at 0 and at each printed time up to the curve's end."""
    lowest = points.groupby("TIME")["SURVIVAL"].min().sort_index().cummin()
    printed = at_risk.sort_values("TIME")
    printed = printed[(printed["TIME"] <= lowest.index[-1]) & (printed["N"] > 0)]
    times = np.union1d(np.union1d([0.0], lowest.index), printed["TIME"])
    survival = lowest.reindex(times).ffill().fillna(1.0).to_numpy()
    survival[0] = 1.0
    first = np.searchsorted(times, printed["TIME"])
    return _Curve(times, survival, np.append(first, len(times)), [int(n) for n in printed["N"]])


def _fill(curve: _Curve, i: int, estimate: float, censored: int) -> _Part:
    """Interval ``i`` when ``censored`` patients leave it evenly; ``estimate`` is the KM before."""
    start, end = curve.first[i], curve.first[i + 1]
    leaving = _evenly(curve, start, end, censored)
    n, events = curve.n_risk[i], []
    for at, k in enumerate(range(start, end)):
        fall = 1 - curve.survival[k] / estimate if estimate > 0 and k > 0 else 0.0
        d = min(max(round(n * fall), 0), n)
        if d:
            estimate *= 1 - d / n
        leaving[at] = min(leaving[at], n - d)
        n -= d + leaving[at]
        events.append(d)
    return _Part(events, leaving, n, estimate)


def _evenly(curve: _Curve, start: int, end: int, censored: int) -> list[int]:
    """How many of ``censored`` evenly spread times fall between each step and the next."""
    if censored <= 0:
        return [0] * (end - start)
    edges = curve.time[start : end + 1]
    if len(edges) < 2:
        return [censored]
    times = np.linspace(edges[0], edges[-1], censored + 2)[1:-1]
    counts = np.histogram(times, edges)[0].tolist()
    return counts if len(counts) == end - start else [*counts, 0]


def _meet(curve: _Curve, i: int, estimate: float) -> _Part:
    """Interval ``i`` with as many censored as leave the next printed number at risk."""
    following = curve.n_risk[i + 1]
    low, high = curve.survival[curve.first[i]], curve.survival[curve.first[i + 1]]
    expected = curve.n_risk[i] * (high / low if low > 0 else 0.0) - following
    censored, seen = max(round(expected), 0), set()
    part = _fill(curve, i, estimate, censored)
    while part.left != following and censored not in seen:
        seen.add(censored)
        censored = max(censored + part.left - following, 0)
        part = _fill(curve, i, estimate, censored)
    surplus = part.left - following
    if surplus > 0:
        part.censored[-1] += surplus
        part.left = following
    return part


def _last(curve: _Curve, before: list[_Part], estimate: float, events: int | None) -> _Part:
    """The interval after the last printed number at risk."""
    i = len(before)
    gone = sum(n for part in before for n in part.censored)
    span = curve.time[curve.first[i]] - curve.time[0]
    rest = curve.time[-1] - curve.time[curve.first[i]]
    censored = min(round(gone * rest / span), curve.n_risk[i]) if span > 0 else 0
    part = _fill(curve, i, estimate, censored)
    if events is None:
        return part
    wanted = events - sum(n for done in before for n in done.events)
    if wanted <= 0:
        steps = curve.first[i + 1] - curve.first[i]
        return _Part([0] * steps, [0] * steps, curve.n_risk[i], estimate)
    seen = set()
    while sum(part.events) != wanted and censored not in seen:
        seen.add(censored)
        censored = min(max(censored + sum(part.events) - wanted, 0), curve.n_risk[i])
        part = _fill(curve, i, estimate, censored)
    return part
