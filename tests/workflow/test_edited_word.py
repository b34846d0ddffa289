"""A Word file that somebody edited: the run goes on, keeps it aside and says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.project import copy_project, hashes, snakemake

REPORT = Path("results/bmt/report")
STUDY = ("--config", "studies=bmt", "formats=docx")


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    """A project with one study that has been run, its report in Word alone."""
    project = copy_project(tmp_path_factory.mktemp("word") / "project")
    run = snakemake(project, *STUDY)
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture
def project(run_once, tmp_path):
    return shutil.copytree(run_once, tmp_path / "project", symlinks=True)


def edit(project: Path, words: str, name: str = "manuscript") -> bytes:
    """The file as a colleague leaves it who writes at its end."""
    from docx import Document

    path = project / REPORT / f"{name}.docx"
    document = Document(path)
    document.add_paragraph(words)
    document.save(path)
    return path.read_bytes()


def copies(project: Path) -> list[Path]:
    return sorted((project / REPORT / "edited").glob("*"))


def test_the_edited_file_is_kept_and_a_fresh_one_written(project):
    before = hashes(project / "results")
    mine = edit(project, "A sentence of mine.")
    draft = project / REPORT / "manuscript v2.docx"
    draft.write_bytes(b"another draft")
    dry = snakemake(project, *STUDY, "-n")
    assert dry.returncode == 0
    assert ((project / REPORT / "manuscript.docx").read_bytes(), copies(project)) == (mine, [])
    run = snakemake(project, *STUDY)
    said = " ".join(run.stdout.split())
    assert run.returncode == 0, run.stdout + run.stderr
    [copy] = copies(project)
    assert copy.name.startswith("manuscript_edited_2026-11-21_")
    assert copy.read_bytes() == mine
    assert f"edited {copy.relative_to(project).as_posix()} is the Word file with your edits" in said
    assert draft.read_bytes() == b"another draft"
    verify = [sys.executable, "-m", "venaza", "verify", "bmt"]
    assert subprocess.run(verify, cwd=project, capture_output=True, check=False).returncode == 0
    for path in (copy, draft):
        path.unlink()
    assert hashes(project / "results") == before


def test_edits_go_on_being_kept_when_the_file_is_no_longer_asked_for_or_all_is_forced(project):
    first = edit(project, "First.")
    run = snakemake(project, "--config", "studies=bmt", "formats=html")
    assert run.returncode == 0, run.stdout + run.stderr
    assert [path.read_bytes() for path in copies(project)] == [first]
    assert not (project / REPORT / "manuscript.docx").exists()
    assert snakemake(project, *STUDY).returncode == 0
    second = edit(project, "Second.", "supplement")
    run = snakemake(project, *STUDY, "--forcerun", "render_docx")
    assert run.returncode == 0, run.stdout + run.stderr
    assert [path.read_bytes() for path in copies(project)] == [first, second]
