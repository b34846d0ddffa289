"""What variables, levels and units are called in print."""

from __future__ import annotations

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.clean import PATIENTS
from venaza.contracts.wording import capital
from venaza.study.words import say

#: Printed forms of units and of labels that the contract keeps in plain ASCII.
UNITS = {"10^9/L": "×10⁹/L", "10^6/L": "×10⁶/L", "mg/m2/day": "mg/m²/day"}
YES_NO = {"Y": "Yes", "N": "No"}


def variable(name: str, study: dict) -> tuple[str, str]:
    """Label and unit of a baseline variable; the study's own columns first."""
    if name == "GROUP" and study.get("groups"):
        return str(study["groups"]["label"]), ""
    for column in study.get("columns", []):
        if column["name"] == name:
            return column["label"], say(study, UNITS.get(column["unit"], column["unit"]))
    for column in (*PATIENTS, *ADSL_DERIVED):
        if column.name == name:
            return say(study, column.label), say(study, UNITS.get(column.unit, column.unit))
    return name, ""


def with_unit(name: str, study: dict) -> str:
    """``Age, years``; the label alone of what has no unit."""
    label, unit = variable(name, study)
    return say(study, "{label}, {unit}", label=label, unit=unit) if unit else label


def per(method: str, unit: str, study: dict) -> str:
    """``per year``, ``per 10 years``: the rise that a hazard ratio is of, by its method."""
    by = method.partition("; per ")[2]
    if by:
        return say(study, "per {by} {unit}", by=by, unit=unit).rstrip()
    if unit in ("years", "days"):
        return f"per {unit.rstrip('s')}"
    return say(study, "per {unit}", unit=unit) if unit else say(study, "per unit")


def level(name: str, text: str, study: dict) -> str:
    """A level of a categorical variable as printed."""
    if name == "SEX":
        return say(study, {"M": "Male", "F": "Female"}.get(text, text))
    if name == "GROUP" and study.get("groups"):
        return str(study["groups"]["levels"].get(text, text))
    if text in YES_NO:
        return say(study, YES_NO[text])
    return capital(say(study, text))


def interval_name(study: dict) -> str:
    """``95% CI``, at the study's level of confidence."""
    return say(study, "{level:g}% CI", level=study["analysis"]["confidence"] * 100)
