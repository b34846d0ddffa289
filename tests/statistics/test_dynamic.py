"""Rows on landmarks, changes during follow-up, restricted means, strata and salvage, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.statistics.changing import changing_tables
from tests.statistics.made_up import printed
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.exposure_periods import intervals


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return changing_tables()


def reasons(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["ard_id"], table["reason"], strict=True))


def test_the_landmark_counts_who_is_left_and_who_had_the_remission_by_then(tables, study):
    study["analysis"]["landmark_days"] = [60]
    text = printed(analyse(tables, study)[0])
    assert text["landmark.OS.d60.ND.excluded.n"] == "2"  # day 40, and day 60 itself
    assert text["landmark.OS.d60.ND.remission.n"] == "1"  # P003 on day 60, P004 a day late
    assert text["landmark.OS.d60.ND.no_remission.n"] == "1"
    assert text["landmark.OS.d60.RR.remission.n"] == "1"
    assert text["landmark.OS.d60.RR.no_remission.events"] == "3"
    assert text["landmark.OS.d60.RR.no_remission.median"] == "1.00"  # 1, 30, 90 days after 60
    assert "landmark.OS.d60.all.p_value" in text
    assert "landmark.OS.d60.all.remission.n" not in text


def test_a_landmark_without_responders_gives_no_test_but_a_reason(tables, study):
    study["analysis"]["landmark_days"] = [20]
    table = analyse(tables, study)[0]
    assert printed(table)["landmark.OS.d20.ND.remission.n"] == "0"
    assert "never at risk together" in reasons(table)["landmark.OS.d20.all.p_value"]
    assert reasons(table)["landmark.OS.d20.ND.remission.median"] == "no patient with this endpoint"


def test_a_patient_is_exposed_from_the_change_on():
    patients = pd.DataFrame(
        {
            "AVAL": [10, 10, 10, 10, 0, 10],
            "CNSR": [0, 0, 0, 1, 0, 0],
            "CHANGE": pd.array([4, 10, 0, 12, 0, None], dtype="Float64"),
            "STRATUM": ["s"] * 6,
        }
    )
    rows = intervals(patients)
    found = {tuple(r) for r in rows[["start", "stop", "event", "exposed"]].itertuples(index=False)}
    assert found == {
        (0, 4, False, False),  # before the change on day 4
        (4, 10, True, True),
        (0, 9.5, False, False),  # the change on the last day: half a day earlier
        (9.5, 10, True, True),
        (0, 10, True, True),  # exposed from the start
        (0, 10, False, False),  # changed after the end of follow-up
        (0, 0.5, True, True),  # a time of 0 lasts half a day
        (0, 10, True, False),
    }


def test_the_change_is_counted_and_estimated_within_the_groups(tables, study):
    study["analysis"]["time_dependent"] = {"OS": {"REMISSION": "FIRST_REMISSION"}}
    table, curves = analyse(tables, study)
    text = printed(table)
    assert [text[f"tdcox.OS.REMISSION.{s}"] for s in ("n", "events", "exposed")] == ["8", "7", "5"]
    assert text["mantelbyar.OS.REMISSION.df"] == "1"
    assert text["simonmakuch.OS.REMISSION.ND.unexposed.m0.n_risk"] == "4"
    assert text["simonmakuch.OS.REMISSION.ND.exposed.m0.n_risk"] == "0"
    assert text["simonmakuch.OS.REMISSION.ND.exposed.m3.n_risk"] == "2"  # day 90: P003, P004
    drawn = curves[curves["curve"] == "simon_makuch"]
    assert set(drawn["cause"]) == {"REMISSION exposed", "REMISSION unexposed"}
    assert (
        "stratified by disease status"
        in table.set_index("ard_id").loc["tdcox.OS.REMISSION.hazard_ratio", "method"]
    )


def test_a_change_that_nobody_has_gives_reasons(tables, study):
    study["analysis"]["time_dependent"] = {"OS": {"TRANSPLANT": "TRANSPLANT"}}
    table = analyse(tables, study)[0]
    assert printed(table)["tdcox.OS.TRANSPLANT.exposed"] == "0"
    assert reasons(table)["tdcox.OS.TRANSPLANT.hazard_ratio"] == "no event after the change"
    assert "never at risk together" in reasons(table)["mantelbyar.OS.TRANSPLANT.p_value"]


def test_an_endpoint_without_events_gives_reasons(tables, study):
    study["analysis"]["time_dependent"] = {"OS": {"REMISSION": "FIRST_REMISSION"}}
    tables["adtte"]["CNSR"] = 1
    table = analyse(tables, study)[0]
    assert reasons(table)["tdcox.OS.REMISSION.hazard_ratio"] == "no event"
    assert reasons(table)["mantelbyar.OS.REMISSION.chi_square"] == "no event"


def test_the_restricted_mean_stops_at_the_shorter_follow_up(tables, study):
    study["analysis"]["rmst_months"] = {"OS": 6}
    tables["adtte"].loc[tables["adtte"]["USUBJID"] == "P008", "CNSR"] = 1  # RR followed 150 days
    table = analyse(tables, study)[0]
    text = printed(table)
    # (40 + 60 + 120 + 180) / 4 days
    assert text["rmst.OS.ND.estimate"] == "3.33"
    assert reasons(table)["rmst.OS.RR.estimate"] == "the horizon is beyond follow-up"
    assert reasons(table)["rmst.OS.difference.p_value"] == "the horizon is beyond follow-up"


def test_the_restricted_mean_of_a_group_that_died_out_is_known(tables, study):
    study["analysis"]["rmst_months"] = {"OS": 6}
    text = printed(analyse(tables, study)[0])
    assert text["rmst.OS.RR.estimate"] == "3.34"  # (61 + 90 + 100 + 150) / 4 days
    assert text["rmst.OS.difference.estimate"] == "-0.01"


def test_strata_leave_out_patients_without_them(tables, study):
    study["analysis"]["strata"] = {"OS": ["SEX"]}
    tables["adsl"].loc[0, "SEX"] = pd.NA
    text = printed(analyse(tables, study)[0])
    assert text["logrank_stratified.OS.n"] == "7"
    assert text["logrank_stratified.OS.df"] == "1"


def test_salvage_is_described_by_kind_none_first(tables, study):
    study["endpoints"] = {"PFOS": {"competing": []}}
    adsl = tables["adsl"]
    adsl["PFTRTFL"] = pd.array(["Y", "Y", "N", "N", "Y", "Y", pd.NA, "N"], dtype="string")
    adsl["PFTRTCL"] = pd.array(
        ["other", "chemotherapy", pd.NA, pd.NA, pd.NA, "chemotherapy", pd.NA, pd.NA], dtype="string"
    )
    tables["adtte"]["PARAMCD"] = "PFOS"
    text = printed(analyse(tables, study)[0])
    found = [key.split(".")[2] for key in text if key.startswith("salvage.ND") and key[-2:] == ".n"]
    assert found == ["none", "chemotherapy", "other", "not_recorded"]
    assert text["salvage.ND.none.n"] == "2"
    assert text["salvage.RR.chemotherapy.median"] == "3.00"


def test_the_order_of_the_rows_does_not_matter(tables, study):
    study["analysis"] |= {
        "landmark_days": [60],
        "time_dependent": {"OS": {"REMISSION": "FIRST_REMISSION"}},
        "strata": {"OS": ["SEX"]},
        "rmst_months": {"OS": 3},
    }
    turned = {name: frame.iloc[::-1] for name, frame in tables.items()}
    for ours, theirs in zip(analyse(tables, study), analyse(turned, study), strict=True):
        pd.testing.assert_frame_equal(ours, theirs)
