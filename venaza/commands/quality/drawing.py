"""What the page draws: lengths of bars in the text, histograms in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from venaza.contracts.wording import shown

_WIDTH, _HEIGHT, _TOP = 240, 56, 4
_BINS = 20


def short(value: object, longest: int = 100) -> str:
    """``value`` as text, cut where it is longer than anybody reads here."""
    text = shown(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def percent(part: int, whole: int) -> str:
    """A share as it is printed: whole percent, but never 0% or 100% for what is not."""
    if whole == 0:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "<1%"
    if 99 < share < 100:
        return ">99%"
    return f"{share:.0f}%"


def bar(part: int, whole: int, colour: int, text: str) -> dict:
    """A bar as long as the share of ``part`` in ``whole``, with the text beside it."""
    share = 0 if whole == 0 else 100 * part / whole
    return {"colour": colour, "width": f"{share:.1f}", "text": text}


def nice_edges(low: float, high: float, whole: bool) -> list[float]:
    """Edges of at most about twenty equal bins at round numbers from ``low`` to ``high``.

    For whole numbers the bins are centred on them where there are few.
    """
    if whole and high - low < _BINS:
        return [low - 0.5 + n for n in range(int(high - low) + 2)]
    if low == high:
        return [low - 0.5, low + 0.5]
    rough = (high - low) / _BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * (1 - 1e-9))
    step = max(step, 1) if whole else step
    first = math.floor(low / step)
    count = max(1, math.floor(high / step) - first + 1)
    return [(first + n) * step for n in range(count + 1)]


def counted(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """How many values lie in each bin; the last bin holds its upper edge."""
    from bisect import bisect_right

    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[min(max(bisect_right(edges, value) - 1, 0), len(counts) - 1)] += 1
    return counts


def histogram(stacks: Sequence[tuple[int, Sequence[int]]], ends: tuple) -> dict:
    """Stacked bars: for each group its colour and its counts; ``ends`` are written beneath."""
    totals = [sum(counts) for counts in zip(*(c for _, c in stacks), strict=True)]
    highest = max([*totals, 1])
    step = _WIDTH / len(totals)
    gap = 1 if step > 4 else 0
    bars = []
    for position in range(len(totals)):
        base = _HEIGHT
        for colour, counts in stacks:
            height = counts[position] / highest * (_HEIGHT - _TOP)
            if counts[position]:
                base -= height
                places = (position * step, base, step - gap, height)
                bars.append((colour, *(f"{place:.2f}" for place in places)))
    return {"width": _WIDTH, "height": _HEIGHT, "bars": bars, "ends": ends}
