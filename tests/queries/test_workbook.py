"""The clinic's workbook: by patient, each with its cell, safe to open, the same bytes each time."""

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.clean.export import clean_of, patients_csv, study
from tests.clean.test_build import rows_with
from venaza.contracts.clean import QUERIES
from venaza.contracts.coded_values import VOCABULARY, code_of, codes
from venaza.contracts.files import conform
from venaza.contracts.sheets import READABLE
from venaza.pipeline.queries.book import query_book
from venaza.pipeline.queries.columns import CHECKS, FIELDS, GONE, HEADINGS, LISTS, NOTES, SHEETS
from venaza.pipeline.queries.offered import word_of
from venaza.pipeline.queries.rows import cell_letters, query_lines
from venaza.pipeline.queries.stage import workbook
from venaza.study.checks import messages

ROOT = Path(__file__).parents[2]
SHEET = SHEETS["en"]["asked"]
RULE = {
    "title": "Outside the range",
    "message": "{column} {value:g} lies outside {low:g} to {high:g}.",
    "why": "A slip of the unit.",
    "touches": ["all", "safety"],
}
STUDY = {
    **study(),
    "export": "2023-11-30",
    "study": {"short": "Small", "synthetic": False},
    "queries": {"language": "en"},
    "messages": {},
}
STUDY["checks"] = {**STUDY["checks"], "rules": {"out_of_range": RULE}}
CHINESE = {**STUDY, "queries": {"language": "zh"}, "messages": messages(ROOT, "zh")}
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


def column(sheet, key: str, language: str = "en") -> list:
    at = [cell.value for cell in sheet[3]].index(HEADINGS[language][key]) + 1
    return [sheet.cell(row, at).value for row in range(4, sheet.max_row + 1)]


def test_queries_stand_by_patient_and_the_gravest_first():
    now = frame(
        query(USUBJID="p10"),
        query(USUBJID=None, RULE="row_without_patient"),
        query(USUBJID="p2", SEVERITY="warning", RULE="z"),
        query(USUBJID="p2", SEVERITY="error", RULE="zz"),
    )
    sheet = opened(workbook([now], CELLS, STUDY, [])[0])[SHEET]
    assert column(sheet, "patient") == ["p2", "p2", "p10", None]
    assert column(sheet, "severity") == ["error", "warning", "error", "error"]


def test_what_needs_no_answer_stands_among_the_notes():
    note = query(USUBJID="p2", SEVERITY="note", RULE="duplicate_row", ACTION="left out")
    book, counts = workbook([frame(query(), note)], CELLS, STUDY, [])
    assert (counts["queries"], counts["notes"]) == (1, 1)
    assert column(opened(book)[SHEET], "patient") == ["p1"]
    notes = opened(book)["Notes"]
    assert [cell.value for cell in notes[3]] == [field.en for field in NOTES]
    assert [notes.cell(4, n).value for n in (1, 7)] == ["p2", "left out"]
    assert all(fill.fgColor.rgb != "00FFF8DC" for fill in (cell.fill for cell in notes[4]))


def test_each_query_names_its_cell_and_the_checks_say_why_it_matters():
    book = opened(workbook([frame(query(), query(SRCCOL="空列"))], CELLS, STUDY, [])[0])
    assert sorted(column(book[SHEET], "where")) == ["S\nrow 2 (B2)", "S\nrow 2 (C2)"]
    (line,) = book["Checks"].iter_rows(min_row=4, values_only=True)
    assert line == (
        *("Outside the range", "error", 2),
        *("A slip of the unit.", "all results, safety"),
    )


def test_the_file_is_named_where_there_are_several():
    now = frame(query(), query(USUBJID="p2", SRCFILE="b.csv", SRCSHEET=""))
    sheet = opened(workbook([now], CELLS, STUDY, [])[0])[SHEET]
    assert column(sheet, "where") == ["a.xlsx\nS\nrow 2 (B2)", "b.csv\nrow 2"]


