"""The Simon-Makuch figure draws the curves of both states and counts those in each."""

from __future__ import annotations

import pytest

from tests.statistics.changing import changing_study
from venaza.pipeline.figures import planned
from venaza.pipeline.figures.lookup import Numbers
from venaza.pipeline.figures.time_dependent import simon_makuch


@pytest.fixture(scope="module")
def case():
    return changing_study()


def test_it_is_planned_where_the_study_asks_for_it(case):
    study = case.study | {"tables": {"patients": {}}}
    assert "simon_makuch_OS_remission" in planned(study)


def test_both_states_of_each_group_are_drawn_and_counted(case):
    sheet, steps = simon_makuch("OS", "REMISSION", case.curves, Numbers(case.ard), case.study)
    lines = {line.get_gid(): line for axes in sheet.figure.axes for line in axes.lines}
    assert {"exposed ND", "unexposed ND", "exposed RR", "unexposed RR"} <= set(lines)
    own = steps[(steps["GROUP"] == "ND") & (steps["STATE"] == "exposed") & steps["AT_RISK"].isna()]
    assert lines["exposed ND"].get_ydata()[1:] == pytest.approx(own["ESTIMATE"].to_numpy())
    texts = {text.get_gid(): text.get_text() for text in sheet.figure.texts if text.get_gid()}
    assert texts["simonmakuch.OS.REMISSION.ND.unexposed.m0.n_risk"] == "4"
    assert texts["simonmakuch.OS.REMISSION.ND.exposed.m3.n_risk"] == "2"


def test_an_unknown_change_is_a_sentence(case):
    _, steps = simon_makuch("OS", "TRANSPLANT", case.curves, Numbers(case.ard), case.study)
    assert steps.empty
