"""Sensitivity: one endpoint by its definitions, each beside the one that the study uses."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import small
from venaza.markup.printed import Row, Section, Table
from venaza.pipeline.tables.groups import columns_of, with_all_if
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.times import event_rows, median_rows
from venaza.study.endpoints import definitions_of
from venaza.study.labels import interval_name
from venaza.study.words import narrowed, say

#: How a patient differs under another definition, as ARD ids name it.
_CHANGES = ("any", "status", "time", "reason")


def sensitivity(numbers: Numbers, study: dict) -> Table:
    """For each definition: events by kind, median, hazard ratio, and whom it changes."""
    shown = with_all_if(study, numbers, r"km\.[^.]+\.{}\.n")
    sections = []
    for code in dict.fromkeys(d["of"] for d in study["alternatives"].values()):
        sections.append(_section(code, True, shown, numbers, study))
        for other, definition in study["alternatives"].items():
            if definition["of"] == code:
                sections.append(_section(other, False, shown, numbers, study))
    return Table(
        stub=say(study, "Definition"),
        columns=columns_of(shown, numbers),
        sections=sections,
        notes=[
            say(
                study,
                "Changed: patients whose status (event or censored), time, or reason for its end "
                "differs from that under the definition used here. CI, confidence interval.",
            )
        ],
        label_width=0.44,
    )


def _section(code: str, used: bool, shown, numbers: Numbers, study: dict) -> Section:
    definition = definitions_of(study)[code]
    name = narrowed(study, code.partition(".")[0], definition["short"])
    rows = [
        *event_rows(code, shown, numbers, study),
        *median_rows(code, shown, numbers, study),
        *_ratio(code, len(shown), numbers, study),
    ]
    if not used:
        cells = tuple(
            numbers.cell("{} ({}, {}, {})", *(_changed(code, g.slug, c) for c in _CHANGES))
            for g in shown
        )
        rows.append(Row(say(study, "Changed (status, time, reason)"), cells, 1))
    return Section(say(study, "{name} (used here)", name=name) if used else name, rows)


def _changed(code: str, group: str, change: str) -> str:
    return f"definition.{code}.{group}.{change}.n"


def _ratio(code: str, width: int, numbers: Numbers, study: dict) -> list[Row]:
    """The hazard ratios between groups, each over the whole width."""
    if not study["groups"]:
        return []
    levels = study["groups"]["levels"]
    rows = []
    for key, label in levels.items():
        stem = f"cox.{code}.GROUP.{slug(key)}"
        if f"{stem}.hazard_ratio" in numbers:
            against = next(iter(levels.values()))
            names = {"one": small(label), "other": small(against), "ci": interval_name(study)}
            text = say(study, "Hazard ratio, {one} to {other} ({ci})", **names)
            rows.append(Row(text, (numbers.estimate(stem, "hazard_ratio").spanning(width),), 1))
    return rows
