"""How far a median and a hazard ratio can move where each time is known to within some days.

Each patient's time lies between two days, and whether it ends with an event is known. An event can
then meet no fewer patients at risk than those whose earliest time is after its latest, and no more
than those whose latest is not before its earliest. From these two numbers follow a curve below
every possible Kaplan-Meier curve and one above, and the roots of a score of Cox's model that is
everywhere below the true one and of one above. Nothing here is read from a changed export.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

#: Room for the rounding of binary numbers at a survival of one half.
TINY = 1e-9
#: A hazard ratio is looked for between these logarithms.
WIDEST = 12.0

#: Columns of the times that are known to within some days.
COLUMNS = ["LOW", "HIGH", "EVENT"]


def median_between(times: pd.DataFrame) -> tuple[float, float]:
    """The least and the greatest median of ``LOW``, ``HIGH``, ``EVENT``; infinite if not reached.

    With d events on one day the factor 1 - d/n is the product of 1 - 1/n, 1 - 1/(n-1) and so on,
    so that events may be taken one by one in any order.
    """
    low, high, event = (times[column].to_numpy() for column in COLUMNS)
    fewest, most = _at_risk(times, np.ones(len(times), dtype=bool))
    below = 1 - 1 / np.maximum(fewest + 1, 1)
    above = 1 - 1 / np.maximum(most, 1)
    return (
        _first(low[event], below[event], 0.5 + TINY),
        _first(high[event], above[event], 0.5 - TINY),
    )


def _at_risk(times: pd.DataFrame, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each time: how many of ``who`` are surely, and how many possibly, at risk then.

    Who is censored on the day of an event is at risk on it.
    """
    low, high, event = (times[column].to_numpy() for column in COLUMNS)
    starts, ends = np.sort(np.where(event, low, low + 0.5)[who]), np.sort(high[who])
    surely = len(starts) - np.searchsorted(starts, high, side="right")
    possibly = len(ends) - np.searchsorted(ends, low, side="left")
    return surely, possibly


def _meeting(low: np.ndarray, high: np.ndarray, event: np.ndarray) -> np.ndarray:
    """For each time: how many events, its own among them, may fall on its day."""
    starts, ends = np.sort(low[event]), np.sort(high[event])
    return np.searchsorted(starts, high, side="right") - np.searchsorted(ends, low, side="left")


def _first(days: np.ndarray, factors: np.ndarray, level: float) -> float:
    """The first day on which the product of the factors is at most ``level``."""
    order = np.argsort(days, kind="stable")
    reached = np.cumprod(factors[order]) <= level
    return float(days[order][reached.argmax()]) if reached.any() else math.inf


def hazard_ratio_between(times: pd.DataFrame, group: np.ndarray) -> tuple[float, float]:
    """The least and the greatest hazard ratio of ``group`` (true) against the others.

    In Efron's way with ties, those who die on one day count in part: who dies is surely at risk at
    his own death only where no other event can fall on that day.
    """
    low, high, event = (times[column].to_numpy() for column in COLUMNS)
    surely, possibly = _at_risk(times, group)
    others_surely, others_possibly = _at_risk(times, ~group)
    alone = event & (_meeting(low, high, event) == 1)
    surely, others_surely = surely + (alone & group), others_surely + (alone & ~group)
    deaths = group[event].sum()

    def score(beta: float, mine: np.ndarray, theirs: np.ndarray, unknown: float) -> float:
        weight = mine[event] * math.exp(beta)
        whole = weight + theirs[event]
        share = np.divide(weight, whole, out=np.full(len(whole), unknown), where=whole > 0)
        return deaths - share.sum()

    return (
        math.exp(_root(lambda beta: score(beta, possibly, others_surely, 1.0))),
        math.exp(_root(lambda beta: score(beta, surely, others_possibly, 0.0))),
    )


def _root(falling) -> float:
    """Where a falling function is zero, by bisection; an end of the range where it never is."""
    left, right = -WIDEST, WIDEST
    for _ in range(80):
        middle = (left + right) / 2
        left, right = (middle, right) if falling(middle) > 0 else (left, middle)
    return left
