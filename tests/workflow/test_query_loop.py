"""The query loop in a real run: workbook out, answers in, only what hangs on them done again."""

from __future__ import annotations

import subprocess
import sys

import pytest
from openpyxl import load_workbook

from tests.workflow.project import copy_project, snakemake
from venaza.contracts.files import read_table
from venaza.pipeline.queries.columns import HEADINGS, SHEETS

STUDY = "aml_venaza"
ASKED = "wrong_unit:VA029:patients.HGB"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project in which the queries have been written."""
    folder = copy_project(tmp_path_factory.mktemp("loop") / "project")
    run = snakemake(folder, "--config", f"studies={STUDY}", "--until", "queries")
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def command(project, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "venaza", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_answer_is_applied_and_only_what_hangs_on_it_is_done_again(project):
    results = project / "results" / STUDY
    baseline = results / "audit/baseline/2023-06-30/clean/queries.parquet"
    assert ASKED in set(read_table(results / "clean/queries.parquet")["QUERYID"])
    before = baseline.stat().st_mtime_ns
    book = load_workbook(results / "queries/queries.xlsx")
    sheet, names = book[SHEETS["en"]["asked"]], HEADINGS["en"]
    at = {cell.value: cell.column for cell in sheet[3]}
    asked = at[names["id"]]
    (line,) = [r for r in range(4, sheet.max_row + 1) if sheet.cell(r, asked).value == ASKED]
    for key, text in (("answer", "109"), ("who", "Dr Li"), ("date", "2023-12-05")):
        sheet.cell(line, at[names[key]]).value = text
    book.save(project / "answered.xlsx")

    written = command(project, "answers", STUDY, "answered.xlsx", "--write")
    assert written.returncode == 0, written.stderr
    assert "Lines added to config/corrections/aml_venaza.csv" in written.stdout
    run = snakemake(project, "--config", f"studies={STUDY}", "--until", "queries")
    assert run.returncode == 0, run.stdout + run.stderr

    said = run.stdout + run.stderr
    assert f"{STUDY}: cleaning" in said
    assert "reading the export" not in said
    assert baseline.stat().st_mtime_ns == before
    assert ASKED not in set(read_table(results / "clean/queries.parquet")["QUERYID"])
    patients = read_table(results / "clean/patients.parquet").set_index("USUBJID")
    assert patients.loc["VA029", "HGB"] == 109
    assert list(read_table(results / "clean/corrections.parquet")["STATUS"]) == ["applied"]


def test_a_correction_that_does_not_fit_stops_the_run_with_one_message(project):
    path = project / "config/corrections/aml_venaza.csv"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b",10.9,", b",10.8,"))
    run = snakemake(project, "--config", f"studies={STUDY}", "--until", "queries")
    path.write_bytes(kept)
    assert run.returncode != 0
    log = (project / "results" / STUDY / "logs/clean.log").read_text(encoding="utf-8")
    assert "old is '10.8', the export has '10.9'" in log
    assert "Traceback" not in run.stdout + run.stderr
