"""Adverse events: each term at the patient's worst grade, any grade and grade 3 or worse."""

from __future__ import annotations

import pandas as pd

from venaza.markup.printed import Column, Row, Section, Table
from venaza.pipeline.tables.groups import heading
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group, groups_and_all
from venaza.study.words import say


def adverse_events(numbers: Numbers, adae: pd.DataFrame, study: dict) -> Table:
    """Terms by system organ class where the study has one, the most frequent first."""
    shown = groups_and_all(study)
    columns = []
    for group in shown:
        cell = heading(group, numbers, f"n.SAF.{group.slug}")
        columns += [Column(cell, say(study, text)) for text in ("Any grade", "Grade ≥ 3")]
    sections = [_totals(shown, numbers, study), *_classes(shown, numbers, adae, study)]
    return Table(
        stub=say(study, "Adverse event"),
        columns=columns,
        sections=[section for section in sections if section.rows],
        notes=[
            say(
                study,
                "Values are n (%) of the patients who received the regimen. Treatment-emergent "
                "events; a patient counts once per term, at the worst grade ({version}).",
                version=study["ctcae"]["version"],
            )
        ],
        label_width=0.34,
    )


def _totals(shown: list[Group], numbers: Numbers, study: dict) -> Section:
    rows = []
    if any(f"ae.{g.slug}.total.any.n" in numbers for g in shown):
        cells = []
        for group in shown:
            stem = f"ae.{group.slug}.total"
            cells += [numbers.count(f"{stem}.any"), numbers.count(f"{stem}.g3")]
        rows.append(Row(say(study, "Any adverse event"), tuple(cells)))
    if any(numbers.value(f"ae.{g.slug}.total.g5.n") for g in shown):
        fatal = tuple(numbers.count(f"ae.{g.slug}.total.g5").spanning(2) for g in shown)
        rows.append(Row(say(study, "Fatal (grade 5)"), fatal))
    return Section("", rows)


def _classes(
    shown: list[Group], numbers: Numbers, adae: pd.DataFrame, study: dict
) -> list[Section]:
    terms: dict[str, str] = {}
    for match, ard_id in numbers.matching(r"ae\.([^.]+)\.([^.]+)\.any\.n"):
        if match[2] != "total" and match[1] in {g.slug for g in shown}:
            terms.setdefault(match[2], numbers.field(ard_id, "term") or match[2])
    classes = _organ_classes(adae)
    pooled = shown[-1].slug

    def often(key: str) -> float:
        known = [numbers.value(f"ae.{g}.{key}.any.n") for g in (pooled, *(s.slug for s in shown))]
        return max(value or 0 for value in known)

    ordered = sorted(terms, key=lambda key: (-often(key), terms[key]))
    sections: dict[str, Section] = {}
    for key in ordered:
        name = classes.get(terms[key], "Not classified" if classes else "")
        cells = []
        for group in shown:
            stem = f"ae.{group.slug}.{key}"
            cells += [numbers.count(f"{stem}.any"), numbers.count(f"{stem}.g3")]
        sections.setdefault(name, Section(say(study, name))).rows.append(
            Row(say(study, terms[key]), tuple(cells), 1 if name else 0)
        )
    return list(sections.values())


def _organ_classes(adae: pd.DataFrame) -> dict[str, str]:
    """The system organ class of each term."""
    known = adae[["AEDECOD", "AEBODSYS"]].dropna().drop_duplicates().sort_values("AEDECOD")
    return dict(zip(known["AEDECOD"], known["AEBODSYS"], strict=True))
