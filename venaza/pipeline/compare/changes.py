"""What has changed between two exports: patients, cells, queries, endpoints, numbers and alarms."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.clean import PLACE
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.pipeline.audit.trace.number_rows import held_against
from venaza.pipeline.compare.alarms import ALARMS, alarm_frame, patient_alarms
from venaza.pipeline.compare.causes import Causes
from venaza.pipeline.compare.cells import CELLS, Side, compare_cells
from venaza.pipeline.compare.column_alarms import column_alarms
from venaza.pipeline.compare.endpoints import ENDPOINTS, Evidence, compare_endpoints, outcome_text
from venaza.pipeline.compare.numbers import NUMBERS, STEPS, UNKNOWN, compare_numbers
from venaza.pipeline.compare.queries import ASKED, compare_queries

PATIENTS = (
    Column("REF", "string", "What numbers refer to"),
    Column("USUBJID", "string", "Patient"),
    Column("STATUS", "string", "added, gone or changed"),
    Column("CELLS", "integer", "Changed cells and rows"),
    Column("ENDPOINTS", "integer", "Endpoints that moved"),
    Column("SRCFILE", "string", "Raw file of the patient's row (of a patient who is gone: before)"),
    Column("SRCSHEET", "string", "Raw sheet"),
    Column("SRCROW", "integer", "Raw row"),
)
_REF = Column("REF", "string", "What endpoints and numbers refer to")
#: The tables that ``compare`` gives.
CHANGES: dict[str, tuple[Column, ...]] = {
    "alarms": ALARMS,
    "patients": PATIENTS,
    "endpoints": ENDPOINTS,
    "numbers": NUMBERS,
    "steps": STEPS,
    "queries": ASKED,
    "cells": (_REF, *CELLS),
}
#: All of them in one table, for ``changes.csv``.
COMBINED = (
    Column("KIND", "string", "alarm, patient, number, step, endpoint, query or cell"),
    _REF,
    Column("USUBJID", "string", "Patient"),
    Column("ITEM", "string", "Table and column, endpoint, number or query"),
    Column("WORDS", "string", "A headline number in words"),
    Column("STATUS", "string", "What happened; of a number also its class"),
    Column("BEFORE", "string", "In the export compared with"),
    Column("AFTER", "string", "In this export"),
    Column("CAUSE", "string", "What moved it"),
    Column("NOTE", "string", "Why it matters and what to do; of a number who moved it"),
    Column("REFS", "string", "The lines that moved it, by REF"),
    *CELLS[-10:],
)


def compare(
    before: dict[str, pd.DataFrame] | None,
    after: dict[str, pd.DataFrame],
    states: list[tuple[list[str], pd.DataFrame]],
    study: dict,
    earlier: dict | None = None,
) -> dict[str, pd.DataFrame]:
    """What changed between two exports of a study: the tables of ``CHANGES``.

    ``before`` and ``after`` hold the tables of both exports as ``results.read_results`` names
    them (``clean/patients``); ``before`` is None where only a record is left, and then numbers
    are compared and nothing else. ``states`` are the ARDs from the one to the other
    (``numbers.compare_numbers``). ``earlier`` says of the export compared with what ``study``
    says of this one: ``tables``, ``export``, ``cutoff``. Times are days.
    """
    found = no_changes()
    found["numbers"], found["steps"] = compare_numbers(states, study)
    if before is None:
        return found
    sides = Side(before, earlier or study), Side(after, study)
    everyone = [set(side.clean("patients")["USUBJID"]) for side in sides]
    both = everyone[0] & everyone[1]
    cells = compare_cells(*sides, both)
    cells.insert(0, "REF", pd.array([f"cell-{n}" for n in range(1, len(cells) + 1)], "string"))
    evidence = Evidence.of(cells, tuple(side.study.get("cutoff") for side in sides))
    kept = [_of(part, both) for part in (before, after)]
    endpoints = compare_endpoints(*kept, evidence, study)
    found |= {"cells": cells, "endpoints": endpoints}
    found["patients"] = _patients(sides, everyone, cells, endpoints)
    found["alarms"] = _alarms(sides, cells, study)
    asked = [[part[name] for name in _ASKED if name in part] for part in (before, after)]
    found["queries"] = compare_queries(
        *asked, evidence.cells, everyone[1] - both, everyone[0] - both
    )
    found["numbers"] = _explained(found["numbers"], states, (before, after), found, study, evidence)
    return found


_ASKED = ("clean/queries", "endpoints/queries")


def no_changes() -> dict[str, pd.DataFrame]:
    """Empty tables of changes, for a study that is compared with nothing."""
    return {name: conform(pd.DataFrame(), columns) for name, columns in CHANGES.items()}


def _of(part: dict[str, pd.DataFrame], patients: set) -> dict[str, pd.DataFrame]:
    """The analysis tables of these patients, by their own names."""
    tables = {name: part.get(f"endpoints/{name}") for name in ("adtte", "adrs")}
    return {
        name: None if table is None else table[table["USUBJID"].isin(patients)]
        for name, table in tables.items()
    }


def _alarms(sides: tuple[Side, Side], cells: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The alarms; none where an export is compared with a later one, or with itself."""
    dates = [side.study.get("export") for side in sides]
    if dates[0] and dates[1] and dates[0] > dates[1]:
        return alarm_frame([])
    dates = [date or "1900-01-01" for date in dates]
    whole = column_alarms(*sides, cells, study)
    single = patient_alarms(*sides, tuple(dates), study)
    return conform(pd.concat([whole, single], ignore_index=True), ALARMS)


