"""The analysis tables in transport files: every value, or a line that says what became of it."""

import csv
import json

import pandas as pd
import pyreadstat
import pytest

from tests.bridges.conftest import AWKWARD, COLUMNS, LONG, SCORES
from venaza.pipeline.bridges.ascii import to_ascii
from venaza.pipeline.bridges.write import write_xpt


@pytest.fixture
def folder(tables, study, tmp_path):
    write_xpt(tables, COLUMNS, study, tmp_path)
    return tmp_path


def read(folder, name):
    return pyreadstat.read_xport(folder / f"{name}.xpt")


def changes(folder, **wanted):
    rows = json.loads((folder / "define.json").read_text(encoding="utf-8"))["changed"]
    return [r for r in rows if all(r[key] == value for key, value in wanted.items())]


def test_a_table_without_rows_is_left_out(folder):
    assert sorted(p.name for p in folder.iterdir()) == [
        *("adrs.xpt", "adsl.xpt", "adtte.xpt", "changed.csv", "define.json", "variables.csv"),
    ]


def test_texts_come_back_or_are_listed(folder):
    frame, _ = read(folder, "adsl")
    listed = {
        r["original"]: r["written"] for r in changes(folder, variable="DISGROUP", what="text")
    }
    for i, text in enumerate(AWKWARD[:-1]):
        assert frame["DISGROUP"][i] == to_ascii(text or "").rstrip(" ")
        assert (text or "") == to_ascii(text or "") or listed[text] == to_ascii(text)
    assert len(changes(folder, variable="DISGROUP", what="blanks at the end")) == 1
    assert len(changes(folder, variable="DISGROUP", what="empty text")) == 1


def test_a_long_text_is_split_over_variables_that_join_to_it(folder):
    frame, meta = read(folder, "adsl")
    for first, stem in (("DISGROUP", "DISGROU"), ("RSKDRVRS", "RSKDRVR")):
        parts = [first, *(f"{stem}{i}" for i in range(1, 10) if f"{stem}{i}" in frame)]
        assert len(parts) > 3
        assert "".join(frame[part][7] for part in parts) == to_ascii(LONG)
        assert {meta.column_names_to_labels[part] for part in parts} == {
            meta.column_names_to_labels[first]
        }
    (split,) = changes(folder, variable="RISKDRVRS", what="split")
    assert split["rows"] == 8


def test_numbers_come_back_or_are_listed(folder):
    frame, _ = read(folder, "adsl")
    wanted = [None if x in (1e300, None) else 0.0 if x == 1e-300 else x for x in SCORES]
    assert frame["SCORE"].astype(object).where(frame["SCORE"].notna(), None).tolist() == wanted
    listed = {(r["original"], r["written"]) for r in changes(folder, what="number")}
    assert listed == {("1e+300", ""), ("1e-300", "0.0")}


def test_dates_are_those_of_sas_before_its_day_0_too(folder):
    frame, meta = read(folder, "adtte")
    assert meta.original_variable_types["ADT"] == "DATE9"
    assert [str(day) for day in frame["ADT"][:2]] == ["1959-12-31", "2023-02-01"]
    raw = pd.read_sas(folder / "adtte.xpt", format="xport", encoding="ascii")
    assert raw["ADT"].tolist()[:2] == [-1, 23042]


def test_codes_have_eight_characters_and_one_parameter_each(folder):
    frame, _ = read(folder, "adtte")
    assert frame.groupby("PARAMCD")["PARAM"].unique().map(list).to_dict() == {
        "OS": ["Survival (standard)"],
        "OSOTHERW": ["Survival (the other way)"],
    }
    (code,) = changes(folder, dataset="ADTTE", what="code")
    assert (code["original"], code["written"], code["rows"]) == ("OS.other_way", "OSOTHERW", 8)


def test_the_definition_describes_the_files(folder):
    told = json.loads((folder / "define.json").read_text(encoding="utf-8"))
    assert "no Define-XML" in told["standard"]
    for data in told["datasets"]:
        frame, meta = pyreadstat.read_xport(folder / data["file"])
        own = [v for v in told["variables"] if v["dataset"] == data["name"]]
        assert [v["variable"] for v in own] == list(frame.columns)
        assert data["rows"] == len(frame)
        assert meta.file_label == data["label"]
        for variable in own:
            label = meta.column_names_to_labels[variable["variable"]]
            full = [r["original"] for r in changes(folder, what="label", written=label)]
            assert variable["label"] in [label, *full]
            assert len(label) <= 40
    group = next(v for v in told["variables"] if v["variable"] == "GROUP")
    assert group["codes"] == [{"value": "A", "label": "Arm A"}, {"value": "B", "label": "Arm B"}]
    score = next(v for v in told["variables"] if v["variable"] == "SCORE")
    assert (score["unit"], score["derivation"], score["type"]) == ("µg/L", "as sent", "Num")
    with (folder / "variables.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(told["variables"])
    assert next(x for x in lines if x["variable"] == "GROUP")["codes"] == "A=Arm A; B=Arm B"


def test_a_formula_is_neutral_in_the_sidecar(folder):
    text = (folder / "changed.csv").read_text(encoding="utf-8")
    assert "\n=" not in text
    assert ",=" not in text


def test_equal_tables_have_equal_bytes(folder, tables, study, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    write_xpt(dict(reversed(tables.items())), COLUMNS, study, again)
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()
