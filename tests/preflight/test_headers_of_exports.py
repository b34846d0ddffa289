"""The headers that a study maps are looked up in every kind of file before any job runs."""

import zipfile

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

from tests.copies import copied
from tests.intake.made import table
from venaza.contracts.errors import StudyError
from venaza.preflight import exports
from venaza.preflight.exports import check_headers


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "data/raw/demo/2024-01-01"
    made.mkdir(parents=True)
    copied(tmp_path)
    return made


def check(root, **tables):
    made = {"id": "demo", "export": "2024-01-01", "limits": {}, "tables": tables}
    check_headers(root, made)


def message(root, **tables) -> str:
    with pytest.raises(StudyError) as caught:
        check(root, **tables)
    return str(caught.value)


def test_a_header_given_twice_is_refused_only_where_it_is_mapped(tmp_path, folder):
    (folder / "a.csv").write_text("id,x,x,y\n7,1,2,3\n", encoding="utf-8")
    check(tmp_path, patients=table("a.csv", "id", {"AGE": "y"}))
    check(tmp_path, patients=table("a.csv", "id", {"AGE": "x.2"}))
    check(tmp_path, patients=table("a.csv", "id", {"AGE": "x.1", "WBC": "x.2"}))
    text = message(tmp_path, patients=table("a.csv", "id", {"AGE": "x"}))
    assert "stands there twice" in text
    assert "Map 'x.1' for the first and 'x.2' for the second." in text


def test_headers_over_two_rows_are_named_in_the_message(tmp_path, folder):
    (folder / "a.csv").write_text("id,血常规,\n,WBC,HGB\n7,1,2\n", encoding="utf-8")
    check(tmp_path, patients=table("a.csv", "id", {"HGB": "血常规HGB"}, header_row=[1, 2]))
    text = message(tmp_path, patients=table("a.csv", "id", {"HGB": "HGB"}, header_row=[1, 2]))
    assert "Columns in rows 1 to 2: id, 血常规 WBC, 血常规 HGB." in text


def test_two_tables_cannot_read_one_sheet_with_different_headers(tmp_path, folder):
    (folder / "a.csv").write_text("id,x\nid,x\n7,1\n", encoding="utf-8")
    one = table("a.csv", "id", {"AGE": "x"})
    two = table("a.csv", "id", {"CYCLE": "x"}, header_row=2)
    assert "different header rows" in message(tmp_path, patients=one, responses=two)


def test_a_file_in_an_archive_is_looked_into(tmp_path, folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as package:
        package.writestr("in/p.csv", "id,x\n7,1\n")
    check(tmp_path, patients=table("p.csv", "id", {"AGE": "x"}))
    text = message(tmp_path, patients=table("p.csv", "id", {"AGE": "xx"}))
    assert "file:   data/raw/demo/2024-01-01/a.zip/in/p.csv" in text
    assert "Files in data/raw/demo/2024-01-01: a.zip, a.zip/in/p.csv." in message(
        tmp_path, patients=table("q.csv", "id", {})
    )


def test_a_variable_label_is_a_header_too(tmp_path, folder):
    frame = pd.DataFrame({"v1": ["7"], "v2": [1.0], "v3": [2.0]})
    pyreadstat.write_sav(frame, str(folder / "a.sav"), column_labels=["住院号", "年龄", "年龄"])
    check(tmp_path, patients=table("a.sav", "住院号", {"AGE": "v2"}))
    text = message(tmp_path, patients=table("a.sav", "v1", {"AGE": "年龄"}))
    assert "column: 年龄" in text
    assert "Several variables have this label: map each by its name." in text


def test_a_workbook_with_one_sheet_of_cells_needs_no_name_for_it(tmp_path, folder):
    book = Workbook()
    book.active.append(["id", "x"])
    book.create_sheet("Sheet2")
    book.save(folder / "a.xlsx")
    check(tmp_path, patients=table("a.xlsx", "id", {"AGE": "x"}))
    book["Sheet2"].append(["id"])
    book.save(folder / "a.xlsx")
    assert "(none named in the study file)" in message(
        tmp_path, patients=table("a.xlsx", "id", {"AGE": "x"})
    )


def test_only_the_head_of_a_file_is_parsed(tmp_path, folder):
    (folder / "a.csv").write_text('id,x\n7,1\n8,"never closed\n', encoding="utf-8")
    check(tmp_path, patients=table("a.csv", "id", {"AGE": "x"}))


def test_what_was_checked_is_not_opened_again_until_file_or_mapping_changes(
    tmp_path, folder, monkeypatch
):
    opened = []
    monkeypatch.setattr(exports, "_check_tables", lambda *told: opened.append(told))

    def again(header: str) -> int:
        mapped = {"patients": table("a.csv", "id", {"AGE": header})}
        made = {"id": "demo", "export": "2024-01-01", "limits": {}, "tables": mapped}
        check_headers(tmp_path, made, tmp_path / "notes")
        return len(opened)

    (folder / "a.csv").write_text("id,x\n7,1\n", encoding="utf-8")
    assert [again("x"), again("x"), again("y"), again("x")] == [1, 1, 2, 2]
    (folder / "a.csv").write_text("id,z\n7,1\n", encoding="utf-8")
    assert again("x") == 3


def test_what_failed_is_looked_at_again(tmp_path, folder):
    (folder / "a.csv").write_text("id,x\n7,1\n", encoding="utf-8")
    mapped = {"patients": table("a.csv", "id", {"AGE": "y"})}
    made = {"id": "demo", "export": "2024-01-01", "limits": {}, "tables": mapped}
    for _ in range(2):
        with pytest.raises(StudyError):
            check_headers(tmp_path, made, tmp_path / "notes")
