"""SPSS files: every value back, labels, levels of measurement, the same bytes at any time."""

import json
import time

import pandas as pd
import pyreadstat
import pytest

from tests.bridges.conftest import AWKWARD, COLUMNS, LONG
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.results import ARD
from venaza.pipeline.bridges import sav
from venaza.pipeline.bridges.write import write_spss


@pytest.fixture
def ard():
    return conform(pd.DataFrame({"ard_id": [], "value": []}), ARD)


@pytest.fixture
def folder(tables, study, ard, tmp_path):
    write_spss(tables, COLUMNS, ard, study, tmp_path)
    return tmp_path


def test_texts_numbers_and_dates_come_back(folder, tables):
    frame, meta = pyreadstat.read_sav(folder / "adsl.sav")
    assert frame["DISGROUP"].tolist() == [(text or "").rstrip() for text in AWKWARD]
    assert frame["RISKDRVRS"].tolist() == [LONG] * 8
    assert frame["SCORE"].astype(object).where(frame["SCORE"].notna(), None).tolist() == [
        None if value is pd.NA else value for value in tables["adsl"]["SCORE"]
    ]
    assert {str(day) for day in frame["INDEXDT"]} == {"2023-01-01"}
    assert meta.original_variable_types["INDEXDT"] == "SDATE10"
    assert frame["DTHDT"].isna().all()
    adtte, _ = pyreadstat.read_sav(folder / "adtte.sav")
    assert str(adtte["ADT"][0]) == "1959-12-31"


def test_codes_are_numbers_with_labels_in_the_order_of_the_study(folder):
    frame, meta = pyreadstat.read_sav(folder / "adtte.sav")
    labels = meta.variable_value_labels
    assert labels["GROUP"] == {1: "Arm A", 2: "Arm B"}
    assert labels["RISK"] == {1: "low", 2: "mid", 3: "high"}
    assert labels["CNSR"] == {0: "Event", 1: "Censored", 2: "Competing event"}
    assert frame["GROUP"][:3].tolist() == [1, 2, 1]
    assert frame["RISK"][:3].fillna(-1).tolist() == [1, -1, 3]
    assert (meta.variable_measure["GROUP"], meta.variable_measure["AVAL"]) == ("nominal", "scale")
    assert meta.column_names_to_labels["AVAL"] == "Time (days)"
    adsl, meta = pyreadstat.read_sav(folder / "adsl.sav")
    assert meta.variable_value_labels["ITTFL"] == {0: "No", 1: "Yes"}
    assert set(adsl["ITTFL"]) == {1}


def test_the_definition_has_the_text_behind_each_number(folder):
    told = json.loads((folder / "define.json").read_text(encoding="utf-8"))
    group = [v for v in told["variables"] if v["variable"] == "GROUP"]
    assert [v["dataset"] for v in group] == ["ADSL", "ADTTE"]
    assert group[0]["codes"][0] == {"value": 1, "label": "Arm A", "code": "A"}
    assert [(r["original"], r["written"]) for r in told["changed"]] == [("a  ", "a")]


def test_what_the_format_cuts_is_listed(tmp_path, study):
    columns = (Column("TEXT", "string", "x" * 300), Column("SEX", "string", "Sex"))
    texts = ["nul\0", "贫" * 11000, "fine"]
    frame = pd.DataFrame({"TEXT": texts, "SEX": ["M", "F", None]}).astype("string")
    study["levels"]["SEX"] = ["M", "F"]
    study["groups"] = {"variable": "SEX", "levels": {"M": "贫" * 50, "F": "F"}}
    path = tmp_path / "adsl.sav"
    _, changed = sav.write_sav("adsl", frame, columns, study, path)
    read, meta = pyreadstat.read_sav(path)
    assert read["TEXT"].tolist() == ["nul\\u0000", "贫" * 10922, "fine"]
    assert [row["original"] for row in changed] == texts[:2]
    assert meta.variable_value_labels["SEX"] == {1: "贫" * 40, 2: "F"}
    assert meta.column_labels[0] == "x" * 256


def test_the_clock_is_not_in_the_file(folder, tables, study, ard, tmp_path):
    time.sleep(1.1)
    write_spss(tables, COLUMNS, ard, study, tmp_path / "again")
    for path in (tmp_path / "again").iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()
    assert (folder / "adsl.sav").read_bytes()[92:109] == b"30 Nov 2300:00:00"
