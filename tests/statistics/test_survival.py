"""Kaplan-Meier, its quantiles and the log-rank test: R's numbers, and what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.statistics.made_up import make_tables, printed, times
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import analyse, time_to_event
from venaza.pipeline.statistics.survival import at, at_risk, kaplan_meier, log_rank, quantile

CASES = (
    "ties",
    "all_censored",
    "none_censored",
    "one_patient_event",
    "one_patient_censored",
    "one_group_without_events",
    "events_at_zero",
    "flat_at_one_half",
    "flat_at_one_half_exactly",
    "flat_at_quartiles",
    "flat_to_the_end",
    "group_gone_before_first_event",
    "leaves_with_event",
)


def close(value, reference):
    """Equal to R's value to 1e-6; R's NA is our NaN."""
    if reference is None:
        return math.isnan(value)
    return value == pytest.approx(reference, rel=1e-6, abs=1e-12)


def by_group(case):
    data = pd.DataFrame(case["data"])
    for group, rows in data.groupby("group"):
        yield group, rows["time"].to_numpy(float), (rows["cause"] == 1).to_numpy()


def test_every_case_of_r_is_here(r_values):
    assert set(CASES) == set(r_values["edge"])


@pytest.mark.parametrize("name", CASES)
def test_curve_is_r_s(r_values, name):
    case = r_values["edge"][name]
    for group, time, event in by_group(case):
        reference = case["km"][group]["curve"]
        curve = kaplan_meier(time, event, 0.95).set_index("time")
        for i, day in enumerate(reference["time"]):
            row = curve.loc[float(day)]
            assert row["n_risk"] == reference["n_risk"][i]
            assert row["n_event"] == reference["n_event"][i]
            for part in ("estimate", "lower", "upper"):
                assert close(row[part], reference[part][i]), (group, day, part)


@pytest.mark.parametrize("name", CASES)
def test_quantiles_are_r_s(r_values, name):
    case = r_values["edge"][name]
    for group, time, event in by_group(case):
        reference = case["km"][group]
        curve = kaplan_meier(time, event, 0.95)
        assert close(quantile(curve, 0.5), reference["median"])
        assert close(quantile(curve, 0.5, "lower"), reference["lower"])
        assert close(quantile(curve, 0.5, "upper"), reference["upper"])
        for level, quartile in ((0.75, "q1"), (0.25, "q3")):
            assert close(quantile(curve, level), reference[quartile])
        reverse = kaplan_meier(time, ~event, 0.95)
        assert close(quantile(reverse, 0.5), reference["reverse"]["median"])
        assert close(quantile(reverse, 0.5, "upper"), reference["reverse"]["upper"])


def test_flat_to_the_end_is_print_survfit_not_quantile_survfit(r_values):
    # S is 0.5 from day 2 on: print.survfit says 2, quantile.survfit the middle of 2 and the
    # last observation, which is no property of the survival.
    reference = r_values["edge"]["flat_to_the_end"]["km"]["A"]
    assert (reference["median"], reference["median_by_quantile"]) == (2, 5.5)
    curve = kaplan_meier(np.array([1.0, 2, 6, 9]), np.array([True, True, False, False]), 0.95)
    assert quantile(curve, 0.5) == 2


@pytest.mark.parametrize("name", CASES)
def test_landmarks_are_r_s(r_values, name):
    case = r_values["edge"][name]
    for group, time, event in by_group(case):
        curve = kaplan_meier(time, event, 0.95)
        for reference in case["km"][group]["at"]:
            day = reference["day"]
            assert at_risk(time, day) == reference["n_risk"]
            if reference["estimate"] is None:
                assert day > time.max()
            else:
                row = at(curve, day)
                assert close(row["estimate"], reference["estimate"])
                certain = reference["estimate"] in (0, 1)
                # before the first time R prints limits of 1, after it NA: we always say none
                for limit in ("lower", "upper"):
                    assert close(row[limit], None if certain else reference[limit])


@pytest.mark.parametrize("name", CASES)
def test_log_rank_is_r_s(r_values, name):
    case = r_values["edge"][name]
    data = pd.DataFrame(case["data"])
    if data["group"].nunique() < 2:
        return
    chi, df, p = log_rank(
        data["time"].to_numpy(float), (data["cause"] == 1).to_numpy(), data["group"].to_numpy(str)
    )
    assert (close(chi, case["logrank"]["chi_square"]), df) == (True, case["logrank"]["df"])
    assert close(p, case["logrank"]["p_value"])


def test_log_rank_refuses_without_events_or_groups():
    time, group = np.array([1.0, 2, 3, 4]), np.array(["A", "A", "B", "B"])
    assert math.isnan(log_rank(time, np.zeros(4, bool), group)[0])
    assert math.isnan(log_rank(time, np.ones(4, bool), np.array(["A"] * 4))[2])


patients = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40)


def arrays(rows):
    time, event = zip(*rows, strict=True)
    return np.array(time, float), np.array(event, bool)


@settings(max_examples=60, deadline=None)
@given(patients)
def test_survival_and_numbers_at_risk_only_fall(rows):
    time, event = arrays(rows)
    curve = kaplan_meier(time, event, 0.95)
    assert curve["estimate"].between(0, 1).all()
    assert (curve["estimate"].diff().dropna() <= 1e-12).all()
    assert (curve["n_risk"].diff().dropna() <= 0).all()
    assert curve["n_risk"].iloc[0] == len(rows)
    assert curve["n_event"].sum() + curve["n_censor"].sum() == len(rows)
    limits = curve.dropna(subset=["lower", "upper"])
    assert (limits["lower"] <= limits["estimate"] + 1e-12).all()
    assert (limits["estimate"] <= limits["upper"] + 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(patients, st.sampled_from([2.0, 7.0, 30.4375]))
def test_another_unit_of_time_changes_the_unit_alone(rows, factor):
    time, event = arrays(rows)
    days, other = kaplan_meier(time, event, 0.95), kaplan_meier(time * factor, event, 0.95)
    assert other["estimate"].tolist() == pytest.approx(days["estimate"].tolist())
    for column in ("estimate", "lower", "upper"):
        expected = quantile(days, 0.5, column) * factor
        assert quantile(other, 0.5, column) == pytest.approx(expected, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(patients, st.integers(1, 50))
def test_one_more_patient_censored_after_the_last_event(rows, later):
    """At risk throughout, such a patient changes estimates; censored *twice* as late, nothing."""
    time, event = arrays(rows)
    time, event = np.append(time, time.max() + 1), np.append(event, False)
    before = kaplan_meier(time, event, 0.95)
    time[-1] += later
    after = kaplan_meier(time, event, 0.95)
    pd.testing.assert_frame_equal(before.iloc[:-1], after.iloc[:-1])
    assert quantile(after, 0.5) == pytest.approx(quantile(before, 0.5), nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(patients, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(
        kaplan_meier(*arrays(rows), 0.95), kaplan_meier(*arrays(shuffled), 0.95)
    )


def rows_of(study, adtte, patients=None):
    patients = patients or [{"GROUP": "ND"}] * 3 + [{"GROUP": "RR"}] * 3
    return analyse(make_tables(patients, adtte), study)


def test_times_are_counted_in_days_and_printed_in_months(study):
    adtte = times("OS", [(1, 48, 0), (2, 358, 0), (3, 400, 1), (4, 0, 0), (5, 20, 0), (6, 20, 0)])
    table, _ = rows_of(study, adtte)
    found = printed(table)
    assert found["km.OS.ND.median"] == "11.93"
    assert found["km.OS.ND.median_days"] == "358"
    assert found["km.OS.ND.m6.estimate"] == "66.7"
    assert found["km.OS.ND.m6.n_risk"] == "2"
    assert (found["km.OS.RR.min"], found["km.OS.RR.max"]) == ("0.00", "0.67")
    assert found["event.OS.RR.Death.n"] == "3"


def test_beyond_follow_up_there_is_nothing(study):
    table, _ = rows_of(study, times("OS", [(1, 10, 0), (2, 200, 1), (4, 5, 0)]))
    rows = table.set_index("ard_id")
    assert rows.loc["km.OS.ND.m6.estimate", "value"] == pytest.approx(50)
    beyond = rows.loc["km.OS.ND.m12.estimate"]
    assert (beyond["display"], beyond["reason"]) == ("not estimable", "beyond follow-up")
    assert rows.loc["km.OS.ND.m12.n_risk", "value"] == 0
    # all of RR are dead by day 5: in month 6 nobody is alive
    dead = rows.loc["km.OS.RR.m6.estimate"]
    assert (dead["display"], dead["value"]) == ("0.0", 0)
    assert rows.loc["km.OS.RR.m6.lower", "reason"] == "no limit where the estimate is 0%"


def test_risk_table_ends_with_the_longest_followed_group(study):
    table, _ = rows_of(study, times("OS", [(1, 95, 1), (4, 90, 0), (5, 89, 0)]))
    found = printed(table)
    keys = [key for key in found if key.startswith("risk.")]
    assert keys == [
        f"risk.OS.{group}.m{month}.n_risk" for group in ("ND", "RR") for month in (0, 3)
    ]
    assert [found[key] for key in keys] == ["1", "1", "2", "1"]


def test_a_group_without_patients(study):
    table, curves = rows_of(study, times("OS", [(1, 10, 0), (2, 20, 0)]))
    rows = table.set_index("ard_id")
    assert rows.loc["km.OS.RR.n", "value"] == 0
    assert rows.loc["km.OS.RR.median", "reason"] == "no patient with this endpoint"
    assert rows.loc["km.OS.RR.median", "display"] == "not estimable"
    assert rows.loc["rkm.OS.RR.median", "display"] == "not estimable"
    assert rows.loc["logrank.OS.p_value", "reason"] == "fewer than two groups with patients at risk"
    assert set(curves["group"]) == {"ND"}


def test_not_reached(study):
    table, _ = rows_of(study, times("OS", [(1, 10, 0), (2, 20, 1), (3, 30, 1), (4, 40, 1)]))
    rows = table.set_index("ard_id")
    median = rows.loc["km.OS.ND.median"]
    assert (median["display"], median["reason"]) == ("not reached", "the estimate stays above 50%")
    assert rows.loc["km.OS.RR.median_upper", "display"] == "not reached"
    assert rows.loc["logrank.OS.df", "display"] == "1"


def test_patients_outside_the_population_do_not_count(study):
    patients = [{"GROUP": "ND"}, {"GROUP": "ND", "ITTFL": "N"}]
    table, _ = rows_of(study, times("OS", [(1, 10, 0), (2, 20, 0)]), patients)
    assert printed(table)["km.OS.ND.n"] == "1"


def test_a_negative_time_stops_the_run(study):
    tables = make_tables([{"GROUP": "ND"}], times("OS", [(1, -1, 0)]))
    with pytest.raises(StudyError, match="negative time for OS") as error:
        time_to_event.endpoint_tables(tables["adsl"], tables["adtte"], study)
    assert "P001" in str(error.value)
