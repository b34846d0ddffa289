"""Grammar: lists, groups in a sentence, the study's own words set into ours."""

from __future__ import annotations

from collections.abc import Callable

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.wording import listed, small
from venaza.pipeline.report.numbers import config_text
from venaza.study import groups


class Group(groups.Group):
    """A group of patients as a sentence calls it."""

    @property
    def named(self) -> bool:
        """Whether the label says itself what it is: ``arm A``, and not ``newly diagnosed``."""
        return self.label.split(" ")[0] in ("arm", "cohort", "group", "stratum")

    @property
    def where(self) -> str:
        """``in the newly diagnosed group``, ``in arm A``; nothing where there is one group."""
        if self.slug == "all":
            return ""
        if self.slug == NOT_RECORDED:
            return " in patients whose group was not recorded"
        return f" in {self.label}" if self.named else f" in the {self.label} group"


def groups_of(study: dict) -> list[Group]:
    """The study's groups in the order of its file; all patients where it has none."""
    return [
        Group(group.level, config_text(small(group.label), "groups.levels"))
        if group.level
        else Group(label=small(group.label))
        for group in groups.groups_or_all(study)
    ]


def by_group(groups: list[Group], clause: Callable[[Group], str]) -> str:
    """``X in the first group and Y in the second group``."""
    return listed([clause(group) + group.where for group in groups])


def is_synthetic(study: dict) -> bool:
    """Whether the patients were made by a program."""
    return bool(study["study"].get("synthetic"))
