"""Words that a study file teaches: added to the shipped vocabularies, never in their place."""

from __future__ import annotations

import difflib

from venaza.clean.words import merged
from venaza.errors import StudyError

#: The vocabulary of adverse events: the terms of config/ctcae.yaml.
ADVERSE_EVENT = "adverse_event"
#: The class of a term that a study file adds: CTCAE knows none for it.
_NO_CLASS = "Terms outside CTCAE"


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


def taught_terms(ctcae: dict, own: dict) -> dict:
    """The terms of adverse events with the study's words: of a known term, or of a new one."""
    words = merged({term: spec["words"] for term, spec in ctcae["terms"].items()}, own)
    terms = {
        term: {"class": ctcae["terms"].get(term, {}).get("class", _NO_CLASS), "words": listed}
        for term, listed in words.items()
    }
    return {**ctcae, "terms": terms}
