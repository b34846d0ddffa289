"""Limits of normal as laboratories print them beside a result: 3.5-9.5, 125～350, <5, ≥60."""

from __future__ import annotations

import re

from venaza.contracts.script import simplified
from venaza.pipeline.clean.numbers import number_of, plain_digits, with_signs

_NUMBER = r"\d[\d.,']*"
_BETWEEN = re.compile(rf"({_NUMBER})\s*(?:-+|[–—~]+|至|到|to|\.\.+)\s*({_NUMBER})")
_ONE = re.compile(rf"([<>≤≥])\s*({_NUMBER})")
_BRACKETS = re.compile(r"^[(\[](.*)[)\]]$")
_LABEL = re.compile(
    r"^(?:ref(?:erence)?(?:\s*range)?|normal|参考范围|参考值|正常值)\s*[:=]?\s*", re.IGNORECASE
)

#: Lower and upper limit; None for one that is not given.
Limits = tuple[float | None, float | None]


def read_limits(text: str, decimal: str = "") -> Limits | None:
    """The lower and the upper limit of a tidy text; None where it cannot be read.

    One that names several ranges, for men and women for instance, cannot. A unit may stand behind.
    """
    bare = with_signs(_LABEL.sub("", simplified(text)).strip())
    bare = _BRACKETS.sub(r"\1", bare).strip()
    if match := _BETWEEN.match(bare):
        low, high = (_number(part, decimal) for part in match.groups())
        if low is None or high is None or low >= high or _more(bare, match):
            return None
        return low, high
    if match := _ONE.match(bare):
        limit = _number(match[2], decimal)
        if limit is None or _more(bare, match):
            return None
        return (None, limit) if match[1] in "<≤" else (limit, None)
    return None


def _number(text: str, decimal: str) -> float | None:
    digits, problem, _ = plain_digits(text.rstrip(".,"), decimal)
    return None if problem else number_of(digits)[0]


def _more(text: str, match: re.Match) -> bool:
    """Whether a further range follows, and not only a unit."""
    return re.search(r"[<>≤≥;,:]|\d\s*[-–~]\s*\d", text[match.end() :]) is not None
