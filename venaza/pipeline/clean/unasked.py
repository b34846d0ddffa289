"""Rows of a mapped sheet that no table asks for: counted in a note, asked where a word is near."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.headers import header_key
from venaza.contracts.text import as_word, tidy
from venaza.pipeline.clean.conditions import is_word
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.raw_table import RawRow, RawTable

#: From this likeness on, a word is taken for another spelling of the one that a table asks for.
_ALIKE = 0.75
_SHOWN = 6


@dataclass
class _Alike:
    """Rows of a sheet that say the same under the headers by which tables ask for rows.

    ``first`` is the first of them, ``strange`` the headers with a word that no table asks for.
    """

    first: RawRow
    n: int
    headers: list[str]
    strange: list[str]

    def shown(self) -> str:
        """What stands there."""
        said = ((h, tidy(self.first.text(h)) or "empty") for h in self.strange or self.headers)
        return ", ".join(f"{header} is {text}" for header, text in said)


def tell_unasked(export: Export, taken: np.ndarray, study: dict, journal: Journal) -> None:
    """Tell of the rows that every table of their sheet has passed over.

    ``taken`` says of each raw row of the export whether some table has taken it.
    """
    if not journal.passed:
        return
    left = {place for _, place in journal.left_out}
    passed = np.zeros((len(journal.passed), len(taken)), dtype=bool)
    for number, (_, rows, gone) in enumerate(journal.passed):
        passed[number, rows.raw[gone]] = True
    nobodys = passed.any(axis=0) & ~taken
    if left:
        at = np.flatnonzero(nobodys)
        nobodys[at] = [place not in left for place in export.places(at)]
    asked = _asked_words(study)
    sheets: dict[tuple, list[_Alike]] = {}
    for number, (_, rows, _) in enumerate(journal.passed):
        own = passed[number] & nobodys & ~passed[:number].any(axis=0)
        for alike in _alike(rows, own[rows.raw], passed[:, rows.raw], study, journal, asked):
            place = alike.first.place
            sheets.setdefault((place.file, place.sheet), []).append(alike)
    for found in sheets.values():
        _tell_sheet(found, asked, journal)


def _alike(
    rows: RawTable, own: np.ndarray, passed: np.ndarray, study: dict, journal: Journal, asked: dict
) -> Iterator[_Alike]:
    """Some rows of a table, those together that the same tables passed over for the same words.

    In the order of their first rows; ``passed`` says which of the tables passed over which row.
    """
    wheres = {table: study["tables"][table]["where"] for table, *_ in journal.passed}
    which = rows.sheet[own].astype("int64")
    for (table, *_), its in zip(journal.passed, passed[:, own], strict=True):
        which, _ = pd.factorize(2 * which + its)
        for header in wheres[table] if its.any() else ():
            codes = rows.column(header).codes[own]
            which, _ = pd.factorize(which * (int(codes.max()) + 1) + np.where(its, codes, 0))
    _, first, counts = np.unique(which, return_index=True, return_counts=True)
    for position, count in sorted(zip(first.tolist(), counts.tolist(), strict=True)):
        index = int(np.flatnonzero(own)[position])
        tables = sorted(
            t for (t, *_), its in zip(journal.passed, passed, strict=True) if its[index]
        )
        headers = list(dict.fromkeys(header for table in tables for header in wheres[table]))
        row = rows[index]
        strange = [h for h in headers if not _is_asked(row, h, asked[header_key(h)])]
        yield _Alike(row, count, headers, strange)


def _tell_sheet(found: list[_Alike], asked: dict[str, list[str]], journal: Journal) -> None:
    counts: Counter[str] = Counter()
    near: dict[tuple[str, str], list[_Alike]] = {}
    for alike in found:
        counts[alike.shown()] += alike.n
        for header in alike.strange:
            if word := tidy(alike.first.text(header)):
                near.setdefault((header, word), []).append(alike)
    listed = [f"{shown} ({n})" for shown, n in list(counts.items())[:_SHOWN]]
    more = f"; and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
    said = {"n": counts.total(), "what": "; ".join(listed) + more}
    journal.ask("rows_in_no_table", said, place=found[0].first.place)
    for (header, word), rows in near.items():
        first, n = rows[0].first, sum(alike.n for alike in rows)
        if meant := _near(word, asked[header_key(header)], first):
            said = {"header": header, "word": word, "n": n, "near": meant}
            journal.ask("row_near_a_table", said, value=word, place=first.place, header=header)


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
