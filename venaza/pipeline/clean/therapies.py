"""Regimens in free text: drugs under their names, brands and short forms, and their class."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from venaza.contracts.coded_values import code_of
from venaza.contracts.script import simplified

_DOSE = re.compile(
    r"\d+(?:\.\d+)?\s*(?:mg|g|μg|ug|万?u|iu)(?:/(?:m2|kg|d|day|次|天))*(?![a-z])"
    r"|(?<![a-z])d\s*\d+(?:\s*[-~]\s*d?\d+)?|(?<![a-z])(?:q[dwh]|bid|tid|qn|qod|iv|sc|po)(?![a-z])"
    r"|[×x*]\s*\d+\s*(?:天|d|days?)|第\s*\d+(?:\s*[-~]\s*\d+)?\s*[天日]",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"^V\s*\+\s*A(?=\s*(?:\+|$))", re.IGNORECASE)
_AND = re.compile(
    r"\s*(?:\+|/|、|,|;|&|联合|联用|加用|加|与|和|\band\b|\bplus\b|\bwith\b)\s*", re.I
)
_AFTER = re.compile(r"→|->|=>|后改|序贯|续以|followed by", re.IGNORECASE)
_TAIL = re.compile(r"(?:方案|化疗方案|治疗|疗法|regimen|方案化疗|片|注射液)$", re.IGNORECASE)


@dataclass(frozen=True)
class Therapy:
    """A regimen by its drugs and the class it belongs to, or what is not understood."""

    name: str | None = None
    kind: str | None = None
    problem: str = ""
    unknown: str = ""


def read_therapy(text: str, study: dict) -> Therapy:
    """Read a tidy text as a regimen: a known name, or drugs joined by ``+``, ``/``, ``联合``.

    Doses and days are left out. The name lists the drugs in the order of the vocabulary
    ``drug``; the class is the first in ``therapy_class`` that holds one of them.
    """
    text, words = simplified(text), study["vocabulary"]
    if _AFTER.search(text):
        return Therapy(problem="more than one therapy in the cell")
    text = _beside(tuple(words.get("therapy_beside", ()))).sub(" ", text)
    bare = _ABBREVIATED.sub("VA", _DOSE.sub(" ", text)).strip(" ,;、")
    known = {**words["regimen"], **words["drug"]}
    whole = _code(bare, known)
    parts = [bare] if whole else [part for part in _AND.split(bare) if part.strip()]
    if not parts:
        return Therapy(problem="a dose or a sign without a drug")
    found: list[str] = []
    for part in parts:
        code = _code(part, known)
        if code is None:
            return Therapy(unknown=part.strip())
        found += [piece for piece in code.split(" + ") if piece not in found]
    order = {code: n for n, code in enumerate([*words["drug"], *words["regimen"]])}
    found.sort(key=lambda code: order.get(code, len(order)))
    kinds = [kind for kind, members in words["therapy_class"].items() if set(members) & set(found)]
    return Therapy(" + ".join(found), kinds[0] if kinds else None)


@cache
def _beside(words: tuple[str, ...]) -> re.Pattern:
    """What stands beside a regimen and is no part of it, with the word that joins it."""
    joined = r"(?:联合|联用|合用|加用|加|\+|\bplus\b|\bwith\b)?\s*"
    spelled = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"{joined}(?:{spelled})" if words else r"(?!)", re.IGNORECASE)


def _code(text: str, known: dict[str, list[str]]) -> str | None:
    text = re.sub(r"\(\s*\)", "", text).strip()
    return code_of(text, known) or code_of(_TAIL.sub("", text), known)


def therapy_words(study: dict) -> dict[str, list[str]]:
    """All drugs and regimens with their words, for suggestions."""
    return {**study["vocabulary"]["regimen"], **study["vocabulary"]["drug"]}


def kinds_of(study: dict) -> dict[str, list[str]]:
    """The classes of therapy, with their drugs and regimens and other words of the study file."""
    return study["vocabulary"]["therapy_class"]
