"""What a defect of a plan does to the row that it names, and to no other."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from venaza.commands.simulate.cohort import Cohort
from venaza.commands.simulate.cuts import cut, export_of
from venaza.commands.simulate.defects import plant, planted

PLAN = {"first_day": "2020-01-01", "cutoff": "2020-12-31", "seed": 1}


@pytest.fixture
def frame():
    return pd.DataFrame(
        {"PATIENT": [0, 1, 1], "A": ["x", "y", "x"], "DAYDT": [1.0, 2.0, 3.0], "HGB": [90, 81, 72]}
    )


@pytest.fixture
def cohort():
    """Two patients from 1 January and 1 July 2020, seen until day 300 and day 100 after it."""
    outline = pd.DataFrame(
        {"GROUP": "all", "INDEX": [0.0, 182.0], "END": [300.0, 100.0], "DEAD": [True, False]}
        | {"FAILTYPE": ["RELAPSE", ""], "FAILDY": [250.0, np.nan]}
    )
    people = pd.DataFrame(
        {"PATIENT": [0, 1], "AGE": [60, 70], "INDEXDT": 0, "STOPDT": [250.0, np.nan]}
        | {"STOPREAS": ["relapse", None], "LSTALVDT": [300.0, 100.0], "DTHDT": [300.0, np.nan]}
        | {"SURVSTAT": ["DEAD", "ALIVE"], "DTHCAUS": ["infection", None]},
        dtype=object,
    ).astype({"PATIENT": int})
    cycles = pd.DataFrame(
        {"PATIENT": [0, 0, 1], "EXSTDT": [0, 170, 0], "EXENDT": [27, 190, 27], "VENDAYS": 21},
        dtype=object,
    ).astype({"PATIENT": int})
    return Cohort(PLAN, outline, {"patients": people, "cycles": cycles}, np.array(["P1", "P2"]))


def test_set_and_move_change_the_nth_row_that_fits(frame):
    made = planted(frame, {"at": {"A": "x"}, "nth": 2, "set": {"A": "z"}, "move": {"DAYDT": -10}})
    assert list(made["A"]) == ["x", "y", "z"]
    assert list(made["DAYDT"]) == [1, 2, -7]
    assert list(frame["A"]) == ["x", "y", "x"]


def test_times_changes_the_first_row_by_a_factor(frame):
    made = planted(frame, {"at": {"PATIENT": 1}, "times": {"HGB": 0.1}})
    assert list(made["HGB"]) == [90, 8.1, 72]


def test_again_repeats_a_row_at_the_end_with_numbers_added(frame):
    made = planted(frame, {"at": {"A": "y"}, "again": {"HGB": 9}})
    assert list(made["HGB"]) == [90, 81, 72, 90]
    assert list(made.iloc[-1]) == [1, "y", 2.0, 90]


def test_add_puts_a_row_below_the_last_of_the_patient(frame):
    made = planted(frame, {"at": {"PATIENT": 0}, "add": {"A": "new"}})
    assert list(made["A"]) == ["x", "new", "y", "x"]
    assert list(made["PATIENT"]) == [0, 0, 1, 1]


def test_add_under_another_number_puts_a_row_at_the_end(frame):
    made = planted(frame, {"at": {"PATIENT": 0}, "add": {"A": "new", "USUBJID": "P9"}})
    assert list(made["A"]) == ["x", "y", "x", "new"]
    assert list(made["USUBJID"].dropna()) == ["P9"]


def test_a_defect_belongs_to_its_patient_and_export(cohort):
    defect = {"table": "patients", "patient": "P2", "set": {"AGE": 7}, "rule": "r", "what": "w"}
    made, found = plant(cohort, [defect])
    assert list(made.tables["patients"]["AGE"]) == [60, 7]
    assert [(d.table, d.patient, d.what, d.rule) for d in found] == [("patients", "P2", "w", "r")]
    made, found = plant(cohort, [{**defect, "export": "2020-06-30"}])
    assert list(made.tables["patients"]["AGE"]) == [60, 70]
    assert found == []


def test_an_earlier_export_has_what_was_known_by_then(cohort):
    early = cut(cohort, "2020-06-30", 1)  # day 181 of the first patient, before the second's index
    assert list(early.numbers) == ["P1"]
    cycles = early.tables["cycles"]
    assert list(cycles["EXSTDT"]) == [0, 170]
    assert list(cycles["EXENDT"].isna()) == [False, True]
    assert list(cycles["VENDAYS"].isna()) == [False, True]
    person = early.tables["patients"].iloc[0]
    assert person["SURVSTAT"] == "ALIVE"
    assert person[["STOPDT", "STOPREAS", "DTHDT", "DTHCAUS"]].isna().all()
    assert 170 <= person["LSTALVDT"] <= 179
    assert not early.outline.loc[0, "DEAD"]
    assert early.outline.loc[0, "FAILTYPE"] == ""


@pytest.mark.parametrize(("day", "patients"), [("2020-06-30", 1), ("2020-07-01", 2)])
def test_a_patient_is_in_the_export_from_the_index_date_on(cohort, day, patients):
    assert (date.fromisoformat("2020-07-01") - date.fromisoformat(PLAN["first_day"])).days == 182
    assert cut(cohort, day, 1).n == patients


def test_the_last_export_is_the_whole_cohort(cohort):
    assert cut(cohort, "2020-12-31", 1) is cohort


def test_an_export_holds_what_was_corrected_later(cohort):
    export = {
        "cutoff": "2020-12-31",
        "wrong": [{"table": "patients", "patient": "P1", "set": {"AGE": 6}}],
        "twice": {"P3": {"patient": "P1", "tables": ["cycles"], "until": 1}},
    }
    made, found = export_of(cohort, export)
    assert list(made.numbers) == ["P1", "P2", "P3"]
    assert list(made.tables["patients"]["AGE"]) == [6, 70, 6]
    assert list(made.tables["cycles"]["PATIENT"]) == [0, 0, 1, 2]
    assert list(made.tables["cycles"]["EXSTDT"]) == [0, 170, 0, 0]
    assert found == []
    assert list(cohort.tables["patients"]["AGE"]) == [60, 70]
