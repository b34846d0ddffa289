"""One raw cell to one clean value, by the type of the clean column."""

from __future__ import annotations

from dataclasses import dataclass, field

from venaza.clean.dates import read_date
from venaza.clean.numbers import read_integer, read_number
from venaza.clean.text import folded, tidy
from venaza.clean.words import code_of, codes
from venaza.contracts.columns import Column


@dataclass(frozen=True)
class Reading:
    """A clean value, the rule that changed it, what else the cell said, or a problem."""

    value: object = None
    rule: str = ""
    beside: dict = field(default_factory=dict)
    problem: str = ""
    unknown: dict | None = None


def read_cell(text: str, column: Column, how: dict, study: dict, unit: str | None) -> Reading:
    """Read the raw ``text`` of a cell as a value of ``column``.

    ``how`` is the column's mapping in the study file, ``unit`` the text of the unit column.
    """
    clean = tidy(text)
    if clean == "":
        return Reading()
    known = codes(column.name, how, study) if column.dtype == "string" else None
    if known is not None:
        code = code_of(clean, known)
        if code is not None:
            return Reading(code, "" if code == text else "vocabulary")
    if folded(clean) in {folded(word) for word in study["vocabulary"]["missing"]}:
        return Reading(None, "missing word")
    if known is not None:
        return Reading(problem="a word that no vocabulary knows", unknown=known)
    if column.dtype == "string":
        return Reading(clean, "" if clean == text else "spaces and full-width forms")
    if column.dtype == "date":
        return _date(clean, column, study)
    if column.dtype == "integer":
        read = read_integer(clean)
        if read.problem:
            return Reading(problem=read.problem)
        value = int(read.number)
        return Reading(value, "" if str(value) == text else "label around the number")
    return _number(clean, text, column, how, study, unit)


def _date(clean: str, column: Column, study: dict) -> Reading:
    if study["timeline"]["dates"] == "study_days":
        read = read_number(clean)
        if read.problem or not read.number.is_integer():
            return Reading(problem="not a whole number of days")
        return Reading(int(read.number))
    read = read_date(clean, study["timeline"]["partial_dates"])
    if read.problem:
        return Reading(problem=read.problem)
    beside = {f"{column.name}F": read.flag} if read.flag else {}
    return Reading(read.day, read.rule, beside)


def _number(clean: str, text: str, column: Column, how: dict, study: dict, unit) -> Reading:
    if column.name == "MRDVAL":
        result = code_of(clean, study["vocabulary"]["mrd_result"])
        if result is not None:
            return Reading(None, "vocabulary", {"MRDRES": result})
    read = read_number(clean)
    if read.problem:
        return Reading(problem=read.problem)
    beside = {"MRDOP": read.sign} if column.name == "MRDVAL" else {}
    declared = how.get("unit") or unit or ""
    if column.name == "LBSTRESN":
        return Reading(read.number, "", {"_unit": declared, "_sign": read.sign})
    factor = _factor(column.name, declared, study)
    if factor is None:
        return Reading(problem=f"the unit {declared} is not known for this value")
    value = read.number * factor
    rule = "unit converted" if factor != 1 else ""
    if read.sign != "=" and column.name != "MRDVAL":
        rule = "limit of detection taken as the value"
    elif not rule and text != clean:
        rule = "spaces and full-width forms"
    elif not rule and read.unit:
        rule = "unit text removed"
    return Reading(value, rule, beside)


def _factor(name: str, unit: str, study: dict) -> float | None:
    if unit == "" or name not in study["units"]:
        return 1
    factors = {folded(known): f for known, f in study["units"][name]["factors"].items()}
    return factors.get(folded(unit))


def standard_unit(test: str, unit: str, study: dict) -> tuple[float | None, str]:
    """The factor from ``unit`` to the standard unit of a laboratory test, and that unit."""
    if test not in study["units"]:
        return None, ""
    return _factor(test, unit, study), study["units"][test]["standard"]
