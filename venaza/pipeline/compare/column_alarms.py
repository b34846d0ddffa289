"""Alarms on whole tables and columns: emptied, shorter, or changed in many patients at once."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.clean import TABLES
from venaza.pipeline.compare.alarms import alarm_frame
from venaza.pipeline.compare.cells import Side
from venaza.pipeline.compare.row_matching import KEY_AND_PLACE

#: A column with a single value that goes is a cell, not a column.
_LEAST = 2
WORDS = {
    "table came empty": (
        "The earlier export has rows of this table, this one has none: what hangs on it is gone "
        "from the report.",
        "Look whether the sheet or file is in the export, and whether its headers are still those "
        "of the study file.",
    ),
    "column came empty": (
        "The earlier export has values in this column, this one has none.",
        "Look whether the column was exported and whether its header is still that of the study "
        "file.",
    ),
    "fewer rows": (
        "A record grows while patients are followed; this table has become shorter.",
        "Ask which rows were removed; the cells below name them.",
    ),
    "mass change in one column": (
        "Values that were known have changed in many patients at once: a unit, a code, a shifted "
        "column or a formula rather than so many corrections.",
        "Compare a few patients with the chart before anything else is believed.",
    ),
}


def column_alarms(before: Side, after: Side, cells: pd.DataFrame, study: dict) -> pd.DataFrame:
    """What should not have happened to a table or a column (``ALARMS``).

    A mass change is one of ``changes.mass_share`` of the patients that both exports have and
    whose value was known, at least ``changes.mass_count`` of them; columns that are expected to
    change while patients are followed (``changes.expected``) do not count.
    """
    limits = study["changes"]
    both = set(before.clean("patients")["USUBJID"]) & set(after.clean("patients")["USUBJID"])
    changed = cells[(cells["STATUS"] == "changed") & cells["BEFORE"].notna()]
    touched = changed.groupby(["TABLE", "COLUMN"])["USUBJID"].nunique().to_dict()
    rows = []
    for table in TABLES:
        old, new = (side.clean(table) for side in (before, after))
        if old is None or old.empty:
            continue
        count = 0 if new is None else len(new)
        lengths = f"{len(old):,} rows", f"{count:,} rows"
        if count < len(old):
            rows.append(
                _row("table came empty" if not count else "fewer rows", table, None, *lengths)
            )
        if count:
            rows += _columns(table, old, new, both, touched, limits)
    return alarm_frame(rows)


def _columns(
    table: str, old: pd.DataFrame, new: pd.DataFrame, both: set, touched: dict, limits: dict
) -> list[tuple]:
    rows = []
    for column in (name for name in old.columns if name not in KEY_AND_PLACE):
        known = old.loc[old[column].notna(), "USUBJID"]
        if known.empty:
            continue
        if column not in new or new[column].notna().sum() == 0:
            if len(known) >= _LEAST and not _follows(column, old, new):
                was = f"{len(known):,} values"
                rows.append(_row("column came empty", table, column, was, "none"))
            continue
        if column in limits["expected"]:
            continue
        patients, n = known[known.isin(both)].nunique(), touched.get((table, column), 0)
        if n >= limits["mass_count"] and n >= limits["mass_share"] * patients:
            said = f"known in {patients:,} patients", f"changed in {n:,} ({n / patients:.0%})"
            rows.append(_row("mass change in one column", table, column, *said))
    return rows


def _follows(column: str, old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether it is the day or the flag of a date that has itself come empty."""
    stem = next((column[: -len(e)] for e in ("DY", "DTF") if column.endswith(e)), None)
    date = f"{stem}DT"
    if stem is None or date not in old or not old[date].notna().any():
        return column.endswith("DTF")
    return date not in new or not new[date].notna().any() or column.endswith("DTF")


def _row(alarm: str, table: str, column: str | None, was: str, now: str) -> tuple:
    return (None, alarm, table, column, was, now, *WORDS[alarm], None, None)
