"""Coded values: from the words an export writes to the code that the clean tables hold."""

from __future__ import annotations

import difflib
import re
from functools import cache

from venaza.clean.text import as_word, folded
from venaza.contracts.clean import TABLES
from venaza.contracts.script import simplified
from venaza.errors import QUOTED, StudyError, shown

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
_TYPES = {column.name: column.dtype for table in TABLES.values() for column in table}
_NEAREST = 2


def codes(column: str, how: dict, study: dict) -> dict[str, list[str]] | None:
    """The codes of a column with the words for each; None where the column is free text.

    A study's own ``values`` are added to the shipped words and win where both claim a word. A
    column of the study's own is read by the ``vocabulary`` that its ``how`` names.
    """
    if _TYPES.get(column, how.get("type", "string")) != "string":
        return None
    if column == "AEDECOD":
        return {term: spec["words"] for term, spec in study["ctcae"]["terms"].items()}
    shipped = study["vocabulary"].get(how.get("vocabulary", VOCABULARY.get(column, "")))
    own = how.get("values")
    if own is None:
        return shipped
    return _merged(shipped or {}, own)


def _merged(shipped: dict, own: dict) -> dict[str, list[str]]:
    claimed = {as_word(word) for code, words in own.items() for word in (code, *words)}
    merged = {
        code: [word for word in words if as_word(word) not in claimed]
        for code, words in shipped.items()
        if code in own or as_word(code) not in claimed
    }
    return {
        **merged,
        **{code: [*words, *merged.get(code, [])] for code, words in own.items()},
    }


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


_MRD_AFTER = re.compile(
    r"(?P<response>.+?)[\s,;:、(\[_-]*伴?(?:MRD|微小残留病?)\s*[:=_]?\s*"
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


def nearest(text: str, known: dict[str, list[str]]) -> list[str]:
    """The known words that look most like ``text``, each with its code, the nearest first.

    Letter case, spaces and full-width forms do not count; a word that holds the text, or is
    held by it, comes close whatever its length, since Chinese words are short.
    """
    words = {folded(word): (word, code) for code, ws in known.items() for word in (*ws, code)}
    mine = folded(text)
    least, scored = 0.5 if len(mine) <= 3 else 0.6, []
    for form, (word, code) in words.items():
        alike = difflib.SequenceMatcher(None, mine, form, autojunk=False).ratio()
        if len(form) > 1 and len(mine) > 1 and (form in mine or mine in form):
            alike = max(alike, 0.6 + alike / 4)
        if alike >= least:
            scored.append((-alike, word, code))
    return [
        word if folded(word) == folded(code) else f"{word} ({code})"
        for _, word, code in sorted(scored)[:_NEAREST]
    ]


def unmapped_error(unknown: list[dict], study: str) -> StudyError:
    """The error for words that no vocabulary knows, all of them at once.

    ``unknown`` holds, for each cell, ``table``, ``column``, ``value``, ``file``, ``sheet``,
    ``row``, ``header`` and ``known`` (the codes of the column).
    """
    seen: dict[tuple, dict] = {}
    for item in unknown:
        entry = seen.setdefault((item["table"], item["column"], item["value"]), {**item, "n": 0})
        entry["n"] += 1
    lines = [
        f"'{shown(i['value'], QUOTED)}' in {i['table']}.{i['column']}, {i['n']} cell(s){_hint(i)}"
        for i in list(seen.values())[:10]
    ]
    rest = f"\n    and {len(seen) - 10} more" if len(seen) > 10 else ""
    first = next(iter(seen.values()))
    codes_of = list(first["known"])
    more = f" and {len(codes_of) - 20} more" if len(codes_of) > 20 else ""
    return StudyError(
        f"{len(seen)} value(s) are in no vocabulary:\n    " + "\n    ".join(lines) + rest,
        fix=(
            f"Add each word to the right code in config/studies/{study}.yaml "
            f"(tables > {first['table']} > columns > {first['column']} > values), or set "
            "vocabulary > unmapped: query to leave such cells empty with a query. "
            f"Codes of {first['column']}: {', '.join(codes_of[:20])}{more}."
        ),
        file=first["file"],
        sheet=first["sheet"],
        row=first["row"],
        column=first["header"],
        value=first["value"],
    )


def _hint(item: dict) -> str:
    if re.fullmatch(r"\d+", item["value"]):
        codes = ", ".join(f"{code}: [...]" for code in list(item["known"])[:3])
        return f"; a code number: ask the clinic for its key, then values: {{{codes}}}"
    close = nearest(item["value"], item["known"])
    return f"; nearest known word: {' or '.join(close)}" if close else ""
