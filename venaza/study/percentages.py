"""Which counts print a percentage."""

from __future__ import annotations

import math
from fractions import Fraction

from venaza.study.printed_numbers import HALF_UP, OTHER_ROUNDINGS, Printed, prints, shown


def counts_for(percent: Printed, n: int, how: str = HALF_UP) -> list[int]:
    """Every k of 0 to n for which k/n prints ``percent``; none for n below 1."""
    if n < 1:
        return []
    middle = percent.value * n / 100
    reach = percent.step * n / 100
    first = max(0, math.floor(middle - reach))
    last = min(n, math.ceil(middle + reach))
    return [k for k in range(first, last + 1) if prints(Fraction(100 * k, n), percent, how)]


def fractions_for(percent: Printed, n: int) -> dict:
    """What can be behind a percentage of at most ``n`` patients.

    ``exact``: the k of n; ``smaller``: every (k, m) with m below n; ``rounding``: the convention
    that gives them, half up unless only another one gives any; ``near``: the two fractions of n
    next to the percentage, for where nothing fits.
    """
    found = {"exact": [], "smaller": [], "rounding": HALF_UP}
    for how in (HALF_UP, *OTHER_ROUNDINGS):
        exact = counts_for(percent, n, how)
        smaller = [(k, m) for m in range(1, n) for k in counts_for(percent, m, how)]
        if exact or smaller:
            found = {"exact": exact, "smaller": smaller, "rounding": how}
            break
    if not found["exact"] and found["rounding"] == HALF_UP:
        other = [(how, counts_for(percent, n, how)) for how in OTHER_ROUNDINGS]
        found["other_roundings"] = {how: ks for how, ks in other if ks}
    below = min(n, math.floor(percent.value * n / 100))
    near = [k for k in (below, below + 1) if 0 <= k <= n]
    found["near"] = [(k, shown(Fraction(100 * k, n), percent.decimals)) for k in near]
    return found
