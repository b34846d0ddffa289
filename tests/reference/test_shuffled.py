"""Nothing hangs on the order of an export or on its patients' names: whole runs, shuffled."""

from __future__ import annotations

import csv
import functools
import random
from pathlib import Path

import pandas as pd
import pytest

from venaza.contracts.text import tidy
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.statistics import analyse
from venaza.preflight import export_files, load_study, settings

ROOT = Path(__file__).parents[2]
STUDIES = ("aml_venaza", "bmt", "myeloid")


def results(paths: list[Path], folder: Path, study: dict) -> dict[str, pd.DataFrame]:
    """ARD, curves and endpoint tables of raw files, through every stage."""
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    tables = derive(clean(cells, settings(study, "clean")), settings(study, "endpoints"))
    ard, curves = analyse(tables, {**settings(study, "statistics"), "published": None})
    return {"ard": ard, "curves": curves, "adtte": tables["adtte"], "adsl": tables["adsl"]}


@functools.cache
def as_sent(name: str) -> tuple[dict, list[Path], Path, dict[str, pd.DataFrame]]:
    study = load_study(ROOT, name)
    paths = export_files(ROOT, name, study["export"])
    folder = ROOT / "data/raw" / name / study["export"]
    return study, paths, folder, results(paths, folder, study)


Sheet = list[list]


def read_sheets(path: Path) -> dict[str, Sheet]:
    """The rows of each sheet of a workbook, or of a CSV file as one sheet."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return {"": list(csv.reader(file))}
    import openpyxl

    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def write_sheets(sheets: dict[str, Sheet], path: Path) -> None:
    """The sheets in their order, as the same kind of file."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sheets[""])
        return
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def header_rows(study: dict) -> dict[str, tuple[int, str]]:
    """Sheet -> the row of its header and the column with the patient's name."""
    specs = study["tables"].values()
    return {spec.get("sheet", ""): (spec["header_row"], spec["key"]) for spec in specs}


def other_order(sheets: dict[str, Sheet], study: dict, chance: random.Random) -> dict[str, Sheet]:
    """Rows below the header in another order."""
    heads = header_rows(study)
    shuffled = {}
    for title, rows in sheets.items():
        top, body = rows[: heads[title][0]], rows[heads[title][0] :]
        shuffled[title] = top + chance.sample(body, len(body))
    return shuffled


def other_sheets(sheets: dict[str, Sheet], study: dict, chance: random.Random) -> dict[str, Sheet]:
    """The sheets in another order."""
    return dict(reversed(sheets.items()))


def other_names(
    sheets: dict[str, Sheet], study: dict, chance: random.Random, names: dict[str, str]
) -> dict[str, Sheet]:
    """Every patient under another name, the same in all sheets; fills ``names``, new -> old."""
    heads = header_rows(study)
    place = {t: rows[heads[t][0] - 1].index(heads[t][1]) for t, rows in sheets.items()}
    body = [(t, row) for t, rows in sheets.items() for row in rows[heads[t][0] :]]
    old = sorted({tidy(str(row[place[t]])) for t, row in body if row[place[t]] not in (None, "")})
    new = dict(
        zip(old, chance.sample([f"Q{i:04d}" for i in range(len(old))], len(old)), strict=True)
    )
    names |= {fresh: former for former, fresh in new.items()}
    for title, row in body:
        if row[place[title]] not in (None, ""):
            row[place[title]] = new[tidy(str(row[place[title]]))]
    return sheets


def rerun(name: str, tmp_path: Path, change) -> tuple[dict, dict]:
    """Results as sent, and of the export after ``change``."""
    study, paths, _, sent = as_sent(name)
    changed = []
    for path in paths:
        changed.append(tmp_path / path.name)
        write_sheets(change(read_sheets(path), study, random.Random(7)), changed[-1])
    return sent, results(changed, tmp_path, study)


def same(first: pd.DataFrame, second: pd.DataFrame, keys: list[str]) -> None:
    """Equal tables up to the order of their rows and the last digits of a sum."""
    first, second = (t.sort_values(keys, ignore_index=True) for t in (first, second))
    pd.testing.assert_frame_equal(first, second, rtol=1e-12, atol=0)


def without_names(ard: pd.DataFrame) -> pd.DataFrame:
    """The ARD with "a patient" where a row names the one who was left out."""
    left_out = ard["method"].str.startswith("Leave one patient out")
    hidden = ard["term"].str.replace(r"^\S+", "a patient", regex=True)
    reason = ard["reason"].str.replace(r" without \S+", " without a patient", regex=True)
    return ard.assign(
        term=ard["term"].mask(left_out, hidden), reason=ard["reason"].mask(left_out, reason)
    )


def same_numbers(sent: dict, found: dict) -> None:
    assert list(found["ard"]["ard_id"]) == list(sent["ard"]["ard_id"])
    assert len(sent["ard"]) > 200
    same(without_names(sent["ard"]), without_names(found["ard"]), ["ard_id"])
    same(sent["curves"], found["curves"], ["curve", "endpoint", "group", "cause", "time"])


@pytest.mark.parametrize("name", STUDIES)
def test_the_order_of_the_rows_changes_nothing(name, tmp_path):
    sent, found = rerun(name, tmp_path, other_order)
    same_numbers(sent, found)
    same(sent["adtte"], found["adtte"], ["USUBJID", "PARAMCD"])
    same(sent["adsl"], found["adsl"], ["USUBJID"])


def test_the_order_of_the_sheets_changes_nothing(tmp_path):
    sent, found = rerun("aml_venaza", tmp_path, other_sheets)
    same_numbers(sent, found)
    same(sent["adtte"], found["adtte"], ["USUBJID", "PARAMCD"])


@pytest.mark.parametrize("name", STUDIES)
def test_other_names_change_nothing_but_the_names(name, tmp_path):
    names: dict[str, str] = {}
    sent, found = rerun(name, tmp_path, functools.partial(other_names, names=names))
    assert not set(found["adtte"]["USUBJID"]) & set(sent["adtte"]["USUBJID"])
    same_numbers(sent, found)
    for table, keys in (("adtte", ["USUBJID", "PARAMCD"]), ("adsl", ["USUBJID"])):
        former = found[table]["USUBJID"].map(names).astype("string")
        same(sent[table], found[table].assign(USUBJID=former), keys)
