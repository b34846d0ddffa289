"""The authors' room beside a study file: what may stand in it, and what is refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from venaza import preflight
from venaza.commands import seen
from venaza.contracts.errors import StudyError
from venaza.pipeline.audit import results as audit
from venaza.preflight import load_study
from venaza.preflight.author import author_of, check_main
from venaza.study.author import quoted

ROOT = Path(__file__).parents[2]
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
    error = refused(room)
    assert error.what == "This text is not in UTF-8."
    assert error.place["file"] == "config/studies/s/discussion.md"


def test_a_citation_without_an_entry(room):
    (room / "discussion.md").write_text("As others [@dinardo2021].", encoding="utf-8")
    error = refused(room)
    assert error.place["file"] == "config/studies/s/discussion.md"
    assert error.place["value"] == "dinardo2021"
    assert "dinardo2020" in error.fix


def test_a_background_written_twice(room):
    (room / "background.md").write_text("Here.", encoding="utf-8")
    assert author(room)["texts"] == {"background": "Here."}
    error = refused(room, introduction="And here.")
    assert error.what == "The background of this study is written twice."
    assert error.place["column"] == "report > introduction"


@pytest.mark.parametrize(
    "text", ["", "id,display\n", "ard_id,display\na\n", "ard_id,display\na,1,2\n"]
)
def test_a_list_of_seen_numbers_that_is_none(room, text):
    (room / "seen.csv").write_text(text, encoding="utf-8")
    error = refused(room)
    assert error.what == "This is not the list of numbers that the authors have seen."
    assert error.place["file"] == "config/studies/s/seen.csv"


def test_numbers_are_quoted_by_text_and_line():
    texts = {"discussion": "No number.\n{{< var km.OS.ND.median >}} and {{<var n.ITT.all>}}"}
    assert quoted(texts) == [
        ("discussion", 2, "km.OS.ND.median"),
        ("discussion", 2, "n.ITT.all"),
    ]


@pytest.fixture
def finished(room, monkeypatch):
    """The study ``s`` with a text, and its results: two numbers."""
    ard = pd.DataFrame({"ard_id": ["n.ITT.all", "km.OS.all.median"], "display": ["50", "11.9"]})
    results = {"statistics/ard": ard}
    monkeypatch.setattr(audit, "read_results", lambda *_: results)
    monkeypatch.setattr(preflight, "load_study", lambda root, name: {"author": author(room)})

    def look(text: str) -> None:
        (room / "discussion.md").write_text(text, encoding="utf-8")
        seen.run(SimpleNamespace(study="s"), room.parents[2])

    return look


def test_numbers_are_noted_as_seen(finished, room, capsys):
    finished("{{< var km.OS.all.median >}} of {{< var n.ITT.all >}}")
    assert author(room)["seen"] == {"km.OS.all.median": "11.9", "n.ITT.all": "50"}
    assert (
        capsys.readouterr().out
        == "2 numbers that your texts quote are noted as you have seen them.\n"
    )
    finished("{{< var n.ITT.all >}}")
    assert author(room)["seen"] == {"n.ITT.all": "50"}


def test_texts_without_numbers_leave_no_list(finished, room):
    finished("No number.")
    assert not (room / "seen.csv").exists()


def test_a_number_that_the_results_lack_is_named(finished, room):
    with pytest.raises(StudyError) as error:
        finished("One.\n{{< var n.ITT.ND >}}")
    assert error.value.what == "This text quotes a number that the results do not have."
    assert error.value.place["row"] == 2
    assert not (room / "seen.csv").exists()


def test_an_exhibit_that_the_study_cannot_have_is_named():
    study = load_study(ROOT, "bmt")
    study["report"]["main"] = ["fig km_OS", "tbl base*", "fig km_SO"]
    with pytest.raises(StudyError) as error:
        check_main(study, "config/studies/bmt.yaml")
    assert error.value.what == "'fig km_SO' is not a figure or table of this study."
    assert "Did you mean 'fig km_OS'?" in error.value.fix
    study["report"]["main"].pop()
    check_main(study, "config/studies/bmt.yaml")
