"""Facts on the discussion: the published figures, the limitations, what may be concluded."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    Fact,
    author,
    baseline_gaps,
    between_arms,
    both,
    follow_up_short,
    has_patients,
    last_event,
    levelled_off,
    no,
    nobody_had_it,
    randomised,
    several,
    synthetic,
    uses,
)
from venaza.pipeline.report.facts.abstract import compared, has_medians, primary
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text

#: Below so many patients in a group, its size is named as a limitation.
FEW = 100


@in_text
def is_compared(context: Context) -> bool:
    """Whether the computed values stand beside published ones."""
    return bool(context.study.get("published")) and context.numbers.used("published.")


@in_text
def all_agree(context: Context) -> bool:
    """Whether every published figure agrees with the computed one."""
    found = _compared_figures(context)
    return bool(found) and all(found.values())


def _compared_figures(context: Context) -> dict[tuple[str, str], bool]:
    """Whether each published figure, by group and measure, agrees with the computed one."""
    found = context.numbers.matching(r"published\.([^.]+)\.([^.]+)\.agrees")
    return {(m[1], m[2]): context.numbers.value(ard_id) == 1 for m, ard_id in found}


@in_text
def differing(context: Context) -> list[tuple[Group, str]]:
    """The group and the measure of each published figure that the computed one differs from."""
    groups = {g.slug: g for g in context.groups} | {"all": Group(label="")}
    return [(groups[g], m) for (g, m), agrees in _compared_figures(context).items() if not agrees]


@in_text
def some_agree(context: Context) -> bool:
    """Whether any published figure agrees with the computed one."""
    return any(_compared_figures(context).values())


@in_text
def invented(context: Context) -> list[str]:
    """What a publication does not state of the patients made after it."""
    stated = context.study["published"]["numbers"].values()
    age = any(str(ard_id).startswith("desc.AGE.") for ard_id in stated)
    events = ["adverse_events"] if "adverse_events" in context.study["tables"] else []
    return ["baseline_but_age" if age else "baseline", *events]


@in_text
def arms_compared(context: Context) -> bool:
    """Whether the randomised arms were tested for a difference in the primary endpoint."""
    return between_arms(context) and compared(context)


@in_text
def arms_differ(context: Context) -> bool:
    """Whether that test rejects at the level of the confidence intervals."""
    p_value = context.numbers.value(f"logrank.{primary(context)}.p_value")
    return p_value < 1 - context.study["analysis"]["confidence"]


@in_text
def small_groups(context: Context) -> list[Group]:
    """The groups of few patients."""
    value = context.numbers.value
    return [g for g in context.groups if (value(f"n.ITT.{g.slug}") or 0) < FEW]


def _designed(word: str) -> Fact:
    """The study file's words on the design hold this one."""
    return lambda context: word in context.study["study"]["design"].lower()


def _tests(context: Context) -> int:
    """How many P values the ARD holds."""
    found = context.numbers.matching(r".+\.p_value")
    return sum(context.numbers.value(ard_id) is not None for _, ard_id in found)


def _by_response(context: Context) -> bool:
    """Whether survival by remission, or from it on, is in the results."""
    numbers = context.numbers
    changes = context.study["analysis"].get("time_dependent") or {}
    remission = any("REMISSION" in str(m) for own in changes.values() for m in own.values())
    return numbers.used("landmark.") or (remission and numbers.used("tdcox."))


@in_text
def modelled_gaps(context: Context) -> bool:
    """Whether a covariate of a Cox model is missing in somebody."""
    analysis = context.study["analysis"]
    chosen = [analysis.get("cox") or {}, analysis.get("multivariable") or {}]
    names = {
        str(name.get("name") if isinstance(name, dict) else name)
        for models in chosen
        for covariates in models.values()
        for name in covariates
    }
    gaps = bool(names) and baseline_gaps(context, "|".join(names)) > 0
    return gaps and context.numbers.used("cox.")


@in_text
def last_of_primary(context: Context, group: Group) -> tuple[float, int]:
    """The months to the primary endpoint's last event, and how many were followed for longer."""
    return last_event(context, primary(context), group)


def _of_primary(fact: Fact) -> Fact:
    """A fact on the primary endpoint in a group."""
    return lambda context, group: fact(context, primary(context), group)


def _estimated(context: Context) -> list[Group]:
    return context.with_patients(primary(context))


_made_after = both(synthetic, lambda c: c.study.get("published"))


def _summed_up(context: Context) -> bool:
    """Whether the findings are to be summed up: the authors have not discussed them themselves."""
    return not author.wrote(context, "discussion")


bind(
    {
        "published.table": is_compared,
        "published.agree": both(is_compared, all_agree),
        "published.differ": both(is_compared, no(all_agree)),
        "primary.median": both(_summed_up, _estimated),
        "primary.none": both(_summed_up, no(_estimated)),
        "conclusion.agreement": _made_after,
        "conclusion.check": _made_after,
        "conclusion.synthetic": both(synthetic, no(_made_after)),
        "conclusion.arms": both(no(synthetic), arms_compared),
        "conclusion.randomised": both(no(synthetic), several, randomised),
        "conclusion.descriptive": both(no(synthetic), several, no(randomised)),
        "conclusion.single_arm": both(no(synthetic), no(several)),
        "discussion.response": both(_summed_up, uses("rate.ORR.")),
        "discussion.after_failure": both(_summed_up, lambda c: has_medians(c, "PFOS")),
        "discussion.made_after": both(synthetic, is_compared),
        "discussion.made_to_agree": both(synthetic, is_compared, all_agree),
        "discussion.invented": both(synthetic, is_compared),
        "discussion.compared": both(no(synthetic), is_compared),
        "limits.synthetic": synthetic,
        "limits.small": small_groups,
        "limits.retrospective": _designed("retrospective"),
        "limits.single_centre": _designed("single-centre"),
        "limits.randomised": both(randomised, several),
        "limits.no_comparator": no(several),
        "limits.not_random": both(several, no(randomised)),
        "limits.unadjusted": lambda c: _tests(c) > 1,
        "limits.after_failure": has_patients("PFOS"),
        "limits.responders_not_compared": both(uses("rate.ORR."), no(_by_response)),
        "limits.responders_compared": both(uses("rate.ORR."), _by_response),
        "limits.missing_baseline": lambda c: baseline_gaps(c) > 0,
        "limits.follow_up_short": _of_primary(follow_up_short),
        "limits.plateau": _of_primary(levelled_off),
        "limits.no_event": _of_primary(nobody_had_it),
        "availability.source": lambda c: c.study["study"].get("source"),
        "availability.licence": lambda c: c.study["study"].get("licence"),
        "availability.synthetic": synthetic,
    }
)
