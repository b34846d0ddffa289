"""The endpoints and other analysis values that moved, by patient, and the cells that moved them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.pipeline.audit.trace.endpoint_words import OUTCOMES
from venaza.pipeline.compare.cells import as_date, cell_text
from venaza.study.endpoints import clean_table

ENDPOINTS = (
    Column("REF", "string", "What numbers refer to"),
    Column("USUBJID", "string", "Patient"),
    Column("PARAMCD", "string", "Endpoint or response parameter"),
    Column("STATUS", "string", "moved, new or gone"),
    Column("AVAL_BEFORE", "integer", "Time before", "days"),
    Column("AVAL_AFTER", "integer", "Time now", "days"),
    Column("CNSR_BEFORE", "integer", "0 event, 1 censored, 2 competing event, before"),
    Column("CNSR_AFTER", "integer", "0 event, 1 censored, 2 competing event, now"),
    Column("EVNTDESC_BEFORE", "string", "What happened, before; the category of a response"),
    Column("EVNTDESC_AFTER", "string", "What happened, now; the category of a response"),
    Column("SRCDOM", "string", "Clean table of the deciding row"),
    Column("SRCVAR", "string", "Column of the deciding value"),
    Column("CAUSE", "string", "Changed cells that explain it"),
    Column("REFS", "string", "Those cells by REF"),
)
#: What moves an endpoint where no cell of the patient changed.
NO_CELL = "no cell of the patient changed"


@dataclass(frozen=True)
class Evidence:
    """The changed cells by patient, and the day up to which each export's data count."""

    cells: dict[str, list[dict]]
    cutoffs: tuple[str | None, str | None]

    @classmethod
    def of(cls, cells: pd.DataFrame, cutoffs: tuple) -> Evidence:
        """From ``CELLS`` with ``REF``."""
        found: dict[str, list[dict]] = {}
        for line in cells.to_dict("records"):
            found.setdefault(line["USUBJID"], []).append({**line, "text": cell_text(line)})
        return cls(found, cutoffs)

    def why(self, patient: str, near: Callable[[dict], bool]) -> tuple[str, list[str]]:
        """What moved something of a patient: the changed cells near it, else all of them."""
        lines = self.cells.get(patient, [])
        if not lines:
            return self.nothing(), []
        lines = [line for line in lines if near(line)] or lines
        return "; ".join(line["text"] for line in lines), [line["REF"] for line in lines]

    def nothing(self) -> str:
        """What is left where no cell of the patient changed."""
        before, after = self.cutoffs
        if before != after:
            return f"{NO_CELL}: the data cut-off moved from {before} to {after}"
        return NO_CELL


def compare_endpoints(before: dict, after: dict, evidence: Evidence, study: dict) -> pd.DataFrame:
    """The endpoints and responses whose time or outcome changed, and why (``ENDPOINTS``).

    ``before`` and ``after`` are the analysis tables by name, of the patients that both exports
    have. ``CAUSE`` names the changed cells among those that decided before or now, and where
    time zero moved the changes of the table it comes from; where none of them changed, every
    changed cell of the patient; where no cell changed at all it says so.
    """
    rows: list[tuple] = []
    for name, outcome in (("adtte", _outcome), ("adrs", _response)):
        if before.get(name) is None or after.get(name) is None:
            continue
        earlier, later = _by_endpoint(before[name]), _by_endpoint(after[name])
        for key in sorted(set(earlier) | set(later)):
            old, new = earlier.get(key), later.get(key)
            if old and new and outcome(old) == outcome(new):
                continue
            rows.append(_line(key, old, new, outcome, evidence, study))
    rows.sort(key=lambda row: row[:2])
    rows = [(f"endpoint-{n}", *row) for n, row in enumerate(rows, 1)]
    made = pd.DataFrame(rows, columns=[column.name for column in ENDPOINTS], dtype=object)
    return conform(made, ENDPOINTS)


