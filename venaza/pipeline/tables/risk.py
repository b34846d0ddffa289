"""Risk groups: the recorded against the derived one, and each derived scheme by group."""

from __future__ import annotations

from dataclasses import replace

from venaza.contracts.results import slug
from venaza.contracts.wording import capital
from venaza.markup.printed import BLANK, Column, Row, Section, Table, words
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import groups_and_all
from venaza.study.risk_levels import OUTSIDE, UNKNOWN
from venaza.study.risk_levels import levels as levels_of
from venaza.study.words import in_a_row, listed, narrowed, say


def risk(numbers: Numbers, study: dict) -> Table:
    """One column for each level, the unfavourable ones to the right, then those without one."""
    spec, schemes = study["risk"], study["risk_tables"]["schemes"]
    order = [spec["scheme"], *(name for name in schemes if name != spec["scheme"])]
    order = [name for name in order if numbers.matching(rf"genetic\.{name}\.[^.]+\.[^.]+\.n")]
    sections = [_compared(spec["scheme"], numbers, study)]
    sections += [_scheme(name, numbers, study) for name in order]
    last = [
        name for name in (UNKNOWN, OUTSIDE) if any(name in levels_of(schemes[s]) for s in order)
    ]
    heads = [*schemes[spec["scheme"]]["groups"], *last]
    outside = order if OUTSIDE in last else []
    sources = say(study, "; ").join(
        narrowed(study, schemes[name]["name"], schemes[name]["source"]) for name in order
    )
    return Table(
        stub=say(study, "Risk group"),
        columns=[Column(words(capital(say(study, text))), "") for text in heads],
        sections=[_padded(section, len(heads)) for section in sections if section.rows],
        notes=[
            in_a_row(
                study,
                "Values are numbers of patients, by group with percentages of the row.",
                "A patient whose group depends on a gene or a karyotype that was not tested is not "
                "classifiable.",
                *(_made_for(name, schemes, study) for name in outside),
                say(study, "Sources: {sources}.", sources=sources),
            )
        ],
        label_width=0.34,
    )


def _padded(section: Section, width: int) -> Section:
    """The section with a blank under each level that its scheme does not have."""
    rows = [
        replace(row, cells=(*row.cells, *[words(BLANK)] * (width - len(row.cells))))
        for row in section.rows
    ]
    return replace(section, rows=rows)


def _made_for(scheme: str, schemes: dict, study: dict) -> str:
    """For whom the scheme was not made, in a sentence; empty where that is nobody."""
    reasons = [excluded["reason"] for excluded in schemes[scheme].get("excluded", [])]
    if not reasons:
        return ""
    names = {"name": schemes[scheme]["name"], "those": listed(study, reasons, "and")}
    return say(study, "Outside {name}: {those}.", **names)


def _compared(scheme: str, numbers: Numbers, study: dict) -> Section:
    """Rows are the recorded groups in the order of the ARD."""
    found: dict[str, str] = {}
    for match, ard_id in numbers.matching(rf"genetic\.{scheme}\.recorded\.([^.]+)\.[^.]+\.n"):
        found.setdefault(match[1], numbers.field(ard_id, "term").split(", derived ")[0])
    table = study["risk_tables"]["schemes"][scheme]
    levels = levels_of(table)
    rows = []
    for key, text in found.items():
        ids = [f"genetic.{scheme}.recorded.{key}.{slug(level)}.n" for level in levels]
        if any(numbers.value(i) for i in ids):
            cells = tuple(numbers.cell("{}", i) for i in ids)
            rows.append(Row(capital(say(study, text)), cells, 1))
    heading = "Recorded group (rows) against {name} (columns)"
    return Section(say(study, heading, name=table["name"]), rows)


def _scheme(scheme: str, numbers: Numbers, study: dict) -> Section:
    table = study["risk_tables"]["schemes"][scheme]
    levels = levels_of(table)
    heading = table["name"]
    if levels[0].endswith(" benefit"):
        # A scheme with levels of its own says in its heading what the columns are.
        own = [say(study, level).removesuffix(" benefit") for level in table["groups"]]
        text = "{name} ({those} benefit)"
        heading = say(study, text, name=heading, those=listed(study, own, "or"))
    rows = [
        Row(
            group.label,
            tuple(
                numbers.count(f"genetic.{scheme}.{group.slug}.{slug(level)}") for level in levels
            ),
            1,
        )
        for group in groups_and_all(study)
    ]
    return Section(heading, rows)
