"""The headline numbers in words: ``Overall survival, newly diagnosed: median``."""

from __future__ import annotations

import re

from venaza.contracts.results import slug
from venaza.contracts.wording import small

_RATES = {
    "ORR": "Overall response",
    "CRC": "Composite complete remission",
    "CR": "Complete remission",
    "MRDNEG": "MRD negativity",
}


def number_words(ard_id: str, study: dict) -> str:
    """What a headline number is, in the words of the study file; empty for any other number."""
    parts = ard_id.split(".")
    kind = parts[0]
    if kind == "km" and len(parts) >= 4:
        what = _statistic(parts[3:])
        return what and f"{_endpoint(parts[1], study)}{_group(parts[2], study)}: {what}"
    if kind == "rate" and parts[-1] == "percent":
        return f"{_RATES.get(parts[1], parts[1])}{_group(parts[2], study)}"
    if kind == "n" and parts[1] == "ITT":
        return f"Patients{_group(parts[2], study)}"
    if kind == "cox" and parts[-1] == "hazard_ratio":
        level = _level(parts[2], parts[3], study) if len(parts) == 5 else ""
        return f"{_endpoint(parts[1], study)}: hazard ratio of {_variable(parts[2], study)}{level}"
    return ""


def _statistic(parts: list[str]) -> str:
    if parts == ["median"]:
        return "median"
    month = re.fullmatch(r"m(\d+)", parts[0])
    if month and parts[1:] == ["estimate"]:
        return f"at {month[1]} months"
    return ""


def _endpoint(code: str, study: dict) -> str:
    return study.get("endpoints", {}).get(code, {}).get("label", code)


def _group(key: str, study: dict) -> str:
    for level, label in ((study.get("groups") or {}).get("levels") or {}).items():
        if slug(level) == key:
            return f", {small(str(label))}"
    return "" if key == "all" else f", {key}"


def _variable(name: str, study: dict) -> str:
    if name == "GROUP":
        return (study.get("groups") or {}).get("name", "group").replace("_", " ")
    own = {column["name"]: column["label"] for column in study.get("columns", [])}
    return own.get(name, {"AGE": "age", "SEX": "sex", "RISK": "risk group"}.get(name, name))


def _level(variable: str, key: str, study: dict) -> str:
    if variable == "GROUP":
        return _group(key, study)
    return f", {key.replace('_', ' ')}"
