"""Rank tests and tests of counts: R's numbers, what cannot be tested, and who is compared."""

import numpy as np
import pandas as pd
import pytest

from tests.reference.rank_numbers import rank_numbers
from tests.statistics.made_up import answers, make_tables
from venaza.pipeline.statistics import analyse, contingency
from venaza.pipeline.statistics.contingency import compare, exact
from venaza.pipeline.statistics.wilcoxon import exact_distribution, kruskal_wallis, rank_sum


def test_every_number_is_r_s():
    compared = list(rank_numbers())
    assert len(compared) > 40
    for case in compared:
        where = (case.data, case.number)
        if case.reference is None:
            assert pd.isna(case.ours), where
        else:
            assert case.ours == pytest.approx(case.reference, rel=1e-6, abs=1e-12), where


def test_three_against_two_by_hand():
    # Ten orders of five values; W of 4 and 5 above 1, 2 and 3 is 6, which one order in ten has.
    assert list(exact_distribution(3, 2) * 10) == pytest.approx([1, 1, 2, 2, 2, 1, 1])
    found = rank_sum(np.array([4.0, 5]), np.array([1.0, 2, 3]), 0.95)
    assert (found.statistic, found.p_value, found.shift) == (6, pytest.approx(0.2), 2.5)
    assert np.isnan(found.lower)
    assert np.isnan(found.upper)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [([], [1.0], "a group has no value"), ([2.0, 2], [2.0], "all values are equal")],
)
def test_nothing_to_compare(first, second, reason):
    assert rank_sum(np.array(first), np.array(second), 0.95) == reason


def test_nothing_to_compare_among_several():
    one = np.array([1.0, 2])
    assert kruskal_wallis([one, np.array([]), np.array([])]) == "fewer than two groups have a value"
    assert kruskal_wallis([one * 0, one * 0]) == "all values are equal"


def test_counts_that_cannot_be_tested(monkeypatch):
    assert compare(np.array([[3, 0], [4, 0]]))[1] == "a group has no value"
    assert compare(np.array([[3, 4], [0, 0]]))[1] == "fewer than two different values"
    monkeypatch.setattr(contingency, "MOST_TABLES", 10)
    method, reason = compare(np.array([[1, 1, 2], [3, 1, 0]]))
    assert (method, reason) == ("Pearson's chi-squared test", contingency.TOO_LARGE)


def test_a_table_with_too_many_tables_is_left_to_chi_squared(monkeypatch):
    monkeypatch.setattr(contingency, "MOST_TABLES", 10_000)
    table = np.array([[3 + 7 * i, 40 + 11 * ((i * 5) % 7)] for i in range(14)])
    assert exact(table) is None
    assert compare(table)[0] == "Pearson's chi-squared test"


def test_exact_of_three_groups_by_hand():
    # margins 2, 2 and 2, 1, 1; of the 6 ways to choose the two of the first row:
    #   [2 0 0 / 0 1 1] 1/6, [0 1 1 / 2 0 0] 1/6, [1 1 0 / 1 0 1] 2/6, [1 0 1 / 1 1 0] 2/6
    assert exact(np.array([[2, 0, 0], [0, 1, 1]])) == pytest.approx(1 / 3)
    assert exact(np.array([[1, 1, 0], [1, 0, 1]])) == pytest.approx(1)


def run(study, patients, adrs=()):
    table, _ = analyse(make_tables(patients, adrs=adrs), study)
    return table.set_index("ard_id")


PATIENTS = [
    {
        "GROUP": "RR" if i % 3 else "ND",
        "AGE": None if i == 7 else 50 + (7 * i) % 23,
        "SEX": "FM"[i % 2],
    }
    for i in range(18)
]


def test_baseline_is_compared_only_where_the_study_asks_for_it(study):
    study["analysis"]["table1"] = ["AGE", "SEX"]
    assert not run(study, PATIENTS).index.str.startswith(("wilcoxon", "contingency")).any()
    study["analysis"]["compare_baseline"] = True
    rows = run(study, PATIENTS)
    assert rows.loc["wilcoxon.AGE.n", "value"] == 17
    row = rows.loc["wilcoxon.AGE.p_value"]
    assert row["method"].startswith("Wilcoxon's rank-sum test, ")
    assert "unadjusted, exploratory" in row["method"]
    assert 0 < row["value"] <= 1
    assert rows.loc["contingency.SEX.p_value", "value"] == pytest.approx(1)
    assert rows.loc["wilcoxon.AGE.shift", "unit"] == "years"


def test_three_groups_are_compared_by_kruskal_and_wallis(study):
    study["groups"]["levels"] = dict.fromkeys(["ND", "RR", "S"], "")
    study["analysis"] |= {"table1": ["AGE"], "compare_baseline": True}
    patients = [{"GROUP": ("ND", "RR", "S")[i % 3], "AGE": 40 + i * i} for i in range(12)]
    rows = run(study, patients)
    assert rows.loc["kruskal.AGE.df", "display"] == "2"
    assert "wilcoxon.AGE.p_value" not in rows.index


def test_times_to_response_are_compared_in_months(study):
    patients = [{"GROUP": g} for g in ("ND", "ND", "ND", "RR", "RR", "RR")]
    days = {1: 30, 2: 60, 3: 27, 4: 90, 5: 120, 6: 150}
    rows = run(study, patients, answers("TTR", days))
    assert rows.loc["wilcoxon.TTR.p_value", "value"] == pytest.approx(0.1)
    assert rows.loc["wilcoxon.TTR.shift", "value"] == pytest.approx(-90 / 30)
    assert (
        rows.loc["wilcoxon.TTR.lower", "reason"] == "too few values for an interval of this level"
    )
    study["analysis"]["compare_groups"] = False
    assert not run(study, patients, answers("TTR", days)).index.str.startswith("wilcoxon").any()


def test_one_group_without_responders_is_null_with_the_reason(study):
    rows = run(study, [{"GROUP": "ND"}, {"GROUP": "RR"}], answers("TTR", {1: 30}))
    assert rows.loc["wilcoxon.TTR.p_value", "reason"] == "a group has no value"
