"""Whole runs that are compared: three exports, a kept record, other code, another configuration."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pandas as pd
import pytest

from tests.workflow.project import copy_project, snakemake
from venaza.contracts.files import read_table

NAME, FIRST, SECOND, THIRD = "bmt", "2024-01-01", "2024-06-01", "2024-09-01"


def compared(project, *config: str) -> pd.DataFrame:
    """``changes`` of a run that is taken only as far as the comparison."""
    target = f"results/{NAME}/audit/changes.html"
    run = snakemake(project, target, "--config", f"studies={NAME}", *config)
    assert run.returncode == 0, run.stdout + run.stderr
    return read_table(project / f"results/{NAME}/audit/changes.parquet")


def page(project) -> str:
    return (project / f"results/{NAME}/audit/changes.html").read_text(encoding="utf-8")


def venaza(project, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "venaza", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A project with a finished first export and its record, then a second export.

    In the second patient 1 has died and patient 2 is gone; percentages have two decimals (code)
    and months other days (configuration).
    """
    project = copy_project(tmp_path_factory.mktemp("compared") / "project")
    raw = project / "data/raw" / NAME
    (source,) = [path for path in raw.iterdir() if path.is_dir()]
    source.rename(raw / FIRST)
    early = venaza(project, "keep", NAME)
    assert "has no manifest to verify" in early.stderr
    run = snakemake(project, "--config", f"studies={NAME}", "formats=html")
    assert run.returncode == 0, run.stdout + run.stderr
    done = venaza(project, "keep", NAME, "--note", "as submitted")
    assert f"Kept in data/kept/{NAME}/{FIRST}." in done.stdout, done.stderr
    again = venaza(project, "keep", NAME, "--note", "as submitted")
    assert again.returncode == 0, again.stderr
    other = venaza(project, "keep", NAME, "--note", "something else")
    assert "There is another record of the export of 2024-01-01 already." in other.stderr
    assert "--replace" in other.stderr
    shutil.copytree(raw / FIRST, raw / SECOND)
    (table,) = (raw / SECOND).glob("*.csv")
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[1].startswith("1,1,2081,2081,0,")
    lines[1] = lines[1].replace("1,1,2081,2081,0,", "1,1,2081,2081,1,", 1)
    del lines[2]
    table.write_text("".join(lines), encoding="utf-8")
    edit(project / "venaza/pipeline/statistics/display.py", '"percent": 1', '"percent": 2')
    study = project / f"config/studies/{NAME}.yaml"
    edit(study, "days_per_month: 30.4375", "days_per_month: 30")
    return project


@pytest.fixture(scope="module")
def told(kept):
    return compared(kept)


def causes(found: pd.DataFrame) -> dict[str, str]:
    numbers = found[found["KIND"] == "number"]
    return dict(zip(numbers["ITEM"], numbers["CAUSE"], strict=True))


def test_the_record_has_no_patient_in_it(kept):
    folder = kept / "data/kept" / NAME / FIRST
    assert sorted(p.name for p in folder.iterdir()) == [
        *("ard.csv", "configuration.json", "record.json"),
    ]
    header = (folder / "ard.csv").read_text("utf-8-sig").splitlines()[0]
    assert header == "ard_id,analysis,endpoint,statistic,value,unit,display"


def test_results_that_are_not_as_made_are_not_kept(kept, told):
    again = venaza(kept, "keep", NAME)
    assert again.returncode == 1
    assert "are not as a finished run made them" in again.stderr


def test_each_number_is_attributed_to_what_moved_it(told):
    said = causes(told)
    assert said["n.ITT.all"] == "data"
    assert said["followup.ALL.q1"] == "configuration; data"
    assert said["followup.AML_low_risk.median"] == "configuration"
    assert said["desc.SEX.AML_low_risk.F.percent"] == "code"
    steps = told[(told["KIND"] == "step") & (told["ITEM"] == "km.OS.ALL.m12.estimate")]
    assert list(steps["CAUSE"])[:1] == ["code"]
    assert set(told.loc[told["KIND"] == "number", "CAUSE"].str.split("; ").explode()) == {
        *("code", "configuration", "data"),
    }


def test_the_data_are_told_cell_by_cell(told):
    patients = told[told["KIND"] == "patient"]
    assert sorted(zip(patients["USUBJID"], patients["STATUS"], strict=True)) == [
        ("1", "changed"),
        ("2", "gone"),
    ]
    cells = told[told["KIND"] == "cell"].set_index("ITEM")
    died = cells.loc["patients.DTHDY"]
    assert (died["SRCROW_BEFORE"], died["SRCROW_AFTER"]) == (2, 2)
    assert pd.isna(died["BEFORE"])
    assert died["AFTER"] == "2081"
    assert (died["SRCCOL_AFTER"], died["RAW_BEFORE"], died["RAW_AFTER"]) == ("d1", "0", "1")
    alarms = told[told["KIND"] == "alarm"]
    assert ("vanished patient", "2") in set(zip(alarms["STATUS"], alarms["USUBJID"], strict=True))
    headline = told[(told["KIND"] == "number") & told["CAUSE"].str.contains("data")]
    assert not (headline["NOTE"] == "no cause found").any()


def test_the_page_says_what_it_stands_on(kept, told):
    text = page(kept)
    assert "as submitted" in text
    assert "code: " in text


def test_the_kept_record_of_the_same_export(kept, told):
    found = compared(kept, f"export={FIRST}", "baseline=kept")
    assert set(found["KIND"]) == {"number", "step"}
    assert set(causes(found).values()) <= {"code", "configuration", "code; configuration"}
    assert "Since the record of 2024-01-01 was kept" in page(kept)


def test_where_only_the_record_is_left_numbers_are_compared(kept, told):
    raw = kept / "data/raw" / NAME
    shutil.copytree(raw / SECOND, raw / THIRD)
    shutil.move(raw / FIRST, kept / "gone")
    found = compared(kept, f"baseline={FIRST}")
    shutil.move(kept / "gone", raw / FIRST)
    assert set(found["KIND"]) == {"number"}
    assert set(found["CAUSE"]) == {"code or configuration or data"}
    assert "only the kept record is left" in page(kept)
