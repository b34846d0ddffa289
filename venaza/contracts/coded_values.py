"""Coded values: from the words an export writes to the code that the clean tables hold."""

from __future__ import annotations

import re
from functools import cache

from venaza.contracts.clean import TABLES
from venaza.contracts.script import simplified
from venaza.contracts.text import as_word

#: The vocabulary (config/vocabulary.yaml) that reads each coded column.
VOCABULARY = {
    "SEX": "sex",
    "DISEASE": "disease",
    "DISSTAT": "disease_status",
    "DISTYPE": "disease_type",
    "RISK": "risk",
    "PRIORHMA": "yes_no",
    "EMD": "yes_no",
    "RSMETH": "assessment_method",
    "AEREL": "yes_no",
    "SURVSTAT": "vital_status",
    "DTHCAUS": "cause_of_death",
    "STOPREAS": "stop_reason",
    "RSINV": "response",
    "CMRESP": "response",
    "GENE": "gene",
    "GERES": "gene_result",
    "MRDMETH": "mrd_method",
    "MRDMAT": "material",
    "MRDRES": "mrd_result",
    "TXTYPE": "transplant_type",
    "LBTESTCD": "lab_test",
    "LBSPEC": "specimen",
    "TFTYPE": "transfusion",
}
#: Where words of the columns that are read in other ways are taught.
_TAUGHT = {"AEDECOD": "adverse_event", "CMTRT": "regimen", "CMCLAS": "therapy_class"}
_TYPES = {column.name: column.dtype for table in TABLES.values() for column in table}


def codes(column: str, how: dict, study: dict) -> dict[str, list[str]] | None:
    """The codes of a column with the words for each; None where the column is free text.

    A study's own ``values`` are added to the shipped words and win where both claim a word. A
    column of the study's own is read by the ``vocabulary`` that its ``how`` names. ``AETERM`` is
    kept as recorded: its ``values`` are words of ``AEDECOD``.
    """
    if _TYPES.get(column, how.get("type", "string")) != "string":
        return None
    if column == "AETERM":
        return None
    if column == "AEDECOD":
        shipped = {term: spec["words"] for term, spec in study["ctcae"]["terms"].items()}
    else:
        shipped = study["vocabulary"].get(vocabulary_of(column, how))
    own = how.get("values")
    if own is None:
        return shipped
    return merged(shipped or {}, own)


def vocabulary_of(column: str, how: dict, taught: bool = False) -> str:
    """The vocabulary of a column, or (``taught``) where its words belong; "" without one."""
    others = _TAUGHT if taught else {}
    return how.get("vocabulary", VOCABULARY.get(column, others.get(column, "")))


def may_mean(text: str, column: str, how: dict, study: dict) -> list[str]:
    """The codes between which the clinic must say, for a word that is known to mean several."""
    known = study.get("asked", {}).get(vocabulary_of(column, how, taught=True), {})
    return next((codes for word, codes in known.items() if as_word(word) == as_word(text)), [])


def merged(shipped: dict, own: dict) -> dict[str, list[str]]:
    """``shipped`` codes and words with a study's ``own`` added; these win a word of both."""
    claimed = {as_word(word) for code, words in own.items() for word in (code, *words)}
    kept = {
        code: [word for word in words if as_word(word) not in claimed]
        for code, words in shipped.items()
        if code in own or as_word(code) not in claimed
    }
    return {**kept, **{code: [*words, *kept.get(code, [])] for code, words in own.items()}}


@cache
def _index(pairs: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    index: dict[str, str] = {}
    for code, _ in pairs:
        index[as_word(code)] = code
    for code, words in pairs:
        for word in words:
            index.setdefault(as_word(word), code)
    return index


def code_of(text: str, known: dict[str, list[str]]) -> str | None:
    """The code whose words include ``text``; None where no word fits."""
    frozen = tuple((code, tuple(words)) for code, words in known.items())
    return _index(frozen).get(as_word(text))


def among(text: str, words: list[str]) -> bool:
    """Whether ``text`` is one of ``words``."""
    return as_word(text) in _set(tuple(words))


@cache
def _set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(as_word, words))


_MRD_AFTER = re.compile(
    r"(?P<response>.+?)[\s,;:、/(\[_-]*伴?(?:MRD|微小残留病?)\s*[:=_]?\s*"
    r"(?P<word>[^()\[\]]*\(?[+-]?\)?)[)\]]*",
    re.IGNORECASE,
)
_MRD_BEFORE = re.compile(
    r"(?:MRD|微小残留病?)[\s-]*(?P<word>neg(?:ative)?|pos(?:itive)?|阴性|阳性|\(?[+-]\)?)"
    r"[\s,;、]*的?\s*(?P<response>.+)",
    re.IGNORECASE,
)
_BRACKETS = {"+": "(+)", "-": "(-)"}
_TWO = re.compile(r"\s*(?:→|->|=>|/|、|,|;|\+|或|转为?|to)\s*")


def with_mrd(text: str, study: dict) -> tuple[str, str] | None:
    """A response and the MRD result beside it, as in ``CR(MRD-)``; None for anything else."""
    text = simplified(text)
    match = _MRD_BEFORE.fullmatch(text) or _MRD_AFTER.fullmatch(text)
    if not match:
        return None
    word = re.sub(r"^-(?=\w)", "", match["word"].strip(" ()[]"))
    result = code_of(_BRACKETS.get(word, word), study["vocabulary"]["mrd_result"])
    return None if result is None else (match["response"].strip(), result)


def doubt(text: str, known: dict[str, list[str]]) -> str:
    """Why a text made of known words is no answer: a question mark, or two answers at once."""
    if "?" in text and code_of(text.replace("?", ""), known):
        return "a doubtful answer"
    parts = [code_of(part, known) for part in _TWO.split(simplified(text))]
    if len(parts) > 1 and all(parts) and len(set(parts)) > 1:
        return "more than one answer in the cell"
    return ""
