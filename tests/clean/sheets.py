"""Exports of any layout for the tests of cleaning: a study file and files in, clean tables out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.reference.four_formats import DATED, project
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.preflight import check_headers, export_files, load_study, settings

#: The least that a study of patients in study days maps.
PATIENTS = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last"}
_REST = {
    "groups": None,
    "endpoints": {"OS": "standard"},
    "analysis": {"primary": "OS", "table1": ["AGE"]},
    "examples": None,
}


def tables_of(
    folder: Path, files: dict[str, str | bytes], tables: dict, cutoff: str = "none", **sections
) -> dict[str, pd.DataFrame]:
    """The clean tables, and ``cells``, of an export with these files under such a mapping."""
    study = loaded(folder, files, tables, cutoff, **sections)
    raw = folder / "data/raw/bmt" / DATED
    cells, _ = read_export(export_files(folder, "bmt", DATED), raw, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), folder)
    return {**clean(cells, settings(study, "clean")), "cells": cells}


def derived(
    folder: Path, files: dict[str, str | bytes], tables: dict, cutoff: str = "none", **sections
) -> dict[str, pd.DataFrame]:
    """The clean and the analysis tables of such an export; ``queries`` are those of cleaning."""
    made = tables_of(folder, files, tables, cutoff, **sections)
    study = load_study(folder, "bmt")
    results = derive(made, settings(study, "endpoints"))
    return {**results, **made, "asked": results["queries"]}


def times(results: dict[str, pd.DataFrame], code: str = "OS") -> dict[str, tuple[int, int]]:
    """Days and censoring (0 an event, 1 censored, 2 a competing event) of an endpoint."""
    rows = results["adtte"][results["adtte"]["PARAMCD"] == code]
    found = zip(rows["USUBJID"], rows["AVAL"], rows["CNSR"], strict=True)
    return {patient: (int(days), int(status)) for patient, days, status in found}


def loaded(
    folder: Path, files: dict[str, str | bytes], tables: dict, cutoff: str = "none", **sections
) -> dict:
    """The study of such an export, loaded and its headers looked up."""
    days = sections.pop("dates", "study_days")
    timeline = {"dates": days, "index": "the first day", "cutoff": cutoff}
    timeline |= sections.pop("timeline", {})
    export = project(folder, "bmt", tables, timeline=timeline, **{**_REST, **sections})
    for old in export.iterdir():
        old.unlink()
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (export / name).write_bytes(data)
    study = load_study(folder, "bmt")
    check_headers(folder, study)
    return study


def outcomes(account: pd.DataFrame, **which: str) -> dict[str, int]:
    """Counts by outcome in an account, of one table or one raw column."""
    for column, value in which.items():
        account = account[account[column] == value]
    return {k: int(n) for k, n in account.groupby("OUTCOME")["N"].sum().items()}
