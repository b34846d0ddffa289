"""The script for R: what it says of the study, and the hard cases against R itself."""

from __future__ import annotations

import re
import shutil
import subprocess

import pandas as pd
import pytest

from tests.statistics.made_up import answers, make_tables, times
from venaza.contracts.analysis import ADRS, ADTTE, MILESTONES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform, write_table
from venaza.contracts.results import ARD
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.check_r import check_script


def test_the_settings_are_the_study_s_and_no_path_is_a_machine_s(study):
    study["timeline"]["days_per_month"] = 30.4375
    text = check_script(study)
    assert "\ndays_per_month <- 30.4375\nconfidence <- 0.95\n" in text
    assert not re.search(r"[\"'](?:/|[A-Z]:[\\/])", text)
    packages = set(re.findall(r"(?:library|requireNamespace)\(\"?(\w+)", text))
    assert packages == {"survival", "cmprsk"}


COLUMNS = ("USUBJID", "GROUP", "AGE", "SEX", "KIND", "ENDDY")
FLAGS = ("ITTFL", "RESPFL", "CRFL", "MRDFL", "DTHFL")


def write(folder, study, patients, adtte, own=(), milestones=(), adrs=()):
    """What a run leaves: adsl, adtte, adrs, milestones, ard and check.R."""
    tables = make_tables(patients, adtte, adrs, own=own)
    tables["milestones"] = conform(pd.DataFrame(list(milestones)), MILESTONES)
    columns = tuple(
        Column(name, "number" if tables["adsl"][name].dtype.kind in "if" else "string", name)
        for name in (*COLUMNS, *FLAGS)
        if name in tables["adsl"]
    )
    names = [column.name for column in columns]
    write_table(tables["adsl"][names], columns, folder / "endpoints/adsl.parquet")
    write_table(tables["adtte"], ADTTE, folder / "endpoints/adtte.parquet")
    write_table(tables["adrs"], ADRS, folder / "endpoints/adrs.parquet")
    write_table(tables["milestones"], MILESTONES, folder / "endpoints/milestones.parquet")
    table, _ = analyse(tables, study)
    write_table(table, ARD, folder / "statistics/ard.parquet")
    (folder / "statistics/check.R").write_text(check_script(study), encoding="utf-8")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_hard_cases_agree_in_r(study, tmp_path):
    # a group of one, a flat median, ties, day 0, all censored, a level without events, a refused
    # model, one cause that never happens, names that are not ASCII or begin like a formula
    study["columns"] = [{"name": "KIND", "label": "Kind", "type": "string", "unit": ""}]
    study["groups"]["levels"] = {"ND": "", "+难治": "", "empty": ""}
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
            "GROUP": "+难治" if i == 3 else "ND",
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
    assert "cox.EFS.AGE: fewer than 5 events" in in_r(tmp_path)


