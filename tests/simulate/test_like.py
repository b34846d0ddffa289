"""Simulated cohorts: the same bytes from a seed, medians near the plan's, whole chain on both."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from venaza.cli import main
from venaza.commands.simulate.cohort import make_cohort, read_plan
from venaza.commands.simulate.command import MOST, with_medians, write_like
from venaza.commands.simulate.cuts import cut
from venaza.commands.simulate.outline import placed, stream
from venaza.commands.simulate.redcap import redcap_files
from venaza.commands.simulate.schedule import schedule_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.survival import quantile, survival_curve
from venaza.preflight import check_headers, export_files, load_study, settings

ROOT = Path(__file__).resolve().parents[2]
PLANS = ("aml_venaza", "all_venaza")


@pytest.fixture
def project(tmp_path):
    for part in ("config", "workflow/schemas"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def written(project, like, patients=20, name="made", **more):
    return write_like(ROOT, like, patients, project / "data/raw" / name, **more)


def chain(root, study):
    """Every stage up to the statistics, in memory."""
    check_headers(root, study)
    folder = root / "data/raw" / study["id"] / study["export"]
    paths = export_files(root, study["id"], study["export"])
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), root)
    cleaned = clean(cells, settings(study, "clean"))
    derived = derive(cleaned, settings(study, "endpoints"))
    ard, _ = analyse(derived, settings(study, "statistics"))
    return {**derived, "ard": ard, "asked": [cleaned["queries"], derived["queries"]]}


@pytest.mark.parametrize("like", PLANS)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(project, like):
    def contents(name, seed):
        paths = [p for p in written(project, like, name=name, seed=seed) if p.suffix == ".csv"]
        return {path.name: path.read_bytes() for path in paths}

    one = contents("one", 7)
    assert one == contents("again", 7)
    assert one != contents("other", 8)


@pytest.mark.parametrize("like", PLANS)
def test_title_readme_and_study_file_say_that_it_is_synthetic(project, like):
    paths = written(project, like)
    readme = (project / "data/raw/made/README.md").read_text(encoding="utf-8")
    assert "SYNTHETIC" in readme
    assert "No row describes a real person" in readme
    assert paths[-1] == project / "config/studies/made.yaml"
    assert "SYNTHETIC" in paths[-1].read_text(encoding="utf-8").partition("\nstudy:")[0]
    study = yaml.safe_load(paths[-1].read_text(encoding="utf-8"))
    assert study["study"]["synthetic"] is True
    assert study["study"]["title"].startswith("Simulated cohort")
    assert {"published", "evidence"} & set(study) == set()
    assert load_study(project, "made")["study"]["synthetic"]


@pytest.mark.parametrize("like", PLANS)
def test_200_patients_run_through_statistics_with_hardly_a_query(project, like):
    written(project, like, 200, seed=3)
    study = load_study(project, "made")
    made = chain(project, study)
    adsl, ard = made["adsl"], made["ard"].set_index("ard_id")
    assert len(adsl) == 200
    assert (adsl["ITTFL"] == "Y").all()
    assert not any((queries["SEVERITY"] == "error").any() for queries in made["asked"])
    rules = pd.concat(made["asked"])["RULE"]
    assert (rules != "partial_without_remission").sum() < 20  # each such patient is one by design
    plan = read_plan(ROOT, like)
    groups = study["groups"]["levels"] if study["groups"] else ["all"]
    for group in groups:
        rate = ard.loc[f"rate_all.ORR.{group}.percent", "value"]
        wanted = 100 * (1 - plan["groups"][group]["best"]["NR"])
        assert abs(rate - wanted) < 15


def km(cohort, group):
    own = (cohort.outline["GROUP"] == group).to_numpy()
    outline = cohort.outline[own]
    time, dead = outline["END"].to_numpy(float), outline["DEAD"].to_numpy(bool)
    steps, _ = survival_curve(time, dead, 0.95)
    limits = [quantile(steps, 0.5, name) for name in ("lower", "upper")]
    return [math.inf if limit != limit else limit for limit in limits]


@pytest.mark.parametrize("like", PLANS)
def test_the_median_survival_is_the_plans_within_its_limits(like):
    plan = read_plan(ROOT, like)
    found = []
    for seed in range(20):
        cohort = make_cohort(plan, seed, 200)
        for group, spec in plan["groups"].items():
            low, high = km(cohort, group)
            found.append(low <= spec["median_os"] <= high)
    assert np.mean(found) >= 0.85  # 95% are expected to hold it


def test_medians_by_group_move_survival_and_nothing_else_of_the_plan():
    plan = read_plan(ROOT, "aml_venaza")
    told = with_medians(plan, "ND=24,RR=3", 30)
    assert {g: s["median_os"] for g, s in told["groups"].items()} == {"ND": 720, "RR": 90}
    assert plan["groups"]["ND"]["median_os"] == 358
    cohort = make_cohort(told, 1, 1000)
    for group, days in (("ND", 720), ("RR", 90)):
        low, high = km(cohort, group)
        assert low <= days <= high
    assert (
        with_medians(read_plan(ROOT, "all_venaza"), "10", 30)["groups"]["all"]["median_os"] == 300
    )


@pytest.mark.parametrize("text", ["ND", "XX=3", "ND=-1", "ND=long", "5"])
def test_a_median_that_means_nothing_is_refused(text):
    with pytest.raises(StudyError, match="gives no group a median"):
        with_medians(read_plan(ROOT, "aml_venaza"), text, 30)


@pytest.mark.parametrize("like", PLANS)
def test_every_patient_makes_sense(like):
    cohort = make_cohort(read_plan(ROOT, like), 11, 800)
    o = cohort.outline
    assert (o["FAILDY"].dropna() <= o["END"][o["FAILDY"].notna()]).all()
    assert not (o["TXDY"].notna() & o["CELLDY"].notna()).any()
    grafted = o[o["TXDY"].notna()]
    assert (grafted["TXDY"] > grafted["REMISSION"]).all()
    responses = cohort.tables["responses"].merge(
        o[["END"]], left_on="PATIENT", right_index=True
    )  # fmt: skip
    assert (responses["RSDT"] <= responses["END"]).all()
    relapsed = set(responses.loc[responses["RSINV"] == "RELAPSE", "PATIENT"])
    remitted = set(responses.loc[responses["RSINV"].isin(["CR", "CRi", "CRp"]), "PATIENT"])
    assert relapsed <= remitted
    for table, name in (("cycles", "EXSTDT"), ("therapies", "CMSTDT"), ("labs", "LBDT")):
        rows = cohort.tables[table].merge(o[["END"]], left_on="PATIENT", right_index=True)
        assert (rows[name] <= rows["END"]).all(), table


def test_an_earlier_export_of_a_drawn_cohort_names_no_later_day():
    early = cut(make_cohort(read_plan(ROOT, "all_venaza"), 1, 40), "2022-01-31", 1)
    assert 0 < early.n < 40
    texts = {name: "".join(parts) for name, parts in redcap_files(early, 1)}
    days = re.findall(r"\d{4}-\d\d-\d\d", texts["VENTALL_DATA_2022-01-31_0915.csv"])
    assert "2021-12-01" < max(days) <= "2022-01-31"


def test_one_patient_is_a_cohort_too(project):
    written(project, "all_venaza", 1)
    assert len(chain(project, load_study(project, "made"))["adsl"]) == 1


@pytest.mark.parametrize("patients", [0, -3, MOST + 1])
def test_a_size_that_cannot_be_is_refused(project, patients):
    with pytest.raises(StudyError, match="cannot be simulated"):
        written(project, "all_venaza", patients)


def test_an_existing_study_is_not_overwritten_unasked(project):
    written(project, "all_venaza", 3)
    with pytest.raises(StudyError, match="'made' already") as caught:
        written(project, "all_venaza", 4)
    assert "--force" in caught.value.fix
    written(project, "all_venaza", 4, replace=True)
    own = project / "config/studies/mine.yaml"
    own.write_text("study: {}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no simulation wrote") as caught:
        written(project, "all_venaza", 4, name="mine", replace=True)
    assert "--force" not in caught.value.fix
    assert own.read_text(encoding="utf-8") == "study: {}\n"


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (None, "not said where"),
        ("elsewhere", "not a study's folder"),
        ("data/raw/a-b c", "cannot be the name"),
    ],
)
def test_the_folder_must_be_a_studys(project, folder, message):
    with pytest.raises(StudyError, match=message):
        write_like(ROOT, "all_venaza", 3, folder and project / folder)


def test_an_unknown_plan_names_those_that_there_are(capsys):
    assert main(["simulate", "--like", "cml", "--to", "data/raw/x"]) == 1
    said = capsys.readouterr().err
    assert "no plan to simulate a cohort like 'cml'" in said
    assert "aml_venaza, all_venaza" in said or "all_venaza, aml_venaza" in said


def test_a_size_without_a_plan_is_refused(capsys):
    assert main(["simulate", "--patients", "5"]) == 1
    said = capsys.readouterr().err
    assert "--patients, --seed and --median-os say what a new cohort is to be." in said
    assert "Give --like PLAN" in said


def test_medians_that_cannot_be_placed_are_refused():
    plan = read_plan(ROOT, "all_venaza")
    plan = {**plan, "targets": {"all": {"os": 5000}}, "patients": plan["patients"][:2]}
    with pytest.raises(StudyError, match="No times are found with the seed 1"):
        placed(plan, 1, schedule_of(plan, 2, stream(1)))
