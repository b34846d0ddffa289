"""Exports in which the way a number is written decides a response: from the file to ADRS."""

from __future__ import annotations

import datetime as dt
import io

import pandas as pd
from openpyxl import Workbook

from tests.clean.sheets import loaded
from tests.reference.four_formats import DATED
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.preflight import export_files, settings


def table(sheet: str, **columns: str) -> dict:
    """A table of the study file, from a sheet of a.xlsx."""
    return {"file": "a.xlsx", "sheet": sheet, "key": "id", "columns": columns}


PATIENTS = table("P", SEX="sex", AGE="age", INDEXDT="start", LSTALVDT="last", BMBLAST="blasts")
RESPONSES = table("R", RSDT="date", CYCLE="cycle", MBLAST="blasts", PBLAST="blood", ANC="anc",
                  PLT="plt", EMD="emd")  # fmt: skip
MRD = table("M", MRDDT="date", MRDMETH="method", MRDVAL="mrd")


def answers(folder, files, tables, **sections) -> dict:
    """Clean tables and analysis tables of an export in calendar dates."""
    sections = {
        "dates": "calendar",
        "privacy": {"columns": {"id": {"keep": "made up"}}},
        **sections,
    }
    study = loaded(folder, files, tables, **sections)
    raw = folder / "data/raw/bmt" / DATED
    cells, _ = read_export(export_files(folder, "bmt", DATED), raw, settings(study, "intake"))
    tables = clean(cells, settings(study, "clean"))
    made = derive(tables, settings(study, "endpoints"))
    return {**tables, **made, "queries": pd.concat([tables["queries"], made["queries"]])}


