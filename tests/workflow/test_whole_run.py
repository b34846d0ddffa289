"""Whole runs: every published number, the three documents, equal bytes, clean reruns."""

from __future__ import annotations

import csv
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.workflow.conftest import STUDIES
from tests.workflow.project import ROOT, copy_project, hashes, snakemake
from venaza.contracts.files import read_table
from venaza.contracts.results import KINDS, POPULATIONS, STATISTICS

TARGETS = {
    "n.ITT.ND": 29,
    "n.ITT.RR": 21,
    "desc.AGE.ND.median": 74,
    "desc.AGE.RR.median": 65,
    "followup.ND.median": 303 / 30,
    "followup.RR.median": 256 / 30,
    "km.EFS.ND.median": 296 / 30,
    "km.EFS.RR.median": 156 / 30,
    "km.OS.ND.median": 358 / 30,
    "km.OS.RR.median": 273 / 30,
    "rate.ORR.ND.percent": 100 * 24 / 28,
    "rate.ORR.RR.percent": 100 * 11 / 21,
    "rate.CRC.ND.percent": 100 * 19 / 28,
    "rate.CRC.RR.percent": 100 * 9 / 21,
    "rate.MRDNEG.ND.percent": 100 * 5 / 19,
    "rate.MRDNEG.RR.percent": 100 * 1 / 9,
    "failure.ND.further.n": 12,
    "failure.ND.treated.n": 9,
    "failure.ND.supportive.n": 3,
    "failure.ND.treated_refractory.n": 1,
    "failure.ND.treated_relapse.n": 8,
    "km.PFOS.ND.median": 48 / 30,
    "km.PFOS.ND.min": 0,
    "km.PFOS.ND.max": 248 / 30,
    "km.PFOS.RR.median": 20 / 30,
}


def numbers(project, study):
    ard = read_table(project / "results" / study / "statistics/ard.parquet")
    kinds = ard["ard_id"].str.split(".").str[0]
    assert set(kinds) <= set(KINDS)
    assert set(ard.loc[~kinds.isin(["n", "evidence", "published"]), "statistic"]) <= set(STATISTICS)
    assert set(ard.loc[kinds == "n", "ard_id"].str.split(".").str[1]) <= set(POPULATIONS)
    assert ard["ard_id"].is_unique
    return ard.set_index("ard_id")


@pytest.mark.parametrize(("ard_id", "value"), TARGETS.items())
def test_the_published_figures_come_out_of_the_raw_workbook(finished, ard_id, value):
    assert numbers(finished, "aml_venaza").loc[ard_id, "value"] == pytest.approx(value, abs=1e-9)


def test_every_row_of_the_publication_agrees(finished):
    ard = numbers(finished, "aml_venaza")
    agrees = ard[(ard["analysis"] == "published") & (ard["statistic"] == "agrees")]
    with open(finished / "data/reference/published_targets_aml_venaza.csv", encoding="utf-8") as f:
        numeric = [row for row in csv.DictReader(f) if row["value"]]
    assert len(agrees) == len(numeric)
    assert set(agrees["display"]) == {"yes"}


def test_the_disease_free_survival_of_bmt_is_the_textbooks(finished):
    # Klein and Moeschberger: 38, 54 and 45 patients; log-rank 13.8 on two degrees of freedom.
    ard = numbers(finished, "bmt")
    assert [ard.loc[f"n.ITT.{g}", "value"] for g in ("ALL", "AML_low_risk", "AML_high_risk")] == [
        *(38, 54, 45),
    ]
    assert ard.loc["logrank.DFS.chi_square", "value"] == pytest.approx(13.8, abs=0.05)
    assert ard.loc["event.DFS.ALL.Relapse.n", "value"] == 12


