"""What a figure looks up: the study's groups and their colours, and printed numbers of the ARD."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from venaza.contracts.results import p_sign, slug
from venaza.figures.style import PALETTE


@dataclass(frozen=True)
class Group:
    """One group of patients: its key in the tables, in ARD ids, its label, colour and line."""

    key: str
    slug: str
    label: str
    colour: str
    dash: object = "-"

    def rows(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows of ``frame`` that belong to the group; in a study of one group, all."""
        if self.slug == "all":
            return frame[frame[column].isna() | (frame[column] == "all")]
        return frame[frame[column] == self.key]


def groups_of(study: dict) -> list[Group]:
    """The study's groups in the order of its file; ``all`` where it compares none."""
    if not study.get("groups"):
        return [Group("all", "all", "All patients", PALETTE[0])]
    levels = study["groups"]["levels"]
    return [
        Group(str(key), slug(key), str(label), PALETTE[i % len(PALETTE)])
        for i, (key, label) in enumerate(levels.items())
    ]


class Numbers:
    """The ARD by id: its texts as printed, its values (None where empty), its terms."""

    def __init__(self, ard: pd.DataFrame) -> None:
        def by_id(column: str) -> dict:
            known = ard[column].astype("object").where(ard[column].notna(), None)
            return dict(zip(ard["ard_id"], known, strict=True))

        self._display, self._value = by_id("display"), by_id("value")
        self._term, self._method = by_id("term"), by_id("method")

    def __contains__(self, ard_id: str) -> bool:
        return ard_id in self._value

    def display(self, ard_id: str, missing: str = "–") -> str:
        """The text as printed; ``missing`` where the ARD has no such number."""
        return self._display.get(ard_id) or missing

    def value(self, ard_id: str) -> float | None:
        """The number, or None where the ARD has none."""
        value = self._value.get(ard_id)
        return None if value is None else float(value)

    def term(self, ard_id: str) -> str | None:
        """The category or adverse event that the number is about."""
        return self._term.get(ard_id)

    def method(self, ard_id: str) -> str:
        """How the number was made; empty where the ARD has no such number."""
        return str(self._method.get(ard_id) or "")

    def matching(self, pattern: str) -> list[tuple[re.Match, str]]:
        """Every id that fits ``pattern`` entirely, with its match, in the order of the ARD."""
        compiled = re.compile(pattern)
        found = ((compiled.fullmatch(ard_id), ard_id) for ard_id in self._value)
        return [(match, ard_id) for match, ard_id in found if match]

    def interval(self, stem: str, estimate: str, lower: str, upper: str) -> str:
        """``estimate (lower–upper)`` as printed; ``to`` where a limit is words."""
        middle = self.display(f"{stem}.{estimate}")
        low, high = (self.value(f"{stem}.{name}") for name in (lower, upper))
        if low is None and high is None:
            return middle
        texts = [self.display(f"{stem}.{name}") for name in (lower, upper)]
        joint = "–" if low is not None and high is not None else " to "
        return f"{middle} ({joint.join(texts)})"


def p_value(display: str) -> str:
    """``P = 0.012`` or ``P <0.001`` from the printed value, as in text and tables."""
    return f"P {p_sign(display)}{display}"
