"""The floor: with fewer patients or events, counts are given and no estimate or comparison.

A median of two patients or a hazard ratio of one event against three looks like any other number
once it is printed. ``analysis.least_patients`` is what a curve and what is read from it need, and
``analysis.least_events`` what a median that is reached needs beside them; a comparison needs both
on each side. Five of each by default: with fewer, a rank test cannot come near significance and the
limits of a hazard ratio span more than an order of magnitude.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics import display as show

TO_COMPARE = "too few to compare"
TO_ESTIMATE = "too few to estimate"
#: A name, how many patients and how many of them with the event; None where events do not matter.
Side = tuple[str, int, int | None]


def printed(reason: str) -> str:
    """What stands in place of a number that is missing for ``reason``."""
    kinds = (TO_COMPARE, TO_ESTIMATE)
    return next((kind for kind in kinds if reason.startswith(kind)), show.NOT_ESTIMABLE)


def missing(unit: str, reason: str) -> ard.Number:
    """A number that does not exist, printed as ``reason`` asks."""
    return ard.missing(unit, reason, printed(reason))


def few_patients(n: int, study: dict) -> str | None:
    """Why no curve is estimated of ``n`` patients; None where it is, or where there are none."""
    least = study["analysis"]["least_patients"]
    if not 0 < n < least:
        return None
    return f"{TO_ESTIMATE}: {_count(n, 'patient')}, fewer than {least}"


def few_events(events: int, study: dict) -> str | None:
    """Why a quantile that ``events`` events reach is not given; None where it is."""
    least = study["analysis"]["least_events"]
    if events >= least:
        return None
    return f"{TO_ESTIMATE}: {_count(events, 'event')}, fewer than {least}"


def uncomparable(sides: Iterable[Side], study: dict) -> str | None:
    """Why sides are not compared: those of them that are too small; None where none is.

    A side without patients is none: what is left is compared, or has a reason of its own.
    """
    small = [_size(side) for side in sides if side[1] and _is_small(side, study)]
    return f"{TO_COMPARE}: {'; '.join(small)}" if small else None


def sides_of(table: pd.DataFrame, by: pd.Series, code: int = 0) -> list[Side]:
    """Patients and events (``CNSR`` is ``code``) of ``table`` by the values of ``by``."""
    event = (table["CNSR"] == code).astype(int)
    found = event.groupby(by.astype("string")).agg(["size", "sum"])
    return [(str(name), int(n), int(d)) for name, n, d in found.itertuples()]


def curve(
    time: np.ndarray, event: np.ndarray, study: dict, entry: np.ndarray | None = None
) -> tuple[pd.DataFrame | None, str | None]:
    """``survival_curve``, or none and the reason where it would rest on too few patients."""
    from venaza.pipeline.statistics.survival import survival_curve

    if reason := few_patients(len(time), study):
        return None, reason
    return survival_curve(time, event, study["analysis"]["confidence"], entry)


def _is_small(side: Side, study: dict) -> bool:
    _, n, events = side
    least = study["analysis"]
    return n < least["least_patients"] or (events is not None and events < least["least_events"])


def _size(side: Side) -> str:
    name, n, events = side
    size = _count(n, "patient")
    with_events = size if events is None else f"{size}, {_count(events, 'event')}"
    return f"{name} {with_events}".strip()


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
