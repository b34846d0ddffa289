"""How a number is printed: half-up rounding, and the decimals of each unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

#: Decimals of a unit where the analysis does not ask for others.
DECIMALS = {"count": 0, "days": 0, "percent": 1, "months": 2, "ratio": 2, "": 2}

NOT_REACHED = "not reached"
NOT_ESTIMABLE = "not estimable"


def half_up(value: float, decimals: int) -> str:
    """``value`` with so many decimals, a half rounded away from zero.

    Twelve significant digits are looked at, so that 0.285 that arithmetic left as
    0.28499999999999998 is the half that it is on paper.
    """
    exact = Decimal(f"{value:.12g}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded.is_zero() else rounded)


def number(value: float, unit: str, decimals: int | None = None) -> str:
    """The text of a number in ``unit``: months 2 decimals, percent 1, counts and days none."""
    return half_up(value, DECIMALS.get(unit, 1) if decimals is None else decimals)


def p_value(value: float) -> str:
    """Three decimals, ``<0.001`` below."""
    return "<0.001" if value < 0.001 else half_up(value, 3)


def whole_or_one(value: float) -> str:
    """A summary of whole numbers: no decimals where it is whole itself, else one."""
    return half_up(value, 0 if abs(value - round(value)) < 1e-9 else 1)
