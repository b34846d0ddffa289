"""Rows that say in other writing what an earlier row says: one event that was told twice."""

from __future__ import annotations

from venaza.clean.journal import Journal
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import names

#: Two bags of blood, or two measurements, on one day are no repetition; patients' rows are joined.
_MAY_REPEAT = ("patients", "labs", "transfusions")
_ORIGIN = {"SEQ", "SRCFILE", "SRCSHEET", "SRCROW"}


def without_repeats(rows: list[dict], table: str, journal: Journal) -> list[dict]:
    """The rows of a table, but for those that are equal to an earlier one once they are read.

    Rows that are equal cell by cell are left out before (``venaza.clean.rows``). Here a date in
    another style, another word for the same code, or a running number beside the row make no
    second event. A row with a cell that could not be read equals none. Each row that is left out
    is the query ``duplicate_row``.
    """
    if table in _MAY_REPEAT:
        return rows
    columns = [name for name in names(TABLES[table]) if name not in _ORIGIN]
    kept, seen = [], {}
    for row in rows:
        if row["_unread"]:
            kept.append(row)
            continue
        content = tuple(_said(row, name) for name in columns)
        first = seen.setdefault(content, row["_place"])
        if first == row["_place"]:
            kept.append(row)
            continue
        row["_dropped"] = "repeats another row"
        journal.ask(
            "duplicate_row",
            {"row": first.row},
            patient=row["USUBJID"],
            table=table,
            place=row["_place"],
        )
    return kept


def _said(row: dict, name: str) -> object:
    """What a row says in a column; an adverse event says its term, in whatever words."""
    return row.get("AEDECOD") or row.get(name) if name == "AETERM" else row.get(name)
