"""An error on a key of a study file names the key's line, as an editor counts it."""

import pytest
import yaml

from venaza.contracts.errors import StudyError
from venaza.contracts.key_lines import line_of, lines_named

TEXT = """\
study:
  title: x
tables:
  patients:
    columns:
      SEX: {from: z3, values: {M: ["1"]}}
      "a > b": c
analysis:
  table1:
    - AGE
    - SEXX
  cox: {OS: [AGE, SEX]}
mrd:
  alternatives:
    - {name: low, label: y}
    - {name: late, label: z,
       by_day: 90}
merged: {<<: {inner: 1}}
"""


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("study", None, 1),
        ("study > title", None, 2),
        ("tables > patients > columns > SEX > values > M", None, 6),
        ("tables > patients > columns > a > b", None, 7),
        ("tables > patients > columns > NOPE", None, 5),
        ("analysis > table1", "SEXX", 11),
        ("analysis > table1", "NOPE", 9),
        ("analysis > table1 > 2", None, 11),
        ("analysis > cox > OS", "SEX", 12),
        ("mrd > alternatives > 2 > by_day", None, 17),
        ("mrd > alternatives > late", None, 16),
        ("report > authors", None, None),
        ("merged > inner", None, 18),
    ],
)
def test_the_line_of_a_key(path, value, line):
    assert line_of(yaml.compose(TEXT), path, value) == line


def raised(root, **place) -> StudyError:
    with pytest.raises(StudyError) as caught, lines_named(root):
        raise StudyError("Wrong.", fix="Mend it.", **place)
    return caught.value


def test_an_error_is_given_its_line_and_speaks_of_keys(tmp_path):
    (tmp_path / "s.yaml").write_text(TEXT, encoding="utf-8")
    text = str(raised(tmp_path, file="s.yaml", column="analysis > cox", value="SEX"))
    assert "  file:   s.yaml\n  line:   12\n  key:    analysis > cox\n  value:  SEX\n" in text


def test_a_cell_of_an_export_keeps_its_row_and_column(tmp_path):
    (tmp_path / "s.csv").write_text(TEXT, encoding="utf-8")
    text = str(raised(tmp_path, file="s.csv", row=3, column="study"))
    assert "  row:    3\n  column: study\n" in text


@pytest.mark.parametrize("content", [b"a: [", b"\xff", b""])
def test_a_file_that_cannot_be_read_has_no_line(tmp_path, content):
    (tmp_path / "s.yaml").write_bytes(content)
    assert raised(tmp_path, file="s.yaml", column="study").place["row"] is None


def test_a_file_that_is_not_there_has_no_line(tmp_path):
    assert raised(tmp_path, file="s.yaml", column="study").place["row"] is None
