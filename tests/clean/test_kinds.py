"""Cells that hold no value are empty with a reason, never text."""

import pandas as pd
import pytest

from tests.clean.export import study
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export

COLUMNS = (
    "病案号",
    "性别",
    "首次用药日期",
    "末次随访日期",
    "死亡日期",
    "生存状态",
    "确诊日期",
    "HGB",
)
ROW = ("p1", "男", "2021-01-01", "2021-06-01", "", "存活", "2020-12-20", "95")


def cleaned(tmp_path, kinds: dict[str, tuple[str, str, str | None]]):
    """One patient, with cells replaced by (value, kind, label)."""
    lines = [",".join(COLUMNS), ",".join(ROW), ",".join(("p2", *ROW[1:]))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    made = study()
    cells = read_export([tmp_path / "a.csv"], tmp_path, made)[0].astype("object")
    for header, (value, kind, label) in kinds.items():
        at = (cells["SRCROW"] == 2) & (cells["HEADER"] == header)
        cells.loc[at, ["VALUE", "KIND", "LABEL"]] = [value, kind, label]
    return clean(cells, made)


def test_an_error_cell_is_empty_with_a_query(tmp_path):
    tables = cleaned(tmp_path, {"HGB": ("#REF!", "error", None)})
    assert pd.isna(tables["patients"].loc[0, "HGB"])
    query = tables["queries"].iloc[0]
    assert query[["USUBJID", "RULE", "COLUMN", "VALUE", "SRCROW", "SRCCOL"]].tolist() == [
        *("p1", "spreadsheet_error", "HGB", "#REF!", 2, "HGB"),
    ]


def test_a_formula_without_a_value_is_empty_with_a_query(tmp_path):
    tables = cleaned(tmp_path, {"HGB": ("=A1*10", "formula", None)})
    assert pd.isna(tables["patients"].loc[0, "HGB"])
    assert tables["queries"]["RULE"].tolist() == ["formula_without_value"]


def test_a_value_that_the_file_declares_missing_is_empty_with_a_line_in_the_log(tmp_path):
    tables = cleaned(tmp_path, {"HGB": ("99", "missing", "not done")})
    assert pd.isna(tables["patients"].loc[0, "HGB"])
    log = tables["cleaning_log"]
    line = log[log["RULE"] == "declared missing by the file"].iloc[0]
    assert line[["USUBJID", "TABLE", "COLUMN", "RAW", "SRCROW"]].tolist() == [
        *("p1", "patients", "HGB", "99 (not done)", 2),
    ]
    assert len(tables["queries"]) == 0


def test_a_patient_number_that_is_an_error_leaves_the_row_out_and_counts_it(tmp_path):
    tables = cleaned(tmp_path, {"病案号": ("#N/A", "error", None)})
    assert tables["patients"]["USUBJID"].tolist() == ["p2"]
    assert sorted(tables["queries"]["RULE"]) == ["row_without_patient", "spreadsheet_error"]
    counts = tables["row_account"].set_index("OUTCOME")["N"].to_dict()
    assert counts == {"no patient number": 1, "used": 1}


def test_a_row_of_nothing_but_errors_is_counted(tmp_path):
    tables = cleaned(tmp_path, dict.fromkeys(COLUMNS, ("#N/A", "error", None)))
    counts = tables["row_account"].set_index("OUTCOME")["N"].to_dict()
    assert counts == {"no cell with a value": 1, "used": 1}


def test_an_export_without_rows_stops_with_one_message(tmp_path):
    (tmp_path / "a.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    made = study()
    cells, _ = read_export([tmp_path / "a.csv"], tmp_path, made)
    with pytest.raises(StudyError, match="no row below its header"):
        clean(cells, made)
