"""Words that a study file teaches: added to the shipped vocabularies, never in their place."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.coded_values import code_of, merged, vocabulary_of
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.study.names import did_you_mean, no_such, slip_of

#: The vocabulary of adverse events: the terms of config/ctcae.yaml.
ADVERSE_EVENT = "adverse_event"
#: The class of a term that a study file adds: CTCAE knows none for it.
_NO_CLASS = "Terms outside CTCAE"
#: Vocabularies of which a study may have other codes, but none that is a shipped one misspelt.
_NAMED = (
    "sex", "disease", "disease_status", "disease_type", "risk", "cause_of_death", "stop_reason",
    "transplant_type", "assessment_method", "mrd_method", "material", "specimen", "transfusion",
    "therapy_class",
)  # fmt: skip
#: Vocabularies by whose codes events and results are found: another code would never be one.
_CLOSED = ("vital_status", "response", "gene_result", "mrd_result", "yes_no")
#: Those that a study may add codes to, but none that is a word of a shipped code (Male, MLL).
_APART = (
    *_CLOSED,
    "sex",
    "risk",
    "gene",
    "assessment_method",
    "mrd_method",
    "material",
    "specimen",
    "lab_test",
)


def taught(shipped: dict, own: dict, tables: dict, shown: str) -> dict:
    """The shipped vocabularies with the words of a study file (its section ``vocabulary``).

    A word of the study wins where another code has it. A vocabulary that is not shipped must be
    named by a column (``vocabulary: NAME``); any other is a slip and raises ``StudyError``.
    """
    found = dict(shipped)
    for name, words in own.items():
        if name == ADVERSE_EVENT:
            continue
        if name not in (*shipped, "unmapped", *_named(tables)):
            known = sorted([*(n for n in shipped if n != "unmapped"), ADVERSE_EVENT])
            hint = did_you_mean(name, known)
            raise StudyError(
                f"There is no vocabulary '{name}', and no column of the study names it.",
                fix=f"{hint}Known: {', '.join(known)}.",
                at=Key(shown, f"vocabulary > {name}"),
            )
        if isinstance(words, dict) and isinstance(shipped.get(name), dict):
            found[name] = merged(shipped[name], words)
        elif isinstance(words, list):
            found[name] = [*words, *(w for w in shipped.get(name, ()) if w not in words)]
        else:
            found[name] = words
    return found


def _named(tables: dict) -> set[str]:
    """The vocabularies that columns of the study file name."""
    found = set()
    for spec in tables.values():
        for record in spec.get("records") or [spec]:
            for how in record.get("columns", {}).values():
                if isinstance(how, dict) and "vocabulary" in how:
                    found.add(how["vocabulary"])
    return found


def check_codes(shipped: dict, own: dict, study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a code of a study file that is a slip of a shipped one.

    ``own`` is its section ``vocabulary``. The codes by which events are found are fixed, beside
    responses that ``response > order`` names: DAED for DEAD would be a patient who never dies.
    """
    ordered = study["response"]["order"]
    for name, code, place, beside in _own_codes(own, study["tables"]):
        known = shipped.get(name)
        if not isinstance(known, dict) or code in known or (name == "response" and code in ordered):
            continue
        if name in _APART and (meant := code_of(code, known)):
            raise StudyError(
                f"'{code}' is no code of {name} but a word for {meant}.",
                fix=f"Write {meant} in its place.",
                at=Key(shown, place, code),
            )
        misspelt = slip_of(code, [c for c in known if c not in beside]) if name in _NAMED else ""
        if name in _CLOSED or misspelt:
            raise no_such(code, known, f"a code of {name}", shown, place)


def _own_codes(own: dict, tables: dict) -> Iterator[tuple[str, str, str, list[str]]]:
    """Vocabulary, code and place of every code to which a study file gives words, and all there."""
    for name, words in own.items():
        codes = list(map(str, words)) if isinstance(words, dict) else []
        yield from ((name, code, f"vocabulary > {name} > {code}", codes) for code in codes)
    for table, spec in tables.items():
        for column, how in mapped_columns(spec):
            codes = list(map(str, how.get("values", ())))
            place = f"tables > {table} > columns > {column} > values"
            name = vocabulary_of(column, how, taught=True)
            yield from ((name, code, f"{place} > {code}", codes) for code in codes)


def taught_terms(ctcae: dict, own: dict) -> dict:
    """The terms of adverse events with the study's words: of a known term, or of a new one."""
    words = merged({term: spec["words"] for term, spec in ctcae["terms"].items()}, own)
    terms = {
        term: {"class": ctcae["terms"].get(term, {}).get("class", _NO_CLASS), "words": listed}
        for term, listed in words.items()
    }
    return {**ctcae, "terms": terms}
