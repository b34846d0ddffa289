"""Multivariable Cox and cox.zph against R; the events that a model needs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.statistics.made_up import make_tables, times
from tests.statistics.test_reference import adtte, export, settings
from venaza.contracts.columns import Column
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.cox import fitted, ratio_numbers
from venaza.pipeline.statistics.proportional import score_test

R = json.loads((Path(__file__).parents[1] / "reference/r_models.json").read_text(encoding="utf-8"))


def same(ours: float, theirs: float, what: str = "") -> None:
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9), what


@pytest.fixture
def bmt(study):
    data = export("bmt", "bmt.csv")
    names = {1: "ALL", 2: "AML low risk", 3: "AML high risk"}
    study = settings(study, list(names.values()), ["OS", "DFS"], [12])
    study["columns"] = [{"name": "FAB45", "label": "FAB", "type": "string", "unit": ""}]
    study["analysis"] |= {
        "cox": {"DFS": ["GROUP", "AGE"]},
        "multivariable": {code: ["GROUP", "AGE", "FAB45"] for code in ("OS", "DFS")},
        "influence": True,
    }
    patients = [
        {"GROUP": names[g], "AGE": age, "FAB45": "Y" if fab else "N"}
        for g, age, fab in zip(data["group"], data["z1"], data["z8"], strict=True)
    ]
    rows = adtte("OS", data, data["t1"], 1 - data["d1"])
    rows += adtte("DFS", data, data["t2"], 1 - data["d3"])
    own = (Column("FAB45", "string", "FAB grade 4 or 5"),)
    return analyse(make_tables(patients, rows, own=own), study)[0].set_index("ard_id")


KEYS = {
    "GROUPAML low risk": "GROUP.AML_low_risk",
    "GROUPAML high risk": "GROUP.AML_high_risk",
    "AGE": "AGE",
    "FAB45": "FAB45.Y",
}


@pytest.mark.parametrize(("code", "name"), [("DFS", "multivariable"), ("OS", "os")])
def test_bmt_multivariable_and_its_zph_are_r_s(bmt, code, name):
    reference = R["bmt"][name]
    assert bmt.loc[f"coxm.{code}.n", "value"] == reference["n"]
    assert bmt.loc[f"coxm.{code}.events", "value"] == reference["events"]
    assert bmt.loc[f"coxm.{code}.parameters", "value"] == len(reference["columns"])
    for column, numbers in reference["columns"].items():
        for statistic, value in numbers.items():
            same(bmt.loc[f"coxm.{code}.{KEYS[column]}.{statistic}", "value"], value, column)
    for term, numbers in reference["zph"].items():
        for statistic, value in numbers.items():
            same(bmt.loc[f"zphm.{code}.{term}.{statistic}", "value"], value, term)


@pytest.mark.parametrize(("variable", "name"), [("GROUP", "group"), ("AGE", "age")])
def test_bmt_univariable_zph_is_r_s(bmt, variable, name):
    for statistic, value in R["bmt"][name]["zph"][variable].items():
        same(bmt.loc[f"zph.DFS.{variable}.{statistic}", "value"], value)


def test_bmt_influence_is_r_s(bmt):
    low, high = R["bmt"]["influence"]
    stem = "influence.DFS.GROUP.AML_high_risk.hazard_ratio"
    same(bmt.loc[f"{stem}.min", "value"], low)
    same(bmt.loc[f"{stem}.max", "value"], high)
    for name, days in zip(("min", "max"), R["bmt"]["median"], strict=True):
        same(bmt.loc[f"influence.OS.ALL.median.{name}", "value"], days / (365.25 / 12))


@pytest.mark.parametrize("name", ["lung", "veteran"])
def test_heavy_ties_and_time_zero_are_r_s(name):
    case = R[name]
    data = pd.DataFrame(case["data"])
    time, event = data["time"].to_numpy(float), data["event"].to_numpy(bool)
    if name == "lung":
        design, terms = data[["age", "sex", "ecog"]], [[0], [1], [2]]
    else:
        levels = {f"celltype{x}": (data["celltype"] == x).astype(float) for x in case["levels"][1:]}
        design = data[["trt"]].assign(**levels, karno=data["karno"])
        terms = [[0], [1, 2, 3], [4]]
    model = fitted(time, event, design, 0.95)
    reference = case["model"]
    for (_, row), numbers in zip(
        model.table.iterrows(), reference["columns"].values(), strict=True
    ):
        for statistic, value in numbers.items():
            same(row[statistic], value, statistic)
    found = score_test(model.partial, model.plain, time, event, terms)
    for ours, (term, theirs) in zip(found, reference["zph"].items(), strict=True):
        for value, statistic in zip(ours, ("chi_square", "df", "p_value"), strict=True):
            same(value, theirs[statistic], term)


def run(study, patients, days, variables):
    study["analysis"]["multivariable"] = {"OS": variables}
    table, _ = analyse(
        make_tables(patients, times("OS", [(i, *what) for i, what in enumerate(days, 1)])), study
    )
    return table.set_index("ard_id")


def made_up(n: int):
    patients = [
        {"GROUP": "RR" if i % 3 else "ND", "AGE": 60 + (i * 7) % 11, "SEX": "MF"[i % 2]}
        for i in range(n)
    ]
    return patients, [(10 + 7 * ((i * 13) % n), 0 if i % 5 else 1) for i in range(n)]


def test_too_few_events_for_the_parameters_are_refused_by_name(study):
    rows = run(study, *made_up(30), ["GROUP", "AGE", "SEX"])
    reason = "24 events for 3 parameters, fewer than 10 per parameter"
    assert rows.loc["coxm.OS.GROUP.RR.hazard_ratio", "reason"] == reason
    assert rows.loc["coxm.OS.AGE.p_value", "display"] == "not estimable"
    assert rows.loc["coxm.OS.events", "value"] == 24
    assert rows.loc["zphm.OS.GLOBAL.p_value", "reason"] == "no model could be estimated"


def test_the_study_file_may_waive_the_check(study):
    study["analysis"]["events_per_parameter"] = 0
    rows = run(study, *made_up(30), ["GROUP", "AGE", "SEX"])
    assert rows.loc["coxm.OS.GROUP.RR.hazard_ratio", "value"] > 0


def test_exactly_ten_events_per_parameter_are_enough(study):
    patients, days = made_up(25)
    assert sum(status == 0 for _, status in days) == 20
    rows = run(study, patients, days, ["GROUP", "AGE"])
    assert rows.loc["coxm.OS.AGE.hazard_ratio", "value"] > 0


def test_patients_without_any_covariate_are_left_out(study):
    patients, days = made_up(40)
    patients[3]["AGE"] = None
    patients[4]["SEX"] = None
    rows = run(study, patients, days, ["AGE", "SEX"])
    assert rows.loc["coxm.OS.n", "value"] == 38


def test_separation_is_penalised_and_has_no_zph(study, recwarn):
    n = 60
    patients = [{"GROUP": "RR" if i < 30 else "ND", "AGE": 60 + (i * 7) % 11} for i in range(n)]
    rows = run(study, patients, [(i + 1, 0) for i in range(n)], ["GROUP", "AGE"])
    row = rows.loc["coxm.OS.GROUP.RR.hazard_ratio"]
    assert "Firth" in row["method"]
    assert row["method"].endswith("; reference ND")
    assert np.isfinite(rows.loc["coxm.OS.GROUP.RR.upper", "value"])
    assert "separates" in rows.loc["zphm.OS.GROUP.p_value", "reason"]
    assert not recwarn.list


def test_covariates_that_say_the_same_are_refused(study):
    patients = [{"GROUP": "RR" if i % 2 else "ND", "SEX": "MF"[i % 2]} for i in range(40)]
    rows = run(study, patients, made_up(40)[1], ["GROUP", "SEX"])
    reason = "the covariates cannot be told apart in these patients"
    assert rows.loc["coxm.OS.SEX.M.hazard_ratio", "reason"] == reason


def test_a_variable_that_is_not_there(study):
    with pytest.raises(StudyError, match="asks for 'AGEE'"):
        run(study, *made_up(20), ["AGEE"])


def test_the_order_of_the_rows_does_not_matter(study):
    patients, days = made_up(40)
    study["analysis"] |= {"influence": True, "cox": {"OS": ["GROUP"]}}
    study["analysis"]["multivariable"] = {"OS": ["GROUP", "AGE"]}
    tables = make_tables(patients, times("OS", [(i, *d) for i, d in enumerate(days, 1)]))
    first, _ = analyse(tables, study)
    turned = {name: frame.iloc[::-1] for name, frame in tables.items()}
    pd.testing.assert_frame_equal(first, analyse(turned, study)[0])


def test_events_all_on_one_day_test_no_change_over_time(study, recwarn):
    patients, _ = made_up(30)
    study["analysis"]["cox"] = {"OS": ["AGE"]}
    rows = run(study, patients, [(7 + i % 2, i % 2) for i in range(30)], ["AGE"])
    assert rows.loc["cox.OS.AGE.hazard_ratio", "value"] > 0
    reason = "the information of the test cannot be inverted"
    assert rows.loc["zph.OS.AGE.chi_square", "reason"] == reason
    assert not recwarn.list


@pytest.mark.parametrize(
    ("value", "known"), [(0.02, True), (3e6, True), (4e7, False), (0.0, False)]
)
def test_a_limit_of_millions_is_not_printed(value, known):
    number = ratio_numbers({"hazard_ratio": 1.0, "lower": 1.0, "upper": value})["upper"]
    assert (number.value is not None) is known
    assert known or number.display == "not estimable"
