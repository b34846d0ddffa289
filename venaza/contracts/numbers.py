"""The ARD by id, as text, tables and figures look numbers up, and how a number is rounded."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd


class NumbersById:
    """The rows of the ARD by id, in its order; None where a field is empty.

    ``words``: English -> the language in which ``not reached`` and its like are printed.
    """

    def __init__(self, ard: pd.DataFrame, words: dict[str, str] | None = None) -> None:
        self._words = words or {}
        known = ard.astype("object").where(ard.notna(), None)
        self._rows = {row["ard_id"]: row for row in known.to_dict("records")}

    def __contains__(self, ard_id: str) -> bool:
        return ard_id in self._rows

    def rows(self) -> list[dict]:
        """Every row, in the order of the ARD."""
        return list(self._rows.values())

    def value(self, ard_id: str) -> float | None:
        """The number itself, to choose words by; None where it is empty or the ARD has none."""
        return self._rows[ard_id]["value"] if ard_id in self._rows else None

    def field(self, ard_id: str, name: str) -> str:
        """Another field of the number's row, as text; ``KeyError`` where there is no such row."""
        return str(self._rows[ard_id][name] or "")

    def said(self, english: str) -> str:
        """Words, or a pattern of them, in the language of the print; of several drugs each."""
        parts = [english] if english in self._words else english.split(" + ")
        return " + ".join(self._words.get(part, part) for part in parts)

    def used(self, prefix: str) -> bool:
        """Whether any id starts with this prefix."""
        return any(ard_id.startswith(prefix) for ard_id in self._rows)

    def matching(self, pattern: str) -> list[tuple[re.Match, str]]:
        """The ids that ``pattern`` fits entirely, with the match, in the order of the ARD."""
        compiled = re.compile(pattern)
        return [(m, ard_id) for ard_id in self._rows if (m := compiled.fullmatch(ard_id))]


def half_up(value: float, decimals: int) -> str:
    """``value`` with so many decimals, a half rounded away from zero.

    Twelve significant digits are looked at, so that 0.285 that arithmetic left as
    0.28499999999999998 is the half that it is on paper.
    """
    exact = Decimal(f"{value:.12g}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded.is_zero() else rounded)


def minus(text: str) -> str:
    """A negative number with a minus sign in place of the hyphen, which could end a line."""
    return f"\u2212{text[1:]}" if text[:1] == "-" and text[1:2].isdigit() else text
