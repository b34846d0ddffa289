"""Patient numbers that a spreadsheet has spoilt: refused where they cannot be told apart again."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_key, takes_file, takes_sheet
from venaza.pipeline.intake.categories import combinations

_POWER = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_LONG = re.compile(r"\d{16,}(\.0)?")
_CUT = re.compile(r"\d{16,}")
_DECIMAL = re.compile(r"\d+\.0")


def check_keys(cells: pd.DataFrame, study: dict) -> dict[str, list[str]]:
    """Notes by file on the patient numbers; raises ``StudyError`` for spoilt ones.

    A number shown as 1.23E+10 has lost digits, and one of more than 15 digits that was ever a
    number in a spreadsheet ends in zeros: two patients may have become one. Neither the notes nor
    the error holds a number: they stand before the privacy gate.
    """
    lines = _lines(cells, study)
    notes: dict[str, list[str]] = {}
    known: dict[str, set[str]] = {}
    for table, spec in study["tables"].items():
        if not spec.get("key"):
            continue
        part = _key_cells(lines, spec)
        _refuse_powers(part)
        _refuse_cut(part)
        for file, texts in part.groupby("SRCFILE", sort=True)["VALUE"]:
            if len(texts) and all(_DECIMAL.fullmatch(text) for text in texts):
                said = f"patient numbers of '{table}' are written with a decimal (.0)"
                notes.setdefault(file, []).append(said)
            known.setdefault(table, set()).update(texts)
            said = _zeros_lost(set(texts), known.get("patients", set()), table)
            if said:
                notes.setdefault(file, []).append(said)
    return notes


def _lines(cells: pd.DataFrame, study: dict) -> pd.DataFrame:
    """Each different cell of the columns that are a table's key once, with its first row."""
    wanted = {header_key(spec["key"]) for spec in study["tables"].values() if spec.get("key")}
    kept = [header_key(header) in wanted for header in cells["HEADER"].cat.categories]
    part = cells[np.array([*kept, False])[cells["HEADER"].cat.codes]]
    return combinations(part, ["SRCFILE", "SRCSHEET", "HEADER", "VALUE", "KIND"], ["SRCROW"])


def _key_cells(lines: pd.DataFrame, spec: dict) -> pd.DataFrame:
    wanted = header_key(spec["key"])
    places = list(zip(lines["SRCFILE"], lines["SRCSHEET"], lines["HEADER"], strict=True))
    taken = {
        (file, sheet, header): header_key(header) == wanted
        and takes_file(spec, file.split("/")[-1])
        and takes_sheet(spec, sheet)
        for file, sheet, header in set(places)
    }
    return lines.loc[[taken[place] for place in places]]


def _refuse_powers(part: pd.DataFrame) -> None:
    for cell in part.itertuples():
        number = cell.KIND == "number" and _LONG.fullmatch(cell.VALUE)
        if not number and not _POWER.fullmatch(cell.VALUE):
            continue
        raise StudyError(
            "This patient number was made a number by a spreadsheet and has lost digits.",
            fix=(
                "Ask for the export again with the column as text (in Excel: format it as text "
                "before the data come in). Different patients may now have the same number."
            ),
            **place_of(cell),
        )


def _refuse_cut(part: pd.DataFrame) -> None:
    """Raise where every number beyond 15 digits ends in zeros, more often than chance allows."""
    long = part.loc[[bool(_CUT.fullmatch(text)) for text in part["VALUE"]]]
    if not len(long):
        return
    texts = long["VALUE"].drop_duplicates()
    spare = sum(len(text) - 15 for text in texts)
    if spare < 2 or any(text[15:].strip("0") for text in texts):
        return
    raise StudyError(
        "The patient numbers of more than 15 digits all end in zeros: a spreadsheet cut them.",
        fix=(
            "Ask for the export again with the column as text. Different patients may now have "
            "the same number."
        ),
        **place_of(next(long.itertuples())),
    )


def place_of(cell: object) -> dict:
    """Where a row of the cells stands, as errors say it."""
    sheet, row = cell.SRCSHEET or None, int(cell.SRCROW)
    return {"file": cell.SRCFILE, "sheet": sheet, "row": row, "column": cell.HEADER}


def _zeros_lost(texts: set[str], patients: set[str], table: str) -> str:
    full = {text.lstrip("0"): text for text in sorted(patients) if text.startswith("0")}
    lost = sorted(text for text in texts - patients if text in full)
    if table == "patients" or not lost:
        return ""
    return f"{len(lost)} patient number(s) of '{table}' seem to have lost their leading zeros"
