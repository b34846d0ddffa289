"""Milestones and responses of a study file: what replaces what, and what cannot agree."""

from __future__ import annotations

import pytest

from tests.preflight.test_study import project, spoil
from venaza.contracts.errors import StudyError
from venaza.preflight import load_study

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
        "supportive": [
            *("supportive care", "best supportive care", "hydroxyurea", "leukapheresis"),
            *("transfusions", "G-CSF"),
        ],
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


@pytest.mark.parametrize(
    ("efs", "words"),
    [
        (
            "therapy_change",
            "EFS (therapy_change) asks for next anti-leukaemic therapy, and this study maps no "
            "table 'therapies'.",
        ),
        (
            {"like": "EFS.toxicity_stop", "events": ["TOXICITY_STOP", "DEATH"]},
            "asks for stop for toxicity, and this study maps no column STOPDT of the table 'pat",
        ),
        (
            {"like": "EFS.relapse_or_death", "censor_at": ["TRANSPLANT"]},
            "asks for transplant, and this study maps no table 'transplants'.",
        ),
        ("viale_a", "no remission or MLFS after 6 cycles, and this study maps no column CYCLE"),
    ],
)  # fmt: skip
def test_a_definition_asks_for_what_the_study_maps(project, efs, words):
    spoil(project, lambda s: s["endpoints"].update(EFS=efs))
    with pytest.raises(StudyError) as caught:
        load_study(project, "bmt")
    assert words in str(caught.value)
    assert "endpoints > EFS" in str(caught.value)


def test_a_date_of_stop_without_its_reason_is_no_stop_for_toxicity(project):
    def stop(study: dict) -> None:
        study["tables"]["patients"]["columns"]["STOPDT"] = "t1"
        study["endpoints"]["EFS"] = {"like": "EFS.toxicity_stop", "events": ["TOXICITY_STOP"]}

    spoil(project, stop)
    with pytest.raises(StudyError, match="maps no column STOPREAS of the table 'patients'"):
        load_study(project, "bmt")


def test_a_cycle_number_may_come_from_the_cycles(project):
    def cycles(study: dict) -> None:
        columns = {"CYCLE": "z7", "EXSTDT": "t1"}
        study["tables"]["cycles"] = {"file": "bmt.csv", "key": "rownames", "columns": columns}
        study["endpoints"]["EFS"] = "viale_a"

    spoil(project, cycles)
    assert load_study(project, "bmt")["endpoints"]["EFS"]["definition"] == "viale_a"
