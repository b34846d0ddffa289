"""Fine and Gray's regression and Cox models within strata: R's numbers, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.statistics.made_up import make_tables, times
from venaza.contracts.columns import Column
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.cox import fitted
from venaza.pipeline.statistics.finegray import fine_gray
from venaza.pipeline.statistics.group_tests import NO_LINK
from venaza.pipeline.statistics.likelihood import NotEstimable

R = json.loads(
    Path(__file__).parents[1].joinpath("reference/r_models.json").read_text(encoding="utf-8")
)


def test_two_covariates_with_heavy_ties_are_crr_s():
    case = R["gammopathy"]
    time, cause = (np.array(case["data"][name], int) for name in ("time", "cause"))
    x = np.column_stack([case["data"]["age"], case["data"]["hgb"]]).astype(float)
    beta, covariance = fine_gray(time.astype(float), cause, x)
    errors = np.sqrt(np.diag(covariance))
    for i, name in enumerate(("age", "hgb")):
        reference = case["fine_gray"]["columns"][name]
        assert np.exp(beta[i]) == pytest.approx(reference["hazard_ratio"], rel=1e-8)
        upper = np.exp(beta[i] + 1.959963984540054 * errors[i])
        assert upper == pytest.approx(reference["upper"], rel=1e-8)


def test_ties_within_strata_and_a_stratum_of_one_group_are_coxph_s():
    case = R["strata"]
    data = pd.DataFrame(case["data"])
    design = pd.DataFrame({"b": (data["group"] == "b").astype(float)})
    time, event = data["time"].to_numpy(float), (data["event"] == 1).to_numpy()
    model = fitted(time, event, design, 0.95, stratum=data["stratum"].to_numpy(str))
    # 14 events: Firth's is given, and the plain estimate beside it is R's
    assert model.penalised
    reference = case["model"]["columns"]["groupb"]["hazard_ratio"]
    assert np.exp(model.plain[0]) == pytest.approx(reference, rel=1e-9)


def test_without_competing_events_it_is_cox_with_breslow_s_ties():
    # three patients with x = 1 and three with x = 0, no ties: Cox's equation by hand for one event
    # order is worked by the likelihood itself: the score at the estimate is 0
    time, x = np.array([1.0, 2, 3, 4, 5, 6]), np.array([[1.0], [0], [1], [0], [0], [1]])
    beta, _ = fine_gray(time, np.ones(6, int), x)
    score = sum(
        x[i, 0] - (x[i:, 0] * np.exp(beta * x[i:, 0])).sum() / np.exp(beta * x[i:, 0]).sum()
        for i in range(6)
    )
    assert score == pytest.approx(0, abs=1e-9)


def test_too_few_events_and_separated_ones_have_no_ratio():
    time, x = np.arange(1.0, 13), np.array([[1.0]] * 6 + [[0.0]] * 6)
    with pytest.raises(NotEstimable, match="fewer than 5 events"):
        fine_gray(time, np.array([1] * 4 + [0] * 8), x)
    with pytest.raises(NotEstimable, match="separates the events"):
        fine_gray(time, np.array([1] * 6 + [0] * 6), x)


@pytest.fixture
def competing(study):
    study["endpoints"] |= {"CIR": {"competing": ["DEATH"]}}
    study["columns"] = [{"name": "KIND", "label": "Kind", "type": "string", "unit": ""}]
    study["analysis"] |= {"fine_gray": {"CIR": ["GROUP", "AGE"]}, "strata": {"OS": ["KIND"]}}
    return study


def run(study, kinds="ab", late=False):
    n = 40
    patients = [
        {"GROUP": "ND" if i % 2 else "RR", "AGE": 50 + (7 * i) % 13, "KIND": kinds[i % len(kinds)]}
        for i in range(n)
    ]
    ends = [(i, 5 + (37 * i) % 101, i % 3) for i in range(1, n + 1)]
    adtte = times("CIR", [(i, t, c, "Relapse") for i, t, c in ends])
    adtte += times("OS", [(i, t, int(c == 1)) for i, t, c in ends])
    if late:
        adtte[0]["ENTRYDY"] = 2
    own = (Column("KIND", "string", "Kind"),)
    return analyse(make_tables(patients, adtte, own=own), study)[0].set_index("ard_id")


def test_the_rows_of_both(competing):
    rows = run(competing, kinds="aab")
    assert rows.loc["finegray.CIR.AGE.n", "value"] == 40
    assert rows.loc["finegray.CIR.AGE.events", "value"] == 13
    one = rows.loc["finegray.CIR.AGE.hazard_ratio", "value"]
    assert rows.loc["finegray.CIR.GROUP.RR.hazard_ratio", "method"].endswith("; reference ND")
    assert rows.loc["coxs.OS.GROUP.RR.hazard_ratio", "value"] > 0
    assert "stratified by KIND" in rows.loc["coxs.OS.n", "method"]
    competing["analysis"]["per"] = {"AGE": 10}
    ten = run(competing, kinds="aab").loc["finegray.CIR.AGE.hazard_ratio"]
    assert ten["value"] == pytest.approx(one**10)
    assert ten["method"].endswith("; per 10")


def test_strata_of_one_group_each_have_no_hazard_ratio(competing):
    rows = run(competing, kinds="ab")  # KIND is the group by another name
    assert rows.loc["coxs.OS.GROUP.RR.hazard_ratio", "reason"] == NO_LINK


def test_late_entry_has_no_subdistribution_hazard(competing):
    rows = run(competing, late=True)
    reason = rows.loc["finegray.CIR.AGE.hazard_ratio", "reason"]
    assert reason == "Fine and Gray's regression is not available with late entry"
