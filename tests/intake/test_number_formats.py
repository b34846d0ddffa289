"""Numbers that a workbook shows otherwise than it stores them: read as they are shown."""

import pandas as pd
import pyreadstat
import pytest
import xlwt
from openpyxl import Workbook

from tests.intake.made import intake_of, ods, patched, xlsb
from venaza.pipeline.intake.number_formats import as_seen, number_format
from venaza.pipeline.intake.read import open_file

ACCOUNTS = '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)'

#: Format, stored number, what is read.
SHOWN = [
    ("0%", 0.35, "35%"),
    ("0.00%", 0.0005, "0.05%"),
    ("0%", 0.354, "35.4%"),  # the cell shows 35%: no digit is lost
    ("0%", 1, "100%"),
    ("0%", 0, "0%"),
    ("0%", 1.1 * 1.1, "121%"),
    ("0.0000000%", 0.00000001, "0.000001%"),
    ("[Red]0%;-0.0%", -0.02, "-2%"),
    ("[<0.1]0.00%;0%", 0.05, "5%"),
    ("0%;@", 0.2, "20%"),
    ("%0", 0.5, "50%"),
    ("0.0%_);\\(0.0%\\)", -0.1, "-10%"),
    ('0.0"%"', 35, "35%"),  # a sign only: the number is stored as percent
    ("0\\%", 35, "35%"),
    ("0.0‰", 5, "5‰"),
    ('"<"0.00', 0.01, "<0.01"),
    ("\\>0", 100, ">100"),
    ('0.0" g/dL"', 9.5, "9.5g/dL"),
    ('0.0" 10^9/L"', 3.5, "3.5 10^9/L"),
    ('General"岁"', 61, "61岁"),
    ('"第"0"疗程"', 2, "第2疗程"),
    ("0.0,", 12345, "12.345"),
    ("#,##0.0,,", 12345678, "12.345678"),
    ('0,"K"', 12000, "12K"),
    ('[=1]"男";[=2]"女";General', 2, "女"),
    ('[=1]"男";[=2]"女";General', 9, "9"),
    ('[<0.001]"<0.1%";0.0%', 0.0001, "<0.1%"),
    ('[<0.001]"<0.1%";0.0%', 0.001, "0.1%"),
    ("000000", 123, "000123"),
    ("0000-00-00", 20210305, "2021-03-05"),
    ("000-0000", 15551234, "1555-1234"),
]
#: Formats that change nothing of what a number is.
IDLE = ["General", "0.00", "#,##0", "# ?/?", "0.00E+00", ACCOUNTS, ";;;", "0;-0;;@", "@",
        '"$"#,##0.00', "[$€-407]0.00", "+0.0;-0.0", "[Blue]0"]  # fmt: skip


@pytest.mark.parametrize(("code", "stored", "shown"), SHOWN)
def test_a_format_says_what_a_number_is(code, stored, shown):
    assert number_format(code).shown(f"{stored:.15g}") == shown


@pytest.mark.parametrize("code", [*IDLE, "yyyy-mm-dd", "[h]:mm", 'yyyy"年"m"月"d"日"'])
def test_what_only_looks_otherwise_is_as_stored(code):
    assert number_format(code) is None


def xlsx(path, cells):
    book = Workbook()
    book.active.title = "S"
    book.active.append(["id", "x"])
    for number, (code, value) in enumerate(cells, start=2):
        book.active.append([f"p{number}", value])
        book.active.cell(number, 2).number_format = code
    book.save(path)


def xls(path, cells):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    sheet.write(0, 0, "id")
    sheet.write(0, 1, "x")
    for number, (code, value) in enumerate(cells, start=1):
        sheet.write(number, 0, f"p{number + 1}")
        sheet.write(number, 1, value, xlwt.easyxf(num_format_str=code))
    book.save(path)


def binary(path, cells):
    rows = [[f"p{n}", (value, n - 2)] for n, (_, value) in enumerate(cells, start=2)]
    xlsb(path, [["id", "x"], *rows], [code for code, _ in cells])


WRITERS = {".xlsx": xlsx, ".xls": xls, ".xlsb": binary}


