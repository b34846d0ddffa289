"""What the page draws: bars in the text, histograms as small SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from venaza.audit.markup import Markup, safe, shown

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


def bar(part: int, whole: int, colour: int, text: str) -> Markup:
    """A bar as long as the share of ``part`` in ``whole``, with the text beside it."""
    share = 0 if whole == 0 else 100 * part / whole
    return Markup(
        f'<span class="bar"><i class="c{colour}" style="width:{share:.1f}%"></i></span>'
        f'<span class="share">{safe(text)}</span>'
    )


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


def histogram(stacks: Sequence[tuple[int, Sequence[int]]], label: str, ends: tuple) -> Markup:
    """Stacked bars: for each group its colour and its counts; ``ends`` are written beneath."""
    totals = [sum(counts) for counts in zip(*(c for _, c in stacks), strict=True)]
    highest = max([*totals, 1])
    step = _WIDTH / len(totals)
    gap = 1 if step > 4 else 0
    shapes = []
    for position in range(len(totals)):
        base = _HEIGHT
        for colour, counts in stacks:
            height = counts[position] / highest * (_HEIGHT - _TOP)
            if counts[position]:
                base -= height
                shapes.append(
                    f'<rect class="c{colour}" x="{position * step:.2f}" y="{base:.2f}" '
                    f'width="{step - gap:.2f}" height="{height:.2f}"/>'
                )
    return Markup(
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 1}" preserveAspectRatio="none" role="img" '
        f'aria-label="{safe(label)}">{"".join(shapes)}'
        f'<line x1="0" y1="{_HEIGHT}.5" x2="{_WIDTH}" y2="{_HEIGHT}.5"/></svg>'
        f'<p class="ends"><span>{safe(ends[0])}</span><span>{safe(ends[1])}</span></p>'
    )
