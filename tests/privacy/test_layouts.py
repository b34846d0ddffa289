"""The privacy gate in other layouts: merged patient numbers, and REDCap's labels for headers."""

import pytest

from tests.clean.sheets import tables_of
from tests.clean.test_redcap import DICTIONARY, SECTION, dictionary
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.privacy.key import make_key

DATES = {"INDEXDT": "first", "LSTALVDT": "last"}
MERGED = """id,first,last,day,rs
p1,2021-01-01,2021-06-01,2021-02-01,CR
,,,2021-04-02,RELAPSE
p2,2021-03-01,2021-09-01,2021-04-15,PR
"""


@pytest.fixture
def key(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("VENAZA_KEY_FILE", str(tmp_path_factory.mktemp("keys") / "bmt.key"))
    make_key("bmt")


def test_dates_below_a_merged_patient_number_are_that_patients(tmp_path, key):
    table = {"file": "a.csv", "key": "id", "fill_down": ["id"]}
    columns = {"RSDT": "day", "RSINV": "rs"}
    tables = {
        "patients": {**table, "columns": DATES},
        "responses": {**table, "columns": columns},
    }
    plain = tables_of(tmp_path, {"a.csv": MERGED}, tables, dates="calendar")["responses"]
    privacy = {"shift_dates": {"days": 200}}
    sections = {"dates": "calendar", "privacy": privacy}
    moved = tables_of(tmp_path, {"a.csv": MERGED}, tables, **sections)["responses"]
    assert list(moved["RSDY"]) == list(plain["RSDY"]) == [31, 91, 45]
    assert not set(moved["RSDT"]) & set(plain["RSDT"])


def test_the_dates_of_a_labelled_redcap_export_are_found(tmp_path, key):
    fields = [
        ("record_id", "baseline", "text", "Record ID", "", ""),
        ("first", "baseline", "text", "First dose", "", ""),
        ("last", "baseline", "text", "Last contact", "", ""),
        ("seen", "baseline", "text", "Who saw the patient", "", "y"),
    ]
    text = "Record ID,First dose,Last contact,Who saw the patient\n7,2021-01-01,2021-06-01,Zhu\n"
    files = {"Trial_DATA.csv": text, DICTIONARY: dictionary(fields)}
    tables = {"patients": {"file": "Trial*.csv", "key": "record_id", "columns": DATES}}
    sections = {**SECTION, "dates": "calendar"}
    with pytest.raises(StudyError, match="Who saw the patient: .* the data dictionary tags"):
        tables_of(tmp_path, files, tables, **sections)
    privacy = {"columns": {"seen": "drop"}, "shift_dates": {"days": 200}}
    made = tables_of(tmp_path, files, tables, privacy=privacy, **sections)
    assert list(made["patients"]["LSTALVDY"]) == [151]
    assert not {"Zhu", "2021-01-01", "2021-06-01"} & set(made["cells"]["VALUE"])
