"""The script for R: what it says of the study, and the hard cases against R itself."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.statistics.made_up import make_tables, times
from venaza.contracts.analysis import ADTTE
from venaza.contracts.columns import Column
from venaza.contracts.files import write_table
from venaza.contracts.results import ARD
from venaza.statistics import analyse
from venaza.statistics.check_r import check_script


def test_the_settings_are_the_study_s_and_no_path_is_a_machine_s(study):
    study["timeline"]["days_per_month"] = 30.4375
    text = check_script(study)
    assert "\ndays_per_month <- 30.4375\nconfidence <- 0.95\n" in text
    assert not re.search(r"[\"'](?:/|[A-Z]:)", text)
    packages = set(re.findall(r"(?:library|requireNamespace)\(\"?(\w+)", text))
    assert packages == {"survival", "cmprsk"}


def write(folder, study, patients, adtte, own=()):
    """What a run leaves: adsl, adtte, ard and check.R."""
    tables = make_tables(patients, adtte, own=own)
    columns = tuple(
        Column(name, "number" if tables["adsl"][name].dtype.kind in "if" else "string", name)
        for name in ("USUBJID", "GROUP", "AGE", "KIND", "ITTFL", "ENDDY")
    )
    names = [column.name for column in columns]
    write_table(tables["adsl"][names], columns, folder / "endpoints/adsl.parquet")
    write_table(tables["adtte"], ADTTE, folder / "endpoints/adtte.parquet")
    table, _ = analyse(tables, study)
    write_table(table, ARD, folder / "statistics/ard.parquet")
    (folder / "statistics/check.R").write_text(check_script(study), encoding="utf-8")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_hard_cases_agree_in_r(study, tmp_path):
    # a group of one, a flat median, ties, day 0, all censored, a level without events, a refused
    # model, one cause that never happens, names that are not ASCII
    study["columns"] = [{"name": "KIND", "label": "Kind", "type": "string", "unit": ""}]
    study["groups"]["levels"] = {"ND": "", "难治": "", "empty": ""}
    study["endpoints"] = {
        "OS": {"competing": []},
        "EFS": {"competing": []},
        "CIR": {"competing": ["DEATH"]},
    }
    study["analysis"] |= {
        "cox": {"OS": ["GROUP", "AGE", "KIND"], "EFS": ["AGE"]},
        "landmarks_months": [0.1, 1, 2, 12],
        "pooled": True,
        "confidence": 0.9,
    }
    own = (Column("KIND", "string", "Kind"),)
    patients = [
        {
            "GROUP": "难治" if i == 3 else "ND",
            "AGE": 50 + (7 * i) % 13,
            "KIND": "abz"[i % 3] if i else None,
            "ENDDY": 10 * i,
        }
        for i in range(12)
    ]
    days = [0, 0, 3, 30, 30, 45, 45, 60, 61, 75, 90, 90]
    adtte = (
        times("OS", [(i + 1, d, int(i % 3 == 2)) for i, d in enumerate(days)])
        + times("EFS", [(i + 1, d, 1) for i, d in enumerate(days)])
        + times("CIR", [(i + 1, d, i % 2, "Relapse") for i, d in enumerate(days)])
    )
    write(tmp_path, study, patients, adtte, own)
    run = subprocess.run(
        ["Rscript", tmp_path / "statistics/check.R"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].endswith(" numbers agree, 0 differ")
    assert "cox.EFS.AGE: fewer than 5 events" in run.stdout
