"""Milestones and responses of a study file: what replaces what, and what cannot agree."""

from __future__ import annotations

import pytest

from tests.config.test_study import project, spoil
from venaza.config import load_study
from venaza.errors import StudyError

__all__ = ["project"]
OWN = {"description": "Relapse", "table": "assessments", "date": "RSDT"}
OWN |= {"where": {"RSINV": "RELAPSE"}}
LANDMARK = {"milestone": "RELAPSE", "reached": "FIRST_REMISSION", "failure_dated": "start"}


def test_a_milestone_of_the_study_replaces_the_library_s_whole(project):
    spoil(project, lambda s: s.update(milestones={"RELAPSE": OWN}))
    milestones = load_study(project, "bmt")["milestones"]
    assert milestones["RELAPSE"] == OWN
    assert milestones["PROGRESSION"]["where"] == {"RESPONSE": "PD"}


def test_the_rest_of_the_failure_stays_the_library_s(project):
    assert load_study(project, "bmt")["failure"] == {
        "label": "Relapsed", "milestones": ["RELAPSE"], "treated_before_days": 14,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"milestones": {"RELAPSE": {"description": "x"}}}, ["The key 'table' is missing."]),
        (
            {"milestones": {"X": OWN | {"table": "response"}}},
            ["'response' is not a clean table", "Did you mean 'responses'?"],
        ),
        ({"milestones": {"X": OWN | {"date": "RSDAT"}}}, ["milestones > X > date"]),
        (
            {"milestones": {"X": OWN | {"date": "RELDT"}}},
            ["'RELDT' is not a date of 'assessments'", "milestones > X"],
        ),
        (
            {"milestones": {"X": OWN | {"min": {"CYCLES": 2}}}},
            ["'CYCLES' is not a column of numbers in 'assessments'", "Did you mean 'CYCLE'?"],
        ),
        (
            {"milestones": {"X": OWN | {"after": "INDEKS"}}},
            ["'INDEKS' is not a milestone.", "Did you mean 'INDEX'?"],
        ),
        (
            {"milestones": {"X": OWN | {"after": "Y"}, "Y": OWN | {"unless_before": "X"}}},
            ["X -> Y -> X hang on each other", "one must come first"],
        ),
        (
            {"response": {"until": ["FIRST_REMISSION"]}},
            ["FIRST_RESPONSE -> FIRST_REMISSION -> FIRST_REMISSION hang on each other"],
        ),
        ({"response": {"until": ["SALVAGE"]}}, ["'SALVAGE' is not a", "response > until"]),
        ({"failure": {"milestones": ["RELAPS"]}}, ["'RELAPS' is not", "failure > milestones"]),
        ({"on_one_day": ["DETH"]}, ["'DETH' is not a milestone.", "Did you mean 'DEATH'?"]),
        (
            {"response": {"remission": ["CR", "CRX"]}},
            ["'CRX' is not a code of RSINV.", "response > remission"],
        ),
        (
            {"response": {"remission": ["CR", "MLFS"]}},
            ["response.order puts CRh, no remission here, before MLFS, which is one."],
        ),
        (
            {"endpoints": {"DFS": {"like": "EFS.eln2022", "landmark": LANDMARK}}},
            ["'milestone' stands here without 'at_most_days'."],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_up_is_said_before_any_job_runs(project, change, words):
    def lay_over(study: dict) -> None:
        for key, own in change.items():
            study[key] = {**study.get(key, {}), **own} if isinstance(own, dict) else own

    spoil(project, lay_over)
    with pytest.raises(StudyError) as caught:
        load_study(project, "bmt")
    for word in words:
        assert word in str(caught.value)
