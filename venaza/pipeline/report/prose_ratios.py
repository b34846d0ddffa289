"""Methods and results of Cox models within strata and of Fine and Gray's regression."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import uses
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.prose_models import hazard
from venaza.pipeline.report.sentences import sentence


def methods(context: Context) -> str:
    """How both are estimated, as far as the ARD holds them."""
    return " ".join(filter(None, [_within_strata(context), _subdistribution_method(context)]))


@sentence("methods.cox_within_strata", when=uses("coxs."))
def _within_strata(context: Context) -> str:
    return (
        "Hazard ratios between the groups were estimated within the same strata by Cox models with "
        "a baseline hazard for each stratum."
    )


@sentence("methods.fine_gray", when=uses("finegray."))
def _subdistribution_method(context: Context) -> str:
    return (
        "Where events compete, subdistribution hazard ratios were estimated by the regression of "
        "Fine and Gray [@fine1999], one covariate at a time."
    )


@sentence("survival.cox_within_strata", when=lambda c, code: _between_groups("coxs", code, c))
def stratified(context: Context, code: str) -> str:
    """The groups' hazard ratio within the strata; nothing where there is none."""
    clauses = listed(_between_groups("coxs", code, context))
    return f"Within strata the hazard ratio was {clauses}."


def subdistribution(context: Context) -> str:
    """The groups' subdistribution hazard ratios of each endpoint that has them."""
    codes = [c for c in context.study["analysis"].get("fine_gray", {}) if _modelled(context, c)]
    texts = [write(context, code) for code in codes for write in (_between, _in_the_table)]
    return " ".join(filter(None, texts))


def _modelled(context: Context, code: str) -> bool:
    return context.numbers.used(f"finegray.{code}.")


@sentence("survival.fine_gray", when=lambda c, code: _between_groups("finegray", code, c))
def _between(context: Context, code: str) -> str:
    label, see = small(context.label(code)), context.see("tbl survival")
    clauses = listed(_between_groups("finegray", code, context))
    return f"The subdistribution hazard ratio for {label} was {clauses}{see}."


@sentence(
    "survival.fine_gray_in_the_table",
    when=lambda c, code: _modelled(c, code) and not _between_groups("finegray", code, c),
)
def _in_the_table(context: Context, code: str) -> str:
    label, see = small(context.label(code)), context.see("tbl survival")
    return f"Subdistribution hazard ratios for {label} are in the table{see}."


def _between_groups(kind: str, code: str, context: Context) -> list[str]:
    numbers = context.numbers
    found = numbers.matching(rf"{kind}\.{code}\.GROUP\.([^.]+)\.hazard_ratio")
    return [hazard(i, context) for _, i in found if numbers.value(i) is not None]
