"""The published study beside this one: value by value, and whether they agree in print."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.markup.printed import Cell, Column, Part, Row, Section, Table, words
from venaza.pipeline.tables.labels import RESPONSES
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import ALL, Group, groups_or_all
from venaza.study.labels import variable


def published(numbers: Numbers, study: dict) -> Table:
    """One section per group, one row per value that the publication gives."""
    given = study["published"]
    shown = [*(g for g in groups_or_all(study) if g != ALL), ALL]
    sections = [Section(g.label, _rows(g, given["numbers"], numbers, study)) for g in shown]
    return Table(
        stub="Measure",
        columns=[Column(words(text), "") for text in ("Published", "Computed", "Agree")],
        sections=[section for section in sections if section.rows],
        notes=[
            f"Published: {given['study']}. Two values agree when the computed one, rounded half "
            "up to the decimals printed, equals the published one."
        ],
        label_width=0.52,
    )


def _rows(group: Group, wanted: dict[str, str], numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    for measure, pattern in wanted.items():
        stem = f"published.{group.slug}.{slug(measure)}"
        if f"{stem}.published" not in numbers:
            continue
        cells = (
            _with_counts(f"{stem}.published", numbers),
            _with_counts(f"{stem}.computed", numbers),
            numbers.cell("{}", f"{stem}.agrees"),
        )
        rows.append(Row(_label(measure, pattern, study), cells, 1))
    return rows


def _with_counts(ard_id: str, numbers: Numbers) -> Cell:
    """The value, with k/n where the ARD keeps it in the row's ``term``."""
    fraction = numbers.field(ard_id, "term")
    cell = numbers.cell("{}", ard_id)
    if not fraction:
        return cell
    return cell + Cell((Part(" "), Part(f"[{fraction}]", "ard", ard_id)))


def _label(measure: str, pattern: str, study: dict) -> str:
    """What the number is, said from the ARD id that it is compared with."""
    parts = pattern.split(".")
    kind, name = parts[0], parts[1]
    if kind == "n":
        return "Patients"
    if kind == "desc":
        label, unit = variable(name, study)
        return f"{label}, {parts[-1]}{f' ({unit})' if unit else ''}"
    if kind == "followup":
        return f"Observed follow-up, {parts[-1]} (months)"
    if kind in ("km", "rkm"):
        prefix = "Reverse Kaplan–Meier follow-up" if kind == "rkm" else _endpoint(name, study)
        return f"{prefix}, {parts[-1].replace('_', ' ')} (months)"
    if kind.startswith("rate"):
        return f"{RESPONSES.get(name, name)} (%)"
    if kind == "failure" and "treated" in parts:
        return "Anti-leukaemic therapy after failure"
    if kind == "failure" and "further" in parts:
        return "Treated after failure, supportive care included"
    return measure.replace("_", " ").capitalize()


def _endpoint(code: str, study: dict) -> str:
    return study["endpoints"].get(code, {}).get("label", code)
