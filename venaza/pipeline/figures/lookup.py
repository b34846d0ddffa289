"""What a figure looks up: the study's groups and their colours, and printed numbers of the ARD."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from venaza.contracts.numbers import NumbersById
from venaza.contracts.results import p_sign
from venaza.pipeline.figures.style import PALETTE
from venaza.study import groups


@dataclass(frozen=True)
class Group(groups.Group):
    """A group of patients as figures draw it: with its colour and its line."""

    colour: str = PALETTE[0]
    dash: object = "-"

    @property
    def key(self) -> str:
        """The group as the figures' own tables name it."""
        return self.level or "all"


def groups_of(study: dict) -> list[Group]:
    """The study's groups in the order of its file; ``all`` where it compares none."""
    return [
        Group(group.level, group.label, group.variable, PALETTE[i % len(PALETTE)])
        for i, group in enumerate(groups.groups_or_all(study))
    ]


class Numbers(NumbersById):
    """The ARD as figures see it: a number that does not exist is a dash, and has no term."""

    def display(self, ard_id: str, missing: str = "–") -> str:
        """The text as printed; ``missing`` where the ARD has no such number."""
        return self.said(self._field(ard_id, "display") or missing)

    def in_english(self) -> Numbers:
        """The same numbers, their words as the ARD has them."""
        made = copy(self)
        made._words = {}
        return made

    def term(self, ard_id: str) -> str | None:
        """The category or adverse event that the number is about."""
        return self._field(ard_id, "term")

    def method(self, ard_id: str) -> str:
        """How the number was made; empty where the ARD has no such number."""
        return self._field(ard_id, "method") or ""

    def _field(self, ard_id: str, name: str) -> str | None:
        return self._rows[ard_id][name] if ard_id in self._rows else None

    def interval(self, stem: str, estimate: str, lower: str, upper: str) -> str:
        """``estimate (lower–upper)`` as printed; ``to`` where a limit is words."""
        middle = self.display(f"{stem}.{estimate}")
        low, high = (self.value(f"{stem}.{name}") for name in (lower, upper))
        if low is None and high is None:
            return middle
        texts = [self.display(f"{stem}.{name}") for name in (lower, upper)]
        joint = "–" if low is not None and high is not None else self.said(" to ")
        return f"{middle} ({joint.join(texts)})"


def p_value(display: str) -> str:
    """``P = 0.012`` or ``P <0.001`` from the printed value, as in text and tables."""
    return f"P {p_sign(display)}{display}"
