"""The clinic's workbook: by patient, each with its cell, safe to open, the same bytes each time."""

import datetime as dt
import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.clean.export import clean_of, patients_csv
from tests.clean.test_build import rows_with
from venaza.contracts.clean import QUERIES
from venaza.contracts.files import conform
from venaza.pipeline.queries.book import query_book
from venaza.pipeline.queries.columns import FIELDS, HEADINGS, SHEET
from venaza.pipeline.queries.rows import query_lines
from venaza.pipeline.queries.stage import workbook

STUDY = {
    "export": "2023-11-30",
    "study": {"short": "Small", "synthetic": False},
    "checks": {
        "rules": {
            "out_of_range": {
                "title": "Outside the range",
                "why": "A slip of the unit.",
                "touches": ["all", "safety"],
            }
        }
    },
}
CELLS = pd.DataFrame(
    [
        ("a.xlsx", "S", 1, "A", None, "ID"),
        ("a.xlsx", "S", 1, "C", None, "空列"),
        ("a.xlsx", "S", 2, "A", "ID", "p1"),
        ("a.xlsx", "S", 2, "B", "HGB", "9"),
    ],
    columns=["SRCFILE", "SRCSHEET", "SRCROW", "COL", "HEADER", "VALUE"],
)


def query(**given) -> dict:
    place = {"SRCFILE": "a.xlsx", "SRCSHEET": "S", "SRCROW": 2, "SRCCOL": "HGB"}
    said = {"SEVERITY": "error", "RULE": "out_of_range", "TABLE": "patients", "COLUMN": "HGB"}
    made = {"USUBJID": "p1", "VALUE": "9", "MESSAGE": "too low", "ACTION": "left empty"}
    made |= {**place, **said, **given}
    return {"QUERYID": f"{made['RULE']}:{made['USUBJID']}", **made}


def frame(*queries: dict) -> pd.DataFrame:
    return conform(pd.DataFrame(list(queries)), QUERIES)


def opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def column(sheet, key: str) -> list:
    at = [cell.value for cell in sheet[3]].index(HEADINGS[key]) + 1
    return [sheet.cell(row, at).value for row in range(4, sheet.max_row + 1)]


def test_queries_stand_by_patient_and_the_gravest_first():
    now = frame(
        query(USUBJID="p10"),
        query(USUBJID=None, RULE="row_without_patient"),
        query(USUBJID="p2", SEVERITY="note", RULE="a"),
        query(USUBJID="p2", SEVERITY="warning", RULE="z"),
    )
    sheet = opened(workbook([now], CELLS, STUDY, [])[0])[SHEET]
    assert column(sheet, "patient") == ["p2", "p2", "p10", None]
    assert column(sheet, "severity") == ["warning", "note", "error", "error"]


def test_each_query_names_its_cell_and_why_it_matters():
    sheet = opened(workbook([frame(query(), query(SRCCOL="空列"))], CELLS, STUDY, [])[0])[SHEET]
    assert sorted(column(sheet, "cell")) == ["B2", "C2"]
    assert column(sheet, "row") == [2, 2]
    assert set(column(sheet, "why")) == {"A slip of the unit."}
    assert set(column(sheet, "touches")) == {"all results, safety"}


def test_a_check_that_nobody_has_described_leaves_its_columns_empty():
    sheet = opened(workbook([frame(query())], CELLS, {**STUDY, "checks": {}}, [])[0])[SHEET]
    assert column(sheet, "why") == [None]


def test_a_query_about_a_row_names_the_row_alone():
    (line,) = query_lines(frame(query(SRCCOL=None)), CELLS, {}, None)
    assert (line["cell"], line["row"]) == ("", "2")


def test_new_and_open_queries_are_told_apart_and_answered_ones_listed():
    before = frame(query(), query(USUBJID="p3"))
    book, counts = workbook([frame(query(), query(USUBJID="p2"))], CELLS, STUDY, [before])
    assert column(opened(book)[SHEET], "status") == ["open", "new"]
    gone = opened(book)["No longer asked"]
    assert [row[0].value for row in gone.iter_rows(min_row=2)] == ["p3"]
    assert counts == {"queries": 2, "new": 1, "no longer asked": 1}


def test_the_columns_to_fill_in_are_empty_and_hold_text():
    sheet = opened(workbook([frame(query())], CELLS, STUDY, [])[0])[SHEET]
    asked = [n for n, field in enumerate(FIELDS, start=1) if field.asked]
    assert len(asked) == 4
    for n in asked:
        assert sheet.cell(4, n).value is None
        assert sheet.cell(4, n).number_format == "@"


def test_the_sheet_is_ready_to_read_and_to_print():
    sheet = opened(workbook([frame(query())], CELLS, STUDY, [])[0])[SHEET]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:R4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+2", "@SUM(A1)", "-1+1"])
def test_nothing_that_was_sent_runs_as_a_formula(text):
    sheet = opened(workbook([frame(query(VALUE=text, MESSAGE=text))], CELLS, STUDY, [])[0])[SHEET]
    assert column(sheet, "value") == [f"'{text}"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_number_stays_a_number_and_characters_that_no_workbook_holds_are_replaced():
    sheet = opened(workbook([frame(query(VALUE="-3", MESSAGE="a\x00b"))], CELLS, STUDY, [])[0])
    assert column(sheet[SHEET], "value") == ["-3"]
    assert column(sheet[SHEET], "message") == ["a\ufffdb"]


def test_equal_queries_give_equal_bytes():
    first, second = (workbook([frame(query())], CELLS, STUDY, [])[0] for _ in range(2))
    assert first == second


def test_a_study_without_queries_has_a_workbook_too():
    sheet = opened(query_book([], [], [], title="None", day=dt.date(2023, 1, 1)))[SHEET]
    assert sheet.max_row == 3


def test_the_number_of_a_query_is_the_same_after_rows_have_moved():
    rows = [rows_with(id=f"p{n}", hgb="9.5") for n in (1, 2)]
    rows += [rows_with(id=f"p{n}") for n in (3, 4, 5)]
    first, second = (
        clean_of(patients_csv(order))["queries"] for order in (rows, [rows_with(id="p0"), *rows])
    )
    assert list(first["QUERYID"]) == [
        "wrong_unit:p1:patients.HGB",
        "wrong_unit:p2:patients.HGB",
    ]
    assert list(second["QUERYID"]) == list(first["QUERYID"])
    assert list(second["SRCROW"]) != list(first["SRCROW"])


def test_queries_about_one_patient_and_column_are_told_apart_by_the_row():
    text = patients_csv(
        [("p1", "男", "??", "2021-01-01", "2021-06-01"), ("p1", "男", "!!", "2021-01-01", "")]
    )
    queries = clean_of(text, responses=True, vocabulary={"unmapped": "query"})["queries"]
    assert queries["QUERYID"].is_unique
    assert "unreadable_value:p1:responses.RSINV:2021-06-01" in set(queries["QUERYID"])
