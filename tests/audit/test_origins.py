"""From a clean value to its raw cells, as cleaning noted them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.audit.conftest import (
    FILE,
    NOTED,
    PATIENTS,
    RAW,
    make,
    numbered,
    origin,
    raw_cells,
)
from venaza.pipeline.audit.page.patient_batches import CleanRows, headers_of_patients, parcels
from venaza.pipeline.audit.page.sheets import Sheets, owned_cells
from venaza.pipeline.audit.trace.analysis_cells import AnalysisCells
from venaza.pipeline.audit.trace.number_text import cells_text
from venaza.pipeline.audit.trace.origins import Origins, place_text

DEATH = ("patients", "P 1", 1, "DTHDT")
#: A query of a row that no clean row came of.
LEFT_OUT = {
    **{"QUERYID": "q-3", "USUBJID": "P<2>", "SEVERITY": "error", "RULE": "unknown"},
    **{"SRCFILE": FILE, "SRCSHEET": "疗效"},
}


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


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("rltime", [("疗效", 10, "rltime", None, "empty")]),
        ("末次随访", [("病人", 3, "末次随访", "2023年6月2日", "unread")]),
        ("nowhere", [("病人", 3, None, None, "empty"), ("疗效", 10, None, None, "empty")]),
        (
            ["rltime", "crtime"],
            [("病人", 3, None, None, "empty"), ("疗效", 10, None, None, "empty")],
        ),
    ],
)
def test_of_joined_sheets_an_empty_value_names_the_row_that_has_the_column_else_all(
    tables, study, header, cells
):
    raw = numbered([*RAW, *raw_cells(10, "疗效", 病案号="P<2>", crtime="30")])
    row = ("patients", "P<2>", 1, "USUBJID")
    noted = [*NOTED, *(origin(raw, row, "病案号", n, "key") for n in (3, 10))]
    headers = [header] if isinstance(header, str) else header
    records = [{"columns": {"DTHCAUS": {"from": name}}} for name in headers]
    study["tables"]["patients"] = {"records": records}
    value = ("patients", "P<2>", 1, "DTHCAUS")
    assert of(tables, study, *value, clean_origins=noted, intake_cells=raw) == cells


@pytest.mark.parametrize(("sheet", "row"), [("病人", 3), ("疗效", 10)])
def test_of_joined_sheets_with_the_same_header_the_one_counts_that_the_study_names(
    tables, study, sheet, row
):
    raw = numbered([*RAW, *raw_cells(10, "疗效", 病案号="P<2>", 末次随访="")])
    noted = [origin(raw, ("patients", "P<2>", 1, "USUBJID"), "病案号", n, "key") for n in (3, 10)]
    columns = {"DTHCAUS": {"from": "病案号", "sheet": sheet}}
    study["tables"]["patients"] = {"records": [{"columns": columns}]}
    value = ("patients", "P<2>", 1, "DTHCAUS")
    found = of(tables, study, *value, clean_origins=noted, intake_cells=raw)
    assert found == [(sheet, row, "病案号", "P<2>", "unread")]


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
    found = AnalysisCells(made, study).cells("ADT", *DEATH)
    assert [told(cell)[2:] for cell in found] == [
        ("死亡日期", "2023.4.11", "value"),
        ("末次随访", "2023/6/1", "condition"),
    ]
    assert [cell["condition"] for cell in found] == [None, "2023/6/1 or dead"]
    assert [cell["CLEAN"] is None for cell in found] == [False, True]


def test_a_cell_whose_condition_does_not_hold_is_said_so(tables, study):
    idle = [{**line, "ROLE": "idle"} if line["COLUMN"] == "DTHDT" else line for line in NOTED]
    made = {**tables, "clean/origins": make("clean/origins", idle)}
    found = AnalysisCells(made, study).cells("ADT", *DEATH)
    assert (
        cells_text(found, True)
        == "病人 · row 2 · 死亡日期: 2023.4.11 (its condition does not hold)"
    )


def test_a_correction_of_an_empty_cell_leads_to_its_place(tables, study):
    value = ("patients", "P<2>", 1, "DTHDT")
    line = {**origin(RAW, value, "病案号", 3, "corrected"), "CELL": None, "LINE": 2}
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
    other = {**made, "LINE": 3, "SRCCOL": "末次", "SRCROW": 4}
    for lines in ([made, other], [other, made]):
        found = of(tables, study, *value, clean_origins=noted, clean_corrections=lines)
        assert found == [(None, 3, "死亡", None, "corrected")]
    found = of(tables, study, *value, clean_origins=noted, clean_corrections=[other])
    assert found == [("病人", 3, None, None, "corrected")]


def test_a_row_that_is_not_there_has_no_cells(tables, study):
    assert of(tables, study, "labs", "P 1", 5, "LBDT") == []


def owned(tables) -> set[tuple]:
    """Patient, raw row and text of the cells that each patient owns."""
    cells = tables["intake/cells"]
    who, cell = owned_cells(tables, pd.Index(PATIENTS), Sheets(cells))
    found = cells.iloc[cell]
    return {
        (PATIENTS[w], row, text)
        for w, row, text in zip(who, found["SRCROW"], found["VALUE"], strict=True)
    }


def page_cells(tables) -> pd.DataFrame:
    """The raw cells of the page's one parcel."""
    patients, sheets = pd.Index(PATIENTS), Sheets(tables["intake/cells"])
    (made,) = parcels(tables, patients, sheets, CleanRows(tables, patients, sheets))
    columns = made["cells"]["c"].items()
    told = {
        name: [None if letter == "]" else values[ord(letter) - ord("^")] for letter in places]
        for name, (values, places) in columns
    }
    return pd.DataFrame(told, dtype=object)


