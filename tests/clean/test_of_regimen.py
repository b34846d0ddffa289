"""A sheet with courses of several regimens: which a table takes (invented patients)."""

from __future__ import annotations

import pytest

from tests.clean.sheets import outcomes, tables_of
from tests.reference.four_formats import ROOT
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.therapies import read_therapy
from venaza.study.documents import read_yaml

PATIENTS = "id,start,last\nA1,0,300\nA2,0,300\n"
HEAD = "id,cycle,day,regimen\n"


def read(folder, *rows: str, cycles=None, therapies=None, **sections):
    """Cycles, and the later therapies, of a sheet of courses."""
    plain = {"file": "courses.csv", "key": "id"}
    patients = {"INDEXDT": "start", "LSTALVDT": "last"}
    tables = {
        "patients": {"file": "patients.csv", "key": "id", "columns": patients},
        "cycles": {
            **plain,
            "regimen": cycles or {"from": "regimen", "holds": ["venetoclax"]},
            "columns": {"CYCLE": "cycle", "EXSTDT": "day"},
        },
        "therapies": {
            **plain,
            "regimen": therapies or {"from": "regimen", "lacks": ["venetoclax"]},
            "columns": {"CMSTDT": "day", "CMTRT": "regimen"},
        },
    }
    files = {"patients.csv": PATIENTS, "courses.csv": HEAD + "\n".join(rows) + "\n"}
    return tables_of(folder, files, tables, **sections)


def taken(tables) -> tuple[list, list]:
    cycles, therapies = tables["cycles"], tables["therapies"]
    return (
        list(zip(cycles["USUBJID"], cycles["CYCLE"], strict=True)),
        list(zip(therapies["USUBJID"], therapies["CMTRT"], strict=True)),
    )


def test_each_course_goes_where_its_regimen_belongs(tmp_path):
    tables = read(tmp_path, "A1,1,0,VA", "A1,2,30,FLAG-IDA", "A1,3,60,维奈克拉+吉瑞替尼")
    assert taken(tables) == ([("A1", 1), ("A1", 3)], [("A1", "FLAG-IDA")])
    other = "a course of another regimen"
    assert outcomes(tables["row_account"], TABLE="cycles") == {"used": 2, other: 1}
    assert outcomes(tables["row_account"], TABLE="therapies") == {"used": 1, other: 2}
    account = outcomes(tables["cell_account"], SRCCOL="regimen")
    assert account == {"used": 3}


def test_as_before_is_the_regimen_of_the_row_above_of_the_same_patient(tmp_path):
    rows = ("A1,1,0,CAG", "A1,2,30,同前", "A2,1,0,VA", "A2,2,30,原方案", "A1,3,60,same")
    tables = read(tmp_path, *rows)
    assert taken(tables) == (
        [("A2", 1), ("A2", 2)],
        [("A1", "CAG"), ("A1", "CAG"), ("A1", "CAG")],
    )
    log = tables["cleaning_log"].set_index("RULE").loc["regimen of the row above"]
    assert log["RAW"].tolist() == ["同前", "原方案", "same"]


def test_as_before_with_nothing_before_is_a_word_that_nobody_knows(tmp_path):
    with pytest.raises(StudyError, match="'同前' in .*CMTRT"):
        read(tmp_path, "A1,1,0,同前")


def test_a_course_without_a_regimen_is_a_cycle_and_no_later_therapy(tmp_path):
    assert taken(read(tmp_path, "A1,1,0,", "A1,2,30,未知")) == ([("A1", 1), ("A1", 2)], [])


def test_a_regimen_that_nobody_knows_stops_the_run_or_is_asked(tmp_path):
    with pytest.raises(StudyError, match="'神药' in cycles.CMTRT"):
        read(tmp_path, "A1,1,0,VA", "A1,2,30,神药")
    tables = read(tmp_path, "A1,1,0,VA", "A1,2,30,神药", vocabulary={"unmapped": "query"})
    assert taken(tables) == ([("A1", 1)], [])
    asked = tables["queries"].query("RULE == 'unreadable_value' and TABLE == 'cycles'")
    assert "'神药' is no regimen or drug" in asked["MESSAGE"].iloc[0]
    assert outcomes(tables["row_account"], TABLE="cycles") == {
        "used": 1,
        "a regimen that nobody knows, asked of the clinic": 1,
    }


def test_a_drug_that_no_vocabulary_has_is_refused_before_the_run(tmp_path):
    with pytest.raises(StudyError, match="'venetoclaxx' is not a drug or regimen"):
        read(tmp_path, "A1,1,0,VA", cycles={"from": "regimen", "holds": ["venetoclaxx"]})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("VA(联用伏立康唑)", "venetoclax + azacitidine"),
        ("VA+泊沙康唑", "venetoclax + azacitidine"),
        ("VA with posaconazole", "venetoclax + azacitidine"),
        ("VA(第1-7天)", "venetoclax + azacitidine"),
        ("维奈克拉100mg d1,200mg d2,400mg d3-28;阿扎胞苷75mg/m2 d1-7", "venetoclax + azacitidine"),
        ("CAG", "CAG"),
        ("伏立康唑", None),
        ("VA+神药", None),
    ],
)
def test_antifungals_and_days_are_no_part_of_a_regimen(text, name):
    words = read_yaml(ROOT / "config/vocabulary.yaml", "config/vocabulary.yaml")
    assert read_therapy(text, {"vocabulary": words}).name == name
