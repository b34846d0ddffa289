"""SPSS, SAS and Stata files: values as stored, value labels, variable labels, declared missing."""

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from tests.intake.made import intake_of, table, texts
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.read import open_file

FRAME = pd.DataFrame(
    {
        "id": ["007", "008", "009"],
        "sex": [1.0, 2.0, 99.0],
        "died": [dt.date(2021, 3, 5), None, dt.date(2022, 1, 1)],
        "wbc": [3.5, 12.0, None],
    }
)
LABELS = {"column_labels": {"sex": "性别"}, "variable_value_labels": {"sex": {1: "男", 2: "女"}}}
ROWS = [
    ["id", "sex", "died", "wbc"],
    ["007", "1", "2021-03-05", "3.5"],
    ["008", "2", "", "12"],
    ["009", "99", "2022-01-01", ""],
]


@pytest.mark.parametrize("name", ["a.sav", "a.zsav"])
def test_an_spss_file(tmp_path, name):
    path = tmp_path / name
    how = {"compress": True} if name == "a.zsav" else {}
    pyreadstat.write_sav(FRAME, str(path), missing_ranges={"sex": [99]}, **LABELS, **how)
    cells, files = intake_of(tmp_path)
    assert texts(open_file(path).sheets[0]) == ROWS
    sex = cells[cells["HEADER"] == "sex"]
    assert sex[["VALUE", "KIND", "LABEL"]].to_numpy().tolist() == [
        *(["1", "number", "男"], ["2", "number", "女"], ["99", "missing", None]),
    ]
    assert files.loc[0, "NOTES"] == "1 value(s) are declared missing by the file"
    assert files.loc[0, "FORMAT"] == "sav"


def test_a_range_of_missing_values(tmp_path):
    ranges = {"wbc": [{"lo": 10, "hi": 20}]}
    pyreadstat.write_sav(FRAME, str(tmp_path / "a.sav"), missing_ranges=ranges)
    rows = open_file(tmp_path / "a.sav").sheets[0].rows
    assert [row[3] for row in rows[1:]] == [("3.5", "number"), ("12", "missing"), ("", "text")]


def test_a_text_that_is_declared_missing(tmp_path):
    frame = pd.DataFrame({"id": ["7", "8"], "sex": ["M", "X"]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), missing_ranges={"sex": ["X"]})
    rows = open_file(tmp_path / "a.sav").sheets[0].rows
    assert [row[1] for row in rows[1:]] == [("M", "text"), ("X", "missing")]


def test_a_stata_file(tmp_path):
    frame = FRAME.assign(sex=[1, 2, "a"])
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(frame, str(path), missing_user_values={"sex": ["a"]}, **LABELS)
    sheet = open_file(path).sheets[0]
    assert [row[1] for row in sheet.rows[1:]] == [
        *(("1", "number"), ("2", "number"), (".a", "missing")),
    ]
    assert sheet.labels == {(1, 1): "男", (2, 1): "女"}
    assert texts(sheet)[1] == ROWS[1]


@pytest.mark.parametrize("version", [5, 8])
def test_a_sas_transport_file(tmp_path, version):
    path = tmp_path / "a.xpt"
    pyreadstat.write_xport(FRAME, str(path), file_format_version=version)
    assert texts(open_file(path).sheets[0]) == ROWS


def test_a_column_is_found_by_its_variable_label(tmp_path):
    pyreadstat.write_sav(FRAME, str(tmp_path / "a.sav"), **LABELS)
    by_label, _ = intake_of(tmp_path, patients=table("a.sav", "id", {"SEX": "性 别"}))
    by_name, _ = intake_of(tmp_path, patients=table("a.sav", "id", {"SEX": "sex"}))
    assert set(by_label["HEADER"].dropna()) == {"id", "性 别", "died", "wbc"}
    assert set(by_name["HEADER"].dropna()) == {"id", "sex", "died", "wbc"}


def test_an_old_spss_file_in_a_chinese_encoding(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"id": ["007"], "word": ["完全缓解"]})
    pyreadstat.write_sav(frame, str(path))
    data = path.read_bytes().replace("完全缓解".encode(), "完全缓解".encode("gb18030") + b"    ")
    path.write_bytes(data.replace(b"UTF-8", b"GBK  "))
    assert texts(open_file(path).sheets[0])[1] == ["007", "完全缓解"]


def test_a_date_and_time_keeps_its_time(tmp_path):
    frame = pd.DataFrame({"id": ["7"], "at": [dt.datetime(2021, 3, 5, 8, 30)]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    assert texts(open_file(tmp_path / "a.sav").sheets[0])[1] == ["7", "2021-03-05T08:30:00"]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.sav", pyreadstat.write_sav),
        ("a.dta", pyreadstat.write_dta),
        ("a.xpt", pyreadstat.write_xport),
    ],
)
def test_a_cut_statistics_file_is_one_clear_error(tmp_path, name, write):
    write(FRAME, str(tmp_path / name))
    data = (tmp_path / name).read_bytes()
    for size in (30, 100, len(data) // 2):
        (tmp_path / name).write_bytes(data[:size])
        with pytest.raises(StudyError) as caught:
            open_file(tmp_path / name)
        assert caught.value.place["file"] == name


def test_the_head_of_a_statistics_file_is_its_first_rows(tmp_path):
    pyreadstat.write_sav(FRAME, str(tmp_path / "a.sav"))
    assert texts(open_file(tmp_path / "a.sav", head=1).sheets[0]) == ROWS[:1]


def test_a_sas_file_that_is_none_is_one_clear_error(tmp_path):
    head = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
    for size in (0, 500, 100_000):
        (tmp_path / "a.sas7bdat").write_bytes(head + bytes(size))
        with pytest.raises(StudyError, match="SAS file cannot be read|damaged"):
            open_file(tmp_path / "a.sas7bdat")
