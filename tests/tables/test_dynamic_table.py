"""The table on landmarks and changes, and the further comparisons in the table on survival."""

from __future__ import annotations

import copy

import pytest

from tests.statistics.changing import changing_study
from venaza.pipeline.tables import planned
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.survival import survival
from venaza.pipeline.tables.time_dependent import dynamic


@pytest.fixture(scope="module")
def case():
    return changing_study()


def rows_of(table) -> dict[tuple[str, str], list[str]]:
    return {
        (section.heading, row.label): [cell.text for cell in row.cells]
        for section in table.sections
        for row in section.rows
    }


def test_a_landmark_shows_who_is_left_out_and_both_arms(case):
    rows = rows_of(dynamic(Numbers(case.ard), case.study))
    heading = "Overall survival from day 60, by remission until then"
    assert rows[heading, "Left out: event or end of follow-up by then"] == ["2", "0"]
    assert rows[heading, "In remission: events/patients"] == ["1/1", "1/1"]
    assert rows[heading, "Not in remission: events/patients"] == ["0/1", "3/3"]
    assert rows[heading, "Log-rank test"][0].startswith("χ² = ")


def test_a_change_shows_its_patients_hazard_ratio_and_test(case):
    rows = rows_of(dynamic(Numbers(case.ard), case.study))
    heading = "Overall survival after first complete remission against before it"
    assert rows[heading, "Patients in whom it came"] == ["5 of 8 (all events: 7)"]
    assert "P " in rows[heading, "Hazard ratio (95% CI)"][0]


def test_the_note_warns_of_immortal_time(case):
    assert "immortal time" in dynamic(Numbers(case.ard), case.study).notes[0]


def test_strata_and_restricted_means_stand_with_their_endpoint(case):
    rows = rows_of(survival(Numbers(case.ard), case.study))
    assert "(8 patients)" in rows["Overall survival", "Log-rank test stratified by sex"][0]
    means = rows["Overall survival", "Restricted mean to 3 months, months (95% CI)"]
    assert means[0].startswith("2.33 ")  # (40 + 60 + 90 + 90) / 4 days
    assert ("Overall survival", "Difference of restricted means (95% CI)") in rows


def test_without_a_landmark_or_change_there_is_no_such_table(case):
    study = copy.deepcopy(case.study) | {"tables": {"patients": {}}}
    assert "dynamic" in planned(study)
    study["analysis"] |= {"landmark_days": [], "time_dependent": {}}
    assert "dynamic" not in planned(study)
