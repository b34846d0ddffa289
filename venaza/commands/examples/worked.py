"""A worked patient's tables: read from text, sorted into given and expected, made clean tables."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from venaza.contracts.clean import ROW_ACCOUNT, TABLES
from venaza.contracts.columns import Column, names
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true
from venaza.pipeline.clean.build import contract as clean_contract
from venaza.pipeline.endpoints.adrs import PARAMS
from venaza.pipeline.endpoints.build import contract as result_contract
from venaza.study.endpoints import definitions_of
from venaza.study.names import did_you_mean, no_such, slip_of

#: What an example calls a result table -> what the endpoints call it.
RESULTS = {
    **{name: name for name in ("adsl", "adrs", "adtte", "assessments", "milestones", "trail")},
    **{name: name for name in ("adae", "adlb", "tls", "queries")},
    "excluded": "adtte_excluded",
}

_NAMED_TABLE = re.compile(
    r"^([a-z_]+(?: [A-Z][A-Z0-9]*(?:\.[a-z0-9_]+)?)?)\n+((?:\|.*(?:\n|\Z))+)", re.MULTILINE
)

Rows = list[dict[str, str]]


@dataclass
class Example:
    """Rows of clean tables given, and rows of results expected; every cell is text.

    An expected table is named ``adtte EFS`` or ``adtte EFS.eln2022`` (each patient who has that
    endpoint is expected) or ``adsl`` (the rows named are looked up). ``where`` says in messages
    where it stands.
    """

    name: str
    where: str
    given: dict[str, Rows] = field(default_factory=dict)
    expected: dict[str, Rows] = field(default_factory=dict)

    def no_such(self, name: str, known: list[str], kind: str, *at: str) -> StudyError:
        """The error for a name of this example that is none of ``known``."""
        place = " > ".join(["examples", self.name, *at])
        return no_such(name, known, kind, self.where, place)

    def error(self, what: str, fix: str, table: str, column: str = "", value=None) -> StudyError:
        """The error for a table of this example that cannot be used."""
        place = ["examples", self.name, table, *filter(None, [column])]
        return StudyError(what, fix=fix, at=Key(self.where, " > ".join(place), value))


def read_tables(text: str) -> dict[str, Rows]:
    """The tables of a text: a line with the name, then the table in Markdown."""
    return {name: read_rows(table) for name, table in _NAMED_TABLE.findall(text)}


def read_rows(text: str) -> Rows:
    """The rows of one Markdown table; raises ``ValueError`` where a row has other cells."""
    lines = [
        [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        for line in text.strip().splitlines()
    ]
    if len(lines) < 2 or not all(re.fullmatch(r":?-+:?", cell) for cell in lines[1]):
        raise ValueError("a table has a line of headers, a line of dashes and its rows")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(lines[0]):
            raise ValueError(f"line {number} has {len(line)} cells for {len(lines[0])} headers")
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def sort_tables(example: Example, tables: dict[str, Rows]) -> None:
    """Put ``tables`` where they belong in ``example``, after checking their names and columns."""
    for name, rows in tables.items():
        place = example.given if name in TABLES else example.expected
        if name not in TABLES and name.partition(" ")[0] not in RESULTS:
            kind = "a clean table, nor a table of results"
            raise example.no_such(name.partition(" ")[0], [*TABLES, *RESULTS], kind, name)
        for row in rows:
            if "USUBJID" not in row:
                near = next((c for c in row if slip_of(c, ["USUBJID"])), "")
                hint = f"Did you mean USUBJID where '{near}' stands? " if near else ""
                fix = f"{hint}Add the column USUBJID."
                raise example.error("A row names no patient.", fix, name, near)
        place[name] = rows


def clean_tables(example: Example, study: dict) -> dict[str, pd.DataFrame]:
    """The given rows as clean tables, in the order given; the index day is 0 unless stated."""
    tables = {}
    for name in TABLES:
        columns = clean_contract(name, study)
        given = example.given.get(name, [])
        rows = [{k: None if v == "" else v for k, v in row.items()} for row in given]
        _known_columns(example, name, rows, names(columns))
        _in_days(example, name, rows)
        _whole_days(example, name, rows, study["checks"]["limits"]["longest_days"])
        counts: Counter[str] = Counter()
        for row in rows:
            counts[row["USUBJID"]] += 1
            row["SEQ"] = counts[row["USUBJID"]]
            if name == "patients":
                row.setdefault("INDEXDY", 0)
        for row in rows:
            _readable(example, name, row, columns)
        tables[name] = conform(pd.DataFrame(rows), columns)
    _possible(example, tables["patients"])
    _known_patients(example)
    _once(example)
    return {**tables, "row_account": conform(pd.DataFrame(), ROW_ACCOUNT)}


def _readable(example: Example, table: str, row: dict, columns: tuple[Column, ...]) -> None:
    """Raise ``StudyError`` for a cell that is no number where its column holds numbers."""
    for column in columns:
        text = row.get(column.name)
        if text is None or column.dtype not in _NUMBERS:
            continue
        kind, form = _NUMBERS[column.dtype]
        if not form.fullmatch(str(text)):
            raise example.error(
                f"'{text}' of patient '{row['USUBJID']}' is no {kind}.",
                "Write the number in digits, with a point before its decimals.",
                table,
                column=column.name,
                value=str(text),
            )


#: What a cell of each type of numbers is called, and how it is written.
_NUMBERS = {
    "integer": ("whole number", re.compile(r"[-+]?\d{1,9}(\.0+)?")),
    "number": ("number", re.compile(r"[-+]?\d{1,15}(\.\d+)?([eE][-+]?\d{1,2})?")),
}


def _possible(example: Example, patients: pd.DataFrame) -> None:
    """Raise ``StudyError`` for a patient who is dead, or last seen, before the index date."""
    for column, what in (("DTHDY", "Death"), ("LSTALVDY", "Last contact")):
        early = patients[is_true(patients[column] < patients["INDEXDY"])]
        for row in early.head(1).to_dict("records"):
            raise example.error(
                f"{what} of patient '{row['USUBJID']}' lies before the index date.",
                "Correct the day; the index date is day 0 unless INDEXDY says otherwise.",
                "patients",
                column=column,
                value=str(row[column]),
            )


def check_expected(example: Example, study: dict) -> None:
    """Raise ``StudyError`` for an expected column or endpoint that the results do not have."""
    endpoints = list(definitions_of(study))
    for name, rows in example.expected.items():
        table, _, code = name.partition(" ")
        _known_columns(example, name, rows, names(result_contract(RESULTS[table], study)))
        if code and table == "adrs" and code not in (params := _params(study)):
            raise example.no_such(code, params, "a parameter of adrs", name)
        if code and table in ("adtte", "excluded", "trail") and code not in endpoints:
            raise example.no_such(code, endpoints, "an endpoint here", name)


def _params(study: dict) -> list[str]:
    alternatives = study["mrd"].get("alternatives", [])
    return [*PARAMS, *(f"MRDNEG.{other['name']}" for other in alternatives)]


def _known_columns(example: Example, table: str, rows: Rows, known: list[str]) -> None:
    for row in rows:
        for column in row:
            if column not in known:
                raise example.no_such(column, known, f"a column of '{table}'", table, column)


def _in_days(example: Example, table: str, rows: Rows) -> None:
    for column in [column for row in rows for column in row if column.endswith("DT")]:
        raise example.error(
            "An example counts in days from the index date, not in dates.",
            f"Write {column[:-2]}DY and the day; the index date is day 0.",
            table,
            column=column,
        )


def _whole_days(example: Example, table: str, rows: Rows, longest: int) -> None:
    """Refuse a day that is no whole number, or that no patient is followed for."""
    for row in rows:
        for column in (name for name in row if name.endswith("DY") and row[name] is not None):
            text = str(row[column])
            whole = re.fullmatch(r"[-+]?\d{1,9}(?:\.0+)?", text)
            if whole and abs(int(float(text))) <= longest:
                continue
            what = f"is more than {longest:,} days" if whole else "is no whole number of days"
            raise example.error(
                f"A day of patient '{row['USUBJID']}' {what}.",
                "Count whole days from the index date, which is day 0.",
                table,
                column=column,
                value=text,
            )


def _once(example: Example) -> None:
    """Refuse a patient who has two rows in the example's table of patients."""
    seen: set[str] = set()
    for row in example.given.get("patients", []):
        if row["USUBJID"] in seen:
            raise example.error(
                f"Patient '{row['USUBJID']}' is given twice among the example's patients.",
                "Give one row for each patient.",
                "patients",
                value=row["USUBJID"],
            )
        seen.add(row["USUBJID"])


def _known_patients(example: Example) -> None:
    patients = {row["USUBJID"] for row in example.given.get("patients", [])}
    for name, rows in {**example.given, **example.expected}.items():
        for row in rows:
            if row["USUBJID"] not in patients:
                hint = did_you_mean(row["USUBJID"], patients)
                raise example.error(
                    f"Patient '{row['USUBJID']}' is not among the example's patients.",
                    f"{hint}Add a row to the table patients, or correct the name.",
                    name,
                    value=row["USUBJID"],
                )
