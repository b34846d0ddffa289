"""Which columns are numbers and which are categories, and the order of a category's levels."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from venaza.contracts import analysis, clean
from venaza.contracts.columns import Column

_CONTRACT = {column.name: column for column in (*clean.PATIENTS, *analysis.ADSL_DERIVED)}
_FLAG = ("Y", "N")


def column_of(variable: str, study: dict) -> Column:
    """What the contracts or the study say of an ADSL column.

    Raises ``KeyError`` for a column that neither knows.
    """
    for own in study.get("columns", []):
        if own["name"] == variable:
            return Column(variable, own["type"], own["label"], own.get("unit", ""))
    return _CONTRACT[variable]


def is_numeric(values: pd.Series) -> bool:
    """Whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(values.dtype)


def is_summarised(variable: str, study: dict) -> bool:
    """Whether a variable is described by median and range rather than by its values.

    An integer without a unit is a score or a small count (ECOG, prior lines), and is counted
    value by value.
    """
    column = column_of(variable, study)
    return column.dtype == "number" or (column.dtype == "integer" and column.unit != "")


def levels_of(variable: str, frame: pd.DataFrame, study: dict) -> list[str]:
    """The levels of a category, in order.

    The study's groups and flags are given whole; other levels are those that occur, in the
    study's order (``study["levels"]``), and after it by number or alphabet.
    """
    groups = study.get("groups")
    if groups and variable in ("GROUP", groups["variable"]):
        return [str(level) for level in groups["levels"] if level != analysis.NOT_RECORDED]
    found = {str(value) for value in frame[variable].dropna().unique()}
    if found and found <= set(_FLAG):
        return list(_FLAG)
    declared = [str(v) for v in study.get("levels", {}).get(variable, [])]
    rest = sorted(found - set(declared), key=_natural)
    return [level for level in declared if level in found] + rest


def reference_of(variable: str, levels: list[str], study: dict) -> str:
    """The level the others are compared with.

    What ``analysis.reference`` names; else the first of the study's groups, N of a flag, and of
    anything else the level that most patients have (``largest``).
    """
    named = study["analysis"].get("reference", {}).get(variable)
    if named is not None and str(named) in levels:
        return str(named)
    if tuple(levels) == _FLAG:
        return "N"
    most = study.get("largest", {}).get(variable)
    return most if most in levels else levels[0]


def largest(variables: Iterable[str], adsl: pd.DataFrame, study: dict) -> dict[str, str]:
    """The level of each category that most patients have, the first of equal ones.

    Taken of all patients, so that a variable has one reference at every endpoint; the study's
    groups have theirs in its file.
    """
    groups = study.get("groups") or {"variable": "GROUP"}
    found = {}
    for variable in variables:
        if variable in ("GROUP", groups["variable"]) or variable not in adsl:
            continue
        values = adsl[variable].astype("string")
        levels = [] if is_numeric(adsl[variable]) else levels_of(variable, adsl, study)
        if levels:
            found[variable] = max(levels, key=lambda level, v=values: int((v == level).sum()))
    return found


def _natural(text: str) -> tuple[bool, float, str]:
    try:
        return (False, float(text), text)
    except ValueError:
        return (True, 0.0, text)