def _patients(
    sides: tuple[Side, Side], everyone: list[set], cells: pd.DataFrame, endpoints: pd.DataFrame
) -> pd.DataFrame:
    earlier, later = everyone
    counted = cells["USUBJID"].value_counts(), endpoints["USUBJID"].value_counts()
    touched = set(cells["USUBJID"]) | set(endpoints["USUBJID"])
    places = [_row_places(side.clean("patients")) for side in sides]
    rows = []
    for patient in sorted(earlier ^ later | touched):
        status = "changed" if patient in earlier & later else "gone"
        if patient not in earlier:
            status = "added"
        numbers = [int(count.get(patient, 0)) for count in counted]
        at = places[status != "gone"].get(patient, (None, None, None))
        rows.append((f"patient-{patient}", patient, status, *numbers, *at))
    return _frame(rows, "patients")


def _row_places(patients: pd.DataFrame) -> dict[str, tuple]:
    names = ("USUBJID", *PLACE)
    columns = [patients[name].astype(object) for name in names if name in patients]
    return {row[0]: row[1:] for row in zip(*columns, strict=True)} if len(columns) == 4 else {}


def _explained(
    numbers: pd.DataFrame, states: list, sides: tuple, found: dict, study: dict, evidence: Evidence
) -> pd.DataFrame:
    """``WHY`` and ``REFS`` of the numbers that data or corrections moved."""
    if any("endpoints/adsl" not in side for side in sides):
        return numbers
    causes = Causes.of(*sides, found["endpoints"], evidence)
    whole = [ard for _, ard in states if "group" in ard]  # a kept record has no groups
    rows = {r["ard_id"]: r for ard in whole for r in ard.to_dict("records")}
    by_hand = found["cells"]["CAUSE"] == "correction"
    corrected = set(found["cells"].loc[by_hand, "USUBJID"])
    why, refs = [], []
    for key, cause in zip(numbers["ard_id"], numbers["CAUSE"], strict=True):
        said, lines = "", []
        if any(word in cause for word in ("data", "corrections")):
            only = corrected if cause == "corrections" else None
            said, lines = _why(rows.get(key), rows, causes, study, only)
            said = said or UNKNOWN
        why.append(said or None)
        refs.append(" ".join(lines) or None)
    return conform(numbers.assign(WHY=why, REFS=refs), NUMBERS)


