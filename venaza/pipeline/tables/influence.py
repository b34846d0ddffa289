"""How far leaving one patient out moves each median and each hazard ratio between groups."""

from __future__ import annotations

from venaza.contracts.wording import small
from venaza.markup.printed import BLANK, Cell, Column, Part, Row, Section, Table, words
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import groups_or_all
from venaza.study.labels import level


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
        stub="Estimate",
        columns=[
            Column(words("All patients"), "", 1.1),
            *(
                Column(words(name), text, share)
                for name in extremes
                for text, share in (("Value", 1.0), ("Without patient", 2.0))
            ),
        ],
        sections=sections,
        notes=[
            "Estimates were repeated with each patient left out in turn; leaving out any one of "
            "the patients named gives the value."
        ],
        label_width=0.34,
    )


def _medians(code: str, numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    for group in groups_or_all(study):
        stem = f"influence.{code}.{group.slug}.median"
        if f"{stem}.min" in numbers and (numbers.value(f"km.{code}.{group.slug}.n") or 0) > 1:
            name = f": {small(group.label)}" if group.slug != "all" else ""
            computed = numbers.cell("{}", f"km.{code}.{group.slug}.median")
            rows.append(Row(f"Median, months{name}", (computed, *_both(stem, numbers)), 1))
    return rows


def _ratios(code: str, numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    for match, ard_id in numbers.matching(rf"influence\.{code}\.GROUP\.([^.]+)\.hazard_ratio\.min"):
        main = f"cox.{code}.GROUP.{match[1]}.hazard_ratio"
        reference = level("GROUP", numbers.field(main, "method").rpartition("reference ")[2], study)
        name = level("GROUP", numbers.field(main, "term"), study)
        label = f"Hazard ratio: {small(name)} against {small(reference)}"
        stem = ard_id.removesuffix(".min")
        rows.append(Row(label, (numbers.cell("{}", main), *_both(stem, numbers)), 1))
    return rows


def _both(stem: str, numbers: Numbers) -> list[Cell]:
    cells = []
    for name in ("min", "max"):
        ard_id = f"{stem}.{name}"
        cells += [numbers.cell("{}", ard_id), _patient(ard_id, numbers)]
    return cells


def _patient(ard_id: str, numbers: Numbers) -> Cell:
    who = numbers.field(ard_id, "term")
    if not who:
        return words(BLANK)
    return Cell((Part(who, "ard", ard_id),))
