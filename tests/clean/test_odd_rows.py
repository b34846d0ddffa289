"""Rows that are no patient's: totals, notes, headers among the patients; rows too long."""

from pathlib import Path

import pytest
import yaml

from tests.clean.sheets import PATIENTS, outcomes, tables_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.odd_rows import is_summary

ROOT = Path(__file__).parents[2]
WORDS = yaml.safe_load((ROOT / "config/vocabulary.yaml").read_text(encoding="utf-8"))
ONE = {"patients": {"file": "export.csv", "key": "id", "columns": PATIENTS}}


def made(folder, *lines: str, tables=ONE, header="id,last", **sections) -> dict:
    text = "\n".join([header, *lines]) + "\n"
    return tables_of(folder, {"export.csv": text}, tables, **sections)


def asked(tables: dict) -> list[tuple]:
    queries = tables["queries"]
    return list(zip(queries["RULE"], queries["SRCROW"], queries["VALUE"], strict=True))


@pytest.mark.parametrize("word", WORDS["summary_rows"])
def test_every_word_of_a_row_of_totals_is_one(word):
    assert is_summary(f"{word} 12" if word.endswith("=") else word, WORDS["summary_rows"])


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        *(("Gesamt", True), ("N=2", True), ("n = 50", True), ("median", True), ("Σ", True)),
        *(("Mittelwert", True), ("moyenne", True), ("平均值", True), ("TOTAL: 5", True)),
        *(("Ｔｏｔａｌ", True), ("Mean ± SD", True), ("合计（人）", True), ("Note: lost", True)),
        *(("N", False), ("n2", False), ("Total1", False), ("p1", False), ("Meany", False)),
        *(("", False), ("(total)", False), ("SD", False), ("MAX", False)),
    ],
)
def test_what_heads_a_row_of_totals(text, summary):
    assert is_summary(text, WORDS["summary_rows"]) is summary


def test_totals_in_any_language_make_no_patient(tmp_path):
    rows = ["1,10", "2,20", "Gesamt,30", "N=2,", "median,15", "Σ,30", "平均值,15"]
    tables = made(tmp_path, *rows)
    assert list(tables["patients"]["USUBJID"]) == ["1", "2"]
    assert [rule for rule, *_ in asked(tables)] == ["summary_row"] * 5
    assert asked(tables)[0] == ("summary_row", 4, "Gesamt")
    assert outcomes(tables["row_account"]) == {"used": 2, "totals or notes": 5}


def test_a_study_adds_words_of_its_own(tmp_path):
    tables = made(tmp_path, "1,10", "Krankenhaus,20", "Total,30")
    assert list(tables["patients"]["USUBJID"]) == ["1", "Krankenhaus"]
    words = {"vocabulary": {"summary_rows": ["Krankenhaus"]}}
    tables = made(tmp_path / "own", "1,10", "Krankenhaus,20", "Total,30", **words)
    assert list(tables["patients"]["USUBJID"]) == ["1"]


@pytest.mark.parametrize("again", ["id,last", "ID,last", "number,last", "Patient ID,day of last"])
def test_headers_in_the_middle_are_left_out_and_said(tmp_path, again):
    tables = made(tmp_path, "1,10", again, "2,20")
    assert list(tables["patients"]["USUBJID"]) == ["1", "2"]
    assert asked(tables) == [("header_row_again", 3, again.split(",")[0])]
    assert outcomes(tables["row_account"]) == {"used": 2, "the headers again": 1}


def test_a_row_with_most_headers_in_their_place_is_a_header_row(tmp_path):
    header = "id,last,dead,note"
    tables = made(tmp_path, "1,10,1,x", "Id der Patienten,last,dead,note", header=header)
    assert [rule for rule, *_ in asked(tables)] == ["header_row_again"]


def test_a_cell_that_is_called_as_its_header_is_no_header_row(tmp_path):
    tables = made(tmp_path, "1,10,a", "2,20,note", header="id,last,note")
    assert list(tables["patients"]["USUBJID"]) == ["1", "2"]
    assert asked(tables) == []


def test_a_row_longer_than_the_headers_is_asked_once(tmp_path):
    tables = ONE | {"responses": {**ONE["patients"], "columns": {"RSDT": "last"}}}
    found = made(tmp_path, "1,10", "2,20,9,9", "3,30", tables=tables)
    assert asked(found) == [("row_too_long", 3, "9 | 9")]
    query = found["queries"].iloc[0]
    assert query["USUBJID"] == "2"
    assert query["SEVERITY"] == "error"
    assert query["MESSAGE"].startswith("The row has 2 cell(s) beyond the last header")
    assert outcomes(found["cell_account"], SRCCOL=None) == {}


def test_a_word_in_a_row_longer_than_the_headers_is_not_to_be_taught(tmp_path):
    columns = ONE["patients"]["columns"] | {"SEX": "sex"}
    tables = {"patients": ONE["patients"] | {"columns": columns}}
    with pytest.raises(StudyError) as caught:
        made(tmp_path, "1,10,F", "2,20,see,M", header="id,last,sex", tables=tables)
    assert "1 row(s) have more cells than headers" in str(caught.value)
    assert "'see' in patients.SEX" in str(caught.value)
    assert (caught.value.place["file"], caught.value.place["row"]) == ("export.csv", 3)
    assert "quotation marks" in caught.value.fix
    with pytest.raises(StudyError, match="in no vocabulary"):
        made(tmp_path, "1,10,F", "2,20,see", header="id,last,sex", tables=tables)


def test_a_row_that_ends_in_delimiters_is_not_longer(tmp_path):
    assert asked(made(tmp_path, "1,10,,", "2,20", "3,30,")) == []


def test_a_column_without_a_header_is_no_long_row(tmp_path):
    assert asked(made(tmp_path, "1,10,seen", "2,20,", header="id,last,")) == []


def test_a_header_missing_over_every_row_stops_the_run(tmp_path):
    with pytest.raises(StudyError, match="Every row has more cells than the 2 headers") as caught:
        made(tmp_path, "a,1,10", "b,2,20")
    assert (caught.value.place["file"], caught.value.place["row"]) == ("export.csv", 1)
    assert "R writes row names so" in caught.value.fix
