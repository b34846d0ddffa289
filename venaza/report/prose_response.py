"""Results: response rates in both denominators, MRD, time to response."""

from __future__ import annotations

from venaza.report import prose_transfusions
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.words import Group, by_group

_REACHED = {
    "ORR": "Overall response was reached by",
    "CRC": "Composite complete remission was reached by",
}


def response(context: Context) -> str:
    """The section on response; empty where the study assessed none."""
    if not context.numbers.used("rate.ORR."):
        return ""
    paragraphs = [_rates(context), _all_treated(context), _mrd(context), _times(context)]
    paragraphs.append(prose_transfusions.results(context))
    text = "\n\n".join(filter(None, paragraphs))
    title = "Response and measurable residual disease"
    if not context.numbers.used("rate.MRDNEG."):
        title = "Response"
    return f"## {title}\n\n{text}\n\n{figure('response', context)}"


def _shares(stem: str, context: Context) -> str:
    return by_group(context.groups, lambda g: context.numbers.share(f"{stem}.{g.slug}"))


def _rates(context: Context) -> str:
    kind = {"evaluable": "Among evaluable patients, o", "all": "Among all treated patients, o"}
    opening = kind[context.study["response"]["denominator"]]
    text = [
        f"{opening}{_REACHED['ORR'][1:]} {_shares('rate.ORR', context)}"
        f"{_comparison('ORR', context)}{context.see('fig response', 'tbl response')}."
    ]
    if _same_counts("ORR", "CRC", context):
        text.append("Every response was a composite complete remission.")
    else:
        text.append(
            f"{_REACHED['CRC']} {_shares('rate.CRC', context)}{_comparison('CRC', context)}."
        )
    return " ".join(text)


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
    """Whether being evaluable says more than having responded.

    In an export that records responses alone nobody is evaluable without one.
    """
    value = context.numbers.value
    return context.study["response"]["denominator"] == "evaluable" or any(
        value(f"rate_evaluable.ORR.{g.slug}.n") != value(f"rate_evaluable.ORR.{g.slug}.denominator")
        for g in context.groups
    )


def _all_treated(context: Context) -> str:
    """The rate in the denominator that the text did not use, where it differs."""
    if not evaluable_differs(context):
        return ""
    used = context.study["response"]["denominator"]
    other = {"evaluable": "all", "all": "evaluable"}[used]
    value = context.numbers.value
    differ = [
        g
        for g in context.groups
        if value(f"rate.ORR.{g.slug}.denominator")
        != value(f"rate_{other}.ORR.{g.slug}.denominator")
    ]
    if not differ:
        return "" if other == "all" else "Every treated patient was evaluable for response."
    who = {"all": "all treated patients", "evaluable": "evaluable patients"}[other]
    clause = by_group(differ, lambda g: context.numbers.share(f"rate_{other}.ORR.{g.slug}"))
    return f"With {who} as the denominator, overall response was reached by {clause}."


def _mrd(context: Context) -> str:
    if not context.numbers.used("rate.MRDNEG."):
        return ""
    among = {
        "remission": "Among patients in composite complete remission",
        "tested": "Among the patients tested",
        "all": "Among all treated patients",
    }[context.study["mrd"]["denominator"]]
    return (
        f"{among}, MRD was negative in {_shares('rate.MRDNEG', context)}"
        f"{_comparison('MRDNEG', context)}."
    )


def _times(context: Context) -> str:
    numbers = context.numbers
    groups = [g for g in context.groups if numbers.value(f"response.{g.slug}.TTR.median")]
    if not groups:
        return ""

    def clause(group: Group) -> str:
        stem = f"response.{group.slug}.TTR"
        spread = f"{numbers.var(f'{stem}.min')} to {numbers.var(f'{stem}.max')}"
        return f"{numbers.var(f'{stem}.median')} months (range {spread})"

    text = f"In responders, the median time to first response was {by_group(groups, clause)}"
    text += f"{_ranks('TTR', context)}."
    if all(f"response.{g.slug}.CYCBEST.median" in numbers for g in groups):
        cycles = by_group(groups, lambda g: numbers.var(f"response.{g.slug}.CYCBEST.median"))
        text += f" The median number of cycles to the best response was {cycles}"
        text += f"{_ranks('CYCBEST', context)}."
    return text


def _ranks(parameter: str, context: Context) -> str:
    """The P value of the test by ranks between the groups; nothing where there is none."""
    numbers = context.numbers
    for kind in ("wilcoxon", "kruskal"):
        ard_id = f"{kind}.{parameter}.p_value"
        if ard_id in numbers and numbers.value(ard_id) is not None:
            return f" ({numbers.p(ard_id)})"
    return ""
