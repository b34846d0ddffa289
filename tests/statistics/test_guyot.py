"""Patients behind a curve: worked by hand, and as properties of any curve."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.pipeline.statistics.guyot import reconstruct
from venaza.pipeline.statistics.survival import kaplan_meier


def points(*pairs):
    return pd.DataFrame(pairs, columns=["TIME", "SURVIVAL"])


def risk(*pairs):
    return pd.DataFrame(pairs, columns=["TIME", "N"])


def told(made):
    return [(round(t, 6), e) for t, e in made.itertuples(index=False)]


def test_without_censoring_every_fall_is_its_deaths():
    curve = points((2, 0.8), (5, 0.6), (9, 0.2))
    assert told(reconstruct(curve, risk((0, 5)), 4)) == [(2, 1), (5, 1), (9, 1), (9, 1), (9, 0)]


def test_who_is_missing_at_the_next_printed_number_was_censored_evenly_between():
    # 10 patients; one dies at 4; of 9 left, 7 at month 10: two censored, at a third and two thirds.
    curve = points((0, 1.0), (4, 0.9), (10, 0.9), (12, 0.9 * 6 / 7))
    made = reconstruct(curve, risk((0, 10), (10, 7)), 2)
    assert made["EVENT"].sum() == 2
    assert list(made.loc[made["EVENT"] == 1, "TIME"]) == [4, 12]
    # Even times 3.33 and 6.67 fall into the steps 0-4 and 4-10: their middles are written.
    assert list(made.loc[made["EVENT"] == 0, "TIME"]) == [2, 7, *[12] * 6]


def test_the_published_total_decides_how_many_leave_after_the_last_printed_number():
    curve = points((3, 0.9), (8, 0.45))
    for events in (2, 3, 4, 5):
        made = reconstruct(curve, risk((0, 10)), events)
        assert (len(made), made["EVENT"].sum()) == (10, events)


def test_a_rise_of_the_hand_and_two_points_of_one_time_are_one_step():
    shaky = points((2, 0.81), (2, 0.8), (3, 0.805), (5, 0.6))
    assert told(reconstruct(shaky, risk((0, 5)))) == told(
        reconstruct(points((2, 0.8), (5, 0.6)), risk((0, 5)))
    )


def test_printed_numbers_beyond_the_curve_are_not_used():
    made = reconstruct(points((2, 0.8)), risk((0, 5), (6, 3)))
    assert told(made) == [(2, 1), *[(2, 0)] * 4]


patients = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=3, max_size=80)


@settings(deadline=None)
@given(patients)
def test_a_curve_given_at_each_event_with_all_its_numbers_at_risk_comes_back_exactly(people):
    time = np.array([t for t, _ in people], float)
    event = np.array([e for _, e in people])
    curve = kaplan_meier(time, event, 0.95)
    steps = curve[(curve["n_event"] > 0) | (curve["time"] == curve["time"].max())]
    given_points = points((0, 1.0), *zip(steps["time"], steps["estimate"], strict=True))
    at_risk = risk((0, len(time)), *((t, int((time >= t).sum())) for t in steps["time"]))
    made = reconstruct(given_points, at_risk, int(event.sum()))
    assert len(made) == len(time)
    assert sorted(made.loc[made["EVENT"] == 1, "TIME"]) == sorted(time[event])


@settings(deadline=None)
@given(patients, st.integers(1, 4), st.booleans())
def test_nobody_is_lost_and_the_curve_is_met_whatever_is_printed(people, every, tell):
    time = np.array([t for t, _ in people], float)
    event = np.array([e for _, e in people])
    curve = kaplan_meier(time, event, 0.95)
    rounded = points(*zip(curve["time"], (curve["estimate"] * 200).round() / 200, strict=True))
    months = np.arange(0, time.max() + 1, 6 * every)
    at_risk = risk(*((m, int((time >= m).sum())) for m in months))
    made = reconstruct(rounded, at_risk, int(event.sum()) if tell else None)
    assert len(made) == len(time)
    assert made["TIME"].between(0, time.max()).all()
    again = kaplan_meier(made["TIME"].to_numpy(), made["EVENT"].to_numpy() == 1, 0.95)
    printed = rounded[(rounded["TIME"] < months[-1]) & (rounded["TIME"] > 0)]
    for time, survival in printed.itertuples(index=False):
        left = (made["TIME"] >= time).sum()
        at = np.searchsorted(again["time"], time, side="right") - 1
        # Patients are whole: a step can be off by half a patient of those then at risk.
        assert abs(again["estimate"][at] - survival) <= 0.5 / left + 1e-9


def test_the_order_of_the_points_does_not_matter():
    curve = points((2, 0.8), (5, 0.6), (9, 0.2))
    table = risk((0, 50), (4, 38), (8, 20))
    straight = reconstruct(curve, table, 30)
    assert reconstruct(curve[::-1], table[::-1], 30).equals(straight)
    assert list(straight["TIME"]) == sorted(straight["TIME"])


@pytest.mark.parametrize("survival", [[1.0], [1.0, 1.0]])
def test_a_curve_without_events_has_none(survival):
    made = reconstruct(points(*enumerate(survival)), risk((0, 7)))
    assert (len(made), made["EVENT"].sum()) == (7, 0)
