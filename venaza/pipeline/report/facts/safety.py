"""Facts on safety: adverse events, and up to when findings count as treatment-emergent."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, maps, no, uses
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text

#: How many terms the text names.
_MOST_FREQUENT = 3


@in_text
def treated(context: Context) -> list[Group]:
    """The groups with a patient who received the regimen."""
    return context.groups_with("n.SAF.{}")


@in_text
def most_frequent(context: Context) -> list[str]:
    """The stems of the terms most patients had, in the order of the ARD (falling number)."""
    found = context.numbers.matching(r"(ae\.all\.(?!total\.)[^.]+)\.any\.n")
    return [match[1] for match, _ in found][:_MOST_FREQUENT]


@in_text
def ends(context: Context) -> list[str]:
    """What ends the period: ``after_last_dose``, and milestones that the data can hold."""
    study, rule = context.study, context.study["treatment_emergent"]
    tables = {name: study["milestones"][name].get("table") for name in rule["until"]}
    known = [name for name, table in tables.items() if table is None or table in study["tables"]]
    return (["after_last_dose"] if rule["after_last_dose"] is not None else []) + known


def _of_unknown_dose(context: Context) -> bool:
    ended = context.study["treatment_emergent"]["after_last_dose"] is not None
    return ended and bool(context.numbers.value("n.NODOSE.all"))


_shown = uses("ae.", "lab.")

bind(
    {
        "safety.none": both(maps("adverse_events"), no(uses("ae."))),
        "safety.totals": uses("ae."),
        "safety.frequent": most_frequent,
        "methods.adverse_events": uses("ae."),
        "methods.emergent": both(_shown, ends),
        "methods.emergent_open": both(_shown, no(ends)),
        "methods.emergent_unknown_dose": both(_shown, _of_unknown_dose),
    }
)
