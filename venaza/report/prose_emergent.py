"""Methods: up to when an adverse event or a laboratory grade counts as treatment-emergent."""

from __future__ import annotations

from venaza.report.context import Context
from venaza.report.numbers import config_text, given
from venaza.report.words import listed, small


def methods(context: Context) -> str:
    """The treatment-emergent period; empty where neither events nor laboratory values are shown."""
    numbers = context.numbers
    if not numbers.used("ae.") and not numbers.used("lab."):
        return ""
    ends = _ends(context.study)
    text = "Findings were treatment-emergent from the index date"
    text += f" to {ends}" if ends else " to the end of follow-up"
    open_ended = numbers.value("n.NODOSE.all") if "n.NODOSE.all" in numbers else 0
    if open_ended and context.study["treatment_emergent"]["after_last_dose"] is not None:
        patients = (
            "patient whose last dose is" if open_ended == 1 else "patients whose last dose is"
        )
        text += (
            f"; for {numbers.var('n.NODOSE.all')} {patients} not recorded, the dose did not end "
            "the period"
        )
    return f"{text}."


def _ends(study: dict) -> str:
    rule = study["treatment_emergent"]
    ends = []
    if rule["after_last_dose"] is not None:
        days = given(rule["after_last_dose"], "treatment_emergent.after_last_dose")
        ends.append(f"{days} days after the last dose")
    for name in rule["until"]:
        spec = study["milestones"][name]
        if spec.get("table") is None or spec["table"] in study["tables"]:
            said = config_text(small(spec["description"]), f"milestones.{name}.description")
            ends.append(said)
    first = ", whichever came first" if len(ends) > 1 else ""
    return f"{listed(ends, 'or')}{first}" if ends else ""
