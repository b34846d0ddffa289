"""Raw layouts of twelve invented patients: right survival within ten lines, as the page says."""

from __future__ import annotations

import pytest

from tests.new_study.make_layouts import MOST, PAGE, page, runs
from tests.new_study.raw_layouts import LAYOUTS
from tests.new_study.twelve import ASSESSED, BY_ID, EFS, EFS_ASSESSED, OS, PATIENTS


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return {run.layout.name: run for run in runs(tmp_path_factory.mktemp("layouts"))}


@pytest.mark.parametrize("name", [layout().name for layout in LAYOUTS])
def test_a_layout_gives_its_survival_within_ten_lines(made, name):
    run = made[name]
    assert run.lines <= MOST
    assert run.counts == (len(PATIENTS), len(PATIENTS)), (run.os, run.efs, run.proposed)
    assert set(run.os) == set(OS)
    assert run.questions


def test_the_page_says_what_the_command_gives(made):
    assert PAGE.read_text(encoding="utf-8") == page(list(made.values())), (
        "run: python -m tests.new_study.make_layouts"
    )


def test_the_times_by_hand_are_those_of_the_patients_written_down():
    """So that a slip in one of the two tables is seen: the first of what a patient had."""
    for p in PATIENTS:
        assert OS[p.id] == (p.last, 0 if p.dead else 1)
        first = min([*p.relapses[:1], p.last])
        assert EFS[p.id] == (first, 0 if p.dead or p.relapses else 1)
    for patient, day, _, word in ASSESSED:
        if word in ("CR", "CRi") and not any(a[0] == patient and a[1] < day for a in ASSESSED):
            assert BY_ID[patient].remission == day
    assert {p for p in EFS if EFS[p] != EFS_ASSESSED[p]} == {"P03", "P10"}


def test_a_wrong_time_or_event_is_no_right_one(made):
    """The count of the page can fail: by a day, by the event, by a patient too few."""
    run = made["flat"]
    assert run.right({**run.os, "P01": (501, 0)}, OS) == 11
    assert run.right({**run.os, "P01": (500, 1)}, OS) == 11
    assert run.right({p: t for p, t in run.os.items() if p != "P01"}, OS) == 11
    months = made["months"]
    assert months.right({"P01": (502, 0)}, {"P01": (500, 0)}) == 1
    assert months.right({"P01": (503, 0)}, {"P01": (500, 0)}) == 0
