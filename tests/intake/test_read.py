"""Opening files: encodings, delimiters, workbooks, and each way in which a file can be bad."""

import datetime as dt

import pytest
from openpyxl import Workbook

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.cells import letters, read_export
from venaza.pipeline.intake.read import open_sheets
from venaza.pipeline.intake.sheet import as_cell
from venaza.pipeline.intake.text import decode

TEXT = "病案号,疗效\n007,完全缓解\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings(tmp_path, encoding, found):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert decode(path) == (TEXT, found)


def test_a_named_encoding_is_used(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("名,x\n".encode("big5"))
    assert decode(path, "big5") == ("名,x\n", "big5")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    path.write_text(f'a{delimiter}b\n1{delimiter}"2\n3"\n', encoding="utf-8")
    assert [[c[0] for c in row] for row in open_sheets(path)[""]] == [["a", "b"], ["1", "2\n3"]]


def test_workbook_cells_keep_their_text(tmp_path):
    book = Workbook()
    book.active.append(["id", "n", "x", "d", "t", "b"])
    book.active.append(["007", 7, 0.1, dt.date(2021, 3, 5), dt.datetime(2021, 3, 5, 8, 30), True])
    book.active["A4"] = "low"
    book.save(tmp_path / "a.xlsx")
    rows = open_sheets(tmp_path / "a.xlsx")["Sheet"]
    assert [cell[0] for cell in rows[1]] == [
        *("007", "7", "0.1", "2021-03-05", "2021-03-05T08:30:00", "TRUE"),
    ]
    assert [cell[1] for cell in rows[1]] == ["text", "number", "number", "date", "date", "boolean"]
    assert rows[3][0] == ("low", "text")


def test_whole_numbers_lose_the_spreadsheets_decimal():
    assert as_cell(7.0) == ("7", "number")
    assert as_cell(0.1) == ("0.1", "number")
    assert as_cell(None) == ("", "text")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "This file is empty."),
        ("a.xlsx", b"", "This file is empty."),
        ("a.xlsx", b"PK not a workbook", "cannot be read"),
        ("a.csv", b"\xff\xfea", "not in the encoding utf-16"),
        ("a.csv", b"a\x81\xff\xff\n", "not in the encoding utf-8-sig or gb18030"),
        ("a.csv", b"id,x\n1,\xff\n", "gb18030 (byte 8 is 0xFF).\n  file:   a.csv\n  row:    2\n"),
        ("a.csv", b"id,x\r\n1,\x00\r\n", "A NUL byte stands in this text"),
        ("a.csv", "id\n男\n".encode() + b"\x00", "A NUL byte stands in this text"),
        ("a.csv", b"\xef\xbb\xbf", "This file is empty."),
        ("a.csv", b"\xff\xfe", "This file is empty."),
        ("a.csv", b" \r\n\r\n", "This file is empty."),
        ("a.csv", b'a,b\n"1,2\n', "quotation mark"),
    ],
)
def test_a_bad_file_gives_one_clear_error(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(StudyError) as caught:
        open_sheets(path)
    assert message in str(caught.value)
    assert caught.value.place["file"] == name


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_row_of_a_nul_byte_is_named(tmp_path, end):
    (tmp_path / "a.csv").write_bytes(end.join([b"id,x", b"1,2", b"3,\x004"]))
    with pytest.raises(StudyError) as caught:
        open_sheets(tmp_path / "a.csv")
    assert caught.value.place["row"] == 3


def test_every_cell_has_its_address(tmp_path):
    (tmp_path / "a.csv").write_text("title\nid,x\np1,\np2,5\n", encoding="utf-8")
    study = {"tables": {"patients": {"file": "*.csv", "header_row": 2}}}
    cells, files = read_export([tmp_path / "a.csv"], tmp_path, study)
    cells = cells.astype("object").where(cells.notna(), None)
    assert cells.iloc[-1].to_dict() == {
        **{"CELL": 6, "SRCFILE": "a.csv", "SRCSHEET": "", "SRCROW": 4, "COL": "B"},
        **{"HEADER": "x", "VALUE": "5", "KIND": "text", "LABEL": None, "STORED": None},
        **{"DAYZERO": None},
    }
    assert cells["HEADER"].isna().tolist() == [True, True, True, False, False, False]
    assert files.iloc[0]["CELLS"] == len(cells) == 6


def test_column_letters():
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]
