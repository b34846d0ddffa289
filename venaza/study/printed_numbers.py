"""A number as it stands in print: its value, its decimals, and how a value comes to print so."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from venaza.contracts.errors import StudyError

HALF_UP = "half up"
#: Other ways of rounding, looked at where half up gives nothing.
OTHER_ROUNDINGS = ("half to even", "truncation")


@dataclass(frozen=True)
class Printed:
    """A printed number: ``text``, exact ``value``, and the ``decimals`` it is given with."""

    text: str
    value: Fraction
    decimals: int

    @property
    def step(self) -> Fraction:
        """One unit of the last decimal."""
        return Fraction(1, 10**self.decimals)

    def with_decimals(self, decimals: int) -> Printed:
        """The same number, had it been printed with so many decimals (trailing zeros)."""
        return Printed(self.text, self.value, max(decimals, self.decimals))


def printed(text: str, what: str = "number") -> Printed:
    """Read a printed number; a percent sign and spaces around it are left aside.

    Raises ``StudyError`` for anything else than digits with at most one decimal point.
    """
    plain = text.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", plain):
        raise StudyError(
            f"This is no printed {what}.",
            fix="Give digits with a decimal point, such as 67.9.",
            value=text,
        )
    return Printed(plain, Fraction(plain), len(plain.partition(".")[2]))


def rounded(value: Fraction, decimals: int, how: str = HALF_UP) -> Fraction:
    """``value`` (not negative) at so many decimals, exactly."""
    scaled = value * 10**decimals
    whole = {
        HALF_UP: lambda: math.floor(scaled + Fraction(1, 2)),
        "half to even": lambda: round(scaled),
        "truncation": lambda: math.floor(scaled),
    }[how]()
    return Fraction(whole, 10**decimals)


def prints(value: Fraction, number: Printed, how: str = HALF_UP) -> bool:
    """Whether ``value`` is printed as ``number``."""
    return rounded(value, number.decimals, how) == number.value


def shown(value: Fraction, decimals: int) -> str:
    """``value`` (not negative) rounded half up, as text."""
    return f"{float(rounded(value, decimals)):.{decimals}f}"
