"""Subgroups and their interaction against R, and when there is nothing to compare."""

import pytest

from tests.statistics.made_up import make_tables, times
from tests.statistics.test_multivariable import R, same
from tests.statistics.test_reference import adtte, export, settings
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import analyse


@pytest.fixture
def bmt(study):
    data = export("bmt", "bmt.csv")
    data = data[data["group"] != 1].reset_index(drop=True)
    names = {2: "AML low risk", 3: "AML high risk"}
    study = settings(study, list(names.values()), ["DFS"], [12])
    study["levels"] = {"SEX": ["M", "F"]}
    study["analysis"]["subgroups"] = {"DFS": ["SEX", {"AGE": 30}]}
    patients = [
        {"GROUP": names[g], "AGE": age, "SEX": "M" if sex else "F"}
        for g, age, sex in zip(data["group"], data["z1"], data["z3"], strict=True)
    ]
    rows = adtte("DFS", data, data["t2"], 1 - data["d3"])
    return analyse(make_tables(patients, rows), study)[0].set_index("ard_id")


@pytest.mark.parametrize(("key", "name"), [("SEX.M", "subgroup"), ("AGE.from_30", "old")])
def test_the_hazard_ratio_within_a_level_is_r_s(bmt, key, name):
    reference = R["bmt"][name]
    assert bmt.loc[f"subgroup.DFS.{key}.n", "value"] == reference["n"]
    assert bmt.loc[f"subgroup.DFS.{key}.events", "value"] == reference["events"]
    column = reference["columns"]["GROUPAML high risk"]
    for statistic in ("hazard_ratio", "lower", "upper"):
        same(bmt.loc[f"subgroup.DFS.{key}.{statistic}", "value"], column[statistic])


def test_the_test_of_interaction_is_r_s(bmt):
    row = bmt.loc["subgroup.DFS.SEX.interaction.p_value"]
    same(row["value"], R["bmt"]["interaction"])
    assert "exploratory" in row["method"]


def test_the_groups_of_a_level_add_up(bmt):
    for key in ("SEX.M", "SEX.F", "AGE.below_30", "AGE.from_30"):
        stem = f"subgroup.DFS.{key}"
        for name in ("n", "events"):
            parts = [bmt.loc[f"{stem}.in_AML_{g}_risk.{name}", "value"] for g in ("low", "high")]
            assert sum(parts) == bmt.loc[f"{stem}.{name}", "value"]


def run(study, patients, days, asked):
    study["analysis"]["subgroups"] = {"OS": [asked]}
    study["columns"] = []
    adtte = times("OS", [(i, *what) for i, what in enumerate(days, 1)])
    return analyse(make_tables(patients, adtte), study)[0].set_index("ard_id")


def cohort(n):
    patients = [
        {"GROUP": "RR" if i % 3 else "ND", "AGE": 60 + (i * 7) % 30, "ECOG": i % 2}
        for i in range(n)
    ]
    return patients, [(10 + 7 * ((i * 13) % n), 0 if i % 5 else 1) for i in range(n)]


def test_a_cut_says_below_and_from_it(study):
    patients, days = cohort(40)
    rows = run(study, patients, days, {"AGE": 75})
    below = sum(p["AGE"] < 75 for p in patients)
    assert rows.loc["subgroup.OS.AGE.below_75.n", "value"] == below
    assert rows.loc["subgroup.OS.AGE.from_75.n", "value"] == 40 - below
    assert rows.loc["subgroup.OS.AGE.from_75.n", "term"] == "≥75"


def test_a_score_is_compared_value_by_value(study):
    rows = run(study, *cohort(40), "ECOG")
    assert {"subgroup.OS.ECOG.0.n", "subgroup.OS.ECOG.1.hazard_ratio"} <= set(rows.index)


def test_few_events_are_penalised_or_refused(study, recwarn):
    rows = run(study, *cohort(20), "ECOG")
    assert rows.loc["subgroup.OS.ECOG.0.events", "value"] == 8
    assert "Firth" in rows.loc["subgroup.OS.ECOG.0.hazard_ratio", "method"]
    assert "Firth" in rows.loc["subgroup.OS.ECOG.interaction.p_value", "method"]
    fewer = run(study, *cohort(8), "ECOG")
    assert fewer.loc["subgroup.OS.ECOG.0.hazard_ratio", "reason"] == "fewer than 5 events"
    assert not recwarn.list


def test_a_level_with_one_group_alone_has_no_ratio(study):
    patients, days = cohort(40)
    for patient in patients:
        patient["ECOG"] = 1 if patient["GROUP"] == "ND" else 0
    rows = run(study, patients, days, "ECOG")
    assert rows.loc["subgroup.OS.ECOG.0.hazard_ratio", "reason"] == "no patient with ND"
    assert rows.loc["subgroup.OS.ECOG.interaction.p_value", "reason"].startswith("fewer than two")


def test_a_measurement_must_be_cut(study):
    with pytest.raises(StudyError, match="measurement"):
        run(study, *cohort(40), "AGE")
