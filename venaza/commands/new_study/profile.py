"""What one column of an unknown sheet holds: its type, how much is missing, words and ranges."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.cell_parts import has_both, is_range, part_of
from venaza.pipeline.clean.date_rules import DAY_ZERO, DateRules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.numbers import read_integer, read_number
from venaza.pipeline.intake.sheet import Cell

_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{6}")
_DAY_FIRST = re.compile(r"(?:\d{1,2}\s*[-/.]\s*){2}(?:\d{2}|\d{4})")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
#: From this share of its cells on, a column is one of dates.
_MOSTLY = 0.8
_RULES = DateRules(
    partial={"missing_day": 15, "missing_month": "refuse"}, origin=DAY_ZERO[1900], spreadsheet=True
)


@dataclass
class Profile:
    """A column: ``kind`` is date, day_month, integer, number, word, text or empty.

    ``declared``: what the study file must say for its dates to be read, ``meant``: in words;
    ``legend``: the words that the export gives its codes; ``part``: what of its cells the dates are
    (``clean.cell_parts``), ``words`` then those beside them; ``between``: the words of cells
    that are none.
    """

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
    declared: dict[str, str] = field(default_factory=dict)
    meant: list[str] = field(default_factory=list)
    legend: dict[str, str] = field(default_factory=dict)
    part: str = ""
    between: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Rows in which the cell is empty or says that nothing is known."""
        return self.rows - self.filled


def profile_of(header: str, cells: list[Cell], unknown_words: set[str]) -> Profile:
    """The profile of a column; ``unknown_words`` are folded texts that say nothing is known.

    Each different text is judged once, and weighs as often as it stands there.
    """
    tidied = {text: tidy(text) for text, _ in cells}
    counts = Counter((tidied[text], kind == "date") for text, kind in cells)
    known = {
        (text, dated): n
        for (text, dated), n in counts.items()
        if text and folded(text) not in unknown_words
    }
    words: Counter = Counter()
    for (text, _), n in known.items():
        words[text] += n
    made = Profile(header, "empty", len(cells), sum(known.values()), len(words))
    made.texts = [tidied[text] for text, _ in cells]
    if not known:
        return made
    days = {(text, dated): _day(text, dated) for text, dated in known}
    if _apart(made, days, known):
        return made
    if _share(days, known) >= _MOSTLY:
        made.kind = "date"
        found = sorted(day for day in days.values() if day)
        made.low, made.high = found[0], found[-1]
        return made
    made.words = words
    if _share({text: _DAY_FIRST.fullmatch(text) for text in words}, words) >= 0.5:
        made.kind = "day_month"
        return made
    numbers = {text: read_number(text).number for text in words}
    if _share(numbers, words, None) < 0.9:
        numbers = {text: read_integer(text).number for text in words}
    if _share(numbers, words, None) >= 0.9:
        found = sorted(n for n in numbers.values() if n is not None)
        made.kind = "integer" if all(n.is_integer() for n in found) else "number"
        made.low, made.high = found[0], found[-1]
        made.serial = _share({text: _SERIAL.fullmatch(text) for text in words}, words) >= 0.9
        return made
    few = made.distinct <= 12 or made.distinct <= 0.2 * made.filled
    made.kind = "word" if few else "text"
    return made


def _apart(made: Profile, days: dict, known: dict) -> bool:
    """Whether the cells are dates once ranges, or words beside them, are taken apart; in place."""
    ranges = {pair: is_range(pair[0]) for pair in known}
    whole = _share(days, known) >= _MOSTLY
    both = {} if whole else {pair: has_both(pair[0]) for pair in known}
    part = "start" if any(ranges.values()) else "date" if any(both.values()) else ""
    taken = ranges if part == "start" else both
    if not part or _share({p: days[p] or taken[p] for p in known}, known) < _MOSTLY:
        return False
    read = {p: days[p] or _day(part_of(p[0], part)[0], False) for p in known}
    if _share(read, known) < _MOSTLY:
        return False
    found = sorted(day for day in read.values() if day)
    made.kind, made.part, made.low, made.high = "date", part, found[0], found[-1]
    made.words = Counter()
    for (text, dated), n in known.items():
        beside = "" if dated or part == "start" else part_of(text, "words")[0]
        made.words[beside] += n if beside else 0
    made.words = +made.words
    return True


def day_of(text: str) -> str | None:
    """The day that a text of a cell is, in ISO; None where it is none."""
    return _day(text, False)


def is_day_first(text: str) -> bool:
    """Whether a text is three numbers of which the day or the month is the first."""
    return _DAY_FIRST.fullmatch(text) is not None


def _day(text: str, dated: bool) -> str | None:
    if not dated and _PLAIN.fullmatch(text) and not _COMPACT_DAY.fullmatch(text):
        return None
    read = read_date(text, _RULES)
    return read.day.isoformat() if read.day else None


def _share(found: dict, weights: dict, nothing: object = False) -> float:
    """The share of cells whose text gave something; ``nothing`` None lets 0 be something."""
    good = sum(
        weights[text]
        for text, item in found.items()
        if (item is not None if nothing is None else bool(item))
    )
    return good / sum(weights.values())
