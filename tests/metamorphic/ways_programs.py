"""Another program: the same cells, saved by what a colleague happens to use."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd

from tests.metamorphic import stored, write
from tests.metamorphic.calendar import true_dates
from tests.metamorphic.cohort import Cohort, day_of, filled, number_of, plain
from tests.metamorphic.expect import TWICE, Expectation, asks, equal, stops
from tests.metamorphic.way import DATED, LONG, REDCAP, way

KIND = "Another program"


def true_numbers(cohort: Cohort) -> None:
    """Columns that hold numbers alone as numbers, as a spreadsheet reads a text file."""
    for sheet in cohort.sheets.values():
        for header in filter(None, sheet.headers):
            if all(number_of(cell) is not None for cell in sheet.column(header) if filled(cell)):
                sheet.change(header, number_of)


@way(KIND, equal())
def comma_separated(cohort: Cohort) -> None:
    """Each sheet saved as a CSV file."""
    true_dates(cohort)
    cohort.write = write.texts()


@way(KIND, equal())
def semicolons_and_decimal_commas(cohort: Cohort) -> None:
    """Saved as CSV by a spreadsheet in German or French: semicolons between, commas in numbers."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.texts(separator=";", text=write.comma_text)


@way(KIND, equal())
def tabs(cohort: Cohort) -> None:
    """Saved as text with tabs between the cells."""
    true_dates(cohort)
    cohort.write = write.texts(separator="\t", suffix=".txt")


@way(KIND, equal())
def unicode_text(cohort: Cohort) -> None:
    """Saved by Excel as "Unicode text": tabs, in UTF-16."""
    true_dates(cohort)
    cohort.write = write.texts(separator="\t", encoding="utf-16", suffix=".txt")


@way(KIND, equal())
def chinese_encoding(cohort: Cohort) -> None:
    """CSV files of a Chinese Excel, in GB18030."""
    true_dates(cohort)
    cohort.write = write.texts(encoding="gb18030")


@way(KIND, equal())
def marked_utf8(cohort: Cohort) -> None:
    """Excel's "CSV UTF-8": a mark before the first header."""
    true_dates(cohort)
    cohort.write = write.texts(encoding="utf-8-sig")


@way(KIND, equal())
def excel_workbook(cohort: Cohort) -> None:
    """Opened in Excel and saved as a workbook: true numbers and true dates."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.workbook


@way(KIND, equal())
def every_cell_as_text(cohort: Cohort) -> None:
    """A workbook of a hospital system that writes every cell as text."""
    for sheet in cohort.sheets.values():
        sheet.body = [[write.text_of(cell) or None for cell in row] for row in sheet.body]
    cohort.write = write.workbook


@way(KIND, equal())
def workbook_of_excel_97(cohort: Cohort) -> None:
    """An .xls, as older hospital systems still write it."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.old_workbook


@way(KIND, equal())
def binary_workbook(cohort: Cohort) -> None:
    """An .xlsb, into which large workbooks are often saved."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.binary_workbooks


@way(KIND, equal())
def open_document(cohort: Cohort) -> None:
    """An .ods of LibreOffice."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.open_document


@way(KIND, equal())
def web_page_named_xls(cohort: Cohort) -> None:
    """A web page that is called .xls, as hospital systems "export to Excel"."""
    true_dates(cohort)
    cohort.write = write.web_page


@way(KIND, equal(), DATED)
def calendar_of_1904(cohort: Cohort) -> None:
    """A workbook that was begun on a Mac and counts its days from 1904."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.excel(mac=True)


@way(KIND, scope=DATED)
def calendar_of_1904_with_general_cells(cohort: Cohort) -> Expectation:
    """The same, and a third of the dates lost their format: bare numbers in cells "General"."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.excel(mac=True)
    return _bare(cohort, datetime.date(1904, 1, 1))


