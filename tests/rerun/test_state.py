"""What stands when a run begins, and how a change is named."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash, write_record
from venaza.contracts.word_files import noted
from venaza.rerun.previous_settings import changed_keys, forget, keep
from venaza.rerun.state import look, no_future

RECORD = "results/s/records/clean.json"
READ, MADE = "data/raw/s/2020-01-01/a.csv", "results/s/clean/patients.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (READ, MADE):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(name)
    write_record(Path(RECORD), {READ: file_hash(Path(READ))}, {MADE: file_hash(Path(MADE))})
    return tmp_path


def when(name: str) -> int:
    return Path(name).stat().st_mtime_ns


def test_what_stands_is_left_alone():
    before = when(RECORD)
    past = look([RECORD, "results/s/records/endpoints.json"])
    assert list(past.records) == [RECORD]
    assert (past.gone, when(RECORD)) == ({}, before)


def test_a_file_edited_by_hand_is_refused_and_nothing_is_touched():
    Path(MADE).write_text("mine")
    before = when(RECORD)
    with pytest.raises(StudyError, match="edited by hand"):
        look([RECORD])
    assert (Path(MADE).read_text(), when(RECORD)) == ("mine", before)
    assert look([RECORD], refuse=False).gone == {}


def test_a_file_that_is_gone_is_made_again():
    Path(MADE).unlink()
    assert look([RECORD]).gone == {RECORD: [MADE]}
    assert not Path(RECORD).exists()


@pytest.mark.parametrize("seconds", [0, 1, 10**9, 4 * 10**9])
def test_an_input_that_differs_is_newer_than_the_record_whatever_its_time(seconds):
    Path(READ).write_text("another export")
    os.utime(READ, (seconds, seconds))
    look([RECORD])
    assert when(RECORD) < when(READ)


def test_an_input_that_is_gone_takes_the_record_along():
    Path(READ).unlink()
    look([RECORD])
    assert not Path(RECORD).exists()


def test_a_spoilt_record_counts_as_none():
    Path(RECORD).write_text("{")
    assert look([RECORD]).records == {}
    assert not Path(RECORD).exists()


def test_results_from_the_future_get_the_time_of_now_and_raw_files_keep_theirs():
    ahead, before = 4_000_000_000, when(RECORD)
    for name in (MADE, READ):
        os.utime(name, (ahead, ahead))
    no_future(["results", "no such folder"])
    assert when(MADE) <= time.time_ns()
    assert (when(READ), when(RECORD)) == (ahead * 10**9, before)


def told(**settings) -> str:
    return json.dumps({"stage": "clean", "code": "1", "settings": settings})


def keys(before: str, now: str) -> list[str]:
    path = Path("results/s/settings/clean.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(before)
    sha = file_hash(path)
    keep(path, Path("kept"))
    path.write_text(now)
    return changed_keys(Path("kept"), sha, path)


def test_the_changed_keys_are_named_with_dots():
    before = told(analysis={"cox": {"OS": ["AGE"]}, "primary": "OS"}, columns=[1], levels={"A": 1})
    now = told(analysis={"cox": {"OS": ["SEX"]}, "primary": "OS"}, columns=[2], levels={"A": 1})
    assert keys(before, now) == ["analysis.cox.OS"]


def test_a_column_is_named_as_in_the_study_file():
    column = {"records": [{"columns": {"AGE": {"from": "age"}}}]}
    other = {"records": [{"columns": {"AGE": {"from": "AGE"}}}]}
    assert keys(told(tables={"patients": column}), told(tables={"patients": other})) == [
        "tables.patients.columns.AGE.from"
    ]


def test_code_and_packages_have_words():
    before = {"code": "1", "facts": {"code": {"sha256": "1"}, "packages": {"pandas": "2"}}}
    now = {"code": "2", "facts": {"code": {"sha256": "2"}, "packages": {"pandas": "3"}}}
    assert keys(json.dumps(before), json.dumps(now)) == ["the code", "the versions of packages"]
    renderers = ({"name": "embedded", "version": "1"}, {"name": "quarto", "version": "1.9"})
    assert keys(*(json.dumps({"facts": {"renderer": one}}) for one in renderers)) == [
        "the renderer"
    ]


def test_what_nobody_was_told_is_forgotten():
    assert keys(told(a=1), told(a=2)) == ["a"]
    path = Path("results/s/settings/clean.json")
    assert changed_keys(Path("kept"), "0" * 64, path) == []
    forget(Path("kept"), [])
    assert list(Path("kept").iterdir()) == []


def test_an_edited_word_file_does_not_stop_the_run_and_its_job_runs_again():
    word, record = "results/s/report/manuscript.docx", "results/s/records/render_docx.json"
    Path(word).parent.mkdir()
    Path(word).write_text("as written")
    sha = file_hash(Path(word))
    write_record(Path(record), {READ: file_hash(Path(READ))}, {word: sha})
    assert look([RECORD, record]).edited == {}
    Path(word).write_text("mine")
    past = look([RECORD, record])
    assert (past.edited, past.gone) == ({record: [word]}, {})
    assert (Path(word).read_text(), Path(record).exists()) == ("mine", False)
    assert list(noted(Path(word))) == [sha]


def test_another_file_edited_beside_it_still_stops_the_run():
    word, record = "results/s/report/manuscript.docx", "results/s/records/render_docx.json"
    Path(word).parent.mkdir()
    Path(word).write_text("mine")
    Path(MADE).write_text("mine")
    write_record(Path(record), {}, {word: "1"})
    with pytest.raises(StudyError, match="edited by hand"):
        look([RECORD, record])
    assert Path(record).exists()
