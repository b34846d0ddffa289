"""Facts on the patients, dates and endpoints of a study, most of them from its configuration."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    both,
    left_out,
    maps,
    never_begun,
    no,
    several,
    shows,
    synthetic,
)
from venaza.pipeline.report.facts.quality import asked
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text
from venaza.study.words import say

DEATH = "DEATH"


@in_text
def not_begun(context: Context) -> int:
    """How many patients have no index date."""
    return never_begun(context)


@in_text
def date_rule(context: Context, part: str) -> str:
    """What is done about dates without that part: the day or month put in, or ``refuse``."""
    return str(context.study["timeline"]["partial_dates"][part])


@in_text
def by_cycles(context: Context) -> dict:
    """The rule that dates responses by their cycle; empty without one."""
    return context.study["tables"].get("responses", {}).get("dated_by_cycles") or {}


@in_text
def other_endpoints(context: Context) -> list[str]:
    """The endpoints beside the primary one, in the order of the configuration."""
    return [c for c in context.study["endpoints"] if c != context.study["analysis"]["primary"]]


@in_text
def censored_alike(context: Context) -> bool:
    """Whether each endpoint censors on the date last known alive, and in no other way."""
    endpoints = context.study["endpoints"].values()
    own = any(spec.get("censor_at") or spec.get("landmark") for spec in endpoints)
    return not own and all(spec["censors"] == ["LAST_ALIVE"] for spec in endpoints)


@in_text
def failures(context: Context) -> list[str]:
    """The milestones that end the regimen's success."""
    return context.study["failure"]["milestones"]


@in_text
def refractory_cycles(context: Context) -> object:
    """After how many cycles refractory disease can be failure; None where it is none."""
    study = context.study
    least = study["milestones"].get("REFRACTORY", {}).get("min") or {}
    if "REFRACTORY" not in failures(context) or not (cycles := least.get("CYCLE")):
        return None
    return study["response"].get(cycles, cycles) if isinstance(cycles, str) else cycles


@in_text
def supportive(context: Context) -> list[str]:
    """Therapies that count as supportive care, without one that is part of another's name."""
    names = context.study["failure"]["supportive"]
    whole = [n for n in names if not any(n != other and n in other for other in names)]
    return [say(context.study, name) for name in whole]


def _pooled(context: Context) -> bool:
    return any(f"km.{code}.all.n" in context.numbers for code in context.study["endpoints"])


def _calendar(context: Context) -> bool:
    return context.study["timeline"]["dates"] != "study_days"


def _refused(context: Context) -> bool:
    return date_rule(context, "missing_day") == "refuse"


def _from_failure(context: Context) -> bool:
    return any(e["start"] == "FAILURE" for e in context.study["endpoints"].values())


bind(
    {
        "methods.design": no(synthetic),
        "methods.design_synthetic": synthetic,
        "methods.data": no(synthetic),
        "methods.index": Always("every study names its index date"),
        "methods.population": lambda c: c.adsl is not None and not left_out(c),
        "methods.never_begun": never_begun,
        "methods.groups": several,
        "methods.one_group": both(no(several), lambda c: c.study.get("groups")),
        "methods.not_pooled": both(several, no(_pooled)),
        "methods.cutoff": lambda c: c.study["cutoff"],
        "methods.no_cutoff": lambda c: not c.study["cutoff"],
        "methods.shifted": lambda c: c.study["timeline"].get("shifted"),
        "methods.study_days": no(_calendar),
        "methods.refused_dates": both(_calendar, _refused),
        "methods.completed_dates": both(_calendar, no(_refused)),
        "methods.dated_by_cycles": by_cycles,
        "methods.logged": Always("cleaning logs each value that it changes"),
        "methods.queried": asked,
        "methods.primary": Always("every study names its primary endpoint"),
        "methods.other_endpoints": other_endpoints,
        "methods.endpoint": Always("written for each endpoint of the study"),
        "methods.censored": censored_alike,
        "methods.failure": _from_failure,
        "methods.death_no_failure": both(_from_failure, lambda c: DEATH not in failures(c)),
        "methods.supportive": both(maps("therapies"), supportive),
        "methods.definitions": shows("tbl definitions"),
    }
)
