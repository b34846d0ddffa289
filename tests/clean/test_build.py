"""Cleaning as a whole: duplicates, contradictions, the cut-off, and nothing lost in silence."""

import random

import pandas as pd
import pytest

from tests.clean.export import clean_of, patients_csv, study
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export

OK = ("p1", "男", "CR", "2021-01-01", "2021-06-01", "", "存活", "2020-12-20", "95")


def rows_with(**changes) -> tuple:
    names = ("id", "sex", "resp", "index", "last", "death", "status", "diag", "hgb")
    return tuple(changes.get(name, value) for name, value in zip(names, OK, strict=True))


def rules(tables) -> list[str]:
    return list(tables["queries"]["RULE"])


def test_a_plain_patient():
    patient = clean_of(patients_csv([OK]))["patients"].iloc[0]
    assert patient["LSTALVDY"] == 151
    assert patient["DIAGDY"] == -12
    assert patient["INDEXDT"] == pd.Timestamp("2021-01-01")
    assert (patient["SRCFILE"], patient["SRCROW"]) == ("export.csv", 2)


def test_an_exact_duplicate_is_left_out_and_counted():
    tables = clean_of(patients_csv([OK, rows_with(sex=" 男 ")]))
    assert len(tables["patients"]) == 1
    assert rules(tables) == ["duplicate_row"]
    account = tables["row_account"].set_index("OUTCOME")["N"].to_dict()
    assert account == {"used": 1, "exact duplicate": 1}


def test_a_contradiction_leaves_the_cell_empty_with_a_query():
    tables = clean_of(patients_csv([OK, rows_with(hgb="70"), rows_with(hgb="60")]))
    assert tables["patients"]["HGB"].isna().all()
    assert rules(tables) == ["contradicting_rows"]
    query = tables["queries"].iloc[0]
    assert (query["VALUE"], query["SRCROW"], query["SRCCOL"]) == ("95.0 / 70.0", 3, "HGB")


def test_a_contradiction_in_a_date_stops_the_run():
    with pytest.raises(StudyError, match="contradict each other") as caught:
        clean_of(patients_csv([OK, rows_with(last="2021-07-01")]))
    assert caught.value.place["row"] == 3
    assert caught.value.place["column"] == "末次随访日期"


def both_files(folder, rows: list[tuple]):
    """A patient in two files of the export, a row in each."""
    made = study()
    for name, row in zip(("a.csv", "b.csv"), rows, strict=True):
        (folder / name).write_text(patients_csv([row]), encoding="utf-8")
    cells, _ = read_export(sorted(folder.glob("*.csv")), folder, made)
    return clean(cells, made)


def test_a_contradiction_between_two_files_names_both(tmp_path):
    with pytest.raises(StudyError, match="in row 2 of a.csv") as caught:
        both_files(tmp_path, [OK, rows_with(last="2021-07-01")])
    assert caught.value.place["file"] == "b.csv"
    assert "Where one file is a copy or an older export" in caught.value.fix
    assert "overlap: newer" in caught.value.fix


def test_a_query_on_two_files_names_both(tmp_path):
    query = both_files(tmp_path, [OK, rows_with(hgb="70")])["queries"].iloc[0]
    assert query["MESSAGE"] == "Row 2 of a.csv has 95.0, row 2 of b.csv has 70.0."


def test_an_empty_cell_is_no_contradiction():
    tables = clean_of(patients_csv([rows_with(hgb=""), OK]))
    assert list(tables["patients"]["HGB"]) == [95]
    assert rules(tables) == []


def test_a_death_before_the_first_dose_stops_the_run():
    with pytest.raises(StudyError) as caught:
        clean_of(patients_csv([rows_with(death="2020-12-25", status="死亡")]))
    text = str(caught.value)
    assert "Death of patient p1 lies 7 day(s) before the index date." in text
    for part in ("export.csv", "row:    2", "column: 死亡日期", "value:  2020-12-25", "to do:"):
        assert part in text


def test_a_row_without_a_patient_is_left_out_with_a_query():
    tables = clean_of(patients_csv([OK, rows_with(id="")]))
    assert len(tables["patients"]) == 1
    assert rules(tables) == ["row_without_patient"]


def test_an_unreadable_value_is_empty_with_a_query_that_names_the_cell():
    tables = clean_of(patients_csv([rows_with(last="21-3-5", hgb="95"), rows_with(id="p2")]))
    query = tables["queries"].iloc[0]
    assert query["RULE"] == "unreadable_value"
    assert (query["USUBJID"], query["SRCROW"], query["SRCCOL"]) == ("p1", 2, "末次随访日期")
    assert query["VALUE"] == "21-3-5"
    assert tables["patients"].set_index("USUBJID")["LSTALVDT"].isna()["p1"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"death": "2021-07-01"}, "alive_with_death_date"),
        ({"status": "死亡"}, "dead_without_date"),
        ({"death": "2021-05-01", "status": "死亡"}, "contact_after_death"),
        ({"diag": "2021-02-01"}, "diagnosis_after_index"),
        ({"index": ""}, "no_index_date"),
        ({"hgb": "9.5"}, "wrong_unit"),
        ({"hgb": "950"}, "out_of_range"),
    ],
)
def test_each_contradiction_within_a_patient_is_asked(changes, rule):
    assert rules(clean_of(patients_csv([rows_with(**changes)]))) == [rule]
    assert rules(clean_of(patients_csv([OK]))) == []


def test_an_impossible_number_is_left_empty_and_logged():
    tables = clean_of(patients_csv([rows_with(hgb="9.5")]))
    assert tables["patients"]["HGB"].isna().all()
    assert list(tables["queries"]["ACTION"]) == ["left empty until answered"]
    log = tables["cleaning_log"].set_index("COLUMN").loc["HGB"]
    assert (log["RAW"], log["RULE"]) == ("9.5", "out of range")


def test_nothing_after_the_cutoff_counts():
    text = patients_csv([rows_with(death="2021-06-01", status="死亡")])
    tables = clean_of(text, cutoff="2021-05-01", responses=True)
    patient = tables["patients"].iloc[0]
    assert pd.isna(patient["DTHDT"])
    assert patient["LSTALVDT"] == pd.Timestamp("2021-05-01")
    assert tables["responses"].empty
    assert rules(tables).count("after_cutoff") == 3


def test_partial_dates_are_flagged():
    patient = clean_of(patients_csv([rows_with(diag="2020年11月")]))["patients"].iloc[0]
    assert (patient["DIAGDT"], patient["DIAGDTF"]) == (pd.Timestamp("2020-11-15"), "D")


def test_every_changed_value_is_logged_with_its_cell():
    log = clean_of(patients_csv([OK]))["cleaning_log"]
    sex = log[log["COLUMN"] == "SEX"].iloc[0]
    assert (sex["RAW"], sex["CLEAN"], sex["RULE"]) == ("男", "M", "vocabulary")
    assert (sex["SRCFILE"], sex["SRCROW"], sex["SRCCOL"]) == ("export.csv", 2, "性别")


def test_the_order_of_rows_changes_nothing_but_the_row_numbers():
    rows = [rows_with(id=f"p{n}", hgb=str(80 + n), last=f"2021-06-{n:02}") for n in range(1, 9)]
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    first = clean_of(patients_csv(rows), responses=True)
    second = clean_of(patients_csv(shuffled), responses=True)
    for table in ("patients", "responses"):
        pd.testing.assert_frame_equal(
            first[table].drop(columns="SRCROW"), second[table].drop(columns="SRCROW")
        )
