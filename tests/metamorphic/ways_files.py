"""Sheets and files: one for each visit or form, archives, an older file beside, corrections."""

from __future__ import annotations

import copy
import datetime
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.metamorphic import write
from tests.metamorphic.calendar import true_dates
from tests.metamorphic.cohort import Cohort, Sheet, day_of, filled, number_of, plain
from tests.metamorphic.expect import bound, equal, same_results, stops
from tests.metamorphic.way import REDCAP, SHEETS, WIDE, way

KIND = "Sheets and files"


@way(KIND, equal(), SHEETS)
def sheets_in_another_order(cohort: Cohort) -> None:
    """The sheets of the workbook turned round."""
    cohort.sheets = dict(reversed(cohort.sheets.items()))


@way(KIND, equal())
def sheets_that_nobody_asked_for(cohort: Cohort) -> None:
    """Sheets more in the workbook: a legend, a pivot table, one that is hidden."""
    true_dates(cohort)

    def finish(book: openpyxl.Workbook) -> None:
        for title in ("Legend", "Pivot", "Old"):
            sheet = book.create_sheet(title)
            for row in (["code", "meaning"], [1, "first"], [2, "second"]):
                sheet.append(row)
        book["Old"].sheet_state = "hidden"

    cohort.write = write.excel(finish=finish)


