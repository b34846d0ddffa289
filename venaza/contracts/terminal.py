"""Text for a terminal: headings, aligned tables, wide Chinese characters counted as they show."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

_WIDTH = 96


def width(text: str) -> int:
    """The number of terminal columns that ``text`` takes; full-width characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def padded(text: str, to: int) -> str:
    """``text`` filled with spaces to so many terminal columns."""
    return text + " " * max(0, to - width(text))


def title(text: str) -> str:
    """The first line of an answer, underlined."""
    return f"{text}\n{'=' * width(text)}"


def section(name: str, lines: Iterable[str]) -> str:
    """A heading and its lines, set in; ``none`` where there are no lines."""
    body = "\n".join(f"  {line}".rstrip() for line in lines) or "  none"
    return f"\n{name}\n{body}"


def pairs(items: Iterable[tuple[str, str]]) -> list[str]:
    """``name  value`` lines with the values under each other, long values wrapped."""
    known = [(name, value) for name, value in items if value]
    left = max((width(name) for name, _ in known), default=0)
    lines = []
    for name, value in known:
        room = max(30, _WIDTH - left - 4)
        wrapped = textwrap.wrap(value, room, break_on_hyphens=False) or [""]
        lines.append(f"{padded(name, left)}  {wrapped[0]}")
        lines += [f"{' ' * left}  {rest}" for rest in wrapped[1:]]
    return lines


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; columns that are empty throughout are left out."""
    rows = [[str(cell) for cell in row] for row in rows]
    kept = [i for i in range(len(headers)) if any(row[i] for row in rows)]
    lines = [[headers[i] for i in kept], *([row[i] for i in kept] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(kept))]
    return [
        "  ".join(padded(cell, to) for cell, to in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
