"""Alternative definitions: derived beside the endpoint, and the patients they change."""

from __future__ import annotations

import pytest

from tests.spec.spec import ROOT, Case, study_of
from venaza.commands.examples import clean_tables
from venaza.contracts.errors import StudyError
from venaza.pipeline.endpoints.build import derive
from venaza.preflight.load import _alternatives
from venaza.study.documents import read_yaml


def derived(alternatives: list, responses: list[dict], patients: list[dict]) -> dict:
    given = {"patients": patients, "responses": responses}
    case = Case("definitions", "", given=given, endpoints={"EFS": "documented"})
    study = study_of(case)
    library = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    chosen = {"EFS": {"like": "EFS.documented", "alternatives": alternatives}}
    study["alternatives"] = _alternatives(chosen, library, "test")
    return derive(clean_tables(case, study), study)


PATIENTS = [
    {"USUBJID": "refract", "LSTALVDY": "300", "DTHDY": "310"},
    {"USUBJID": "relapse", "LSTALVDY": "400"},
    {"USUBJID": "well", "LSTALVDY": "400"},
]
RESPONSES = [
    {"USUBJID": "refract", "RSDY": "62", "CYCLE": "2", "RSINV": "NR"},
    {"USUBJID": "relapse", "RSDY": "30", "CYCLE": "1", "RSINV": "CR"},
    {"USUBJID": "relapse", "RSDY": "200", "CYCLE": "6", "RSINV": "RELAPSE"},
    {"USUBJID": "well", "RSDY": "30", "CYCLE": "1", "RSINV": "CR"},
    {"USUBJID": "well", "RSDY": "350", "CYCLE": "9", "RSINV": "CR"},
]


def test_each_alternative_has_its_rows_and_its_changes():
    tables = derived(["eln2022", "relapse_or_death"], RESPONSES, PATIENTS)
    codes = tables["adtte"].groupby("PARAMCD")["USUBJID"].count().to_dict()
    assert codes == {"EFS": 3, "EFS.eln2022": 3, "EFS.relapse_or_death": 3}
    changes = tables["definitions"].set_index(["DEFN", "USUBJID"])
    found = {key: (row["AVAL"], row["AVALALT"], row["CHANGE"]) for key, row in changes.iterrows()}
    assert found == {
        ("eln2022", "refract"): (62, 0, "time"),
        ("eln2022", "well"): (400, 350, "time"),
        ("relapse_or_death", "refract"): (62, 310, "time"),
    }
    row = changes.loc[("relapse_or_death", "refract")]
    assert (row["ENDING"], row["ENDINGALT"]) == ("Refractory disease", "Death")


def test_a_definition_of_ones_own_and_a_change_of_status():
    own = {"name": "short", "like": "EFS.documented", "events": ["DEATH"]}
    tables = derived([own], RESPONSES, PATIENTS)
    changes = tables["definitions"].set_index("USUBJID")
    assert changes.loc["relapse", "CHANGE"] == "status"
    assert changes.loc["relapse", "ENDINGALT"] == "censored: Last date known alive"
    assert "well" not in changes.index


def test_a_patient_whom_another_definition_leaves_out_is_a_change_of_status():
    late = {"name": "late", "like": "EFS.documented", "start": "DIAGNOSIS", "entry": "INDEX"}
    patients = [{**PATIENTS[0], "DIAGDY": "-20"}, *PATIENTS[1:]]
    tables = derived([late], RESPONSES, patients)
    changes = tables["definitions"].set_index("USUBJID")
    assert (changes.loc["refract", "AVALALT"], changes.loc["refract", "CHANGE"]) == (82, "time")
    assert changes.loc["well", "CHANGE"] == "status"
    assert changes["AVALALT"].isna().to_dict() == {"refract": False, "relapse": True, "well": True}


def test_a_remission_that_a_study_defines_anew_must_be_that_of_best_response():
    given = {"patients": PATIENTS, "responses": RESPONSES}
    study = study_of(Case("one count", "", given=given, endpoints={"EFS": "documented"}))
    own = {**study["milestones"]["FIRST_REMISSION"], "min": {"CYCLE": 2}}
    study["milestones"] = {**study["milestones"], "FIRST_REMISSION": own}
    with pytest.raises(StudyError) as caught:
        derive(clean_tables(Case("one count", "", given=given), study), study)
    said = "2 patients have a complete remission as their best response, but 1 the milestone"
    assert said in str(caught.value)
    assert "relapse" in str(caught.value)
