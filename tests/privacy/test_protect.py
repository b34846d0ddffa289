"""The gate: what is not declared stops the run; what is declared never gets past it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.clean.export import study as small
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.key import days_shifted, make_key, pseudonym, read_key
from venaza.pipeline.intake.privacy.protect import INSTEAD, identifying, protect
from venaza.preflight.persons import load_names, name_lists
from venaza.preflight.privacy import privacy_of
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
WORDS = read_yaml(ROOT / "config/privacy.yaml", "privacy")
HEADER = "病案号,姓名,性别,首次用药日期,末次随访日期,死亡日期,生存状态,确诊日期,HGB,备注\n"
ROWS = (
    "H0001,王小明,男,2021-01-01,2021-06-01,,存活,2020-12-20,85,电话13812345678\n"
    "H0002,李雷,女,2021-02-03,2021-02,2021-03-04,死亡,2021-01-15,90,\n"
)
SECRETS = ("王小明", "李雷", "13812345678", "H0001", "H0002")


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path / "keys/small.key"))
    make_key("small")
    return read_key("small", ROOT)


def cells_of(tmp_path, text=HEADER + ROWS, header_row=1, **privacy):
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    made = small()
    spec = {"columns": {}, "shift_dates": {}, "words": WORDS, "names": name_lists(ROOT), **privacy}
    spec |= {"missing": made["vocabulary"]["missing"]}
    made["privacy"] = {**spec, "timeline": made["timeline"]}
    for table in made["tables"].values():
        table["header_row"] = header_row
    return read_export([path], tmp_path, made)[0], made


def test_every_undeclared_column_is_named_once_and_no_value_is_printed(tmp_path):
    cells, made = cells_of(tmp_path)
    with pytest.raises(StudyError) as caught:
        protect(cells, made, ROOT)
    text = str(caught.value)
    assert "3 column(s) may identify patients and are not declared" in text
    assert "病案号: looks like a record number, by its header" in text
    assert "姓名: looks like a name, by its values" in text
    assert "备注: looks like a phone number, by its values" in text
    assert "privacy > columns" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_what_is_declared_is_in_no_clean_table_and_in_no_message(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "scrub"}
    cells, made = cells_of(tmp_path, columns=columns)
    safe, told = protect(cells, made, ROOT)
    tables = clean(safe, made)
    written = "".join(frame.to_csv() for frame in [safe, *tables.values()]) + "".join(told)
    assert not [secret for secret in SECRETS if secret in written]
    assert sorted(tables["patients"]["USUBJID"]) == sorted(
        pseudonym(key, number) for number in ("H0001", "H0002")
    )
    assert told == ["备注: 1 cells scrubbed", "姓名: 2 cells dropped", "病案号: 2 cells hashed"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("备注：王小明于外院治疗", "备注:"),
        ("合计", "合计"),
        ("Total", "Total"),
        ("未知", "未知"),
        ("病案号", "病案号"),
        ("n=50", "n="),
    ],
)
def test_what_stands_for_no_patient_in_a_hashed_column_is_told_and_no_name_with_it(
    tmp_path, key, sent, kept
):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    cells, made = cells_of(tmp_path, f"{HEADER}{ROWS}{sent},,,,,,,,,\n", columns=columns)
    words = made["vocabulary"]
    made["privacy"]["nobody"] = {
        name: words[name] for name in ("missing", "summary_rows", "header_rows")
    }
    safe, _ = protect(cells, made, ROOT)
    assert safe.loc[(safe["HEADER"] == "病案号") & (safe["SRCROW"] == 4), "VALUE"].tolist() == [
        kept
    ]
    tables = clean(safe, made)
    assert len(tables["patients"]) == 2


def test_a_study_that_hashes_knows_what_is_no_number(tmp_path, key):
    study = small()
    study["privacy"] = {"columns": {"病案号": "hash"}, "shift_dates": {}}
    study |= {"id": "small", "redcap": None}
    nobody = privacy_of(ROOT, study, "a.yaml")["nobody"]
    assert "备注" in nobody["summary_rows"]
    assert "未知" in nobody["missing"]


def test_a_dropped_cell_keeps_its_address(tmp_path, key):
    cells, made = cells_of(tmp_path, columns={"病案号": "hash", "姓名": "drop", "备注": "drop"})
    safe, _ = protect(cells, made, ROOT)
    assert safe[["SRCROW", "COL", "HEADER"]].equals(cells[["SRCROW", "COL", "HEADER"]])
    assert set(safe.loc[safe["HEADER"] == "姓名", "VALUE"]) == {INSTEAD}


def test_one_number_has_one_pseudonym_however_it_is_spaced_and_another_under_another_key(key):
    assert pseudonym(key, "H0001") == pseudonym(key, "H0001") != pseudonym(key, "H0002")
    assert pseudonym(b"x" * 64, "H0001") != pseudonym(key, "H0001")


def test_a_column_kept_with_a_reason_passes_unless_its_values_give_it_away(tmp_path, key):
    kept = {"keep": "the number of the study, not of the hospital"}
    cells, made = cells_of(tmp_path, columns={"病案号": kept, "姓名": "drop", "备注": "scrub"})
    safe, _ = protect(cells, made, ROOT)
    assert "H0001" in set(safe["VALUE"])
    cells, made = cells_of(tmp_path, columns={"病案号": kept, "姓名": "drop", "备注": kept})
    with pytest.raises(StudyError, match="cannot be kept") as caught:
        protect(cells, made, ROOT)
    assert "13812345678" not in str(caught.value)


def test_a_title_above_the_headers_is_scrubbed(tmp_path):
    made_text = "导出人 zhang@example.org\n" + HEADER + ROWS
    columns = {"病案号": {"keep": "x"}, "姓名": "drop", "备注": "drop"}
    cells, made = cells_of(tmp_path, made_text, header_row=2, columns=columns)
    safe, told = protect(cells, made, ROOT)
    assert "导出人 [removed]" in set(safe["VALUE"])
    assert "titles and headers: 1 cells scrubbed" in told


def test_shifted_dates_keep_intervals_and_hide_the_calendar(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    plain, made = cells_of(tmp_path, columns={**columns, "病案号": {"keep": "x"}})
    before = clean(protect(plain, made, ROOT)[0], made)["patients"]
    cells, made = cells_of(tmp_path, columns=columns, shift_dates={"days": 100})
    safe, told = protect(cells, made, ROOT)
    after = clean(safe, made)["patients"]
    names = {pseudonym(key, number): number for number in ("H0001", "H0002")}
    after = after.assign(USUBJID=after["USUBJID"].map(names)).sort_values("USUBJID")
    for name in ("DIAGDY", "LSTALVDY", "LSTALVDTF", "DTHDY"):
        assert (
            after[name].astype("string").fillna("").tolist()
            == before[name].astype("string").fillna("").tolist()
        )
    for number, old, new in zip(
        before["USUBJID"], before["INDEXDT"], after["INDEXDT"], strict=True
    ):
        assert (new - old).days == days_shifted(key, number, 100) != 0
    place = ["SRCROW", "COL"]
    moved = plain.merge(safe, on=place).astype("string")
    days = moved[moved["VALUE_x"].str.fullmatch(r"\d{4}-\d\d-\d\d").fillna(False)]
    assert {"2021-01-01", "2021-02-03", "2021-03-04", "2020-12-20"} <= set(days["VALUE_x"])
    assert not (days["VALUE_x"] == days["VALUE_y"]).any()
    assert "shifted" in told[0]


def test_a_partial_date_stays_flagged(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    cells, made = cells_of(tmp_path, columns=columns, shift_dates={"days": 100})
    tables = clean(protect(cells, made, ROOT)[0], made)
    assert sorted(tables["patients"]["LSTALVDTF"].fillna("")) == ["", "D"]


def test_the_days_are_each_patients_own_never_none_and_within_the_limit(key):
    days = [days_shifted(key, f"H{n}", 3) for n in range(400)]
    assert set(days) == {-3, -2, -1, 1, 2, 3}


def test_without_a_key_the_run_stops_and_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path / "none.key"))
    cells, made = cells_of(tmp_path, columns={"病案号": "hash", "姓名": "drop", "备注": "drop"})
    with pytest.raises(StudyError, match="make-key small"):
        protect(cells, made, ROOT)


def test_a_key_in_the_project_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path / "project/small.key"))
    make_key("small")
    with pytest.raises(StudyError, match="inside the project"):
        read_key("small", tmp_path / "project")


def test_a_key_is_its_owners_alone_and_is_never_written_over(tmp_path, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path / "deep/small.key"))
    path = make_key("small")
    assert os.stat(path).st_mode & 0o077 == 0
    with pytest.raises(StudyError, match="has a key already"):
        make_key("small")


def test_a_key_that_is_too_short_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path / "short.key"))
    (tmp_path / "short.key").write_text("secret\n")
    with pytest.raises(StudyError, match="too short"):
        read_key("small", ROOT)


def test_the_public_exports_identify_nobody():
    for name in ("bmt", "myeloid"):
        folder = next((ROOT / "data/raw" / name).glob("20*"))
        cells, _ = read_export(sorted(folder.glob("*.csv")), folder, {"tables": {}})
        assert list(identifying(cells, WORDS, load_names(ROOT))) == []


def test_dates_whose_order_is_not_declared_cannot_be_shifted(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    text = HEADER + ROWS.replace("2021-06-01", "6/1/2021")
    cells, made = cells_of(tmp_path, text, columns=columns, shift_dates={"days": 100})
    with pytest.raises(StudyError, match="day-first or month-first") as caught:
        protect(cells, made, ROOT)
    assert "6/1/2021" not in str(caught.value)
    made["privacy"]["timeline"]["date_order"] = "MDY"
    shifted = clean(protect(cells, made, ROOT)[0], made)["patients"]
    assert sorted(shifted["LSTALVDY"])[-1] == 151


def test_a_completed_date_keeps_within_the_others_after_it_was_shifted(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    death = ROWS.replace("2021-06-01,,存活", "2021-05-28,2021-05,死亡")
    days = []
    for shift in ({}, {"days": 100}, {"days": 3000}):
        cells, made = cells_of(tmp_path, HEADER + death, columns=columns, shift_dates=shift)
        patients = clean(protect(cells, made, ROOT)[0], made)["patients"]
        days.append(patients.set_index("SEX")[["DTHDY", "DTHDTF"]].loc["M"].tolist())
    assert days == [[147, "D"]] * 3  # 28 May, 147 days from 1 January


def test_numbers_that_do_not_say_from_which_day_they_count_cannot_be_shifted(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    text = HEADER + ROWS.replace("2021-06-01", "18779")
    cells, made = cells_of(tmp_path, text, columns=columns, shift_dates={"days": 100})
    with pytest.raises(StudyError, match="This column holds bare numbers, and from") as caught:
        protect(cells, made, ROOT)
    assert "18779" not in str(caught.value)
    made["privacy"]["timeline"]["date_origin"] = "1970-01-01"
    shifted = clean(protect(cells, made, ROOT)[0], made)["patients"]
    assert sorted(shifted["LSTALVDY"])[-1] == 151


def test_a_cell_that_looks_like_a_shifted_date_is_read_as_what_it_is(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    for mark in ("2021-06-01~D", "2021-06-01~D~2021-06-01~2021-06-30"):
        text = HEADER + ROWS.replace("2021-06-01", mark)
        kept = {**columns, "病案号": {"keep": "x"}}
        for privacy in ({"columns": kept}, {"columns": columns, "shift_dates": {"days": 100}}):
            cells, made = cells_of(tmp_path, text, **privacy)
            tables = clean(protect(cells, made, ROOT)[0], made)
            assert tables["patients"]["LSTALVDT"].notna().sum() == 1
            assert "unreadable_value" in set(tables["queries"]["RULE"])


def test_a_placeholder_for_no_date_stays_one(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    text = HEADER + ROWS.replace("2021-03-04", "1900-01-01").replace("死亡", "失访")
    cells, made = cells_of(tmp_path, text, columns=columns, shift_dates={"days": 100})
    tables = clean(protect(cells, made, ROOT)[0], made)
    assert tables["patients"]["DTHDT"].isna().all()
    assert "unreadable_value" not in set(tables["queries"]["RULE"])


KEPT = {"病案号": {"keep": "x"}, "姓名": "drop", "备注": "drop"}


def refused(tmp_path, text, **columns) -> str:
    cells, made = cells_of(tmp_path, text, columns={**KEPT, **columns})
    with pytest.raises(StudyError) as caught:
        protect(cells, made, ROOT)
    return str(caught.value)


def test_scrub_does_not_do_for_a_column_of_names(tmp_path):
    text = refused(tmp_path, HEADER + ROWS, 姓名="scrub")
    assert "The cells of this column are names, which scrub does not take out." in text
    assert "column: 姓名" in text


def test_a_single_cell_that_is_a_name_stops_with_its_row_and_is_scrubbed_where_declared(tmp_path):
    shifted = HEADER + ROWS.replace("李雷,女", "李雷,李志强")
    text = refused(tmp_path, shifted)
    assert "性别: looks like a name, by its cell in row 3" in text
    assert "李志强" not in text
    cells, made = cells_of(tmp_path, shifted, columns={**KEPT, "性别": "scrub"})
    safe, told = protect(cells, made, ROOT)
    assert safe.loc[safe["HEADER"] == "性别", "VALUE"].tolist() == ["男", "[removed]"]
    assert "性别: 2 cells scrubbed" in told
    # A town or a brand may look like a name: one cell is proof that a reason can outweigh.
    cells, made = cells_of(tmp_path, shifted, columns={**KEPT, "性别": {"keep": "a town"}})
    assert "李志强" in set(protect(cells, made, ROOT)[0]["VALUE"])


def test_a_word_under_not_names_is_no_name(tmp_path):
    shifted = HEADER + ROWS.replace("李雷,女", "李雷,李志强")
    cells, made = cells_of(tmp_path, shifted, columns=KEPT)
    lists = made["privacy"]["names"]
    lists["not_names"] = {**lists["not_names"], "cells": ["李志强"]}
    assert "李志强" in set(protect(cells, made, ROOT)[0]["VALUE"])


def unmapped(tmp_path, text: str):
    """The cells of a second file, which no table takes, and what was done."""
    _, made = cells_of(tmp_path, columns={**KEPT, "病案号": "hash"})
    made["tables"] = {name: {**t, "file": "export.csv"} for name, t in made["tables"].items()}
    (tmp_path / "other.csv").write_text(text, encoding="utf-8")
    files = [tmp_path / "export.csv", tmp_path / "other.csv"]
    cells, _ = read_export(files, tmp_path, made)
    safe, told = protect(cells, made, ROOT)
    return safe[safe["SRCFILE"] == "other.csv"], told


def test_an_unmapped_sheet_that_begins_with_a_patient_has_no_headers(tmp_path, key):
    persons = ("张伟明", "陳志強", "黃國華", "赵丽华")
    text = "".join(f"{n},{name},1381234567{n},略\n" for n, name in enumerate(persons))
    safe, told = unmapped(tmp_path, text)
    assert len(safe) == 16
    assert safe["HEADER"].isna().all()
    assert set(safe["VALUE"]) == {*"0123", INSTEAD, "[removed]", "略"}
    assert "titles and headers: 4 cells scrubbed" in told
    assert "titles and headers: 4 cells dropped" in told


def test_titles_lose_names_that_stand_apart_and_headers_stay(tmp_path, key):
    safe, _ = unmapped(tmp_path, "制表 李志强 2021\n序,意见\n1,略\n")
    assert set(safe["VALUE"]) == {"制表 [removed] 2021", "序", "意见", "1", "略"}


def test_numbers_that_are_hashed_are_found_under_another_header(tmp_path, key):
    numbers = [f"H000{n}" for n in range(1, 7)]
    rows = "".join(f"{n},李雷,男,2021-01-01,2021-06-01,,存活,2020-12-20,85,\n" for n in numbers)
    _, made = cells_of(tmp_path, HEADER + rows, columns={**KEPT, "病案号": "hash"})
    made["tables"] = {name: {**t, "file": "export.csv"} for name, t in made["tables"].items()}
    path = tmp_path / "other.csv"
    path.write_text("序,对应\n" + "".join(f"{i},{n}\n" for i, n in enumerate(numbers)))
    cells, _ = read_export([tmp_path / "export.csv", path], tmp_path, made)
    with pytest.raises(
        StudyError, match="对应: looks like a record number, by its values"
    ) as caught:
        protect(cells, made, ROOT)
    assert "1 column(s)" in str(caught.value)
    path.write_text("序,对应\n" + "".join(f"{i},{n}\n" for i, n in enumerate(numbers[:4])))
    cells, _ = read_export([tmp_path / "export.csv", path], tmp_path, made)
    assert "H0004" in set(protect(cells, made, ROOT)[0]["VALUE"])


def test_choices_of_a_dictionary_that_are_names_are_found(tmp_path, key):
    text = HEADER.replace("备注", "意见") + ROWS.replace(
        "电话13812345678", "1\\, Anna Schmidt | 2\\, x"
    )
    text = text.replace("\\,", "，")
    cells, made = cells_of(tmp_path, text, columns={**KEPT, "病案号": "hash"})
    cells["VALUE"] = cells["VALUE"].str.replace("，", ",")
    with pytest.raises(StudyError, match="意见: looks like a name, by its cell in row 2"):
        protect(cells, made, ROOT)


def test_headers_of_a_sheet_that_nobody_maps_are_in_no_note(tmp_path):
    _, made = cells_of(tmp_path)
    made["tables"] = {name: {**t, "file": "export.csv"} for name, t in made["tables"].items()}
    (tmp_path / "other.csv").write_text("李志强,李志强,1\n张伟明,张伟明,2\n", encoding="utf-8")
    _, files = read_export([tmp_path / "other.csv"], tmp_path, made)
    assert list(files["NOTES"]) == ["1 header(s) given more than once"]


def test_a_value_label_that_is_a_name_is_found(tmp_path, key):
    cells, made = cells_of(tmp_path, columns={**KEPT, "病案号": "hash"})
    where = (cells["HEADER"] == "HGB") & (cells["SRCROW"] == 2)
    cells["LABEL"] = np.where(where, "李志强", None)
    with pytest.raises(StudyError, match="HGB: looks like a name, by its cell in row 2"):
        protect(cells, made, ROOT)


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"张伟明.csv": "a"}, "The name of a file of the export looks like a name."),
        ({"随访_张伟明_2021.csv": "a"}, "The name of a file of the export looks like a name."),
        ({"13812345678.csv": "a"}, "The name of a file of the export looks like a phone number."),
    ],
)
def test_files_called_after_patients_are_refused_and_not_named(tmp_path, key, files, what):
    cells, made = cells_of(tmp_path, columns={**KEPT, "病案号": "hash"})
    cells = cells.assign(SRCFILE=next(iter(files)))
    with pytest.raises(StudyError) as caught:
        protect(cells, made, ROOT)
    assert what in str(caught.value)
    assert not [s for s in ("张伟明", "13812345678") if s in str(caught.value)]


def test_dates_above_the_headers_and_in_sheets_without_headers_go_with_the_calendar(tmp_path, key):
    columns = {"病案号": "hash", "姓名": "drop", "备注": "drop"}
    _, made = cells_of(tmp_path, columns=columns, shift_dates={"days": 100})
    made["tables"] = {
        name: {**t, "file": "export.csv", "header_row": 2} for name, t in made["tables"].items()
    }
    title = "制表日期：2021年8月9日,第3版\n"
    (tmp_path / "export.csv").write_text(title + HEADER + ROWS, encoding="utf-8")
    (tmp_path / "other.csv").write_text("1,2021-08-09,甲\n2,2021/8/9,乙\n", encoding="utf-8")
    files = [tmp_path / "export.csv", tmp_path / "other.csv"]
    cells, _ = read_export(files, tmp_path, made)
    cells["LABEL"] = np.where(cells["VALUE"] == "2021/8/9", "9 August", None)
    safe, _ = protect(cells, made, ROOT)
    written = safe.to_csv()
    assert not [
        text for text in ("2021年8月9日", "2021-08-09", "2021/8/9", "August") if text in written
    ]
    assert {"第3版", "甲", "乙", "1"} <= set(safe["VALUE"])
