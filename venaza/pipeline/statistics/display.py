"""How a number is printed: half-up rounding, and the decimals of each unit."""

from __future__ import annotations

import math

from venaza.contracts.numbers import half_up

#: Decimals of a unit where the analysis does not ask for others.
DECIMALS = {"count": 0, "days": 0, "percent": 1, "months": 2, "ratio": 2, "": 2}

#: More decimals than these tell nothing of a ratio.
MOST_DECIMALS = 6

NOT_REACHED = "not reached"
NOT_ESTIMABLE = "not estimable"


def number(value: float, unit: str, decimals: int | None = None) -> str:
    """The text of a number in ``unit``: months 2 decimals, percent 1, counts and days none."""
    return half_up(value, DECIMALS.get(unit, 1) if decimals is None else decimals)


def p_value(value: float) -> str:
    """Three decimals, ``<0.001`` below and ``>0.999`` where they would be those of 1."""
    if value < 0.001:
        return "<0.001"
    text = half_up(value, 3)
    return ">0.999" if text == "1.000" else text


def ratios(values: dict[str, float]) -> dict[str, str]:
    """A ratio and its limits with two decimals, or as many more as tell the limits apart.

    1.002 (1.001 to 1.003) per cell is not "1.00 (1.00 to 1.00)".
    """
    known = {name: value for name, value in values.items() if math.isfinite(value)}
    decimals = DECIMALS["ratio"]
    while decimals < MOST_DECIMALS and len({half_up(v, decimals) for v in known.values()}) == 1:
        decimals += 1
    return {name: half_up(value, decimals) for name, value in known.items()}


def whole_or_one(value: float) -> str:
    """A summary of whole numbers: no decimals where it is whole itself, else one."""
    return half_up(value, 0 if abs(value - round(value)) < 1e-9 else 1)
