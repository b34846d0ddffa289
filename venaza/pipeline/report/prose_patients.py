"""Results: the patients, and adverse events in those who received the regimen."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report import prose_labs
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, maps, no, positive, shows, uses
from venaza.pipeline.report.facts.response import evaluable_differs
from venaza.pipeline.report.grammar import Group, by_group, small
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import Always, paragraph, sentence

_MOST_FREQUENT = 3


def patients(context: Context) -> str:
    """How many, who they were, who was evaluable; then the flow."""
    text = paragraph(
        _included(context),
        _without_group(context),
        _age(context),
        _sex(context),
        _evaluable(context),
        _transplanted(context),
        _no_transplant(context),
        _table(context),
    )
    return f"## Patients\n\n{text}\n\n{figure('flow', context)}"


@sentence("patients.included", when=Always("the ARD counts the patients of every study"))
def _included(context: Context) -> str:
    numbers = context.numbers
    text = f"A total of {numbers.var('n.ITT.all')} patients were included"
    if context.several:
        text += f": {by_group(context.groups, lambda g: numbers.var(f'n.ITT.{g.slug}'))}"
    return f"{text}{context.see('fig flow')}."


def _ungrouped(context: Context) -> int:
    value = context.numbers.value
    return int((value("n.NOGROUP.not_recorded") or 0) + (value("n.NOGROUP.not_compared") or 0))


@sentence("patients.without_group", when=_ungrouped)
def _without_group(context: Context) -> str:
    """Patients in no group, who are in the numbers of all patients and in none of a group."""
    numbers = context.numbers
    label = config_text(small(str(context.study["groups"]["label"])), "groups.label")
    said = [
        f"{numbers.var(ard_id)} {words}"
        for ard_id, words in (
            ("n.NOGROUP.not_recorded", f"whose {label} was not recorded"),
            ("n.NOGROUP.not_compared", f"whose {label} is not among those compared"),
        )
        if numbers.value(ard_id)
    ]
    return (
        f"Patients in no group ({listed(said)}) are in every number of all patients, and in none "
        "of a group."
    )


def _of_known_age(context: Context) -> list[Group]:
    return context.groups_knowing("desc.AGE.{}.median")


@sentence("patients.age", when=lambda c: _of_known_age(c))
def _age(context: Context) -> str:
    ages = by_group(
        _of_known_age(context), lambda g: context.numbers.ranged(f"desc.AGE.{g.slug}", "years")
    )
    return f"Median age was {ages}."


def _men(context: Context) -> dict[str, str]:
    """The numbers of men by group, found by the level's words, whatever its key is."""
    numbers = context.numbers
    return {
        match[1]: ard_id[: -len(".n")]
        for match, ard_id in numbers.matching(r"desc\.SEX\.([^.]+)\.([^.]+)\.n")
        if numbers.field(ard_id, "term") == "M"
    }


@sentence("patients.sex", when=lambda c: all(g.slug in _men(c) for g in c.groups))
def _sex(context: Context) -> str:
    numbers, men = context.numbers, _men(context)

    def clause(group: Group) -> str:
        stem = men[group.slug]
        noun = " men" if group is context.groups[0] else ""
        return f"{numbers.var(f'{stem}.n')}{noun} ({numbers.var(f'{stem}.percent')}%)"

    return f"There were {by_group(context.groups, clause)}."


@sentence(
    "patients.evaluable",
    when=both(uses("rate_evaluable.ORR."), lambda c: evaluable_differs(c)),
)
def _evaluable(context: Context) -> str:
    clause = by_group(
        context.groups, lambda g: context.numbers.count(f"n.RESP.{g.slug}", f"n.ITT.{g.slug}")
    )
    return f"Response could be evaluated in {clause}."


@sentence("patients.no_transplant", when=both(maps("transplants"), no(positive("n.TX.all"))))
def _no_transplant(context: Context) -> str:
    return "No patient was transplanted after the index date."


@sentence("patients.transplanted", when=both(maps("transplants"), positive("n.TX.all")))
def _transplanted(context: Context) -> str:
    """Transplants after the index date."""
    numbers = context.numbers
    if not context.several:
        return f"After the index date, {numbers.var('n.TX.all')} patients had a transplant."
    clause = by_group(context.groups, lambda g: numbers.count(f"n.TX.{g.slug}", f"n.ITT.{g.slug}"))
    return f"After the index date, {clause} had a transplant."


@sentence("patients.table", when=shows("tbl baseline"))
def _table(context: Context) -> str:
    return "@tbl-baseline gives all baseline characteristics."


def safety(context: Context) -> str:
    """Adverse events of any and of high grade, the most frequent ones, then laboratory values.

    Empty where the study has neither.
    """
    laboratory = prose_labs.results(context)
    if "adverse_events" not in context.study["tables"]:
        return f"## Laboratory values\n\n{laboratory}\n" if laboratory else ""
    if context.numbers.used("ae."):
        sentences = paragraph(_totals(context), _fatal(context), _frequent(context))
        text = f"{sentences}\n\n{figure('ae', context)}"
    else:
        text = f"{_no_event(context)}\n"
    return f"## Adverse events\n\n{text}" + (f"\n{laboratory}\n" if laboratory else "")


@sentence("safety.none", when=both(maps("adverse_events"), no(uses("ae."))))
def _no_event(context: Context) -> str:
    return "No treatment-emergent adverse event was recorded."


def _count(stem: str, context: Context) -> str:
    return f"{context.numbers.var(f'{stem}.n')} ({context.numbers.var(f'{stem}.percent')}%)"


@sentence("safety.totals", when=uses("ae."))
def _totals(context: Context) -> str:
    total = "ae.all.total"
    return (
        f"Of {context.numbers.var('n.SAF.all')} patients who received the regimen, "
        f"{_count(f'{total}.any', context)} had at least one treatment-emergent adverse event and "
        f"{_count(f'{total}.g3', context)} at least one of grade 3 or worse"
        f"{context.see('fig ae', 'tbl adverse_events')}."
    )


@sentence("safety.fatal", when=positive("ae.all.total.g5.n"))
def _fatal(context: Context) -> str:
    """How many had a fatal event, and in a study of groups where they were."""
    worst = _count("ae.all.total.g5", context)
    groups = context.groups_with("n.SAF.{}")
    apart = by_group(groups, lambda g: _count(f"ae.{g.slug}.total.g5", context))
    beside = f": {apart}" if context.several else ""
    return f"The worst grade was fatal (grade 5) in {worst}{beside}."


def _terms(context: Context) -> list[tuple[str, str]]:
    """The terms most patients had, in the order of the ARD (falling number of patients)."""
    return [
        (match[1], ard_id)
        for match, ard_id in context.numbers.matching(r"ae\.all\.([^.]+)\.any\.n")
        if match[1] != "total"
    ][:_MOST_FREQUENT]


@sentence("safety.frequent", when=lambda c: _terms(c))
def _frequent(context: Context) -> str:
    numbers = context.numbers
    words = [
        f"{small(numbers.term(ard_id))} ({numbers.var(f'ae.all.{key}.any.n')} patients, "
        f"{numbers.var(f'ae.all.{key}.any.percent')}%; grade 3 or worse in "
        f"{numbers.var(f'ae.all.{key}.g3.n')})"
        for key, ard_id in _terms(context)
    ]
    verb = "was" if len(words) == 1 else "were"
    return f"Most frequent {verb} {listed(words)}."
