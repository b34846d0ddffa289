"""Units of a study file: known ones, its own, and what no column is measured in."""

from pathlib import Path

import pytest
import yaml

from tests.copies import copied
from venaza.commands.new_study.command import new_study
from venaza.contracts.errors import StudyError
from venaza.preflight import load_study, settings

PATIENTS = {"file": "*.csv", "key": "id", "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "t"}}


@pytest.fixture
def project(tmp_path):
    """A project with the configuration of this one and an export of one file."""
    copied(tmp_path)
    export = tmp_path / "data/raw/made/2024-03-31"
    export.mkdir(parents=True)
    (export / "a.csv").write_text("id,t,w\n1,10,3.5\n", encoding="utf-8")
    return tmp_path


def loaded(project: Path, tables: dict, **sections) -> dict:
    """The study that a study file with these tables and sections gives."""
    words = dict.fromkeys(("title", "short", "disease", "regimen", "data", "source"), "x")
    study = {
        "study": {**words, "synthetic": True},
        "timeline": {"dates": "study_days", "index": "day 0", "cutoff": "none"},
        "tables": {"patients": PATIENTS, **tables},
        "endpoints": {"OS": "standard"},
        "analysis": {"primary": "OS"},
        **sections,
    }
    path = project / "config/studies/made.yaml"
    path.write_text(yaml.safe_dump(study, allow_unicode=True), encoding="utf-8")
    return load_study(project, "made")


def patients(**columns) -> dict:
    return {"patients": {**PATIENTS, "columns": {**PATIENTS["columns"], **columns}}}


def labs(**columns) -> dict:
    return {"labs": {"file": "*.csv", "key": "id", "columns": {"LBDT": "t", **columns}}}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (patients(WBC={"from": "w", "unit": "furlong"}), "'furlong' is not known for WBC"),
        (patients(WBC={"from": "w", "unit": "10^9/LL"}), "nearest known one is 10^9/L"),
        (
            patients(WBC={"from": "w", "unit": "T/L"}),
            "it may be tera (10^12) per litre, or thousand",
        ),
        (
            patients(AGE={"from": "w", "unit": "fortnights"}),
            "tables > patients > columns > AGE > unit",
        ),
        (
            labs(LBTESTCD={"constant": "K"}, LBSTRESN={"from": "w", "unit": "10^9/L"}),
            "'10^9/L' is not known for K",
        ),
        (
            labs(LBTESTCD="w", LBSTRESN={"from": "w", "unit": "furlong"}),
            "'furlong' is not known for any laboratory test",
        ),
    ],
)
def test_a_unit_that_cannot_be_converted_is_refused(project, tables, words):
    with pytest.raises(StudyError) as caught:
        loaded(project, tables)
    text = str(caught.value)
    assert words in text
    assert "config/studies/made.yaml" in text
    assert "Known for" in text


@pytest.mark.parametrize(
    "tables",
    [
        patients(WBC={"from": "w", "unit": "Tsd./µl"}),
        patients(OWN={"from": "w", "unit": "furlong", "label": "x", "type": "number"}),
        labs(LBTESTCD={"constant": "K"}, LBSTRESN={"from": "w", "unit": "mval/L"}),
        labs(LBTESTCD="w", LBSTRESN={"from": "w", "unit": "g/dL"}),
    ],
)
def test_a_unit_that_can_be_converted_is_taken(project, tables):
    assert loaded(project, tables)["units"]["WBC"]["factors"]["10^9/L"] == 1


def test_a_study_adds_a_unit_of_its_own(project):
    own = {"WBC": {"kilo/drop": 0.05, "T/L": 1000}}
    study = loaded(project, patients(WBC={"from": "w", "unit": "kilo/drop"}), units=own)
    assert study["units"]["WBC"]["factors"]["kilo/drop"] == 0.05
    assert "T/L" not in study["units"]["WBC"]["ask"]
    assert "T/L" in study["units"]["PLT"]["ask"]
    assert "kilo/drop" not in study["units"]["PLT"]["factors"]
    assert settings(study, "clean")["units"] == study["units"]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"WBCC": {"x": 1}}, "'WBCC' is not a value with units."),
        ({"WBC": {"K/cumm": 10}}, "'K/cumm' of WBC is known, and worth 1 10^9/L"),
        ({"WBC": {"x": 0}}, "units > WBC > x"),
    ],
)
def test_what_cannot_be_a_unit_of_its_own_is_refused(project, own, words):
    with pytest.raises(StudyError) as caught:
        loaded(project, {}, units=own)
    assert words in str(caught.value)


def test_a_column_given_as_the_unit_of_results_converts_them(project):
    tables = labs(LBTESTCD="w", LBSTRESN="w", LBSTRESU="unit")
    columns = loaded(project, tables)["tables"]["labs"]["records"][0]["columns"]
    assert columns["LBSTRESN"] == {"from": "w", "unit_from": "unit"}
    assert "LBSTRESU" not in columns
    tables = labs(LBTESTCD="w", LBSTRESN="w", LBSTRESU={"constant": "g/dL"})
    columns = loaded(project, tables)["tables"]["labs"]["records"][0]["columns"]
    assert columns["LBSTRESN"] == {"from": "w", "unit": "g/dL"}


def test_new_study_is_not_sure_of_a_unit_that_it_cannot_convert(project):
    export = project / "data/raw/made/2024-03-31"
    rows = ["patient id,start date,last contact date,WBC (T/L),Hb (g/dL)"]
    rows += [f"p{n},2021-01-0{n},2022-01-0{n},3.{n},9.{n}" for n in range(1, 7)]
    (export / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    told = new_study(project, "fresh", export)
    lines = [line for line in told.splitlines() if "WBC (T/L)" in line]
    assert any("guess" in line and "its unit T/L is not known" in line for line in lines)
    written = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    assert "unit: T/L" not in written
    assert "unit: g/dL" in written
