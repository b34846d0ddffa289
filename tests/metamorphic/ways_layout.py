"""Layout: rows and columns elsewhere, more of them, fewer of them, in several files."""

from __future__ import annotations

import copy
import random
from pathlib import Path

from tests.metamorphic import write
from tests.metamorphic.calendar import true_dates
from tests.metamorphic.cohort import Cohort, Sheet, filled, number_of, plain
from tests.metamorphic.expect import TWICE, Expectation, asks, differences, equal, stops
from tests.metamorphic.outcome import Outcome
from tests.metamorphic.way import DATED, LONG, PLAIN, SHEETS, WORKBOOK, Scope, way

KIND = "Layout"
HEADED = Scope(("bmt", "myeloid"), "its headers are a dictionary's, or under a title")
NUMBERED = Scope(("bmt", "myeloid"), "its patients' numbers hold other signs")
LETTERED = Scope(("aml_venaza",), "its patients' numbers have no letters")
ZEROS = Scope(("aml_venaza",), "its patients' numbers have no leading zeros")


@way(KIND, equal())
def rows_in_another_order(cohort: Cohort) -> None:
    """Sorted by something else, or by nothing."""
    chance = random.Random(7)
    for sheet in cohort.sheets.values():
        sheet.body = chance.sample(sheet.body, len(sheet.body))


@way(KIND, equal())
def columns_in_another_order(cohort: Cohort) -> None:
    """Columns moved about."""
    for sheet in cohort.sheets.values():
        order = random.Random(7).sample(range(len(sheet.headers)), len(sheet.headers))
        sheet.rows[sheet.head :] = [[row[i] for i in order] for row in sheet.rows[sheet.head :]]


@way(KIND, equal())
def rows_repeated(cohort: Cohort) -> None:
    """Every seventh row stands there twice, as after a copy and paste."""
    for table in cohort.tables:
        sheet, key = cohort.of(table), cohort.key(table)
        place = sheet.at(key)
        rows = [row for row in sheet.body[::7] if filled(row[place])]
        if table == "patients" or sheet is not cohort.of("patients"):
            sheet.body = [*sheet.body, *copy.deepcopy(rows)]


@way(KIND, TWICE, DATED)
def rows_repeated_in_another_style(cohort: Cohort) -> None:
    """Every seventh row of a sheet twice, the second time with dates in another style."""
    dated = {header for _, header in cohort.dates()}
    from tests.metamorphic.cohort import day_of

    for sheet in cohort.sheets.values():
        more = copy.deepcopy(sheet.body[::7])
        for row in more:
            for place, header in enumerate(sheet.headers):
                if header in dated and day_of(row[place]):
                    row[place] = f"{day_of(row[place]):%Y.%m.%d}"
        sheet.body = [*sheet.body, *more]


@way(KIND, equal())
def title_rows_declared(cohort: Cohort) -> None:
    """Two rows of title above the headers; the study file says where the headers are."""
    _titled(cohort)
    for spec in cohort.tables.values():
        spec["header_row"] = spec.get("header_row", 1) + 2


@way(KIND, stops("such columns do not stand there"))
def title_rows_not_declared(cohort: Cohort) -> None:
    """Two rows of title above the headers, and the study file does not know."""
    _titled(cohort)


def _titled(cohort: Cohort) -> None:
    for sheet in cohort.sheets.values():
        width = len(sheet.rows[0])
        titles = [["Cohort of the department", "made up"], ["Printed by the registry", ""]]
        sheet.rows[:0] = [title + [None] * (width - 2) for title in titles]
        sheet.head += 2


@way(KIND, equal(), HEADED)
def headers_over_two_rows(cohort: Cohort) -> None:
    """A row of groups above the headers, declared as header_row: [1, 2]."""
    (sheet,) = cohort.sheets.values()
    names = {header: f"data {header}" for header in sheet.headers if header}
    cohort.refer(next(iter(cohort.sheets)), names)
    sheet.rows[0] = [h.removeprefix("data ") for h in sheet.headers]
    sheet.rows.insert(0, ["data"] + [None] * (len(sheet.headers) - 1))
    for spec in cohort.tables.values():
        spec["header_row"] = [1, 2]


