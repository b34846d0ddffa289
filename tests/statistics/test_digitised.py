"""Digitised curves: what their files must be, their units, their numbers."""

import pandas as pd
import pytest

from tests.statistics.made_up import DIGITISED, STUDY
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics import reconstructed_curves as digitised


def text(columns: str, *rows: str) -> pd.DataFrame:
    lines = [row.split(",") for row in rows]
    return pd.DataFrame(lines, columns=columns.split(","), dtype="string")


POINTS = text("time,survival", "0,100", "1,80", "2,60", "4,40")
AT_RISK = text("time,n", "0,10", "3,6")


def read(points=POINTS, at_risk=AT_RISK, **changes):
    return digitised.read_curve(points, at_risk, {**DIGITISED, **changes}, 30)


def test_times_are_days_and_survival_is_a_probability():
    curve, table = read()
    assert list(curve["TIME"]) == [0, 30, 60, 120]
    assert list(curve["SURVIVAL"]) == [1, 0.8, 0.6, 0.4]
    assert list(table.itertuples(index=False, name=None)) == [(0, 10), (90, 6)]
    assert list(read(time_unit="days")[0]["TIME"]) == [0, 1, 2, 4]
    assert list(read(time_unit="years")[0]["TIME"]) == [0, 360, 720, 1440]
    half = text("time,survival", "0,1", "1,.5")
    assert list(read(half, survival_unit="fraction")[0]["SURVIVAL"]) == [1, 0.5]


@pytest.mark.parametrize(
    ("points", "at_risk", "message", "place"),
    [
        (text("month,survival", "0,1"), None, "no column 'time'", {"file": "points.csv"}),
        (text("time,survival"), None, "The digitised curve is empty", {"file": "points.csv"}),
        (
            text("time,survival", "0,100", "1,8O"),
            None,
            "digitised curve cannot be used: this is no number",
            {"row": 3, "column": "survival", "value": "8O", "file": "points.csv"},
        ),
        (
            text("time,survival", "0,100", "-1,80"),
            None,
            "a time is negative",
            {"row": 3, "column": "time", "value": "-1.0"},
        ),
        (
            text("time,survival", "0,100", "1,101"),
            None,
            "a survival is not between 0 and 100",
            {"row": 3, "column": "survival"},
        ),
        (
            text("time,survival", "0,100", "2,60", "1,63", "3,66"),
            None,
            "the curve rises here by more than 2%",
            {"row": 5, "column": "survival"},
        ),
        (None, text("time,n", "1,10"), "do not begin at time 0", {"file": "risk.csv"}),
        (
            None,
            text("time,n", "0,10", "3,5.5"),
            "a number at risk is not a whole number",
            {"row": 3, "column": "n", "file": "risk.csv"},
        ),
        (
            None,
            text("time,n", "0,10", "3,11"),
            "the number at risk rises here",
            {"row": 3, "column": "n", "value": "11.0"},
        ),
    ],
)
def test_a_file_that_no_curve_can_be_is_refused(points, at_risk, message, place):
    with pytest.raises(StudyError, match=message) as caught:
        read(POINTS if points is None else points, AT_RISK if at_risk is None else at_risk)
    assert place.items() <= caught.value.place.items()


def test_the_numbers_of_a_reconstructed_curve_say_that_it_is_one():
    study = {**STUDY, "published_curves": [{**DIGITISED, "events": 5}]}
    drawn = digitised.curves({"trial": (POINTS, AT_RISK)}, study)
    table = ard.assemble(digitised.rows(drawn, study)).set_index("ard_id")
    shown = table["display"]
    assert shown["reconstructed.OS.trial.n"] == "10"
    assert shown["reconstructed.OS.trial.events"] == str(drawn[0]["patients"]["EVENT"].sum())
    assert shown["reconstructed.OS.trial.median"] == "4.00"
    assert shown["reconstructed_risk.OS.trial.m0.n_risk"] == "10"
    assert shown["reconstructed_risk.OS.trial.m3.n_risk"] == "6"
    assert table["reason"]["reconstructed.OS.trial.m6.estimate"]
    assert table["method"].str.contains("reconstructed from the published curve").all()
    assert set(table["term"]) == {"A trial"}
    assert drawn[0]["curve"] == "reconstructed"


def test_a_study_without_published_curves_has_none():
    assert digitised.curves({}, STUDY) == []