def test_a_check_that_nobody_has_described_has_no_reasons():
    bare = {**STUDY, "checks": {**STUDY["checks"], "rules": {}}}
    (line,) = opened(workbook([frame(query())], CELLS, bare, [])[0])["Checks"].iter_rows(
        min_row=4, values_only=True
    )
    assert line == ("Out of range", "error", 1, None, None)


def test_a_query_about_a_row_names_the_row_alone():
    (line,) = query_lines(frame(query(SRCCOL=None)), cell_letters(CELLS), STUDY, None)
    assert line["where"] == "S\nrow 2"


def test_new_queries_are_marked_and_answered_ones_listed():
    before = frame(query(), query(USUBJID="p3"))
    book, counts = workbook([frame(query(), query(USUBJID="p2"))], CELLS, STUDY, [before])
    assert column(opened(book)[SHEET], "severity") == ["error", "error\nnew"]
    gone = opened(book)["No longer asked"]
    assert [row[0].value for row in gone.iter_rows(min_row=4)] == ["p3"]
    assert counts == {"queries": 2, "notes": 0, "new": 1, "no longer asked": 1}


def test_the_columns_to_fill_in_are_empty_and_hold_text():
    sheet = opened(workbook([frame(query())], CELLS, STUDY, [])[0])[SHEET]
    asked = [n for n, field in enumerate(FIELDS, start=1) if field.asked]
    assert len(asked) == 4
    for n in asked:
        assert sheet.cell(4, n).value is None
        assert sheet.cell(4, n).number_format == "@"


@pytest.mark.parametrize("fields", [FIELDS, NOTES, GONE, CHECKS])
def test_a_sheet_has_ten_columns_at_most_and_is_printed_at_eight_points_or_more(fields):
    shown = [field.width for field in fields if not field.hidden]
    assert len(shown) <= 10
    assert sum(shown) <= READABLE


def test_the_sheet_is_ready_to_read_and_to_print():
    sheet = opened(workbook([frame(query())], CELLS, STUDY, [])[0])[SHEET]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:K4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert [name for name, at in sheet.column_dimensions.items() if at.hidden] == ["K"]
    assert column(sheet, "id") == ["out_of_range:p1"]


def test_rows_are_as_high_as_their_longest_text():
    long = "骨髓原始细胞" * 20
    sheet = opened(workbook([frame(query(), query(MESSAGE=long, RULE="z"))], CELLS, STUDY, [])[0])[
        SHEET
    ]
    heights = [sheet.row_dimensions[row].height for row in (4, 5)]
    assert heights == [4 + 12 * 2, 4 + 12 * 6]  # sheet and row; 240 wide, 44 in a line


def words(data: bytes, row: int) -> list[str]:
    """What the answer of a row may be chosen from."""
    book = opened(data)
    sheet = book.worksheets[0]
    answer = next(c.column_letter for c in sheet[3] if c.value in ("Correct value", "正确值"))
    for listed in sheet.data_validations.dataValidation:
        if f"{answer}{row}" in listed.sqref:
            assert (listed.type, listed.errorStyle) == ("list", "warning")
            name, _, cells = listed.formula1.partition("!")
            assert (name, book[name].sheet_state) == (LISTS, "hidden")
            return [cell.value for (cell,) in book[name][cells.replace("$", "")]]
    return []


@pytest.mark.parametrize(
    ("told", "asked", "offered"),
    [
        (STUDY, {"COLUMN": "SEX", "SRCCOL": "性别", "VALUE": None}, ["M", "F", "(empty)"]),
        (CHINESE, {"COLUMN": "SEX", "SRCCOL": "性别", "VALUE": "?"}, ["男", "女", "(空)"]),
        (CHINESE, {"COLUMN": "SEX", "SRCCOL": "性别", "VALUE": " M"}, ["M", "男", "女", "(空)"]),
        (STUDY, {"COLUMN": "SEX", "SRCCOL": "另一列"}, []),
        (STUDY, {"COLUMN": "HGB", "SRCCOL": "HGB"}, []),
        (STUDY, {"COLUMN": "SEX", "SRCCOL": None}, []),
    ],
)
def test_an_answer_is_chosen_from_the_words_that_its_column_is_read_by(told, asked, offered):
    assert words(workbook([frame(query(**asked))], CELLS, told, [])[0], 4) == offered


