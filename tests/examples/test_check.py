"""`python -m venaza check`: what a user sees, and with which exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from venaza import cli as command_line
from venaza.commands.check import check

ROOT = Path(__file__).parents[2]
STUDIES = sorted(path.stem for path in (ROOT / "config/studies").glob("*.yaml"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one study, `bmt`, that a test may spoil, and the command run in it."""
    for folder in ("config", "workflow/schemas", "data/raw/bmt"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    return tmp_path


def edit(project: Path, old: str, new: str) -> None:
    path = project / "config/studies/bmt.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "__pycache__" not in path.parts}


@pytest.mark.parametrize("name", STUDIES)
def test_the_examples_of_the_shipped_studies_pass(name):
    text, passed = check(ROOT, name, report=False)
    assert passed, text


def test_a_good_study_gives_a_summary_and_one_page(project, capsys):
    before = files(project)
    assert command_line.main(["check", "bmt"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Allogeneic transplant in acute leukaemia, export 2026-11-21\n=====")
    text = " ".join(text.split())
    for line in (
        "responses 42 95 95 nothing recorded in it",
        "DFS relapse_or_death AML low risk 54 25 29 57552 0",
        "CIR from_index AML high risk 45 21 13 11 26428 0",
        "Examples in config/studies/bmt.yaml passed Disease-free survival",
        "1 of 1 passed",
    ):
        assert line in text
    made = {path for path in files(project) - before if path.is_file()}
    assert made == {project / "results/bmt/check/data-quality.html"}


def test_a_failing_example_says_where_and_what(project, capsys):
    edit(project, "| nrm     | 95   | 0    | Death    |", "| nrm     | 59   | 0    | Death    |")
    assert command_line.main(["check", "bmt"]) == 1
    text = capsys.readouterr().out
    assert "Examples in config/studies/bmt.yaml\n  FAILED  Disease-free survival ends" in text
    assert "table      patient  column  expected  got" in text
    assert "adtte DFS  nrm      AVAL    59        95" in text
    assert "0 of 1 passed" in text


def test_a_changed_definition_fails_the_example_that_was_worked_by_hand(project, capsys):
    like = "    like: EFS.relapse_or_death\n"
    edit(project, like, like + "    events: [DEATH]\n")
    assert command_line.main(["check", "bmt"]) == 1
    assert "adtte DFS  relapse  AVAL      100       220" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "endpoints: [DFS, CIR]",
            "endpoints: [DFS, CIRR]",
            ["'CIRR' is not an endpoint of this study", "line:   89"],
        ),
        (
            "    given:\n      patients: |",
            "    given:\n      patient: |",
            ["'patients' is missing"],
        ),
        ("adtte CIR: |", "adtte XYZ: |", ["'XYZ' is not an endpoint here"]),
        ("| nrm     | 95       | 95    |", "| nrm     | 95       |", ["table cannot be read"]),
        ("  - name: Disease-free", "  - nam: Disease-free", ["Unknown key 'nam'"]),
    ],
)
def test_a_slip_in_an_example_is_one_message(project, capsys, old, new, words):
    edit(project, old, new)
    assert command_line.main(["check", "bmt"]) == 1
    text = capsys.readouterr().err
    for word in ["venaza: ", "config/studies/bmt.yaml", "to do:", *words]:
        assert word in text


def test_notes_on_files_and_hidden_sheets_are_shown(project, capsys):
    assert command_line.main(["check", "bmt"]) == 0
    assert "\nFiles\n" not in capsys.readouterr().out
    export = project / "data/raw/bmt/2026-11-21"
    (export / "letter.pdf").write_bytes(b"%PDF-1.7")
    book = Workbook()
    book.active.append(["id"])
    book.create_sheet("old").sheet_state = "hidden"
    book["old"].append(["id"])
    book.save(export / "more.xlsx")
    assert command_line.main(["check", "bmt"]) == 0
    text = capsys.readouterr().out
    assert "letter.pdf  not read: no reader for this kind of file" in text
    assert "more.xlsx   hidden, but read: old" in text


def test_a_problem_of_the_export_is_the_one_that_a_run_would_stop_at(project, capsys):
    edit(project, "AGE: z1", "AGE: z99")
    assert command_line.main(["check", "bmt"]) == 1
    assert "no such column stands there" in capsys.readouterr().err


def test_an_unknown_study(project, capsys):
    assert command_line.main(["check", "bmd"]) == 1
    assert "Did you mean 'bmt'?" in capsys.readouterr().err


def test_queries_are_counted_by_rule_with_their_first_cells():
    text, _ = check(ROOT, "aml_venaza")
    assert "error     wrong_unit" in text
    assert "患者基本信息 HGB(g/L) row 32" in text
    assert (
        text.index("after_death") < text.index("contact_after_death") < text.index("duplicate_row")
    )
