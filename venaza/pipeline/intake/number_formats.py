"""What a spreadsheet shows of a number that it stores otherwise: 0.35 as 35%, 12345 as 12.3.

Source of the codes: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

#: The formats that need no code in a file and show another number than the stored one: per cent,
#: in the second pair with Thai digits; a month; and what an Excel in simplified Chinese shows as a
#: month, and one in Japanese or Korean as a day.
_BY_LANGUAGE = "month, or day, by language"
BUILT_IN = {9: "0%", 10: "0.00%", 67: "t0%", 68: "t0.00%", 17: "mmm-yy"}
BUILT_IN |= dict.fromkeys((27, 36, 50, 52, 57), _BY_LANGUAGE)

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<number>General|[0#?]+|[Ee][+-]|[.,/])|(?P<sign>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_DATE = set("ymdhsbager")
#: Signs around a number that change nothing of what it is: of accounts, of spacing.
_IDLE = " \u00a0\u2007\u202f()+-"
_SCALES = re.compile(r",+(?=\.)|,+$")
#: Places in a pattern: a digit or zero, a digit or nothing.
_ZERO, _FREE = "\0", "\1"


@dataclass(frozen=True)
class Section:
    """One of the up to three parts of a format: what it makes of the numbers that it is for."""

    before: str = ""
    after: str = ""
    power: int = 0  #: of ten, from the stored to the shown number: 2 for per cent
    pattern: str = ""  #: of a whole number: leading zeros, or signs between its digits
    number: bool = True  #: whether the number is seen at all
    condition: tuple[str, Decimal] | None = None

    def changes(self) -> bool:
        """Whether it shows anything but the stored number."""
        return bool(self.before or self.after or self.power or self.pattern)


@dataclass(frozen=True)
class NumberFormat:
    """A format that may show another number, or more beside it, than a cell stores.

    ``period``: what it shows of a date, where that is less than a day (month, year).
    ``by_language``: where another language of the program shows the day.
    """

    sections: tuple[Section, ...]
    period: str = ""
    by_language: bool = False

    def of_date(self, stored: str) -> str:
        """What is seen of a date (2021-03-01): 2021-03 by the format of a month."""
        return stored[: {"month": 7, "year": 4}.get(self.period, len(stored))]

    def shown(self, stored: str) -> str:
        """What is seen in a cell that stores the number ``stored``, with all of its digits.

        Rounding, and the signs of accounts and of spacing, are left out: the text says which
        number it is, not how many of its decimals fit the cell. Where no number is seen and no
        word either, it is the stored one.
        """
        number = Decimal(stored)
        section = self._section(number)
        if not section.number:
            return section.before or stored
        digits = _plain(number.scaleb(section.power)) if section.power else stored
        if section.pattern and number >= 0 and number == number.to_integral_value():
            digits = _filled(section.pattern, _plain(number))
        gap = " " if section.after[:1].isdigit() else ""
        return f"{section.before}{digits}{gap}{section.after}"

    def kind(self, stored: str) -> str:
        """What the format does to a number, for the notes of a file."""
        section = self._section(Decimal(stored))
        if not section.number:
            return "as words"
        if section.power > 0:
            return "per cent"
        return "scaled" if section.power else "with signs beside them"

    def _section(self, number: Decimal) -> Section:
        given = self.sections
        if any(section.condition for section in given):
            free = [s for s in given if s.condition is None]
            fits = (s for s in given if s.condition and _holds(s.condition, number))
            return next(fits, free[-1] if free else Section())
        if number < 0 and len(given) > 1:
            return given[1]
        return given[2] if number == 0 and len(given) > 2 else given[0]


@lru_cache(maxsize=512)
def number_format(code: str) -> NumberFormat | None:
    """The format of a code, where it shows of some number something else than is stored.

    None for a date as well, unless it shows less than the day: that a number is a date is for the
    reader of the file to say.
    """
    if code == _BY_LANGUAGE:
        return NumberFormat((), "month", by_language=True)
    parts = _sections(code)
    made = tuple(section for section in map(_section, parts) if section is not None)[:3]
    period = _period(parts[0])
    if period or any(section.changes() for section in made):
        return NumberFormat(made, period)
    return None


def formats_of(codes: Iterable[str]) -> dict[int, NumberFormat]:
    """The formats that show another number than is stored, by the position of their code."""
    found = enumerate(map(number_format, codes))
    return {position: form for position, form in found if form is not None}


def _period(tokens: list[re.Match]) -> str:
    """What a section shows of a date: month, year, or nothing where it is none or shows the day."""
    signs = {token["sign"].lower() for token in tokens if token["sign"] is not None}
    places = any(re.search("[0#?G]", token["number"] or "") for token in tokens)
    if places or not signs & set("yegb") or signs & set("dhs"):
        return ""
    return "month" if "m" in signs else "year"


def _sections(code: str) -> list[list[re.Match]]:
    found: list[list[re.Match]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _section(tokens: list[re.Match]) -> Section | None:
    """What a section does to a number; None for the section of texts."""
    signs = [t["sign"] for t in tokens if t["sign"] is not None]
    brackets = [t["bracket"].strip() for t in tokens if t["bracket"] is not None]
    if "@" in signs:
        return None
    condition = next((m for m in map(_CONDITION.fullmatch, brackets) if m), None)
    limit = (condition[1], Decimal(condition[2])) if condition else None
    places = [n for n, token in enumerate(tokens) if token["number"] is not None]
    letters = {sign.lower() for sign in signs}
    if letters & _DATE or any(map(_ELAPSED.fullmatch, brackets)):
        return Section(condition=limit)  # a date, of which the reader of the file tells
    if not places:
        return Section(_said(tokens), number=False, condition=limit)
    first, last = places[0], places[-1]
    digits = "".join(token["number"] or "" for token in tokens[first : last + 1])
    power = 2 * signs.count("%") - 3 * sum(len(found) for found in _SCALES.findall(digits))
    turned = [t for t in tokens[:first] if t["sign"] == "%"]  # in Turkish %35
    return Section(
        before=_said([t for t in tokens[:first] if t["sign"] not in ("t", "%")]),
        after=_said([*turned, *tokens[last + 1 :]]),
        power=power,
        pattern="" if power else _pattern(tokens[first : last + 1], digits),
        condition=limit,
    )


def _said(tokens: list[re.Match]) -> str:
    """The signs that stand beside a number, without those that change nothing of it."""
    parts = (next((t[k] for k in ("quoted", "escaped", "sign") if t[k]), "") for t in tokens)
    return _kept("".join(parts))


def _kept(text: str) -> str:
    """What is to be kept of the signs beside a number: no currency, nothing idle."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Sc").strip(_IDLE)


