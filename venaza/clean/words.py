"""Coded values: from the words an export writes to the code that the clean tables hold."""

from __future__ import annotations

import difflib
from functools import cache

from venaza.clean.text import folded
from venaza.errors import StudyError

#: The vocabulary (config/vocabulary.yaml) that reads each coded column.
VOCABULARY = {
    "SEX": "sex",
    "DISSTAT": "disease_status",
    "DISTYPE": "disease_type",
    "RISK": "risk",
    "PRIORHMA": "yes_no",
    "EMD": "yes_no",
    "AEREL": "yes_no",
    "SURVSTAT": "vital_status",
    "RSINV": "response",
    "CMRESP": "response",
    "GENE": "gene",
    "GERES": "gene_result",
    "MRDMETH": "mrd_method",
    "MRDMAT": "material",
    "MRDRES": "mrd_result",
    "TXTYPE": "transplant_type",
    "LBTESTCD": "lab_test",
    "TFTYPE": "transfusion",
}


def codes(column: str, how: dict, study: dict) -> dict[str, list[str]] | None:
    """The codes of a column with the words for each; None where the column is free text."""
    if column == "AEDECOD":
        return {term: spec["words"] for term, spec in study["ctcae"]["terms"].items()}
    shipped = study["vocabulary"].get(VOCABULARY.get(column, ""))
    own = how.get("values")
    if own is None:
        return shipped
    return {**(shipped or {}), **own}


@cache
def _index(pairs: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    index: dict[str, str] = {}
    for code, words in pairs:
        for word in (code, *words):
            index.setdefault(folded(word), code)
    return index


def code_of(text: str, known: dict[str, list[str]]) -> str | None:
    """The code whose words include ``text``; None where no word fits."""
    frozen = tuple((code, tuple(words)) for code, words in known.items())
    return _index(frozen).get(folded(text))


def unmapped_error(unknown: list[dict], study: str) -> StudyError:
    """The error for words that no vocabulary knows, all of them at once.

    ``unknown`` holds, for each cell, ``table``, ``column``, ``value``, ``file``, ``sheet``,
    ``row``, ``header`` and ``known`` (the codes of the column).
    """
    seen: dict[tuple, dict] = {}
    for item in unknown:
        entry = seen.setdefault((item["table"], item["column"], item["value"]), {**item, "n": 0})
        entry["n"] += 1
    lines = []
    for item in list(seen.values())[:10]:
        words = [w for code, ws in item["known"].items() for w in (code, *ws)]
        close = difflib.get_close_matches(item["value"], words, n=1)
        hint = f"; nearest known word: {close[0]}" if close else ""
        lines.append(
            f"'{item['value']}' in {item['table']}.{item['column']}, {item['n']} cell(s){hint}"
        )
    rest = f"\n    and {len(seen) - 10} more" if len(seen) > 10 else ""
    first = next(iter(seen.values()))
    return StudyError(
        f"{len(seen)} value(s) are in no vocabulary:\n    " + "\n    ".join(lines) + rest,
        fix=(
            f"Add each word to the right code in config/studies/{study}.yaml "
            f"(tables > {first['table']} > columns > {first['column']} > values), or set "
            "vocabulary > unmapped: query to leave such cells empty with a query. "
            f"Codes of {first['column']}: {', '.join(first['known'])}."
        ),
        file=first["file"],
        sheet=first["sheet"],
        row=first["row"],
        column=first["header"],
        value=first["value"],
    )
