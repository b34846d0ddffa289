"""The codes of a column and their words: groups, levels, flags, censoring."""

from __future__ import annotations

import pandas as pd

FLAG = {"N": "No", "Y": "Yes"}
CENSORING = {0: "Event", 1: "Censored", 2: "Competing event"}
_IMPUTED = {"D": "Day imputed", "M": "Month and day imputed", "Y": "Whole date imputed"}


def code_list(name: str, values: pd.Series, study: dict) -> dict | None:
    """Code -> label of a column, in the study's order; ``None`` for a column without codes.

    The groups of the study and its declared levels are given whole, and after them what occurs
    beside them. A covariate of a model is coded even where nobody declared its levels.
    """
    if name == "CNSR":
        return CENSORING
    if name.endswith("DTF"):
        return _IMPUTED
    found = {str(value) for value in values.dropna().unique()}
    if str(values.dtype) not in ("string", "object"):
        return None
    groups = study.get("groups")
    if groups and name in ("GROUP", groups["variable"]):
        known = {str(level): str(label) for level, label in groups["levels"].items()}
    elif name.endswith("FL") or (found and found <= set(FLAG)):
        known = dict(FLAG)
    elif name in study.get("levels", {}):
        known = {str(level): str(level) for level in study["levels"][name]}
    elif name in covariates(study["analysis"]):
        known = {}
    else:
        return None
    return known | {value: value for value in sorted(found - set(known))}


def covariates(analysis: dict) -> set[str]:
    """The columns of ADSL that models and strata of the study name."""
    lists = [
        *analysis.get("cox", {}).values(),
        *(analysis.get("multivariable") or {}).values(),
        *analysis.get("strata", {}).values(),
    ]
    return {name for asked in lists for name in asked}
