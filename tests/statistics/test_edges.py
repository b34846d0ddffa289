"""Curves and tests at the edge of what can be said: all dead, no variance, nobody there yet."""

import numpy as np
import pandas as pd
import pytest

from tests.statistics.made_up import make_tables, times
from venaza.contracts.columns import Column
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.group_tests import NO_LINK, NO_VARIANCE
from venaza.pipeline.statistics.survival import all_failed, log_rank

KIND = {"name": "KIND", "label": "Kind", "type": "string", "unit": ""}


def analysed(study, groups, adtte, kinds=()):
    patients = [{"GROUP": group} for group in groups]
    for patient, kind in zip(patients, kinds, strict=False):
        patient["KIND"] = kind
    own = (Column("KIND", "string", "Kind"),) if kinds else ()
    table, curves = analyse(make_tables(patients, adtte, own=own), study)
    return table.set_index("ard_id"), curves


def entered(rows, days):
    return [row | {"ENTRYDY": day} for row, day in zip(rows, days, strict=True)]


@pytest.mark.parametrize(("last", "printed"), [(0, "0.0"), (1, "not estimable")])
def test_after_the_last_death_nobody_lives_and_after_a_last_censoring_nobody_knows(
    study, last, printed
):
    rows, _ = analysed(study, ["ND"] * 3, times("OS", [(1, 20, 0), (2, 90, 0), (3, 90, last)]))
    assert rows.loc["km.OS.ND.m6.estimate", "display"] == printed
    assert rows.loc["km.OS.ND.m6.n_risk", "value"] == 0


def test_all_of_the_longest_time_must_have_failed():
    time = np.array([5.0, 9.0, 9.0])
    assert all_failed(time, np.array([False, True, True]))
    assert not all_failed(time, np.array([True, True, False]))
    assert not all_failed(np.array([]), np.array([], bool))


def test_everybody_dead_on_one_day_leaves_no_test(study):
    adtte = times("OS", [(i, 10, 0) for i in range(1, 13)])
    rows, _ = analysed(study, ["ND"] * 6 + ["RR"] * 6, adtte)
    assert rows.loc["logrank.OS.p_value", "display"] == "not estimable"
    assert rows.loc["logrank.OS.p_value", "reason"] == NO_VARIANCE


def test_one_who_outlives_the_others_gives_the_test_its_variance():
    # 2 against 2; on day 10 three of four die: O - E = 2 - 1.5, V = 3 * 1/4 * (4 - 3)/(4 - 1)
    time, event = np.array([10.0, 10, 10, 20]), np.array([True, True, True, False])
    chi, df, p = log_rank(time, event, np.array(["a", "a", "b", "b"]))
    assert (chi, df) == (pytest.approx(0.25 / (3 / 12)), 1)
    assert p == pytest.approx(0.31731, abs=1e-5)
    nan, df, _ = log_rank(time, np.array([True] * 3 + [True]), np.array(["a"] * 4))
    assert (np.isnan(nan), df) == (True, 0)


def test_strata_that_hold_one_group_each_link_nothing(study):
    study["columns"] = [KIND]
    study["analysis"]["strata"] = {"OS": ["KIND"]}
    adtte = times("OS", [(i, 10 * i, 0) for i in range(1, 13)])
    groups = ["ND"] * 6 + ["RR"] * 6
    rows, _ = analysed(study, groups, adtte, kinds=["a"] * 3 + ["b"] * 3 + ["c"] * 6)
    assert rows.loc["logrank_stratified.OS.p_value", "reason"] == NO_LINK
    rows, _ = analysed(study, groups, adtte, kinds=["a"] * 3 + ["b"] * 4 + ["c"] * 5)
    assert rows.loc["logrank_stratified.OS.p_value", "value"] is not pd.NA


def test_before_the_first_entry_nothing_is_known(study):
    study["analysis"]["landmarks_months"] = [1, 2, 4]
    adtte = times("OS", [(1, 90, 0), (2, 150, 1), (3, 200, 1)])
    rows, curves = analysed(study, ["ND"] * 3, entered(adtte, [60, 70, 61]))
    # months of 30 days: nobody had come by day 30; from day 60 on those who lived until then
    early = rows.loc["km.OS.ND.m1.estimate"]
    assert (early["display"], early["reason"]) == (
        "not estimable",
        "nobody was under observation by then",
    )
    assert rows.loc["km.OS.ND.m2.estimate", "display"] == "100.0"
    assert rows.loc["km.OS.ND.m4.estimate", "display"] == "66.7"
    assert rows.loc["km.OS.ND.m4.estimate", "method"].endswith("in those alive on day 60")
    assert curves["time"].min() == 60


def test_one_patient_from_the_start_lets_the_curve_begin_there(study):
    study["analysis"]["landmarks_months"] = [1]
    adtte = times("OS", [(1, 90, 0), (2, 150, 1)])
    rows, curves = analysed(study, ["ND"] * 2, entered(adtte, [0, 70]))
    assert rows.loc["km.OS.ND.m1.estimate", "display"] == "100.0"
    assert rows.loc["km.OS.ND.m1.estimate", "method"].endswith("left-truncated at entry")
    assert curves["time"].min() == 0


@pytest.mark.parametrize(("months", "printed"), [(1, "1.3"), (2, "1.33"), (0, "1")])
def test_months_have_the_decimals_that_the_study_asks_for(study, months, printed):
    study["analysis"]["decimals"] = {"months": months}
    rows, _ = analysed(study, ["ND"] * 3, times("OS", [(1, 40, 0), (2, 40, 0), (3, 90, 1)]))
    median = rows.loc["km.OS.ND.median"]
    assert (median["display"], median["value"]) == (printed, pytest.approx(4 / 3))
    assert rows.loc["km.OS.ND.median_days", "display"] == "40"
