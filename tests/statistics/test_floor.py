"""The floor of patients and events: each kind of number from both sides of it."""

import pandas as pd
import pytest

from tests.statistics.made_up import answers, make_tables, times
from venaza.contracts.analysis import MILESTONES
from venaza.contracts.files import conform
from venaza.pipeline.statistics import analyse

COMPARED = (
    *("logrank.OS.p_value", "rmst.OS.difference.p_value", "cox.OS.GROUP.RR.hazard_ratio"),
    *("zph.OS.GROUP.p_value", "coxm.OS.GROUP.RR.hazard_ratio", "gray.CIR.event.p_value"),
    *("landmark.OS.d5.all.p_value", "mantelbyar.OS.CR.p_value", "tdcox.OS.CR.hazard_ratio"),
    *("subgroup.OS.SEX.F.hazard_ratio", "subgroup.OS.SEX.interaction.p_value"),
    "influence.OS.GROUP.RR.hazard_ratio.min",
)
ESTIMATED = (
    *("km.OS.RR.median", "km.OS.RR.m1.estimate", "rmst.OS.RR.estimate", "km.OS.RR.median_days"),
    *("ci.CIR.RR.event.m1.estimate", "rkm.OS.RR.median"),
)


def cohort(few: int, events: int, others: int = 12):
    """``few`` in RR, ``others`` in ND; ``events`` of RR die, all of ND.

    In remission on day 2 are as many, half of them of RR and the last of it, so that as many of
    them die. Everybody is a woman, so that the one subgroup is the cohort.
    """
    groups = ["RR"] * few + ["ND"] * others
    living = range(events + 1, few + 1)
    ends = [
        (i, 200 + i if i in living else 10 + 37 * i % 101, int(i in living))
        for i in range(1, few + others + 1)
    ]
    adtte = times("OS", ends)
    adtte += times("CIR", [(i, days, cnsr, "Relapse") for i, days, cnsr in ends])
    adrs = answers("ORR", {i: i % 2 for i in range(1, few + others + 1)})
    patients = [
        {"GROUP": g, "SEX": "F", "AGE": 50 + i, "RESPFL": "Y"} for i, g in enumerate(groups)
    ]
    found = [
        {"USUBJID": f"P{i:03d}", "MILESTONE": "FIRST_REMISSION", "ADY": 2}
        for i in range(few - few // 2 + 1, 2 * few - few // 2 + 1)
    ]
    tables = make_tables(patients, adtte, adrs)
    return tables | {"milestones": conform(pd.DataFrame(found), MILESTONES)}


@pytest.fixture
def numbers(study):
    study["endpoints"] |= {"CIR": {"competing": ["DEATH"]}}
    study["analysis"] |= {
        **{"least_patients": 5, "least_events": 5, "landmarks_months": [1], "table1": ["AGE"]},
        **{"cox": {"OS": ["GROUP"]}, "multivariable": {"OS": ["GROUP"]}, "landmark_days": [5]},
        **{"events_per_parameter": 0, "rmst_months": {"OS": 1}, "subgroups": {"OS": ["SEX"]}},
        **{"time_dependent": {"OS": {"CR": "FIRST_REMISSION"}}, "compare_baseline": True},
        "influence": True,
    }

    def made(few, events, **changed):
        study["analysis"] |= changed
        table, curves = analyse(cohort(few, events), study)
        return table.set_index("ard_id"), curves

    return made


def test_five_patients_with_five_events_are_estimated_and_compared(numbers):
    rows, curves = numbers(5, 5)
    for key in (*COMPARED, *ESTIMATED):
        assert not rows.loc[key, "display"].startswith("too few"), key
    assert rows.loc["fisher.ORR.p_value", "value"] > 0
    assert rows.loc["wilcoxon.AGE.p_value", "value"] > 0
    assert set(curves["group"]) == {"ND", "RR"}


def test_four_patients_are_counted_and_no_more(numbers):
    rows, curves = numbers(4, 4)
    for key in COMPARED:
        assert rows.loc[key, "display"] == "too few to compare", key
    for key in ESTIMATED:
        assert rows.loc[key, "display"] == "too few to estimate", key
    assert rows.loc["logrank.OS.p_value", "reason"] == (
        "too few to compare: RR 4 patients, 4 events"
    )
    assert rows.loc["km.OS.RR.median", "reason"] == (
        "too few to estimate: 4 patients, fewer than 5"
    )
    assert rows.loc["landmark.OS.d5.RR.remission.median", "display"] == "too few to estimate"
    # counted all the same
    assert rows.loc["km.OS.RR.n", "display"] == "4"
    assert rows.loc["coxn.OS.GROUP.RR.events", "display"] == "4"
    assert rows.loc["coxn.OS.GROUP.ND.n", "display"] == "12"
    for key in ("fisher.ORR.p_value", "difference.ORR.estimate", "wilcoxon.AGE.shift"):
        assert rows.loc[key, "display"] == "too few to compare", key
    # neither a curve of four, nor one after a change that came to four
    assert set(curves.loc[curves["curve"] != "simon_makuch", "group"]) == {"ND"}
    assert not curves["cause"].isin(["CR exposed"]).any()
    # the other group is estimated as before
    assert rows.loc["km.OS.ND.median", "value"] > 0


def test_four_events_of_six_are_too_few_for_a_median_and_a_comparison(numbers):
    rows, curves = numbers(6, 4)
    for key in COMPARED:
        assert rows.loc[key, "display"] == "too few to compare", key
    assert rows.loc["km.OS.RR.median", "reason"] == "too few to estimate: 4 events, fewer than 5"
    assert rows.loc["km.OS.RR.median_lower", "display"] == "too few to estimate"
    # six patients have a curve, and a test of their values needs no events
    assert rows.loc["km.OS.RR.m1.estimate", "value"] > 0
    assert rows.loc["fisher.ORR.p_value", "value"] > 0
    assert set(curves["group"]) == {"ND", "RR"}


def test_a_median_that_is_not_reached_needs_no_events(numbers):
    rows, _ = numbers(6, 2)
    assert rows.loc["km.OS.RR.median", "display"] == "not reached"


def test_the_study_lowers_the_floor(numbers):
    rows, _ = numbers(4, 4, least_patients=4, least_events=4)
    assert rows.loc["km.OS.RR.median", "value"] > 0
    assert rows.loc["logrank.OS.p_value", "value"] >= 0
    rows, _ = numbers(4, 4, least_patients=4, least_events=5)
    assert rows.loc["logrank.OS.p_value", "display"] == "too few to compare"


def test_a_level_of_four_has_no_ratio_and_the_others_keep_theirs(study):
    study["analysis"] |= {"least_patients": 5, "least_events": 5, "cox": {"OS": ["SEX"]}}
    study["levels"] = {"SEX": ["a", "b", "c"]}
    patients = [{"GROUP": "ND", "SEX": "aaaaaabbbbbbcccc"[i]} for i in range(16)]
    ends = [(i, 10 + (7 * i) % 31, 0) for i in range(1, 17)]
    rows = analyse(make_tables(patients, times("OS", ends)), study)[0].set_index("ard_id")
    assert rows.loc["cox.OS.SEX.c.hazard_ratio", "display"] == "too few to compare"
    assert rows.loc["cox.OS.SEX.b.hazard_ratio", "value"] > 0
    assert rows.loc["coxn.OS.SEX.c.n", "display"] == "4"
