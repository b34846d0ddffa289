"""Dates of workbooks: the day from which they count, and what a cell shows of a date."""

import datetime as dt

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.clean.sheets import derived, tables_of, times
from tests.intake.made import intake_of, ods, patched, xlsb
from venaza.pipeline.intake.number_formats import number_format, seen_of_date
from venaza.pipeline.intake.read import open_file

DAY, FIRST = dt.date(2021, 3, 5), dt.date(2021, 3, 1)
#: The serial numbers of these days in the two calendars.
SERIAL = {1900: 44260, 1904: 42798}
MONTHS = ["yyyy-mm", "mmm-yy", "mmmm yyyy", 'yyyy"年"m"月"', '[$-804]yyyy"年"m"月";@', "mm/yy"]
WHOLE = ["yyyy-mm-dd", "dd/mm/yyyy hh:mm", "[$-F800]dddd, mmmm dd, yyyy", "m/d/yy", "d-mmm"]
NO_DATE = ["0.0", "General", "h:mm:ss", "[h]:mm", '0.0" g/dL"', "0.00E+00", "@", "mm:ss"]


def xlsx(path, cells, system=1900):
    book = Workbook()
    if system == 1904:
        book.epoch = CALENDAR_MAC_1904
    book.active.append(["id", "x"])
    for number, (code, value) in enumerate(cells, start=2):
        book.active.append([f"p{number}", value])
        book.active.cell(number, 2).number_format = code
    book.save(path)
    return path


def xls(path, cells, system=1900):
    book = xlwt.Workbook()
    book.dates_1904 = system == 1904
    sheet = book.add_sheet("S")
    for column, name in enumerate(("id", "x")):
        sheet.write(0, column, name)
    for number, (code, value) in enumerate(cells, start=1):
        sheet.write(number, 0, f"p{number + 1}")
        sheet.write(number, 1, value, xlwt.easyxf(num_format_str=code))
    book.save(path)
    return path


def binary(path, cells, system=1900):
    rows = [[f"p{n}", (value, n - 2)] for n, (_, value) in enumerate(cells, start=2)]
    xlsb(path, [["id", "x"], *rows], [code for code, _ in cells])
    if system == 1904:
        # BrtWbProp (153) with its first flag behind BrtBeginBook (131).
        wanted = b"\x83\x01\x00"
        patched(path, "xl/workbook.bin", lambda data: data.replace(
            wanted, wanted + b"\x99\x01\x08\x01\x00\x00\x00\x00\x00\x00\x00", 1))  # fmt: skip
    return path


WRITERS = {".xlsx": xlsx, ".xls": xls, ".xlsb": binary}


def column(path) -> list[tuple[str, str]]:
    return [row[1] for row in open_file(path).sheets[0].rows[1:]]


@pytest.mark.parametrize("ending", list(WRITERS))
def test_a_date_that_is_shown_as_a_month_is_a_month(tmp_path, ending):
    serial = SERIAL[1900]
    cells = [(code, serial) for code in (*MONTHS, *WHOLE)] + [("yyyy", serial)]
    path = WRITERS[ending](tmp_path / f"a{ending}", cells)
    sheet = open_file(path).sheets[0]
    texts = [row[1][0][:10] for row in sheet.rows[1:]]
    assert texts == ["2021-03"] * len(MONTHS) + ["2021-03-05"] * len(WHOLE) + ["2021"]
    assert {row[1][1] for row in sheet.rows[1:]} == {"date"}
    assert set(sheet.stored.values()) == {"2021-03-05"}
    assert sheet.notes == [
        f"column B: {len(MONTHS)} date(s) are read as they are shown, without the day",
        "column B: 1 date(s) are read as they are shown, without the month and the day",
    ]


def test_what_a_format_shows_of_a_date():
    assert {number_format(code).period for code in MONTHS} == {"month"}
    assert number_format("yyyy").period == number_format("e").period == "year"
    assert [number_format(code) for code in WHOLE] == [None] * len(WHOLE)
    assert {getattr(number_format(code), "period", "") for code in NO_DATE} == {""}


@pytest.mark.parametrize("days", [[1, 1, 1], [1, 5, 1]])
def test_a_format_that_shows_the_day_in_another_language_is_a_month_where_all_are_the_first(
    tmp_path, days
):
    cells = [("yyyy-mm", SERIAL[1900] - 5 + day) for day in days]
    path = xlsx(tmp_path / "a.xlsx", cells)
    # Excel in Chinese writes 57 without a code; in Japanese the same number shows the day.
    patched(path, "xl/styles.xml", lambda data: data.replace(b'"164"', b'"57"'))
    patched(path, "xl/styles.xml", lambda data: data.replace(
        data[data.index(b"<numFmts"):data.index(b"</numFmts>") + 10], b""))  # fmt: skip
    month = set(days) == {1}
    assert column(path) == [
        ("2021-03" if month else f"2021-03-{day + 0:02}", "date") for day in days
    ]


