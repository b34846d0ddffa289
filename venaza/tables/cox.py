"""Univariable Cox models: one section per endpoint, one row per covariate or level."""

from __future__ import annotations

from venaza.tables.labels import interval_name, level, small, variable
from venaza.tables.layout import BLANK, Column, Row, Section, Table, words
from venaza.tables.numbers import Numbers, slug


def cox(numbers: Numbers, study: dict) -> Table:
    """Patients and events of each model, hazard ratio with interval, P."""
    sections = []
    for code, covariates in study["analysis"]["cox"].items():
        rows = [row for name in covariates for row in _covariate(code, name, numbers, study)]
        if rows:
            sections.append(Section(study["endpoints"][code]["label"], rows))
    ratio = f"Hazard ratio ({interval_name(study)})"
    shares = {"Patients": 1.0, "Events": 1.0, ratio: 2.6, "P": 0.9}
    return Table(
        stub="Covariate",
        columns=[Column(words(text), "", share) for text, share in shares.items()],
        sections=sections,
        notes=[
            "Each row or set of levels is a model of its own (univariable). CI, confidence "
            "interval. P values are exploratory and not adjusted for multiple testing."
        ],
        label_width=0.42,
    )


def _covariate(code: str, name: str, numbers: Numbers, study: dict) -> list[Row]:
    stem = f"cox.{code}.{slug(name)}"
    label, unit = variable(name, study)
    size = (numbers.cell("{}", f"{stem}.n"), numbers.cell("{}", f"{stem}.events"))
    if f"{stem}.hazard_ratio" in numbers:
        per = f", per {unit.rstrip('s')}" if unit in ("years", "days") else ""
        per = per or (f", per {unit}" if unit else ", per unit")
        return [Row(f"{label}{per}", (*size, *_ratio(stem, numbers)), 1)]
    found = numbers.matching(rf"{stem}\.([^.]+)\.hazard_ratio")
    if not found:
        return []
    reference = numbers.field(found[0][1], "method").rpartition("reference ")[2]
    against = f" (reference: {small(level(name, reference, study))})"
    rows = [Row(label + against, (*size, words(""), words("")), 1)]
    for match, ard_id in found:
        text = level(name, numbers.field(ard_id, "term") or match[1], study)
        cells = (words(""), words(""), *_ratio(f"{stem}.{match[1]}", numbers))
        rows.append(Row(text, cells, 2))
    return rows


def _ratio(stem: str, numbers: Numbers) -> tuple:
    estimate = numbers.estimate(stem, "hazard_ratio")
    p = f"{stem}.p_value"
    return estimate, numbers.cell("{}", p) if p in numbers else words(BLANK)
