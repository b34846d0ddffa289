"""Results: failure of the regimen, the therapies that followed, survival after it."""

from __future__ import annotations

from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.prose_dynamic import salvage
from venaza.report.words import Group, by_group, listed, small


def failure(context: Context, table: str) -> str:
    """The section on the course after failure; empty where the study does not ask for it.

    ``table`` is the table on failure as Markdown; it stands between the two figures.
    """
    if "PFOS" not in context.study["endpoints"]:
        return ""
    paragraphs = [
        _failures(context),
        _treated(context),
        _survival(context),
        salvage(context),
        figure("km_PFOS", context),
        table,
        _courses(context),
        figure("swimmer", context),
    ]
    text = "\n\n".join(filter(None, paragraphs))
    return f"## Course after {_what(context)}\n\n{text}\n"


def _what(context: Context) -> str:
    start = context.study["endpoints"]["PFOS"]["start"]
    return "relapse" if start == "RELAPSE" else "failure of the regimen"


def _failures(context: Context) -> str:
    numbers = context.numbers
    if _what(context) == "relapse":
        return _relapses(context)
    failed = [g for g in context.groups if numbers.value(f"failure.{g.slug}.any.n")]
    if not failed:
        return "No failure of the regimen was documented."
    clauses = [_kinds(group, context) for group in failed]
    text = f"The regimen failed in {listed(clauses)}{context.see('tbl failure')}."
    spared = [g for g in context.groups if g not in failed]
    if spared:
        labels = listed([group.label for group in spared], "or")
        text += f" No failure was documented in the {labels} group."
    return text


def _relapses(context: Context) -> str:
    numbers = context.numbers
    if not context.with_patients("PFOS"):
        return "No relapse was documented."
    clause = by_group(
        context.groups,
        lambda g: (
            f"{numbers.var(f'km.PFOS.{g.slug}.n')} of {numbers.var(f'n.ITT.{g.slug}')} patients"
        ),
    )
    return f"Relapse was documented in {clause}{context.see('tbl failure')}."


def _kinds(group: Group, context: Context) -> str:
    """``19 of 29 patients in the ND group (refractory disease in 3, relapse in 16)``."""
    numbers = context.numbers
    parts = []
    for match, ard_id in numbers.matching(rf"failure\.{group.slug}\.([^.]+)\.n"):
        if match[1] in ("any", "treated") or match[1].startswith("treated_"):
            continue
        if numbers.value(ard_id):
            parts.append(f"{_noun(numbers.term(ard_id))} in {numbers.var(ard_id)}")
    of = f"{numbers.var(f'failure.{group.slug}.any.n')} of {numbers.var(f'n.ITT.{group.slug}')}"
    return f"{of} patients{group.where} ({listed(parts)})"


def _noun(kind: str) -> str:
    return {"refractory": "refractory disease"}.get(small(kind), small(kind))


def _treated(context: Context) -> str:
    numbers = context.numbers
    if "therapies" not in context.study["tables"] or not numbers.value("failure.all.any.n"):
        return ""
    treated = [g for g in context.groups if numbers.value(f"failure.{g.slug}.treated.n")]
    if not treated:
        return "No patient was treated again after failure."
    again = listed([_again(group, context) for group in treated])
    sentences = [f"After failure, {again} were treated again."]
    for group in treated:
        regimens = _listed_counts(rf"postfailure\.{group.slug}\.([^.]+)\.n", context)
        responses = _listed_counts(rf"postfailure\.{group.slug}\.response\.([^.]+)\.n", context)
        sentence = f"The first therapy after failure{group.where} was {regimens}"
        if responses:
            sentence += f"; the best response to it was {responses}"
        sentences.append(f"{sentence}.")
    return " ".join(sentences)


def _again(group: Group, context: Context) -> str:
    numbers = context.numbers
    parts = []
    for _, ard_id in numbers.matching(rf"failure\.{group.slug}\.treated_([^.]+)\.n"):
        if numbers.value(ard_id):
            parts.append(f"{numbers.var(ard_id)} after {_noun(numbers.term(ard_id))}")
    detail = f" ({listed(parts)})" if parts else ""
    return f"{numbers.var(f'failure.{group.slug}.treated.n')} patients{group.where}{detail}"


def _listed_counts(pattern: str, context: Context) -> str:
    """``VEN-AZA + selinexor (1), hydroxyurea (3)``: what was counted at least once."""
    numbers = context.numbers
    return listed(
        [
            f"{_word(numbers.term(ard_id))} ({numbers.var(ard_id)})"
            for _, ard_id in numbers.matching(pattern)
            if numbers.value(ard_id)
        ]
    )


def _word(term: str) -> str:
    return "not known" if term == "unknown" else term


def _survival(context: Context) -> str:
    numbers = context.numbers
    groups = context.with_patients("PFOS")
    label = small(context.label("PFOS"))
    if not groups:
        return f"{context.label('PFOS')} was therefore not estimated."

    def clause(group: Group) -> str:
        stem = f"km.PFOS.{group.slug}"
        spread = f"{numbers.var(f'{stem}.min')} to {numbers.var(f'{stem}.max')} months"
        return (
            f"{numbers.with_unit(f'{stem}.median', ' months')} "
            f"({numbers.interval(stem, 'median_lower', 'median_upper')}; "
            f"{numbers.var(f'{stem}.events')} deaths in {numbers.var(f'{stem}.n')} patients; "
            f"observed {spread})"
        )

    return f"Median {label} (PFOS) was {by_group(groups, clause)}{context.see('fig km_PFOS')}."


def _courses(context: Context) -> str:
    if not context.has("fig swimmer"):
        return ""
    return "@fig-swimmer shows the course of each patient."
