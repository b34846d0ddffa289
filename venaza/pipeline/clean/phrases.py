"""Coded words with something beside them: 死亡（感染）, alive in CR, AML-M5, KIT D816V."""

from __future__ import annotations

import re
from collections.abc import Callable

from venaza.contracts.coded_values import code_of
from venaza.contracts.script import simplified
from venaza.contracts.text import tidy
from venaza.pipeline.clean.genes import VARIANT, gene_of

_BRACKETED = re.compile(r"(?P<base>[^()\[\]]+?)\s*[(\[](?P<inside>[^()\[\]]+)[)\]]\s*")
#: What makes of a word no answer.
_DOUBT = re.compile(
    r"[?]|疑|可能|待|确认|证实|核实|排除|除外|预计|濒临|probabl|possibl|suspect|confirm|unclear"
    r"|exclu|rul(?:e|ed|ing) out",
    re.I,
)
#: An answer behind a word that asks: 死亡：否, death: no, dead (0).
_DENIED = re.compile(
    r"no|n|not|none|false|否|无|没有|不是|未|0(?:\.0+)?|不详|未知|unknown|n\.?/?a\.?", re.I
)
_STATUS_PARTS = re.compile(
    r"\s*(?:[,;、/:()\[\]]|--?|—|\b(?:of|in|with|from|due to|after|at|by|on|following)\b)\s*", re.I
)
_DIED = re.compile(r"(?:死于|因).+|.+(?:死亡|去世|病故|身故)")
_ALIVE = re.compile(r"(?:CRi?|PR|NR|移植后|无病|无复发|复发后|带病|带瘤|缓解)(?:存活|生存)", re.I)
_NOT = re.compile(r"[未无没非不否]|\b(?:no|not|non|never|without)\b", re.I)
_FAB = re.compile(
    r"(?P<name>.*?)[\s\-_(]*(?:FAB)?[\s:\-]*M(?P<fab>[0-7])(?:[abv]|Eo)?\s*(?:型|亚型)?\)?", re.I
)
_KIND_OF_AML = re.compile(
    r"(?P<name>AML|急性髓系白血病|急性髓细胞白血病|急髓)[\s,\-(]*"
    r"(?P<kind>(?:伴|with |t\(|inv\().+|(?:NOS|MRC?|RGA)\b.*|not otherwise specified|非特指型?)",
    re.I,
)
_APL = re.compile(r"PML|RARA|t\(15;17\)|早幼粒|promyelocytic", re.I)
_FRACTION = re.compile(
    r"\s*(?:VAF|AR|allelic ratio|突变频率|丰度|比例|等位基因比)?\s*[:=]?\s*\d+(?:\.\d+)?\s*%?\s*",
    re.I,
)
_GENE_BESIDE = re.compile(
    r"融合基因|融合|fusion(?: gene)?|基因|突变|变异|mutations?\b|mutated\b", re.I
)


def code_beside(text: str, vocabulary: str, known: dict[str, list[str]]) -> str | None:
    """The code of a text that is a known word with something beside it; None where it is none.

    What stands beside may not deny the word nor doubt it, and may not have another code.
    """
    text = simplified(tidy(text))
    if _DOUBT.search(text):
        return None
    reader = _READERS.get(vocabulary)
    found = reader(text, known) if reader else None
    if found is None and vocabulary in _BRACKETS_MAY_FOLLOW:
        found = _in_brackets(text, known)
    return found


def _in_brackets(text: str, known: dict) -> str | None:
    match = _BRACKETED.fullmatch(text)
    if not match or _NOT.search(match["inside"]) or _DENIED.fullmatch(match["inside"].strip()):
        return None
    codes = {code_of(match[part], known) for part in ("base", "inside")}
    return code_of(match["base"], known) if len(codes - {None}) == 1 else None


def _vital_status(text: str, known: dict) -> str | None:
    """A status with a cause, a place or a state of the disease beside it."""
    parts = [part for part in _STATUS_PARTS.split(text) if part]
    if any(_DENIED.fullmatch(part) for part in parts[1:]):
        return None
    codes = {code_of(part, known) for part in parts} - {None}
    if len(codes) == 1 and code_of(parts[0], known):
        return codes.pop()
    if codes or _NOT.match(text) or len(parts) > 1:
        return None
    if _DIED.fullmatch(text) and not _NOT.search(text):
        return "DEAD"
    return "ALIVE" if _ALIVE.fullmatch(text) else None


def _disease(text: str, known: dict) -> str | None:
    """AML by its FAB type (M3 is APL), or by what it comes with."""
    if match := _FAB.fullmatch(text):
        name = match["name"].strip(" -_(,")
        if name == "" or code_of(name, known) in ("AML", "APL"):
            return "APL" if match["fab"] == "3" else "AML"
    if match := _KIND_OF_AML.fullmatch(text):
        return "APL" if _APL.search(match["kind"]) else "AML"
    return None


def _gene(text: str, known: dict) -> str | None:
    """A gene with the word for a mutation or with its variant beside it."""
    if _NOT.search(text) or re.search(r"阴|neg|wild|野生|\bWT\b", text, re.I):
        return None
    bare = _GENE_BESIDE.sub(" ", text)
    for part in (text, bare, VARIANT.sub(" ", bare)):
        if code := gene_of(part.strip(" ,:;()-"), known):
            return code
    return None


def _gene_result(text: str, known: dict) -> str | None:
    """A result with its fraction or allelic ratio in brackets: 阳性(AR 0.6), 突变（35.2%）."""
    match = _BRACKETED.fullmatch(text)
    return code_of(match["base"], known) if match and _FRACTION.fullmatch(match["inside"]) else None


_READERS: dict[str, Callable[[str, dict], str | None]] = {
    "vital_status": _vital_status,
    "disease": _disease,
    "gene": _gene,
    "gene_result": _gene_result,
}
_BRACKETS_MAY_FOLLOW = (
    "yes_no", "vital_status", "disease_status", "disease_type", "disease", "risk",
    "cause_of_death", "stop_reason", "transplant_type", "assessment_method",
)  # fmt: skip
