"""What should not happen between two exports: each alarm on a pair made by hand."""

import pandas as pd
import pytest

from tests.audit.conftest import make, place
from tests.compare.test_changes import compare, cycle, export, patient, rows


def alarms(before: dict, after: dict, study: dict, was: str = "2023-01-31") -> pd.DataFrame:
    return compare(before, after, study, {**study, "export": was})["alarms"]


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ({}, None, [("vanished patient", None)]),
        ({"DTHDT": "2023-05-01"}, {}, [("undone death", "DTHDT")]),
        ({"DTHDT": "2023-05-01"}, {"DTHDT": "2023-05-09"}, [("changed death date", "DTHDT")]),
        (
            {"DTHDT": "2023-05-09"},
            {"DTHDT": "2023-05-01"},
            [("changed death date", "DTHDT"), ("follow-up going backwards", "DTHDT")],
        ),
        ({}, {"AGE": 61.0}, []),
        ({}, {"AGE": 62.0}, [("changed age", "AGE")]),
        ({}, {"AGE": 59.0}, [("changed age", "AGE")]),
        ({}, {"AGE": None}, [("changed age", "AGE")]),
        ({"AGE": None}, {}, []),
        ({}, {"SEX": "F"}, [("changed sex", "SEX")]),
        ({"DISEASE": "AML"}, {"DISEASE": "ALL"}, [("changed diagnosis", "DISEASE")]),
        ({}, {"INDEXDT": "2023-01-02"}, [("changed index date", "INDEXDT")]),
        (
            {"DIAGDT": "2022-12-01"},
            {"DIAGDT": "2022-12-02"},
            [("changed date of diagnosis", "DIAGDT")],
        ),
        ({}, {"LSTALVDT": "2023-05-31"}, [("follow-up going backwards", "LSTALVDT")]),
        ({}, {"LSTALVDT": None}, [("follow-up going backwards", "LSTALVDT")]),
        ({}, {"DTHDT": "2023-05-01"}, [("follow-up going backwards", "DTHDT")]),
        ({}, {"LSTALVDT": "2023-08-01", "DTHDT": "2023-08-02"}, []),
        (
            {"INDEXDT": None, "LSTALVDT": None, "LSTALVDY": 100},
            {"INDEXDT": None, "LSTALVDT": None, "LSTALVDY": 99},
            [("follow-up going backwards", "LSTALVDY")],
        ),
    ],
)
def test_alarms_of_a_patient(study, was, now, expected):
    after = export([patient("other") if now is None else patient(**now)])
    found = alarms(export([patient(**was)]), after, study)
    assert rows(found, "ALARM", "COLUMN") == expected
    for column in ("MESSAGE", "ACTION", "WHERE_BEFORE"):
        assert (found[column].str.len() > 10).all()


def test_a_year_of_age_for_each_year_between_the_exports(study):
    pair = export(), export([patient(AGE=63.0)])
    assert alarms(*pair, study, "2020-06-30").empty
    assert rows(alarms(*pair, study, "2021-06-30"), "ALARM") == [("changed age",)]


def test_a_changed_birth_date_is_an_alarm_in_a_study_that_has_one(study):
    pair = [export() for _ in range(2)]
    for one, born in zip(pair, ("1960-01-01", "1961-01-01"), strict=True):
        one["clean/patients"] = one["clean/patients"].assign(BRTHDT=pd.Timestamp(born))
    (row,) = alarms(*pair, study).to_dict("records")
    assert (row["ALARM"], row["BEFORE"]) == ("changed birth date", "1960-01-01")


KNOWN = {"DIAGDT": "2022-12-01", "WBC": 4.5, "HGB": 88.0, "PLT": 30.0, "ECOG": 1}


def test_a_patient_under_another_number_is_probably_renamed(study):
    before = export([patient("A", **KNOWN), patient("B", 3, AGE=50.0, INDEXDT="2023-02-01")])
    after = export([patient("A-01", 5, **KNOWN), patient("B", 3, AGE=50.0, INDEXDT="2023-02-01")])
    (row,) = alarms(before, after, study).to_dict("records")
    assert (row["ALARM"], row["BEFORE"], row["AFTER"]) == ("patient probably renamed", "A", "A-01")
    assert row["WHERE_AFTER"].endswith("row 5")


def test_a_new_patient_with_other_dates_is_no_renaming(study):
    before, after = export([patient("A", **KNOWN)]), export([patient("B", SEX="F", **KNOWN)])
    assert rows(alarms(before, after, study), "ALARM") == [("vanished patient",)]


def test_two_candidates_are_not_guessed_between(study):
    before = export([patient("A", **KNOWN)])
    after = export([patient("B", **KNOWN), patient("C", 3, **KNOWN)])
    assert rows(alarms(before, after, study), "ALARM") == [("vanished patient",)]


