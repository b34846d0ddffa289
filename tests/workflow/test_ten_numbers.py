"""Ten numbers of the manuscript, walked to the cells of the export and computed again from them.

The numbers are drawn, not chosen. What walks is the command ``why --json``; what computes is
``tests/recompute``, which opens the export itself and imports nothing of venaza.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.recompute.export import Export
from tests.recompute.kinds import CELLS_ONLY, KINDS, only_cells, recomputed
from tests.recompute.rows import Answer, checked
from tests.workflow.conftest import STUDIES

PRIMARY, REDCAP = STUDIES[:2]
SEEDS = range(4)
#: Kinds that come from what others have published.
OF_OTHERS = ("evidence", "evidence_pooled", "reconstructed")
#: Several answers of the command from one process: tables and study file are read once for all.
_ASK = """
import contextlib, functools, io, json, sys
from venaza import preflight
from venaza.cli import main
from venaza.pipeline.audit.trace import number
number.read_results = functools.cache(number.read_results)
preflight.load_study = functools.cache(preflight.load_study)
answers = []
for ard_id in sys.argv[2:]:
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        assert main(["why", sys.argv[1], ard_id, "--json"]) == 0, ard_id
    answers.append(json.loads(text.getvalue()))
print(json.dumps(answers))
"""


def run(project: Path, *arguments: str) -> str:
    """What a Python process in the project prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def export_of(project: Path, study: str) -> Export:
    newest = sorted(p for p in (project / "data/raw" / study).iterdir() if p.is_dir())[-1]
    return Export(newest, project)


def answers(project: Path, study: str, ids: list[str]) -> list[Answer]:
    told = json.loads(run(project, "-c", _ASK, study, *ids))
    return [Answer(one, export_of(project, study), lambda i: answers(project, study, [i])[0])
            for one in told]  # fmt: skip


@cache
def printed(project: Path, study: str) -> dict[str, list[str]]:
    """The ids of the numbers that the documents print, by analysis."""
    folder = project / "results" / study
    pages = [path.read_text(encoding="utf-8") for path in (folder / "report").glob("*.html")]
    ids = {ard_id for page in pages for ard_id in re.findall(r'data-ard="([^"]+)"', page)}
    with (folder / "statistics/ard.csv").open(encoding="utf-8-sig", newline="") as file:
        kinds = {row["ard_id"]: row["analysis"] for row in csv.DictReader(file)}
    found: dict[str, list[str]] = {}
    for ard_id in sorted(ids):
        found.setdefault(kinds[ard_id], []).append(ard_id)
    return found


def walk(found: list[Answer]) -> None:
    """Each number from its cells; what has no cells must have no patients either."""
    wrong = {}
    for answer in found:
        cells = checked(answer)
        told = answer.number["value"]
        if answer.number["analysis"] not in (*OF_OTHERS, "published") and told:
            assert cells, answer.number["ard_id"]
        if only_cells(answer):
            continue
        value = recomputed(answer)
        if told is None and str(answer.number["reason"]).startswith("too few to "):
            same = True  # the floor refuses what could be computed (tests/statistics/test_floor.py)
        elif value is None or told is None:
            same = value is told
        else:
            same = math.isclose(value, told, rel_tol=1e-6, abs_tol=1e-9)
        if not same:
            wrong[answer.number["ard_id"]] = (value, told)
    assert wrong == {}


@pytest.mark.parametrize("name", STUDIES)
def test_every_kind_of_number_that_is_printed_has_a_recomputation(finished, name):
    assert set(printed(finished, name)) - set(KINDS) - set(CELLS_ONLY) == set()


@pytest.mark.parametrize("name", STUDIES)
def test_ten_numbers_of_the_manuscript_walked_to_cells_and_computed_again(finished, name):
    ard = (finished / "results" / name / "statistics/ard.csv").read_bytes()
    kinds = printed(finished, name)
    ids = [i for kind in kinds if kind in KINDS for i in kinds[kind]]
    drawn = random.Random(hashlib.sha256(ard).hexdigest()).sample(sorted(ids), 10)
    walk(answers(finished, name, drawn))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_number_of_every_kind_walked_to_cells_and_computed_again(finished, seed):
    kinds = printed(finished, PRIMARY)
    chosen = random.Random(seed)
    drawn = [chosen.choice(kinds[kind]) for kind in sorted(kinds)[seed :: len(SEEDS)]]
    assert len(drawn) > 5
    walk(answers(finished, PRIMARY, drawn))


def test_one_number_of_every_kind_of_a_redcap_export_computed_again(finished):
    kinds = printed(finished, REDCAP)
    chosen = random.Random(REDCAP)
    walk(answers(finished, REDCAP, [chosen.choice(kinds[kind]) for kind in sorted(kinds)]))


def test_a_haemoglobin_is_read_from_the_column_of_haemoglobin(finished):
    """Of a raw row with a column for each test every value names its own column."""
    ids = [f"lab.all.{test}.g3.n" for test in ("HGB", "ANC", "WBC", "PLT")]
    for answer in answers(finished, REDCAP, ids):
        test = answer.key[2]
        for row in answer.rows:
            cells = [c for c in row.cells if c["SRCVAR"] == "LBSTRESN"]
            assert {c["SRCCOL"] for c in cells} == {f"cbc_{test.lower()}"}
            assert len({c["SRCROW"] for c in cells}) == 2  # the worst value, and the baseline


@pytest.mark.parametrize("name", ["bmt", "myeloid"])
def test_numbers_of_the_other_studies_walked_to_cells_and_computed_again(finished, name):
    kinds = printed(finished, name)
    chosen = random.Random(name)
    drawn = [
        chosen.choice(kinds[kind]) for kind in chosen.sample(sorted(set(kinds) & set(KINDS)), 6)
    ]
    walk(answers(finished, name, drawn))


def test_the_command_itself_says_what_is_walked(finished):
    kind = sorted(printed(finished, PRIMARY))[0]
    ard_id = printed(finished, PRIMARY)[kind][0]
    told = run(finished, "-m", "venaza", "why", PRIMARY, ard_id, "--json")
    assert json.loads(told) == answers(finished, PRIMARY, [ard_id])[0].told


def test_a_changed_cell_is_seen(finished):
    """The recomputation reads the export: another date in it gives another number."""
    (answer,) = answers(finished, PRIMARY, ["km.OS.ND.median"])
    before = recomputed(answer)
    cell = next(c for c in answer.rows[5].cells if c["of"] == "ADT")
    rows = answer.export.sheet(cell["SRCFILE"], cell["SRCSHEET"])
    changed = Export(answer.export.folder, finished)
    changed._sheets[(cell["SRCFILE"], cell["SRCSHEET"])] = [list(row) for row in rows]
    for row in answer.rows:
        end = next(c for c in row.cells if c["of"] == "ADT")
        line = changed.sheet(end["SRCFILE"], end["SRCSHEET"])[end["SRCROW"] - 1]
        line[ord(end["COL"]) - ord("A")] = "2030-01-01"
    other = Answer(answer.told, changed, answer.ask)
    assert recomputed(other) != before
    with pytest.raises(AssertionError):
        checked(other)
