"""Which days and lengths of a month print a time in months."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from venaza.study.printed_numbers import Printed, prints

#: Lengths of a month in days that are in use: four weeks, 30 days, a twelfth of a year, ...
LENGTHS = {
    "28": Fraction(28),
    "30": Fraction(30),
    "30.4": Fraction("30.4"),
    "365/12": Fraction(365, 12),
    "30.4375": Fraction("30.4375"),
    "30.44": Fraction("30.44"),
    "30.5": Fraction("30.5"),
    "31": Fraction(31),
}
#: Names of the same length.
ALSO = {"30.4375": "365.25/12"}


def days_for(months: Printed, length: Fraction, step: Fraction = Fraction(1)) -> list[Fraction]:
    """Every number of days, a multiple of ``step``, that prints ``months`` (half up)."""
    low = (months.value - months.step / 2) * length
    high = (months.value + months.step / 2) * length
    first = max(0, math.floor(low / step))
    days = (step * i for i in range(first, math.ceil(high / step) + 1))
    return [d for d in days if prints(d / length, months)]


def fits(values: Iterable[Printed]) -> dict:
    """Whole days for each value and length, and the lengths that fit them all.

    Values of one study are taken with the decimals of the longest: 9.1 beside 11.93 may be 9.10
    with its zero left out; ``as_printed`` says which lengths fit when it is not. ``days`` holds
    value -> length -> days; ``half_days`` the same for values that only half a day prints, as
    a median between two patients can be.
    """
    values = list(dict.fromkeys(values))
    decimals = max((value.decimals for value in values), default=0)
    days, half = {}, {}
    for value in values:
        longest = value.with_decimals(decimals)
        days[value.text] = {
            name: [int(d) for d in days_for(longest, length)] for name, length in LENGTHS.items()
        }
        half[value.text] = {
            name: [float(d) for d in days_for(longest, length, Fraction(1, 2))]
            for name, length in LENGTHS.items()
            if not days[value.text][name]
        }
    return {
        "decimals": decimals,
        "days": days,
        "half_days": half,
        "count": {name: sum(bool(d[name]) for d in days.values()) for name in LENGTHS},
        "all": [name for name in LENGTHS if all(d[name] for d in days.values())],
        "as_printed": [
            name
            for name, length in LENGTHS.items()
            if all(days_for(value, length) for value in values)
        ],
    }
