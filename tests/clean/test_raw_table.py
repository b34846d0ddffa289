"""Raw rows as columns: each step holds against the loop over dictionaries that it replaced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.contracts.files import conform
from venaza.contracts.intake import CELLS, CORRECTED, SHIFTED
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.fill_down import fill_down
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.parts import Parts, borrow_conditions
from venaza.pipeline.clean.raw_table import RawTable
from venaza.pipeline.clean.repeated_rows import first_of_each

HEADERS = ["ID", "day", " day", "dead", "note"]
#: A header twice but for a space, the row of a header (None), texts that fold to the same.
_CELL = st.tuples(
    st.sampled_from(["a.csv", "b.csv"]),
    st.integers(1, 4),
    st.sampled_from([*HEADERS, None]),
    st.sampled_from(["1", "yes", "YES", "合计", " ", "x"]),
    st.sampled_from([None, None, "label", ""]),
    st.sampled_from(["text", SHIFTED, CORRECTED]),
)
EXPORTS = st.lists(_CELL, min_size=1, max_size=40)
SPEC = {
    "file": ["a.csv", "b.csv"],
    "key": "ID",
    "fill_down": ["ID", "day"],
    "records": [{"columns": {"DTHDT": {"from": "day", "when": {"dead": ["yes"]}}}}],
}


def cells_of(lines: list[tuple], categories: bool = False) -> pd.DataFrame:
    """The cells with these files, rows, headers, texts, labels and kinds, numbered from 1."""
    frame = pd.DataFrame(lines, columns=["SRCFILE", "SRCROW", "HEADER", "VALUE", "LABEL", "KIND"])
    zeros = frame["SRCFILE"].map({"a.csv": "1899-12-30"})
    frame = frame.assign(CELL=range(1, len(frame) + 1), SRCSHEET="", DAYZERO=zeros)
    made = conform(frame, CELLS)
    texts = [column.name for column in CELLS if column.dtype == "string"]
    return made.astype(dict.fromkeys(texts, "category")) if categories else made


def table_of(lines: list[tuple], categories: bool = False, kept=("a.csv", "b.csv")) -> RawTable:
    """The raw table of cells, each patient's number read as it stands."""
    export, spec = Export(cells_of(lines, categories)), {**SPEC, "file": list(kept)}
    rows = RawTable.of(export, export.below_headers(spec, Redcap()), "ID", Redcap())
    rows.patients = rows.texts("ID")
    return rows


def rows_by_loop(lines: list[tuple]) -> dict[tuple, dict[str, tuple]]:
    """By place and key: text, label, whether shifted, whether corrected, number of the cell."""
    found: dict[tuple, dict[str, tuple]] = {}
    for number, (file, row, header, text, label, kind) in enumerate(lines, start=1):
        if header is None:
            continue
        own = found.setdefault((file, "", row), {})
        own[header.strip()] = (text, label or "", kind == SHIFTED, kind == CORRECTED, number)
    return found


def texts_by_loop(lines: list[tuple]) -> dict[tuple, dict[str, str]]:
    """By place and key the texts alone."""
    rows = rows_by_loop(lines).items()
    return {place: {key: cell[0] for key, cell in own.items()} for place, own in rows}


def texts_of(rows: RawTable) -> dict[tuple, dict[str, str]]:
    """The same of a raw table."""
    return {(r.place.file, r.place.sheet, r.place.row): r.cells for r in rows}


@settings(deadline=None)
@given(EXPORTS, st.booleans())
def test_a_table_has_the_cells_that_a_loop_gathers(lines, categories):
    rows, wanted = table_of(lines, categories), rows_by_loop(lines)
    assert [list(own) for own in texts_of(rows).values()] == [list(o) for o in wanted.values()]
    assert texts_of(rows) == texts_by_loop(lines)
    for row, (place, own) in zip(rows, wanted.items(), strict=True):
        for header in ("ID", "day", "dead", "note", "no such header"):
            text, label, shifted, corrected, number = own.get(header, ("", "", False, False, None))
            assert (row.text(header), row.label(header)) == (text, label)
            assert row.number(header) == number
            assert rows.column(header).corrected[row.index] == corrected
            assert row.stored(header).shifted == shifted
            assert row.stored(header).day_zero == ("1899-12-30" if place[0] == "a.csv" else "")


@settings(deadline=None)
@given(EXPORTS)
def test_columns_say_what_the_rows_say(lines):
    rows = table_of(lines)
    for header in ("ID", "day", "no such header"):
        column = rows.column(header)
        assert rows.texts(header) == [row.text(header) for row in rows]
        assert column.each(lambda entry: entry.label).tolist() == [
            row.label(header) for row in rows
        ]
        assert rows.column(header).numbers.tolist() == [row.number(header) or 0 for row in rows]
        assert len(set(column.entries)) == len(column.entries)
    assert rows.day_zero == [row.day_zero for row in rows]


