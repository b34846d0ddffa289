"""A cell that holds a date and words, or the two ends of a range, taken apart as declared."""

from __future__ import annotations

import re
from functools import lru_cache

from venaza.pipeline.clean.date_words import arabic, is_about

_SEP = r"\s*[-/.、年]\s*"
_MSEP = r"\s*[-/.、月]\s*"
_WHOLE = rf"(?:\d{{4}}|(?<!\d)\d{{2}}){_SEP}\d{{1,2}}{_MSEP}\d{{1,2}}(?!\d)(?:\s*[日号])?"
_YEAR_LAST = r"(?<!\d)\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}(?!\d)"
_COMPACT = r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
_MONTH = rf"(?:19|20)\d{{2}}{_SEP}(?:1[0-2]|0?[1-9])(?!\d)(?:\s*月)?"
_CLOCK = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
_DATE = re.compile(rf"(?:{_YEAR_LAST}|{_WHOLE}|{_COMPACT}|{_MONTH}){_CLOCK}")
_EDGE = " ()[]{}<>,;:/、。|-"
_RANGE = re.compile(
    rf"(?P<first>(?P<year>\d{{4}}|\d{{2}}){_SEP}(?P<month>\d{{1,2}}){_MSEP}\d{{1,2}}日?)"
    r"\s*(?:-|~|—|–|至|到)\s*"
    rf"(?:(?P<to_year>\d{{4}}|\d{{2}}){_SEP}(?=\d{{1,2}}{_MSEP}))?"
    rf"(?:(?P<to_month>\d{{1,2}}){_MSEP})?(?P<to_day>\d{{1,2}})\s*[日号]?"
)
NO_DATE = "no date in the cell"
#: What a column may be read from in a cell that holds more, and what the cleaning log says of it.
PARTS = {
    "date": "the date beside the words",
    "words": "the words beside the date",
    "start": "the first day of the range",
    "end": "the last day of the range",
}


@lru_cache(maxsize=1 << 14)
def part_of(text: str, part: str) -> tuple[str, str]:
    """The part of a tidy text that a column is read from, and a problem where it cannot be told.

    ``date`` is the one date among other words, ``words`` what stands beside it, ``start`` and
    ``end`` the two days of a range (``2022.1.5-2.1``: the end has the year of the start, or the
    next where it would lie before it). A cell with a single date has no end. A cell without what is
    asked for gives an empty text, which is a problem only for a date beside words.
    """
    text = arabic(text)
    if part in ("start", "end"):
        return _of_range(text, part)
    if part == "date" and is_about(text):
        return "", "the date is only approximate"
    found = _DATE.findall(text)
    if len(found) > 1:
        return "", "more than one date in the cell"
    if part == "words":
        return (_DATE.sub(" ", text) if found else text).strip(_EDGE), ""
    return (found[0].strip(), "") if found else ("", NO_DATE)


def _of_range(text: str, part: str) -> tuple[str, str]:
    match = _RANGE.fullmatch(text)
    if match is None:
        return (text, "") if part == "start" else ("", "")
    if part == "start":
        return match["first"], ""
    year, month = match["to_year"] or match["year"], match["to_month"] or match["month"]
    day = match["to_day"]
    first = re.findall(r"\d+", match["first"])
    earlier = (int(month), int(day)) < (int(first[1]), int(first[2]))
    if earlier and match["to_year"] is None:
        if match["to_month"] is None:
            return "", "the end of the range lies before its start"
        year = str(int(year) + 1).zfill(len(year))
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}", ""


def is_range(text: str) -> bool:
    """Whether a tidy text is two days: ``2022.1.5-2.1``."""
    return _RANGE.fullmatch(arabic(text)) is not None


def has_both(text: str) -> bool:
    """Whether a tidy text is one date with words of letters beside it: ``2022-07-01死亡``."""
    beside, problem = part_of(text, "words")
    held = part_of(text, "date")[1] == ""
    return held and not problem and any(sign.isalpha() for sign in beside)
