"""Aalen-Johansen against cmprsk, by hand, and what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.statistics.made_up import make_tables, printed, times
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.gray import gray
from venaza.pipeline.statistics.incidence import aalen_johansen
from venaza.pipeline.statistics.survival import at, kaplan_meier


def test_the_worked_example():
    time, cause = np.array([3.0, 3, 5, 5, 8, 9, 10]), np.array([1, 2, 1, 0, 2, 1, 0])
    curve = aalen_johansen(time, cause, 1, 0.95)
    # 1/7; + 5/7 * 1/5; + (4/7 * 2/3) * 1/2 = 10/21
    expected = [0, 1 / 7, 2 / 7, 2 / 7, 10 / 21, 10 / 21]
    assert curve["estimate"].tolist() == pytest.approx(expected)
    assert curve["estimate"].iloc[-1] == pytest.approx(0.47619047619)
    assert curve["n_risk"].tolist() == [7, 7, 5, 3, 2, 1]


@pytest.mark.parametrize("name", ["textbook", "all_events", "at_zero", "one_kind"])
def test_estimate_and_variance_are_cmprsk_s(r_values, name):
    case = r_values["competing"][name]
    time = np.array(case["data"]["time"], float)
    cause = np.array(case["data"]["cause"], int)
    assert case["incidence"]
    for of, points in case["incidence"].items():
        curve = aalen_johansen(time, cause, int(of), 0.95)
        for reference in points:
            row = at(curve, reference["day"])
            assert row["estimate"] == pytest.approx(reference["estimate"], rel=1e-6, abs=1e-12)
            assert row["std_error"] == pytest.approx(reference["std_error"], rel=1e-6, abs=1e-9)
            for limit in ("lower", "upper"):
                if reference[limit] is None:
                    assert math.isnan(row[limit])
                else:
                    assert row[limit] == pytest.approx(reference[limit], rel=1e-6)


histories = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 2])), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(histories)
def test_the_causes_and_survival_add_up_to_one(rows):
    time, cause = (np.array(part) for part in zip(*rows, strict=True))
    time = time.astype(float)
    first, second = (aalen_johansen(time, cause, of, 0.95) for of in (1, 2))
    alive = kaplan_meier(time, cause > 0, 0.95)
    total = first["estimate"] + second["estimate"] + alive["estimate"]
    assert total.tolist() == pytest.approx([1.0] * len(total))
    for curve in (first, second):
        assert (curve["estimate"].diff().dropna() >= -1e-12).all()
        assert curve["estimate"].between(0, 1 + 1e-12).all()
        band = curve.dropna(subset=["lower", "upper"])
        assert (band["lower"] <= band["estimate"] + 1e-9).all()
        assert (band["estimate"] <= band["upper"] + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    both = []
    for version in (rows, shuffled):
        time, cause = (np.array(part) for part in zip(*version, strict=True))
        both.append(aalen_johansen(time.astype(float), cause, 1, 0.95))
    pd.testing.assert_frame_equal(*both)


def test_rows_and_curves(study):
    study["endpoints"] = {"CIR": {"competing": ["DEATH"]}}
    adtte = times(
        "CIR",
        [
            (1, 90, 0, "Relapse"),
            (2, 100, 2, "Death"),
            (3, 200, 1),
            (4, 30, 0, "Relapse"),
        ],
    )
    tables = make_tables([{"GROUP": "ND"}] * 3 + [{"GROUP": "RR"}] * 2, adtte)
    table, curves = analyse(tables, study)
    found = printed(table)
    assert found["ci.CIR.ND.event.m6.estimate"] == "33.3"
    assert found["ci.CIR.ND.competing.m6.estimate"] == "33.3"
    assert found["ci.CIR.ND.event.m12.estimate"] == "not estimable"
    # the one RR patient relapsed on day 30, and nobody is left to whom anything could happen
    assert found["ci.CIR.RR.event.m6.estimate"] == "100.0"
    assert found["ci.CIR.RR.competing.m6.estimate"] == "0.0"
    assert (found["event.CIR.ND.Relapse.n"], found["event.CIR.ND.Death.n"]) == ("1", "1")
    assert found["event.CIR.RR.Death.n"] == "0"
    assert not any(key.startswith(("km.", "rkm.", "logrank.")) for key in found)
    assert set(curves["cause"]) == {"event", "competing"}
    assert set(curves["curve"]) == {"cumulative_incidence"}


@pytest.mark.parametrize(("first", "chi"), [(4, 16.66082), (5, 17.95371)])
def test_gray_s_test_where_one_group_is_gone_before_the_other_begins(first, chi):
    # cuminc(15 + 5 * (0:15), rep(1, 16), rep(1:2, c(4, 12)))$Tests, and with 5 against 12
    time = 15.0 + 5 * np.arange(first + 12)
    group = np.array(["a"] * first + ["b"] * 12)
    found = gray(time, np.ones(first + 12, int), group)
    assert found[:2] == (pytest.approx(chi, abs=5e-6), 1)