@pytest.mark.parametrize("study", STUDIES)
def test_every_endpoint_row_names_a_row_of_the_export(finished, study):
    results = finished / "results" / study
    adtte = read_table(results / "endpoints/adtte.parquet")
    assert (adtte["AVAL"] >= 0).all()
    assert not adtte.duplicated(["USUBJID", "PARAMCD"]).any()
    for domain, rows in adtte.groupby("SRCDOM"):
        clean = read_table(results / f"clean/{domain}.parquet").set_index(["USUBJID", "SEQ"])
        for patient, seq in zip(rows["USUBJID"], rows["SRCSEQ"], strict=True):
            assert clean.loc[(patient, seq), "SRCROW"] >= 2


@pytest.mark.parametrize("study", STUDIES)
def test_every_patient_has_each_endpoint_or_a_reason(finished, study):
    results = finished / "results" / study / "endpoints"
    adsl = read_table(results / "adsl.parquet")
    rows = read_table(results / "adtte.parquet")
    excluded = read_table(results / "adtte_excluded.parquet")
    assert (excluded["REASON"].str.len() > 0).all()
    for code in rows["PARAMCD"].unique():
        known = [
            *rows.loc[rows["PARAMCD"] == code, "USUBJID"],
            *excluded.loc[excluded["PARAMCD"] == code, "USUBJID"],
        ]
        assert sorted(known) == sorted(adsl["USUBJID"])


@pytest.mark.parametrize("study", STUDIES)
def test_event_free_survival_never_exceeds_overall_survival(finished, study):
    adtte = read_table(finished / "results" / study / "endpoints/adtte.parquet")
    wide = adtte.pivot(index="USUBJID", columns="PARAMCD", values="ADY")
    for code in set(wide.columns) & {"EFS", "DFS", "RFS", "DOR"}:
        assert (wide[code].dropna() <= wide["OS"][wide[code].notna()]).all()
    assert (wide["PFOS"].dropna() == wide["OS"][wide["PFOS"].notna()]).all()


@pytest.mark.parametrize("study", STUDIES)
def test_the_word_files_have_native_tables_and_every_figure(finished, study):
    from docx import Document

    results = finished / "results" / study
    files = [results / f"report/{name}.docx" for name in ("manuscript", "supplement")]
    documents = list(map(Document, files))
    printed = {path.stem for path in (results / "tables").glob("*.html")} - {"published"}
    assert sum(len(document.tables) for document in documents) == len(printed)
    figures = sorted((results / "figures").glob("*.csv"))
    empty = [path.stem for path in figures if path.read_text("utf-8").count("\n") == 1]
    assert empty == (["simon_makuch_OS_transplant"] if study == "aml_venaza" else [])
    assert len(list((results / "figures").glob("*.png"))) == len(figures)
    shown = [len(document.inline_shapes) for document in documents]
    assert sum(shown) == len(figures) - len(empty)
    assert shown[0] + len(documents[0].tables) <= 8
    for file in files:
        with zipfile.ZipFile(file) as archive:
            media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert all(name.endswith(".png") for name in media)


@pytest.mark.parametrize("study", STUDIES)
def test_the_pdf_has_pages_and_the_headline_numbers(finished, study):
    from pypdf import PdfReader

    reader = PdfReader(finished / "results" / study / "report/manuscript.pdf")
    assert 6 <= len(reader.pages) <= 40
    text = "".join(page.extract_text() for page in reader.pages)
    ard = numbers(finished, study)
    for ard_id in [i for i in ard.index if i.startswith("km.OS.") and i.endswith(".median")]:
        assert ard.loc[ard_id, "display"] in text
    assert ("synthetic" in text.lower()) == (study in ("aml_venaza", "all_venaza"))


@pytest.mark.parametrize("study", STUDIES)
def test_the_web_page_loads_nothing_from_elsewhere(finished, study):
    import re

    text = (finished / "results" / study / "report/manuscript.html").read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#|https?://)[^"']+\.(?:js|css)""", text)
    assert not re.findall(r"""<(?:script|img|link|iframe)[^>]+(?:src|href)=["']https?://""", text)