@way(KIND, equal())
def hidden_sheets_and_rows(cohort: Cohort) -> None:
    """Filtered in Excel and saved: rows, columns and all sheets but the first are hidden."""
    true_dates(cohort)

    def finish(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets[1:]:
            sheet.sheet_state = "hidden"
        for sheet in book.worksheets:
            for row in range(10, 20):
                sheet.row_dimensions[row].hidden = True
            sheet.column_dimensions["C"].hidden = True

    cohort.write = write.excel(finish=finish)


@way(KIND, equal())
def patients_over_two_files(cohort: Cohort) -> None:
    """Two wards, two files with the same headers; the study file takes both."""
    true_dates(cohort)

    def write_both(told: Cohort, folder: Path) -> None:
        names = write.titles(told, ".csv")
        for spec in told.tables.values():
            spec["file"] = spec["file"].replace(".csv", "*.csv")
        for title, name in names.items():
            sheet = told.sheets[title]
            for ward, part in (("1", sheet.body[::2]), ("2", sheet.body[1::2])):
                one = Sheet([*sheet.rows[: sheet.head + 1], *part], sheet.head)
                single = copy.copy(told)
                single.sheets, single.file = {title: one}, name
                _csv(folder / name.replace(".csv", f"{ward}.csv"), one.rows)

    cohort.write = write_both


def _csv_line(row: list) -> str:
    return ",".join('"' + write.text_of(cell).replace('"', '""') + '"' for cell in row)


@way(KIND, equal(), WIDE)
def responses_in_a_file_of_their_own(cohort: Cohort) -> None:
    """One file for the patients, another with a row for each remission or relapse."""
    (sheet,) = cohort.sheets.values()
    key = cohort.key("patients")
    rows = []
    if cohort.name == "myeloid":
        for r in sheet.records():
            rows += [[r[key], r["crtime"], "complete remission"]] if r["crtime"] else []
            rows += [[r[key], r["rltime"], "relapse"]] if r["rltime"] else []
    else:
        rows = [[r[key], r["t2"], "relapse"] for r in sheet.records() if r["d2"] == "1"]
    cohort.sheets = {"patients": sheet, "events": Sheet([[key, "day", "what"], *rows])}
    for table, spec in cohort.tables.items():
        spec["sheet"] = "events" if table == "responses" else "patients"
    spec = cohort.tables["responses"]
    spec.pop("records", None)
    spec["columns"] = {"RSDT": "day", "RSINV": "what"}


@way(KIND, equal(), SHEETS)
def a_sheet_for_each_visit(cohort: Cohort) -> None:
    """The first assessments on one sheet, the second on another, and so on; declared by a star."""
    _over_sheets(cohort, "responses", lambda nth, _: f"疗效评估{nth}")


@way(KIND, equal(), SHEETS)
def a_sheet_for_each_patient(cohort: Cohort) -> None:
    """A sheet of laboratory values for each patient; declared by a star."""
    numbers: dict[str, int] = {}
    _over_sheets(
        cohort, "labs", lambda _, who: f"化验({numbers.setdefault(who, len(numbers) + 1)})"
    )


def _over_sheets(cohort: Cohort, table: str, named: Callable[[int, str], str]) -> None:
    """The rows of a table's sheet over several, ``named`` by the patient's nth row, and by him."""
    title, sheet = cohort.sheet_of(table), cohort.of(table)
    place, seen, parts = sheet.at(cohort.key(table)), Counter(), {}
    for row in sheet.body:
        who = plain(row[place])
        seen[who] += 1
        parts.setdefault(named(seen[who], who), []).append(row)
    del cohort.sheets[title]
    cohort.sheets |= {name: Sheet([sheet.headers, *rows]) for name, rows in parts.items()}
    cohort.tables[table]["sheet"] = f"{title}*"


ONE_ROW = bound(
    "Two assessments in one row that say the same stay two rows of assessment; no event, no "
    "response and no row of the ARD moves",
    same_results,
)


@way(KIND, ONE_ROW, SHEETS)
def assessments_side_by_side(cohort: Cohort) -> None:
    """A row for each patient, with the columns of every assessment side by side."""
    sheet, key = cohort.of("responses"), cohort.key("responses")
    rows: dict[str, list] = {}
    for cells in sheet.body:
        rows.setdefault(plain(cells[sheet.at(key)]), []).append(cells)
    most = max(map(len, rows.values()))
    kept = [n for n, header in enumerate(sheet.headers) if header != key]
    headers = [f"{sheet.headers[n]}_{time}" for time in range(1, most + 1) for n in kept]
    body = [
        [who, *(row[n] for row in own for n in kept)] + [None] * (len(kept) * (most - len(own)))
        for who, own in rows.items()
    ]
    cohort.sheets[cohort.sheet_of("responses")] = Sheet([[key, *headers], *body])
    spec = cohort.tables["responses"]
    columns = {name: f"{header}_{{n}}" for name, header in spec.pop("columns").items()}
    spec["records"] = [{"repeat": [1, most], "columns": columns}]


@way(KIND, equal(), REDCAP)
def a_file_for_each_form(cohort: Cohort) -> None:
    """REDCap's export form by form: a file for each repeating instrument."""

    def write_forms(told: Cohort, folder: Path) -> None:
        (sheet,) = told.sheets.values()
        form = sheet.at("redcap_repeat_instrument")
        for name in sorted({row[form] for row in sheet.body}):
            rows = [row for row in sheet.body if row[form] == name]
            _csv(folder / f"VENTALL_DATA_{name or 'single'}.csv", [sheet.headers, *rows])

    cohort.write = write_forms


@way(KIND, equal())
def an_archive(cohort: Cohort) -> None:
    """The files as sent, in one .zip."""

    def write_archive(told: Cohort, folder: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            write.as_sent(told, Path(place))
            with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(Path(place).iterdir()):
                    archive.write(path, path.name)

    cohort.write = write_archive


@way(KIND, equal())
def an_older_file_beside(cohort: Cohort) -> None:
    """The registry's export of an earlier day in the same folder; declared as overlap: newer."""
    true_dates(cohort)

    def write_both(told: Cohort, folder: Path) -> None:
        last = told.header("patients", "LSTALVDT")
        for title, name in write.titles(told, ".csv").items():
            sheet, stem = told.sheets[title], name.removesuffix(".csv")
            older = Sheet(copy.deepcopy(sheet.rows[: len(sheet.rows) // 2]), sheet.head)
            if last in older.headers:
                older.change(last, _before)
            _csv(folder / f"{stem}_2020-01-31.csv", older.rows)
            _csv(folder / f"{stem}_2025-01-31.csv", sheet.rows)
        for spec in told.tables.values():
            spec["file"] = spec["file"].removesuffix(".csv").removesuffix("*") + "*.csv"
            spec["overlap"] = "newer"

    cohort.write = write_both


def _before(cell: object) -> object:
    """A last contact as it was known a month before."""
    if day := day_of(cell):
        return (day - datetime.timedelta(days=30)).isoformat()
    number = number_of(cell)
    return cell if number is None else max(number - 30, 1)


#: A baseline column of each study that the clinic corrects, and a wrong value.
CORRECTED = {
    "aml_venaza": ("年龄（岁）", 17),
    "all_venaza": ("age_consent", "91"),
    "bmt": ("z1", "8"),
    "myeloid": ("sex", "m"),
}


@way(KIND, equal())
def a_correction_of_the_clinic(cohort: Cohort) -> None:
    """A value typed wrong, and the clinic's correction of it in config/corrections."""
    _corrected(cohort)


@way(KIND, stops("config/corrections"))
def a_correction_that_does_not_fit(cohort: Cohort) -> None:
    """The same, and the export holds another value than the one that was to be corrected."""
    _corrected(cohort, sent="55" if cohort.name != "myeloid" else "x")


def _corrected(cohort: Cohort, sent: str = "") -> None:
    header, wrong = CORRECTED[cohort.name]
    sheet = cohort.of("patients")
    place, key = sheet.at(header), sheet.at(cohort.key("patients"))
    row = next(row for row in sheet.body if filled(row[place]) and row[place] != wrong)
    right, row[place] = plain(row[place]), wrong
    cells = [plain(row[key]), "patients", "", header, sent or plain(wrong), right]
    if cohort.name == "all_venaza":
        cells[2] = "redcap_event_name=screening_arm_1"
    head = "patient,table,row,column,old,new,reason,who,date"
    cohort.corrections = f"{head}\n{','.join(cells)},made up,made up,{cohort.export}\n"


def _csv(path: Path, rows: list[list]) -> None:
    path.write_text("".join(f"{_csv_line(row)}\r\n" for row in rows), encoding="utf-8")
