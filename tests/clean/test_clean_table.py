"""Clean rows as columns: what a row says, its raw cells, its order, against loops over rows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venaza.pipeline.clean import build
from venaza.pipeline.clean.cell import Reading
from venaza.pipeline.clean.claims import Claims
from venaza.pipeline.clean.clean_table import (
    MISSING,
    CleanColumns,
    CleanRow,
    Read,
    Sources,
    columns_of_rows,
    rows_in_order,
)
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.origins import origins_frame
from venaza.pipeline.clean.repeats import without_repeats

DAY = dt.date(2021, 3, 4)


def columns(n: int, **held: list) -> CleanColumns:
    places = [Place("a.csv", "", row) for row in range(2, n + 2)]
    made = CleanColumns("labs", [f"p{i}" for i in range(n)], places, list(range(n)))
    for name, column in held.items():
        made.columns[name] = column
    return made


def test_a_row_is_a_view_of_its_columns():
    made = columns(2, LBSTRESN=[1.5, None], LBDT=[DAY, 7])
    row = CleanRow(made, 1)
    assert (row["USUBJID"], row.patient, row.place.row) == ("p1", "p1", 3)
    assert row.get("LBSTRESN", "x") == "x"
    assert row.get("SEX") is None
    row["LBSTRESN"] = 2.0
    assert made.columns["LBSTRESN"] == [1.5, 2.0]
    assert [CleanRow(made, i).dates() for i in (0, 1)] == [[("LBDT", DAY)], []]
    row["LBENDT"] = DAY
    assert row.dates() == [("LBENDT", DAY)]
    with pytest.raises(KeyError):
        row["SEX"]


def test_a_fact_is_of_one_row():
    made = columns(2)
    first, second = CleanRow(made, 0), CleanRow(made, 1)
    first.undated |= {"LB"}
    assert (first.undated, second.undated) == ({"LB"}, frozenset())
    assert CleanRow(made, 0).undated == {"LB"}


@pytest.mark.parametrize(
    ("reading", "why", "unread"),
    [
        (Reading(3.0), None, ""),
        (Reading(None, beside={"MRDRES": "NEG"}), None, ""),
        (Reading(), MISSING, ""),
        (Reading(problem="not a number"), "not readable, asked of the clinic", "not a number"),
        (
            Reading(problem="no word", unknown={}),
            "a word that no vocabulary knows, asked of the clinic",
            "",
        ),
    ],
)
def test_why_a_cell_that_was_read_gives_no_value(reading, why, unread):
    read = Read("h", "x", reading)
    assert (read.why, read.unread, read.filled, read.idle) == (why, unread, True, False)


def test_a_cell_whose_condition_does_not_hold_is_idle_where_it_is_filled():
    assert Read("h", "x", said=False).idle
    assert not Read("h", "", said=False).idle
    assert not Read("h", "x").idle


def test_a_word_that_is_asked_of_the_clinic_counts_as_unread():
    assert Read("h", "x", Reading(problem="no word", unknown={}), words_asked=True).unread


def test_an_emptied_cell_is_told_from_one_that_was_never_filled():
    made = columns(3, VAF=[None, None, None])
    made.reads["VAF"] = [Read("vaf", "?", Reading()), Read("vaf", ""), Read("vaf", "")]
    made.put("VAF", 2, None)
    assert [made.was_read("VAF", i) for i in range(3)] == [True, False, True]
    CleanRow(made, 2).clear("VAF")
    assert not made.was_read("VAF", 2)


def test_rows_stand_by_raw_row_and_then_by_record():
    one, two = columns(3), columns(3)
    rows = rows_in_order([one, two])
    assert [(row.of is two, row.index) for row in rows] == [
        (record, i) for i in range(3) for record in (False, True)
    ]
    assert columns_of_rows(rows, ["USUBJID"])["USUBJID"] == ["p0", "p0", "p1", "p1", "p2", "p2"]


def test_repeated_rows_take_all_that_is_known_of_them():
    made = columns(3, GENE=["A", "B", "C"])
    made.cells["h"], made.corrected["h"] = np.array([1, 2, 3]), np.array([False, True, False])
    made.sources.append(Sources("GENE", [("h", "value")], np.array([True, True, False])))
    made.spans["LBDT"] = {1: (DAY, DAY)}
    CleanRow(made, 2).doubted |= {"h"}
    made.dropped[0] = "why"
    again = made.repeated([2, 1, 1, 0])
    assert again.columns["GENE"] == ["C", "B", "B", "A"]
    assert again.patients == again.columns["USUBJID"] == ["p2", "p1", "p1", "p0"]
    assert (again.at, again.dropped) == ([2, 1, 1, 0], [None, None, None, "why"])
    assert [again.origins_of(i) for i in range(4)] == [
        {},
        {"GENE": [(2, "corrected")]},
        {"GENE": [(2, "corrected")]},
        {"GENE": [(1, "value")]},
    ]
    assert again.spans == {"LBDT": {1: (DAY, DAY), 2: (DAY, DAY)}}
    assert CleanRow(again, 0).doubted == {"h"}


NAMES = ("SEX", "AGE", "LBDT")
SOURCE = st.tuples(
    st.sampled_from(NAMES),
    st.lists(
        st.tuples(
            st.sampled_from([None, "a", "b"]), st.sampled_from(["value", "condition", "unit"])
        ),
        max_size=3,
    ),
    st.one_of(st.none(), st.lists(st.booleans(), min_size=4, max_size=4)),
    st.booleans(),
)
CELL = st.sampled_from([0, 1, 2, 3, -4])
GIVEN = st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 9)), st.just("computed")))


@given(
    st.lists(SOURCE, max_size=6),
    st.lists(st.tuples(CELL, CELL, st.booleans()), min_size=4, max_size=4),
    st.dictionaries(st.tuples(st.integers(0, 3), st.sampled_from(NAMES)), GIVEN, max_size=4),
    st.permutations(range(4)),
)
def test_origins_of_a_table_are_those_of_its_rows(sources, cells, given_later, order):
    made = columns(4, SEQ=[1, 2, 3, 4])
    for n, key in enumerate("ab"):
        made.cells[key] = np.array([line[n] for line in cells])
        made.corrected[key] = np.array([line[2] for line in cells])
    for name, named, rows, first in sources:
        rows = None if rows is None else np.array(rows)
        made.sources.append(Sources(name, named, rows, first))
    for (i, name), found in given_later.items():
        CleanRow(made, i).set_cells(name, found)
    rows = [CleanRow(made, i) for i in order[:3]]
    wanted = [
        (row["SEQ"], name, None if cell is None or cell < 0 else cell, role, cell)
        for row in rows
        for name, origins in row.origins().items()
        for cell, role in origins
    ]
    frame = origins_frame({"labs": rows}).astype("object").where(lambda f: f.notna(), None)
    found = frame[["SEQ", "COLUMN", "CELL", "ROLE"]].to_numpy().tolist()
    assert found == [list(line[:4]) for line in wanted]
    lines = [-cell if cell is not None and cell < 0 else None for *_, cell in wanted]
    assert frame["LINE"].tolist() == lines


CLAIMS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=8)


@given(st.lists(CLAIMS, max_size=4))
def test_the_claims_of_a_cell_are_all_that_were_made_on_it(layers):
    claims = Claims({"tables": {}}, Journal())
    wanted: dict[int, set[int]] = {row: set() for row in range(5)}
    states = np.zeros(5, dtype=np.int32)
    for code in range(4):
        claims._code((code, f"{code}"))
    for layer in layers:
        rows = np.array([row for row, _ in layer], dtype=np.int64)
        claims._add(states, rows, np.array([code for _, code in layer], dtype=np.int64))
        for row, code in layer:
            wanted[row].add(code)
    assert [set(claims.sets[state]) for state in states.tolist()] == list(wanted.values())


CONTENT = st.tuples(st.sampled_from([None, "x", "y"]), st.sampled_from([None, 2.0, 10.0]))


@given(st.lists(CONTENT, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_rows_of_a_day_are_ordered_as_by_all_their_content(content, random):
    made = columns(len(content), LBTESTCD=[a for a, _ in content], LBSTRESN=[b for _, b in content])
    names = ["LBTESTCD", "LBSTRESN"]
    rows = [CleanRow(made, i) for i in range(len(content))]
    wanted = sorted(
        rows, key=lambda row: ([build._content(row, name) for name in names], row.place)
    )
    random.shuffle(rows)
    found = build._by_content(rows, names)
    assert [row.index for row in found] == [row.index for row in wanted]


def test_rows_without_a_date_of_two_sheets_both_stay():
    places = [Place("a.csv", "", 2), Place("b.csv", "", 2)]
    made = CleanColumns("mutations", ["p", "p"], places, [0, 1])
    made.columns |= {"GENE": ["TP53", "TP53"], "GERES": ["MUTATED", "MUTATED"], "VAF": [12.0, None]}
    rows = rows_in_order([made])
    assert without_repeats(rows, "mutations", True, Journal()) == rows
