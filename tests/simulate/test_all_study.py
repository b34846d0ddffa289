"""The shipped ALL study: the bytes of its plan, the published figures, its planted defects."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.simulate.test_like import chain
from venaza.commands.simulate.command import write_shipped
from venaza.preflight import load_study

ROOT = Path(__file__).resolve().parents[2]
NAME = "all_venaza"


@pytest.fixture(scope="module")
def made():
    return chain(ROOT, load_study(ROOT, NAME))


def test_the_committed_files_are_what_the_plan_makes(tmp_path):
    paths = write_shipped(ROOT, NAME, tmp_path)
    committed = ROOT / "data/raw" / NAME
    there = {p.relative_to(committed) for p in committed.rglob("*") if p.is_file()}
    assert there == {path.relative_to(tmp_path) for path in paths}
    for path in paths:
        assert (committed / path.relative_to(tmp_path)).read_bytes() == path.read_bytes()


def test_the_published_figures_come_out(made):
    ard = made["ard"].set_index("ard_id")
    targets = (ROOT / f"data/reference/published_targets_{NAME}.csv").open(encoding="utf-8")
    published = {row["measure"]: row["value"] for row in csv.DictReader(targets)}
    assert published == {"patients": "18", "orr": "88.9", "os_median": "24.1"}
    assert ard.loc["n.ITT.all", "display"] == published["patients"]
    assert ard.loc["rate.ORR.all.percent", "display"] == published["orr"]
    months = ard.loc["km.OS.all.median", "value"]
    assert f"{months:.1f}" == published["os_median"]
    assert ard.loc["rate.ORR.all.n", "value"] == 16
    assert ard.loc["km.OS.all.median_days", "value"] == 734


def test_the_bridge_is_a_proportion_with_an_exact_interval(made):
    from scipy.stats import beta

    ard = made["ard"].set_index("ard_id")
    lower, upper = (
        ard.loc[f"event_rate.BRIDGE.all.{part}", "value"] for part in ("lower", "upper")
    )
    assert lower == pytest.approx(100 * beta.ppf(0.025, 6, 13))
    assert upper == pytest.approx(100 * beta.ppf(0.975, 7, 12))


def test_each_planted_defect_becomes_its_query(made):
    from venaza.commands.simulate.cohort import read_plan

    raised = {rule for queries in made["asked"] for rule in queries["RULE"]}
    planted = {defect["rule"] for defect in read_plan(ROOT, NAME)["defects"]}
    assert planted <= raised
    assert raised - planted <= {"response_cycle_backwards"}


def test_readme_says_what_is_published_and_what_is_invented():
    text = (ROOT / f"data/raw/{NAME}/README.md").read_text(encoding="utf-8")
    for phrase in (
        "SYNTHETIC",
        "No row describes a real person",
        "88.9%",
        "24.1 months",
        "CC0 1.0",
    ):
        assert phrase in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_export_is_a_redcap_projects():
    folder = ROOT / f"data/raw/{NAME}/2024-06-28"
    with next(folder.glob("*_DATA_*")).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with next(folder.glob("*Dictionary*")).open(encoding="utf-8") as file:
        fields = {row["Variable / Field Name"]: row for row in csv.DictReader(file)}
    assert {row["redcap_event_name"] for row in rows} == {
        f"{event}_arm_{arm}" for event in ("screening", "treatment", "follow_up") for arm in (1, 2)
    }
    assert "transplant" in {row["redcap_repeat_instrument"] for row in rows}
    assert {row["prior_tx___4"] for row in rows} == {"", "0", "1"}
    assert "-99" in {row["bm_blast"] for row in rows} | {row["immunophenotype"] for row in rows}
    assert {cell for row in rows for cell in row.values() if cell.endswith(".")} == set()
    assert fields["mrn"]["Identifier?"] == "y"
    assert "mrn" not in rows[0]
    assert fields["ph_status"]["Field Type"] == "radio"