def test_the_page_owns_every_row_with_a_number_of_the_patient(tables):
    joined = [*NOTED, origin(RAW, ("patients", "P<2>", 1, "USUBJID"), "rltime", 9, "key")]
    tables["clean/origins"] = make("clean/origins", joined)
    row = [("P 1",), ("20",), ("40",)]
    assert {found for found in owned(tables) if found[1] == 9} == {
        (patient, 9, *text) for patient in ("P 1", "P<2>") for text in row
    }


def test_of_a_row_of_another_patient_the_page_has_the_cell_that_was_read_alone(tables):
    merged = origin(RAW, ("patients", "P<2>", 1, "SEX"), "末次随访", 2)
    tables["clean/origins"] = make("clean/origins", [*NOTED, merged])
    of_row = {("P 1", 2, text) for text in ("P 1", "2023.4.11", "2023/6/1")}
    assert {f for f in owned(tables) if f[1] == 2} == {*of_row, ("P<2>", 2, "2023/6/1")}
    cells = page_cells(tables)
    cells = cells[cells["USUBJID"] == "P<2>"]
    assert list(cells.loc[cells["SRCROW"] == 2, "VALUE"]) == ["2023/6/1"]
    assert list(cells.loc[cells["SRCROW"] == 2, "OF"]) == ["SEX"]
    assert list(cells.loc[cells["SRCROW"] == 3, "VALUE"]) == ["P<2>", "2023年6月2日"]


def test_a_row_that_the_export_does_not_have_is_nobodys(tables):
    there, beyond = ({**LEFT_OUT, "SRCROW": row} for row in (9, 10))
    for line, more in ((there, {"P<2>"}), (beyond, set())):
        asked = make("clean/queries", [line])
        found = owned({**tables, "clean/queries": asked})
        assert {patient for patient, row, _ in found if row == 9} == {"P 1"} | more


