"""What a new export changed: patients, cells, endpoints, numbers, and what should not happen."""

from __future__ import annotations

import pandas as pd

from venaza.audit.alarms import find_alarms
from venaza.audit.rows import as_text, compared_columns, pair_rows
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform

_PATIENT = Column("USUBJID", "string", "Patient")

#: The tables that ``compare`` gives.
CHANGES: dict[str, tuple[Column, ...]] = {
    "alarms": (
        _PATIENT,
        Column("ALARM", "string", "What should not happen"),
        Column("TABLE", "string", "Clean table"),
        Column("COLUMN", "string", "Clean column"),
        Column("BEFORE", "string", "In the earlier export"),
        Column("AFTER", "string", "In this export"),
        Column("MESSAGE", "string", "What to look at"),
    ),
    "patients": (
        _PATIENT,
        Column("STATUS", "string", "added, gone or changed"),
        Column("CELLS", "integer", "Changed cells and rows"),
        Column("ENDPOINTS", "integer", "Endpoints that moved"),
    ),
    "endpoints": (
        _PATIENT,
        Column("PARAMCD", "string", "Endpoint code"),
        Column("STATUS", "string", "moved, new or gone"),
        Column("AVAL_BEFORE", "integer", "Time before", "days"),
        Column("AVAL_AFTER", "integer", "Time now", "days"),
        Column("CNSR_BEFORE", "integer", "0 event, 1 censored, 2 competing event, before"),
        Column("CNSR_AFTER", "integer", "0 event, 1 censored, 2 competing event, now"),
        Column("EVNTDESC_BEFORE", "string", "What happened, before"),
        Column("EVNTDESC_AFTER", "string", "What happened, now"),
        Column("SRCDOM", "string", "Clean table of the deciding row"),
        Column("SRCVAR", "string", "Column of the deciding value"),
        Column("CAUSE", "string", "Changed cells that explain it"),
    ),
    "numbers": (
        Column("ard_id", "string", "Number"),
        Column("STATUS", "string", "moved, new or gone"),
        Column("BEFORE", "string", "As printed before"),
        Column("AFTER", "string", "As printed now"),
        Column("VALUE_BEFORE", "number", "Value before"),
        Column("VALUE_AFTER", "number", "Value now"),
        Column("DIFFERENCE", "number", "Now minus before"),
        Column("unit", "string", "Unit"),
    ),
    "cells": (
        _PATIENT,
        Column("TABLE", "string", "Clean table"),
        Column("STATUS", "string", "changed, row added or row gone"),
        Column("COLUMN", "string", "Clean column; empty for a whole row"),
        Column("BEFORE", "string", "In the earlier export"),
        Column("AFTER", "string", "In this export"),
        Column("SRCFILE", "string", "Raw file (of the earlier export where the row is gone)"),
        Column("SRCSHEET", "string", "Raw sheet"),
        Column("SRCROW", "integer", "Raw row"),
    ),
}

#: All of them in one table, for ``changes.csv``.
COMBINED = (
    Column("KIND", "string", "alarm, patient, endpoint, number or cell"),
    _PATIENT,
    Column("ITEM", "string", "Table and column, endpoint, or number"),
    Column("STATUS", "string", "What happened"),
    Column("BEFORE", "string", "In the earlier export"),
    Column("AFTER", "string", "In this export"),
    Column("NOTE", "string", "What explains it, or where to look"),
)

#: How near two values of a number may lie to count as equal.
_TOLERANCE = 1e-12


def compare(
    before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame], study: dict
) -> dict[str, pd.DataFrame]:
    """What changed between two exports of a study: the tables of ``CHANGES``.

    ``before`` and ``after`` hold the clean tables by name, ``adtte`` and ``ard``; what is
    missing counts as empty. Clean rows are paired by patient and by what they say, not by
    their place in the export, so a row put in between moves nothing else. Times are days.
    """
    earlier, later = (set(part["patients"]["USUBJID"]) for part in (before, after))
    both = earlier & later
    cells = compare_cells(before, after, both)
    adtte = [
        None if table is None else table[table["USUBJID"].isin(both)]
        for table in (before.get("adtte"), after.get("adtte"))
    ]
    endpoints = compare_endpoints(*adtte, cells, study)
    return {
        "alarms": find_alarms(before["patients"], after["patients"], CHANGES["alarms"]),
        "patients": _patients(earlier, later, cells, endpoints),
        "endpoints": endpoints,
        "numbers": compare_numbers(before.get("ard"), after.get("ard")),
        "cells": cells,
    }


