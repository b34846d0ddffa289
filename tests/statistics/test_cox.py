"""Cox regression against R, and every reason for not giving a hazard ratio."""

import numpy as np
import pandas as pd
import pytest

from tests.statistics.made_up import make_tables, printed, times
from venaza.contracts.columns import Column
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.cox import NotEstimable, cox


def test_ties_and_time_zero_as_r(r_values):
    case = r_values["cox_small"]
    data = pd.DataFrame(case["data"])
    found = cox(
        data["time"].to_numpy(float), (data["cause"] == 1).to_numpy(), data[["x"]], 0.95
    ).loc["x"]
    for name, value in case["cox"]["x"].items():
        assert found[name] == pytest.approx(value, rel=1e-6), name


def test_too_few_events():
    with pytest.raises(NotEstimable, match="fewer than 5 events"):
        cox(np.arange(1.0, 9), np.arange(8) < 4, pd.DataFrame({"x": range(8)}), 0.95)


@pytest.mark.parametrize("x", [[8, 7, 6, 5, 4, 3, 2, 1], [1, 1, 1, 1, 0, 0, 0, 0]])
def test_separation_is_no_huge_ratio(recwarn, x):
    # everybody with the higher value fails first
    with pytest.raises(NotEstimable, match="separates"):
        cox(np.arange(1.0, 9), np.ones(8, bool), pd.DataFrame({"x": x}), 0.95)
    assert not recwarn.list


OWN = (Column("KIND", "string", "Kind"), Column("LOAD", "number", "Load"))
COLUMNS = [
    {"name": "KIND", "label": "Kind", "type": "string", "unit": ""},
    {"name": "LOAD", "label": "Load", "type": "number", "unit": ""},
]


def run(study, patients, days, variables, endpoint="OS"):
    study["columns"] = COLUMNS
    study["analysis"]["cox"] = {endpoint: variables}
    adtte = times(endpoint, [(i, *what) for i, what in enumerate(days, 1)])
    table, _ = analyse(make_tables(patients, adtte, own=OWN), study)
    return table[table["analysis"] == "cox"].set_index("ard_id")


TEN = [(10 + 7 * i, 0 if i % 5 else 1) for i in range(10)]


def test_patients_without_the_variable_are_left_out_and_counted(study):
    patients = [{"GROUP": "ND", "AGE": 60 + (i * 7) % 11} for i in range(9)] + [{"GROUP": "ND"}]
    rows = run(study, patients, TEN, ["AGE"])
    assert rows.loc["cox.OS.AGE.n", "display"] == "9"
    assert rows.loc["cox.OS.AGE.events", "display"] == "7"
    assert rows.loc["cox.OS.AGE.hazard_ratio", "value"] > 0
    assert rows.loc["cox.OS.AGE.hazard_ratio", "method"] == (
        "Cox regression, univariable, Firth's penalty with profile-likelihood limits, Efron ties"
    )


def test_reference_is_the_first_group_and_no_of_a_flag(study):
    patients = [{"GROUP": "ND" if i % 2 else "RR", "PRIORHMA": "YN"[i % 3 > 0]} for i in range(10)]
    rows = run(study, patients, TEN, ["GROUP", "PRIORHMA"])
    levels = [key for key in rows.index if key.endswith("hazard_ratio")]
    assert levels == ["cox.OS.GROUP.RR.hazard_ratio", "cox.OS.PRIORHMA.Y.hazard_ratio"]
    row = rows.loc[levels[0]]
    assert (row["term"], row["method"]) == (
        "RR",
        "Cox regression, univariable, Firth's penalty with profile-likelihood limits, Efron ties"
        "; reference ND",
    )


def test_a_level_without_events_is_estimated_with_the_penalty(study):
    kinds = ["a", "b", "c"]
    patients = [{"GROUP": "ND", "KIND": kinds[i % 3]} for i in range(60)]
    days = [(5 + 3 * i, 1 if i % 3 == 2 else 0) for i in range(60)]
    rows = run(study, patients, days, ["KIND"])
    ratio = rows.loc["cox.OS.KIND.c.hazard_ratio"]
    assert rows.loc["cox.OS.KIND.events", "value"] == 40
    assert 0 < rows.loc["cox.OS.KIND.c.lower", "value"] < ratio["value"] < 0.1
    assert rows.loc["cox.OS.KIND.c.upper", "value"] < 1
    assert "Firth" in ratio["method"]
    assert "Firth" in rows.loc["cox.OS.KIND.b.hazard_ratio", "method"]


