"""The groups of a study: those that its file names, and all of its patients."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from venaza.contracts.results import slug
from venaza.contracts.truth import is_true
from venaza.study.words import say


@dataclass(frozen=True)
class Group:
    """A group of patients, or all of them (``level`` is then None).

    ``level`` is the value of the column ``GROUP``, ``label`` what is printed, ``variable`` the
    name that the study file gives to what the groups differ in.
    """

    level: str | None = None
    label: str = "All patients"
    variable: str | None = None

    @property
    def slug(self) -> str:
        """The group as it stands in ids of the ARD."""
        return "all" if self.level is None else slug(self.level)

    @property
    def condition(self) -> tuple[tuple[str, str, str], ...]:
        """Whose rows are the group's, as a selection says it (``venaza.contracts.selections``)."""
        return () if self.level is None else (("GROUP", "=", self.level),)

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``frame`` (with a column ``GROUP``) that belong to the group."""
        return frame if self.level is None else frame[is_true(frame["GROUP"] == self.level)]


ALL = Group()


def groups_of(study: dict) -> list[Group]:
    """The study's groups in the order of its file; none where it has no ``groups``."""
    spec = study.get("groups")
    if not spec:
        return []
    return [Group(str(k), str(label), spec["name"]) for k, label in spec["levels"].items()]


def all_of(study: dict) -> Group:
    """All patients of a study."""
    return Group(label=say(study, Group.label))


def groups_or_all(study: dict) -> list[Group]:
    """The groups whose results stand side by side; all patients where there is none."""
    return groups_of(study) or [all_of(study)]


def groups_and_all(study: dict) -> list[Group]:
    """The study's groups, then all patients."""
    return [*groups_of(study), all_of(study)]
