"""When cycles start and marrows are looked at, for patients who would never stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from venaza.commands.simulate.columns import between


@dataclass(frozen=True)
class Schedule:
    """A row for each patient: ``starts`` of cycles, and the day ``assessed`` after some of them.

    ``after`` names those cycles: column k of ``assessed`` is the assessment after cycle
    ``after[k]``, a few days before the next cycle starts.
    """

    starts: np.ndarray
    assessed: np.ndarray
    after: tuple[int, ...]


def schedule_of(plan: dict, n: int, rng: Generator) -> Schedule:
    """Cycles as far apart as the plan says, and the assessments after those that it names."""
    after = tuple(plan["assessed_after"])
    gaps = between(plan["cycles"]["days"], rng.random((n, max(after))))
    starts = np.concatenate([np.zeros((n, 1)), np.cumsum(gaps, axis=1)], axis=1)
    early = between([1, 3], rng.random((n, len(after))))
    return Schedule(starts, starts[:, list(after)] - early, after)
