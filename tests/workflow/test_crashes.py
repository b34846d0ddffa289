"""Power cuts, full disks, locked folders, clocks that jump: the next run ends right, same bytes."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.project import command, copy_project, hashes, snakemake
from venaza.contracts.record import file_hash

CONFIG = ("--config", "studies=bmt")
RESULTS = "results/bmt"
BMT = "data/raw/bmt/2026-11-21/bmt.csv"

#: For each job a file whose writing is cut off: it is complete under a temporary name, others of
#: its job are there already, and neither it nor the job's record has its name yet.
CUT_OFF = (
    ("", "settings/endpoints.json"),
    ("intake", "intake/files.parquet"),
    ("intake", "records/intake.json"),
    ("clean", "clean/queries.parquet"),
    ("endpoints", "endpoints/adtte.csv"),
    ("queries", "queries/queries.xlsx"),
    ("statistics", "statistics/curves.parquet"),
    ("figures_others", "figures/flow.png"),
    ("figures_curves", "figures/km_OS.pdf"),
    ("tables", "tables/cox.csv"),
    ("manuscript", "report/.source.part/_study.yml"),
    ("render_html", "report/manuscript.html"),
    ("render_docx", "report/manuscript.docx"),
    ("render_pdf", "report/manuscript.pdf"),
    ("changes", "audit/changes.csv"),
    ("audit", "audit/index.html"),
    ("audit", "records/audit.json"),
)

#: Loaded by every Python that the run starts: the whole run is killed as a power cut would.
KILLER = """
import os, signal
_replace, _at = os.replace, os.environ.get("CUT_OFF")

def replace(source, target, *more, **named):
    if _at and os.fspath(target).endswith("results/bmt/" + _at):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    return _replace(source, target, *more, **named)

os.replace = replace
"""


@pytest.fixture(scope="module")
def whole(finished):
    """The bytes of an undisturbed run."""
    return hashes(finished / RESULTS)


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path / "project")


@pytest.fixture
def done(finished, tmp_path):
    """A project of its own in which the studies have been run."""
    shutil.copytree(finished, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def said(run) -> str:
    text = run.stdout + run.stderr
    assert "Traceback" not in text, text
    return text


def ends_right(project: Path, whole: dict[str, str]) -> str:
    run = snakemake(project, *CONFIG)
    assert run.returncode == 0, said(run)
    assert hashes(project / RESULTS) == whole
    return said(run)


def test_killed_in_each_stage_the_next_run_ends_right(project, whole, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(KILLER, encoding="utf-8")
    for job, place in CUT_OFF:
        # Another job may have been done at the same time as the one cut off before.
        (project / RESULTS / "records" / f"{job}.json").unlink(missing_ok=True)
        run = subprocess.run(
            command(*CONFIG),
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "CUT_OFF": place},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )
        assert run.returncode == -signal.SIGKILL, place
        left = project / RESULTS / place
        # A Word file stays until it is replaced: it may be one that somebody edited.
        assert not left.exists() or (left.suffix == ".docx" and file_hash(left) == whole[place])
    text = ends_right(project, whole)
    assert "redone   audit" in text
    assert "it was interrupted" in text


def small_disk(folder: Path, kilobytes: int) -> None:
    """Mount a disk of its own at ``folder``; the test is left out where that is not allowed."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a disk can be mounted by root only")


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_full_disk_and_a_read_only_one_say_so(project, whole):
    disk = project / "results"
    small_disk(disk, 900)
    try:
        full = snakemake(project, *CONFIG)
        assert full.returncode != 0
        assert "There is no room left for the results on the disk." in said(full)
        assert "kept     bmt: intake" in said(full)
        assert not list(disk.rglob("*.part"))

        remount(disk, "size=100m")
        ends_right(project, whole)

        remount(disk, "ro")
        assert "all is up to date" in ends_right(project, whole)
        raw = (project / BMT).read_bytes()
        (project / BMT).write_bytes(raw.replace(b"\n1,1,2081", b"\n1,1,2082", 1))
        locked = snakemake(project, *CONFIG)
        assert locked.returncode != 0
        assert "The results cannot be written: the folder is read-only" in said(locked)
        remount(disk, "rw")
        (project / BMT).write_bytes(raw)
        ends_right(project, whole)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_may_not_grow_is_a_full_disk_too(project):
    run = subprocess.run(
        command(*CONFIG, "--until", "intake"),
        cwd=project,
        env={**os.environ, "PYTHONPATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "There is no room left for the results on the disk." in said(run)
    assert not list((project / RESULTS).glob("intake/*"))


def test_times_that_make_no_sense_change_nothing(done, whole):
    order = random.Random(7)
    day = 86_400
    for path in [*(done / "results").rglob("*"), *(done / "report").rglob("*"), done / BMT]:
        when = 1_700_000_000 + order.randrange(-9_000, 9_000) * day
        os.utime(path, (when, when), follow_symlinks=False)
    ends_right(done, whole)
    raw = (done / BMT).read_bytes()
    ahead = 4_000_000_000
    for content in (raw.replace(b"\n1,1,2081", b"\n1,1,2082", 1), raw):
        (done / BMT).write_bytes(content)
        os.utime(done / BMT, (ahead, ahead))
        run = snakemake(done, *CONFIG, "--until", "intake")
        assert run.returncode == 0, said(run)
        assert "redone   intake" in run.stdout
        assert (done / BMT).stat().st_mtime == ahead


def test_without_snakemakes_notes_the_records_still_say_what_is_stale(done, whole):
    shutil.rmtree(done / ".snakemake")
    raw = (done / BMT).read_bytes()
    (done / BMT).write_bytes(raw.replace(b"\n1,1,2081", b"\n1,1,2082", 1))
    os.utime(done / BMT, (0, 0))
    run = snakemake(done, *CONFIG, "--until", "clean")
    assert run.returncode == 0, said(run)
    assert f"changed file: {BMT}" in run.stdout
    assert hashes(done / RESULTS)["clean/patients.csv"] != whole["clean/patients.csv"]
    (done / BMT).write_bytes(raw)
    os.utime(done / BMT, (0, 0))
    ends_right(done, whole)


EDITED = (
    "clean/patients.csv",
    "statistics/ard.parquet",
    "figures/km_OS.svg",
    "audit/manifest.json",
)


def test_what_was_edited_by_hand_is_refused_until_it_is_gone(done, whole):
    for file in EDITED:
        path = done / RESULTS / file
        path.write_bytes(path.read_bytes() + b" ")
    before = hashes(done / "results")
    refused = snakemake(done, *CONFIG)
    assert refused.returncode != 0
    assert f"{len(EDITED)} files of the results are not what the run wrote" in said(refused)
    assert all(f"{RESULTS}/{file}" in said(refused) for file in EDITED)
    assert hashes(done / "results") == before
    verdict = subprocess.run(
        [sys.executable, "-m", "venaza", "verify", "bmt"],
        cwd=done,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 1
    assert [file for file in EDITED if f"  {file}\n" not in verdict.stdout] == []
    for file in EDITED:
        (done / RESULTS / file).unlink()
    assert "because  missing: results/bmt/clean/patients.csv" in ends_right(done, whole)
