"""The swimmer plot: phases and marks of each patient, worked by hand, and where they are drawn."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.figures.cases import MONTH, artist, drawn, make_case, make_study, sheet_of, texts_of
from venaza.pipeline.figures.courses import courses
from venaza.pipeline.figures.lookup import groups_of

STUDY = make_study({"ND": "Newly diagnosed", "RR": "Relapsed or refractory"})


def course(milestones: dict[str, int], **patient) -> list[tuple[str, float, float]]:
    """Items of one patient; days are multiples of 30, so months are whole."""
    row = {"USUBJID": "P1", "GROUP": "ND", "ITTFL": "Y", "DTHFL": "N", "FAILDY": pd.NA}
    adsl = pd.DataFrame([row | {"STOPDY": pd.NA} | patient])
    rows = [("P1", name, day) for name, day in milestones.items()]
    known = pd.DataFrame(rows, columns=["USUBJID", "MILESTONE", "ADY"])
    found = courses(adsl, known, groups_of(STUDY), STUDY)
    return [tuple(item) for item in found[["ITEM", "FROM", "TO"]].itertuples(index=False)]


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        ({"ENDDY": 300}, [("BEFORE", 0, 10), ("ALIVE", 10, 10)]),
        ({"ENDDY": 300, "DTHFL": "Y"}, [("BEFORE", 0, 10), ("DEATH", 10, 10)]),
        ({"ENDDY": 0, "DTHFL": "Y"}, [("BEFORE", 0, 0), ("DEATH", 0, 0)]),
        (
            {"ENDDY": 300, "FAILDY": 90},
            [("BEFORE", 0, 3), ("AFTER", 3, 10), ("ALIVE", 10, 10)],
        ),
        (
            {"ENDDY": 300, "FAILDY": 300, "DTHFL": "Y"},
            [("BEFORE", 0, 10), ("DEATH", 10, 10)],
        ),
        (
            {"ENDDY": 300, "STOPDY": 120},
            [("ON", 0, 4), ("OFF", 4, 10), ("ALIVE", 10, 10)],
        ),
        (
            {"ENDDY": 300, "STOPDY": 60, "FAILDY": 120},
            [("ON", 0, 2), ("OFF", 2, 4), ("AFTER", 4, 10), ("ALIVE", 10, 10)],
        ),
        (
            {"ENDDY": 300, "STOPDY": 150, "FAILDY": 120},
            [("ON", 0, 4), ("AFTER", 4, 10), ("ALIVE", 10, 10)],
        ),
    ],
)
def test_phases(patient, expected):
    assert course({}, **patient) == expected


@pytest.mark.parametrize(
    ("milestones", "marks"),
    [
        ({"FIRST_RESPONSE": 30, "FIRST_REMISSION": 30}, ["FIRST_REMISSION"]),
        ({"FIRST_RESPONSE": 30, "FIRST_REMISSION": 60}, ["FIRST_REMISSION", "FIRST_RESPONSE"]),
        ({"FIRST_RESPONSE": 30}, ["FIRST_RESPONSE"]),
        ({"RELAPSE": 90}, ["RELAPSE"]),
        ({"RELAPSE": 150}, []),
        ({"REFRACTORY": 90, "RELAPSE": 90}, ["REFRACTORY"]),
        ({"NEXT_THERAPY": 120, "TRANSPLANT": 150}, ["NEXT_THERAPY", "TRANSPLANT"]),
        ({"INDEX": 0, "LAST_ALIVE": 300}, []),
    ],
)
def test_marks_of_a_patient_whose_regimen_failed_on_day_90(milestones, marks):
    items = [item for item, _, _ in course(milestones, ENDDY=300, FAILDY=90)]
    assert items[2:-1] == marks


def test_patients_without_treatment_are_not_drawn():
    assert course({}, ENDDY=300, ITTFL="N") == []
    assert course({}, ENDDY=pd.NA) == []


def test_patients_stand_group_by_group_longest_first(two_groups):
    _, data = drawn(two_groups, "swimmer")
    patients = data.drop_duplicates("USUBJID")
    assert list(patients["GROUP"]) == ["ND"] * 29 + ["RR"] * 21
    length = data.groupby("USUBJID", sort=False)["TO"].max()
    for group in ("ND", "RR"):
        of_group = length[patients.loc[patients["GROUP"] == group, "USUBJID"]]
        assert of_group.is_monotonic_decreasing


def test_deaths_and_arrows_end_the_right_bars(two_groups):
    sheet = sheet_of(two_groups, "swimmer")
    adsl = two_groups.tables["adsl"]
    for gid, flag in (("DEATH", "Y"), ("ALIVE", "N")):
        months = sorted(adsl.loc[adsl["DTHFL"] == flag, "ENDDY"].astype(float) / MONTH)
        assert sorted(artist(sheet, gid).get_xdata()) == pytest.approx(months)


def test_bars_and_marks_of_a_patient_stand_in_one_line(two_groups):
    sheet, data = drawn(two_groups, "swimmer")
    middles = {round(path.vertices[:4, 1].mean(), 6) for path in artist(sheet, "ON").get_paths()}
    assert len(middles) == 50
    for mark in ("DEATH", "ALIVE", "FIRST_REMISSION", "RELAPSE"):
        assert {round(y, 6) for y in artist(sheet, mark).get_ydata()} <= middles


def test_patients_are_named_where_there_is_room(two_groups):
    assert "P0000" in texts_of(sheet_of(two_groups, "swimmer"))
    crowded = texts_of(sheet_of(make_case({"ND": 60, "RR": 60}), "swimmer"))
    assert "P0000" not in crowded
    assert "Newly diagnosed (n = 60)" in crowded


def test_the_page_is_never_higher_than_a_journals():
    assert sheet_of(make_case({"ND": 160, "RR": 170}), "swimmer").height <= 215


def test_the_legend_names_only_what_is_drawn():
    texts = texts_of(sheet_of(make_case({"ND": 9, "RR": 7}, failing=False), "swimmer"))
    assert "Death" in texts
    assert "First response (PR)" in texts
    assert "After failure" not in texts
    assert "Relapse" not in texts


def test_nobody_treated_gives_one_plain_sentence(two_groups):
    case = make_case({"ND": 3})
    case.tables["adsl"]["ITTFL"] = "N"
    assert "No patient was treated." in texts_of(sheet_of(case, "swimmer"))
