"""Minimal residual disease as laboratories write it: fractions, percent, words, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from venaza.contracts.coded_values import code_of
from venaza.contracts.errors import QUOTED, shown
from venaza.contracts.script import simplified
from venaza.contracts.unit_conversion import scaled
from venaza.pipeline.clean.numbers import number_of, plain_digits, with_signs

_SIGN = r"(?P<sign>[<>≤≥]?)\s*"
_DIGITS = r"(?P<digits>\d[\d.,']*|[.,]\d+)"
_POWER = re.compile(
    rf"{_SIGN}(?:{_DIGITS}\s*[x×*·]\s*)?(?<!\d)10\s*"
    r"(?:\^\s*\(?(?P<exponent>-\d{1,2})\)?|(?P<bare>-[2-7])(?!\d|\s*%))"
)
_NUMBER = re.compile(rf"{_SIGN}{_DIGITS}(?:[eE](?P<float>[-+]?\d+))?\s*(?P<unit>[%‰])?")
_RANGE = re.compile(r"(?<![\d.,^eE])\d+(?:[.,]\d+)?\s*%?\s*[-–~]\s*\d+")
_LABEL = re.compile(r"^MRD\s*[:=]?\s*", re.IGNORECASE)
#: A word and the depth to which the assay saw nothing: negative at 10^-4, 阴性(灵敏度 0.01%).
_DEPTH = re.compile(
    r"[\s(,;:]*(?:at|(?:down )?to|(?:with )?(?:a )?sensitivity(?: of)?|LOD|limit of detection"
    r"|灵敏度为?|检测下限为?)[\s:=]*$",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<=\d)\s*(?:per ?cent|pct)\b", re.IGNORECASE)
_BESIDE = " ,:;()[]、。"


@dataclass(frozen=True)
class Mrd:
    """MRD in percent with its sign, the laboratory's word, the rule, or a problem."""

    value: float | None = None
    sign: str = ""
    result: str | None = None
    rule: str = ""
    problem: str = ""


def read_mrd(
    text: str,
    words: dict[str, list[str]],
    factor: float | None = None,
    decimal: str = "",
    cells: tuple[str, ...] = (),
) -> Mrd:
    """Read a tidy text as an MRD result.

    A power of ten (``1.2×10^-4``, ``10^-3``, ``10-4``) is a fraction and ``%`` a percentage by
    the text itself; ``1E-4`` is a fraction unless the unit of the column is known: ``factor`` is
    what a bare number is worth in percent, and any needs it. ``10E-4`` and ``10^-4 %`` have two
    readings. ``decimal`` is the mark of the column; ``words`` are the codes of ``MRDRES``, one of
    which may stand beside a number, as may ``cells``, the words that only say what was counted.
    """
    bare = _bare(text)
    if bare in ("-", "±", "+-", "+/-"):
        return Mrd(problem=f"'{bare}' is no clear result (negative, or not done?): write the word")
    result = code_of(text, words) or code_of(bare, words)
    if result is not None:
        return Mrd(result=result, rule="vocabulary")
    if _RANGE.search(bare) and not _POWER.search(bare):
        return Mrd(problem="a range, or several numbers, in one cell")
    match = _POWER.search(bare) or _NUMBER.search(bare)
    if not match:
        return Mrd(problem="neither a number nor a known MRD result")
    before, after = bare[: match.start()], bare[match.end() :]
    read = _percent(match, after, factor, decimal)
    if read.problem:
        return read
    depth = _DEPTH.search(before)
    word = _word(f"{before[: depth.start()] if depth else before} {after}", cells)
    result = code_of(word, words) if word else None
    if word and result is None:
        return Mrd(problem=f"'{shown(word, QUOTED)}' beside the number is not understood")
    if depth and (result != "NEGATIVE" or match["sign"]):
        return Mrd(problem="a depth of the assay without the word negative")
    return replace(read, sign="<" if depth else read.sign, result=result)


def shows_unit(text: str, decimal: str = "") -> bool:
    """Whether an MRD text says by itself what it is, or is no one number: it needs no unit."""
    bare = _bare(text)
    known = _POWER.search(bare) or _RANGE.search(bare)
    match = None if known else _NUMBER.search(bare)
    if not match or match["unit"] or match["float"]:
        return True
    digits, problem, _ = plain_digits(match["digits"].rstrip(".,"), decimal)
    return bool(problem) or float(digits) == 0


def _bare(text: str) -> str:
    """A text without the label before it, its signs and percent in one spelling."""
    return _PERCENT.sub("%", with_signs(_LABEL.sub("", simplified(text)).strip()))


def _word(text: str, cells: tuple[str, ...]) -> str:
    """What stands beside the number, without the words that only say what was counted."""
    if cells:
        known = "|".join(map(re.escape, sorted(cells, key=len, reverse=True)))
        text = re.sub(known, " ", text, flags=re.IGNORECASE)
    return text.strip(_BESIDE)


def _percent(match: re.Match, after: str, factor: float | None, decimal: str) -> Mrd:
    digits, problem, rule = plain_digits((match["digits"] or "1").rstrip(".,"), decimal)
    if problem:
        return Mrd(problem=problem)
    groups = match.groupdict()
    power = groups.get("exponent") or groups.get("bare")
    exponent = power or groups.get("float")
    number, problem = number_of(digits, exponent)
    if problem:
        return Mrd(problem=problem)
    sign, unit = match["sign"] or "=", groups.get("unit") or after.strip()[:1]
    if exponent and unit in ("%", "‰"):
        return Mrd(problem="a power of ten and a percent sign: which of them holds?")
    if not power and exponent and digits == "10":
        return Mrd(problem=f"10E{exponent} may be 10^{exponent} or 10 times that: write it in %")
    if power or (exponent and factor is None):
        return Mrd(scaled(number, 100), sign, rule="fraction read as percent")
    if unit == "%":
        return Mrd(number, sign, rule="; ".join(filter(None, [rule, "unit text removed"])))
    worth = 0.1 if unit == "‰" else 1.0 if number == 0 else factor
    if worth is None:
        return Mrd(problem="neither % nor a fraction (declare 'unit')")
    if worth == 100:
        return Mrd(scaled(number, 100), sign, rule="fraction read as percent")
    return Mrd(scaled(number, worth), sign, rule=rule if worth == 1 else "unit converted")
