"""A table as HTML and as CSV: spans, scopes, escaping, and the same words in both."""

from __future__ import annotations

import csv
import io

from venaza.markup.printed import BREAK, Cell, Column, Row, Section, Table, to_csv, to_html, words


def table() -> Table:
    head = words("Group") + Cell((BREAK,)) + words("(n = 3)")
    return Table(
        stub="Row",
        columns=[Column(head, "n"), Column(head, "CI", 2.0), Column(words("P"), "")],
        sections=[
            Section("", [Row("a < b", (words("1"), words("2"), words("3")))]),
            Section("Part", [Row("c", (words("wide").spanning(2), words("4")), 1)]),
        ],
        notes=["One & two.", "Three."],
    )


def test_columns_that_share_a_heading_stand_under_it():
    html = to_html(table())
    assert '<th scope="colgroup" colspan="2">Group<br>(n = 3)</th>' in html
    assert '<th scope="col" rowspan="2">P</th>' in html
    assert '<tr><th scope="col">n</th><th scope="col">CI</th></tr>' in html


def test_widths_add_up_to_the_whole():
    html = to_html(table())
    widths = [float(part.split("%")[0]) for part in html.split("width:")[1:]]
    assert len(widths) == 4
    assert abs(sum(widths) - 100) < 0.3
    assert abs(widths[2] - 2 * widths[1]) < 0.2


def test_a_section_spans_the_table_and_its_rows_are_indented():
    html = to_html(table())
    assert '<th scope="rowgroup" colspan="4"><strong>Part</strong></th>' in html
    assert '<th scope="row">\u2003c</th><td colspan="2">wide</td><td>4</td>' in html


def test_text_is_escaped_and_notes_stand_in_the_foot():
    html = to_html(table())
    assert "a &lt; b" in html
    assert '<tfoot>\n<tr><td colspan="4">One &amp; two.<br>Three.</td></tr>\n</tfoot>' in html


def test_the_csv_has_a_line_per_row_with_the_section_first():
    rows = list(csv.reader(io.StringIO(to_csv(table()).removeprefix("\ufeff"))))
    assert rows[0] == ["section", "Row", "Group (n = 3): n", "Group (n = 3): CI", "P"]
    assert rows[1:] == [["", "a < b", "1", "2", "3"], ["Part", "c", "wide", "", "4"]]