def test_a_cell_that_gives_several_columns_names_them_in_their_order(tables):
    also = origin(RAW, ("patients", "P 1", 1, "DTHCAUS"), "死亡日期", 2)
    tables["clean/origins"] = make("clean/origins", [also, *NOTED])
    cells = page_cells(tables)
    own = cells[(cells["USUBJID"] == "P 1") & (cells["SRCROW"] == 2)]
    assert dict(zip(own["VALUE"], own["OF"].fillna(""), strict=True)) == {
        **{"P 1": "", "2023.4.11": "DTHCAUS DTHDT"},
        "2023/6/1": "LSTALVDT",
    }


def test_of_several_records_a_condition_has_the_words_of_the_one_that_was_read(tables, study):
    when = [{"病案号": "CR"}, {"病案号": ["复发", "REL"]}]
    records = study["tables"]["responses"]["records"]
    for record, asked, code in zip(records, when, ("CR", "RELAPSE"), strict=True):
        record["columns"]["RSDT"]["when"] = asked
        record["columns"]["RSINV"] = {"constant": code, "when": asked}
    noted = list(NOTED)
    for seq in (1, 2):
        for column in ("RSDT", "RSINV"):
            noted.append(origin(RAW, ("responses", "P 1", seq, column), "病案号", 9, "condition"))
        of = origin(RAW, ("responses", "P 1", seq, "RSINV"), "病案号", 9, "constant")
        noted.append({**of, "CELL": None})
    raw = AnalysisCells({**tables, "clean/origins": make("clean/origins", noted)}, study)
    for seq, words in ((1, "CR"), (2, "复发 or REL")):
        for column in ("RSDT", "RSINV"):
            found = raw.cells("ADT", "responses", "P 1", seq, column)
            assert [c["condition"] for c in found] == [None, words], (seq, column)


def test_the_page_links_each_row_to_its_cell_and_each_column_of_a_patient(tables):
    patients, sheets = pd.Index(PATIENTS), Sheets(tables["intake/cells"])
    frame = tables["endpoints/adtte"]
    texts, places = CleanRows(tables, patients, sheets).cells(frame)
    held = page_cells(tables).set_index(["USUBJID", "S", "SRCROW", "C"])
    for patient, at, column in zip(frame["USUBJID"], places, frame["SRCVAR"], strict=True):
        assert held.loc[(patient, *map(int, texts[at].split("."))), "OF"] == column
    assert held["OF"].isna().any()


def test_a_value_without_a_cell_is_linked_to_its_row_and_a_strangers_to_nothing(tables):
    patients, sheets = pd.Index(PATIENTS), Sheets(tables["intake/cells"])
    row = {"SRCDOM": "patients", "SRCVAR": "INDEXDT", "SRCSEQ": 1}
    asked = [{**row, "USUBJID": "P<2>"}, {**row, "USUBJID": "nobody"}]
    asked += [{**row, "USUBJID": "P<2>", "SRCSEQ": seq} for seq in (2, None)]
    frame = make("endpoints/adtte", asked)
    texts, places = CleanRows(tables, patients, sheets).cells(frame)
    (sheet,) = [i for i, s in enumerate(sheets.listed()) if s["sheet"] == "病人"]
    assert [texts[i] if i >= 0 else None for i in places] == [f"{sheet}.3.", None, None, None]


def test_a_column_of_patients_has_the_headers_that_it_was_read_from(tables):
    also = origin(RAW, ("patients", "P 1", 1, "DTHDT"), "末次随访", 2)
    asked = origin(RAW, ("patients", "P 1", 1, "SEX"), "末次随访", 2, "condition")
    tables["clean/origins"] = make("clean/origins", [*NOTED, also, asked])
    found = {"DTHDT": ["死亡日期", "末次随访"], "LSTALVDT": ["末次随访"]}
    assert headers_of_patients(tables) == found


def test_a_place_is_said_as_far_as_it_is_known():
    assert place_text("a.csv", "", 3) == "a.csv · row 3"
    assert place_text(None, "化验", pd.NA) == "化验"
