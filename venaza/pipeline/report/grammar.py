"""Groups of patients as sentences call them, and whether patients were made by a program."""

from __future__ import annotations

from dataclasses import dataclass

from venaza.contracts.wording import small
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


def is_synthetic(study: dict) -> bool:
    """Whether the patients were made by a program."""
    return bool(study["study"].get("synthetic"))