@pytest.mark.parametrize("ending", list(WRITERS))
def test_every_kind_of_workbook_is_read_as_it_is_shown(tmp_path, ending):
    cells = [(code, value) for code, value, _ in SHOWN] + [(code, 5) for code in IDLE]
    wanted = [text for *_, text in SHOWN] + ["5"] * len(IDLE)
    path = tmp_path / f"a{ending}"
    WRITERS[ending](path, cells)
    sheet = open_file(path).sheets[0]
    assert [row[1][0] for row in sheet.rows[1:]] == wanted
    assert {row[1][1] for row in sheet.rows[1:]} == {"number"}
    stored = {row: text for (row, _), text in sheet.stored.items()}
    assert stored[1] == "0.35"
    assert set(stored) == {
        n for n, (_, value) in enumerate(cells, 1) if wanted[n - 1] != f"{value:.15g}"
    }


def test_what_is_stored_stays_beside_what_is_shown_and_is_noted(tmp_path):
    xlsx(tmp_path / "a.xlsx", [("0%", 0.35), ("General", 35), ("0%", 0.2), ('0" g"', 5)])
    cells, files = intake_of(tmp_path)
    found = cells[(cells["HEADER"] == "x")][["VALUE", "KIND", "STORED"]]
    assert found.to_numpy().tolist() == [
        *(["35%", "number", "0.35"], ["35", "number", None], ["20%", "number", "0.2"]),
        ["5g", "number", "5"],
    ]
    assert files.loc[0, "NOTES"] == (
        "S: column B: 2 number(s) are read as they are shown, per cent; "
        "S: column B: 1 number(s) are read as they are shown, with signs beside them"
    )


def test_only_cells_of_numbers_are_shown_otherwise(tmp_path):
    book = Workbook()
    for row in (["id", "x"], ["7", "0.35"], ["8", "neg"], ["9", True], ["10", "=1/4"]):
        book.active.append(row)
    for number in range(2, 6):
        book.active.cell(number, 2).number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    rows = open_file(tmp_path / "a.xlsx").sheets[0].rows
    assert [row[1] for row in rows[1:]] == [
        *(("0.35", "text"), ("neg", "text"), ("TRUE", "boolean"), ("=1/4", "formula")),
    ]