@settings(deadline=None)
@given(EXPORTS, st.data())
def test_some_of_the_rows_keep_their_cells_and_patients(lines, data):
    rows = table_of(lines)
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    some = rows.of_rows(np.array(kept, dtype=bool))
    pairs = [pair for pair, k in zip(texts_of(rows).items(), kept, strict=True) if k]
    assert list(texts_of(some).items()) == pairs
    assert some.patients == [row.text("ID") for row in some]


@settings(deadline=None)
@given(EXPORTS)
def test_a_row_repeats_the_first_with_the_same_cells(lines):
    rows, seen, wanted = table_of(lines), {}, []
    for index, row in enumerate(rows):
        content = (row.patient, tuple(sorted((k, folded(v)) for k, v in row.cells.items())))
        wanted.append(seen.setdefault(content, index))
    assert first_of_each(rows).tolist() == wanted


@settings(deadline=None)
@given(EXPORTS)
def test_cells_are_filled_down_as_by_a_loop(lines):
    rows, journal = table_of(lines), Journal()
    wanted, filled, above = texts_by_loop(lines), {}, {}
    for place in sorted(wanted):
        own = wanted[place]
        if next(iter(own.values())) == "合计":
            continue
        for key in SPEC["fill_down"]:
            if tidy(own.get(key, "")) != "":
                above[(place[0], key)] = place
            elif (place[0], key) in above:
                source = above[(place[0], key)]
                own[key], filled[(place, key)] = wanted[source][key], source
    fill_down(rows, "patients", SPEC, ["合计"], journal)
    assert texts_of(rows) == wanted
    said = {((p.file, p.sheet, p.row), key): s for (p, key), s in journal.filled.items()}
    assert {at: (s.file, s.sheet, s.row) for at, s in said.items()} == filled


@settings(deadline=None)
@given(EXPORTS)
def test_conditions_are_borrowed_where_the_patient_has_one_answer(lines):
    rows = table_of(lines)
    before, patients = texts_of(rows), dict(zip(texts_of(rows), rows.patients, strict=True))
    sheets = {file: {k for p, own in before.items() if p[0] == file for k in own}
              for file in ("a.csv", "b.csv")}  # fmt: skip
    answers: dict[str, list[str]] = {}
    for place, own in before.items():
        if tidy(own.get("dead", "")):
            answers.setdefault(patients[place], []).append(own["dead"])
    wanted = {place: dict(own) for place, own in before.items()}
    for place, own in wanted.items():
        known = answers.get(patients[place], [])
        if "dead" not in sheets[place[0]] and len(set(map(tidy, known))) == 1:
            own["dead"] = known[0]
    borrow_conditions(rows, SPEC)
    assert texts_of(rows) == wanted
    own = {sheet[0]: keys for sheet, keys in Parts(rows).headers.items()}
    assert own == {file: keys for file, keys in sheets.items() if keys}


@pytest.mark.parametrize(("second", "lent"), [("yes", "yes"), (" yes ", "yes"), ("no", "")])
def test_a_cell_is_lent_where_all_rows_of_the_patient_say_the_same(second, lent):
    lines = [
        ("a.csv", 2, "ID", "1", None, "text"),
        ("b.csv", 2, "ID", "1", None, "text"),
        ("b.csv", 2, "dead", "yes", None, "text"),
        ("b.csv", 3, "ID", "1", None, "text"),
        ("b.csv", 3, "dead", second, None, "text"),
    ]
    rows = table_of(lines)
    borrow_conditions(rows, SPEC)
    assert rows.texts("dead") == [lent, "yes", second]
    assert rows.column("dead").numbers.tolist() == [3 if lent else 0, 3, 5]


@pytest.mark.parametrize("categories", [False, True])
def test_what_is_filled_keeps_its_label_its_shift_and_its_cell(categories):
    lines = [
        ("a.csv", 2, "ID", "1", None, "text"),
        ("a.csv", 2, "day", "2021-03-04", "a label", SHIFTED),
        ("a.csv", 3, "ID", "2", None, "text"),
    ]
    rows = table_of(lines, categories)
    fill_down(rows, "patients", SPEC, [], Journal())
    below = rows[1]
    assert (below.text("day"), below.label("day")) == ("2021-03-04", "a label")
    assert below.stored("day").shifted
    assert below.number("day") == 2


def test_boxes_that_are_taken_out_are_in_no_column_and_no_row():
    lines = [("a.csv", row, header, "1", None, "text") for row in (2, 3) for header in ("ID", "x")]
    rows = table_of(lines)
    assert rows.texts("x") == ["1", "1"]
    assert rows.empty("x", np.array([True, False])).tolist() == [True, False]
    assert rows.texts("x") == ["", "1"]
    assert list(rows[0].cells) == ["ID"]
    assert rows.empty("x", np.array([True, False])).tolist() == [False, False]
