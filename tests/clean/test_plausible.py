"""Times and ages that no cohort has: asked one by one, and a stop where they are many."""

import pytest

from tests.clean.export import clean_of, study
from venaza.contracts.errors import StudyError


def cleaned(rows: list[dict], dates: str = "calendar", **sections):
    columns = {"INDEXDT": "i", "LSTALVDT": "l", "DTHDT": "d", "AGE": "a"}
    mapped = {name: {"from": header} for name, header in columns.items()}
    tables = {"patients": {"file": "*.csv", "header_row": 1, "key": "id",
                           "records": [{"columns": mapped}]}}  # fmt: skip
    lines = [",".join(str(row.get(h, "")) for h in ("id", "i", "l", "d", "a")) for row in rows]
    sections["timeline"] = {"dates": dates, **sections.pop("timeline", {})}
    return clean_of("\n".join(["id,i,l,d,a", *lines]) + "\n", tables=tables, **sections)


def patients(n: int, **odd) -> list[dict]:
    """``n`` usual patients, and one more for each of the odd values of one column."""
    usual = [{"id": f"p{k}", "i": "2021-01-01", "l": "2021-06-01", "a": 60} for k in range(n)]
    ((column, values),) = odd.items()
    more = [{**usual[0], "id": f"q{k}", column: value} for k, value in enumerate(values)]
    return [*usual, *more]


def rules(tables) -> list[str]:
    return list(tables["queries"]["RULE"])


@pytest.mark.parametrize(
    ("day", "last", "asked"),
    [
        ("1969-12-31", "1970-06-01", True),
        ("1970-01-02", "1970-06-01", False),  # the first itself is a placeholder for no date
        ("2021-12-31", "2021-12-31", False),
        ("2022-01-01", "2022-01-01", True),
    ],
)
def test_an_index_date_of_another_time_is_asked(day, last, asked):
    rows = [{"id": "p1", "i": day, "l": last, "a": 60}]
    tables = cleaned(rows, export="2021-12-31")
    assert rules(tables).count("implausible_index_date") == asked
    assert tables["patients"]["INDEXDT"].notna().all()
    moved = cleaned(rows, export="2021-12-31", checks=limits(earliest_index=1969))
    assert ("implausible_index_date" in rules(moved)) == (asked and day > "2021-12-31")


def limits(**changed) -> dict:
    checks = study()["checks"]
    return {**checks, "limits": {**checks["limits"], **changed}}


def test_with_a_cut_off_a_start_after_the_export_is_asked_about_once_and_left_empty():
    rows = patients(9, i=["2022-01-01"])
    tables = cleaned(rows, export="2021-12-31", cutoff="2021-12-31")
    assert sorted(rules(tables)) == ["implausible_index_date", "no_index_date"]
    assert tables["patients"]["INDEXDT"].isna().sum() == 1


def test_forty_years_of_follow_up_are_asked():
    # 1981-01-01 to 2021-01-01 is 14,610 days.
    for last, asked in (("2021-01-01", 0), ("2021-01-02", 1)):
        tables = cleaned([{"id": "p1", "i": "1981-01-01", "l": last, "a": 60}])
        assert rules(tables).count("implausible_follow_up") == asked
    tables = cleaned([{"id": "p1", "i": 0, "l": 14611, "a": 60}], dates="study_days")
    assert rules(tables) == ["implausible_follow_up"]
    tables = cleaned([{"id": "p1", "i": 0, "l": 14611, "d": 14611, "a": 60}], dates="study_days")
    assert rules(tables).count("implausible_follow_up") == 1


@pytest.mark.parametrize(("age", "kept"), [(0, True), (120, True), (121, False), (-1, False)])
def test_an_age_of_no_lifetime_is_left_empty_and_asked(age, kept):
    tables = cleaned([{"id": "p1", "i": "2021-01-01", "l": "2021-06-01", "a": age}])
    assert tables["patients"]["AGE"].notna().all() == kept
    assert bool({"out_of_range", "wrong_unit"} & set(rules(tables))) == (not kept)


@pytest.mark.parametrize(
    ("column", "odd", "what"),
    [
        ("i", ["1951-01-29", "1951-02-18", "1951-03-10"], "The times of 3 of"),
        ("l", ["2061-06-01", "2062-06-01", "2063-06-01"], "The times of 3 of"),
        ("a", ["19500101", "621", "622"], "The ages of 3 of"),
    ],
)
def test_many_of_them_stop_the_run(column, odd, what):
    # Three and more than a tenth: 3 of 29, not 3 of 30; never two, be they all.
    with pytest.raises(StudyError, match=what) as caught:
        cleaned(patients(26, **{column: odd}))
    text = str(caught.value)
    assert f"{odd[0]} (row 28), {odd[1]} (row 29), {odd[2]} (row 30)" in text
    assert {"i": "column: i", "l": "column: l", "a": "column: a"}[column] in text
    assert ("AGE" if column == "a" else "date_origin") in text
    assert len(rules(cleaned(patients(27, **{column: odd})))) >= 3
    assert len(rules(cleaned(patients(1, **{column: odd[:2]})))) >= 2


def test_the_limits_of_a_stop_can_be_moved():
    rows = patients(26, i=["1951-01-29", "1951-02-18", "1951-03-10"])
    assert rules(cleaned(rows, checks=limits(implausible_share=0.5)))
    assert rules(cleaned(rows, checks=limits(implausible_patients=4)))
    with pytest.raises(StudyError, match="The times of 3 of 29 patients cannot be"):
        cleaned(rows, checks=limits(implausible_patients=3))