def test_a_vanished_second_registration_is_said_to_be_one(study):
    before = export([patient("A", **KNOWN), patient("B", 3, **KNOWN)])
    found = alarms(before, export([patient("A", **KNOWN)]), study)
    (row,) = found[found["ALARM"] == "vanished patient"].to_dict("records")
    assert "Everything fixed of A, who is still there, was the same" in row["MESSAGE"]


def assessment(said, day="2022-06-01", row=9, **values) -> dict:
    return {"USUBJID": "P1", "SEQ": 1, "RSDT": day, "RSINV": said, **place(row, "疗效"), **values}


def assessed(*lines) -> dict:
    made = export()
    made["clean/responses"] = make("clean/responses", list(lines))
    return made


ORDER = {"order": ["CR", "CRi", "PR", "NR"]}


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("CR", "CR", []),
        ("CR", "CRi", [("response rewritten", "CRi (worse)")]),
        ("PR", "CR", [("response rewritten", "CR (better)")]),
        ("CR", "nobody knows", [("response rewritten", "nobody knows (another category)")]),
        ("CR", None, [("response undone", None)]),
        (None, "CR", []),
    ],
)
def test_a_response_that_was_changed_long_after(study, was, now, expected):
    pair = assessed(assessment(was)), assessed(assessment(now, row=11))
    found = alarms(*pair, {**study, "response": ORDER})
    assert rows(found, "ALARM", "AFTER") == expected


def test_a_response_changed_soon_after_is_no_alarm_and_the_days_are_the_studys(study):
    pair = assessed(assessment("CR", "2022-12-30")), assessed(assessment("PR", "2022-12-30"))
    told = {**study, "response": ORDER}
    assert alarms(*pair, told).empty
    found = alarms(*pair, {**told, "changes": study["changes"] | {"settled_days": 30}})
    assert rows(found, "ALARM") == [("response rewritten",)]


def test_an_assessment_that_is_gone_is_a_response_undone(study):
    stays = assessment("PR", "2022-01-01", 8)
    found = alarms(assessed(stays, assessment("CR")), assessed(stays), study)
    assert ("response undone", "CR on 2022-06-01") in rows(found, "ALARM", "BEFORE")


def cohort(n: int, changed: int, **values) -> dict:
    return export(
        [patient(f"P{i}", i + 2, ECOG=1, **(values if i < changed else {})) for i in range(n)]
    )


@pytest.mark.parametrize(
    ("changed", "share", "count", "alarm"),
    [(5, 0.2, 5, True), (4, 0.2, 5, False), (5, 0.25, 5, False), (4, 0.2, 4, True)],
)
def test_a_mass_change_in_one_column(study, changed, share, count, alarm):
    limits = {"mass_share": share, "mass_count": count}
    pair = cohort(21 if changed == 5 else 20, 0), cohort(21 if changed == 5 else 20, changed)
    pair[1]["clean/patients"].loc[: changed - 1, "ECOG"] = 2
    found = alarms(*pair, {**study, "changes": study["changes"] | limits})
    said = rows(found, "ALARM", "COLUMN")
    assert said == ([("mass change in one column", "ECOG")] if alarm else [])


def test_columns_that_follow_time_may_change_in_all(study):
    pair = cohort(10, 0), cohort(10, 10, LSTALVDT="2023-06-20")
    assert rows(alarms(*pair, study), "ALARM") == [("mass change in one column",)]
    expected = {"expected": ["LSTALVDT"]}
    assert alarms(*pair, {**study, "changes": study["changes"] | expected}).empty


def test_a_table_or_column_that_came_empty_and_one_that_shrank(study):
    one, two = cycle(1, "2023-01-01", 1, 5), cycle(2, "2023-02-01", 2, 6)
    full = export(cycles=[one, two])
    words = ("ALARM", "TABLE", "COLUMN", "BEFORE", "AFTER")
    found = alarms(full, export(), study)
    assert rows(found, *words) == [("table came empty", "cycles", None, "2 rows", "0 rows")]
    found = alarms(full, export(cycles=[one]), study)
    assert rows(found, *words) == [("fewer rows", "cycles", None, "2 rows", "1 rows")]
    bare = [{**line, "VENDOSE": None} for line in (one, two)]
    found = alarms(full, export(cycles=bare), study)
    assert rows(found, *words) == [("column came empty", "cycles", "VENDOSE", "2 values", "none")]


def test_no_alarm_where_an_export_is_compared_with_a_later_one(study):
    pair = export([patient(DTHDT="2023-05-01")]), export()
    assert not alarms(*pair, study, "2023-01-31").empty
    assert alarms(*pair, study, "2023-07-31").empty
