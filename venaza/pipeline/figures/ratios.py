"""Hazard ratios on a logarithmic axis: the axis, the marks, and what a row is called."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from venaza.pipeline.figures import style
from venaza.pipeline.figures.lookup import Numbers
from venaza.pipeline.figures.style import RowLayout
from venaza.study.labels import interval_name
from venaza.study.words import say

#: Limits beyond this factor from 1 are drawn as arrows.
FARTHEST = 20.0
#: Ticks of an axis that reaches less than five times from 1, and of a longer one.
NEAR, FAR = (0.25, 0.5, 1, 2, 4), (0.1, 0.3, 1, 3, 10)
#: The statistics of a ratio in the ARD, by column of the data drawn.
NAMES = {"HAZARD_RATIO": "hazard_ratio", "LOWER": "lower", "UPPER": "upper"}


def heading(study: dict, short: bool = False) -> str:
    """What stands over the printed ratios."""
    words = "HR ({interval})" if short else "Hazard ratio ({interval})"
    return say(study, words, interval=interval_name(study))


def ratio(stem: str, numbers: Numbers) -> dict:
    """HAZARD_RATIO, LOWER and UPPER of the ARD's ``stem``, and PRINTED."""
    values = {column: numbers.value(f"{stem}.{name}") for column, name in NAMES.items()}
    return {**values, "PRINTED": numbers.interval(stem, *NAMES.values())}


def axes(rows: RowLayout, data: pd.DataFrame) -> Axes:
    """The axis along the rows: as far from 1 as the ratios of ``data`` and their limits reach."""
    made = rows.axes()
    limits = pd.concat([data[name] for name in ("LOWER", "UPPER", "HAZARD_RATIO")])
    far = max([2.0, *(max(x, 1 / x) for x in limits.dropna().astype(float) if x > 0)])
    far = min(far * 1.15, FARTHEST)
    made.set_xscale("log")
    made.set_xlim(1 / far, far)
    ticks = [tick for tick in (NEAR if far < 5 else FAR) if 1 / far <= tick <= far]
    made.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    made.minorticks_off()
    made.axvline(1, color=style.INK, linewidth=0.7, zorder=1, gid="reference")
    return made


def mark(axes: Axes, y: float, row: dict, **look) -> None:
    """A ratio and its interval ``y`` mm below the axis's top; arrows beyond the axis.

    ``row`` has HAZARD_RATIO, LOWER and UPPER; ``look`` is the mark's (marker, size, gid ...).
    """
    low, high = axes.get_xlim()
    middle, lower, upper = (float(row[name]) for name in NAMES)
    ink = look.get("color", style.INK)
    axes.plot([max(lower, low), min(upper, high)], [y, y], color=style.INK, linewidth=1.0, zorder=2)
    for limit, edge, marker in ((lower, low, "<"), (upper, high, ">")):
        if (limit < low) if marker == "<" else (limit > high):
            arrow = {"marker": marker, "markersize": 3.6, "markeredgewidth": 0}
            axes.plot(edge, y, color=style.INK, clip_on=False, **arrow)
    if low <= middle <= high:
        axes.plot(middle, y, zorder=3, **{"markeredgewidth": 0, "color": ink, **look})


def size(events: int) -> float:
    """How large a mark is: with the root of the events."""
    return min(6.5, 2.4 + 0.45 * math.sqrt(events))
