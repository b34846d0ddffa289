"""Minimal residual disease as laboratories write it: fractions, percent, words, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from venaza.clean.words import code_of

_SIGN = r"(?P<sign>[<>≤≥]?)\s*"
_POWER = re.compile(
    _SIGN + r"(?:(?P<digits>\d+(?:\.\d+)?)\s*[x×*]\s*)?10\s*"
    r"(?:\^\s*\(?(?P<exponent>-\d{1,2})\)?|(?P<bare>-[2-7])(?!\d|\s*%))"
)
_NUMBER = re.compile(_SIGN + r"(?P<digits>\d+(?:\.\d+)?(?P<float>[eE][-+]?\d+)?)\s*(?P<unit>[%‰])?")
_RANGE = re.compile(r"(?<![\d.^eE])\d+(?:\.\d+)?\s*%?\s*[-~]\s*\d+")
_LABEL = re.compile(r"^MRD\s*[:=]?\s*", re.IGNORECASE)
_BESIDE = " ,:;()[]、"
_SIGNS = {"": "=", "≤": "<", "≥": ">"}


@dataclass(frozen=True)
class Mrd:
    """MRD in percent with its sign, the laboratory's word, the rule, or a problem."""

    value: float | None = None
    sign: str = ""
    result: str | None = None
    rule: str = ""
    problem: str = ""


def read_mrd(text: str, words: dict[str, list[str]], unit: str) -> Mrd:
    """Read a tidy text as an MRD result.

    A power of ten (``1.2×10^-4``, ``10^-3``, ``10-4``) is a fraction and ``%`` a percentage by
    the text itself; ``1E-4`` is a fraction unless the column has a ``unit`` (``%`` or
    ``fraction``), which any bare number needs. ``words`` are the codes of ``MRDRES``; a word
    may stand beside a number.
    """
    bare = _LABEL.sub("", text).strip()
    if bare in ("-", "±", "+-", "+/-"):
        return Mrd(problem=f"'{bare}' is no clear result (negative, or not done?): write the word")
    if _RANGE.search(bare) and not _POWER.search(bare):
        return Mrd(problem="a range, or several numbers, in one cell")
    result = code_of(text, words) or code_of(bare, words)
    if result is not None:
        return Mrd(result=result, rule="vocabulary")
    match = _POWER.search(bare) or _NUMBER.search(bare)
    if not match:
        return Mrd(problem="neither a number nor a known MRD result")
    word = (bare[: match.start()] + bare[match.end() :]).strip(_BESIDE)
    result = code_of(word, words) if word else None
    if word and result is None:
        return Mrd(problem=f"'{word}' beside the number is not understood")
    read = _percent(match, bare[match.end() :], unit)
    return Mrd(read.value, read.sign, result, read.rule, read.problem)


def shows_unit(text: str) -> bool:
    """Whether an MRD text says by itself what it is, or is no one number: it needs no unit."""
    bare = _LABEL.sub("", text).strip()
    known = _POWER.search(bare) or _RANGE.search(bare)
    match = None if known else _NUMBER.search(bare)
    return not match or bool(match["unit"] or match["float"]) or float(match["digits"]) == 0


def _percent(match: re.Match, after: str, unit: str) -> Mrd:
    sign = _SIGNS.get(match["sign"], match["sign"])
    groups = match.groupdict()
    if exponent := groups.get("exponent") or groups.get("bare"):
        fraction = float(f"{match['digits'] or 1}e{exponent}")
        if after.lstrip().startswith("%"):
            return Mrd(fraction, sign)
        return Mrd(_scaled(fraction, 100), sign, rule="fraction read as percent")
    number = float(match["digits"])
    if match["unit"] == "%":
        return Mrd(number, sign, rule="unit text removed")
    if match["unit"] == "‰":
        return Mrd(_scaled(number, 0.1), sign, rule="unit converted")
    if unit == "%" or number == 0:
        return Mrd(number, sign)
    if unit == "fraction" or match["float"]:
        return Mrd(_scaled(number, 100), sign, rule="fraction read as percent")
    return Mrd(problem="neither % nor a fraction (declare 'unit')")


def _scaled(number: float, factor: float) -> float:
    """The product to 12 significant digits, so that 1e-3 is 0.1 and not 0.1 and a bit."""
    return float(f"{number * factor:.12g}")
