"""Methods and results of restricted means, strata, Gray's test, landmarks and changes in time."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report import prose_ratios
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, several, uses
from venaza.pipeline.report.grammar import Group, by_group, small
from venaza.pipeline.report.numbers import config_text, given
from venaza.pipeline.report.prose_ratios import stratified, subdistribution
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence


def methods(context: Context) -> str:
    """A paragraph on the methods that the ARD holds results of; empty where it holds none."""
    text = paragraph(
        _stratified_test(context),
        _gray_test(context),
        prose_ratios.methods(context),
        _restricted_means(context),
        _landmark_analysis(context),
        _time_dependent(context),
        _same_division(context),
        _last_day(context),
        _by_strata(context),
    )
    return f"\n{text}\n" if text else ""


@sentence("methods.stratified", when=uses("logrank_stratified."))
def _stratified_test(context: Context) -> str:
    return "The log-rank test was repeated within strata."


@sentence("methods.gray", when=uses("gray."))
def _gray_test(context: Context) -> str:
    return "Cumulative incidences were compared by Gray's test [@gray1988]."


@sentence("methods.rmst", when=uses("rmst."))
def _restricted_means(context: Context) -> str:
    return (
        "Restricted mean survival times are areas under the Kaplan–Meier curve with Greenwood's "
        "variance [@royston2013]."
    )


@sentence("methods.landmark", when=uses("landmark."))
def _landmark_analysis(context: Context) -> str:
    return (
        "In the landmark analysis [@anderson1983], survival was counted from a fixed day in those "
        "still under observation, by whether they had reached a remission until then."
    )


_changing = uses("tdcox.")


@sentence("methods.time_dependent", when=_changing)
def _time_dependent(context: Context) -> str:
    return (
        "What changed during follow-up entered Cox models as a time-dependent covariate: patients "
        "count as without the change until the day it came and as with it from then on."
    )


@sentence("methods.mantel_byar", when=_changing)
def _same_division(context: Context) -> str:
    return (
        "The same division underlies the Mantel–Byar test [@mantel1974] and the curves of Simon "
        "and Makuch [@simon1984]."
    )


@sentence("methods.last_day", when=_changing)
def _last_day(context: Context) -> str:
    return "A change on the last day of a patient was dated half a day earlier."


@sentence("methods.dynamic_strata", when=both(several, uses("landmark.", "tdcox.")))
def _by_strata(context: Context) -> str:
    name = config_text(small(str(context.study["groups"]["label"])), "groups.label")
    return f"These comparisons were made within strata of {name}."


def dynamic(context: Context) -> str:
    """The results: further comparisons of the groups, then what changed during follow-up."""
    numbers = context.numbers
    codes = list(context.study["endpoints"])
    changes = [(m[1], m[2]) for m, _ in numbers.matching(r"tdcox\.([^.]+)\.([^.]+)\.exposed")]
    landmarks = [
        _landmark(context, code, day)
        for code in codes
        for day in context.study["analysis"].get("landmark_days", ())
    ]
    return paragraphs(
        paragraph(
            *(write(context, code) for code in codes for write in (_stratified, stratified)),
            *(_restricted(context, code) for code in codes),
            *(_gray(context, code) for code in codes),
            subdistribution(context),
        ),
        paragraph(
            _immortal(context),
            *landmarks,
            *(_change(context, code, change) for code, change in changes),
            _associations(context),
        ),
        *(figure(name, context) for name in context.figures if name.startswith("simon_makuch_")),
    )


@sentence("dynamic.immortal", when=uses("landmark.", "tdcox."))
def _immortal(context: Context) -> str:
    return (
        f"A patient must live long enough to come to {_what(context)}, so a comparison of those "
        "who ever did with those who never did credits it with the time that they lived before "
        "(immortal time)."
    )


@sentence("dynamic.associations", when=uses("landmark.", "tdcox."))
def _associations(context: Context) -> str:
    return (
        "These are associations in an exploratory analysis: patients who come to "
        f"{_what(context)} may differ from the others in other ways."
    )


def _what(context: Context) -> str:
    """``first complete remission or transplant``: the changes that are looked at."""
    numbers = context.numbers
    terms = [small(numbers.term(key)) for _, key in numbers.matching(r"tdcox\.[^.]+\.[^.]+\.n")]
    named = any("remission" in term for term in terms)
    first = ["remission"] if numbers.used("landmark.") and not named else []
    return listed(list(dict.fromkeys([*first, *terms])), "or")


def salvage(context: Context) -> str:
    """A sentence on survival after failure by first therapy; empty where it is not known."""
    text = _salvage(context)
    return f"{text}\n" if text else ""


@sentence("dynamic.salvage", when=uses("salvage."))
def _salvage(context: Context) -> str:
    return (
        "Survival after failure by the kind of the first therapy is only described"
        f"{context.see('tbl failure')}: whoever was treated had to live until the treatment began "
        "(immortal time), and the choice of treatment may have followed the patient's condition."
    )


@sentence(
    "dynamic.stratified",
    when=lambda c, code: f"logrank_stratified.{code}.p_value" in c.numbers,
)
def _stratified(context: Context, code: str) -> str:
    numbers, stem = context.numbers, f"logrank_stratified.{code}"
    return (
        f"Within strata (in {numbers.var(f'{stem}.n')} patients with known strata), the log-rank "
        f"test for {small(context.label(code))} gave {numbers.p(f'{stem}.p_value')}."
    )


def _with_mean(context: Context, code: str) -> list[Group]:
    """The groups with a restricted mean of the endpoint."""
    if code not in context.study["analysis"].get("rmst_months", {}):
        return []
    return [g for g in context.groups if f"rmst.{code}.{g.slug}.estimate" in context.numbers]


@sentence("dynamic.rmst", when=_with_mean)
def _restricted(context: Context, code: str) -> str:
    numbers = context.numbers

    def mean(group: Group) -> str:
        stem = f"rmst.{code}.{group.slug}"
        value = numbers.with_unit(f"{stem}.estimate", " months")
        return f"{value} ({numbers.interval(stem)})"

    months = context.study["analysis"]["rmst_months"][code]
    horizon = given(f"{months:g}", f"analysis.rmst_months.{code}")
    means = by_group(_with_mean(context, code), mean)
    text = f"Up to {horizon} months, mean {small(context.label(code))} was {means}"
    stem = f"rmst.{code}.difference"
    if numbers.value(f"{stem}.estimate") is not None:
        value = f"{numbers.var(f'{stem}.estimate')} months ({numbers.interval(stem)}; "
        text += f", a difference of {value}{numbers.p(f'{stem}.p_value')})"
    return f"{text}."


@sentence("dynamic.gray", when=lambda c, code: f"gray.{code}.event.p_value" in c.numbers)
def _gray(context: Context, code: str) -> str:
    numbers = context.numbers
    return (
        f"Gray's test between the groups gave {numbers.p(f'gray.{code}.event.p_value')} for "
        f"{small(context.label(code))} and {numbers.p(f'gray.{code}.competing.p_value')} for its "
        "competing event."
    )


@sentence("dynamic.landmark", when=lambda c, code, day: c.numbers.used(f"landmark.{code}.d{day}."))
def _landmark(context: Context, code: str, day: int) -> str:
    """The first landmark with its medians, another with its test."""
    numbers, stem = context.numbers, f"landmark.{code}.d{day}"
    p = numbers.p(f"{stem}.all.p_value")
    when = f"{given(day, 'analysis.landmark_days')} days"
    if day != context.study["analysis"]["landmark_days"][0]:
        return f"From {when} on, the same comparison gave {p}."
    clauses = "; ".join(_arms(stem, g, context) + g.where for g in context.groups)
    label, see = small(context.label(code)), context.see("tbl dynamic")
    test = f"log-rank {p}"
    if numbers.too_few(f"{stem}.all.p_value"):
        test = f"log-rank test: {numbers.var(f'{stem}.all.p_value')}"
    return f"Counted from {when} on, median {label} was {clauses} ({test}){see}."


def _arms(stem: str, group: Group, context: Context) -> str:
    """``12.03 months in 14 patients in remission by then and 5.20 in 13 not in remission``."""
    numbers = context.numbers
    parts = []
    for arm, words in (("remission", "in remission by then"), ("no_remission", "not in remission")):
        own = f"{stem}.{group.slug}.{arm}"
        if numbers.value(f"{own}.n"):
            n = f"{numbers.var(f'{own}.n')} {'patients ' if arm == 'remission' else ''}{words}"
            median = numbers.with_unit(f"{own}.median", " months")
            if numbers.too_few(f"{own}.median"):
                median = "not estimated, for too few,"
            parts.append(f"{median} in {n}")
    return listed(parts) or "known of nobody"


@sentence(
    "dynamic.change", when=lambda c, code, change: f"tdcox.{code}.{change}.exposed" in c.numbers
)
def _change(context: Context, code: str, change: str) -> str:
    numbers, stem = context.numbers, f"tdcox.{code}.{change}"
    came = numbers.count(f"{stem}.exposed", f"{stem}.n")
    see = context.see(f"fig simon_makuch_{code}_{change.lower()}", "tbl dynamic")
    if numbers.too_few(f"{stem}.hazard_ratio"):
        result = "there are too few patients or events on one side to compare"
    elif numbers.value(f"{stem}.hazard_ratio") is None:
        result = "a hazard ratio could not be estimated"
    else:
        ratio = f"{numbers.var(f'{stem}.hazard_ratio')} ({numbers.interval(stem)})"
        test = numbers.p(f"mantelbyar.{code}.{change}.p_value")
        result = f"the hazard ratio after against before it was {ratio}, Mantel–Byar {test}"
    return (
        f"With {small(numbers.term(f'{stem}.exposed'))} (in {came}) as a time-dependent covariate "
        f"for {small(context.label(code))}, {result}{see}."
    )
