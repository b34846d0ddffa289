"""Results: failure of the regimen, the therapies that followed, survival after it."""

from __future__ import annotations

from venaza.contracts.results import FOLLOWED
from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import Fact, both, has_patients, maps, no, positive, shows
from venaza.pipeline.report.grammar import Group, by_group, small
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence
from venaza.pipeline.report.text import part


def failure(context: Context, table: str) -> str:
    """The section on the course after failure; empty where the study does not ask for it.

    ``table`` is the table on failure as Markdown; it stands between the two figures.
    """
    if "PFOS" not in context.study["endpoints"]:
        return ""
    groups = context.groups
    text = paragraphs(
        paragraph(
            _none_failed(context),
            _failures(context),
            _spared(context),
            _none_relapsed(context),
            _relapses(context),
        ),
        paragraph(
            _not_treated(context),
            _treated(context),
            *(_first_therapy(context, group) for group in groups),
            _supported(context),
            _untreated(context),
        ),
        paragraph(_survival(context), _not_estimated(context)),
        part("salvage", context).strip(),
        figure("km_PFOS", context),
        table,
        _courses(context),
        figure("swimmer", context),
    )
    return f"## Course after {_what(context)}\n\n{text}\n"


def _what(context: Context) -> str:
    start = context.study["endpoints"]["PFOS"]["start"]
    return "relapse" if start == "RELAPSE" else "failure of the regimen"


def _from_relapse(context: Context) -> bool:
    return _what(context) == "relapse"


def _failed(context: Context) -> list[Group]:
    return context.groups_with("failure.{}.any.n")


_asked = both(lambda c: "PFOS" in c.study["endpoints"], no(_from_relapse))


@sentence("failure.none", when=both(_asked, no(_failed)))
def _none_failed(context: Context) -> str:
    return "No failure of the regimen was documented."


@sentence("failure.kinds", when=both(_asked, _failed))
def _failures(context: Context) -> str:
    clauses = [_kinds(group, context) for group in _failed(context)]
    return f"The regimen failed in {listed(clauses)}{context.see('tbl failure')}."


def _not_failed(context: Context) -> list[Group]:
    return [g for g in context.groups if g not in _failed(context)]


@sentence("failure.spared", when=both(_asked, _failed, _not_failed))
def _spared(context: Context) -> str:
    labels = listed([group.label for group in _not_failed(context)], "or")
    return f"No failure was documented in the {labels} group."


@sentence("failure.no_relapse", when=both(_from_relapse, no(has_patients("PFOS"))))
def _none_relapsed(context: Context) -> str:
    return "No relapse was documented."


@sentence("failure.relapses", when=both(_from_relapse, has_patients("PFOS")))
def _relapses(context: Context) -> str:
    numbers = context.numbers
    clause = by_group(
        context.groups,
        lambda g: numbers.count(f"km.PFOS.{g.slug}.n", f"n.ITT.{g.slug}"),
    )
    return f"Relapse was documented in {clause}{context.see('tbl failure')}."


def _kinds(group: Group, context: Context) -> str:
    """``19 of 29 patients in the ND group (refractory disease in 3, relapse in 16)``."""
    numbers = context.numbers
    parts = []
    for match, ard_id in numbers.matching(rf"failure\.{group.slug}\.([^.]+)\.n"):
        if match[1] in ("any", "treated", *FOLLOWED) or match[1].startswith("treated_"):
            continue
        if numbers.value(ard_id):
            parts.append(f"{_noun(numbers.term(ard_id))} in {numbers.var(ard_id)}")
    of = numbers.count(f"failure.{group.slug}.any.n", f"n.ITT.{group.slug}")
    return f"{of}{group.where} ({listed(parts)})"


def _noun(kind: str) -> str:
    return {"refractory": "refractory disease"}.get(small(kind), small(kind))


def _treated_groups(context: Context) -> list[Group]:
    return context.groups_with("failure.{}.treated.n")


_some_failed = both(maps("therapies"), positive("failure.all.any.n"))


@sentence("failure.not_treated", when=both(_some_failed, no(_treated_groups)))
def _not_treated(context: Context) -> str:
    return f"No patient received anti-leukaemic therapy after {_event(context)}."


