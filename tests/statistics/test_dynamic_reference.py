"""Gray's test, strata, restricted means and time-dependent covariates are R's, ties and all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from venaza.pipeline.statistics.exposure_periods import (
    at_risk,
    event_table,
    intervals,
    mantel_byar,
    simon_makuch,
    time_dependent_cox,
)
from venaza.pipeline.statistics.gray import gray
from venaza.pipeline.statistics.rmst import restricted_mean
from venaza.pipeline.statistics.stratified import stratified_log_rank
from venaza.pipeline.statistics.survival import at, kaplan_meier

R = json.loads(
    (Path(__file__).parents[1] / "reference" / "r_dynamic.json").read_text(encoding="utf-8")
)


def frame(case: dict) -> pd.DataFrame:
    return pd.DataFrame(case["data"])


def same(ours: tuple[float, int, float], reference: dict) -> None:
    chi, df, p = ours
    assert df == reference["df"]
    assert chi == pytest.approx(reference["chi_square"], rel=1e-6, abs=1e-9)
    assert p == pytest.approx(reference["p_value"], rel=1e-6)


@pytest.mark.parametrize("name", R["gray"])
def test_gray_is_r_s(name):
    data = frame(R["gray"][name])
    same(gray(*(data[c].to_numpy() for c in ("time", "cause", "group"))), R["gray"][name])


def test_gray_without_an_event_or_with_one_group_says_nothing():
    time, group = np.array([1.0, 2, 3]), np.array(["A", "B", "A"])
    assert np.isnan(gray(time, np.array([0, 2, 0]), group)[2])
    assert np.isnan(gray(time, np.array([1, 1, 0]), np.array(["A"] * 3))[2])


@pytest.mark.parametrize("name", R["stratified"])
def test_the_stratified_log_rank_is_r_s(name):
    data = frame(R["stratified"][name])
    ours = stratified_log_rank(
        data["time"].to_numpy(float),
        data["cause"].to_numpy() == 1,
        data["group"].to_numpy(str),
        data["stratum"].to_numpy(str),
    )
    same(ours, R["stratified"][name])


@pytest.mark.parametrize("name", R["rmst"])
def test_the_restricted_mean_is_r_s(name):
    data = frame(R["rmst"][name])
    curve = kaplan_meier(data["time"].to_numpy(float), data["cause"].to_numpy() == 1, 0.95)
    for reference in R["rmst"][name]["horizon"]:
        mean, error = restricted_mean(curve, reference["horizon"])
        assert mean == pytest.approx(reference["estimate"], rel=1e-6)
        assert error == pytest.approx(reference["se"], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("name", R["change"])
def test_what_changes_during_follow_up_is_r_s(name):
    reference = R["change"][name]
    data = frame(reference)
    patients = pd.DataFrame(
        {
            "AVAL": data["time"],
            "CNSR": 1 - data["event"],
            "CHANGE": pd.to_numeric(data["change"]).astype("Float64"),
            "STRATUM": data["stratum"],
        }
    )
    check(patients, reference)


def check(patients: pd.DataFrame, reference: dict) -> None:
    """Hold the Cox model, the test and both curves of ``patients`` against R's."""
    rows = intervals(patients)
    assert int(rows["exposed"].sum()) == reference["exposed"]
    assert int(rows["event"].sum()) == reference["events"]
    table = event_table(rows)
    ours = time_dependent_cox(table, 0.95)
    for key, value in reference["cox"].items():
        assert ours[key] == pytest.approx(value, rel=1e-6), key
    same(mantel_byar(table), reference["mantel_byar"])
    days = reference["simon_makuch"]["days"]
    for state, exposed in (("unexposed", False), ("exposed", True)):
        own = rows[rows["exposed"] == exposed]
        curve = simon_makuch(own, 0.95)
        for i, day in enumerate(days):
            theirs = {k: v[i] for k, v in reference["simon_makuch"][state].items()}
            assert at_risk(own, np.array([float(day)]))[0] == theirs.pop("n_risk")
            row = at(curve, day)
            for key, value in theirs.items():
                if value is None or row["estimate"] in (0.0, 1.0):
                    assert np.isnan(row[key]) or row[key] == value
                else:
                    assert row[key] == pytest.approx(value, rel=1e-6), (state, day, key)
