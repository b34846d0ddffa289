"""Grammar: lists, groups in a sentence, the study's own words set into ours."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.wording import listed, small
from venaza.pipeline.report.numbers import config_text
from venaza.study import groups
from venaza.study.design import is_randomised

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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


def design(study: dict) -> str:
    """The design as a noun phrase with its article: ``a retrospective cohort``."""
    words = small(study["study"]["design"])
    article = "an" if words[:1].lower() in "aeiou" else "a"
    return f"{article} {config_text(words, 'study.design')}"


def cohort(study: dict) -> str:
    """What the study's patients are called together: ``cohort`` or ``trial``."""
    return "trial" if is_randomised(study) else "cohort"


def long_date(date: str) -> str:
    """``30 November 2023`` from ``2023-11-30``, in English on every machine."""
    day = datetime.date.fromisoformat(str(date))
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def patients_are(n: float, verb: str) -> str:
    """``is`` or ``was`` of ``n`` patients: one was, two were."""
    return verb if n == 1 else {"is": "are", "was": "were"}[verb]