@way(KIND, equal(), SHEETS)
def merged_patient_numbers(cohort: Cohort) -> None:
    """The patient's number once, merged over the rows of the patient; declared as fill_down."""
    for table in ("cycles", "responses", "labs"):
        sheet, key = cohort.of(table), cohort.key(table)
        place = sheet.at(key)
        sheet.body = sorted(sheet.body, key=lambda row, p=place: plain(row[p]))
        before = None
        for row in sheet.body:
            now = plain(row[place])
            if now == before:
                row[place] = None
            before = now
        cohort.tables[table]["fill_down"] = [key]


@way(KIND, scope=SHEETS)
def merged_patient_numbers_not_declared(cohort: Cohort) -> Expectation:
    """The same, and the study file does not know."""
    merged_patient_numbers(cohort)
    lost = 0
    for table in ("cycles", "responses", "labs"):
        cohort.tables[table].pop("fill_down")
        lost += sum(not filled(cell) for cell in cohort.of(table).column(cohort.key(table)))

    def check(before: Outcome, after: Outcome) -> list[str]:
        asked = after.asked()["row_without_patient"]
        return [] if asked >= lost else [f"{asked} of {lost} rows are asked about"]

    return asks("row_without_patient", check=check)


@way(KIND, equal())
def rows_of_totals(cohort: Cohort) -> None:
    """Rows of totals below the patients: Total, 合计, Median, n = 50."""
    sheet = cohort.of("patients")
    for word in ("Total", "合计", "Median", f"n = {len(cohort.patients())}"):
        row = sheet.row_of(**{cohort.key("patients"): word})
        sheet.body = [*sheet.body, row]