def in_r(folder) -> str:
    """What check.R prints, which must agree in all numbers."""
    run = subprocess.run(
        ["Rscript", folder / "statistics/check.R"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1].endswith(" numbers agree, 0 differ")
    return run.stdout


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("emptied", [False, True])
def test_late_entries_agree_in_r(study, tmp_path, emptied):
    # every method, with entries on event days, before time zero, on day 0, and in the second run
    # a group whose first patients have all failed before the last ones come
    study["columns"] = [{"name": "KIND", "label": "Kind", "type": "string", "unit": ""}]
    study["endpoints"] |= {"EFS": {"competing": []}, "CIR": {"competing": ["DEATH"]}}
    study["milestones"] = {}
    study["analysis"] |= {
        **{"cox": {"OS": ["GROUP", "AGE"], "CIR": ["AGE"]}, "strata": {"OS": ["KIND"]}},
        **{"multivariable": {"OS": ["GROUP", "AGE"]}, "events_per_parameter": 0},
        **{"landmarks_months": [0.1, 1, 2], "pooled": True, "rmst_months": {"OS": 2}},
        **{"landmark_days": [31], "time_dependent": {"OS": {"CR": "FIRST_REMISSION"}}},
    }
    own = (Column("KIND", "string", "Kind"),)
    n = 60
    patients = [
        {"GROUP": "ND" if i % 2 else "RR", "AGE": 50 + (7 * i) % 13, "KIND": "ab"[i % 3 == 0]}
        for i in range(n)
    ]
    days = [0 if i == 0 else 5 + 5 * ((i * 7) % 17) for i in range(n)]
    entry = [0 if i % 5 == 0 else min(4 * (i % 9), days[i] - 1) for i in range(n)]
    if emptied:
        days[:6], entry[:6] = [12, 20, 12, 20, 12, 20], [0] * 6
        entry[6:] = [min(days[i] - 1, 25) if days[i] > 26 else 0 for i in range(6, n)]
        days[6:] = [d if e else 11 for d, e in zip(days[6:], entry[6:], strict=True)]
    adtte = times("OS", [(i + 1, d, int(i % 4 == 3)) for i, d in enumerate(days)])
    adtte += times("EFS", [(i + 1, d, int(i % 5 == 3)) for i, d in enumerate(days)])
    adtte += times("CIR", [(i + 1, d, i % 3, "Relapse") for i, d in enumerate(days)])
    for row in adtte:
        i = int(row["USUBJID"][1:]) - 1
        row |= {"STARTDY": -10, "ENTRYDY": entry[i] - 10 - (entry[i] == 0)}
    milestones = [
        {"USUBJID": f"P{i + 1:03d}", "MILESTONE": "FIRST_REMISSION", "ADY": 3 * (i % 12) - 8}
        for i in range(0, n, 2)
    ]
    write(tmp_path, study, patients, adtte, own, milestones)
    said = in_r(tmp_path)
    if not emptied:
        for kind in ("km", "rkm", "cox", "coxm", "zph", "rmst", "landmark", "tdcox", "gray"):
            assert re.search(rf"^{kind} ", said, re.MULTILINE), kind
        assert "What the run refused" not in said


def edge_study(study):
    """Two groups and one of a single patient, an empty level, strata that are the groups, and a
    second endpoint at which everybody dies on one day."""
    study["columns"] = [
        {"name": "KIND", "label": "Kind", "type": "string", "unit": ""},
        {"name": "SIDE", "label": "Side", "type": "string", "unit": ""},
    ]
    study["groups"]["levels"] = {"ND": "", "RR": "", "one": "", "empty": ""}
    study["endpoints"] = {
        "OS": {"competing": []},
        "PFOS": {"competing": []},
        "CIR": {"competing": ["DEATH"]},
    }
    study["analysis"] |= {
        **{"landmarks_months": [0.1, 1, 3, 12], "table1": ["AGE", "SEX"], "pooled": True},
        **{"cox": {"OS": ["GROUP", "AGE", "KIND"], "PFOS": ["GROUP"]}, "events_per_parameter": 0},
        **{"multivariable": {"OS": ["AGE", "KIND"]}, "strata": {"OS": ["KIND"], "PFOS": ["SEX"]}},
        **{"fine_gray": {"CIR": ["AGE", "KIND"]}, "compare_baseline": True, "per": {"AGE": 10}},
        **{"rmst_months": {"OS": 1, "PFOS": 1}, "event_rates": ["CIR"]},
    }
    return study


def edge_rows(late: bool):
    n = 44
    groups = ["one" if i == 7 else "ND" if i < 22 else "RR" for i in range(n)]
    patients = [
        {
            **{"GROUP": group, "AGE": 50 + (7 * i) % 13, "SEX": "FM"[i % 3 == 0], "ENDDY": 3 * i},
            **{"RESPFL": "Y", "CRFL": "N", "DTHFL": "YN"[i % 2]},
            "KIND": {"ND": "a", "RR": "b", "one": "c"}[group],
        }
        for i, group in enumerate(groups)
    ]
    days = [5 + (37 * i) % 101 for i in range(n)]
    adtte = times("OS", [(i + 1, d, int(i % 3 == 2)) for i, d in enumerate(days)])
    adtte += times("PFOS", [(i + 1, 10, 0) for i in range(n)])
    adtte += times("CIR", [(i + 1, d, i % 3, "Relapse") for i, d in enumerate(days)])
    if late:
        for i, row in enumerate(adtte[:n]):
            row["ENTRYDY"] = 2 + i % 4  # nobody from the start, and one only from day 4 on
    return patients, adtte, answers("ORR", {i + 1: i % 2 for i in range(n)})


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("least", [1, 5])
def test_an_edge_study_runs_to_its_end(study, tmp_path, late, least):
    edge_study(study)["analysis"] |= {"least_patients": least, "least_events": least}
    patients, adtte, adrs = edge_rows(late)
    own = (Column("KIND", "string", "Kind"),)
    write(tmp_path, study, patients, adtte, own, adrs=adrs)
    said = in_r(tmp_path)
    for kind in ("km", "coxn", "rate", "early", "event_rate", "logrank", "logrank_stratified"):
        assert (kind in WITHOUT_A_FLOOR and least > 1) or re.search(
            rf"^{kind} ", said, re.MULTILINE
        ), kind
    assert ("R stopped at" in said) or least > 1


#: What a floor of five leaves nothing of, since one group has one patient.
WITHOUT_A_FLOOR = ("logrank", "logrank_stratified")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_one_number_is_shown_with_its_call_and_its_patients(study, tmp_path):
    adtte = times("OS", [(i, 10 * i, int(i == 3)) for i in range(1, 7)])
    patients = [{"GROUP": "ND" if i < 4 else "RR", "KIND": "a"} for i in range(6)]
    write(tmp_path, study, patients, adtte, (Column("KIND", "string", "Kind"),))

    def shown(ard_id):
        script = tmp_path / "statistics/check.R"
        run = ["Rscript", str(script), ard_id]
        return subprocess.run(run, capture_output=True, text=True, check=False)

    said = shown("km.OS.ND.median").stdout
    call = 'survfit(Surv(days, cause == 1) ~ 1, data = d, conf.type = "log-log", conf.int = 0.95)'
    assert call in said
    assert "d (4 rows):" in said
    assert [line.split()[0] for line in said.splitlines()[-4:]] == ["P001", "P002", "P003", "P004"]
    value = re.search(r"R: +(\S+)", said)[1]
    assert f"run:    {value} (printed: 1.00)" in said
    assert "not recomputed here" in shown("n.ITT.ND").stdout
    unknown = shown("km.OS.ND.mode")
    assert unknown.returncode == 1
    assert "it has km.OS.ND.n, km.OS.ND.events" in unknown.stderr


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_where_r_stops_it_goes_on_and_counts(study, tmp_path):
    adtte = times("OS", [(i, 10 * i, int(i == 3)) for i in range(1, 7)])
    patients = [{"GROUP": "ND" if i < 4 else "RR", "KIND": "a", "ENDDY": i} for i in range(6)]
    write(tmp_path, study, patients, adtte, (Column("KIND", "string", "Kind"),))
    script = tmp_path / "statistics/check.R"
    broken = script.read_text(encoding="utf-8").replace(
        "follow_up_number <- function(row) {", 'follow_up_number <- function(row) { stop("so")'
    )
    script.write_text(broken, encoding="utf-8")
    said = in_r(tmp_path)
    assert "R stopped at 15, of which the run gives 15:" in said
    assert "followup.ND.median: so" in said
