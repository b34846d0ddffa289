"""Numbers as hospitals write them: signs, units beside the number, labels around a whole number."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(
    r"(?P<sign>[<>≤≥]?)\s*(?P<number>[-+]?\d+(?:\.\d+)?)"
    r"(?:\s*(?:[eE]|[x×*]?\s*10\s*\^)\s*(?P<exponent>[-+]?\d+))?"
    r"\s*(?P<unit>%|岁|years?|yrs?|月|天|days?|[a-zA-Zµμ×^\d/]*)[*↑↓]?"
)
_POWER_ALONE = re.compile(r"(?P<sign>[<>≤≥]?)\s*10\s*\^\s*(?P<exponent>[-+]?\d+)")
_LABELLED = re.compile(
    r"(?:C|cycle|grade|G|第)?\s*(\d+|I{1,3}|IV|V)\s*(?:个|次)?(?:疗程|周期|级|天|岁|线|度)?(?:后)?",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


@dataclass(frozen=True)
class Quantity:
    """A number read from a cell with its sign (``=``, ``<``, ``>``) and unit, or a problem."""

    number: float | None = None
    sign: str = "="
    unit: str = ""
    problem: str = ""


def read_number(text: str) -> Quantity:
    """Read a tidy text as a number; ``1.2×10^-4``, ``<0.01``, ``74岁`` and ``45%`` are understood.

    The unit beside the number is handed back, not judged.
    """
    if match := _POWER_ALONE.fullmatch(text):
        return Quantity(10.0 ** int(match["exponent"]), _sign(match["sign"]))
    if match := _NUMBER.fullmatch(text):
        number = float(match["number"])
        if match["exponent"]:
            number = float(f"{match['number']}e{match['exponent']}")
        return Quantity(number, _sign(match["sign"]), match["unit"] or "")
    return Quantity(problem="not a number")


def _sign(text: str) -> str:
    return {"": "=", "≤": "<", "≥": ">"}.get(text, text)


def read_integer(text: str) -> Quantity:
    """Read a tidy text as a whole number; also ``C1``, ``第1疗程``, ``3级`` and ``III``."""
    if match := _LABELLED.fullmatch(text):
        word = match[1].upper()
        return Quantity(float(_ROMAN.get(word) or int(word)))
    read = read_number(text)
    if read.number is not None and (not read.number.is_integer() or read.sign != "="):
        return Quantity(problem="not a whole number")
    return read
