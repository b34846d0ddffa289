"""Words that a study file teaches: added to the shipped vocabularies, never in their place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from venaza.clean.words import code_of, merged, vocabulary_of
from venaza.config.names import no_such
from venaza.errors import StudyError

#: The vocabulary of adverse events: the terms of config/ctcae.yaml.
ADVERSE_EVENT = "adverse_event"
#: The class of a term that a study file adds: CTCAE knows none for it.
_NO_CLASS = "Terms outside CTCAE"
#: Vocabularies by whose codes events and results are found: another code would never be one.
_CLOSED = ("vital_status", "response", "gene_result", "mrd_result", "yes_no")
#: Those that a study may add codes to, but none that is a word of a shipped code (Male, MLL).
_APART = (
    *_CLOSED,
    *("sex", "risk", "gene", "assessment_method", "mrd_method", "material", "specimen", "lab_test"),
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
            close = difflib.get_close_matches(name, known, n=1)
            raise StudyError(
                f"There is no vocabulary '{name}', and no column of the study names it.",
                fix=(f"Did you mean '{close[0]}'? " if close else "")
                + f"Known: {', '.join(known)}.",
                file=shown,
                column=f"vocabulary > {name}",
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
    for name, code, place in _own_codes(own, study["tables"]):
        known = shipped.get(name)
        if not isinstance(known, dict) or code in known or (name == "response" and code in ordered):
            continue
        if name in _APART and (meant := code_of(code, known)):
            raise StudyError(
                f"'{code}' is no code of {name} but a word for {meant}.",
                fix=f"Write {meant} in its place.",
                file=shown,
                column=place,
                value=code,
            )
        if name in _CLOSED:
            raise no_such(code, known, f"a code of {name}", shown, place)


def _own_codes(own: dict, tables: dict) -> Iterator[tuple[str, str, str]]:
    """Vocabulary, code and place of every code to which a study file gives words."""
    for name, words in own.items():
        for code in words if isinstance(words, dict) else ():
            yield name, str(code), f"vocabulary > {name} > {code}"
    for table, spec in tables.items():
        for record in spec["records"]:
            for column, how in record["columns"].items():
                for code in how.get("values", ()):
                    place = f"tables > {table} > columns > {column} > values > {code}"
                    yield vocabulary_of(column, how), str(code), place


def taught_terms(ctcae: dict, own: dict) -> dict:
    """The terms of adverse events with the study's words: of a known term, or of a new one."""
    words = merged({term: spec["words"] for term, spec in ctcae["terms"].items()}, own)
    terms = {
        term: {"class": ctcae["terms"].get(term, {}).get("class", _NO_CLASS), "words": listed}
        for term, listed in words.items()
    }
    return {**ctcae, "terms": terms}
