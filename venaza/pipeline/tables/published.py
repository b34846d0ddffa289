"""The published study beside this one: value by value, and whether they agree in print."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.markup.printed import Cell, Column, Part, Row, Section, Table, words
from venaza.pipeline.tables.labels import RESPONSES
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group, groups_and_all
from venaza.study.labels import variable
from venaza.study.words import say


def published(numbers: Numbers, study: dict) -> Table:
    """One section per group, one row per value that the publication gives."""
    given = study["published"]
    shown = groups_and_all(study)
    sections = [Section(g.label, _rows(g, given["numbers"], numbers, study)) for g in shown]
    heads = ("Published", "Computed", "Agree")
    return Table(
        stub=say(study, "Measure"),
        columns=[Column(words(say(study, text)), "") for text in heads],
        sections=[section for section in sections if section.rows],
        notes=[
            say(
                study,
                "Published: {source}. Two values agree when the computed one, rounded half up to "
                "the decimals printed, equals the published one.",
                source=given["study"],
            )
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
        return say(study, "Patients")
    statistic = say(study, parts[-1].replace("_", " "))
    if kind == "desc":
        label, unit = variable(name, study)
        text = "{label}, {statistic} ({unit})" if unit else "{label}, {statistic}"
        return say(study, text, label=label, statistic=statistic, unit=unit)
    if kind in ("followup", "km", "rkm"):
        of = {"followup": "Observed follow-up", "rkm": "Reverse Kaplan–Meier follow-up"}
        label = say(study, of[kind]) if kind in of else _endpoint(name, study)
        text = "{label}, {statistic} (months)"
        return say(study, text, label=label, statistic=statistic)
    if kind.startswith("rate"):
        return say(study, "{label} (%)", label=say(study, RESPONSES.get(name, name)))
    if kind == "failure" and "treated" in parts:
        return say(study, "Anti-leukaemic therapy after failure")
    if kind == "failure" and "further" in parts:
        return say(study, "Treated after failure, supportive care included")
    return measure.replace("_", " ").capitalize()


def _endpoint(code: str, study: dict) -> str:
    return study["endpoints"].get(code, {}).get("label", code)
