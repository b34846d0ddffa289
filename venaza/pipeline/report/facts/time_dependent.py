"""Facts on strata, restricted means, competing risks, landmarks and changes during follow-up."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import Fact, both, no, several, uses
from venaza.pipeline.report.facts.models import between_groups
from venaza.pipeline.report.grammar import Group, small
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text


@in_text
def fine_gray(context: Context) -> list[str]:
    """The endpoints with subdistribution hazard ratios."""
    codes = context.study["analysis"].get("fine_gray", {})
    return [code for code in codes if _subdistribution(context, code)]


def _subdistribution(context: Context, code: str) -> bool:
    return context.numbers.used(f"finegray.{code}.")


def _compared(kind: str) -> Fact:
    return lambda context, code: between_groups(context, kind, code)


@in_text
def landmarks(context: Context) -> list[tuple[str, int]]:
    """Each endpoint with each day that survival is counted from."""
    days = context.study["analysis"].get("landmark_days", ())
    return [(code, day) for code in context.study["endpoints"] for day in days]


@in_text
def changes(context: Context) -> list[tuple[str, str]]:
    """Each endpoint with each change during follow-up that was looked at."""
    found = context.numbers.matching(r"tdcox\.([^.]+)\.([^.]+)\.exposed")
    return [(match[1], match[2]) for match, _ in found]


@in_text
def looked_at(context: Context) -> tuple[bool, list[str]]:
    """Whether remission is looked at by landmarks only; the words of the other changes."""
    numbers = context.numbers
    found = numbers.matching(r"tdcox\.[^.]+\.[^.]+\.n")
    terms = list(dict.fromkeys(small(numbers.term(ard_id)) for _, ard_id in found))
    named = any("remission" in term for term in terms)
    return numbers.used("landmark.") and not named, terms


@in_text
def with_mean(context: Context, code: str) -> list[Group]:
    """The groups with a restricted mean of the endpoint."""
    if code not in context.study["analysis"].get("rmst_months", {}):
        return []
    return [g for g in context.groups if f"rmst.{code}.{g.slug}.estimate" in context.numbers]


@in_text
def arms(context: Context, stem: str, group: Group) -> dict[str, str]:
    """The stems of those in remission by a landmark and of the others, where there are any."""
    own = {arm: f"{stem}.{group.slug}.{arm}" for arm in ("remission", "no_remission")}
    return {arm: stem for arm, stem in own.items() if context.numbers.value(f"{stem}.n")}


def _has(ard_id: str) -> Fact:
    """The ARD has the number; ``{}`` are filled by what the sentence is about."""
    return lambda context, *about: ard_id.format(*about) in context.numbers


_changing = uses("tdcox.")
_moving = uses("landmark.", "tdcox.")

bind(
    {
        "methods.stratified": uses("logrank_stratified."),
        "methods.gray": uses("gray."),
        "methods.cox_within_strata": uses("coxs."),
        "methods.fine_gray": uses("finegray."),
        "methods.rmst": uses("rmst."),
        "methods.landmark": uses("landmark."),
        "methods.time_dependent": _changing,
        "methods.mantel_byar": _changing,
        "methods.last_day": _changing,
        "methods.dynamic_strata": both(several, _moving),
        "dynamic.stratified": _has("logrank_stratified.{}.p_value"),
        "survival.cox_within_strata": _compared("coxs"),
        "dynamic.rmst": with_mean,
        "dynamic.gray": _has("gray.{}.event.p_value"),
        "survival.fine_gray": _compared("finegray"),
        "survival.fine_gray_in_the_table": both(_subdistribution, no(_compared("finegray"))),
        "dynamic.immortal": _moving,
        "dynamic.landmark": lambda c, code, day: c.numbers.used(f"landmark.{code}.d{day}."),
        "dynamic.change": _has("tdcox.{}.{}.exposed"),
        "dynamic.associations": _moving,
        "dynamic.salvage": uses("salvage."),
    }
)
