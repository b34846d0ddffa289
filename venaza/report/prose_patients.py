"""Results: the patients, and adverse events in those who received the regimen."""

from __future__ import annotations

from venaza.report import prose_labs
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import config_text
from venaza.report.prose_response import evaluable_differs
from venaza.report.words import Group, by_group, listed, small

_MOST_FREQUENT = 3


def patients(context: Context) -> str:
    """How many, who they were, who was evaluable; then the flow."""
    numbers = context.numbers
    first = f"A total of {numbers.var('n.ITT.all')} patients were included"
    if context.several:
        first += f": {by_group(context.groups, lambda g: numbers.var(f'n.ITT.{g.slug}'))}"
    text = [f"{first}{context.see('fig flow')}.", _without_group(context)]
    text += [_age(context), _sex(context), _evaluable(context), _transplanted(context)]
    if context.has("tbl baseline"):
        text.append("@tbl-baseline gives all baseline characteristics.")
    return f"## Patients\n\n{' '.join(filter(None, text))}\n\n{figure('flow', context)}"


def _without_group(context: Context) -> str:
    """Patients in no group, who are in the numbers of all patients and in none of a group."""
    numbers = context.numbers
    if "n.NOGROUP.not_recorded" not in numbers:
        return ""
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


def _age(context: Context) -> str:
    numbers = context.numbers
    if f"desc.AGE.{context.groups[0].slug}.median" not in numbers:
        return ""

    def clause(group: Group) -> str:
        stem = f"desc.AGE.{group.slug}"
        spread = f"{numbers.var(f'{stem}.min')} to {numbers.var(f'{stem}.max')}"
        return f"{numbers.var(f'{stem}.median')} years (range {spread})"

    return f"Median age was {by_group(context.groups, clause)}."


def _sex(context: Context) -> str:
    """Men, found by the level's words, whatever its key is."""
    numbers = context.numbers
    men = {}
    for match, ard_id in numbers.matching(r"desc\.SEX\.([^.]+)\.([^.]+)\.n"):
        if numbers.field(ard_id, "term") == "M":
            men[match[1]] = ard_id[: -len(".n")]
    if not all(group.slug in men for group in context.groups):
        return ""

    def clause(group: Group) -> str:
        stem = men[group.slug]
        noun = " men" if group is context.groups[0] else ""
        return f"{numbers.var(f'{stem}.n')}{noun} ({numbers.var(f'{stem}.percent')}%)"

    return f"There were {by_group(context.groups, clause)}."


def _evaluable(context: Context) -> str:
    numbers = context.numbers
    if not numbers.used("rate_evaluable.ORR.") or not evaluable_differs(context):
        return ""
    clause = by_group(
        context.groups,
        lambda g: f"{numbers.var(f'n.RESP.{g.slug}')} of {numbers.var(f'n.ITT.{g.slug}')} patients",
    )
    return f"Response could be evaluated in {clause}."


def _transplanted(context: Context) -> str:
    """Transplants after the index date, where the study has a table of them."""
    numbers = context.numbers
    if "transplants" not in context.study["tables"]:
        return ""
    if not numbers.value("n.TX.all"):
        return "No patient was transplanted."
    clause = by_group(context.groups, lambda g: numbers.var(f"n.TX.{g.slug}"))
    return f"The number of patients who had a transplant later was {clause}."


def safety(context: Context) -> str:
    """Adverse events of any and of high grade, the most frequent ones, then laboratory values.

    Empty where the study has neither.
    """
    laboratory = prose_labs.results(context)
    if "adverse_events" not in context.study["tables"]:
        return f"## Laboratory values\n\n{laboratory}\n" if laboratory else ""
    if not context.numbers.used("ae."):
        text = "No treatment-emergent adverse event was recorded.\n"
    else:
        sentences = filter(None, [_totals(context), _frequent(context)])
        text = f"{' '.join(sentences)}\n\n{figure('ae', context)}"
    return f"## Adverse events\n\n{text}" + (f"\n{laboratory}\n" if laboratory else "")


def _totals(context: Context) -> str:
    numbers = context.numbers

    def count(stem: str) -> str:
        return f"{numbers.var(f'{stem}.n')} ({numbers.var(f'{stem}.percent')}%)"

    total = "ae.all.total"
    text = (
        f"Of {numbers.var('n.SAF.all')} patients who received the regimen, {count(f'{total}.any')} "
        f"had at least one treatment-emergent adverse event and {count(f'{total}.g3')} at least "
        f"one of grade 3 or worse{context.see('fig ae', 'tbl adverse_events')}."
    )
    if numbers.value(f"{total}.g5.n"):
        text += f" The worst grade was fatal (grade 5) in {count(f'{total}.g5')}."
    return text


def _frequent(context: Context) -> str:
    """The terms most patients had, in the order of the ARD (falling number of patients)."""
    numbers = context.numbers
    found = [
        (match[1], ard_id)
        for match, ard_id in numbers.matching(r"ae\.all\.([^.]+)\.any\.n")
        if match[1] != "total"
    ][:_MOST_FREQUENT]
    if not found:
        return ""
    words = [
        f"{small(numbers.term(ard_id))} ({numbers.var(f'ae.all.{key}.any.n')} patients, "
        f"{numbers.var(f'ae.all.{key}.any.percent')}%; grade 3 or worse in "
        f"{numbers.var(f'ae.all.{key}.g3.n')})"
        for key, ard_id in found
    ]
    verb = "was" if len(words) == 1 else "were"
    return f"Most frequent {verb} {listed(words)}."