@pytest.mark.parametrize(
    ("stored", "seen", "period"),
    [
        *(("2021-03-05", text, "month") for text in ("2021-03", "03/2021", "Mar 21", "März 2021")),
        *(("2021-03-05", text, "month") for text in ("2021年3月", "3/21", "March 2021", "Mrz. 21")),
        *(("2021-03-05", text, "year") for text in ("2021", "'21")),
        *(("2021-03-05", text, "") for text in ("2021-03-05", "05.03.21", "5. März 2021", "")),
        *(("2021-03-05", text, "") for text in ("5. März", "Fr, 5. März 2021", "2021年3月5日")),
        ("2021-03-05T08:30:00", "2021-03", ""),
        ("2021-01-01", "2021-01-01", ""),
        ("2021-01-01", "01/2021", "month"),
    ],
)  # fmt: skip
def test_what_an_open_document_sheet_shows_of_a_date(tmp_path, stored, seen, period):
    assert seen_of_date(seen, stored) == period
    cell = (f'<table:table-cell office:value-type="date" office:date-value="{stored}">'
            f"<text:p>{seen}</text:p></table:table-cell>")  # fmt: skip
    head = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    body = (f'<table:table table:name="S"><table:table-row>{head}</table:table-row>'
            f"<table:table-row>{cell}</table:table-row></table:table>")  # fmt: skip
    made = open_file(ods(tmp_path / "a.ods", body)).sheets[0].rows[1][0]
    length = {"month": 7, "year": 4}.get(period, len(stored))
    assert made == (stored[:length], "date")


@pytest.mark.parametrize("ending", list(WRITERS))
@pytest.mark.parametrize("system", [1900, 1904])
def test_the_calendar_of_a_workbook_goes_with_each_cell(tmp_path, ending, system):
    zero = {1900: "1899-12-30", 1904: "1904-01-01"}[system]
    cells = [("General", SERIAL[system]), ("yyyy-mm-dd", SERIAL[system])]
    path = WRITERS[ending](tmp_path / f"a{ending}", cells, system)
    assert open_file(path).sheets[0].day_zero == zero
    found, _ = intake_of(tmp_path)
    assert set(found["DAYZERO"]) == {zero}
    assert column(path)[0] == (str(SERIAL[system]), "number")


@pytest.mark.parametrize(
    ("settings", "zero"),
    [
        ("", "1899-12-30"),
        ('<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
         "</table:calculation-settings>", "1904-01-01"),
        ('<table:calculation-settings><table:null-date table:value-type="date" '
         'table:date-value="1900-01-01"/></table:calculation-settings>', "1900-01-01"),
    ],
)  # fmt: skip
def test_the_null_date_of_an_open_document_sheet(tmp_path, settings, zero):
    cell = '<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p>'
    table = f'<table:table table:name="S"><table:table-row>{cell}</table:table-cell>'
    path = ods(tmp_path / "a.ods", f"{settings}{table}</table:table-row></table:table>")
    assert open_file(path).sheets[0].day_zero == zero


def test_other_files_have_no_calendar(tmp_path):
    (tmp_path / "a.csv").write_text("id,x\np1,44260\n", encoding="utf-8")
    (tmp_path / "b.html").write_text("<table><tr><td>id</td></tr><tr><td>44260</td></tr></table>")
    found, _ = intake_of(tmp_path)
    assert found["DAYZERO"].isna().all()


PATIENTS = {
    "patients": {
        "file": "*.xlsx",
        "key": "id",
        "columns": {"INDEXDT": "start", "LSTALVDT": "last", "SURVSTAT": "status", "DTHDT": "death"},
    }
}


def cohort(path, general: int, system: int = 1904):
    """Eight patients followed for 210 to 280 days; ``general`` starts are in format General."""
    book = Workbook()
    if system == 1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["id", "start", "last", "status", "death"])
    for n in range(8):
        start = dt.date(2021, 1, 10) + dt.timedelta(days=20 * n)
        last = start + dt.timedelta(days=210 + 10 * n)
        dead = n > 3
        sheet.append([f"P{n}", start, last, "dead" if dead else "alive", last if dead else None])
        if n < general:
            zero = dt.date(1904, 1, 1) if system == 1904 else dt.date(1899, 12, 30)
            sheet.cell(n + 2, 2).value = (start - zero).days
            sheet.cell(n + 2, 2).number_format = "General"
    book.save(path)


@pytest.mark.parametrize("system", [1900, 1904])
def test_a_serial_in_a_cell_of_format_general_counts_by_its_workbook(tmp_path, system):
    cohort(tmp_path / "mac.xlsx", 3, system)
    files = {"mac.xlsx": (tmp_path / "mac.xlsx").read_bytes()}
    keep = {"privacy": {"columns": {"id": {"keep": "made up"}}}, "dates": "calendar"}
    made = derived(tmp_path, files, PATIENTS, **keep)
    days = times(made)
    assert {patient: days for patient, (days, _) in days.items()} == {
        f"P{n}": 210 + 10 * n for n in range(8)
    }
    assert sum(days for days, _ in days.values()) == 1960
    rules = made["cleaning_log"]["RULE"]
    assert (rules == "Excel serial date").sum() == 3


def test_a_declared_calendar_overrules_the_workbook(tmp_path):
    cohort(tmp_path / "mac.xlsx", 8, 1904)
    files = {"mac.xlsx": (tmp_path / "mac.xlsx").read_bytes()}
    spec = {"patients": {**PATIENTS["patients"], "date_system": 1900}}
    keep = {"privacy": {"columns": {"id": {"keep": "made up"}}}, "dates": "calendar"}
    made = tables_of(tmp_path, files, spec, **keep)
    assert made["patients"]["INDEXDT"].min().date() == dt.date(2017, 1, 9)