_USED = (
    "USUBJID", "PARAMCD", "STARTDY", "AVAL", "AVALC", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM",
    "SRCVAR",
)  # fmt: skip


def _by_endpoint(table: pd.DataFrame) -> dict[tuple, dict]:
    known = table[[name for name in _USED if name in table]].astype(object)
    columns = [known[name].tolist() for name in known]
    names = list(known)
    lines = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return {(r["USUBJID"], r["PARAMCD"]): r for r in lines}


def _outcome(row: dict | None) -> tuple:
    if row is None:
        return (None, None, None)
    said = row["CNSDTDSC"] if pd.isna(row["EVNTDESC"]) else row["EVNTDESC"]
    return tuple(None if pd.isna(v) else v for v in (row["AVAL"], row["CNSR"], said))


def _response(row: dict | None) -> tuple:
    """A response has a category; a time or a count of cycles only its value."""
    if row is None:
        return (None, None, None)
    said, value = row["AVALC"], row["AVAL"]
    if pd.isna(said):
        said = None if pd.isna(value) else f"{value:g}"
    return (None, None, said)


def _line(
    key: tuple, old: dict | None, new: dict | None, outcome, evidence: Evidence, study: dict
) -> tuple:
    status = "moved" if old and new else "new" if new else "gone"
    source = new or old
    values = [part for pair in zip(outcome(old), outcome(new), strict=True) for part in pair]
    timed = outcome is _outcome
    moved_start = timed and not (old and new and old["STARTDY"] == new["STARTDY"])
    starts = _start_tables(key[1], study) if moved_start else set()
    near = _deciding([r for r in (old, new) if r is not None], starts)
    cause, refs = evidence.why(key[0], near)
    return (*key, status, *values, source["SRCDOM"], source["SRCVAR"], cause, " ".join(refs))


def _start_tables(code: str, study: dict) -> set[str]:
    """The clean tables that an endpoint's time zero is taken from."""
    own = {**study.get("alternatives", {}), **study.get("endpoints", {})}
    start = own.get(code, {}).get("start")
    names = study.get("failure", {}).get("milestones", []) if start == "FAILURE" else [start]
    known = study.get("milestones", {})
    return {clean_table(known[name]) if name in known else "patients" for name in names}


def _deciding(rows: list[dict], starts: set[str]) -> Callable[[dict], bool]:
    deciding = {(r["SRCDOM"], r["SRCVAR"]) for r in rows if not pd.isna(r["SRCDOM"])}
    tables = {table for table, _ in deciding}

    def near(line: dict) -> bool:
        at = (line["TABLE"], None if pd.isna(line["COLUMN"]) else line["COLUMN"])
        return (
            at in deciding
            or at == ("patients", "INDEXDT")
            or (at[1] is None and at[0] in tables)
            or (at[0], as_date(at[1])) in deciding
            or at[0] in starts - {"patients"}
        )

    return near


def outcome_text(row: dict, when: str) -> str | None:
    """An endpoint's outcome in words, ``312 days, event: Death``; None where there is none."""
    said = row[f"EVNTDESC_{when}"]
    if pd.isna(row[f"AVAL_{when}"]):
        return None if pd.isna(said) else str(said)
    kind = OUTCOMES[int(row[f"CNSR_{when}"])]
    return f"{int(row[f'AVAL_{when}'])} days, {kind}: {'' if pd.isna(said) else said}"


def by_patient(frame: pd.DataFrame, columns: Iterable[str]) -> dict[str, tuple]:
    """What an analysis table says of each patient in ``columns``, whatever the order of rows."""
    known = [name for name in columns if name in frame]
    texts = [frame[name].astype("string").fillna("").tolist() for name in known]
    found: dict[str, list] = {}
    for patient, *values in zip(frame["USUBJID"].tolist(), *texts, strict=True):
        found.setdefault(patient, []).append(tuple(values))
    return {patient: tuple(sorted(rows)) for patient, rows in found.items()}
