"""The way out for a reviewer: R recomputes what a run says, from its own tables."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.workflow.conftest import STUDIES
from tests.workflow.project import ROOT

needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")

#: Numbers that R must have compared, where a study has few.
FEWEST = {"all_venaza": 200}


def rscript(path) -> subprocess.CompletedProcess:
    return subprocess.run(["Rscript", path], capture_output=True, text=True, check=False)


@needs_r
@pytest.mark.parametrize("study", STUDIES)
def test_r_agrees_with_every_survival_number(finished, study):
    run = rscript(finished / "results" / study / "statistics/check.R")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    agree, differ = re.fullmatch(
        r"(\d+) numbers agree, (\d+) differ", run.stdout.splitlines()[-1]
    ).groups()
    assert int(agree) > FEWEST.get(study, 300)
    assert differ == "0"
    told = json.loads((ROOT / "tests/reference/check_r.json").read_text(encoding="utf-8"))
    assert told[study] == run.stdout.splitlines()[-1], "the line of docs/validation.md"


@needs_r
def test_one_wrong_number_is_found(finished, tmp_path):
    results = finished / "results/bmt"
    shutil.copytree(results / "endpoints", tmp_path / "endpoints")
    shutil.copytree(results / "statistics", tmp_path / "statistics")
    path = tmp_path / "statistics/ard.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("km.OS.ALL.median,"))
    cells = lines[place].split(",")
    cells[9] = str(float(cells[9]) * (1 + 2e-6))
    lines[place] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    run = rscript(tmp_path / "statistics/check.R")
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1].endswith(" 1 differ")
    assert "km.OS.ALL.median" in run.stdout
