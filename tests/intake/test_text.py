"""Delimited text and web pages under the name of a workbook."""

import pytest

from tests.intake.made import intake_of, texts
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.read import open_file
from venaza.pipeline.intake.text import decode

TEXT = "病案号,疗效\n007,完全缓解\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes("id\tx\n007\t完全缓解\n".encode(encoding))
    assert texts(open_file(tmp_path / "a.txt").sheets[0]) == [["id", "x"], ["007", "完全缓解"]]


def test_broken_utf8_is_not_taken_for_gb18030(tmp_path):
    data = ("病案号,疗效\n" + "007,完全缓解\n" * 20).encode()
    broken = data.replace("缓".encode(), "缓".encode()[:2] + b"\x30", 1)
    assert broken.decode("gb18030", "replace") != ""
    (tmp_path / "a.csv").write_bytes(broken)
    with pytest.raises(StudyError, match="is UTF-8 text, but 1 character") as caught:
        decode(tmp_path / "a.csv")
    assert caught.value.place["row"] == 2


def test_gb18030_is_not_taken_for_broken_utf8(tmp_path):
    (tmp_path / "a.csv").write_bytes((TEXT * 50).encode("gb18030"))
    assert decode(tmp_path / "a.csv") == (TEXT * 50, "gb18030")


def test_an_encoding_that_does_not_exist_is_one_clear_error(tmp_path):
    (tmp_path / "a.csv").write_text(TEXT, encoding="utf-8")
    for name in ("klingon", "rot13", "base64", "utf-7\x00"):
        with pytest.raises(StudyError, match="not in the encoding"):
            decode(tmp_path / "a.csv", name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_not_looked_for_in_quotes(tmp_path, delimiter):
    rows = [["id", "note"], ["7", "a, b; c\nd, e; f"], ["8", 'said "no", twice']]
    lines = [delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert texts(open_file(tmp_path / "a.csv").sheets[0]) == rows


def test_decimal_commas_in_a_semicolon_file(tmp_path):
    (tmp_path / "a.csv").write_text("id;x;y\n7;1,5;2,5\n8;2,5;3,5\n", encoding="utf-8")
    assert texts(open_file(tmp_path / "a.csv").sheets[0])[1] == ["7", "1,5", "2,5"]


def test_a_title_above_the_header_does_not_decide(tmp_path):
    text = "随访, 2023; all\nexported\nid\tx\n7\t1\n8\t2\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert texts(open_file(tmp_path / "a.txt").sheets[0])[2:] == [
        ["id", "x"],
        ["7", "1"],
        ["8", "2"],
    ]


def test_excels_line_with_the_delimiter_is_no_row(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\r\nid;x\r\n7;1,5\r\n", encoding="utf-8")
    opened = open_file(tmp_path / "a.csv")
    assert texts(opened.sheets[0]) == [["id", "x"], ["7", "1,5"]]
    assert opened.sheets[0].notes == ["the first line names the delimiter (sep=;)"]


def test_values_stay_exactly_as_they_are(tmp_path):
    values = ["007", "1.50", " x ", "1E5", "１２．５％", "=A1", "+8", "1-5", "MARCH1", "'0"]
    (tmp_path / "a.csv").write_text("h\n" + "\n".join(values) + "\n", encoding="utf-8")
    cells, _ = intake_of(tmp_path)
    assert list(cells[cells["SRCROW"] > 1]["VALUE"]) == values


def test_an_error_cell_written_as_text_is_an_error(tmp_path):
    (tmp_path / "a.csv").write_text("id,x\n7,#REF!\n8,see #REF!\n", encoding="utf-8")
    cells, _ = intake_of(tmp_path)
    assert list(cells[cells["COL"] == "B"]["KIND"]) == ["text", "error", "text"]


PAGE = (
    "<html><head><meta charset='{charset}'><style>td {{color: red}}</style></head><body>"
    "<table border=1><tr><th rowspan=2>住院号</th><th colspan=2>血常规</th></tr>"
    "<tr><th>WBC</th><th>HGB</th></tr><tr><td>007</td><td>3.5&nbsp;</td><td>9<br>5</td></tr>"
    "<tr><td>008<td><td>&lt;5</table></body></html>"
)


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("", "gb18030")]
)
def test_an_xls_that_is_a_web_page(tmp_path, charset, encoding):
    (tmp_path / "a.xls").write_bytes(PAGE.format(charset=charset).encode(encoding))
    opened = open_file(tmp_path / "a.xls")
    assert texts(opened.sheets[0]) == [
        ["住院号", "血常规", ""],
        ["", "WBC", "HGB"],
        ["007", "3.5", "9\n5"],
        ["008", "", "<5"],
    ]
    assert opened.sheets[0].merged == [(0, 0, 1, 0), (0, 1, 0, 2)]
    assert opened.notes == ["named .xls, but its content is html"]


def test_an_xls_that_is_tab_delimited_text(tmp_path):
    (tmp_path / "a.xls").write_bytes("住院号\t疗效\n007\t完全缓解\n".encode("gb18030"))
    opened = open_file(tmp_path / "a.xls")
    assert texts(opened.sheets[0])[1] == ["007", "完全缓解"]
    assert (opened.format, opened.encoding) == ("text", "gb18030")


def test_a_page_with_several_tables_has_as_many_sheets(tmp_path):
    one = "<table><tr><td>a</td></tr></table>"
    (tmp_path / "a.xls").write_text(f"<html>{one}lost{one}</html>", encoding="utf-8")
    sheets = open_file(tmp_path / "a.xls").sheets
    assert [sheet.name for sheet in sheets] == ["1", "2"]
    assert sheets[0].notes == ["1 text(s) outside of cells are not read"]


def test_a_log_in_page_is_refused(tmp_path):
    (tmp_path / "a.xls").write_text("<!DOCTYPE html><html>Session expired</html>", encoding="utf-8")
    with pytest.raises(StudyError, match="a web page without a table"):
        open_file(tmp_path / "a.xls")


def test_a_page_that_spans_without_end_is_refused(tmp_path):
    page = "<table><tr><td colspan=99999999>x</td></tr></table>"
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    with pytest.raises(StudyError, match="too many columns"):
        open_file(tmp_path / "a.xls", None, Limits())
