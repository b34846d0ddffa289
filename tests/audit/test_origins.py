"""From a clean value to its raw cells, as cleaning noted them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.audit.conftest import NOTED, PATIENTS, RAW, make, origin
from venaza.audit.chunks import Sheets, owned_rows, parcels
from venaza.audit.number_text import cells_text
from venaza.audit.origins import Origins, place_text
from venaza.audit.raw_cells import RawCells

DEATH = ("patients", "P 1", 1, "DTHDT")


def told(cell: dict) -> tuple:
    return tuple(cell[name] for name in ("SRCSHEET", "SRCROW", "SRCCOL", "RAW", "role"))


def of(tables, study, *value, **changed) -> list[tuple]:
    made = {
        **tables,
        **{f"{k.replace('_', '/')}": make(f"{k.replace('_', '/')}", v) for k, v in changed.items()},
    }
    return [told(cell) for cell in Origins(made, study).of(*value)]


def test_a_value_has_the_cell_that_cleaning_noted(tables, study):
    assert of(tables, study, *DEATH) == [("病人", 2, "死亡日期", "2023.4.11", "value")]


def test_the_day_of_a_date_has_the_cell_of_the_date(tables, study):
    assert of(tables, study, "patients", "P 1", 1, "DTHDY") == of(tables, study, *DEATH)


def test_a_constant_has_a_row_but_no_cell(tables, study):
    found = of(tables, study, "patients", "P 1", 1, "INDEXDT")
    assert found == [("病人", 2, None, None, "constant")]


@pytest.mark.parametrize(("seq", "header", "text"), [(1, "crtime", "20"), (2, "rltime", "40")])
def test_two_records_of_one_raw_row_have_each_its_own_cell(tables, study, seq, header, text):
    found = of(tables, study, "responses", "P 1", seq, "RSDT")
    assert found == [("疗效", 9, header, text, "value")]


def test_an_empty_cell_is_named_by_the_column_of_the_study_file(tables, study):
    found = of(tables, study, "patients", "P<2>", 1, "DTHDT")
    assert found == [("病人", 3, "死亡日期", None, "empty")]


def test_of_two_columns_that_may_be_meant_none_is_named(tables, study):
    noted = [line for line in NOTED if line["TABLE"] != "responses"]
    found = of(tables, study, "responses", "P 1", 1, "RSDT", clean_origins=noted)
    assert found == [("疗效", 9, None, None, "empty")]


def test_a_cell_that_was_not_read_is_not_called_empty(tables, study):
    noted = [line for line in NOTED if line["COLUMN"] != "DTHDT"]
    found = of(tables, study, *DEATH, clean_origins=noted)
    assert found == [("病人", 2, "死亡日期", "2023.4.11", "unread")]


def test_what_says_the_value_comes_first_and_a_condition_with_its_words(tables, study):
    death = study["tables"]["patients"]["records"][0]["columns"]["DTHDT"]
    death["when"] = {"末次 随访": ["2023/6/1", "dead"]}
    asked = origin(RAW, DEATH, "末次随访", 2, "condition")
    noted = [asked, *NOTED]
    made = {**tables, "clean/origins": make("clean/origins", noted)}
    found = RawCells(made, study).cells("ADT", *DEATH)
    assert [told(cell)[2:] for cell in found] == [
        ("死亡日期", "2023.4.11", "value"),
        ("末次随访", "2023/6/1", "condition"),
    ]
    assert [cell["condition"] for cell in found] == [None, "2023/6/1 or dead"]
    assert [cell["CLEAN"] is None for cell in found] == [False, True]


def test_a_cell_whose_condition_does_not_hold_is_said_so(tables, study):
    idle = [{**line, "ROLE": "idle"} if line["COLUMN"] == "DTHDT" else line for line in NOTED]
    made = {**tables, "clean/origins": make("clean/origins", idle)}
    found = RawCells(made, study).cells("ADT", *DEATH)
    assert (
        cells_text(found, True)
        == "病人 · row 2 · 死亡日期: 2023.4.11 (its condition does not hold)"
    )


def test_a_correction_of_an_empty_cell_leads_to_its_place(tables, study):
    value = ("patients", "P<2>", 1, "DTHDT")
    line = {**origin(RAW, value, "病案号", 3, "corrected"), "CELL": None}
    made = {
        **{"LINE": 2, "USUBJID": "P<2>", "TABLE": "patients", "COLUMN": "DTHDT, SURVSTAT"},
        **{
            "STATUS": "applied",
            "SRCFILE": "f.csv",
            "SRCSHEET": None,
            "SRCROW": 3,
            "SRCCOL": "死亡",
        },
    }
    noted = [*NOTED, line]
    found = of(tables, study, *value, clean_origins=noted, clean_corrections=[made])
    assert found == [(None, 3, "死亡", None, "corrected")]
    other = {**made, "STATUS": "does not apply: gone"}
    found = of(tables, study, *value, clean_origins=noted, clean_corrections=[other])
    assert found == [("病人", 3, None, None, "corrected")]


def test_a_row_that_is_not_there_has_no_cells(tables, study):
    assert of(tables, study, "labs", "P 1", 5, "LBDT") == []


def test_the_page_owns_every_row_that_a_value_was_read_from(tables):
    joined = [*NOTED, origin(RAW, ("patients", "P<2>", 1, "SEX"), "rltime", 9)]
    tables["clean/origins"] = make("clean/origins", joined)
    owned = owned_rows(tables)
    assert set(owned.loc[owned["SRCROW"] == 9, "USUBJID"]) == {"P 1", "P<2>"}


def test_the_page_links_each_row_to_its_cell_and_each_column_of_a_patient(tables, study):
    sheets = Sheets(tables["intake/cells"])
    frame = tables["endpoints/adtte"]
    ((made, cells),) = parcels(tables, list(PATIENTS), sheets, study, {"adtte": frame})
    held = made["cells"].set_index(["USUBJID", "S", "SRCROW", "C"])
    for patient, reference, column in zip(
        frame["USUBJID"], cells["adtte"], frame["SRCVAR"], strict=True
    ):
        sheet, row, place = map(int, reference.split("."))
        assert held.loc[(patient, sheet, row, place), "OF"] == column
    assert pd.isna(held["OF"]).any()


def test_a_place_is_said_as_far_as_it_is_known():
    assert place_text("a.csv", "", 3) == "a.csv · row 3"
    assert place_text(None, "化验", pd.NA) == "化验"
