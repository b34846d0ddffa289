"""The headers of a sheet: over several rows, merged, given twice, or known by their label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from venaza.contracts.headers import header_key
from venaza.pipeline.intake.sheet import Sheet


@dataclass(frozen=True)
class Headers:
    """``raw`` is each column's header as it stands; ``names`` tells equal ones apart."""

    raw: list[str]
    names: list[str]


def headers_of(sheet: Sheet, rows: list[int], wanted: list[str] = ()) -> Headers:
    """The headers in ``rows`` (1 is the first), joined with a space.

    The second column of the same name is called ``name.2``. Where the study file (``wanted``)
    calls a column by its variable label, or the first of several by ``name.1``, it is called so.
    """
    raw = _joined(sheet, rows)
    keys = [header_key(text) for text in raw]
    asked = {header_key(text): text for text in wanted}
    taken, times = Counter(keys), Counter()
    names = []
    for position, (text, key) in enumerate(zip(raw, keys, strict=True)):
        times[key] += 1
        name = text
        if key and times[key] > 1:
            name = _free(text, times[key], taken)
        elif key and taken[key] > 1 and header_key(f"{text}.1") in asked and key not in asked:
            name = f"{text}.1"
        label = sheet.names[position] if position < len(sheet.names) else ""
        if label and header_key(label) in asked and header_key(label) not in taken:
            name = asked[header_key(label)]
        names.append(name)
    return Headers(raw, names)


def _free(text: str, number: int, taken: Counter) -> str:
    """``text.number``, or with the next number that no other header has."""
    while taken[header_key(f"{text}.{number}")]:
        number += 1
    taken[header_key(f"{text}.{number}")] += 1
    return f"{text}.{number}"


def _joined(sheet: Sheet, rows: list[int]) -> list[str]:
    lines = [_line(sheet, row - 1, row == rows[-1]) for row in rows]
    width = max((len(line) for line in lines), default=0)
    joined = []
    for position in range(width):
        parts = [line[position] for line in lines if position < len(line)]
        parts = [part for part in dict.fromkeys(parts) if part.strip()]
        joined.append(" ".join(parts))
    return joined


def _line(sheet: Sheet, row: int, last: bool) -> list[str]:
    """One header row; what is merged is repeated.

    A text file cannot say what was merged: above the last header row an empty cell repeats the
    one to its left.
    """
    if row >= len(sheet.rows):
        return []
    line = [text for text, _ in sheet.rows[row]]
    if sheet.merged is None:
        if not last:
            for position in range(1, len(line)):
                line[position] = line[position] or line[position - 1]
        return line
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom and left < len(sheet.rows[top]):
            line += [""] * (min(right + 1, 16_384) - len(line))
            text = sheet.rows[top][left][0]
            for position in range(left, min(right + 1, len(line))):
                line[position] = line[position] or text
    return line
