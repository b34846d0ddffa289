"""Cells that hold no value, whatever their text: each is asked about or logged, none is read."""

from __future__ import annotations

import pytest

from tests.clean.export import study
from venaza.clean.build import clean
from venaza.intake.cells import read_export

TEXT = "病案号,性别,疗效,首次用药日期,末次随访日期,死亡日期,生存状态,确诊日期,HGB\n" + (
    "p1,男,CR,2021-01-01,2021-06-01,,存活,2020-12-20,#REF!\n"
)


def cleaned(tmp_path, kind: str):
    path = tmp_path / "export.csv"
    path.write_text(TEXT, encoding="utf-8")
    made = study()
    cells, _ = read_export([path], tmp_path, made)
    cells.loc[cells["VALUE"] == "#REF!", "KIND"] = kind
    return clean(cells, made)


@pytest.mark.parametrize(
    ("kind", "rule", "outcome"),
    [
        ("error", "spreadsheet_error", "a spreadsheet error"),
        ("formula", "formula_without_value", "a formula without a stored value"),
    ],
)
def test_a_cell_without_a_value_is_asked_about_and_accounted_for(tmp_path, kind, rule, outcome):
    tables = cleaned(tmp_path, kind)
    assert tables["patients"]["HGB"].isna().all()
    query = tables["queries"].set_index("RULE").loc[rule]
    assert (query["COLUMN"], query["VALUE"], query["SRCROW"]) == ("HGB", "#REF!", 2)
    account = tables["cell_account"].set_index("SRCCOL")["OUTCOME"]
    assert outcome in account.loc[["HGB"]].tolist()


def test_what_the_file_declares_missing_is_logged_and_not_asked(tmp_path):
    tables = cleaned(tmp_path, "missing")
    assert tables["queries"].empty
    line = tables["cleaning_log"].set_index("COLUMN").loc["HGB"]
    assert (line["RAW"], line["RULE"]) == ("#REF!", "declared missing by the file")


def test_the_reader_knows_a_spreadsheet_error_by_its_text(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(TEXT, encoding="utf-8")
    cells, _ = read_export([path], tmp_path, study())
    assert cells.set_index("VALUE").loc["#REF!", "KIND"] == "error"