def test_two_clean_runs_have_the_same_bytes(finished, tmp_path):
    """Another path, user, home, language, time zone, hash seed, mask, width and number of cores."""
    other = copy_project(tmp_path / "另一处 with spaces" / "项目 2")
    home = tmp_path / "home of 李"
    (home / "tmp").mkdir(parents=True)
    environment = {
        **{"TZ": "Pacific/Auckland", "LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"},
        **{"USER": "somebody", "LOGNAME": "somebody", "USERNAME": "somebody", "HOME": str(home)},
        **{"TMPDIR": str(home / "tmp"), "XDG_CACHE_HOME": str(home / ".cache")},
        **{"PYTHONHASHSEED": "4711", "COLUMNS": "43", "HOSTNAME": "elsewhere"},
    }
    kept = os.umask(0o077)
    try:
        studies = ",".join(reversed(STUDIES))
        arguments = ("--cores", "1", "--config", f"studies={studies}")
        run = snakemake(other, *arguments, environment=environment)
    finally:
        os.umask(kept)
    assert run.returncode == 0, run.stdout + run.stderr
    first, second = hashes(finished / "results"), hashes(other / "results")
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert {Path(name).parts[0] for name in first} == set(STUDIES)
    assert len(first) > 500


def test_touched_but_unchanged_inputs_redo_nothing(finished):
    for path in (finished / "data/raw").rglob("*.*"):
        os.utime(path)
    run = snakemake(finished, "--config", f"studies={','.join(STUDIES)}")
    assert run.returncode == 0
    assert "Nothing to be done" in run.stdout + run.stderr


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """A project of its own in which the earlier of two exports has been run."""
    project = copy_project(tmp_path_factory.mktemp("growing") / "project")
    later = project / "data/raw/aml_venaza/2023-11-30"
    shutil.move(later, project / "later")
    run = snakemake(project, "--config", "formats=html")
    assert run.returncode == 0, run.stdout + run.stderr
    return project


def test_a_new_export_is_picked_up_by_itself(growing, finished):
    before = numbers(growing, "aml_venaza").loc["n.ITT.all", "value"]
    shutil.move(growing / "later", growing / "data/raw/aml_venaza/2023-11-30")
    run = snakemake(growing, "--config", "formats=html")
    assert run.returncode == 0, run.stdout + run.stderr
    after = numbers(growing, "aml_venaza")
    assert (before, after.loc["n.ITT.all", "value"]) == (49, 50)
    same = numbers(finished, "aml_venaza")
    assert after["value"].equals(same["value"])
    changes = (growing / "results/aml_venaza/audit/changes.html").read_text(encoding="utf-8")
    assert "2023-06-30" in changes


def test_an_export_can_be_named(growing):
    run = snakemake(growing, "--config", "formats=html", "export=2023-06-30")
    assert run.returncode == 0, run.stdout + run.stderr
    told = json.loads((growing / "results/aml_venaza/settings/intake.json").read_text("utf-8"))
    assert told["settings"]["export"] == "2023-06-30"
    assert numbers(growing, "aml_venaza").loc["n.ITT.all", "value"] == 49


def test_r_was_given_the_primary_study_as_it_is(finished):
    import pandas as pd

    results = finished / "results/aml_venaza/endpoints"
    groups = read_table(results / "adsl.parquet")[["USUBJID", "GROUP"]]
    ours = read_table(results / "adtte.parquet").merge(groups)
    ours = ours[~ours["PARAMCD"].str.contains(".", regex=False)]
    path = finished.parent / "reference.csv"
    ours[["USUBJID", "GROUP", "PARAMCD", "AVAL", "CNSR"]].to_csv(path, index=False)
    reference = pd.read_csv(ROOT / "tests/reference/aml_venaza_adtte.csv", dtype=str)
    pd.testing.assert_frame_equal(pd.read_csv(path, dtype=str), reference)
