"""All that is known of one number: its row of the ARD, the rows behind it, raw cells, files."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from venaza.contracts.analysis import ADTTE
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash
from venaza.contracts.results import slug
from venaza.contracts.selections import Selection
from venaza.contracts.wording import shown
from venaza.pipeline.audit.results import number_of, read_results
from venaza.pipeline.audit.trace.analysis_cells import AnalysisCells
from venaza.pipeline.audit.trace.endpoint_words import definition
from venaza.pipeline.audit.trace.number_rows import (
    NumberRows,
    group_key,
    held_against,
    rows_of_number,
)
from venaza.study.endpoints import definitions_of
from venaza.study.support import marked

_CYCLES = ("CYCRESP", "CYCBEST")


def explained(results: Path, study: dict, ard_id: str) -> dict:
    """One number as a dict of plain values (``docs/audit.md`` lists the keys).

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a number that is not there.
    """
    tables = whole(read_results(results, categories=("intake", "clean")), results)
    number = number_of(tables, ard_id)
    behind = rows_of_number(ard_id, tables)
    study = marked(study, tables.get("endpoints/support"))
    endpoint = definition_of(study, shown(number["endpoint"]))
    months = number["unit"] == "months"
    named = ["statistics/ard", *behind.tables, *_clean_tables(behind.frame)]
    return {
        "study": study["id"],
        "export": str(study["export"]),
        "number": plain(number),
        "endpoint": endpoint["label"] if endpoint else None,
        "definition": definition(endpoint) if endpoint else None,
        "source": endpoint.get("source") if endpoint else None,
        "days_per_month": study["timeline"]["days_per_month"] if months else None,
        "published": _published(number, results, study),
        "title": behind.title,
        "account": behind.account,
        "patients": behind.members,
        "rows": _rows(number, behind, tables, study),
        **_origin(results, behind, named, tables),
    }


def whole(tables: dict[str, pd.DataFrame], results: Path) -> dict[str, pd.DataFrame]:
    """``tables``; raises ``StudyError`` where an older version made them, without all of them."""
    needed = ("clean/origins", "endpoints/facts", "endpoints/trail", "statistics/selections")
    for name in needed:
        if name not in tables or (name == "clean/origins" and "LINE" not in tables[name]):
            raise StudyError(
                "These results were made by an older version, which did not write all that is "
                "asked for here.",
                fix=f"Run: snakemake --cores 4 --config studies={results.name}",
                file=f"results/{results.name}/{name}.parquet",
            )
    return tables


def _origin(
    results: Path, behind: NumberRows, named: list[str], tables: dict[str, pd.DataFrame]
) -> dict:
    """The files behind a number; published evidence comes from reference tables alone."""
    if behind.selection.references:
        root = results.parents[1]
        shown_files = [
            {"file": name, "SHA256": file_hash(root / name)} for name in behind.selection.references
        ]
        return {"files": [*_files(results, behind.tables), *shown_files], "raw_files": []}
    raw = [plain(row) for row in tables["intake/files"].to_dict("records")]
    return {"files": _files(results, named), "raw_files": raw}


def definition_of(study: dict, code: str) -> dict | None:
    """The endpoint, or other definition of one, with this code."""
    return definitions_of(study).get(code)


def plain(row: dict) -> dict:
    """A row with values that JSON has: text, numbers, dates as text, None for missing."""
    return {str(k): None if pd.isna(v) else _value(v) for k, v in row.items()}


def _value(value: object) -> object:
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, (int, float, str)) else shown(value)


def _rows(number: dict, behind: NumberRows, tables: dict[str, pd.DataFrame], study: dict) -> list:
    """The analysis rows with their raw cells under ``cells``."""
    raw = AnalysisCells(tables, study) if "USUBJID" in behind.frame else None
    rows = []
    for row in behind.frame.to_dict("records"):
        cells = [] if raw is None else _cells(row, number, behind.selection, raw, study)
        unique = {tuple(plain(cell).items()): plain(cell) for cell in cells}
        rows.append({**plain(row), "cells": list(unique.values())})
    return rows


def _cells(
    row: dict, number: dict, selection: Selection, raw: AnalysisCells, study: dict
) -> list[dict]:
    code, patient, source = shown(number["endpoint"]), row["USUBJID"], selection.table
    found = raw.of_patient("GROUP", patient) if study.get("groups") else []
    if source == "adtte":
        spec = definition_of(study, row.get("PARAMCD", code)) or {"start": "INDEX"}
        found += raw.of_time(row, spec, selection.change)
    elif source == "adrs":
        found += _response_cells(code, row, raw)
    elif source == "adae":
        found += raw.of_event(row)
    elif source == "adlb":
        test = selection.asked("PARAMCD")
        found += raw.of_source("AVAL", row) + raw.baseline({**row, "PARAMCD": test})
    elif source == "tls":
        found += raw.of_lysis(row, str(selection.asked("DEFN")))
    for column in _of_patient(row, source):
        found += raw.of_patient(column, patient)
    return found


def _response_cells(code: str, row: dict, raw: AnalysisCells) -> list[dict]:
    patient = row["USUBJID"]
    if code == "TTR":
        return raw.of_fact("STARTDT", patient, "INDEX") + raw.of_source("AVAL", row)
    if code in _CYCLES and shown(row["SRCSEQ"]):
        return raw.cells("AVAL", row["SRCDOM"], patient, row["SRCSEQ"], "CYCLE")
    return raw.of_source("AVAL", {**row, "PARAMCD": code})


def _of_patient(row: dict, source: str) -> list[str]:
    """The columns of ADSL that a row shows, beside the group and what its own table says."""
    own = {"adsl": (), "adtte": names(ADTTE)}.get(source, row)
    return [c for c in row if c not in ("USUBJID", "GROUP", "CHANGEDY", *own)]


def _published(number: dict, results: Path, study: dict) -> dict | None:
    """File and row of a published number; None for any other number."""
    if number["analysis"] != "published":
        return None
    name = study["published"]["file"]
    known = {"file": name, "held_against": held_against(number, study) or None}
    group, measure = group_key(number), slug(number["endpoint"])
    path = results.parents[1] / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            wanted = (study["published"]["study"], group, measure)
            if (row["study"], slug(row["group"]), slug(row["measure"])) == wanted:
                values = {key: text or None for key, text in row.items() if key}
                known |= {"row": reader.line_num, **values}
                break
    return {"row": None, **known, "SHA256": file_hash(path)}


def _clean_tables(frame: pd.DataFrame) -> list[str]:
    if "AESEQ" in frame:
        return ["clean/patients", "clean/adverse_events"]
    if "SRCDOM" not in frame:
        return ["clean/patients"]
    return sorted({f"clean/{name}" for name in frame["SRCDOM"].dropna()} | {"clean/patients"})


def _files(results: Path, named: list[str]) -> list[dict]:
    paths = [results / f"{name}.parquet" for name in dict.fromkeys(named)]
    return [
        {"file": path.relative_to(results).as_posix(), "SHA256": file_hash(path)}
        for path in paths
        if path.is_file()
    ]