def book(**sheets: list[list]) -> bytes:
    """A workbook; a cell may be a pair of number and number format."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                value, code = value if isinstance(value, tuple) else (value, "General")
                sheet.cell(at, column, value).number_format = code
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


#: What is asked because of how the patients are made: no method of MRD, and nobody died.
_OF_THE_SETTING = {"mrd_without_method", "nobody_died"}


def day(number: int) -> tuple[dt.date, str]:
    return dt.date(2021, 1, 10) + dt.timedelta(days=number), "yyyy-mm-dd"


def cohort(blasts: list, at_start: list) -> dict[str, list[list]]:
    """Patients with marrow blasts at start and on day 28, all else as in a complete remission."""
    patients = [["id", "sex", "age", "start", "last", "blasts"]]
    responses = [["id", "date", "cycle", "blasts", "blood", "anc", "plt", "emd"]]
    for n, (found, before) in enumerate(zip(blasts, at_start, strict=True), start=1):
        patients.append([f"P{n}", "M", 60 + n, day(0), day(300), before])
        responses.append([f"P{n}", day(28), 2, found, 0, 1.5, 150, "no"])
    return {"P": patients, "R": responses}


def reached(found: dict, code: str) -> dict[str, str]:
    rows = found["adrs"][found["adrs"]["PARAMCD"] == code]
    return dict(zip(rows["USUBJID"], rows["AVALC"], strict=True))


def test_blasts_in_cells_of_per_cent_beside_typed_ones(tmp_path):
    blasts = [(0.35, "0%"), (0.35, "0.0%"), (0.05, "0%"), (0.049, "0%"), 3, 5]
    files = {"a.xlsx": book(**cohort(blasts, [51, (0.52, "0%"), 53, 54, 55, 56]))}
    found = answers(tmp_path, files, {"patients": PATIENTS, "responses": RESPONSES})
    assert list(found["patients"]["BMBLAST"]) == [51, 52, 53, 54, 55, 56]
    assert list(found["responses"]["MBLAST"]) == [35, 35, 5, 4.9, 3, 5]
    assert reached(found, "CR") == dict(
        zip(("P1", "P2", "P3", "P4", "P5", "P6"), "NNNYYN", strict=True)
    )


def test_blasts_and_mrd_under_headers_that_name_per_cent(tmp_path):
    sheets = cohort([(0.2, "0%"), 3, (0.03, "0%")], [(0.62, "0%"), 55, (0.62, "0%")])
    sheets["P"][0][5] = sheets["R"][0][3] = "blasts (%)"
    levels = [(0.0005, "0.00%"), (0.00005, "0.000%"), 0.02]
    sheets["M"] = [["id", "date", "method", "mrd (%)"]]
    sheets["M"] += [[f"P{n}", day(28), "flow", mrd] for n, mrd in enumerate(levels, start=1)]
    tables = {
        "patients": {**PATIENTS, "columns": {**PATIENTS["columns"], "BMBLAST": "blasts (%)"}},
        "responses": {**RESPONSES, "columns": {**RESPONSES["columns"], "MBLAST": "blasts (%)"}},
        "mrd": {**MRD, "columns": {**MRD["columns"], "MRDVAL": "mrd (%)"}},
    }
    mrd = {"negative_below": 0.01}
    found = answers(tmp_path, {"a.xlsx": book(**sheets)}, tables, mrd=mrd)
    assert list(found["patients"]["BMBLAST"]) == [62, 55, 62]
    assert reached(found, "CR") == {"P1": "N", "P2": "Y", "P3": "Y"}
    assert list(found["mrd"]["MRDVAL"]) == [0.05, 0.005, 0.02]
    assert reached(found, "MRDNEG") == {"P2": "Y", "P3": "N"}  # P1 was never in remission


def written(folder, levels: list[str], threshold: float, **how) -> tuple[list, dict]:
    """MRD results as texts, each of a patient in remission: the values read, and for each text
    whether it counts as negative (Y, N or None) and what is asked about it."""
    names = [f"P{n}" for n in range(1, len(levels) + 1)]
    cells = zip(names, levels, strict=True)
    files = {
        "p.csv": ["id;start;last", *(f"{name};2021-01-10;2023-11-28" for name in names)],
        "r.csv": ["id;date;cycle;resp", *(f"{name};2021-02-08;1;CR" for name in names)],
        "m.csv": ["id;date;mrd", *(f"{name};2021-02-08;{text}" for name, text in cells)],
    }
    tables = {
        "patients": {"file": "p.csv", "columns": {"INDEXDT": "start", "LSTALVDT": "last"}},
        "responses": {
            "file": "r.csv",
            "columns": {"RSDT": "date", "CYCLE": "cycle", "RSINV": "resp"},
        },
        "mrd": {"file": "m.csv", "columns": {"MRDDT": "date", "MRDVAL": {"from": "mrd", **how}}},
    }
    found = answers(
        folder,
        {name: "\n".join(lines) + "\n" for name, lines in files.items()},
        {table: {**spec, "key": "id"} for table, spec in tables.items()},
        mrd={"negative_below": threshold},
        vocabulary={"unmapped": "query"},
    )
    values = found["mrd"].set_index("USUBJID")["MRDVAL"].astype(object)
    asked = dict(found["queries"].groupby("USUBJID")["RULE"].agg(set))
    decided = reached(found, "MRDNEG")
    read = [None if pd.isna(values[name]) else values[name] for name in names]
    return read, {
        text: (decided.get(name), asked.get(name, set()) - _OF_THE_SETTING)
        for name, text in zip(names, levels, strict=True)
    }


def test_mrd_with_decimal_commas(tmp_path):
    levels = ["0,02", "0,5", "<0,01", "1,2", "0,004", "3"]
    read, found = written(tmp_path, levels, 0.1, unit="%", decimal=",")
    assert read == [0.02, 0.5, 0.01, 1.2, 0.004, 3]
    assert [found[text][0] for text in levels] == ["Y", "N", "Y", "N", "Y", "N"]


def test_mrd_around_a_threshold_of_one_in_ten_thousand(tmp_path):
    decided = {
        "Y": ["<0.01%", "neg.", "<10^-4", "< 1x10-4", "<1*10-4", "0.00%", "MRD neg (<0.01%)",
              "not detectable", "negative at 10-4", "10-5", "<0,01 %", "<1E-04"],
        "N": ["2x10-4", "1.2e-4", "0,02%", "pos.", "5E-4", "0.1‰", "+", "MRD+ 0.5%", ">0.01%"],
    }  # fmt: skip
    undecided = ["<0.1%", ">0.001%", "<0.02%"]
    asked = ["n.d.", "5-10%", "<10E-4", "10e-4", "ND", "<LOQ", "10-4 - 10-5", "10^-4 %"]
    levels = [*decided["Y"], *decided["N"], *undecided, *asked]
    _, found = written(tmp_path, levels, 0.01)
    for answer, texts in decided.items():
        assert {text: found[text] for text in texts} == dict.fromkeys(texts, (answer, set()))
    wanted = (None, {"mrd_limit_too_coarse"})
    assert {text: found[text] for text in undecided} == dict.fromkeys(undecided, wanted)
    assert {text: found[text] for text in asked} == dict.fromkeys(
        asked, (None, {"unreadable_value"})
    )