@way(KIND, scope=DATED)
def dates_in_general_cells(cohort: Cohort) -> Expectation:
    """A third of a workbook's dates lost their format: bare numbers in cells "General"."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = write.workbook
    return _bare(cohort, datetime.date(1899, 12, 30))


def _bare(cohort: Cohort, first: datetime.date, every: int = 3) -> Expectation:
    """Every third date as the number of days since ``first``; rows that were the same differ."""
    for title, header in cohort.dates():
        sheet = cohort.sheets[title]
        place = sheet.at(header)
        for row in sheet.body[::every]:
            if isinstance(row[place], datetime.date):
                row[place] = (row[place] - first).days
    return TWICE if cohort.name in LONG.studies else equal()


@way(KIND, equal())
def spss_file(cohort: Cohort) -> None:
    """An SPSS file, dates as DATE11."""
    cohort.write = stored.spss()


@way(KIND, equal())
def compressed_spss_file(cohort: Cohort) -> None:
    """A .zsav of SPSS, dates as EDATE10."""
    cohort.write = stored.spss("EDATE10", compress=True)


@way(KIND, equal(), DATED)
def spss_date_times(cohort: Cohort) -> None:
    """An SPSS file, dates as DATETIME20."""
    cohort.write = stored.spss("DATETIME20")


@way(KIND, equal())
def sas_transport_file(cohort: Cohort) -> None:
    """A SAS transport file, dates as DATE9."""
    cohort.write = stored.sas()


@way(KIND, equal())
def stata_file(cohort: Cohort) -> None:
    """A Stata file, dates as %td."""
    cohort.write = stored.stata()


@way(KIND, equal(), DATED)
def stata_dates_day_first(cohort: Cohort) -> None:
    """A Stata file that shows its dates as %tdDD/NN/CCYY."""
    cohort.write = stored.stata("%tdDD/NN/CCYY")


@way(KIND, equal(), DATED)
def stata_date_times(cohort: Cohort) -> None:
    """A Stata file, dates as %tc: milliseconds since 1960."""
    cohort.write = stored.stata("%tc", times=True)


@way(KIND, equal(), DATED)
def sas_format_of_another_language(cohort: Cohort) -> None:
    """A SAS transport file, dates as EURDFDD10.: bare numbers to the reader."""
    cohort.write = stored.sas("EURDFDD10.")


@way(KIND, equal(), DATED)
def sas_format_with_the_week_day(cohort: Cohort) -> None:
    """A SAS transport file, dates as WEEKDATE29."""
    cohort.write = stored.sas("WEEKDATE29.")


@way(KIND, equal(), DATED)
def sas_date_times_shown_as_dates(cohort: Cohort) -> None:
    """A SAS transport file with date-times, shown by DTDATE9. as dates."""
    cohort.write = stored.sas("DTDATE9.", times=True)


@way(KIND, stops("date_origin"), DATED)
def sas_dates_without_a_format(cohort: Cohort) -> None:
    """A SAS transport file whose dates have no format: days since 1960, or since anything."""
    cohort.write = stored.sas("BEST12.")


@way(KIND)
def through_pandas(cohort: Cohort) -> Expectation:
    """Read by pandas and written by to_csv: a whole number in a column with a gap is 1.0."""
    cohort.write = _pandas_csv
    # Serial numbers of a workbook become bare numbers in a text file, and are asked there.
    return asks("unreadable_value") if cohort.file.endswith(".xlsx") else equal()


@way(KIND, equal())
def through_pandas_to_excel(cohort: Cohort) -> None:
    """Read by pandas and written by to_excel, row numbers and all; dates get 00:00:00."""
    cohort.write = _pandas_excel


def _frames(cohort: Cohort) -> dict[str, pd.DataFrame]:
    """The sheets as pandas reads them, identifiers as text."""
    frames = {}
    for title, sheet in cohort.sheets.items():
        keys = {cohort.key(t): str for t in cohort.tables if cohort.sheet_of(t) == title}
        made = io.StringIO()
        pd.DataFrame(sheet.body, columns=sheet.headers).to_csv(made, index=False)
        frame = pd.read_csv(io.StringIO(made.getvalue()), dtype=keys, keep_default_na=True)
        if cohort.calendar:
            for where, header in cohort.dates():
                if where == title and all(day_of(c) for c in frame[header].dropna()):
                    frame[header] = pd.to_datetime(frame[header].map(day_of, na_action="ignore"))
        frames[title] = frame
        for table in cohort.tables:
            if cohort.sheet_of(table) == title:
                cohort.tables[table].pop("header_row", None)
    return frames


def _pandas_csv(cohort: Cohort, folder: Path) -> None:
    frames = _frames(cohort)
    for title, name in write.titles(cohort, ".csv", untitled=True).items():
        frames[title].to_csv(folder / name, index=False, date_format="%Y-%m-%d %H:%M:%S")


def _pandas_excel(cohort: Cohort, folder: Path) -> None:
    frames = _frames(cohort)
    with pd.ExcelWriter(folder / write.one_book(cohort, ".xlsx")) as book:
        for title, frame in frames.items():
            frame.to_excel(book, sheet_name=title or "Sheet1")


@way(KIND, equal())
def through_r(cohort: Cohort) -> None:
    """Written by write.csv of R: row names, quotes around words, NA for what is missing."""
    through_r_not_declared(cohort)
    for spec in cohort.tables.values():
        where = spec.get("where", {})
        spec |= {"where": {h: _or_na(words) for h, words in where.items()}} if where else {}


def _or_na(words: object) -> object:
    """An empty cell of R is NA."""
    return ["", "NA"] if words == "" else words


@way(KIND, stops("Standing there: NA"), REDCAP)
def through_r_not_declared(cohort: Cohort) -> None:
    """The same of REDCap's rows, while the study file asks for empty cells, not for NA."""
    true_numbers(cohort)
    true_dates(cohort)
    cohort.write = _r_csv