def _why(
    number: dict | None, rows: dict, causes: Causes, study: dict, only: set | None
) -> tuple[str, list[str]]:
    """Of a comparison with the publication what moved the number that it compares."""
    if number is None:
        return "", []
    if number["analysis"] != "published":
        return causes.why(number, only)
    computed = held_against(number, study) if study.get("published") else ""
    if computed not in rows:
        return "", []
    said, lines = causes.why(rows[computed], only)
    return f"as {computed}: {said}" if said else "", lines


def _frame(rows: list[tuple], table: str) -> pd.DataFrame:
    columns = CHANGES[table]
    made = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    return conform(made, columns)


def combined(changes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every change in one table (``COMBINED``), the alarms first: for ``changes.csv``."""
    rows = []
    for kind, table in _LINES.items():
        rows += [table(r) | {"KIND": kind} for r in changes[_NAMES[kind]].to_dict("records")]
    wanted = [column.name for column in COMBINED]
    return conform(pd.DataFrame(rows, columns=wanted, dtype=object), COMBINED)


def _item(row: dict) -> str:
    return row["TABLE"] if pd.isna(row["COLUMN"]) else f"{row['TABLE']}.{row['COLUMN']}"


def _picked(row: dict, *names: str) -> dict:
    return {name: row[name] for name in names}


def _alarm(r: dict) -> dict:
    where = "; ".join(
        f"{when}: {r[key]}"
        for key, when in (("WHERE_BEFORE", "before"), ("WHERE_AFTER", "now"))
        if not pd.isna(r[key])
    )
    note = " ".join(filter(None, [r["MESSAGE"], r["ACTION"], where and f"({where})"]))
    said = {"ITEM": _item(r), "STATUS": r["ALARM"], "NOTE": note}
    return _picked(r, "USUBJID", "BEFORE", "AFTER") | said


def _patient(r: dict) -> dict:
    note = f"{r['CELLS']} cells, {r['ENDPOINTS']} endpoints" if r["STATUS"] == "changed" else None
    when = "BEFORE" if r["STATUS"] == "gone" else "AFTER"
    at = {f"{name}_{when}": r[name] for name in PLACE}
    return _picked(r, "REF", "USUBJID", "STATUS") | {"NOTE": note} | at


def _number(r: dict) -> dict:
    status = f"{r['STATUS']}, {r['CLASS']}"
    words = None if pd.isna(r["WORDS"]) else r["WORDS"]
    said = {"ITEM": r["ard_id"], "STATUS": status, "WORDS": words, "NOTE": r["WHY"]}
    return _picked(r, "BEFORE", "AFTER", "CAUSE", "REFS") | said


def _step(r: dict) -> dict:
    return _picked(r, "BEFORE", "AFTER", "CAUSE") | {"ITEM": r["ard_id"], "STATUS": f"{r['STEP']}"}


def _endpoint(r: dict) -> dict:
    said = {"BEFORE": outcome_text(r, "BEFORE"), "AFTER": outcome_text(r, "AFTER")}
    return _picked(r, "REF", "USUBJID", "STATUS", "CAUSE", "REFS") | said | {"ITEM": r["PARAMCD"]}


def _query(r: dict) -> dict:
    side, when = ("BEFORE", "BEFORE") if r["STATUS"] == "closed" else ("AFTER", "AFTER")
    at = {f"{name}_{when}": r[name] for name in (*PLACE, "SRCCOL")}
    said = {"ITEM": r["QUERYID"], side: r["VALUE"], "NOTE": r["MESSAGE"]}
    return _picked(r, "USUBJID", "STATUS", "CAUSE") | said | at


def _cell(r: dict) -> dict:
    raw = [column.name for column in CELLS[-10:]]
    wanted = ("REF", "USUBJID", "STATUS", "BEFORE", "AFTER", "CAUSE", *raw)
    return _picked(r, *wanted) | {"ITEM": _item(r)}


_LINES = {
    "alarm": _alarm,
    "patient": _patient,
    "number": _number,
    "step": _step,
    "endpoint": _endpoint,
    "query": _query,
    "cell": _cell,
}
_NAMES = {
    "alarm": "alarms",
    "patient": "patients",
    "number": "numbers",
    "step": "steps",
    "endpoint": "endpoints",
    "query": "queries",
    "cell": "cells",
}
