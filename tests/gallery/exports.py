"""Real files with one defect each: a small good export, changed in a place, and what it gives."""

from __future__ import annotations

import copy
import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from tests.clean.sheets import loaded, outcomes
from tests.reference.four_formats import DATED
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.preflight import export_files, other_files, settings

#: The patients' number of the exports here stands under a hospital's word for it.
PRIVACY = {"columns": {"病案号": {"keep": "the number of the study, not the hospital's"}}}
#: Sheet -> rows of the good export: two patients, one response each.
SHEETS = {
    "患者": [
        {"病案号": "A1", "性别": "男", "首次用药日期": "2021-01-04", "末次随访日期": "2021-09-30"},
        {"病案号": "A2", "性别": "女", "首次用药日期": "2021-02-08", "末次随访日期": "2021-10-11"},
    ],
    "疗效": [
        {"病案号": "A1", "评估日期": "2021-02-03", "疗效": "CR"},
        {"病案号": "A2", "评估日期": "2021-03-10", "疗效": "CR"},
    ],
}
#: Clean table -> its sheet and its columns, as a study file maps them.
COLUMNS = {
    "patients": ("患者", {"SEX": "性别", "INDEXDT": "首次用药日期", "LSTALVDT": "末次随访日期"}),
    "responses": ("疗效", {"RSDT": "评估日期", "RSINV": "疗效"}),
}


@dataclass
class Export:
    """An export to be: sheets of rows, and how a study file maps them."""

    sheets: dict[str, list[dict]] = field(default_factory=lambda: copy.deepcopy(SHEETS))
    columns: dict = field(default_factory=lambda: copy.deepcopy(COLUMNS))
    sections: dict = field(default_factory=dict)

    def put(self, sheet: str, header: str, *values: object) -> Export:
        """Fill a raw column, row by row; a new row is of patient A1, then A2."""
        rows = self.sheets.setdefault(sheet, [])
        for number, value in enumerate(values):
            if number == len(rows):
                rows.append({"病案号": f"A{number + 1}"})
            rows[number][header] = value
        return self

    def take(self, table: str, sheet: str | None = None, **columns: object) -> Export:
        """Map further columns of a clean table."""
        known = self.columns.setdefault(table, (sheet, {}))
        known[1].update(columns)
        return self

    def records(self, table: str, sheet: str, *records: dict) -> Export:
        """Map a table by records."""
        self.columns[table] = (sheet, list(records))
        return self

    def told(self, **sections: object) -> Export:
        """Sections of the study file."""
        self.sections.update(sections)
        return self

    def read(self, folder: Path, kind: str = "xlsx") -> Result:
        """Write the files, load the study and clean: what came of it."""
        files = self._workbook() if kind == "xlsx" else self._texts()
        tables = {name: self._spec(name, kind) for name in self.columns}
        return result(folder, files, tables, **self.sections)

    def _spec(self, table: str, kind: str) -> dict:
        sheet, mapping = self.columns[table]
        place = {"file": "*.xlsx", "sheet": sheet} if kind == "xlsx" else {"file": f"{sheet}.csv"}
        how = {"records": mapping} if isinstance(mapping, list) else {"columns": mapping}
        return {**place, "key": "病案号", **how}

    def _workbook(self) -> dict[str, bytes]:
        book = Workbook()
        book.remove(book.active)
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            headers = list(dict.fromkeys(h for row in rows for h in row))
            sheet.append(headers)
            for row in rows:
                sheet.append([row.get(h) for h in headers])
        stream = io.BytesIO()
        book.save(stream)
        return {"export.xlsx": stream.getvalue()}

    def _texts(self) -> dict[str, bytes]:
        return {
            f"{name}.csv": pd.DataFrame(rows).to_csv(index=False).encode()
            for name, rows in self.sheets.items()
        }


@dataclass
class Result:
    """What an export gave: clean tables, or the error that stopped the run."""

    tables: dict[str, pd.DataFrame] | None
    error: str = ""
    cells: pd.DataFrame | None = None
    files: pd.DataFrame | None = None
    gate: tuple[str, ...] = ()

    def notes(self) -> str:
        """The notes of intake on the files."""
        return "; ".join(self.files["NOTES"].dropna())

    def written(self) -> str:
        """All that is written of the export."""
        frames = [self.cells, self.files, *self.tables.values()]
        return "\n".join([*(frame.to_csv() for frame in frames), *self.gate])

    def accounted(self, **which: str) -> dict[str, int]:
        """What became of the cells that are so, by outcome."""
        return outcomes(self.tables["cell_account"], **which)

    def values(self, table: str, column: str) -> list:
        """The values of a clean column in the order of the rows; dates as text, None if empty."""
        found = self.tables[table][column]
        if str(found.dtype).startswith("datetime"):
            found = found.dt.strftime("%Y-%m-%d")
        return [None if pd.isna(value) else value for value in found]

    def rules(self) -> list[str]:
        """The rules of the queries, each once."""
        return sorted(set(self.tables["queries"]["RULE"]))

    def cells_asked(self, rule: str) -> list[tuple]:
        """Patient and row of the queries of a rule."""
        queries = self.tables["queries"]
        found = queries.loc[queries["RULE"] == rule, ["USUBJID", "SRCROW"]]
        return list(found.itertuples(index=False, name=None))

    def asked(self, rule: str) -> str:
        """The messages of a rule's queries."""
        queries = self.tables["queries"]
        return "\n".join(queries.loc[queries["RULE"] == rule, "MESSAGE"])

    def logged(self, column: str) -> list[str]:
        """The rules of the cleaning log for a clean column."""
        log = self.tables["cleaning_log"]
        return list(log.loc[log["COLUMN"] == column, "RULE"])


def result(folder: Path, files: dict[str, bytes], tables: dict, **sections: object) -> Result:
    """What these files give under these tables, in calendar dates, as the pipeline reads them."""
    try:
        sections.setdefault("privacy", PRIVACY)
        sections.setdefault("dates", "calendar")
        study = loaded(folder, files, tables, **sections)
        raw = folder / "data/raw/bmt" / DATED
        paths = export_files(folder, "bmt", DATED) + other_files(folder, "bmt", DATED)
        cells, listed = read_export(paths, raw, settings(study, "intake"))
        cells, told = protect(cells, settings(study, "intake"), folder)
        tables = clean(cells, settings(study, "clean"))
        derived = derive(tables, settings(study, "endpoints"))
        tables["queries"] = pd.concat([tables["queries"], derived["queries"]], ignore_index=True)
        return Result(tables, cells=cells, files=listed, gate=tuple(told))
    except StudyError as error:
        return Result(None, str(error))


#: What the tables of a patients' sheet are called in the study files of these tests.
PATIENTS = {"INDEXDT": "首次用药日期", "LSTALVDT": "末次随访日期", "SEX": "性别"}


def text(rows: list[list], comma: str = ",") -> str:
    return "".join(comma.join(row) + "\r\n" for row in rows)


def one(file: str, table: str = "patients", columns: dict | None = None, **more) -> dict:
    """One table of a study file."""
    return {table: {"file": file, "key": "病案号", "columns": columns or PATIENTS, **more}}
