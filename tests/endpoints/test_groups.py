"""Groups: a word that the study does not list is asked about, and a cohort of nobody is refused."""

import pytest

from tests.clean.sheets import PATIENTS, loaded, tables_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.endpoints.groups import refuse_nobody
from venaza.preflight import settings

GROUPS = {"variable": "SITE", "name": "site", "label": "Site", "levels": {"A": "A", "B": "B"}}
SITE = {"from": "site", "label": "Site"}
ROWS = "id,last,site\np1,10,A\np2,20,B\np3,30,a\np4,40,\np5,50,C\np6,,A\n"


def results(folder, text=ROWS, column=None, groups=GROUPS, patients=PATIENTS) -> dict:
    columns = {**patients, "SITE": column or SITE}
    tables = {"patients": {"file": "export.csv", "key": "id", "columns": columns}}
    files = {"export.csv": text}
    clean = tables_of(folder, files, tables, groups=groups)
    study = loaded(folder, files, tables, groups=groups)
    made = derive(clean, settings(study, "endpoints"))
    refuse_nobody(made["adsl"], study)
    return made


def untreated(made: dict) -> str:
    flow = made["flow"].set_index("BOX")
    assert flow.loc["treated", "N"] == 6
    assert flow.loc["grouped", "PARENT"] == "treated"
    return flow.loc["grouped", "REASONS"]


def test_a_word_that_no_level_has_is_asked_about(tmp_path):
    made = results(tmp_path)
    queries = made["queries"].set_index("USUBJID")
    assert set(queries.index) == {"p3", "p5"}
    assert set(queries["RULE"]) == {"group_not_listed"}
    line = queries.loc["p3"]
    assert line["MESSAGE"] == "Site is 'a', which is no group of the study file."
    assert (line["VALUE"], line["SRCROW"], line["SRCCOL"]) == ("a", 4, "site")
    adsl = made["adsl"].set_index("USUBJID")
    assert set(adsl["ITTFL"]) == {"Y"}, "whoever has an index date is in the analysis"
    assert adsl["GROUP"].dropna().to_dict() == {"p1": "A", "p2": "B", "p6": "A"}


def test_the_flow_tells_a_group_that_is_not_recorded_from_one_that_is_not_compared(tmp_path):
    words = "site not among the groups compared (n = 2); site not recorded (n = 1)"
    assert untreated(results(tmp_path)) == words


def test_a_code_that_the_groups_leave_out_on_purpose_is_no_question(tmp_path):
    column = {**SITE, "values": {"A": ["A", "a"], "B": ["B"], "C": ["C"]}}
    made = results(tmp_path, column=column)
    assert made["queries"].empty
    words = "site not among the groups compared (n = 1); site not recorded (n = 1)"
    assert untreated(made) == words


def test_groups_that_nobody_fits_stop_the_run(tmp_path):
    with pytest.raises(StudyError, match="No patient belongs to a group") as caught:
        results(tmp_path, groups={**GROUPS, "levels": {"X": "X", "Y": "Y"}})
    text = str(caught.value)
    assert "in SITE: A (2), (empty) (1), B (1), C (1), a (1)." in text
    assert "groups > levels" in text
    assert "X, Y" in text


def test_a_cohort_without_an_index_date_stops_the_run(tmp_path):
    patients = {"INDEXDT": "first", "LSTALVDT": "last"}
    text = "id,first,last,site\np1,,10,A\np2,,20,B\n"
    with pytest.raises(StudyError, match="None of the 2 patients has an index date") as caught:
        results(tmp_path, text, patients=patients)
    assert "tables > patients > columns > INDEXDT" in str(caught.value)


def test_a_cohort_without_patient_numbers_stops_the_run(tmp_path):
    with pytest.raises(StudyError, match="No row of the patients' sheet has a patient number") as e:
        results(tmp_path, "id,last,site\n-,10,A\nTotal,20,B\n")
    assert "tables > patients > key" in str(e.value)


def test_a_patient_without_a_group_has_times_and_answers_like_any_other(tmp_path):
    made = results(tmp_path)
    assert set(made["adtte"]["USUBJID"]) == {"p1", "p2", "p3", "p4", "p5", "p6"}
    assert set(made["adsl"].loc[made["adsl"]["SAFFL"] == "Y", "USUBJID"]) == set(
        made["adtte"]["USUBJID"]
    )


def test_a_group_that_is_not_recorded_is_a_shown_level_where_the_study_asks_for_it(tmp_path):
    made = results(tmp_path, groups={**GROUPS, "missing": "show"})
    groups = made["adsl"].set_index("USUBJID")["GROUP"].dropna().to_dict()
    assert groups == {"p1": "A", "p2": "B", "p6": "A", "p4": "not_recorded"}
    flow = made["flow"].set_index("BOX")
    assert flow.loc["group:not_recorded", "N"] == 1
    assert flow.loc["grouped", "REASONS"] == "site not among the groups compared (n = 2)"


def test_a_shown_level_of_unknown_patients_alone_is_no_group(tmp_path):
    text = "id,last,site\np1,10,\np2,20,\n"
    with pytest.raises(StudyError, match="No patient belongs to a group"):
        results(tmp_path, text, groups={**GROUPS, "missing": "show"})


def test_a_group_that_nobody_has_beside_a_word_like_it_stops_the_run(tmp_path):
    text, groups = "id,last,site\np1,10,Arm A\np2,20,B\n", {"ArmA": "a", "B": "b"}
    with pytest.raises(StudyError, match="Nobody belongs to the group 'ArmA', but 1") as caught:
        results(tmp_path, text, groups={**GROUPS, "levels": groups})
    assert "Did you mean 'Arm A'?" in str(caught.value)


def test_a_group_that_nobody_has_yet_does_not(tmp_path):
    text, groups = "id,last,site\np1,10,C\np2,20,B\n", {"ArmA": "a", "B": "b"}
    results(tmp_path, text, groups={**GROUPS, "levels": groups})
