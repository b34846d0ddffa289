"""Years that look mistyped, and dates after the export: asked about, never corrected."""

import datetime as dt

import pytest

from tests.clean.export import clean_of, patients_csv
from venaza.pipeline.clean.implausible_years import mistyped

OTHERS = [dt.date(2021, 1, 4), dt.date(2021, 3, 5), dt.date(2021, 9, 30)]


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (dt.date(2012, 3, 8), 2021),
        (dt.date(2011, 3, 8), 2021),
        (dt.date(2031, 3, 8), 2021),
        (dt.date(1921, 3, 8), None),
        (dt.date(2020, 3, 8), None),
        (dt.date(2021, 3, 8), None),
        (dt.date(2022, 12, 1), None),
        (dt.date(2017, 6, 1), None),
    ],
)
def test_a_year_far_from_the_others_that_one_slip_would_put_among_them(day, meant):
    assert mistyped(day, OTHERS) == meant


def test_an_old_diagnosis_is_no_slip_unless_two_digits_are_swapped():
    assert mistyped(dt.date(2011, 3, 8), OTHERS, apart=True) is None
    assert mistyped(dt.date(2012, 3, 8), OTHERS, apart=True) == 2021


def test_a_long_survivor_is_no_slip():
    tables = clean_of(patients_csv([row(last="2024-03-07")]), responses=False)
    assert "year_typo" not in set(tables["queries"]["RULE"])


def test_two_dates_alone_tell_nothing():
    assert mistyped(dt.date(2012, 3, 8), OTHERS[:1]) is None


def row(**dates):
    plain = {"index": "2021-01-04", "last": "2021-09-30", "diag": "2020-12-20"} | dates
    return ("p1", "男", "CR", plain["index"], plain["last"], "", "存活", plain["diag"], "95")


def test_a_mistyped_year_is_kept_with_a_query():
    tables = clean_of(patients_csv([row(diag="2012-02-20")]), responses=True)
    query = tables["queries"].set_index("RULE").loc["year_typo"]
    assert (query["COLUMN"], query["VALUE"], query["ACTION"]) == (
        *("DIAGDT", "2012-02-20"),
        "kept until answered",
    )
    assert "2021 typed wrong?" in query["MESSAGE"]
    assert tables["patients"]["DIAGDT"][0].year == 2012


def test_a_date_after_the_export_is_asked_about_where_no_cut_off_does_it():
    text = patients_csv([row(last="2022-02-03")])
    rules = list(clean_of(text, export="2022-01-31")["queries"]["RULE"])
    assert rules == ["future_date"]
    assert list(clean_of(text, export="2022-02-03")["queries"]["RULE"]) == []
    both = clean_of(text, export="2022-01-31", cutoff="2022-01-31")
    assert list(both["queries"]["RULE"]) == ["after_cutoff"]