def test_a_long_vocabulary_and_small_whole_numbers_are_offered_too():
    tables = {
        "adverse_events": [("AEDECOD", "事件"), ("AETOXGR", "分级")],
        "responses": [("RSINV", "疗效")],
    }
    records = {
        name: {"records": [{"columns": {c: {"from": h} for c, h in own}}]}
        for name, own in tables.items()
    }
    told = {**STUDY, "tables": records}
    asked = [
        query(USUBJID=f"p{n}", TABLE=table, COLUMN=c, SRCCOL=h, VALUE=None)
        for n, (table, (c, h)) in enumerate((t, own) for t, all_ in tables.items() for own in all_)
    ]
    book = workbook([frame(*asked)], CELLS, told, [])[0]
    assert len(words(book, 4)) == 1 + len(STUDY["ctcae"]["terms"])
    assert sum(map(len, words(book, 4))) > 255
    assert words(book, 5) == ["1", "2", "3", "4", "5", "(empty)"]
    assert words(book, 6)[:3] == ["CR", "CRh", "CRi"]


def test_every_word_that_is_offered_is_read_as_its_code():
    columns = [name for name in VOCABULARY if name not in ("GENE", "LBTESTCD")]
    for language in ("en", "zh"):
        for column in (*columns, "AEDECOD"):
            known = codes(column, {}, STUDY)
            made = {code: word_of(code, known, language) for code in known}
            assert {code: code_of(word, known) for code, word in made.items()} == {
                code: code for code in known
            }, column


def test_the_whole_workbook_is_in_the_language_of_the_clinic():
    note = query(USUBJID="p2", SEVERITY="note", RULE="a", MESSAGE="b", ACTION="left out")
    asked = query(MESSAGE="HGB 9 lies outside 25 to 220.")
    book = opened(workbook([frame(asked, note)], CELLS, CHINESE, [frame(query(RULE="x"))])[0])
    assert book.sheetnames == ["质疑", "备注", "不再询问", "核查说明"]
    sheet = book["质疑"]
    assert sheet["A1"].value == "致临床的数据质疑：Small，2023-11-30 导出"
    assert [cell.value for cell in sheet[3]] == [field.zh for field in FIELDS]
    assert column(sheet, "message", "zh") == ["HGB 为 9，超出 25 至 220 的范围。"]
    assert column(sheet, "where", "zh") == ["S\n第2行 (B2)"]
    assert column(sheet, "severity", "zh") == ["错误\n新"]
    assert book["备注"]["G4"].value == "略去"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_calc_opens_it_and_prints_a_page_for_each_sheet(tmp_path, language):
    told = {"en": STUDY, "zh": CHINESE}[language]
    note = query(USUBJID="p2", SEVERITY="note")
    book = workbook([frame(query(COLUMN="SEX", SRCCOL="性别"), note)], CELLS, told, [])[0]
    (tmp_path / "queries.xlsx").write_bytes(book)
    office = shutil.which("soffice")
    if not (office and list(Path(office).resolve().parent.glob("libsclo.*"))):
        pytest.skip("LibreOffice Calc is not here")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    told = [office, home, "--headless", "--convert-to", "pdf", "queries.xlsx"]
    subprocess.run(told, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    pages = (tmp_path / "queries.pdf").read_bytes().count(b"/Type/Page/") + (
        tmp_path / "queries.pdf"
    ).read_bytes().count(b"/Type/Page\n")
    assert pages == 3


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
