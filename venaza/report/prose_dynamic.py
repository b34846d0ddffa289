"""Methods and results of restricted means, strata, Gray's test, landmarks and changes in time."""

from __future__ import annotations

from venaza.report import prose_ratios
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import given
from venaza.report.prose_ratios import stratified, subdistribution
from venaza.report.words import Group, by_group, listed, small


def methods(context: Context) -> str:
    """A paragraph on the methods that the ARD holds results of; empty where it holds none."""
    numbers = context.numbers
    said = {
        "logrank_stratified.": "The log-rank test was repeated within strata.",
        "gray.": "Cumulative incidences were compared by Gray's test [@gray1988].",
        "rmst.": "Restricted mean survival times are areas under the Kaplan–Meier curve with "
        "Greenwood's variance [@royston2013].",
        "landmark.": "In the landmark analysis [@anderson1983], survival was counted from a fixed "
        "day in those still under observation, by whether they had reached a remission until then.",
        "tdcox.": "What changed during follow-up entered Cox models as a time-dependent covariate: "
        "patients count as without the change until the day it came and as with it from then on. "
        "The same division underlies the Mantel–Byar test [@mantel1974] and the curves of Simon "
        "and Makuch [@simon1984]. A change on the last day of a patient was dated half a day "
        "earlier.",
    }
    sentences = [text for prefix, text in said.items() if numbers.used(prefix)]
    sentences += filter(None, [prose_ratios.methods(context)])
    grouped = context.several and (numbers.used("landmark.") or numbers.used("tdcox."))
    if grouped:
        name = small(str(context.study["groups"]["label"]))
        sentences.append(f"These comparisons were made within strata of {name}.")
    return f"\n{' '.join(sentences)}\n" if sentences else ""


def dynamic(context: Context) -> str:
    """The results: further comparisons of the groups, then what changed during follow-up."""
    numbers = context.numbers
    further = [_stratified(context), _restricted(context), _gray(context)]
    further.append(subdistribution(context))
    blocks = [" ".join(filter(None, further))]
    if numbers.used("landmark.") or numbers.used("tdcox."):
        what = _what(context)
        immortal = (
            f"A patient must live long enough to come to {what}, so a comparison of those who ever "
            "did with those who never did credits it with the time that they lived before "
            "(immortal time)."
        )
        warning = (
            f"These are associations in an exploratory analysis: patients who come to {what} "
            "differ from the others in more than that."
        )
        changes = [_landmarks(context), *_changes(context)]
        blocks.append(" ".join(filter(None, [immortal, *changes, warning])))
    blocks += [
        figure(name, context) for name in context.figures if name.startswith("simon_makuch_")
    ]
    return "\n\n".join(filter(None, blocks))


def _what(context: Context) -> str:
    """``first complete remission or transplant``: the changes that are looked at."""
    numbers = context.numbers
    terms = [small(numbers.term(key)) for _, key in numbers.matching(r"tdcox\.[^.]+\.[^.]+\.n")]
    return listed(list(dict.fromkeys(terms)), "or") or "remission"


def salvage(context: Context) -> str:
    """A sentence on survival after failure by first therapy; empty where it is not known."""
    if not context.numbers.used("salvage."):
        return ""
    return (
        "Survival after failure by the kind of the first therapy is only described"
        f"{context.see('tbl failure')}: whoever was treated had to live until the treatment began "
        "(immortal time), and the choice of treatment followed the patient's condition.\n"
    )


def _stratified(context: Context) -> str:
    numbers = context.numbers
    sentences = []
    for match, ard_id in numbers.matching(r"logrank_stratified\.([^.]+)\.p_value"):
        label = small(context.label(match[1]))
        n = numbers.var(f"logrank_stratified.{match[1]}.n")
        sentences.append(
            f"Within strata (in {n} patients with known strata), the log-rank test for {label} "
            f"gave {numbers.p(ard_id)}."
        )
        sentences.append(stratified(context, match[1]))
    return " ".join(filter(None, sentences))


