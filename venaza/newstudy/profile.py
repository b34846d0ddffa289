"""What one column of an unknown sheet holds: its type, how much is missing, words and ranges."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from venaza.clean.dates import read_date
from venaza.clean.numbers import read_integer, read_number
from venaza.clean.text import folded, tidy
from venaza.intake.read import Cell

_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{6}")
_DAY_FIRST = re.compile(r"(?:\d{1,2}\s*[-/.]\s*){2}(?:\d{2}|\d{4})")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
_PARTIAL = {"missing_day": 15, "missing_month": "refuse"}


@dataclass
class Profile:
    """A column: ``kind`` is date, day_month, integer, number, word, text or empty."""

    header: str
    kind: str
    rows: int
    filled: int
    distinct: int
    low: float | str | None = None
    high: float | str | None = None
    serial: bool = False
    words: Counter = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Rows in which the cell is empty or says that nothing is known."""
        return self.rows - self.filled


def profile_of(header: str, cells: list[Cell], unknown_words: set[str]) -> Profile:
    """The profile of a column; ``unknown_words`` are folded texts that say nothing is known."""
    texts = [tidy(text) for text, _ in cells]
    kinds = [kind for _, kind in cells]
    known = [
        (text, kind)
        for text, kind in zip(texts, kinds, strict=True)
        if text and folded(text) not in unknown_words
    ]
    made = Profile(header, "empty", len(cells), len(known), len({t for t, _ in known}))
    made.texts = texts
    if not known:
        return made
    days = [_day(text, kind) for text, kind in known]
    if _share(days) >= 0.8:
        made.kind = "date"
        found = sorted(day for day in days if day)
        made.low, made.high = found[0], found[-1]
        return made
    if _share([_DAY_FIRST.fullmatch(text) for text, _ in known]) >= 0.5:
        made.kind = "day_month"
        return made
    numbers = [read_number(text).number for text, _ in known]
    if _share([n is not None for n in numbers]) < 0.9:
        numbers = [read_integer(text).number for text, _ in known]
    if _share([n is not None for n in numbers]) >= 0.9:
        found = sorted(n for n in numbers if n is not None)
        made.kind = "integer" if all(n.is_integer() for n in found) else "number"
        made.low, made.high = found[0], found[-1]
        made.serial = _share([_SERIAL.fullmatch(text) for text, _ in known]) >= 0.9
    made.words = Counter(text for text, _ in known)
    if made.kind == "empty":
        few = made.distinct <= 12 or made.distinct <= 0.2 * made.filled
        made.kind = "word" if few else "text"
    return made


def _day(text: str, kind: str) -> str | None:
    if kind != "date" and _PLAIN.fullmatch(text) and not _COMPACT_DAY.fullmatch(text):
        return None
    read = read_date(text, _PARTIAL)
    return read.day.isoformat() if read.day else None


def _share(found: list) -> float:
    return sum(bool(item) for item in found) / len(found)
