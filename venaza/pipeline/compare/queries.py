"""The queries that were closed and opened between two exports, and what closed them."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.queries import RANK
from venaza.contracts.wording import shown

ASKED = (
    Column("QUERYID", "string", "Query", "", "rule, patient, table, column, row key"),
    Column("USUBJID", "string", "Patient"),
    Column("STATUS", "string", "opened or closed"),
    Column("SEVERITY", "string", "error, warning or note"),
    Column("RULE", "string", "Check"),
    Column("TABLE", "string", "Clean table"),
    Column("COLUMN", "string", "Clean column"),
    Column("VALUE", "string", "Value as sent"),
    Column("MESSAGE", "string", "What is asked"),
    Column("CAUSE", "string", "What closed or opened it"),
    Column("SRCFILE", "string", "Raw file (of the export compared with where it was closed)"),
    Column("SRCSHEET", "string", "Raw sheet"),
    Column("SRCROW", "integer", "Raw row"),
    Column("SRCCOL", "string", "Raw header"),
)


def compare_queries(
    before: list[pd.DataFrame],
    after: list[pd.DataFrame],
    causes: dict[str, list[dict]],
    came: set,
    gone: set,
) -> pd.DataFrame:
    """The queries that only one of two exports has (``ASKED``), closed ones first.

    ``causes`` gives the changed cells (``CELLS``) of each patient with their words under
    ``text``; ``came`` and ``gone`` are the patients whom only one of the exports has.
    """
    then, now = (_by_id(frames) for frames in (before, after))
    rows = []
    for status, one, other in (("closed", then, now), ("opened", now, then)):
        only = [query for key, query in one.items() if key not in other]
        only.sort(key=lambda q: (RANK[q["SEVERITY"]], shown(q["USUBJID"]), q["QUERYID"]))
        for query in only:
            kept = {column.name: query.get(column.name) for column in ASKED}
            rows.append({**kept, "STATUS": status, "CAUSE": _cause(query, causes, came, gone)})
    return conform(pd.DataFrame(rows, columns=[c.name for c in ASKED], dtype=object), ASKED)


def _by_id(frames: list[pd.DataFrame]) -> dict[str, dict]:
    return {q["QUERYID"]: q for frame in frames for q in frame.to_dict("records")}


def _cause(query: dict, causes: dict[str, list[dict]], came: set, gone: set) -> str:
    patient, column = shown(query["USUBJID"]), shown(query["COLUMN"])
    if patient in came or patient in gone:
        return "the patient is new" if patient in came else "the patient is gone"
    lines = [c for c in causes.get(patient, []) if c["TABLE"] == query["TABLE"]]
    same = [c for c in lines if shown(c["COLUMN"]) in ("", column)]
    found = same if column else lines
    if found:
        return "; ".join(c["text"] for c in found[:3])
    return "no clean cell changed: see the raw row"
