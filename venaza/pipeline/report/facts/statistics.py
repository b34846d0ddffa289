"""Facts on the statistical methods: each holds where the ARD has a number made by the method."""

from __future__ import annotations

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.columns import names as names_of
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    baseline_gaps,
    between_arms,
    both,
    no,
    randomised,
    uses,
)
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text

#: Patients' columns that are known only after the index date.
AFTER_INDEX = set(names_of(ADSL_DERIVED)) - {"GROUP"}


@in_text
def contingency(context: Context) -> list[str]:
    """The methods by which categories at baseline were compared."""
    if not context.study["analysis"].get("compare_baseline"):
        return []
    rows = (row for row in context.numbers.rows() if row["analysis"] == "contingency")
    return sorted({str(row["method"]).partition(",")[0] for row in rows})


@in_text
def truncated(context: Context) -> list[str]:
    """The endpoints under whose observation patients came late."""
    return [code for code, spec in context.study["endpoints"].items() if "entry" in spec]


@in_text
def modelled(context: Context) -> list[str]:
    """The endpoints with Cox models of one covariate at a time."""
    found = {row["endpoint"] for row in _univariable(context)}
    return [code for code in context.study["endpoints"] if code in found]


def _univariable(context: Context) -> list[dict]:
    return [row for row in context.numbers.rows() if row["analysis"] == "cox"]


def _known_later(context: Context) -> set[str]:
    """The covariates of Cox models that are known only after the index date."""
    return {str(row["term"]) for row in _univariable(context)} & AFTER_INDEX


def _numeric(context: Context) -> bool:
    return bool(context.numbers.matching(r"desc\.[^.]+\.all\.median"))


def _categorical(context: Context) -> bool:
    return bool(context.numbers.matching(r"desc\.[^.]+\.all\.[^.]+\.percent"))


def _somebody_at_risk(context: Context) -> bool:
    return any(context.with_patients(code) for code in context.study["endpoints"])


def _log_ranks(context: Context) -> bool:
    found = context.numbers.matching(r"logrank\..+\.p_value")
    return any(context.numbers.value(ard_id) is not None for _, ard_id in found)


def _primary_tested(context: Context) -> bool:
    """The groups are compared in the primary endpoint, and the test could be made."""
    code = context.study["analysis"]["primary"]
    return context.numbers.value(f"logrank.{code}.p_value") is not None


def _tested(context: Context) -> bool:
    tests = ("fisher.", "logrank.", "cox.", "wilcoxon.", "kruskal.")
    return uses(*tests)(context) or bool(contingency(context))


bind(
    {
        "methods.numbers_described": _numeric,
        "methods.categories_described": _categorical,
        "methods.not_imputed": lambda c: baseline_gaps(c) > 0,
        "methods.intervals": uses("rate.", "early."),
        "methods.fisher": uses("fisher."),
        "methods.ranks": uses("wilcoxon.", "kruskal."),
        "methods.categories": contingency,
        "methods.kaplan_meier": _somebody_at_risk,
        "methods.late_entry": truncated,
        "methods.log_rank": _log_ranks,
        "methods.incidence": uses("ci."),
        "methods.follow_up": both(uses("rkm."), uses("followup.")),
        "methods.floor": Always("the floor is a rule of every study"),
        "methods.months": Always("every time is computed in days"),
        "methods.cox": _univariable,
        "methods.no_later_covariate": both(_univariable, no(_known_later)),
        "methods.exploratory": both(_tested, no(between_arms), no(_primary_tested)),
        "methods.one_comparison": both(_tested, no(between_arms), _primary_tested),
        "methods.confirmatory": both(_tested, between_arms),
        "methods.strobe": no(randomised),
        "methods.software": Always("every manuscript is made by this program"),
    }
)
