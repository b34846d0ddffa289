"""Days to failure and to the end, placed within bounds so that the medians land exactly."""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator

#: Days to failure (or to the end), and days from failure to the end, of each patient.
Times = tuple[list[int], list[int]]
Bounds = list[tuple[int, int]]


def kaplan_meier_median(times: list[int], events: list[bool]) -> tuple[int | None, float, float]:
    """Median of the Kaplan-Meier curve, and the curve just before and at it."""
    survival, at_risk = 1.0, len(times)
    for time in sorted(set(times)):
        here = [event for t, event in zip(times, events, strict=True) if t == time]
        before, survival = survival, survival * (1 - sum(here) / at_risk)
        at_risk -= len(here)
        if survival <= 0.5:
            return time, before, survival
    return None, survival, survival


def miss(times: list[int], events: list[bool], target: int) -> float:
    """How far a median is from its target; a curve that only touches 0.5 counts as a miss."""
    median, before, after = kaplan_meier_median(times, events)
    if median is None:
        return 500.0
    return abs(median - target) + (4.0 if before < 0.51 or after > 0.49 else 0.0)


def place(
    first: Bounds, post: Bounds, distance: Callable[..., float], rng: Generator
) -> Times | None:
    """Times within the bounds at which ``distance`` is 0; None where no try reaches it."""
    for _ in range(12):
        times = _approach(first, post, distance, rng)
        if distance(*times) == 0:
            return times[0], times[1]
    return None


def _approach(
    first: Bounds, post: Bounds, distance: Callable[..., float], rng: Generator, steps: int = 5000
) -> list[list[int]]:
    """Draw times within the bounds, then move one patient at a time.

    A move is a few days or a new draw; it stays unless it takes the medians further away.
    """

    def draw(bounds: tuple[int, int]) -> int:
        return int(rng.integers(bounds[0], bounds[1] + 1))

    times = [[draw(b) for b in first], [draw(b) for b in post]]
    best = distance(*times)
    for _ in range(steps):
        if best == 0:
            break
        which, i = int(rng.integers(2)), int(rng.integers(len(first)))
        bounds = (first, post)[which][i]
        old = times[which][i]
        new = draw(bounds) if rng.random() < 0.3 else old + int(rng.integers(-6, 7))
        if not bounds[0] <= new <= bounds[1] or new == old:
            continue
        times[which][i] = new
        found = distance(*times)
        if found > best:
            times[which][i] = old
        best = min(best, found)
    return times
