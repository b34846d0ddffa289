"""Text read at once, column by column, is the text that Python's csv reads row by row."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake import text
from venaza.pipeline.intake.columns import TextRows, placed
from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.text import read_text

cells = st.text(alphabet="ab1甲'\" =,;\n\ufeff#N/A", max_size=5)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6)
)


def as_csv(rows, end="\r\n", quoting=csv.QUOTE_MINIMAL):
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


def read(path, data, limits=Limits()):  # noqa: B008 - limits never change
    """What a file holds, or the message of why it cannot be read."""
    path.write_bytes(data.encode())
    try:
        return read_text(path, "utf-8", limits).sheets[0].rows
    except StudyError as error:
        return str(error)


def read_by_rows(path, data, limits=Limits()):  # noqa: B008
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_even", lambda *_: None)
        return read(path, data, limits)


def assert_equal(path, data, limits=Limits()):  # noqa: B008
    rows, expected = read(path, data, limits), read_by_rows(path, data, limits)
    if isinstance(expected, str):
        assert rows == expected
        return
    assert list(rows) == expected
    fast, slow = placed(rows), placed(expected)
    assert fast.rows.tolist() == slow.rows.tolist()
    assert fast.columns.tolist() == slow.columns.tolist()
    assert [fast.cells[code] for code in fast.codes] == [slow.cells[code] for code in slow.codes]


@settings(deadline=None)
@given(tables, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([0, 1]))
def test_what_csv_writes_is_read_alike(tmp_path_factory, rows, end, quoting):
    assert_equal(tmp_path_factory.mktemp("text") / "a.csv", as_csv(rows, end, quoting))


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet='a1"",\n\r;\t ', max_size=16))
@example('a,b\n"x" ,y\n')
@example('a,b\n"x""",y')
@example('a,b\n""x,y\n')
@example('a,b\n"",""\n')
@example("a,b\n\n1,2\n")
@example("a,b\n1,2\n\n")
@example("a,b\n1,2\r3,4\n")
@example("a,b\n1,2\r\r\n3,4\n")
@example('a,b\n"1\n2",3\n')
@example("a,b\n,\n")
@example("\ufeff\ufeffa,b\n1,2\n")
def test_any_text_is_read_alike(tmp_path_factory, data):
    assert_equal(tmp_path_factory.mktemp("text") / "a.csv", data)


@pytest.mark.parametrize(
    "data",
    ["a,b\n1,2\n", "a;b\r\n1;2", 'a,b\n"1","2"\n', 'a,b\n"say ""x""","1\r\n2"\n', "a\tb\n\t\n"],
)
def test_regular_text_is_read_at_once(tmp_path, data):
    assert isinstance(read(tmp_path / "a.csv", data), TextRows)


@pytest.mark.parametrize(
    "data",
    ["a,b\n1\n", "a,b\n1,2,3\n", "a,b\n\n1,2\n", "a,b\n1,2\r3,4\r", "a\nb\n", 'a,b\n5",2"\n'],
)
def test_other_text_is_read_row_by_row(tmp_path, data):
    assert not isinstance(read(tmp_path / "a.csv", data), TextRows)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(cells=4),
        Limits(cells=3),
        Limits(grid=6),
        Limits(grid=5),
        Limits(columns=1),
        Limits(columns=2),
        Limits(cell_characters=3),
        Limits(cell_characters=2),
    ],
)
def test_limits_are_the_same(tmp_path, limits):
    assert_equal(tmp_path / "a.csv", "a,b\n123,\n,4\n", limits)


def test_rows_are_found_by_number_and_in_pieces(tmp_path):
    rows = read(tmp_path / "a.csv", "a,b\n1,2\n3,#REF!\n")
    assert isinstance(rows, TextRows)
    assert len(rows) == 3
    assert rows[2] == [("3", "text"), ("#REF!", "error")]
    assert rows[:1] == [[("a", "text"), ("b", "text")]]
    assert rows[1:] == list(rows)[1:]


def test_the_delimiter_is_looked_for_in_the_first_rows_only(tmp_path):
    data = "a;b\n" + "1;2\n" * 300 + "x,y,z\n" * 3000
    assert read(tmp_path / "a.csv", data)[0] == [("a", "text"), ("b", "text")]
    assert len(text._first_lines("1;2\n" * 40_000)) == 200
    assert text._first_lines("a\r\nb" * 3) == ["a\r\n", "ba\r\n", "ba\r\n", "b"]