def _event(context: Context) -> str:
    return "relapse" if _from_relapse(context) else "failure"


@sentence("failure.treated", when=both(_some_failed, _treated_groups))
def _treated(context: Context) -> str:
    again = listed([_again(group, context) for group in _treated_groups(context)])
    return f"After {_event(context)}, {again} received anti-leukaemic therapy."


@sentence(
    "failure.first_therapy",
    when=lambda c, group: _some_failed(c) and group in _treated_groups(c),
)
def _first_therapy(context: Context, group: Group) -> str:
    regimens = _listed_counts(rf"postfailure\.{group.slug}\.([^.]+)\.n", context)
    responses = _listed_counts(rf"postfailure\.{group.slug}\.response\.([^.]+)\.n", context)
    text = f"The first such therapy{group.where} was {regimens}"
    return f"{text}; the best response to it was {responses}." if responses else f"{text}."


def _groups_with(what: str) -> Fact:
    """The groups in which something followed failure, by its part of the ARD id."""
    return lambda context, *_: context.groups_with(f"failure.{{}}.{what}.n")


_supported_groups, _untreated_groups = _groups_with("supportive"), _groups_with("untreated")


@sentence("failure.supportive", when=both(_some_failed, _supported_groups))
def _supported(context: Context) -> str:
    """Those whose therapy after failure was none against the leukaemia, and what they had."""
    parts = []
    for group in _supported_groups(context):
        care = _listed_counts(rf"postfailure\.{group.slug}\.supportive\.([^.]+)\.n", context)
        parts.append(f"{_patients(group, 'supportive', context)}{group.where}: {care}")
    return f"Supportive care alone was recorded in {'; '.join(parts)}."


@sentence("failure.untreated", when=both(_some_failed, _untreated_groups))
def _untreated(context: Context) -> str:
    parts = [
        f"{_patients(group, 'untreated', context)}{group.where}"
        for group in _untreated_groups(context)
    ]
    return f"No therapy after {_event(context)} was recorded in {listed(parts)}."


def _patients(group: Group, what: str, context: Context) -> str:
    """``3 patients``: in whom something followed failure."""
    n = f"failure.{group.slug}.{what}.n"
    return f"{context.numbers.var(n)} {'patient' if context.numbers.value(n) == 1 else 'patients'}"


def _again(group: Group, context: Context) -> str:
    numbers = context.numbers
    parts = []
    for _, ard_id in numbers.matching(rf"failure\.{group.slug}\.treated_([^.]+)\.n"):
        if numbers.value(ard_id):
            parts.append(f"{numbers.var(ard_id)} after {_noun(numbers.term(ard_id))}")
    detail = f" ({listed(parts)})" if parts else ""
    return f"{_patients(group, 'treated', context)}{group.where}{detail}"


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


@sentence(
    "failure.not_estimated",
    when=lambda c: "PFOS" in c.study["endpoints"] and not c.with_patients("PFOS"),
)
def _not_estimated(context: Context) -> str:
    return f"{context.label('PFOS')} was therefore not estimated."


@sentence("failure.survival", when=has_patients("PFOS"))
def _survival(context: Context) -> str:
    numbers = context.numbers
    groups = context.with_patients("PFOS")
    label = small(context.label("PFOS"))

    def clause(group: Group) -> str:
        stem = f"km.PFOS.{group.slug}"
        spread = f"{numbers.var(f'{stem}.min')} to {numbers.var(f'{stem}.max')} months"
        size = f"{numbers.var(f'{stem}.events')} deaths in {numbers.var(f'{stem}.n')} patients"
        if numbers.too_few(f"{stem}.median"):
            return f"not estimated (too few: {size}; observed {spread})"
        limits = numbers.interval(stem, "median_lower", "median_upper")
        return f"{numbers.middle(stem)} ({limits}; {size}; observed {spread})"

    return f"Median {label} (PFOS) was {by_group(groups, clause)}{context.see('fig km_PFOS')}."


@sentence("failure.courses", when=shows("fig swimmer"))
def _courses(context: Context) -> str:
    return "@fig-swimmer shows the course of each patient."
