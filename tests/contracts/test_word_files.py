"""An edited Word file of a report is kept aside before it is written anew, whatever happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from venaza.contracts import word_files
from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash
from venaza.contracts.word_files import copies, expect_edited, is_open, is_word, note, noted, put

FILE = Path("results/s/report/manuscript.docx")
EDITED = FILE.parent / "edited"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FILE.parent.mkdir(parents=True)
    assert write("first") is None


def write(text: str, export: str = "2020-01-01") -> Path | None:
    fresh = FILE.with_name(".manuscript.docx")
    fresh.write_text(text)
    return put(fresh, FILE, export)


@pytest.mark.parametrize(
    ("file", "is_one"),
    [
        ("results/s/report/manuscript.docx", True),
        ("results/s/report/cover_letter.docx", True),
        ("results/s/report/manuscript.pdf", False),
        ("results/s/report/source/reference.docx", False),
        ("results/s/report/edited/manuscript_edited_x_1.docx", False),
    ],
)
def test_the_word_files_of_a_report(file, is_one):
    assert is_word(file) is is_one


def test_what_nobody_edited_is_replaced_without_a_copy():
    assert write("second") is None
    assert (FILE.read_text(), copies(FILE.parent)) == ("second", [])


def test_what_was_edited_is_kept_under_the_export_that_it_was_made_from():
    FILE.write_text("mine")
    sha = file_hash(FILE)
    copy = write("second", "2021-01-01")
    assert copy == EDITED / f"manuscript_edited_2020-01-01_{sha[:8]}.docx"
    assert (copy.read_text(), FILE.read_text()) == ("mine", "second")
    FILE.write_text("mine")
    assert write("third") == EDITED / f"manuscript_edited_2021-01-01_{sha[:8]}.docx"
    assert not list(FILE.parent.glob(".*"))


def test_the_same_edit_again_is_the_same_copy_and_no_copy_is_ever_overwritten():
    FILE.write_text("mine")
    copy = write("second")
    FILE.write_text("mine")
    assert write("third") == copy
    copy.write_text("mine, and more")
    FILE.write_text("mine")
    other = write("fourth")
    assert (other.read_text(), copy.read_text()) == ("mine", "mine, and more")
    assert len(other.stem) == len(copy.stem) + 1
    assert copies(FILE.parent) == sorted([copy, other])


def test_an_edit_that_is_what_would_be_written_needs_no_copy():
    FILE.write_text("second")
    assert write("second") is None


def test_killed_before_the_file_is_replaced_nothing_is_lost(monkeypatch):
    FILE.write_text("mine")
    with monkeypatch.context() as patched:
        patched.setattr(word_files.os, "replace", killed_at(FILE))
        with pytest.raises(KeyboardInterrupt):
            write("second")
    assert FILE.read_text() == "mine"
    assert [path.read_text() for path in copies(FILE.parent)] == ["mine"]
    assert write("second").read_text() == "mine"
    assert len(copies(FILE.parent)) == 1


def test_killed_once_the_file_is_replaced_the_fresh_one_is_not_taken_for_edited(monkeypatch):
    with monkeypatch.context() as patched:

        def only_once(file, written):
            note(file, written)
            patched.setattr(word_files, "note", interrupted)

        patched.setattr(word_files, "note", only_once)
        with pytest.raises(KeyboardInterrupt):
            write("second")
    assert FILE.read_text() == "second"
    assert (write("third"), copies(FILE.parent)) == (None, [])


def interrupted(*_):
    raise KeyboardInterrupt


def killed_at(file: Path):
    replace = os.replace
    return lambda old, new: interrupted() if Path(new) == file else replace(old, new)


def test_a_file_that_a_program_holds_open_is_one_clear_error(monkeypatch):
    replace = os.replace

    def held(old, new):
        if Path(new) == FILE:
            raise PermissionError(13, "in use")
        replace(old, new)

    FILE.write_text("mine")
    monkeypatch.setattr(word_files.os, "replace", held)
    with pytest.raises(StudyError, match="a program has it open") as error:
        write("second")
    assert error.value.place["file"] == FILE.as_posix()
    assert (FILE.read_text(), list(FILE.parent.glob(".*"))) == ("mine", [])


def test_without_notes_the_record_says_what_was_written():
    word_files._note(FILE).unlink()
    sha = file_hash(FILE)
    FILE.write_text("mine")
    expect_edited(FILE, sha)
    assert noted(FILE) == {sha: "unknown"}
    assert write("second").name.startswith("manuscript_edited_unknown_")
    expect_edited(FILE, "another")
    assert list(noted(FILE)) == [file_hash(FILE)]


@pytest.mark.parametrize(
    "lock", ["~$nuscript.docx", "~$manuscript.docx", ".~lock.manuscript.docx#"]
)
def test_the_locks_of_word_and_libreoffice_are_known_and_are_no_copies(lock):
    assert not is_open(FILE)
    (FILE.parent / lock).write_text("me")
    assert is_open(FILE)
    EDITED.mkdir()
    (EDITED / f"~${lock}_edited_a_1.docx").write_text("me")
    assert copies(FILE.parent) == []
