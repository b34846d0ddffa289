"""Units: what a number written in one is worth in the standard unit of its column."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from venaza.contracts.text import folded, tidy

_UNIT_LIKE = re.compile(
    r"(?:[/%]|per\s|10\s*[\^*~])\s*(?:[uµμmdfn]?c?L|mm\^?3|c\.?u?\.?\s?mm|kg|100\s*mL)?\.?$"
    r"|^%$|10\s*[\^*~]\s*\d",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]+)[)\]）】]")
_BREAKS = re.compile(r"[\s_,;:|]+")
#: Spellings of one unit, each made the next: words of languages, then signs. Seen in exports of
#: Epic, VistA, OpenMRS and of laboratories in China, Germany, India, Japan and Russia; 10\S\9 is
#: HL7's escape for 10^9, 10*9 is UCUM's.
_SPELLINGS = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"</?sup>", ""),
        (r"мкмоль", "umol"),
        (r"ммоль", "mmol"),
        (r"мкл", "ul"),
        (r"дл", "dl"),
        (r"мл", "ml"),
        (r"л", "l"),
        (r"^г(?=/)", "g"),
        (r"^ед(?=/)", "u"),
        (r"тыс\.?", "k"),
        (r"10的(\d{1,2})次方?", r"10^\1"),
        (r"毫摩尔?", "mmol"),
        (r"微摩尔?", "umol"),
        (r"毫克", "mg"),
        (r"(?<!千)克", "g"),
        (r"(?:国际)?单位(?=/)", "u"),
        (r"分升", "dl"),
        (r"毫升", "ml"),
        (r"微升", "ul"),
        (r"升", "l"),
        (r"×", "x"),
        (r"[μµ]", "u"),
        (r"\\s\\", "^"),
        (r"(?:micro|mikro)lit(?:er|re)s?|mcl", "ul"),
        (r"decilit(?:er|re)s?|deziliter|100ml", "dl"),
        (r"millilit(?:er|re)s?", "ml"),
        (r"lit(?:er|re)s?|ltr", "l"),
        (r"(?:micro|mikro|mc)mol", "umol"),
        (r"mcg", "ug"),
        (r"\bgram(?:me|m)?s?(?=[/%])|^g(?:ms?|r)(?=[/%])", "g"),
        (r"^mg(?:ms?|s)(?=[/%])", "mg"),
        (r"^[\[({](.*)[\])}]$", r"\1"),
        (r"cells?|zellen|[个個]", ""),
        (r"^[x*·.]+", ""),
        (r"cubicmillimet(?:er|re)s?|cu\.?mm\.?|c\.?mm|mm\^?\*{0,2}3", "ul"),
        (r"\.(?=/)|\.$", ""),
        (r"^(.+?)[·.*]?([dmun]?l)\^?-1$", r"\1/\2"),
        (r"^10[(\[](\d{1,2})[)\]]", r"10^\1"),
        (r"^10(?:\*\*|\.?e\+?|exp|[*^~+x])0?(\d{1,2})(?=/|$)", r"10^\1"),
        (r"^e\+?0?(\d{1,2})(?=/)", r"10^\1"),
        (r"^10([2-9]|1[0-2])(?=/)", r"10^\1"),
        (r"^[x*·.]*1,?000(?=/)", "10^3"),
        (r"^(?:k|th(?:ou(?:s(?:ands?)?)?|ds|snd|s)?|tsd|千)(?=/ul)", "10^3"),
        (r"^(?:万|萬)(?=/ul)", "10^4"),
        (r"^百(?=/ul)", "10^2"),
        (r"^la(?:kh|c)s?(?:/ul)?$", "10^5/ul"),
        (r"^(?:millions?|mio|mln)(?=/ul)", "10^6"),
        (r"^gig(?:a)?(?=/l)", "g"),
        (r"^(?:i\.?u|u\.?i|i\.?e|e)\.?(?=/)", "u"),
        (r"^1/(?=[numl]?l$)", "/"),
        (r"m\^2|m²", "m2"),
    )
)


@lru_cache(maxsize=1 << 12)
def unit_key(unit: str) -> str:
    """The form in which units are compared: ``×10⁹/L``, ``x10*9/l`` and ``10E9/L`` are one.

    So are ``K/cumm``, ``Tsd./µl``, ``千/µL`` and ``10^3/mcL``: a cubic millimetre is a microlitre.
    """
    key = folded(re.sub(r"\bper\b", "/", tidy(unit), flags=re.IGNORECASE))
    for pattern, spelled in _SPELLINGS:
        key = pattern.sub(spelled, key)
    return key


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


def about_unit(name: str, unit: str, study: dict) -> str:
    """Why a unit is not known for ``name``: it has two meanings, or is near to a known one."""
    known = study["units"].get(name, {})
    wanted = unit_key(unit)
    for spelled, meanings in known.get("ask", {}).items():
        if unit_key(spelled) == wanted:
            return f": it may be {meanings}"
    factors = list(known.get("factors", ()))
    close = difflib.get_close_matches(unit, factors, n=1, cutoff=0.5)
    return f"; the nearest known one is {close[0]}" if close else ""


def standard_unit(test: str, unit: str, study: dict) -> tuple[float | None, str]:
    """The factor from ``unit`` to the standard unit of a laboratory test, and that unit."""
    if test not in study["units"]:
        return None, ""
    return unit_factor(test, unit, study), study["units"][test]["standard"]


def scaled(value: float, factor: float) -> float:
    """The product to 12 significant digits, so that a conversion leaves no tail of digits."""
    return value if factor == 1 else float(f"{value * factor:.12g}")


def unit_in_header(header: str, name: str, study: dict) -> str:
    """The unit of the column in a raw header: in brackets, or behind the name; else nothing.

    One that may mean something else there (``ask`` in config/units.yaml) is none.
    """
    if name not in study["units"]:
        return ""
    found = [tidy(text) for text in _BRACKETED.findall(header)]
    known = [unit for unit in found if _is_clear(unit, name, study)]
    if known:
        return known[-1]
    if study["units"][name]["standard"] == "%" and any("%" in text for text in found):
        return "%"
    return _unit_behind(tidy(_BRACKETED.sub(" ", header)), name, study)


def _is_clear(unit: str, name: str, study: dict) -> bool:
    known = unit != "" and unit_factor(name, unit, study) is not None
    return known and unit_key(unit) not in map(unit_key, study["units"][name].get("ask", ()))


def _unit_behind(header: str, name: str, study: dict) -> str:
    """A unit at the end of a header without brackets: ``Hb g/dl``, ``PLT K/cumm``, ``hb_g_dl``.

    A word must be long to be one; a "variant allele fraction" is a name.
    """
    for gap in _BREAKS.finditer(header):
        rest = header[gap.end() :]
        for unit in (rest, rest.replace("_", "/", 1)) if gap.start() else ():
            telling = re.search(r"[/%^\d]", unit) or (len(unit) > 3 and unit != "fraction")
            if telling and _is_clear(unit, name, study):
                return unit
    return ""


def strange_unit(header: str, name: str, study: dict) -> str:
    """Something in brackets in a header that looks like a unit but is none of the column's."""
    if name not in study["units"] or unit_in_header(header, name, study):
        return ""
    found = [tidy(text) for text in (*_BRACKETED.findall(header), *header.split()[-1:])]
    doubtful = [unit_key(unit) for unit in study["units"][name].get("ask", ())]
    return next((t for t in found if _UNIT_LIKE.search(t) or unit_key(t) in doubtful), "")
