"""How far leaving one patient out moves each median and each hazard ratio between groups."""

from __future__ import annotations

from venaza.contracts.wording import small
from venaza.markup.printed import BLANK, Cell, Column, Part, Row, Section, Table, words
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import groups_or_all
from venaza.study.labels import level
from venaza.study.words import retold, say


def influence(numbers: Numbers, study: dict) -> Table:
    """A row per median and hazard ratio: with all patients, the lowest and the highest."""
    sections = []
    for code, endpoint in study["endpoints"].items():
        rows = [
            *_medians(code, numbers, study),
            *_ratios(code, numbers, study),
        ]
        if rows:
            sections.append(Section(endpoint["label"], rows))
    extremes = ("Lowest", "Highest")
    return Table(
        stub=say(study, "Estimate"),
        columns=[
            Column(words(say(study, "All patients")), "", 1.1),
            *(
                Column(words(say(study, name)), say(study, text), share)
                for name in extremes
                for text, share in (("Value", 1.0), ("Without patient", 2.0))
            ),
        ],
        sections=sections,
        notes=[
            say(
                study,
                "Estimates were repeated with each patient left out in turn; leaving out any one "
                "of the patients named gives the value.",
            )
        ],
        label_width=0.34,
    )


def _medians(code: str, numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    for group in groups_or_all(study):
        stem = f"influence.{code}.{group.slug}.median"
        if f"{stem}.min" in numbers and (numbers.value(f"km.{code}.{group.slug}.n") or 0) > 1:
            text = "Median, months" + (": {group}" if group.slug != "all" else "")
            label = say(study, text, group=small(group.label))
            computed = numbers.cell("{}", f"km.{code}.{group.slug}.median")
            rows.append(Row(label, (computed, *_both(stem, numbers, study)), 1))
    return rows


def _ratios(code: str, numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    for match, ard_id in numbers.matching(rf"influence\.{code}\.GROUP\.([^.]+)\.hazard_ratio\.min"):
        main = f"cox.{code}.GROUP.{match[1]}.hazard_ratio"
        reference = level("GROUP", numbers.field(main, "method").rpartition("reference ")[2], study)
        name = level("GROUP", numbers.field(main, "term"), study)
        names = {"one": small(name), "other": small(reference)}
        label = say(study, "Hazard ratio: {one} against {other}", **names)
        stem = ard_id.removesuffix(".min")
        rows.append(Row(label, (numbers.cell("{}", main), *_both(stem, numbers, study)), 1))
    return rows


def _both(stem: str, numbers: Numbers, study: dict) -> list[Cell]:
    cells = []
    for name in ("min", "max"):
        ard_id = f"{stem}.{name}"
        cells += [numbers.cell("{}", ard_id), _patient(ard_id, numbers, study)]
    return cells


def _patient(ard_id: str, numbers: Numbers, study: dict) -> Cell:
    who = numbers.field(ard_id, "term")
    if not who:
        return words(BLANK)
    who = retold(study, who, "{who} or any of {n} others", "{who} or one other")
    return Cell((Part(who, "ard", ard_id),))
