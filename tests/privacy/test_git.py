"""What git must not see: a study of one's own leaves nothing to add by accident."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.project import copy_project

ROOT = Path(__file__).parents[2]
ROWS = "编号,姓名,性别,年龄,首次用药日期,末次随访日期,生存状态\n" + "".join(
    f"p{n},王小明,男,6{n},2021-03-1{n},2022-01-01,{'死亡' if n % 2 else '存活'}\n" for n in range(8)
)
#: Files that users and commands of the project write beside the code.
WRITTEN = (
    "config/corrections/ward.csv",
    "config/studies/ward.yaml.bak",
    "config/simulate/ward.yaml",
    "data/kept/ward/2022-01-01/run.json",
    "data/raw/aml_venaza/2030-01-01/export.xlsx",
    "results/ward/clean/patients.parquet",
    "answered.xlsx",
    "export.sav",
    "ward.key",
)


def git(folder: Path, *arguments: str) -> str:
    said = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.quotePath=false")
    command = ["git", *said, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def venaza(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "venaza", *arguments]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The project as somebody has it who took it from a repository."""
    folder = copy_project(tmp_path_factory.mktemp("clone") / "project")
    shutil.copy(ROOT / ".gitignore", folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "as shipped")
    return folder


def test_all_that_is_shipped_is_seen(clone):
    seen = set(git(clone, "ls-files").splitlines())
    assert "data/raw/bmt/2026-11-21/bmt.csv" in seen
    if (ROOT / ".git").exists():
        assert set(git(ROOT, "ls-files", "config", "data").splitlines()) <= seen


def test_a_study_of_ones_own_leaves_nothing_to_add(clone):
    source = clone.parent / "export"
    source.mkdir()
    (source / "ward.csv").write_text(ROWS, encoding="utf-8")
    venaza(clone, "new-study", "ward", "--from", "../export", "--copy", "2022-01-01")
    venaza(clone, "check", "ward")
    assert (clone / "data/raw/ward/2022-01-01/ward.csv").exists()
    assert (clone / "config/studies/ward.yaml").exists()
    for name in WRITTEN:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("p1,王小明\n", encoding="utf-8")
    assert git(clone, "status", "--porcelain") == ""
    git(clone, "add", "--all")
    assert git(clone, "status", "--porcelain") == ""


def test_a_study_is_added_on_purpose(clone):
    study = clone / "config/studies/public.yaml"
    study.write_text("study: {}\n")
    assert git(clone, "status", "--porcelain") == ""
    git(clone, "add", "--force", "config/studies/public.yaml")
    assert git(clone, "status", "--porcelain") == "A  config/studies/public.yaml\n"
    git(clone, "commit", "--quiet", "--message", "a public study")
    study.write_text("study: {title: x}\n")
    assert git(clone, "status", "--porcelain") == " M config/studies/public.yaml\n"


def test_a_change_of_the_code_is_seen(clone):
    (clone / "config/risk/own.yaml").write_text("x: 1\n")
    (clone / "venaza/new.py").write_text("x = 1\n")
    assert git(clone, "status", "--porcelain").splitlines()[-2:] == [
        "?? config/risk/own.yaml",
        "?? venaza/new.py",
    ]
