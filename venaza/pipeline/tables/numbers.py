"""Cells made of the ARD's printed texts, with the id of each number kept."""

from __future__ import annotations

import re

from venaza.contracts.numbers import NumbersById, minus
from venaza.contracts.results import p_sign
from venaza.markup.printed import BLANK, BREAK, Cell, Part, words

#: What stands in a pattern beside its words: a number, a line's end.
_PIECES = re.compile(r"(\{\}|\n)")


class Numbers(NumbersById):
    """The ARD as tables see it: cells, blank where half of what they say does not exist."""

    def display(self, ard_id: str) -> str:
        """The text as printed, a negative number with a minus sign in place of the hyphen.

        Raises ``KeyError`` where the ARD has no such number.
        """
        return minus(self.said(self._rows[ard_id]["display"] or BLANK))

    def cell(self, pattern: str, *ard_ids: str) -> Cell:
        """``pattern`` with each ``{}`` filled by the printed text of an ARD id.

        A line feed in ``pattern`` becomes a line break. A number that the ARD does not have
        makes the whole cell blank: half a result is never printed.
        """
        if not all(ard_id in self._rows for ard_id in ard_ids):
            return words(BLANK)
        numbers = iter([Part(self.display(ard_id), "ard", ard_id) for ard_id in ard_ids])
        return Cell(
            tuple(
                next(numbers) if piece == "{}" else BREAK if piece == "\n" else Part(piece)
                for piece in _PIECES.split(self.said(pattern))
                if piece
            )
        )

    def count(self, stem: str) -> Cell:
        """``n (percent)``."""
        return self.cell("{} ({})", f"{stem}.n", f"{stem}.percent")

    def rate(self, stem: str) -> Cell:
        """``k/n (percent)``."""
        return self.cell("{}/{} ({})", f"{stem}.n", f"{stem}.denominator", f"{stem}.percent")

    def interval(self, stem: str, lower: str = "lower", upper: str = "upper") -> Cell:
        """``lower to upper``; blank where neither is known."""
        ids = (f"{stem}.{lower}", f"{stem}.{upper}")
        if self.value(ids[0]) is None and self.value(ids[1]) is None and ids[0] in self:
            return self.cell("{}", ids[0])
        return self.cell("{} to {}", *ids)

    def estimate(self, stem: str, name: str, lower: str = "lower", upper: str = "upper") -> Cell:
        """``estimate (lower to upper)``; the estimate alone where neither limit is known."""
        ids = [f"{stem}.{part}" for part in (name, lower, upper)]
        if self.value(ids[1]) is None and self.value(ids[2]) is None:
            return self.cell("{}", ids[0])
        return self.cell("{} ({} to {})", *ids)

    def chi_square(self, stem: str) -> Cell:
        """``χ² = 3.04, 1 d.f., P = 0.081``; words where there is no test."""
        ids = [f"{stem}.{part}" for part in ("chi_square", "df", "p_value")]
        if self.value(ids[2]) is None:
            return self.cell("{}", ids[2])
        return self.cell(f"χ² = {{}}, {{}} d.f., P {p_sign(self.display(ids[2]))}{{}}", *ids)

    def with_p(self, cell: Cell, stem: str) -> Cell:
        """``cell`` and ``, P = 0.081``; the cell alone where there is no test."""
        ard_id = f"{stem}.p_value"
        if self.value(ard_id) is None:
            return cell
        return cell + self.cell(f", P {p_sign(self.display(ard_id))}{{}}", ard_id)
