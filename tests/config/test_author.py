"""The authors' room beside a study file: what may stand in it, and what is refused."""

from __future__ import annotations

import pytest

from venaza.contracts.errors import StudyError
from venaza.preflight.author import author_of
from venaza.study.author import quoted

BIB = "@article{dinardo2020,\n title = {A}\n}\n"


@pytest.fixture
def room(tmp_path):
    """The folder of the study ``s``, in a project with one reference."""
    (tmp_path / "report").mkdir()
    (tmp_path / "report/references.bib").write_text(BIB, encoding="utf-8")
    folder = tmp_path / "config/studies/s"
    folder.mkdir(parents=True)
    return folder


def author(room, introduction: str = "") -> dict:
    study = {"id": "s", "report": {"introduction": introduction}}
    return author_of(room.parents[2], study, "config/studies/s.yaml")


def refused(room, **given) -> StudyError:
    with pytest.raises(StudyError) as error:
        author(room, **given)
    return error.value


def test_without_a_room_there_are_no_texts(tmp_path):
    study = {"id": "s", "report": {"introduction": ""}}
    assert author_of(tmp_path, study, "s.yaml") == {"texts": {}, "seen": {}}


def test_texts_and_the_numbers_seen(room):
    (room / "discussion.md").write_text("\ufeffWe saw [@dinardo2020].\n", encoding="utf-8")
    (room / "seen.csv").write_text("ard_id,display\nkm.OS.all.median,11.9\n", encoding="utf-8")
    (room / ".DS_Store").write_bytes(b"\xff")
    assert author(room) == {
        "texts": {"discussion": "We saw [@dinardo2020]."},
        "seen": {"km.OS.all.median": "11.9"},
    }


@pytest.mark.parametrize("name", ["disscussion.md", "discussion.txt", "notes.docx"])
def test_a_file_that_no_place_is_for(room, name):
    (room / name).write_text("x", encoding="utf-8")
    error = refused(room)
    assert error.place["file"] == f"config/studies/s/{name}"
    assert "discussion.md" in error.fix


def test_a_text_in_another_encoding(room):
    (room / "discussion.md").write_bytes("Überleben".encode("latin-1"))
    assert refused(room).fix == "Save it as UTF-8 in your editor."


def test_a_citation_without_an_entry(room):
    (room / "discussion.md").write_text("As others [@dinardo2021].", encoding="utf-8")
    error = refused(room)
    assert error.place["file"] == "config/studies/s/discussion.md"
    assert error.place["value"] == "dinardo2021"
    assert "dinardo2020" in error.fix


def test_a_background_written_twice(room):
    (room / "background.md").write_text("Here.", encoding="utf-8")
    assert author(room)["texts"] == {"background": "Here."}
    assert refused(room, introduction="And here.").place["column"] == "report > introduction"


@pytest.mark.parametrize(
    "text", ["", "id,display\n", "ard_id,display\na\n", "ard_id,display\na,1,2\n"]
)
def test_a_list_of_seen_numbers_that_is_none(room, text):
    (room / "seen.csv").write_text(text, encoding="utf-8")
    assert refused(room).place["file"] == "config/studies/s/seen.csv"


def test_numbers_are_quoted_by_text_and_line():
    texts = {"discussion": "No number.\n{{< var km.OS.ND.median >}} and {{<var n.ITT.all>}}"}
    assert quoted(texts) == [
        ("discussion", 2, "km.OS.ND.median"),
        ("discussion", 2, "n.ITT.all"),
    ]