def _pattern(tokens: list[re.Match], digits: str) -> str:
    """The places of a whole number with the signs between them; empty where it has none."""
    if set(digits) - set("0#?") or (len(tokens) == 1 and digits.count("0") < 2):
        return ""
    made = ""
    for token in tokens:
        if token["number"] is not None:
            made += "".join(_ZERO if place == "0" else _FREE for place in token["number"])
        else:
            made += next((token[k] for k in ("quoted", "escaped", "sign") if token[k]), "")
    return made


def _filled(pattern: str, digits: str) -> str:
    """The digits put into the places of a pattern from the right; what is over stands in front."""
    left, made = list(digits), []
    first = min(pattern.index(place) for place in (_ZERO, _FREE) if place in pattern)
    for number in range(len(pattern) - 1, -1, -1):
        sign = pattern[number]
        if sign not in (_ZERO, _FREE):
            made.append(sign)
            continue
        made += [left.pop()] if left else ["0"] if sign == _ZERO else []
        if number == first:
            made += reversed(left)
    return "".join(reversed(made))


def _holds(condition: tuple[str, Decimal], number: Decimal) -> bool:
    sign, limit = condition
    return {
        "<": number < limit,
        ">": number > limit,
        "=": number == limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "<>": number != limit,
    }[sign]


def _plain(number: Decimal) -> str:
    """A number in digits, without an exponent and without zeros behind its decimals."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_seen(text: str, stored: str, *, percent: bool = False) -> NumberFormat | None:
    """The format of a cell that stores a number and of which ``text`` is seen (OpenDocument).

    None where the text is the number. ``percent``: whether the file calls it a percentage.
    """
    places = [place for place, sign in enumerate(text) if sign.isdecimal()]
    if not places:
        words = _kept(text)
        return NumberFormat((Section(words, number=False),)) if words else None
    first, last = places[0], places[-1] + 1
    digits, number = text[first:last], Decimal(stored)
    pattern = ""
    if number == number.to_integral_value() and number >= 0:
        apart = set(digits) - set("0123456789.,'\u2019\u00a0\u202f ")
        if (digits[0] == "0" and digits.isdecimal() and len(digits) > 1) or apart:
            pattern = "".join(_ZERO if sign.isdecimal() else sign for sign in digits)
    power = 2 if percent else _scale(digits, number)
    if power or re.sub(r"\D", "", digits).lstrip("0") != _plain(number).lstrip("0"):
        pattern = ""
    section = Section(_kept(text[:first]), _kept(text[last:]), power, pattern)
    return NumberFormat((section,)) if section.changes() else None


def _scale(digits: str, number: Decimal) -> int:
    """The power of ten by which a shown number is less than the stored one: 0, -3 or -6."""
    seen = re.sub(r"\D", "", digits).lstrip("0")
    for power in (0, -3, -6):
        scaled = abs(number.scaleb(power))
        rounded = (f"{scaled:.{places}f}".replace(".", "") for places in range(10))
        if seen in (text.lstrip("0") for text in rounded):
            return power
    return 0


def seen_of_date(text: str, stored: str) -> str:
    """What a text shows of the date ``stored`` (ISO): month, year, or nothing where the day too."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", stored):
        return ""
    year = stored[:4]
    numbers = re.findall(r"\d+", text)
    named = len(numbers) < 2 and re.search(r"[^\W\d_]{3}", text) is not None
    if not {year, year[2:]} & set(numbers) or len(numbers) > 2:
        return ""
    if len(numbers) == 2:
        return "" if re.search(r"[^\W\d_年月]{3}", text) else "month"
    return "month" if named else "year"


#: Formats of statistics programs that show a percent sign: SAS multiplies by 100, SPSS does not.
#: Sources: SAS 9.4 Formats and Informats (PERCENT, PERCENTN, NLPCT...); IBM SPSS Command Syntax
#: Reference (PCT). Stata has none.
_PERCENT = {
    "sas": (re.compile(r"(?:PERCENTN?|NLPCT[INP]?)\d*\.?\d*"), "0%"),
    "spss": (re.compile(r"PCT\d*\.?\d*"), '0"%"'),
}


def percent_of(program: str, name: str | None) -> NumberFormat | None:
    """What a statistics program makes of the numbers of a variable that it shows in per cent."""
    pattern, code = _PERCENT.get(program, (None, ""))
    known = pattern is not None and name is not None and pattern.fullmatch(name.strip().upper())
    return number_format(code) if known else None
