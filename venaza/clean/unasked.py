"""Rows of a mapped sheet that no table asks for: counted in a note, asked where a word is near."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from venaza.clean.conditions import is_word
from venaza.clean.journal import Journal, Place
from venaza.clean.rows import NOT_ASKED_FOR
from venaza.clean.text import as_word, tidy
from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    from venaza.clean.raw_table import RawRow

#: From this likeness on, a word is taken for another spelling of the one that a table asks for.
_ALIKE = 0.75
_SHOWN = 6


def tell_unasked(taken: set[Place], study: dict, journal: Journal) -> None:
    """Tell of the rows that every table of their sheet has passed over.

    ``taken`` holds the places of the rows that some table has taken.
    """
    left = {place for (_, place), why in journal.left_out.items() if why != NOT_ASKED_FOR}
    sheets: dict[tuple, list[tuple[RawRow, list[str]]]] = {}
    for place, (row, tables) in journal.passed.items():
        if place not in taken and place not in left:
            wheres = [study["tables"][table]["where"] for table in sorted(tables)]
            headers = list(dict.fromkeys(header for where in wheres for header in where))
            sheets.setdefault((place.file, place.sheet), []).append((row, headers))
    asked = _asked_words(study)
    for rows in sheets.values():
        _tell_sheet(rows, asked, journal)


def _tell_sheet(rows: list, asked: dict[str, list[str]], journal: Journal) -> None:
    counts: dict[str, list[RawRow]] = {}
    near: dict[tuple[str, str], list[RawRow]] = {}
    for row, headers in rows:
        strange = [h for h in headers if not _is_asked(row, h, asked[header_key(h)])]
        shown = ", ".join(f"{h} is {tidy(row.text(h)) or 'empty'}" for h in strange or headers)
        counts.setdefault(shown, []).append(row)
        for header in strange:
            if tidy(row.text(header)):
                near.setdefault((header, tidy(row.text(header))), []).append(row)
    listed = [f"{shown} ({len(found)})" for shown, found in list(counts.items())[:_SHOWN]]
    more = f"; and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
    place = rows[0][0].place
    said = {"n": len(rows), "what": "; ".join(listed) + more}
    journal.ask("rows_in_no_table", said, place=place)
    for (header, word), found in near.items():
        meant = _near(word, asked[header_key(header)], found[0])
        if meant:
            said = {"header": header, "word": word, "n": len(found), "near": meant}
            journal.ask("row_near_a_table", said, value=word, place=found[0].place, header=header)


def _is_asked(row: RawRow, header: str, words: list[str]) -> bool:
    return is_word(row.entry(header), header, words, row.redcap)


def _asked_words(study: dict) -> dict[str, list[str]]:
    """The words that any table asks for, by the key of the header."""
    asked: dict[str, list[str]] = {}
    for spec in study["tables"].values():
        for header, words in spec.get("where", {}).items():
            asked.setdefault(header_key(header), []).extend(words)
    return asked


def _near(word: str, asked: list[str], row: RawRow) -> str:
    """The asked word that ``word`` likely is; of a sign without letters, the words asked for."""
    if as_word(word) in {as_word(spec["form"]) for spec in row.redcap.fields.values()}:
        return ""  # another instrument of the project
    wanted = [each for each in asked if each]
    if not any(letter.isalnum() for letter in word):
        return " or ".join(wanted)
    alike = {w: difflib.SequenceMatcher(None, as_word(word), as_word(w)).ratio() for w in wanted}
    best = max(wanted, key=lambda w: alike[w], default="")
    return best if best and alike[best] >= _ALIKE else ""