def test_a_level_without_patients_is_null_and_the_others_stand(study):
    patients = [{"GROUP": "ND", "PRIORHMA": "N", "AGE": 60 + (i * 7) % 11} for i in range(10)]
    rows = run(study, patients, TEN, ["PRIORHMA", "AGE"])
    assert rows.loc["cox.OS.PRIORHMA.Y.hazard_ratio", "reason"] == "no patient with Y"
    assert rows.loc["cox.OS.AGE.hazard_ratio", "value"] > 0


def test_with_fewer_than_five_events_there_is_no_comparison(study):
    patients = [{"GROUP": "ND", "KIND": kind} for kind in "aabbab"]
    days = [(10 * (i + 1), status) for i, status in enumerate([0, 0, 0, 1, 1, 0])]
    rows = run(study, patients, days, ["KIND"])
    assert rows.loc["cox.OS.KIND.b.p_value", "reason"] == "fewer than 5 events"


def test_a_group_that_nobody_is_in(study):
    patients = [{"GROUP": "ND", "LOAD": 1.5} for _ in TEN]
    rows = run(study, patients, TEN, ["GROUP", "LOAD"])
    assert rows.loc["cox.OS.GROUP.RR.lower", "reason"] == "no patient with RR"
    assert rows.loc["cox.OS.LOAD.upper", "reason"] == "fewer than two different values"


def test_competing_events_make_it_cause_specific(study):
    study["endpoints"] = {"CIR": {"competing": ["DEATH"]}}
    patients = [{"GROUP": "ND", "AGE": 50 + (i * 7) % 13} for i in range(10)]
    rows = run(study, patients, [(d, 2 * s) for d, s in TEN], ["AGE"], "CIR")
    assert rows["method"].str.startswith("Cause-specific Cox regression").all()
    assert rows.loc["cox.CIR.AGE.events", "value"] == 8


def test_a_variable_that_is_not_there(study):
    with pytest.raises(StudyError, match="asks for 'AGEE'"):
        run(study, [{"GROUP": "ND"}] * 10, TEN, ["AGEE"])


def test_printed_with_two_decimals(study):
    patients = [{"GROUP": "ND", "AGE": 60 + (i * 7) % 11} for i in range(10)]
    found = printed(run(study, patients, TEN, ["AGE"]).reset_index())
    assert len(found["cox.OS.AGE.hazard_ratio"].partition(".")[2]) == 2
    assert len(found["cox.OS.AGE.p_value"].partition(".")[2]) == 3


def two_groups(study, days):
    """The group comparison of (group, days, CNSR) with the log-rank test beside it."""
    patients = [{"GROUP": group} for group, *_ in days]
    study["analysis"]["cox"] = {"OS": ["GROUP"]}
    adtte = times("OS", [(i, *what[1:]) for i, what in enumerate(days, 1)])
    return analyse(make_tables(patients, adtte), study)[0].set_index("ard_id")


@pytest.mark.parametrize("without", ["ND", "RR"])
def test_a_group_without_events_has_firth_s_ratio_and_the_reason_for_no_zph(study, without):
    other = {"ND": "RR", "RR": "ND"}[without]
    days = [(without, 100 + i, 1) for i in range(8)] + [(other, 10 + 3 * i, 0) for i in range(8)]
    rows = two_groups(study, days)
    ratio = rows.loc["cox.OS.GROUP.RR.hazard_ratio"]
    assert (ratio["value"] > 5) if without == "ND" else (0 < ratio["value"] < 0.2)
    assert "Firth" in ratio["method"]
    assert rows.loc["zph.OS.GROUP.p_value", "reason"].startswith("the variable separates")
    assert rows.loc["logrank.OS.p_value", "value"] < 0.01
    assert rows.loc[f"km.OS.{without}.median", "display"] == "not reached"


def test_a_group_without_events_and_too_few_in_all_is_null_with_the_reason(study):
    days = [("ND", 100 + i, 1) for i in range(8)] + [
        ("RR", 10 + 3 * i, int(i > 3)) for i in range(8)
    ]
    rows = two_groups(study, days)
    assert rows.loc["cox.OS.GROUP.RR.hazard_ratio", "reason"] == "fewer than 5 events"


@pytest.mark.parametrize("never", ["ND", "RR", "C"])
def test_a_group_that_was_gone_before_the_first_event_is_no_ratio(study, never):
    study["groups"]["levels"] = dict.fromkeys(["ND", "RR", "C"], "")
    days = [(never, 3, 1)] * 4
    for i, group in enumerate(g for g in ("ND", "RR", "C") if g != never):
        days += [(group, 10 + 3 * k + i, 0) for k in range(8)]
    rows = two_groups(study, days)
    reason = f"no patient with {never} was at risk when an event happened"
    for level in ("RR", "C"):
        row = rows.loc[f"cox.OS.GROUP.{level}.hazard_ratio"]
        if never in ("ND", level):
            assert row["reason"] == reason
        else:
            assert 0.2 < row["value"] < 5
