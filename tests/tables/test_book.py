"""The workbook of tables: each as it is printed, number for number, in the same bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.report.cohort import ard, study
from tests.tables.test_layout import table
from tests.tables.test_tables import ADAE
from venaza.markup.printed import Cell, Part, Row, Section, Table, words
from venaza.pipeline.tables import build_all, planned
from venaza.pipeline.tables.book import TITLES, table_book, title_of

ROOT = Path(__file__).parents[2]
ABOUT = {"study": {"short": "Small", "synthetic": True}, "export": "2023-11-30", "endpoints": {}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("tables")
    build_all({"adae": ADAE}, ard().frame(), study(), target)
    return target


def opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def test_the_first_sheet_lists_the_others_by_what_the_manuscript_calls_them(folder):
    book = load_workbook(folder / "tables.xlsx")
    names = planned(study())
    assert book.sheetnames == ["Tables", *(n.replace("_", " ").capitalize() for n in names)]
    listed = list(book["Tables"].iter_rows(min_row=4, values_only=True))
    assert listed == [
        (sheet, title_of(name, study()))
        for sheet, name in zip(book.sheetnames[1:], names, strict=True)
    ]
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].value.startswith(dict(listed)[sheet.title])
    links = [cell.hyperlink.location or cell.hyperlink.target for cell in book["Tables"]["A"][3:]]
    assert links == [f"#'{name}'!A1" for name in book.sheetnames[1:]]


def test_every_cell_is_text_as_the_csv_has_it(folder):
    book = load_workbook(folder / "tables.xlsx")
    for name in planned(study()):
        rows = list(csv.reader((folder / f"{name}.csv").open(encoding="utf-8-sig")))[1:]
        sheet = book[name.replace("_", " ").capitalize()]
        cells = [[c.value or "" for c in line] for line in sheet.iter_rows(min_row=4)]
        assert {c.data_type for line in sheet.iter_rows() for c in line} <= {"s", "n"}
        numbers = [c for line in sheet.iter_rows() for c in line if c.value and c.data_type == "n"]
        assert numbers == []
        for _, label, *values in rows:
            # An apostrophe guards the CSV alone: in the workbook the cell is text anyhow.
            plain = [v[1:] if v.startswith("'") else v for v in [label, *values]]
            assert any([c.strip() for c in line] == plain for line in cells), (name, plain)


def test_heads_that_are_shared_are_merged_and_notes_stand_below():
    sheet = opened(table_book({"response": table()}, ABOUT))["Response"]
    assert sheet["A1"].value == "Response (synthetic data)"
    assert [c.value for c in sheet[3]] == ["Row", "Group (n = 3)", None, "P"]
    assert [c.value for c in sheet[4]] == [None, "n", "CI", None]
    assert {str(r) for r in sheet.merged_cells.ranges} == {
        *("A3:A4", "B3:C3", "D3:D4"),
        *("A6:D6", "B7:C7", "A8:D8", "A9:D9"),
    }
    assert [c.value for c in sheet[5]] == ["a < b", "1", "2", "3"]
    assert (sheet["A6"].value, sheet["A7"].alignment.indent, sheet["B7"].value) == (
        "Part",
        1,
        "wide",
    )
    assert [sheet["A8"].value, sheet["A9"].value] == ["One & two.", "Three."]
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$3:$4"


@pytest.mark.parametrize("text", ["=1+1", "+8", "-7/7q-", "@a", "−0.3 (−1.2 to 0.6)"])
def test_what_is_printed_stands_there_exactly_and_is_no_formula(text):
    row = Row(text, (words(text), Cell((Part(text, "ard", "x"),)), words("")))
    made = Table("Row", table().columns, [Section(text, [row])])
    sheet = opened(table_book({"response": made}, ABOUT))["Response"]
    assert [sheet["A5"].value, sheet["A6"].value, sheet["B6"].value, sheet["C6"].value] == [
        text
    ] * 4
    assert {sheet[name].data_type for name in ("A5", "A6", "B6", "C6")} == {"s"}
    assert sheet["B6"].quotePrefix


def test_equal_tables_give_equal_bytes():
    assert table_book({"response": table()}, ABOUT) == table_book({"response": table()}, ABOUT)


@pytest.mark.parametrize(
    ("start", "title"),
    [
        ("RELAPSE", "Relapse and subsequent therapy"),
        ("FAILURE", "Failure of the regimen and subsequent therapy"),
    ],
)
def test_what_comes_after_is_called_by_what_it_follows(start, title):
    assert title_of("failure", {"endpoints": {"PFOS": {"start": start}}}) == title


def test_the_manuscript_calls_each_table_so():
    captions = (ROOT / "report/text/en/captions.md.j2").read_text(encoding="utf-8")
    about = {"endpoints": {"PFOS": {"start": "FAILURE"}}}
    for name in (*TITLES, "failure"):
        _, _, own = captions.partition(f"{{% macro tbl_{name}() %}}")
        title = title_of(name, about)
        assert title.removeprefix("Failure of the regimen") in own.partition("{% endmacro %}")[0]