@way(KIND, equal())
def headers_again_in_the_middle(cohort: Cohort) -> None:
    """Two exports pasted together: the headers stand in the middle once more."""
    for sheet in cohort.sheets.values():
        body = sheet.body
        body.insert(len(body) // 2, list(sheet.headers))
        sheet.body = body


@way(KIND, equal())
def blank_rows(cohort: Cohort) -> None:
    """An empty row after every fifth."""
    for sheet in cohort.sheets.values():
        rows = []
        for n, row in enumerate(sheet.body):
            rows += [row, [None] * len(row)] if n % 5 == 4 else [row]
        sheet.body = rows


@way(KIND, equal())
def notes_below(cohort: Cohort) -> None:
    """Notes below the table, in its first column: 备注, "Source: registry"."""
    for sheet in cohort.sheets.values():
        width = len(sheet.headers)
        for text in ("备注：数据截至年底", "Source: the registry of the department"):
            sheet.rows.append([text] + [None] * (width - 1))


@way(KIND)
def columns_that_nobody_asked_for(cohort: Cohort) -> Expectation:
    """Columns more: a ward, a score, a number of a form."""
    for sheet in cohort.sheets.values():
        n = len(sheet.body)
        sheet.add("ward", [f"W{i % 3}" for i in range(n)], 0)
        sheet.add("form", list(range(1, n + 1)))
    # Two rows of a laboratory that were the same are told apart by such a number.
    return TWICE if cohort.name in LONG.studies else equal()


@way(KIND, equal())
def headers_with_spaces_and_line_feeds(cohort: Cohort) -> None:
    """Headers with a space before, a line feed within, full-width brackets."""
    true_dates(cohort)
    for sheet in cohort.sheets.values():
        sheet.rows[sheet.head] = [
            f" {h}\n" if "(" not in h else h.replace("(", "\n（").replace(")", "）")
            for h in sheet.headers
        ]
    cohort.write = write.workbook


@way(KIND, stops("phone"))
def a_column_that_identifies(cohort: Cohort) -> None:
    """A column with telephone numbers that the study file does not name."""
    sheet = cohort.of("patients")
    sheet.add("phone", [f"1380000{n:04}" for n in range(len(sheet.body))])


@way(KIND, equal())
def a_column_that_identifies_taken_out(cohort: Cohort) -> None:
    """The same, and the study file drops it."""
    a_column_that_identifies(cohort)
    cohort.told.setdefault("privacy", {}).setdefault("columns", {})["phone"] = "drop"


@way(KIND, equal(), LONG)
def laboratory_wide(cohort: Cohort) -> None:
    """The laboratory's long sheet as a wide one: a row for each day, a column for each test."""
    from tests.metamorphic.cohort import day_of
    from tests.metamorphic.ways_numbers import TESTS, _unit

    sheet = cohort.of("labs")
    units = {"HGB": "g/L", "CREAT": "umol/L", "UA": "umol/L"}
    units |= dict.fromkeys(("K", "PHOS", "CA"), "mmol/L")
    words = {w: code for code, names in TESTS.items() for w in names} | {"K": "K", "血钾": "K"}
    days: dict[tuple, dict] = {}
    for row in sheet.records():
        code = words[plain(row["项目"])]
        value, unit = row["结果"], _unit(row["单位"])
        if unit == "g/dL":
            value = number_of(value) * 10
        key = (plain(row["病案号"]), str(day_of(row["日期"])))
        found = days.setdefault(key, {})
        if code in found and plain(found[code]) != plain(value):
            found = days.setdefault((*key, "again"), {})
        found[code] = value
    codes = list(dict.fromkeys(words.values()))
    headers = [f"{code}({units.get(code, '10^9/L')})" for code in codes]
    rows = [[k[0], k[1], *(found.get(c) for c in codes)] for k, found in days.items()]
    cohort.sheets[cohort.sheet_of("labs")] = Sheet([["病案号", "日期", *headers], *rows])
    spec = cohort.tables["labs"]
    spec.pop("columns")
    spec["records"] = [
        {"columns": {"LBDT": "日期", "LBTESTCD": {"constant": code}, "LBSTRESN": header}}
        for code, header in zip(codes, headers, strict=True)
    ]


@way(KIND, equal(), SHEETS)
def numbers_with_spaces_and_full_width(cohort: Cohort) -> None:
    """Patient numbers with spaces around them, or in full width, in some sheets."""
    wide = str.maketrans("VA0123456789", "ＶＡ０１２３４５６７８９")
    for n, table in enumerate(cohort.tables):
        how = (lambda c: f"  {plain(c)} ") if n % 2 else (lambda c: plain(c).translate(wide))
        if table != "patients":
            cohort.of(table).change(cohort.key(table), how)


@way(KIND, scope=ZEROS)
def leading_zeros_lost(cohort: Cohort) -> Expectation:
    """000017 became 17 in every sheet but the patients'."""
    for table in cohort.tables:
        if table != "patients":
            cohort.of(table).change(
                cohort.key(table), lambda c: int(plain(c)) if plain(c).isdigit() else c
            )
    return asks("unknown_patient", check=_those_numbers)


def _those_numbers(before: Outcome, after: Outcome) -> list[str]:
    """Nobody but the patients with such numbers changes."""
    digits = {who for who in before.tables["adsl"]["USUBJID"] if who.isdigit()}
    return differences(before, after, apart=digits)


@way(KIND, equal(), NUMBERED)
def patient_numbers_with_a_decimal(cohort: Cohort) -> None:
    """Patient numbers that pandas made 1.0, 2.0."""
    cohort.of("patients").change(cohort.key("patients"), lambda c: f"{plain(c)}.0")


@way(KIND, asks("similar_patient_numbers"), LETTERED)
def a_patient_under_two_spellings(cohort: Cohort) -> None:
    """Some rows under VA-001 in place of VA001."""
    sheet = cohort.of("patients")
    first = next(row for row in sheet.body if plain(row[0]) == "VA001")
    sheet.body = [*sheet.body, ["VA-001", *first[1:]]]


@way(KIND, stops("have more cells than headers"), PLAIN)
def a_comma_too_many(cohort: Cohort) -> None:
    """A comma in a cell that nobody quoted: the row is a cell too long."""

    def write_broken(told: Cohort, folder: Path) -> None:
        (name,) = write.titles(told, ".csv").values()
        (sheet,) = told.sheets.values()
        lines = [",".join(map(write.text_of, row)) for row in sheet.rows]
        cells = lines[5].split(",")
        lines[5] = ",".join([*cells[:2], "see", *cells[2:]])
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    cohort.write = write_broken


@way(KIND, asks("spreadsheet_error"), WORKBOOK)
def errors_of_a_formula(cohort: Cohort) -> None:
    """#N/A where a look-up of the clinic found nothing: the empty cells of a column of dates."""
    true_dates(cohort)
    title, header = cohort.sheet_of("patients"), cohort.header("patients", "DTHDT")
    sheet = cohort.sheets[title]
    place = sheet.at(header)
    for row in sheet.body:
        if not filled(row[place]):
            row[place] = "#N/A"
    cohort.write = write.workbook
