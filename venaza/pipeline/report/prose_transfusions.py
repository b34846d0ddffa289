"""Transfusion independence: what it is and who reached it; silent where none is recorded."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import by_group
from venaza.pipeline.report.numbers import given
from venaza.pipeline.report.sentences import sentence

_KINDS = {"TIRBC": "red cells", "TIPLT": "platelets"}


def _given(context: Context) -> list[str]:
    return [code for code in _KINDS if context.numbers.used(f"rate.{code}.")]


@sentence("methods.transfusions", when=_given)
def methods(context: Context) -> str:
    """The definition, in the study's own days."""
    rule = context.study["transfusions"]
    free = given(rule["free_days"], "transfusions.free_days")
    after = given(rule["after_last_dose"], "transfusions.after_last_dose")
    return (
        f"Transfusion independence was {free} days in a row without a transfusion of red cells, or "
        f"of platelets, between the first dose and {after} days after the last [@dinardo2020], "
        "before failure, a further therapy, transplant or death."
    )


@sentence("response.transfusions", when=_given)
def results(context: Context) -> str:
    """The rate for each kind of transfusion, among all treated patients."""
    said = [
        f"independence of {_KINDS[code]} was reached by "
        + by_group(context.groups, lambda g, c=code: context.numbers.share(f"rate.{c}.{g.slug}"))
        for code in _given(context)
    ]
    return f"Among all treated patients, {'; '.join(said)}."