def _restricted(context: Context) -> str:
    numbers = context.numbers
    sentences = []
    for code, months in context.study["analysis"].get("rmst_months", {}).items():
        known = [g for g in context.groups if f"rmst.{code}.{g.slug}.estimate" in numbers]
        if not known:
            continue

        def mean(group: Group, code: str = code) -> str:
            stem = f"rmst.{code}.{group.slug}"
            value = numbers.with_unit(f"{stem}.estimate", " months")
            return f"{value} ({numbers.interval(stem)})"

        horizon = given(f"{months:g}", f"analysis.rmst_months.{code}")
        label = small(context.label(code))
        text = f"Up to {horizon} months, mean {label} was {by_group(known, mean)}"
        stem = f"rmst.{code}.difference"
        if numbers.value(f"{stem}.estimate") is not None:
            value = f"{numbers.var(f'{stem}.estimate')} months ({numbers.interval(stem)}; "
            text += f", a difference of {value}{numbers.p(f'{stem}.p_value')})"
        sentences.append(f"{text}.")
    return " ".join(sentences)


def _gray(context: Context) -> str:
    numbers = context.numbers
    sentences = []
    for match, ard_id in numbers.matching(r"gray\.([^.]+)\.event\.p_value"):
        other = f"gray.{match[1]}.competing.p_value"
        sentences.append(
            f"Gray's test between the groups gave {numbers.p(ard_id)} for "
            f"{small(context.label(match[1]))} and {numbers.p(other)} for its competing event."
        )
    return " ".join(sentences)


def _landmarks(context: Context) -> str:
    """The first landmark with its medians, the others with their test."""
    numbers = context.numbers
    sentences = []
    for code in [c for c in context.study["endpoints"] if numbers.used(f"landmark.{c}.")]:
        for i, day in enumerate(context.study["analysis"]["landmark_days"]):
            stem = f"landmark.{code}.d{day}"
            p = numbers.p(f"{stem}.all.p_value")
            when = f"{given(day, 'analysis.landmark_days')} days"
            if i:
                sentences.append(f"From {when} on, the same comparison gave {p}.")
            else:
                clauses = "; ".join(_arms(stem, g, context) + g.where for g in context.groups)
                label = small(context.label(code))
                see = context.see("tbl dynamic")
                test = f"log-rank {p}"
                if numbers.too_few(f"{stem}.all.p_value"):
                    test = f"log-rank test: {numbers.var(f'{stem}.all.p_value')}"
                sentences.append(
                    f"Counted from {when} on, median {label} was {clauses} ({test}){see}."
                )
    return " ".join(sentences)


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


def _changes(context: Context) -> list[str]:
    numbers = context.numbers
    sentences = []
    for match, ard_id in numbers.matching(r"tdcox\.([^.]+)\.([^.]+)\.exposed"):
        code, change = match[1], match[2]
        stem = f"tdcox.{code}.{change}"
        what = small(numbers.term(ard_id))
        came = f"{numbers.var(ard_id)} of {numbers.var(f'{stem}.n')} patients"
        see = context.see(f"fig simon_makuch_{code}_{change.lower()}", "tbl dynamic")
        label = small(context.label(code))
        if numbers.too_few(f"{stem}.hazard_ratio"):
            result = "there are too few patients or events on one side to compare"
        elif numbers.value(f"{stem}.hazard_ratio") is None:
            result = "a hazard ratio could not be estimated"
        else:
            ratio = f"{numbers.var(f'{stem}.hazard_ratio')} ({numbers.interval(stem)})"
            test = numbers.p(f"mantelbyar.{code}.{change}.p_value")
            result = f"the hazard ratio after against before it was {ratio}, Mantel–Byar {test}"
        sentences.append(
            f"With {what} (in {came}) as a time-dependent covariate for {label}, {result}{see}."
        )
    return sentences
