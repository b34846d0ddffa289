"""The number of a query: readable, and the same in the next export, where rows have moved."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.clean import PLACE
from venaza.contracts.truth import is_true

#: How grave a query is, the gravest first, and its place among them.
SEVERITIES = ("error", "warning", "note")
RANK = {name: place for place, name in enumerate(SEVERITIES)}
#: What tells the rows of a patient apart, wherever they stand in the sheet.
ROW_KEYS = {
    "cycles": ("EXSTDT", "EXSTDY"),
    "responses": ("RSDT", "RSDY"),
    "mrd": ("MRDDT", "MRDDY", "MRDMETH", "MRDMAT"),
    "therapies": ("CMSTDT", "CMSTDY", "CMTRT"),
    "transplants": ("TXDT", "TXDY"),
    "transfusions": ("TFDT", "TFDY", "TFTYPE"),
    "mutations": ("GENE",),
    "adverse_events": ("AETERM", "AESTDT", "AESTDY"),
    "labs": ("LBDT", "LBDY", "LBTESTCD"),
}
#: A key longer than this helps nobody to find the row.
_LONGEST = 40


def query_ids(queries: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> list[str]:
    """The QUERYID of each row of ``queries`` (contract ``QUERIES``).

    It names the rule, the patient, the clean table and column, and what tells the row apart
    in the clean ``tables`` (its date, its gene); for a row that is in none of them, the value
    as sent. No row number is part of it. Queries that would be called the same are numbered.
    """
    keys = _row_keys(tables, queries)
    names, seen = {}, {}
    order = ["VALUE", "MESSAGE", *PLACE]
    for i, row in queries.sort_values(order, kind="stable", na_position="first").iterrows():
        table = _text(row["TABLE"])
        key = ""
        if table != "patients":
            place = (table, *(_text(row[name]) for name in PLACE))
            key = keys.get(place) or _text(row["VALUE"])
        elif not _text(row["USUBJID"]):
            key = _text(row["VALUE"])
        where = ".".join(filter(None, [table, _text(row["COLUMN"])]))
        parts = [_text(row["RULE"]), _text(row["USUBJID"]), where, key[:_LONGEST].strip()]
        name = ":".join(filter(None, parts))
        seen[name] = seen.get(name, 0) + 1
        names[i] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return [names[i] for i in queries.index]


def _row_keys(tables: dict[str, pd.DataFrame], queries: pd.DataFrame) -> dict[tuple, str]:
    """(table, file, sheet, row) -> what tells the row apart; one raw row may give several.

    Of the rows alone whose number a query on their table has.
    """
    keys: dict[tuple, list[str]] = {}
    for table, columns in ROW_KEYS.items():
        asked = queries.loc[is_true(queries["TABLE"] == table), "SRCROW"]
        frame = tables.get(table)
        if frame is None or asked.empty:
            continue
        frame = frame[frame["SRCROW"].isin(asked) | frame["SRCROW"].isna()]
        known = [name for name in columns if name in frame]
        for row in frame[[*PLACE, *known]].to_dict("records"):
            texts = {name: _text(row[name]) for name in known}
            parts = [
                f"day {text}" if name.endswith("DY") else text
                for name, text in texts.items()
                if text and not (name.endswith("DY") and texts.get(f"{name[:-2]}DT"))
            ]
            place = (table, *(_text(row[name]) for name in PLACE))
            keys.setdefault(place, []).append(" ".join(parts))
    return {place: min(found) for place, found in keys.items()}


def _text(value: object) -> str:
    if pd.isna(value):
        return ""
    return value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else str(value)
