"""Workbooks as hospitals make them: merged, hidden, computed, of another calendar."""

import datetime as dt

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.intake.made import intake_of, ods, ods_row, patched, table, texts
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.read import open_file


def book(path, *rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_headers_of_two_rows_join_and_what_is_merged_is_repeated(tmp_path):
    made = Workbook()
    sheet = made.active
    for row in (
        ["住院号", "血常规", None, "性别"],
        [None, "WBC", "HGB", None],
        ["7", 3.5, 95, "男"],
    ):
        sheet.append(row)
    for merged in ("A1:A2", "B1:C1", "D1:D2"):
        sheet.merge_cells(merged)
    made.save(tmp_path / "a.xlsx")
    spec = table("a.xlsx", "住院号", {"WBC": "血常规 WBC"}, header_row=[1, 2])
    cells, _ = intake_of(tmp_path, patients=spec)
    last = cells[cells["SRCROW"] == 3]
    assert list(last["HEADER"]) == ["住院号", "血常规 WBC", "血常规 HGB", "性别"]
    assert cells[cells["SRCROW"] < 3]["HEADER"].isna().all()


def test_headers_of_two_rows_in_a_text_file_spread_to_the_right(tmp_path):
    (tmp_path / "a.csv").write_text("id,血常规,\n,WBC,HGB\n7,3.5,95\n", encoding="utf-8")
    cells, _ = intake_of(tmp_path, patients=table("a.csv", "id", {}, header_row=[1, 2]))
    assert list(cells[cells["SRCROW"] == 3]["HEADER"]) == ["id", "血常规 WBC", "血常规 HGB"]


def test_a_merged_cell_of_the_data_holds_its_value_once(tmp_path):
    path = book(tmp_path / "a.xlsx", ["id", "x"], ["7", 1], [None, 2])
    made = open_file(path).sheets[0]
    assert texts(made) == [["id", "x"], ["7", "1"], ["", "2"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_reported(tmp_path, state):
    made = Workbook()
    made.active.append(["id"])
    hidden = made.create_sheet("旧数据")
    hidden["B3"] = "x"
    hidden.sheet_state = state
    made.save(tmp_path / "a.xlsx")
    cells, files = intake_of(tmp_path)
    assert files.loc[0, "HIDDEN"] == "旧数据"
    assert cells.iloc[-1][["SRCSHEET", "SRCROW", "COL"]].tolist() == ["旧数据", 3, "B"]


def test_error_cells_are_errors_and_no_text(tmp_path):
    made = Workbook()
    made.active.append(["id", "x", "y"])
    made.active.append(["7", "#REF!", "#N/A"])
    for place in ("B2", "C2"):
        made.active[place].data_type = "e"
    made.save(tmp_path / "a.xlsx")
    cells, files = intake_of(tmp_path)
    assert cells[cells["SRCROW"] == 2][["VALUE", "KIND"]].to_numpy().tolist() == [
        *(["7", "text"], ["#REF!", "error"], ["#N/A", "error"]),
    ]
    assert "2 cell(s) hold a spreadsheet error" in files.loc[0, "NOTES"]


def test_a_formula_without_a_stored_value_is_reported_and_one_with_is_read(tmp_path):
    path = book(tmp_path / "a.xlsx", ["id", "x", "y"], ["7", "=1+1", "=2+2"])
    patched(
        path, "xl/worksheets/sheet1.xml", lambda d: d.replace(b"2+2</f><v></v>", b"2+2</f><v>4</v>")
    )
    cells, files = intake_of(tmp_path)
    assert cells[cells["SRCROW"] == 2][["VALUE", "KIND"]].to_numpy().tolist() == [
        *(["7", "text"], ["=1+1", "formula"], ["4", "number"]),
    ]
    assert "1 formula(s) have no stored value" in files.loc[0, "NOTES"]


def test_the_calendar_of_1904_gives_the_same_day(tmp_path):
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append([dt.date(2021, 3, 5)])
    made.save(tmp_path / "a.xlsx")
    assert open_file(tmp_path / "a.xlsx").sheets[0].rows == [[("2021-03-05", "date")]]
    patched(tmp_path / "a.xlsx", "xl/workbook.xml", lambda d: d.replace(b"date1904", b"date1905"))
    assert open_file(tmp_path / "a.xlsx").sheets[0].rows != [[("2021-03-05", "date")]]


def test_times_and_durations_keep_their_text(tmp_path):
    path = book(tmp_path / "a.xlsx", [dt.time(8, 30), dt.timedelta(hours=30)])
    assert open_file(path).sheets[0].rows == [[("08:30:00", "time"), ("30:00:00", "time")]]


def test_what_is_not_read_is_said(tmp_path):
    made = Workbook()
    made.active["A1"] = "id"
    made.active["A1"].comment = Comment("failed screening", "nurse")
    made.active["A1"].fill = PatternFill("solid", fgColor="FFFF0000")
    made.active.row_dimensions[1].hidden = True
    made.save(tmp_path / "a.xlsx")
    _, files = intake_of(tmp_path)
    for said in ("comments are not read", "colours of cells", "1 hidden row(s) are read"):
        assert said in files.loc[0, "NOTES"]


def test_a_plain_workbook_has_nothing_to_say(tmp_path):
    book(tmp_path / "a.xlsx", ["id"], ["7"])
    _, files = intake_of(tmp_path)
    assert files.loc[0, ["NOTES", "HIDDEN"]].tolist() == [None, None]


def test_an_old_workbook_with_error_cells(tmp_path):
    made = xlwt.Workbook()
    sheet = made.add_sheet("基本信息")
    for column, text in enumerate(("id", "x", "y")):
        sheet.write(0, column, text)
    sheet.write(1, 0, "007")
    sheet.row(1).set_cell_error(1, 0x17)
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    sheet.write(1, 2, dt.date(2021, 3, 5), style)
    hidden = made.add_sheet("h")
    hidden.visibility = 1
    made.save(str(tmp_path / "a.xls"))
    opened = open_file(tmp_path / "a.xls")
    assert opened.format == "xls"
    assert opened.sheets[0].rows[1] == [
        *(("007", "text"), ("#REF!", "error"), ("2021-03-05", "date")),
    ]
    assert [sheet.hidden for sheet in opened.sheets] == [False, True]


def test_a_large_old_workbook_is_followed_through_its_sectors(tmp_path):
    made = xlwt.Workbook()
    sheet = made.add_sheet("s")
    for row in range(3000):
        sheet.write(row, 0, f"patient {row} of this long sheet")
    sheet.row(3000).set_cell_error(4, 0x2A)
    made.save(str(tmp_path / "a.xls"))
    assert open_file(tmp_path / "a.xls").sheets[0].rows[3000][4] == ("#N/A", "error")


def test_an_opendocument_sheet(tmp_path):
    cell = "<table:table-cell"
    body = (
        '<table:table table:name="S">'
        f'<table:table-row>{cell} office:value-type="string" table:number-columns-spanned="2">'
        "<text:p>血常规</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        + ods_row("WBC", "HGB")
        + f'<table:table-row table:number-rows-repeated="2">{cell} office:value-type="float" '
        'office:value="7" table:number-columns-repeated="2"><text:p>7</text:p></table:table-cell>'
        f'</table:table-row><table:table-row>{cell} table:formula="of:=1/0" '
        'office:value-type="string" office:string-value="" calcext:value-type="error">'
        f'<text:p>#DIV/0!</text:p></table:table-cell>{cell} table:formula="of:=[.A1]"/>'
        f'</table:table-row><table:table-row table:number-rows-repeated="1048570">{cell} '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    ods(tmp_path / "a.ods", body)
    cells, _ = intake_of(tmp_path, patients=table("a.ods", "血常规 WBC", {}, header_row=[1, 2]))
    data = cells[cells["SRCROW"] > 2]
    assert data[["SRCROW", "COL", "HEADER", "VALUE", "KIND"]].to_numpy().tolist() == [
        [3, "A", "血常规 WBC", "7", "number"],
        [3, "B", "血常规 HGB", "7", "number"],
        [4, "A", "血常规 WBC", "7", "number"],
        [4, "B", "血常规 HGB", "7", "number"],
        [5, "A", "血常规 WBC", "#DIV/0!", "error"],
        [5, "B", "血常规 HGB", "=[.A1]", "formula"],
    ]


def test_a_hidden_opendocument_sheet_is_reported(tmp_path):
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    row = ods_row("x")
    body = (
        f'<table:table table:name="S">{row}</table:table>'
        f'<table:table table:name="H" table:style-name="ta1">{row}</table:table>'
    )
    ods(tmp_path / "a.ods", body, style)
    _, files = intake_of(tmp_path)
    assert files.loc[0, "HIDDEN"] == "H"


def test_headers_given_twice_are_told_apart(tmp_path):
    (tmp_path / "a.csv").write_text("id,WBC,WBC,WBC.2\n7,1,2,3\n", encoding="utf-8")
    cells, files = intake_of(tmp_path)
    assert list(cells[cells["SRCROW"] == 2]["HEADER"]) == ["id", "WBC", "WBC.3", "WBC.2"]
    assert files.loc[0, "NOTES"] == "1 header(s) given more than once"


def test_the_first_of_two_equal_headers_can_be_mapped_by_its_number(tmp_path):
    (tmp_path / "a.csv").write_text("id,WBC,WBC\n7,1,2\n", encoding="utf-8")
    spec = table("a.csv", "id", {"WBC": "WBC.1", "PLT": "WBC.2"})
    cells, _ = intake_of(tmp_path, patients=spec)
    assert list(cells[cells["SRCROW"] == 2]["HEADER"]) == ["id", "WBC.1", "WBC.2"]


def test_a_column_without_a_header_is_kept_and_reported(tmp_path):
    (tmp_path / "a.csv").write_text("id,\n7,x\n8,y\n", encoding="utf-8")
    cells, files = intake_of(tmp_path)
    assert cells[cells["COL"] == "B"]["HEADER"].isna().all()
    assert files.loc[0, "NOTES"] == "column B has no header: 2 cell(s) not read"


def test_a_workbook_of_the_wrong_kind_is_refused_clearly(tmp_path):
    for name, data, said in (
        ("a.xlsx", b"%PDF-1.7 ...", "it is a PDF"),
        ("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "web archive"),
        ("a.csv", b"Rar!\x1a\x07\x00", "RAR archive"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(StudyError, match=said):
            open_file(tmp_path / name)
