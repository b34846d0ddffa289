"""The columns of a table: the study's groups, and all patients together."""

from __future__ import annotations

from venaza.markup.printed import Cell, Column, words
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group, all_of, groups_or_all


def with_all_if(study: dict, numbers: Numbers, pattern: str) -> list[Group]:
    """The groups; all patients too where an id fits ``pattern`` (``{}`` stands for the group)."""
    found = groups_or_all(study)
    pooled = numbers.matching(pattern.replace("{}", "all"))
    return [*found, all_of(study)] if pooled and study.get("groups") else found


def heading(group: Group, numbers: Numbers, count: str) -> Cell:
    """``Label (n = 29)`` over two lines; ``count`` is the id of the number of patients."""
    if count not in numbers:
        return words(group.label)
    return words(group.label) + numbers.cell("\n(n = {})", count)


def columns_of(shown: list[Group], numbers: Numbers, population: str = "ITT") -> list[Column]:
    """One column for each group, headed by its label and its size in the population."""
    return [Column(heading(g, numbers, f"n.{population}.{g.slug}"), "") for g in shown]
