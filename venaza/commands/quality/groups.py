"""Whom the page compares: the study's groups, each with its patients and its colour."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from venaza.study.groups import groups_or_all
from venaza.study.words import say

#: As many colours as the figures of the report have (Okabe and Ito, safe for colour blindness).
_COLOURS = 6


@dataclass(frozen=True)
class Group:
    """A group: its key, its label, the number of its colour, its patients."""

    key: str
    label: str
    colour: int
    patients: frozenset[str]

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that belong to the group's patients."""
        return frame[frame["USUBJID"].isin(self.patients)]


def groups_of(patients: pd.DataFrame, adsl: pd.DataFrame, study: dict) -> list[Group]:
    """The groups of a study in its order, and those patients who are in none, if there are any."""
    everybody = frozenset(patients["USUBJID"])
    made, left = [], set(everybody)
    for n, group in enumerate(groups_or_all(study)):
        known = everybody if group.level is None else group.of(adsl)["USUBJID"]
        made.append(Group(group.level or "all", group.label, n % _COLOURS, frozenset(known)))
        left -= made[-1].patients
    if left:
        made.append(Group("", say(study, "In no group"), _COLOURS, frozenset(left)))
    return made
