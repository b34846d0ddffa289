"""Methods: up to when an adverse event or a laboratory grade counts as treatment-emergent."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_text, given
from venaza.pipeline.report.sentences import paragraph, sentence


def methods(context: Context) -> str:
    """The treatment-emergent period; empty where neither events nor laboratory values are shown."""
    return paragraph(_period(context), _without_end(context), _unknown_dose(context))


def _shown(context: Context) -> bool:
    return context.numbers.used("ae.") or context.numbers.used("lab.")


@sentence("methods.emergent", when=lambda c: _shown(c) and _ends(c.study))
def _period(context: Context) -> str:
    ends = _ends(context.study)
    first = ", whichever came first" if len(ends) > 1 else ""
    return (
        f"Findings were treatment-emergent from the index date to {listed(ends, 'or')}{first}, "
        "that day included."
    )


@sentence("methods.emergent_open", when=lambda c: _shown(c) and not _ends(c.study))
def _without_end(context: Context) -> str:
    return "Findings were treatment-emergent from the index date to the end of follow-up."


def _of_unknown_dose(context: Context) -> bool:
    rule = context.study["treatment_emergent"]
    unknown = context.numbers.value("n.NODOSE.all")
    return _shown(context) and rule["after_last_dose"] is not None and bool(unknown)


@sentence("methods.emergent_unknown_dose", when=_of_unknown_dose)
def _unknown_dose(context: Context) -> str:
    noun = "patient" if context.numbers.value("n.NODOSE.all") == 1 else "patients"
    return (
        f"The last dose of {context.numbers.var('n.NODOSE.all')} {noun} was not recorded and "
        "ended no such period."
    )


def _ends(study: dict) -> list[str]:
    """What ends the period, in the words of a sentence."""
    rule = study["treatment_emergent"]
    ends = []
    if rule["after_last_dose"] is not None:
        days = given(rule["after_last_dose"], "treatment_emergent.after_last_dose")
        ends.append(f"{days} days after the last dose")
    for name in rule["until"]:
        spec = study["milestones"][name]
        if spec.get("table") is None or spec["table"] in study["tables"]:
            described = config_text(small(spec["description"]), f"milestones.{name}.description")
            ends.append(f"the {described}")
    return ends
