"""The corrections file: however a spreadsheet has saved it, and what it must say."""

import pytest

from venaza.contracts.errors import StudyError
from venaza.preflight.corrections import load_corrections, read_corrections

HEADER = "patient,table,row,column,old,new,reason,who,date"
LINE = "P1,patients,,性别,男,女,病历核对,李医生,2023-12-01"


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "s.csv"
    path.write_bytes(text.encode(encoding))
    return read_corrections(path, "config/corrections/s.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_of_an_export_is_read(tmp_path, encoding):
    (line,) = read(tmp_path, f"{HEADER}\n{LINE}\n", encoding)
    assert (line["column"], line["new"], line["who"], line["line"]) == ("性别", "女", "李医生", 2)


def test_semicolons_empty_lines_and_rewritten_dates_are_no_matter(tmp_path):
    text = f"{HEADER}\n\n{LINE}\n,,,,,,,,\n".replace("2023-12-01", "2023/12/1").replace(",", ";")
    (line,) = read(tmp_path, text)
    assert (line["date"], line["line"]) == ("2023-12-01", 3)


def test_a_value_made_neutral_for_a_spreadsheet_is_read_as_it_was(tmp_path):
    (line,) = read(tmp_path, f"{HEADER}\n{LINE}\n".replace("男", "'=1+1"))
    assert line["old"] == "=1+1"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("病历核对", "", "A correction has no 'reason'"),
        ("李医生", "", "has no 'who'"),
        ("2023-12-01", "", "has no 'date'"),
        ("2023-12-01", "1/2/2023", "cannot be read: day and month cannot be told apart"),
        ("男,女", "男,男", "A correction changes nothing"),
        ("P1,", ",", "neither a patient nor a row"),
        ("reason", "why", "'why' is not a column"),
        ("reason,", "", "needs one column 'reason'"),
    ],
)
def test_a_line_that_is_not_whole_is_refused(tmp_path, old, new, part):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, f"{HEADER}\n{LINE}\n".replace(old, new))
    assert part in str(caught.value)
    assert "row:" in str(caught.value)


def test_an_earlier_export_is_taken_as_it_was_known_when_the_next_came(tmp_path):
    folder = tmp_path / "config/corrections"
    folder.mkdir(parents=True)
    early = LINE.replace("2023-12-01", "2023-08-01")
    (folder / "s.csv").write_text(f"{HEADER}\n{LINE}\n{early}\n", encoding="utf-8")
    exports = ["2023-06-30", "2023-11-30"]
    newest = load_corrections(tmp_path, "s", "2023-11-30", exports)
    assert newest["strict"]
    assert [line["line"] for line in newest["lines"]] == [2, 3]
    before = load_corrections(tmp_path, "s", "2023-06-30", exports)
    assert not before["strict"]
    assert [line["line"] for line in before["lines"]] == [3]
    (folder / "s.csv").write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    assert load_corrections(tmp_path, "s", "2023-06-30", exports) is None
    assert load_corrections(tmp_path, "other", "2023-11-30", exports) is None