def _patients(
    earlier: set, later: set, cells: pd.DataFrame, endpoints: pd.DataFrame
) -> pd.DataFrame:
    counted = cells["USUBJID"].value_counts(), endpoints["USUBJID"].value_counts()
    touched = set(cells["USUBJID"]) | set(endpoints["USUBJID"])
    rows = []
    for patient in sorted(earlier | later):
        if patient not in later:
            status = "gone"
        elif patient not in earlier:
            status = "added"
        elif patient in touched:
            status = "changed"
        else:
            continue
        numbers = [int(count.get(patient, 0)) for count in counted]
        rows.append((patient, status, *numbers))
    return _frame(rows, "patients")


def compare_cells(
    before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame], both: set
) -> pd.DataFrame:
    """The cells of the clean tables that changed, of the patients that ``both`` exports have.

    A whole row that came or went is one line, with what it says as text.
    """
    rows: list[tuple] = []
    for table in TABLES:
        pair = [part.get(table) for part in (before, after)]
        if all(frame is None or frame.empty for frame in pair):
            continue
        blank = next(frame for frame in pair if frame is not None).iloc[:0]
        pair = [blank if frame is None else frame for frame in pair]
        columns = compared_columns(*pair)
        earlier, later = (as_text(frame, columns, both, table) for frame in pair)
        for patient in sorted(set(earlier) | set(later)):
            for old, new in pair_rows(earlier.get(patient, []), later.get(patient, []), table):
                rows += _row_changes(patient, table, columns, old, new)
    return _frame(rows, "cells")


def _row_changes(patient: str, table: str, columns: list[str], old, new) -> list[tuple]:
    """``old`` and ``new`` are rows of ``as_text``; None where the other side has no such row."""
    place = (new or old).place
    if old is None or new is None:
        status = "row added" if old is None else "row gone"
        said = "; ".join(
            f"{name} {value}"
            for name, value in zip(columns, (new or old).values, strict=True)
            if value
        )
        values = (said, None) if new is None else (None, said)
        return [(patient, table, status, None, *values, *place)]
    return [
        (patient, table, "changed", name, was or None, now or None, *place)
        for name, was, now in zip(columns, old.values, new.values, strict=True)
        if was != now
    ]


def compare_endpoints(
    before: pd.DataFrame | None, after: pd.DataFrame | None, cells: pd.DataFrame, study: dict
) -> pd.DataFrame:
    """The endpoints whose time or outcome changed, and why.

    ``CAUSE`` names the changed cells among those that decided before or now, and where time
    zero moved the changes of the table it comes from; where none of them changed, every
    changed cell of the patient; where no cell changed at all it says so.
    """
    if before is None or after is None:
        return _frame([], "endpoints")
    earlier, later = _by_endpoint(before), _by_endpoint(after)
    by_patient = dict(list(cells.groupby("USUBJID"))) if len(cells) else {}
    rows = []
    for key in sorted(set(earlier) | set(later)):
        old, new = earlier.get(key), later.get(key)
        if old and new and _outcome(old) == _outcome(new):
            continue
        status = "moved" if old and new else "new" if new else "gone"
        source = new or old
        values = [part for pair in zip(_outcome(old), _outcome(new), strict=True) for part in pair]
        started = old and new and old["STARTDY"] == new["STARTDY"]
        starts = set() if started else _start_tables(key[1], study)
        cause = _cause(old, new, by_patient.get(key[0]), starts)
        rows.append((*key, status, *values, source["SRCDOM"], source["SRCVAR"], cause))
    return _frame(rows, "endpoints")


def _by_endpoint(adtte: pd.DataFrame) -> dict[tuple, dict]:
    return {(r["USUBJID"], r["PARAMCD"]): r for r in adtte.to_dict("records")}


def _outcome(row: dict | None) -> tuple:
    if row is None:
        return (None, None, None)
    said = row["CNSDTDSC"] if pd.isna(row["EVNTDESC"]) else row["EVNTDESC"]
    return tuple(None if pd.isna(v) else v for v in (row["AVAL"], row["CNSR"], said))


def _start_tables(code: str, study: dict) -> set[str]:
    """The clean tables that an endpoint's time zero is taken from."""
    start = study.get("endpoints", {}).get(code, {}).get("start")
    names = study.get("failure", {}).get("milestones", []) if start == "FAILURE" else [start]
    tables = {study.get("milestones", {}).get(name, {}).get("table", "patients") for name in names}
    return {"responses" if table == "assessments" else table for table in tables}


def _cause(old: dict | None, new: dict | None, cells: pd.DataFrame | None, starts: set[str]) -> str:
    if cells is None:
        return "no cell of the patient changed: look at configuration, corrections and code"
    lines = cells.to_dict("records")
    deciding = [(r["SRCDOM"], r["SRCVAR"]) for r in (old, new) if r is not None]
    tables = {table for table, _ in deciding}
    index = ("patients", "INDEXDT")
    near = [
        line
        for line in lines
        if (line["TABLE"], line["COLUMN"]) in [*deciding, index]
        or (pd.isna(line["COLUMN"]) and line["TABLE"] in tables)
        or (line["TABLE"], _as_date(line["COLUMN"])) in deciding
        or line["TABLE"] in starts - {"patients"}
    ]
    return "; ".join(_cell_text(line) for line in near or lines)


