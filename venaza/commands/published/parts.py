"""Whether parts add up to a total, as far as rounding lets one tell."""

from __future__ import annotations

from itertools import product

from venaza.study.percentages import counts_for
from venaza.study.printed_numbers import Printed


def adds_up(parts: list[Printed], total: Printed, n: int | None = None) -> dict:
    """The sum of ``parts`` beside ``total``.

    Whole numbers must add up exactly; with decimals each may be off by half a unit of its last
    one. Where percentages are of the same ``n`` patients, the counts behind them must add up:
    ``counts`` then lists every (k, ..., total) that print them and do.
    """
    off = sum((part.step / 2 for part in (*parts, total) if part.decimals), start=0)
    gap = abs(sum(part.value for part in parts) - total.value)
    found = {
        "sum": float(sum(part.value for part in parts)),
        "total": float(total.value),
        "difference": float(gap),
        "explained_by_rounding": float(off),
        "adds_up": gap <= off,
    }
    if n is not None:
        choices = [counts_for(part, n) for part in (*parts, total)]
        found["n"] = n
        found["counts"] = [list(ks) for ks in product(*choices) if sum(ks[:-1]) == ks[-1]]
        found["adds_up"] = bool(found["counts"])
    return found
