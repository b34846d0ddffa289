"""Runs a worked example through the endpoints and says where the results differ."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from venaza.commands.examples.worked import RESULTS, Example, check_expected, clean_tables
from venaza.contracts.errors import StudyError
from venaza.pipeline.endpoints.build import derive

#: What, beside the patient, tells the rows of a result table apart.
_KEYS = {
    "adtte": ("PARAMCD",),
    "adrs": ("PARAMCD",),
    "excluded": ("PARAMCD",),
    "assessments": ("ADY",),
    "milestones": ("MILESTONE",),
    "trail": ("PARAMCD", "NTH"),
    "adae": ("AESEQ",),
    "adlb": ("PARAMCD", "SRCSEQ", "WORSTFL"),
    "tls": ("DEFN",),
    "queries": ("RULE",),
}


@dataclass(frozen=True)
class Difference:
    """One cell or row that is not as expected."""

    table: str
    patient: str
    column: str
    expected: str
    got: str

    def __str__(self) -> str:
        return (
            f"{self.table}, patient {self.patient}, {self.column}: "
            f"expected {self.expected or 'nothing'}, got {self.got or 'nothing'}"
        )


def differences(example: Example, study: dict) -> list[Difference]:
    """Where the results of an example differ from what it expects; empty where nowhere.

    ``study`` has the sections that ``pipeline.endpoints.build.derive`` needs; see ``study_for``.
    Raises ``StudyError`` where a table of the example cannot be read.
    """
    tables = clean_tables(example, study)
    check_expected(example, study)
    try:
        made = derive(tables, study)
    except StudyError as error:
        place = " > ".join(filter(None, ["examples", example.name, error.place["column"]]))
        error.place |= {"file": example.where, "column": place, "row": None}
        raise
    found = []
    for name, rows in example.expected.items():
        table, _, code = name.partition(" ")
        frame = made[RESULTS[table]]
        if code:
            frame = frame[frame["PARAMCD"] == code]
            found += _who_is_there(name, frame, rows)
        if table == "trail":
            found += _tried_beside(name, frame, rows)
        for row in rows:
            found += _row_differences(name, frame, row, _KEYS.get(table, ()))
    return found


def _who_is_there(name: str, frame: pd.DataFrame, rows: list[dict]) -> list[Difference]:
    """Patients with a row in the results that none of the expected rows names."""
    wanted = {row["USUBJID"] for row in rows}
    extra = sorted(set(frame["USUBJID"]) - wanted)
    return [Difference(name, patient, "row", "", "a row") for patient in extra]


def _tried_beside(name: str, frame: pd.DataFrame, rows: list[dict]) -> list[Difference]:
    """Sources of a patient that were tried and that none of the expected rows names."""
    if not all("NTH" in row for row in rows):
        return []
    known, wanted = {row["USUBJID"] for row in rows}, {(r["USUBJID"], r["NTH"]) for r in rows}
    tried = zip(frame["USUBJID"], frame["NTH"].astype("string"), frame["SOURCE"], strict=True)
    return [
        Difference(name, patient, f"NTH {nth}", "", source)
        for patient, nth, source in tried
        if patient in known and (patient, nth) not in wanted
    ]


def _row_differences(name: str, frame: pd.DataFrame, row: dict, keys) -> list[Difference]:
    match = frame
    for key in ("USUBJID", *(key for key in keys if key in row)):
        match = match[match[key].astype("string") == row[key]]
    if len(match) != 1:
        got = f"{len(match)} rows" if len(match) else ""
        return [Difference(name, row["USUBJID"], "row", "a row", got)]
    made = match.iloc[0]
    return [
        Difference(name, row["USUBJID"], column, wanted, as_text(made[column]))
        for column, wanted in row.items()
        if not _same(as_text(made[column]), wanted)
    ]


def as_text(value) -> str:
    """A cell of the results as an example writes it: empty, ``4.9``, ``2023-01-31``, ``Death``."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _same(got: str, wanted: str) -> bool:
    if got == wanted:
        return True
    try:
        return float(got) == float(wanted)
    except ValueError:
        return False