def test_a_stored_value_of_a_formula_is_shown_too(tmp_path):
    xlsx(tmp_path / "a.xlsx", [("0%", 0.35)])

    def change(xml: bytes) -> bytes:
        return xml.replace(b"<v>0.35</v>", b"<f>7/20</f><v>0.35</v>")

    path = patched(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", change)
    assert open_file(path).sheets[0].rows[1][1] == ("35%", "number")


def test_a_workbook_whose_normal_style_is_per_cent(tmp_path):
    xlsx(tmp_path / "a.xlsx", [("General", 0.35)])

    def change(xml: bytes) -> bytes:
        start = b'<cellXfs count="1"><xf numFmtId="%d"'
        return xml.replace(start % 0, start % 9)

    path = patched(tmp_path / "a.xlsx", "xl/styles.xml", change)
    assert open_file(path).sheets[0].rows[1][1] == ("35%", "number")


def test_the_first_rows_alone_are_shown_as_the_whole(tmp_path):
    xlsx(tmp_path / "a.xlsx", [("0%", 0.35), ("0%", 0.2)])
    sheet = open_file(tmp_path / "a.xlsx", head=2).sheets[0]
    assert [row[1][0] for row in sheet.rows] == ["x", "35%"]


@pytest.mark.parametrize(
    ("kind", "stored", "seen", "read"),
    [
        ("percentage", "0.35", "35%", "35%"),
        ("percentage", "0.0005", "0,05%", "0.05%"),
        ("percentage", "0.354", "35 %", "35.4%"),
        ("float", "35", "35.0%", "35%"),
        ("float", "0.01", "<0.01", "<0.01"),
        ("float", "9.5", "9,5 g/dL", "9.5g/dL"),
        ("float", "12345", "12.3", "12.345"),
        ("float", "12345", "12,345", "12345"),
        ("float", "12345.5", "12.346", "12345.5"),  # thousands, rounded
        ("float", "1", "男", "男"),
        ("float", "123", "000123", "000123"),
        ("float", "20210305", "2021-03-05", "2021-03-05"),
        ("float", "12345", "1.23E+04", "12345"),
        ("float", "0.5", "1/2", "0.5"),
        ("float", "-5", "(5.00)", "-5"),
        ("float", "0", "-", "0"),
        ("currency", "5.5", "5,50 €", "5.5"),
    ],
)
def test_an_open_document_sheet_is_read_as_it_is_shown(tmp_path, kind, stored, seen, read):
    cell = (
        f'<table:table-cell office:value-type="{kind}" office:value="{stored}">'
        f"<text:p>{seen.replace('<', '&lt;')}</text:p></table:table-cell>"
    )
    body = f'<table:table table:name="S"><table:table-row>{cell}</table:table-row></table:table>'
    sheet = open_file(ods(tmp_path / "a.ods", body)).sheets[0]
    assert sheet.rows[0][0] == (read, "number")
    assert sheet.stored == ({(0, 0): stored} if read != stored else {})


def test_repeated_cells_of_an_open_document_sheet_are_all_shown(tmp_path):
    body = (
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="2">'
        '<table:table-cell office:value-type="percentage" office:value="0.2" '
        'table:number-columns-repeated="2"><text:p>20%</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    rows = open_file(ods(tmp_path / "a.ods", body)).sheets[0].rows
    assert rows == [[("20%", "number")] * 2] * 2


def test_what_is_seen_without_a_number_in_it():
    assert as_seen("-", "0") is None
    assert as_seen("(5)", "-5") is None


def test_errors_of_a_binary_workbook_are_errors(tmp_path):
    path = xlsb(tmp_path / "a.xlsb", [["id", "x"], ["7", b"\x17"], ["8", b"\x07"]], [])
    rows = open_file(path).sheets[0].rows
    assert [row[1] for row in rows[1:]] == [("#REF!", "error"), ("#DIV/0!", "error")]


def test_the_digits_of_a_spreadsheet_are_fifteen(tmp_path):
    xlsx(tmp_path / "a.xlsx", [("General", 1.1 * 1.1), ("General", 4.999999999999999)])
    rows = open_file(tmp_path / "a.xlsx").sheets[0].rows
    assert [row[1][0] for row in rows[1:]] == ["1.21", "5"]


@pytest.mark.parametrize(
    ("ending", "form", "stored", "shown"),
    [
        (".xpt", "PERCENT8.1", 0.35, "35%"),
        (".xpt", "PERCENTN9.2", 0.0005, "0.05%"),
        (".xpt", "BEST12.", 0.35, "0.35"),
        (".sav", "PCT5.1", 35.0, "35%"),  # SPSS shows the number as it is, with a sign
        (".sav", "F8.2", 0.35, "0.35"),
        (".dta", "%9.2f", 0.35, "0.35"),
    ],
)
def test_a_statistics_file_is_read_as_it_is_shown(tmp_path, ending, form, stored, shown):
    path = tmp_path / f"a{ending}"
    frame = pd.DataFrame({"X": [stored, stored]})
    write = {".xpt": pyreadstat.write_xport, ".sav": pyreadstat.write_sav}
    write.get(ending, pyreadstat.write_dta)(frame, str(path), variable_format={"X": form})
    sheet = open_file(path).sheets[0]
    assert sheet.rows[1] == [(shown, "number")]
    assert sheet.stored == (
        {} if shown in ("0.35",) else dict.fromkeys([(1, 0), (2, 0)], f"{stored:.15g}")
    )
    assert sheet.notes == ([] if shown == "0.35" else ["X: read as it is shown, per cent"])


def test_a_declared_missing_value_is_no_percentage(tmp_path):
    frame = pd.DataFrame({"X": [35.0, -9.0]})
    path = tmp_path / "a.sav"
    ranges = {"X": [{"lo": -9, "hi": -9}]}
    pyreadstat.write_sav(frame, str(path), variable_format={"X": "PCT5.1"}, missing_ranges=ranges)
    assert open_file(path).sheets[0].rows[1:] == [[("35%", "number")], [("-9", "missing")]]
