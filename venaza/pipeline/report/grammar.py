"""Grammar: lists, groups in a sentence, the study's own words set into ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.wording import listed, small
from venaza.pipeline.report.numbers import config_text
from venaza.study import groups


@dataclass(frozen=True)
class Group(groups.Group):
    """A group of patients as a sentence calls it: by its abbreviation where it has one.

    ``full`` is then the label that the abbreviation stands for, else empty.
    """

    full: str = ""

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
        if self.full:
            return f" in {self.label} patients"
        return f" in {self.label}" if self.named else f" in the {self.label} group"


def groups_of(study: dict) -> list[Group]:
    """The study's groups in the order of its file; all patients where it has none."""
    short = (study.get("groups") or {}).get("short", {})
    return [_called(group, short.get(group.level)) for group in groups.groups_or_all(study)]


def _called(group: groups.Group, short: str | None) -> Group:
    label = small(group.label)
    if group.level is None:
        return Group(label=label)
    label = config_text(label, "groups.levels")
    if short is None:
        return Group(group.level, label)
    return Group(group.level, config_text(short, "groups.short"), full=label)


def by_group(groups: list[Group], clause: Callable[[Group], str]) -> str:
    """``X in the first group and Y in the second group``."""
    return listed([clause(group) + group.where for group in groups])


def is_synthetic(study: dict) -> bool:
    """Whether the patients were made by a program."""
    return bool(study["study"].get("synthetic"))
