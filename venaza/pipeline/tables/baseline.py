"""Table 1: the patients at baseline, by group and together, with missing values shown."""

from __future__ import annotations

from dataclasses import replace

from venaza.contracts.results import slug
from venaza.markup.printed import Cell, Column, Row, Section, Table, words
from venaza.pipeline.tables.groups import columns_of
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group, groups_and_all
from venaza.study.labels import level, variable, with_unit
from venaza.study.words import listed, say


def baseline(numbers: Numbers, study: dict) -> Table:
    """Counts with percentages, medians with interquartile ranges, then ranges."""
    shown = groups_and_all(study)
    variables = study["analysis"]["table1"]
    sections = [_section(name, shown, numbers, study) for name in variables]
    columns = columns_of(shown, numbers)
    compared = [_p_value(name, numbers) for name in variables]
    if any(compared):
        columns.append(Column(words("P"), "", 0.6))
        for section, ard_id in zip(sections, compared, strict=True):
            _add_p(section, numbers.cell("{}", ard_id) if ard_id else words(""))
    notes = [
        say(
            study,
            "Values are n (%) unless stated otherwise; percentages are of all patients of the "
            "column. IQR, interquartile range.",
        )
    ]
    gaps = [any(r.label == say(study, "Missing") for r in s.rows) for s in sections]
    if not all(gaps):
        notes.append(say(study, "A variable without a row for missing values is complete."))
    if any(compared):
        notes.append(_tests_of([ard_id for ard_id in compared if ard_id], numbers, study))
    return Table(
        stub=say(study, "Characteristic"),
        columns=columns,
        sections=[section for section in sections if section.rows],
        notes=notes,
        label_width=0.40,
    )


def _p_value(name: str, numbers: Numbers) -> str | None:
    """The id of the P value between the groups; None where the study compares none."""
    kinds = ("wilcoxon", "kruskal", "contingency")
    found = (f"{kind}.{slug(name)}.p_value" for kind in kinds)
    return next((ard_id for ard_id in found if ard_id in numbers), None)


def _add_p(section: Section, cell: Cell) -> None:
    """The P value beside the first row, nothing beside the others."""
    section.rows = [
        replace(row, cells=(*row.cells, words("") if i else cell))
        for i, row in enumerate(section.rows)
    ]


def _tests_of(compared: list[str], numbers: Numbers, study: dict) -> str:
    """Which tests gave the P values, and what they are worth."""
    methods = [numbers.field(ard_id, "method").partition(",")[0] for ard_id in compared]
    names = listed(study, [say(study, method) for method in dict.fromkeys(methods)])
    what = "P values are unadjusted and exploratory, without missing values: {names}."
    return say(study, what, names=names)


def _section(name: str, shown: list[Group], numbers: Numbers, study: dict) -> Section:
    stem = f"desc.{slug(name)}"
    if any(f"{stem}.{g.slug}.median" in numbers for g in shown):
        return Section(with_unit(name, study), _numeric(stem, shown, numbers, study))
    label, _ = variable(name, study)
    return Section(label, _categorical(stem, name, shown, numbers, study))


def _numeric(stem: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    def cells(pattern: str, *statistics: str) -> tuple:
        return tuple(
            numbers.cell(pattern, *(f"{stem}.{g.slug}.{s}" for s in statistics)) for g in shown
        )

    rows = [
        Row(say(study, "Median (IQR)"), cells("{} ({} to {})", "median", "q1", "q3"), 1),
        Row(say(study, "Range"), cells("{} to {}", "min", "max"), 1),
    ]
    if any(numbers.value(f"{stem}.{g.slug}.missing") for g in shown):
        rows.append(Row(say(study, "Missing"), cells("{}", "missing"), 1))
    return rows


def _categorical(
    stem: str, name: str, shown: list[Group], numbers: Numbers, study: dict
) -> list[Row]:
    """One row per level in the order of the ARD, those that are missing last."""
    levels: dict[str, str] = {}
    for match, ard_id in numbers.matching(rf"{stem}\.([^.]+)\.([^.]+)\.n"):
        if match[1] in {g.slug for g in shown}:
            levels.setdefault(match[2], numbers.field(ard_id, "term") or match[2])
    rows = []
    for key, text in levels.items():
        if key != "missing":
            cells = tuple(numbers.count(f"{stem}.{g.slug}.{key}") for g in shown)
            rows.append(Row(level(name, text, study), cells, 1))
    if any(numbers.value(f"{stem}.{g.slug}.missing.n") for g in shown):
        cells = tuple(numbers.count(f"{stem}.{g.slug}.missing") for g in shown)
        rows.append(Row(say(study, "Missing"), cells, 1))
    return rows
