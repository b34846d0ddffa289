"""Rows of a sheet that are no patient's (totals, notes, headers again), and rows too long."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from venaza.contracts.headers import header_key
from venaza.contracts.intake import BEYOND
from venaza.contracts.script import simplified
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.raw_table import RawRow, RawTable

#: Reasons of rows that are left out.
SUMMARY, HEADERS = "totals or notes", "the headers again"
_HEAD = re.compile(r"(?P<word>.+?)\s*(?:(?P<sign>[:：=＝(（±]).*)?", re.DOTALL)


def is_summary(text: str, words: list[str]) -> bool:
    """Whether a cell heads a row of totals or of notes, as sheets have below their patients.

    ``words`` is ``summary_rows`` of the vocabulary; one that ends in ``=`` needs the sign.
    """
    return summary_head(text, words) is not None


def summary_head(text: str, words: list[str]) -> str | None:
    """The word, with its sign, that heads a row of totals or notes; None for any other cell."""
    match = _HEAD.fullmatch(tidy(text))
    if not match:
        return None
    known = _plain_words(tuple(words))
    head, sign = _plain(match["word"]), match["sign"] or ""
    if head in known or (sign in ("=", "＝") and f"{head}=" in known):
        return f"{match['word']}{sign}"
    return None


def _plain(text: str) -> str:
    return folded(simplified(tidy(text)))


@lru_cache
def _plain_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_plain, words))


def leave_out_odd(
    rows: RawTable, table: str, spec: dict, study: dict, journal: Journal
) -> RawTable:
    """The rows that are a patient's: the others are asked about and accounted for.

    Such a row has totals or notes in place of a patient's number, or headers: its own, as where
    two exports were pasted, or other words (``header_rows`` of the vocabulary).
    """
    words, key = study["vocabulary"], spec["key"]
    column = rows.column(key)
    summary = column.each(lambda e: is_summary(e.text, words.get("summary_rows", [])), bool)
    heads = {_plain(word) for word in words.get("header_rows", [])}
    header = column.each(lambda e: _is_header(e.text, key, heads), bool)
    named = column.each(lambda e: header_key(e.text) != "", bool)
    header |= named & _repeats_headers(rows)
    for index in np.flatnonzero(summary | header).tolist():
        row = rows[index]
        rule, reason = ("summary_row", SUMMARY) if summary[index] else ("header_row_again", HEADERS)
        ask_once(row, rule, table, row.text(key), key, journal)
        journal.left_out[(table, row.place)] = reason
    return rows.of_rows(~(summary | header))


def _is_header(text: str, key: str, words: set[str]) -> bool:
    sent = header_key(text).casefold()
    return sent != "" and (sent == header_key(key).casefold() or _plain(text) in words)


def _repeats_headers(rows: RawTable) -> np.ndarray:
    """Whether most cells of a row say what stands above them; of one cell nothing is told."""
    cells = rows.stored
    which, texts = pd.factorize(rows.text_codes())
    said = [rows.keys.get(header_key(rows.export.texts[code]), -1) for code in texts.tolist()]
    same = np.array(said, dtype="int64")[which] == cells.key
    count = np.bincount(cells.row, minlength=len(rows))
    alike = np.bincount(cells.row, weights=same, minlength=len(rows))
    return (2 * alike > count) & (count > 1)


def leave_out_without_patient(
    row: RawRow, table: str, spec: dict, study: dict, journal: Journal
) -> None:
    """Account for a row without a patient's number: a note where its first cell heads one."""
    first = next((text for text in row.cells.values() if tidy(text)), "")
    note = is_summary(first, study["vocabulary"].get("summary_rows", []))
    rule = "summary_row" if note else "row_without_patient"
    ask_once(row, rule, table, " | ".join(row.cells.values()), spec["key"], journal)
    journal.left_out[(table, row.place)] = SUMMARY if note else "no patient number"


def ask_once(row: RawRow, rule: str, table: str, value: str, header: str, journal: Journal) -> None:
    """Ask about a row that is no patient's, once for all the tables of its sheet."""
    if row.place not in journal.nobodys:
        journal.nobodys.add(row.place)
        journal.ask(rule, table=table, value=value[:80], place=row.place, header=header)


def ask_about_long_rows(
    export: Export, part: np.ndarray, table: str, spec: dict, redcap: Redcap, journal: Journal
) -> None:
    """Ask about each row of a text file that has more cells than the headers; once for all tables.

    ``part`` are the cells of the table's sheets that stand below headers.
    """
    beyond = np.flatnonzero(export.is_kind([BEYOND]))
    if not len(beyond):
        return
    sheets = np.unique(export.row_sheet[export.row[part]])
    beyond = beyond[np.isin(export.row_sheet[export.row[beyond]], sheets)]
    more: dict[Place, list[str]] = {}
    for place, _, text in export.addresses(beyond):
        more.setdefault(place, []).append(text)
    patients = export.patients(part, beyond, header_key(spec["key"]), redcap)
    for place, values in more.items():
        if place not in journal.too_long:
            journal.too_long.add(place)
            at = {"table": table, "value": " | ".join(values)[:80], "place": place}
            journal.ask("row_too_long", {"n": len(values)}, patient=patients.get(place), **at)
