"""Units: what a number written in one is worth in the standard unit of its column."""

from __future__ import annotations

import re

from venaza.clean.text import folded, tidy

_POWER = re.compile(r"10(?:\*\*|[*^e])?(\d+)(?=/)")
_UNIT_LIKE = re.compile(r"/\s*(?:[uµμmdf]?L|mm\^?3|kg)$|^%$|10\^\d", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]+)[)\]）】]")


def unit_key(unit: str) -> str:
    """The form in which units are compared: ``×10⁹/L``, ``x10*9/l`` and ``10^9/L`` are one."""
    key = folded(unit).replace("×", "x").replace("μ", "u").replace("cells/", "/")
    key = re.sub(r"^[x*·]+", "", key)
    key = _POWER.sub(r"10^\1", key)
    return key.replace("mm^3", "mm3").replace("m^2", "m2").replace("m²", "m2")


def unit_factor(name: str, unit: str, study: dict) -> float | None:
    """The factor from ``unit`` to the standard unit of ``name``; 1 without a unit.

    None where the unit is not known for it.
    """
    if unit == "" or name not in study["units"]:
        return 1.0
    wanted = unit_key(unit)
    for known, factor in study["units"][name]["factors"].items():
        if unit_key(known) == wanted:
            return float(factor)
    return None


def standard_unit(test: str, unit: str, study: dict) -> tuple[float | None, str]:
    """The factor from ``unit`` to the standard unit of a laboratory test, and that unit."""
    if test not in study["units"]:
        return None, ""
    return unit_factor(test, unit, study), study["units"][test]["standard"]


def scaled(value: float, factor: float) -> float:
    """The product to 12 significant digits, so that a conversion leaves no tail of digits."""
    return value if factor == 1 else float(f"{value * factor:.12g}")


def unit_in_header(header: str, name: str, study: dict) -> str:
    """The unit in brackets in a raw header, where it is one of the column; else nothing."""
    if name not in study["units"]:
        return ""
    found = [tidy(text) for text in _BRACKETED.findall(header)]
    known = [unit for unit in found if unit_factor(name, unit, study) is not None]
    if known:
        return known[-1]
    percent = study["units"][name]["standard"] == "%" and any("%" in text for text in found)
    return "%" if percent else ""


def strange_unit(header: str, name: str, study: dict) -> str:
    """Something in brackets in a header that looks like a unit but is none of the column's."""
    if name not in study["units"] or unit_in_header(header, name, study):
        return ""
    found = [tidy(text) for text in _BRACKETED.findall(header)]
    return next((text for text in found if _UNIT_LIKE.search(text)), "")
