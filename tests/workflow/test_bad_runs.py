"""What goes wrong in a hospital: each gives one clear error and leaves nothing half-written."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.workflow.project import command, copy_project, snakemake

BMT = "data/raw/bmt/2026-11-21/bmt.csv"


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path / "project")


def run_bmt(project, *more: str):
    return snakemake(project, "--config", "studies=bmt", "formats=html", *more)


def edit(project, old: str, new: str) -> None:
    path = project / BMT
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def message(run) -> str:
    assert run.returncode != 0
    text = run.stdout + run.stderr
    assert "Traceback" not in text
    assert "to do:" in text
    return text


def test_an_empty_file(project):
    (project / BMT).write_text("")
    text = message(run_bmt(project))
    assert "This file is empty." in text
    assert "bmt.csv" in text
    assert not (project / "results").exists()


def test_a_missing_column(project):
    edit(project, "z1,", "age,")
    text = message(run_bmt(project))
    assert "column: z1" in text
    assert "no such column stands there" in text


def test_a_wrong_encoding(project):
    path = project / BMT
    path.write_bytes(path.read_bytes() + b"\x81\xff\xff\n")
    assert "not in the encoding" in message(run_bmt(project))


def test_a_death_before_the_index_date(project):
    edit(project, "\n1,1,2081,2081,0", "\n1,1,-5,2081,1")
    text = message(run_bmt(project))
    assert "Death of patient 1 lies 5 day(s) before the index date." in text
    for part in ("bmt.csv", "row:    2", "column: t1", "value:  -5"):
        assert part in text


def test_an_unknown_word(project):
    edit(project, "\n1,1,", "\n1,7,")
    text = message(run_bmt(project))
    assert "'7' in patients.DISGROUP, 1 cell(s)" in text


def test_a_typo_on_the_command_line(project):
    text = message(snakemake(project, "--config", "studies=bmd"))
    assert "Did you mean 'bmt'?" in text


def test_a_failed_run_keeps_what_was_finished_and_goes_on_when_corrected(project):
    good = (project / BMT).read_text(encoding="utf-8")
    edit(project, "\n1,1,", "\n1,7,")
    message(run_bmt(project))
    assert (project / "results/bmt/intake/cells.parquet").exists()
    assert not list((project / "results/bmt").glob("clean/*"))
    (project / BMT).write_text(good, encoding="utf-8")
    assert run_bmt(project).returncode == 0


def test_a_second_run_at_the_same_time_is_told_to_wait(project):
    first = subprocess.Popen(
        command("--config", "studies=bmt", "formats=html"),
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not (project / "results").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    second = run_bmt(project)
    other = snakemake(project, "--config", "studies=myeloid")
    assert first.wait() == 0
    assert "Another run is at work in this folder." in message(second)
    assert "Another run is at work in this folder." in message(other)
