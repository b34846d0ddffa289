"""How high a row must be for its text: words are not broken, Chinese counts double."""

import pytest
from openpyxl import Workbook

from venaza.contracts.sheets import READABLE, fitted, frozen, lines_of


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("abcde fghi", 10, 1),
        ("abcde fghij", 10, 2),
        ("abcdefghij", 10, 1),
        ("abcdefghijk", 10, 2),
        ("ab\ncd", 10, 2),
        ("骨髓原始细", 10, 1),
        ("骨髓原始细胞", 10, 2),
        ("a 骨髓 b", 8, 1),
        ("a " + "x" * 25, 10, 4),
    ],
)
def test_lines_of_a_wrapped_text(text, width, lines):
    assert lines_of(text, width) == lines


def test_a_row_is_never_higher_than_excel_allows():
    sheet = Workbook().active
    fitted(sheet, 1, [("x" * 30_000, 10)])
    assert sheet.row_dimensions[1].height == 409


@pytest.mark.parametrize(("width", "fits"), [(READABLE, True), (READABLE + 1, False)])
def test_a_sheet_is_made_as_wide_as_the_page_only_where_that_can_be_read(width, fits):
    sheet = Workbook().active
    frozen(sheet, (1, 1), 1, [width], "")
    assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) == fits
