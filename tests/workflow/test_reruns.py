"""A change redoes what it touches and no more, by dry runs; a run says what it redid and why."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.workflow.make_reruns import PAGE, refreshed
from tests.workflow.project import snakemake
from tests.workflow.reruns import ALL, CHANGES, STUDY, planned
from venaza.study.documents import read_yaml

BMT = "data/raw/bmt/2026-11-21/bmt.csv"


@pytest.fixture(scope="module")
def project(finished, tmp_path_factory):
    """A project in which the studies have been run, to be changed and changed back."""
    target = tmp_path_factory.mktemp("rerun") / "project"
    shutil.copytree(finished, target, symlinks=True)
    return target


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.words)
def test_a_change_redoes_what_it_touches_and_no_more(project, change):
    path = project / change.file
    kept, times = path.read_bytes(), path.stat()
    change.make(project)
    try:
        assert planned(project) == {STUDY: change.stages}
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_every_key_of_the_study_file_is_tried(project):
    schema = read_yaml(project / "workflow/schemas/study.schema.yaml", "schema")
    assert {change.key for change in CHANGES} - {""} == set(schema["properties"])


def test_the_page_is_fresh():
    text = PAGE.read_text(encoding="utf-8")
    assert refreshed(text) == text, "run: python -m tests.workflow.make_reruns"


def test_one_changed_cell_does_not_redo_the_other_study(project):
    path = project / BMT
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"\n1,1,2081", b"\n1,1,2082", 1))
    try:
        assert planned(project, "bmt,myeloid") == {
            "bmt": tuple(stage for stage in ALL),
            "myeloid": (),
        }
    finally:
        path.write_bytes(kept)


def test_what_was_changed_and_changed_back_redoes_nothing(project):
    assert planned(project, "aml_venaza,bmt,myeloid") == {
        "aml_venaza": (),
        "bmt": (),
        "myeloid": (),
    }


def test_a_changed_export_is_seen_whatever_its_time(project):
    path = project / BMT
    kept, times = path.read_bytes(), path.stat()
    path.write_bytes(kept.replace(b"\n1,1,2081", b"\n1,1,2082", 1))
    os.utime(path, (0, 0))
    try:
        assert planned(project, "bmt") == {"bmt": ALL}
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_the_end_says_what_was_redone_and_why(project):
    path = project / "config/studies/bmt.yaml"
    text = path.read_text(encoding="utf-8")
    assert "a standard example" in text
    path.write_text(text.replace("a standard example", "a textbook example"), encoding="utf-8")
    run = snakemake(project, "--config", "studies=bmt")
    assert run.returncode == 0, run.stdout + run.stderr
    *lines, last = run.stdout.splitlines()
    assert last == "  audit    results/bmt/audit/index.html"
    assert lines[:9] == [
        "Allogeneic transplant in acute leukaemia, export 2026-11-21",
        "  redone   report, audit",
        "  because  the configuration changed: report.introduction",
        "  kept     intake, cleaning, endpoints, statistics, queries, figures, tables,",
        "           comparison",
        "  start    results/bmt/index.html leads to all of it",
        "  report   results/bmt/report/manuscript.html, .docx, .pdf",
        "  rendered by the embedded renderer",
        "  queries  none: results/bmt/queries/queries.xlsx",
    ]
    assert lines[9].startswith("  to fill  authors")
    again = snakemake(project, "--config", "studies=bmt")
    assert again.returncode == 0
    assert "  redone   nothing: all is up to date" in again.stdout.splitlines()
