"""Results: response rates in both denominators, MRD, time to response."""

from __future__ import annotations

from venaza.pipeline.report import prose_transfusions
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, uses
from venaza.pipeline.report.grammar import Group, by_group
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence
from venaza.study.evaluable import evaluable_says_more

_REACHED = {
    "ORR": "Overall response was reached by",
    "CRC": "Composite complete remission was reached by",
}


def response(context: Context) -> str:
    """The section on response; empty where the study assessed none."""
    if not context.numbers.used("rate.ORR."):
        return ""
    text = paragraphs(
        paragraph(_overall(context), _all_remissions(context), _remission(context)),
        paragraph(_other_denominator(context), _all_evaluable(context)),
        paragraph(_mrd(context), _mrd_tested(context)),
        paragraph(_times(context), _cycles(context)),
        prose_transfusions.results(context),
    )
    title = "Response and measurable residual disease"
    if not context.numbers.used("rate.MRDNEG."):
        title = "Response"
    return f"## {title}\n\n{text}\n\n{figure('response', context)}"


def _shares(stem: str, context: Context) -> str:
    return by_group(context.groups, lambda g: context.numbers.share(f"{stem}.{g.slug}"))


@sentence("response.overall", when=uses("rate.ORR."))
def _overall(context: Context) -> str:
    kind = {"evaluable": "Among evaluable patients, o", "all": "Among all treated patients, o"}
    opening = kind[context.study["response"]["denominator"]]
    return (
        f"{opening}{_REACHED['ORR'][1:]} {_shares('rate.ORR', context)}"
        f"{_comparison('ORR', context)}{context.see('fig response', 'tbl response')}."
    )


@sentence(
    "response.all_remissions",
    when=both(uses("rate.CRC."), lambda c: _same_counts("ORR", "CRC", c) and _anybody("ORR", c)),
)
def _all_remissions(context: Context) -> str:
    return "Every response was a composite complete remission."


@sentence(
    "response.remission", when=both(uses("rate.CRC."), lambda c: not _same_counts("ORR", "CRC", c))
)
def _remission(context: Context) -> str:
    return f"{_REACHED['CRC']} {_shares('rate.CRC', context)}{_comparison('CRC', context)}."


def _anybody(code: str, context: Context) -> bool:
    return any(context.numbers.value(f"rate.{code}.{g.slug}.n") for g in context.groups)


def _same_counts(one: str, other: str, context: Context) -> bool:
    value = context.numbers.value
    return all(
        value(f"rate.{one}.{g.slug}.n") == value(f"rate.{other}.{g.slug}.n") for g in context.groups
    )


def _comparison(code: str, context: Context) -> str:
    """The difference between two groups with its interval and P; empty for other numbers."""
    numbers = context.numbers
    if f"fisher.{code}.p_value" not in numbers:
        return ""
    p = numbers.p(f"fisher.{code}.p_value")
    stem = f"difference.{code}"
    if numbers.value(f"{stem}.estimate") is None:
        return f"; {p}"
    return (
        f", a difference of {numbers.var(f'{stem}.estimate')} percentage points "
        f"({numbers.interval(stem)}; {p})"
    )


def evaluable_differs(context: Context) -> bool:
    """Whether being evaluable says more than having responded."""
    groups = (group.slug for group in context.groups)
    return evaluable_says_more(groups, context.numbers, context.study)


def _denominators_differ(context: Context) -> list[Group]:
    """The groups in which not all treated patients were evaluable."""
    value = context.numbers.value
    return [
        g
        for g in context.groups
        if value(f"rate_all.ORR.{g.slug}.denominator")
        != value(f"rate_evaluable.ORR.{g.slug}.denominator")
    ]


@sentence(
    "response.other_denominator",
    when=lambda c: c.numbers.used("rate_all.") and evaluable_differs(c) and _denominators_differ(c),
)
def _other_denominator(context: Context) -> str:
    """The rate in the denominator that the text did not use, where it differs."""
    used = context.study["response"]["denominator"]
    other = {"evaluable": "all", "all": "evaluable"}[used]
    who = {"all": "all treated patients", "evaluable": "evaluable patients"}[other]
    clause = by_group(
        _denominators_differ(context),
        lambda g: context.numbers.share(f"rate_{other}.ORR.{g.slug}"),
    )
    return f"With {who} as the denominator, overall response was reached by {clause}."


@sentence(
    "response.all_evaluable",
    when=lambda c: c.numbers.used("rate_all.") and not _denominators_differ(c),
)
def _all_evaluable(context: Context) -> str:
    return "Every treated patient was evaluable for response."


@sentence("response.mrd", when=uses("rate.MRDNEG."))
def _mrd(context: Context) -> str:
    among = {
        "remission": "Among patients in composite complete remission",
        "tested": "Among the patients tested in remission",
        "all": "Among all treated patients",
    }[context.study["mrd"]["denominator"]]
    return (
        f"{among}, MRD was negative in {_shares('rate.MRDNEG', context)}"
        f"{_comparison('MRDNEG', context)}."
    )


def _remissions(context: Context) -> list[Group]:
    return context.groups_with("rate_remission.MRDNEG.{}.denominator")


@sentence("response.mrd_tested", when=_remissions)
def _mrd_tested(context: Context) -> str:
    """How many of the remissions were tested: what the rate leaves open."""

    def clause(group: Group) -> str:
        kinds = ("rate_tested", "rate_remission")
        counted = context.numbers.count(*(f"{k}.MRDNEG.{group.slug}.denominator" for k in kinds))
        return f"{counted} in remission"

    return f"MRD was tested in {by_group(_remissions(context), clause)}."


def _timed(context: Context) -> list[Group]:
    return context.groups_knowing("response.{}.TTR.median")


@sentence("response.times", when=lambda c: _timed(c))
def _times(context: Context) -> str:
    times = by_group(
        _timed(context), lambda g: context.numbers.ranged(f"response.{g.slug}.TTR", "months")
    )
    return f"In responders, the median time to first response was {times}{_ranks('TTR', context)}."


def _in_cycles(context: Context) -> list[Group]:
    value = context.numbers.value
    return [g for g in _timed(context) if value(f"response.{g.slug}.CYCBEST.median") is not None]


@sentence("response.cycles", when=lambda c: _in_cycles(c))
def _cycles(context: Context) -> str:
    cycles = by_group(
        _in_cycles(context), lambda g: context.numbers.var(f"response.{g.slug}.CYCBEST.median")
    )
    return (
        f"The median number of cycles to the best response was {cycles}"
        f"{_ranks('CYCBEST', context)}."
    )


def _ranks(parameter: str, context: Context) -> str:
    """The P value of the test by ranks between the groups; nothing where there is none."""
    numbers = context.numbers
    for kind in ("wilcoxon", "kruskal"):
        ard_id = f"{kind}.{parameter}.p_value"
        if ard_id in numbers and numbers.value(ard_id) is not None:
            return f" ({numbers.p(ard_id)})"
    return ""
