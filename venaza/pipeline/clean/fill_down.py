"""Columns that are filled down: what a merged cell shows over several rows stands in the first."""

from __future__ import annotations

import numpy as np

from venaza.contracts.headers import header_key, mapped_columns
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.odd_rows import is_summary
from venaza.pipeline.clean.raw_table import RawTable


def fill_down(rows: RawTable, table: str, spec: dict, summary: list[str], journal: Journal) -> None:
    """Give the empty cells of the declared columns the value above, within a sheet; in place.

    What a merged cell shows over several rows stands in the first of them only. A filled patient
    number is logged as ``USUBJID``, any other under the clean columns that the header is mapped to.
    A row of totals or notes (the words ``summary``) belongs to nobody and is not filled.
    """
    order = rows.in_order()
    order = order[~_heads_notes(rows, summary)[order]]
    keys = list(dict.fromkeys(map(header_key, spec["fill_down"])))
    own, patients = header_key(spec["key"]), [None] * len(rows)
    for index, source in enumerate(_above(rows, order, own).tolist()):
        if source >= 0 and (source == index or own in keys):
            patients[index] = tidy(rows[source].text(spec["key"]))
    filled: list[tuple[int, str, int]] = []
    for key in keys:
        sources = _above(rows, order, key)
        below = np.flatnonzero((sources >= 0) & (sources != np.arange(len(rows))))
        rows.take(key, below, sources[below])
        above = sources[below].tolist()
        filled += [(i, key, source) for i, source in zip(below.tolist(), above, strict=True)]
    rank = np.empty(len(rows), dtype="int64")
    rank[order] = np.arange(len(order))
    headers = {header_key(header): header for header in reversed(spec["fill_down"])}
    targets, rule = _targets(spec), "filled from the row above"
    for index, key, source in sorted(filled, key=lambda f: rank[f[0]]):
        place, text = rows.places[index], rows[source].text(key)
        journal.filled[(place, key)] = rows.places[source]
        for column in targets.get(key, []):
            journal.change(patients[index], table, column, "", text, rule, place, headers[key])


def _heads_notes(rows: RawTable, summary: list[str]) -> np.ndarray:
    """Whether the first cell of each row heads totals or notes."""
    first = rows.text_codes()[rows.starts()[:-1]]
    texts = rows.export.texts
    known = {code: is_summary(texts[code], summary) for code in np.unique(first).tolist()}
    return np.array([known[code] for code in first.tolist()], dtype=bool)


def _above(rows: RawTable, order: np.ndarray, key: str) -> np.ndarray:
    """For each row the nearest one of its sheet, itself or above, with a cell under a ``key``.

    -1 where there is none; ``order`` has the rows that count, as they stand.
    """
    filled = rows.under(key).each(lambda entry: tidy(entry.text) != "", bool)[order]
    sheet = rows.sheet[order]
    position = np.arange(len(order))
    last = np.maximum.accumulate(np.where(filled, position, -1))
    begins = np.concatenate([[True], sheet[1:] != sheet[:-1]])[: len(order)]
    start = np.maximum.accumulate(np.where(begins, position, 0))
    found = np.full(len(rows), -1, dtype="int64")
    found[order] = np.where(last >= start, order[last], -1)
    return found


def _targets(spec: dict) -> dict[str, list[str]]:
    """The clean columns behind each raw header."""
    found: dict[str, list[str]] = {header_key(spec["key"]): ["USUBJID"]}
    for name, how in mapped_columns(spec):
        columns = found.setdefault(header_key(how["from"]), []) if "from" in how else []
        if name not in columns:
            columns.append(name)
    return found
