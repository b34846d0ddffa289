"""Numbers as hospitals write them: signs, units beside the number, labels around a whole number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from venaza.contracts.errors import QUOTED, shown
from venaza.contracts.script import simplified

_SIGN = r"(?P<sign>[<>≤≥]?)\s*"
_DIGITS = r"[-+]?(?:\d[\d.,']*|\.\d+)"
_NUMBER = re.compile(
    rf"{_SIGN}(?P<number>{_DIGITS})"
    # A power of ten before a slash belongs to the unit: 3.5×10^9/L is 3.5 of 10^9/L.
    r"(?:\s*(?:[eE]|[x×*]?\s*10\s*\^)\s*(?P<exponent>[-+]?\d+)(?!\d*\s*/))?"
    r"\s*(?P<unit>(?:[^\d\s.,<>≤≥?~→+=-]|[x×*]\s*10|(?<=\s)10\s*[\^*~])[^?~→=<>]*)?"
)
_POWER_ALONE = re.compile(rf"{_SIGN}10\s*\^\s*(?P<exponent>[-+]?\d+)")
_FLAG_AFTER = re.compile(r"(?<=[\d\s%↑↓*])\s*(?:[↑↓*]+|\(?(?:HH?|LL?|高|低)\)?)$")
_FLAG_BEFORE = re.compile(r"^(?:[↑↓*]+|(?:HH?|LL?)\s)\s*")
_JOIN = r"\s*%?\s*(?:[-–—]+|~|至|到|to|→)\s*"
_PART = r"(?:\d[\d.,']*\d|\d)"
_SEVERAL = re.compile(
    rf"(?P<parts>{_PART}(?:{_JOIN}{_PART})+)\s*(?P<unit>(?:[^\d\s.,]|[x×*]\s*10).*)?"
)
#: Words for a sign before a number; those that deny another come first.
_WORD_SIGNS = tuple(
    (re.compile(rf"(?:{words})\s*(?=\d|10\s*\^)", re.IGNORECASE), sign)
    for words, sign in (
        ("不超过|不大于|不高于|至多|at most|(?:not|no) more than|<=|=<|⩽|≦", "≤"),
        ("不少于|不小于|不低于|至少|at least|(?:not|no) less than|>=|=>|⩾|≧", "≥"),
        ("不足|小于|低于|少于|(?:less|lower) than|below|under", "<"),
        ("大于|超过|高于|多于|(?:more|greater|higher) than|above|over", ">"),
    )
)
#: Up to here a whole number keeps all of its digits (2 to the 53rd is 9.007e15).
_LARGEST = 1e15
_TOO_LARGE = "a number of more than 15 digits"
_COUNTED = "疗程|周期|程|级|天|岁|线|度|分|次|days?|cycles?|lines?|courses?"
_LABELLED = re.compile(
    r"(?:C|cycle|grade|G|CTCAE|ECOG|PS|第|after|post|疗程|周期)?\s*(?:cycle|C|grade)?\s*[:=]?\s*"
    r"(?P<n>\d+|I{1,3}|IV|V|[一二两三四五六七八九十]{1,3})\s*(?:st|nd|rd|th)?"
    rf"\s*(?:个|次)?\s*(?:{_COUNTED})?\s*(?:之?后|末|结束后?)?(?:D\d+)?",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_AGE = re.compile(r"(\d+)\s*(?:岁|周岁|y)\s*(?:(\d{1,9})\s*个?(?:月|m)|半)", re.IGNORECASE)
#: What may stand beside a number that has no unit of its own in config/units.yaml.
LABELS = {"天", "日", "d", "day", "days", "次", "线", "分", "岁", "疗程", "周期", "个", "级", "u"}


@dataclass(frozen=True)
class Quantity:
    """A number read from a cell with its sign (``= < ≤ > ≥``) and unit, or a problem."""

    number: float | None = None
    sign: str = "="
    unit: str = ""
    problem: str = ""
    rule: str = ""


def read_number(text: str, decimal: str = "", several: str = "refuse") -> Quantity:
    """Read a tidy text as a number; ``1.2×10^-4``, ``<0.01``, ``74岁``, ``1.2*`` are understood.

    The unit beside the number is handed back, not judged. ``decimal`` is the mark of the column:
    ``.`` or ``,``; without it a comma is read only where it can be one thing. ``several`` says
    which number a range like ``3.5-4%`` stands for: ``midpoint``, ``lower``, ``upper``, or
    ``refuse``. A number too large to keep all its digits, or too small to differ from 0, is a
    problem.
    """
    text = simplified(text)
    bare = _FLAG_BEFORE.sub("", _FLAG_AFTER.sub("", text))
    rule = "flag beside the number removed" if bare != text else ""
    bare = with_signs(bare)
    if decimal:
        bare = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", bare)
    if match := _POWER_ALONE.fullmatch(bare):
        return _made("1", match["exponent"], match["sign"], rule=rule)
    if match := _SEVERAL.fullmatch(bare):
        return _one_of(match, several, decimal)
    match = _NUMBER.fullmatch(bare)
    if not match:
        return Quantity(problem="not a number")
    digits, problem, changed = plain_digits(match["number"], decimal)
    if problem:
        return Quantity(problem=problem)
    unit = (match["unit"] or "").lstrip("↑↓ ").strip()
    return _made(digits, match["exponent"], match["sign"], unit, changed or rule)


def with_signs(text: str) -> str:
    """``text`` with ``小于``, ``less than``, ``>=`` and the like as ``<``, ``≥``, ..."""
    for pattern, sign in _WORD_SIGNS:
        text = pattern.sub(sign, text)
    return text.strip()


def _made(digits: str, exponent: str | None, sign: str, unit: str = "", rule: str = "") -> Quantity:
    number, problem = number_of(digits, exponent)
    return Quantity(problem=problem) if problem else Quantity(number, sign or "=", unit, rule=rule)


def number_of(digits: str, exponent: str | None = None) -> tuple[float | None, str]:
    """The number that plain digits and a power of ten make, or why no number can keep it."""
    number = float(f"{digits}e{exponent}" if exponent else digits)
    if not math.isfinite(number) or abs(number) >= _LARGEST:
        return None, _TOO_LARGE
    if number == 0 and re.search(r"[1-9]", digits):
        return None, "a number too small to differ from 0"
    return number, ""


def _one_of(match: re.Match, several: str, decimal: str) -> Quantity:
    if several == "refuse":
        return Quantity(problem="a range, or several numbers, in one cell")
    numbers = []
    for part in re.findall(_PART, match["parts"]):
        digits, problem, _ = plain_digits(part, decimal)
        number, problem = (None, problem) if problem else number_of(digits)
        if problem:
            return Quantity(problem=problem)
        numbers.append(number)
    chosen = {"lower": min(numbers), "upper": max(numbers)}
    chosen["midpoint"] = (min(numbers) + max(numbers)) / 2
    unit = (match["unit"] or "").strip()
    return Quantity(chosen[several], unit=unit, rule=f"{several} of the range")


def comma_shown(text: str) -> str:
    """What the comma in a text is: ``,`` the decimal mark, ``.`` that it parts thousands, ``open``.

    Nothing where the text is no number with a comma.
    """
    match = re.search(r"(?<![\w.,])\d[\d.,']*", text)
    if not match or "," not in match[0]:
        return ""
    digits = match[0].rstrip(".,")
    # 1,50,000 is a lakh and a half, as India parts thousands.
    if re.fullmatch(
        r"\d{1,3}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?",
        digits,
    ):
        return "."
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        return "open"
    if re.fullmatch(r"\d+,\d+|\d{1,3}(?:\.\d{3})+,\d+", digits):
        return ","
    return ""


def plain_digits(digits: str, decimal: str) -> tuple[str, str, str]:
    """The digits as Python reads them, a problem, and the rule that changed them."""
    plain = digits.replace("'", "") if re.fullmatch(r"[-+]?\d{1,3}(?:'\d{3})+", digits) else digits
    shown = comma_shown(plain.lstrip("+-"))
    if decimal == ",":
        if re.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}", plain):
            return "", "a point that may part thousands, in a column with decimal commas", ""
        if shown in (",", "open"):
            return plain.replace(".", "").replace(",", "."), "", "decimal comma"
    elif shown == "." or (decimal == "." and shown == "open"):
        return plain.replace(",", ""), "", "thousands comma removed"
    elif shown in (",", "open"):
        return "", "a comma that may be a decimal mark (declare 'decimal')", ""
    if not re.fullmatch(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", plain):
        return "", "not a number", ""
    return plain, "", ""


def read_integer(text: str) -> Quantity:
    """Read a tidy text as a whole number; also ``C1``, ``第一疗程``, ``3级`` and ``III``."""
    if match := _LABELLED.fullmatch(simplified(text)):
        word = match["n"].upper()
        number, problem = number_of(word if word.isdigit() else str(_whole(word)))
        return Quantity(number, problem=problem)
    read = read_number(text)
    if read.problem:
        return read
    if not read.number.is_integer() or read.sign != "=":
        return Quantity(problem="not a whole number")
    if read.unit and read.unit.casefold() not in LABELS:
        return Quantity(problem=f"'{shown(read.unit, QUOTED)}' beside the number is not understood")
    return read


def _whole(word: str) -> int:
    if word in _ROMAN:
        return _ROMAN[word]
    tens, ten, ones = word.partition("十")
    return (10 * _CHINESE.get(tens, 1) if ten else _CHINESE[tens]) + _CHINESE.get(ones, 0)


def read_age(text: str, decimal: str = "", several: str = "refuse") -> Quantity:
    """Read an age; ``2岁6月`` and ``2岁半`` are years with a fraction, the rest a number."""
    if match := _AGE.fullmatch(simplified(text)):
        months = int(match[2]) if match[2] else 6
        years, problem = number_of(match[1])
        if problem or months > 11:
            return Quantity(problem=problem or "more than 11 months beside the years")
        return Quantity(years + months / 12, rule="years and months")
    return read_number(text, decimal, several)
