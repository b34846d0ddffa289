"""Every cell of an export that is not empty is in CELLS exactly once, with its own text."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.intake.made import intake_of, ods, ods_row, table
from venaza.pipeline.intake.sheet import as_cell

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
#: What XML can hold; a carriage return is a line feed there.
PLAIN = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn"],
        exclude_characters="\ufffe\uffff",
        max_codepoint=0xFFFF,
    )
    | st.sampled_from("\n\t"),
    max_size=12,
)


def grids(cells):
    return st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6)


def account(folder: Path, **tables) -> dict:
    cells, files = intake_of(folder, **tables)
    found = {(c.SRCSHEET, c.SRCROW, c.COL): c.VALUE for c in cells.itertuples()}
    assert len(found) == len(cells) == files["CELLS"].sum()
    return found


def wanted(grid: list[list[str]], sheet: str = "") -> dict:
    return {
        (sheet, row, "ABCDE"[column]): text
        for row, line in enumerate(grid, start=1)
        for column, text in enumerate(line)
        if text != ""
    }


@QUICK
@given(
    grid=grids(WORDS),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_of_a_text(grid, delimiter, encoding, ends):
    text = io.StringIO(newline="")
    how = {"delimiter": delimiter, "lineterminator": ends, "quoting": csv.QUOTE_ALL}
    csv.writer(text, **how).writerows(grid)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(text.getvalue().encode(encoding))
        assert account(Path(folder)) == wanted(grid)


VALUES = st.one_of(
    st.none(),
    PLAIN,
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 4)),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2099, 1, 1)).map(
        lambda t: t.replace(microsecond=0)
    ),
    st.sampled_from(["=1+1", "#REF!", "=SUM(A1:B2)"]),
)


@settings(QUICK, max_examples=40)
@given(grid=grids(VALUES))
def test_of_a_workbook(grid):
    book = Workbook(write_only=True)
    book.create_sheet("S")
    sheet = book.create_sheet("T")
    for row in grid:
        sheet.append(row)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "a.xlsx")
        expected = wanted([[as_cell(value)[0] for value in row] for row in grid], "T")
        assert account(Path(folder)) == expected


@settings(QUICK, max_examples=30)
@given(grid=grids(st.from_regex(r"[\w<&>\"'一-龥 ]{0,8}", fullmatch=True).map(str.strip)))
def test_of_an_opendocument_sheet(grid):
    from xml.sax.saxutils import escape

    body = "".join(ods_row(*map(escape, row)) for row in grid)
    grid = [[" ".join(text.split(" ")) for text in row] for row in grid]
    with tempfile.TemporaryDirectory() as folder:
        ods(Path(folder) / "a.ods", f'<table:table table:name="S">{body}</table:table>')
        found = account(Path(folder))
    assert {k: v.split() for k, v in found.items()} == {
        k: v.split() for k, v in wanted(grid, "S").items()
    }


@pytest.mark.parametrize("rows", [1, [1, 2], 3])
def test_of_headers_and_titles_too(tmp_path, rows):
    grid = [["title", "", ""], ["id", "x", "x"], ["", "", "y"], ["7", "", "1"]]
    text = "\n".join(",".join(row) for row in grid)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert account(tmp_path, patients=table("a.csv", "id", {}, header_row=rows)) == wanted(grid)
