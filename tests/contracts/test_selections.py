"""Selections: the operators from both sides, what is taken of whom, and there and back."""

import pandas as pd
import pytest

from venaza.contracts.selections import (
    Selection,
    distinct,
    fits,
    members_of,
    read,
    rows_of,
    tabled,
    takes,
)

ADSL = pd.DataFrame(
    {
        "USUBJID": pd.array(["A", "B", "C"], "string"),
        "GROUP": pd.array(["ND", "ND", None], "string"),
        "ITTFL": pd.array(["Y", "Y", "N"], "string"),
        "ECOG": pd.array([1, 2, None], "Int64"),
        "TXDY": pd.array([50, None, 9], "Int64"),
    }
)
ADLB = pd.DataFrame(
    {
        "USUBJID": pd.array(["B", "A", "A", "C"], "string"),
        "WORSTFL": pd.array([None, "Y", None, "Y"], "string"),
        "ABLFL": pd.array(["Y", None, "Y", None], "string"),
        "AVAL": pd.array([4.0, 1.0, 2.0, 3.0], "Float64"),
        **{name: pd.array([None] * 4, "string") for name in ("SRCDOM", "SRCVAR", "SRCSEQ")},
    }
)
FACTS = pd.DataFrame({"USUBJID": ["B", "A"], "MILESTONE": ["CR", "PR"], "ADY": [28, 14]})
TABLES = {"endpoints/adsl": ADSL, "endpoints/adlb": ADLB, "endpoints/milestones": FACTS}
VALUES = pd.DataFrame(
    {
        "TEXT": pd.array(["ND", "NDX", None], "string"),
        "WANTS": pd.array(["not (missing: karyotype, TP53)", "(missing: TP53 (both))", None]),
        "OTHER": pd.array(["a", "b", "c"], "string"),
        "DAY": pd.array([29, 30, None], "Float64"),
    }
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("TEXT", "=", "ND"), [True, False, False]),
        (("TEXT", "or none", "ND"), [True, False, True]),
        (("TEXT", "none", ""), [False, False, True]),
        (("TEXT", "some", ""), [True, True, False]),
        (("TEXT", "in", ("NDX", "ND")), [True, True, False]),
        (("TEXT", "starts", "NDX"), [False, True, False]),
        (("TEXT", "starts not", "NDX"), [True, False, True]),
        (("TEXT|OTHER", "=", "c"), [False, False, True]),
        (("TEXT|OTHER", "=", "a"), [False, False, False]),
        (("WANTS", "lists", "TP53"), [True, False, False]),
        (("WANTS", "lists", "karyotype"), [True, False, False]),
        (("WANTS", "lists", "TP5"), [False, False, False]),
        (("WANTS", "lists", "TP53 (both)"), [False, True, False]),
        (("DAY", "=", "30"), [False, True, False]),
        (("DAY", "<=", 30.0), [True, True, False]),
        (("DAY", "<=", 29.0), [True, False, False]),
        (("DAY", ">=", 30), [False, True, False]),
        (("DAY", ">=", 29), [True, True, False]),
    ],
)
def test_each_operator(condition, expected):
    assert list(fits(VALUES, (condition,))) == expected


def test_all_conditions_must_hold():
    both = (("TEXT", "some", ""), ("DAY", ">=", 30))
    assert list(fits(VALUES, both)) == [False, True, False]
    assert list(fits(VALUES, ())) == [True, True, True]


def values(**about) -> Selection:
    return Selection("adlb", ("USUBJID", "GROUP", "AVAL"), (("WORSTFL", "=", "Y"),), **about)


TREATED = (("ITTFL", "=", "Y"),)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (values(), [("A", "ND", 1.0), ("C", None, 3.0)]),
        (values(members=TREATED), [("A", "ND", 1.0)]),
        (values(members=TREATED, every=True), [("A", "ND", 1.0), ("B", "ND", None)]),
        (
            values(members=TREATED, otherwise=(("ABLFL", "=", "Y"),)),
            [("A", "ND", 1.0), ("B", "ND", 4.0)],
        ),
        (values(members=(("GROUP", "=", "RR"),)), []),
        (
            Selection("adsl", ("USUBJID", "ECOG"), (("ECOG", "or none", "2"),)),
            [("B", 2), ("C", None)],
        ),
    ],
)
def test_the_rows_that_are_taken(selection, expected):
    found = rows_of(selection, TABLES)[list(selection.columns)]
    told = found.astype(object).where(found.notna(), None)
    assert list(told.itertuples(index=False, name=None)) == expected
    assert takes(selection, TABLES) == bool(expected)


@pytest.mark.parametrize(
    ("change", "expected"), [("CR", [None, 28]), ("PR", [14, None]), ("TXDY", [50, None])]
)
def test_the_day_of_a_change_is_of_a_milestone_or_of_a_column(change, expected):
    columns = ("USUBJID", "CHANGEDY")
    found = rows_of(Selection("adlb", columns, (), TREATED, every=True, change=change), TABLES)
    days = found.drop_duplicates("USUBJID")["CHANGEDY"].astype(object)
    assert list(days.where(days.notna(), None)) == expected


def test_members_are_narrowed_and_numbers_have_none():
    chosen = values().among(TREATED)
    assert list(members_of(chosen, TABLES)["USUBJID"]) == ["A", "B"]
    assert chosen.among(TREATED) == chosen
    of_numbers = Selection("ard", ("ard_id",), (("ard_id", "starts", "km."),))
    assert of_numbers.among(TREATED) == of_numbers


def test_equal_ones_share_a_number_and_come_back_from_their_table():
    chosen = [
        values(),
        values(members=TREATED, every=True, change="CR"),
        values(),
        Selection("ard", ("ard_id",), (("ard_id", "in", ("a", "b")),), references=("x.csv",)),
        Selection("adae", ("USUBJID",), (("AETOXGR", ">=", 3),), otherwise=(("A", "none", ""),)),
    ]
    found, numbers = distinct(chosen)
    assert numbers == [1, 2, 1, 3, 4]
    assert read(tabled(found)) == dict(enumerate(found, 1))
    assert [read(tabled(found))[n] for n in numbers] == chosen


def test_what_a_condition_asks_of_a_column():
    assert values().asked("WORSTFL") == "Y"
    assert Selection("adtte", (), (("PARAMCD", "in", ("OS",)),)).asked("PARAMCD") == ("OS",)
    assert Selection("adsl", (), (("AGE", "none", ""),)).asked("AGE") is None
    assert values().asked("PARAMCD") is None