def _as_date(column: object) -> str | None:
    """The date column that a day column stands for, in a study that gives study days."""
    return f"{column[:-2]}DT" if isinstance(column, str) and column.endswith("DY") else None


def _cell_text(line: dict) -> str:
    if pd.isna(line["COLUMN"]):
        said = line["AFTER"] if pd.isna(line["BEFORE"]) else line["BEFORE"]
        return f"{line['TABLE']} {line['STATUS']}: {said}"
    was, now = ("empty" if pd.isna(line[k]) else line[k] for k in ("BEFORE", "AFTER"))
    return f"{line['TABLE']}.{line['COLUMN']}: {was} \u2192 {now}"


def compare_numbers(before: pd.DataFrame | None, after: pd.DataFrame | None) -> pd.DataFrame:
    """The numbers of the ARD that moved, came or went, in the order of the ARD."""
    if before is None or after is None:
        return _frame([], "numbers")
    earlier, later = (
        {r["ard_id"]: r for r in ard[["ard_id", "display", "value", "unit"]].to_dict("records")}
        for ard in (before, after)
    )
    rows = []
    for key in dict.fromkeys([*later, *earlier]):
        old, new = earlier.get(key), later.get(key)
        if old and new and _same(old, new):
            continue
        was, now = ((None, None) if r is None else (r["display"], r["value"]) for r in (old, new))
        known = not (pd.isna(was[1]) or pd.isna(now[1]))
        difference = now[1] - was[1] if known else None
        status = "moved" if old and new else "new" if new else "gone"
        rows.append((key, status, was[0], now[0], was[1], now[1], difference, (new or old)["unit"]))
    return _frame(rows, "numbers")


def _same(old: dict, new: dict) -> bool:
    a, b = old["value"], new["value"]
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b)) and _text(old["display"]) == _text(new["display"])
    return abs(a - b) <= _TOLERANCE * max(1.0, abs(a)) and old["display"] == new["display"]


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _frame(rows: list[tuple], table: str) -> pd.DataFrame:
    columns = CHANGES[table]
    made = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    return conform(made, columns)


def combined(changes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every change in one table (``COMBINED``), the alarms first: for ``changes.csv``."""
    rows = []
    for r in changes["alarms"].to_dict("records"):
        item = f"{r['TABLE']}.{r['COLUMN']}" if _text(r["COLUMN"]) else r["TABLE"]
        said = r["BEFORE"], r["AFTER"], r["MESSAGE"]
        rows.append(("alarm", r["USUBJID"], item, r["ALARM"], *said))
    for r in changes["patients"].to_dict("records"):
        note = f"{r['CELLS']} cells, {r['ENDPOINTS']} endpoints" if r["STATUS"] == "changed" else ""
        rows.append(("patient", r["USUBJID"], None, r["STATUS"], None, None, note or None))
    for r in changes["endpoints"].to_dict("records"):
        said = outcome_text(r, "BEFORE"), outcome_text(r, "AFTER"), r["CAUSE"]
        rows.append(("endpoint", r["USUBJID"], r["PARAMCD"], r["STATUS"], *said))
    for r in changes["numbers"].to_dict("records"):
        rows.append(("number", None, r["ard_id"], r["STATUS"], r["BEFORE"], r["AFTER"], None))
    for r in changes["cells"].to_dict("records"):
        item = f"{r['TABLE']}.{r['COLUMN']}" if _text(r["COLUMN"]) else r["TABLE"]
        place = " · ".join(filter(None, [_text(r["SRCFILE"]), _text(r["SRCSHEET"])]))
        note = f"{place} · row {_text(r['SRCROW'])}"
        rows.append(("cell", r["USUBJID"], item, r["STATUS"], r["BEFORE"], r["AFTER"], note))
    made = pd.DataFrame(rows, columns=[column.name for column in COMBINED], dtype=object)
    return conform(made, COMBINED)


def outcome_text(row: dict, when: str) -> str | None:
    """An endpoint's outcome in words, ``312 days, event: Death``; None where there is none."""
    if pd.isna(row[f"AVAL_{when}"]):
        return None
    kind = {0: "event", 1: "censored", 2: "competing event"}[int(row[f"CNSR_{when}"])]
    return f"{int(row[f'AVAL_{when}'])} days, {kind}: {_text(row[f'EVNTDESC_{when}'])}"
