"""Facts on response: rates in both denominators, MRD, times, transfusion independence."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.evaluable import evaluable_says_more


def evaluable_differs(context: Context, *_: object) -> bool:
    """Whether being evaluable says more than having responded."""
    groups = (group.slug for group in context.groups)
    return evaluable_says_more(groups, context.numbers, context.study)


@in_text
def partly_evaluable(context: Context) -> list[Group]:
    """The groups in which not all treated patients were evaluable."""
    value = context.numbers.value
    stems = {g: f"ORR.{g.slug}.denominator" for g in context.groups}
    return [g for g, s in stems.items() if value(f"rate_all.{s}") != value(f"rate_evaluable.{s}")]


@in_text
def in_remission(context: Context) -> list[Group]:
    """The groups with a remission."""
    return context.groups_with("rate_remission.MRDNEG.{}.denominator")


@in_text
def timed(context: Context) -> list[Group]:
    """The groups with a median time to response."""
    return context.groups_knowing("response.{}.TTR.median")


@in_text
def in_cycles(context: Context) -> list[Group]:
    """Those of them with a median number of cycles to the best response."""
    value = context.numbers.value
    return [g for g in timed(context) if value(f"response.{g.slug}.CYCBEST.median") is not None]


@in_text
def rank_test(context: Context, parameter: str) -> str | None:
    """The id of the P value of a test by ranks between the groups, where there is one."""
    ids = (f"{kind}.{parameter}.p_value" for kind in ("wilcoxon", "kruskal"))
    return next((i for i in ids if context.numbers.value(i) is not None), None)


@in_text
def transfusions(context: Context) -> list[str]:
    """The kinds of transfusion independence that there are rates of."""
    return [code for code in ("TIRBC", "TIPLT") if context.numbers.used(f"rate.{code}.")]


def _all_tested(context: Context) -> bool:
    value, kinds = context.numbers.value, ("rate_tested", "rate_remission")
    of = [[value(f"{k}.MRDNEG.{g.slug}.denominator") for k in kinds] for g in in_remission(context)]
    return all(tested == remissions for tested, remissions in of)


def _responded(context: Context) -> bool:
    return any(context.numbers.value(f"rate.ORR.{g.slug}.n") for g in context.groups)


def _all_remissions(context: Context) -> bool:
    value, slugs = context.numbers.value, [g.slug for g in context.groups]
    return all(value(f"rate.ORR.{slug}.n") == value(f"rate.CRC.{slug}.n") for slug in slugs)


bind(
    {
        "response.overall": uses("rate.ORR."),
        "response.all_remissions": both(uses("rate.CRC."), _all_remissions, _responded),
        "response.remission": both(uses("rate.CRC."), no(_all_remissions)),
        "response.other_denominator": both(uses("rate_all."), evaluable_differs, partly_evaluable),
        "response.all_evaluable": both(uses("rate_all."), no(partly_evaluable)),
        "response.mrd": uses("rate.MRDNEG."),
        "response.mrd_tested": both(in_remission, no(_all_tested)),
        "response.mrd_all_tested": both(in_remission, _all_tested),
        "response.times": timed,
        "response.cycles": in_cycles,
        "response.transfusions": transfusions,
        "methods.transfusions": transfusions,
    }
)
