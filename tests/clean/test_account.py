"""What became of every cell: nothing comes in that is not used or left out with a reason."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.export import HEADER, clean_of, patients_csv, study
from tests.clean.sheets import outcomes
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean import accounts as account
from venaza.pipeline.clean.build import clean
from venaza.pipeline.clean.clean_table import CleanColumns, Read
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.intake.cells import read_export
from venaza.preflight import export_files, load_study
from venaza.preflight import settings as told

ROOT = Path(__file__).parents[2]
STUDIES = sorted(path.stem for path in (ROOT / "config/studies").glob("*.yaml"))
OK = ("p1", "男", "CR", "2021-01-01", "2021-06-01", "", "存活", "2020-12-20", "95")


@functools.cache
def shipped(name: str) -> tuple[pd.DataFrame, dict, dict]:
    known = load_study(ROOT, name)
    folder = ROOT / "data/raw" / name / known["export"]
    cells, _ = read_export(export_files(ROOT, name, known["export"]), folder, told(known, "intake"))
    return cells, known, clean(cells, told(known, "clean"))


@pytest.mark.parametrize("name", STUDIES)
def test_cells_in_are_cells_used_and_cells_left_out(name):
    cells, _, tables = shipped(name)
    found = tables["cell_account"]
    assert found["N"].sum() == len(cells) > 3000
    by_column = ["SRCFILE", "SRCSHEET", "COL"]
    counted = found.groupby(by_column)["N"].sum().to_dict()
    assert counted == cells.groupby(by_column, observed=True).size().to_dict()
    assert list(found["TARGET"].notna()) == list(found["OUTCOME"] == "used")


@pytest.mark.parametrize("name", STUDIES)
def test_a_clean_column_holds_as_many_values_as_cells_were_used_for_it(name):
    _, known, tables = shipped(name)
    used = tables["cell_account"].dropna(subset="TARGET")
    compared = 0
    for table, spec in known["tables"].items():
        for column in {c for r in spec["records"] for c in r["columns"]}:
            how = [r["columns"][column] for r in spec["records"] if column in r["columns"]]
            if any("from" not in h for h in how) or column == "MRDVAL":
                continue
            target = f"{table}.{column}"
            n = used.loc[used["TARGET"].str.split(", ").map(lambda t: target in t), "N"].sum()  # noqa: B023
            counted = f"{column[:-2]}DY" if column.endswith("DT") else column
            held = tables[table][counted].notna().sum()
            # the rows of one patient are joined: a value that stands in both is two cells
            joined = outcomes(tables["row_account"], TABLE=table)
            spare = joined.get("joined with another row of the patient", 0)
            # a date beside several tests is one cell for as many rows
            often = max(Counter(h["from"] for h in how).values())
            assert held <= n * often, target
            assert n <= held + spare, target
            compared += held > 0
    assert compared >= 5


def test_each_reason_has_its_cells():
    rows = [
        OK,
        tuple("男 " if cell == "男" else cell for cell in OK),  # the same again
        ("", *OK[1:]),  # no patient number
        ("p2", "无", "", "2021-01-01", "soon", "", "", "", "9.5"),
    ]
    tables = clean_of(patients_csv(rows))
    found = tables["cell_account"]
    assert outcomes(found, SRCCOL="性别") == {
        **{"used": 1, "a word for missing": 1},
        "row left out: exact duplicate": 1,
        "row left out: no patient number": 1,
    }
    assert outcomes(found, SRCCOL="末次随访日期")["not readable, asked of the clinic"] == 1
    assert outcomes(found, SRCCOL="HGB")["left empty, asked of the clinic"] == 1
    assert outcomes(found, SRCCOL="疗效") == {"column not mapped": 3}
    assert outcomes(found)["title or header"] == 9


def test_a_cell_that_contradicts_another_is_left_out():
    other = (*OK[:8], "70")
    found = clean_of(patients_csv([OK, other]))["cell_account"]
    assert outcomes(found, SRCCOL="HGB") == {"left empty, asked of the clinic": 2}
    assert outcomes(found, SRCCOL="性别") == {"used": 2}


def test_sheets_that_no_table_maps_are_counted(tmp_path):
    made = study()
    made["tables"]["patients"]["file"] = "export.csv"
    (tmp_path / "export.csv").write_text(patients_csv([OK]), encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n3,4,5\n", encoding="utf-8")
    paths = [tmp_path / "export.csv", tmp_path / "other.csv"]
    cells, _ = read_export(paths, tmp_path, made)
    found = clean(cells, made)["cell_account"]
    assert outcomes(found, SRCFILE="other.csv") == {
        **{"title or header": 2, "sheet not mapped": 4, "no header above it": 1},
    }


def test_a_mapped_cell_without_an_outcome_is_a_fault_of_the_code(tmp_path):
    made = study()
    (tmp_path / "export.csv").write_text(patients_csv([OK]), encoding="utf-8")
    cells, _ = read_export([tmp_path / "export.csv"], tmp_path, made)
    with pytest.raises(RuntimeError, match="no account of '病案号' in row 2"):
        account.cell_account(cells, made, Journal())


def test_a_value_without_a_cell_is_a_fault_of_the_code(tmp_path):
    made, journal = study(), Journal()
    (tmp_path / "export.csv").write_text(patients_csv([OK]), encoding="utf-8")
    cells, _ = read_export([tmp_path / "export.csv"], tmp_path, made)
    for row in (2, 9):
        part = CleanColumns("patients", ["p1"], [Place("export.csv", "", row)], [0])
        part.reads = {name: [Read(header, "x")] for name, header in (("A", "性别"), ("B", "HGB"))}
        journal.made.append(part)
    mapped = {"病案号", "性别", "HGB"}
    cells = cells[cells["HEADER"].isna() | cells["HEADER"].isin(mapped)]
    with pytest.raises(RuntimeError, match="row=9.* that the export does not have"):
        account.cell_account(cells, made, journal)


WORDS = st.sampled_from(
    ["", "p1", "p2", " ", "男", "女", "M", "无", "CR", "2021-01-01", "2021-06-01", "2021-13-40"]
    + ["存活", "死亡", "95", "9.5", "1e3", "=1+1", "５０", "-", "合计"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[WORDS] * 9), min_size=1, max_size=8))
def test_any_rows_are_accounted_for_or_refused(rows):
    text = patients_csv(rows)
    given_cells = sum(cell != "" for row in rows for cell in row) + 9
    try:
        tables = clean_of(text, responses=True, vocabulary={"unmapped": "query"})
    except StudyError:
        return
    assert tables["cell_account"]["N"].sum() == given_cells
    account_of = tables["row_account"]
    assert "patients" in set(account_of["TABLE"])
    entered = sum(any(cell != "" for cell in row) for row in rows)
    assert account_of.groupby("TABLE")["N"].sum().to_dict() == {
        **{"patients": entered, "responses": entered},
    }


def test_a_row_that_is_left_out_is_listed_as_it_was_sent():
    lines = [
        "p1,男,,2021-01-01,2021-06-01",
        ",女,,2021-02-01,2021-07-01",
        "p1,男,,2021-01-01,2021-06-01",
    ]
    tables = clean_of(HEADER + "\n" + "\n".join(line + ",,,," for line in lines) + "\n")
    found = tables["quarantine"][["SRCROW", "REASON", "CONTENT"]].to_numpy().tolist()
    assert found == [
        [3, "no patient number", "性别: 女; 首次用药日期: 2021-02-01; 末次随访日期: 2021-07-01"],
        [
            4,
            "exact duplicate",
            "病案号: p1; 性别: 男; 首次用药日期: 2021-01-01; 末次随访日期: 2021-06-01",
        ],
    ]
    account = tables["row_account"]
    left_out = account[account["OUTCOME"] != "used"]["N"].sum()
    assert len(tables["quarantine"]) == left_out


def test_an_export_without_fault_has_nobody_in_quarantine():
    tables = clean_of(patients_csv([("p1", "男", "CR"), ("p2", "女", "CR")]))
    assert tables["quarantine"].empty