def _r_csv(cohort: Cohort, folder: Path) -> None:
    for title, name in write.titles(cohort, ".csv", untitled=True).items():
        sheet = cohort.sheets[title]
        lines = [",".join(['""', *(_quoted(header) for header in sheet.headers)])]
        for number, row in enumerate(sheet.body, start=1):
            lines.append(",".join([f'"{number}"', *map(_r_cell, row)]))
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _r_cell(cell: object) -> str:
    if not filled(cell):
        return "NA"
    if isinstance(cell, datetime.date) or number_of(cell) is not None and not isinstance(cell, str):
        return write.text_of(cell)
    return _quoted(plain(cell))


@way(KIND, stops("date_origin"), DATED)
def dates_that_r_made_numbers(cohort: Cohort) -> None:
    """Dates that lost their class in R (ifelse, unlist): days since 1970 in a CSV file."""
    true_dates(cohort)
    for title, header in cohort.dates():
        cohort.sheets[title].change(header, _since_1970)
    cohort.write = write.texts()


def _since_1970(cell: object) -> object:
    return (day_of(cell) - datetime.date(1970, 1, 1)).days if day_of(cell) else cell


@way(KIND, equal(), DATED)
def dates_that_r_made_numbers_declared(cohort: Cohort) -> None:
    """The same, and the study file says from which day they count."""
    dates_that_r_made_numbers(cohort)
    cohort.told["timeline"]["date_origin"] = "1970-01-01"


@way(KIND, equal(), DATED)
def sas_dates_without_a_format_declared(cohort: Cohort) -> None:
    """SAS dates without a format, and the study file says from which day they count."""
    cohort.told["timeline"]["date_origin"] = "1960-01-01"
    cohort.write = stored.sas("BEST12.")


@way(KIND, stops("date_origin"), DATED)
def spreadsheet_days_in_a_text_file(cohort: Cohort) -> None:
    """A CSV of cells "General": Excel's day numbers, in a file that is no spreadsheet any more."""
    true_dates(cohort)
    _bare(cohort, datetime.date(1899, 12, 30), every=1)
    cohort.write = write.texts()
