"""A shipped cohort as a way of real life finds it: sheets of cells, and its study file.

Read, changed and written by code of its own (openpyxl, csv, yaml), so that no mistake of the
project's readers or of its generator is made twice.
"""

from __future__ import annotations

import copy
import csv
import datetime
import functools
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import yaml

ROOT = Path(__file__).parents[2]
STUDIES = ("aml_venaza", "all_venaza", "bmt", "myeloid")
#: Excel's day 0, as its serial numbers are counted after February 1900.
EXCEL = datetime.date(1899, 12, 30)
Cell = object


@dataclass
class Sheet:
    """Rows of cells; ``head`` is the row of the headers."""

    rows: list[list[Cell]]
    head: int = 0

    @property
    def headers(self) -> list[str]:
        return ["" if h is None else str(h) for h in self.rows[self.head]]

    @property
    def body(self) -> list[list[Cell]]:
        return self.rows[self.head + 1 :]

    @body.setter
    def body(self, rows: list[list[Cell]]) -> None:
        self.rows[self.head + 1 :] = rows

    def at(self, header: str) -> int:
        """Where a column stands."""
        return self.headers.index(header)

    def column(self, header: str) -> list[Cell]:
        place = self.at(header)
        return [row[place] for row in self.body]

    def change(self, header: str, how: Callable[[Cell], Cell]) -> None:
        """Every cell of a column that is not empty."""
        place = self.at(header)
        for row in self.body:
            if filled(row[place]):
                row[place] = how(row[place])

    def add(self, header: str, values: list[Cell], place: int | None = None) -> None:
        """A column more, at the end or at ``place``."""
        place = len(self.headers) if place is None else place
        for row in self.rows[: self.head]:
            row.insert(place, None)
        self.rows[self.head].insert(place, header)
        for row, value in zip(self.body, values, strict=True):
            row.insert(place, value)

    def drop(self, header: str) -> None:
        place = self.at(header)
        for row in self.rows:
            del row[place]

    def records(self) -> Iterator[dict[str, Cell]]:
        """The rows below the headers, each by header."""
        return (dict(zip(self.headers, row, strict=True)) for row in self.body)

    def row_of(self, **cells: Cell) -> list[Cell]:
        """A row with these cells; the others are empty."""
        return [cells.get(header) for header in self.headers]


@dataclass
class Cohort:
    """The newest export of a study, and what its study file tells."""

    name: str
    export: str
    told: dict
    sheets: dict[str, Sheet]
    #: Files that lie beside the sheets (a data dictionary), as sent.
    beside: dict[str, bytes] = field(default_factory=dict)
    #: The name of the file as sent, and how the export is written to a folder.
    file: str = ""
    write: Callable[[Cohort, Path], None] | None = None
    #: What the clinic corrected, as the text of config/corrections/NAME.csv.
    corrections: str = ""
    #: Cells of an Excel workbook as a program shows them: (sheet, header) -> number format.
    formats: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, dict]:
        return self.told["tables"]

    @property
    def calendar(self) -> bool:
        return self.told["timeline"].get("dates", "calendar") == "calendar"

    def sheet_of(self, table: str) -> str:
        """The name of the sheet that holds a table."""
        title = self.tables[table].get("sheet", "")
        return title if title in self.sheets else next(iter(self.sheets))

    def of(self, table: str) -> Sheet:
        return self.sheets[self.sheet_of(table)]

    def columns(self, table: str) -> Iterator[tuple[str, dict, dict]]:
        """Clean column, how it is mapped (long form), and the mapping that it stands in."""
        spec = self.tables[table]
        for record in spec.get("records", [spec]):
            for name, how in record.get("columns", {}).items():
                yield name, {"from": how} if isinstance(how, str) else how, record["columns"]

    def header(self, table: str, column: str) -> str:
        """The raw header of a clean column."""
        return next(how["from"] for name, how, _ in self.columns(table) if name == column)

    def tell(self, table: str, column: str, **keys: object) -> None:
        """Keys of the study file for a column, as a user adds them."""
        for name, how, place in self.columns(table):
            if name == column:
                place[name] = {k: v for k, v in {**how, **keys}.items() if v is not None}

    def mapped(self, wanted: Callable[[str, str, dict], bool]) -> list[tuple[str, str]]:
        """(sheet, raw header) of the clean columns that are ``wanted``, each once."""
        found = {}
        for table in self.tables:
            for name, how, _ in self.columns(table):
                if "from" in how and wanted(table, name, how):
                    found[self.sheet_of(table), how["from"]] = None
        return list(found)

    def dates(self) -> list[tuple[str, str]]:
        """(sheet, raw header) of what holds dates, or study days."""
        return self.mapped(lambda table, name, how: name.endswith("DT"))

    def key(self, table: str) -> str:
        return self.tables[table]["key"]

    def refer(self, title: str, names: dict[str, str]) -> None:
        """The headers of a sheet under other ``names``, in the sheet and in the study file."""
        sheet = self.sheets[title]
        sheet.rows[sheet.head] = [names.get(h, h) for h in sheet.headers]
        for table, spec in self.tables.items():
            if self.sheet_of(table) == title:
                self.tables[table] = _renamed(spec, names)
        privacy = self.told.get("privacy", {}).get("columns")
        if privacy:
            self.told["privacy"]["columns"] = {names.get(h, h): v for h, v in privacy.items()}

    def patients(self) -> list[str]:
        """The patients' numbers, in the order of their sheet."""
        texts = (plain(v) for v in self.of("patients").column(self.key("patients")))
        return list(dict.fromkeys(text for text in texts if text))


def _renamed(spec: dict, names: dict[str, str]) -> dict:
    """A table's part of a study file with other raw headers."""
    made = copy.deepcopy(spec)
    made["key"] = names.get(spec["key"], spec["key"])
    if "where" in made:
        made["where"] = {names.get(h, h): v for h, v in made["where"].items()}
    for record in made.get("records", [made]):
        for name, how in record.get("columns", {}).items():
            if isinstance(how, str):
                record["columns"][name] = names.get(how, how)
                continue
            for key in ("from", "unit_from"):
                if key in how:
                    how[key] = names.get(how[key], how[key])
            if "when" in how:
                how["when"] = {names.get(h, h): v for h, v in how["when"].items()}
    return made


def filled(cell: Cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def plain(cell: Cell) -> str:
    """What stands in a cell: no spaces around it, no full width, no ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


_PARTS = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(\D.*)?")


def day_of(cell: Cell) -> datetime.date | None:
    """The date that a cell of a shipped export means; None where it is none, or not whole."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    text = plain(cell)
    if re.fullmatch(r"\d{5}", text):
        return EXCEL + datetime.timedelta(days=int(text))
    parts = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text) or _PARTS.fullmatch(text)
    return datetime.date(*(int(part) for part in parts.groups()[:3])) if parts else None


def number_of(cell: Cell) -> float | int | None:
    """The number that a cell means; None where it is a word."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    text = plain(cell)
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return None
    return float(text) if "." in text else int(text)


@functools.cache
def _read(name: str) -> Cohort:
    folder = sorted((ROOT / "data/raw" / name).glob("20*"))[-1]
    told = yaml.safe_load((ROOT / f"config/studies/{name}.yaml").read_text(encoding="utf-8"))
    told.pop("examples", None)
    made = Cohort(name, folder.name, told, {})
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path):
                rows = [list(row) for row in sheet.iter_rows(values_only=True)]
                made.sheets[sheet.title] = Sheet([row for row in rows if any(map(filled, row))])
            made.file = path.name
        elif "Dictionary" in path.name:
            made.beside[path.name] = path.read_bytes()
        else:
            text = path.read_text(encoding="utf-8")
            made.sheets[""] = Sheet([list(row) for row in csv.reader(io.StringIO(text))])
            made.file = path.name
    for spec in told["tables"].values():
        if spec.get("sheet") in made.sheets:
            made.sheets[spec["sheet"]].head = spec.get("header_row", 1) - 1
    return made


#: Of so many patients one stays in a part of an export.
ONE_OF = {"aml_venaza": 4, "all_venaza": 3, "bmt": 3, "myeloid": 12}


def cohort(name: str, part: bool = False) -> Cohort:
    """The newest export of a study, or a ``part`` of its patients, ready to be changed."""
    return copy.deepcopy(_part(name) if part else _read(name))


@functools.cache
def _part(name: str) -> Cohort:
    """Some patients, those whose numbers have leading zeros among them; and rows of nobody."""
    made = copy.deepcopy(_read(name))
    everybody = made.patients()
    kept = {p for p in everybody if p.startswith("0")} | set(everybody[:: ONE_OF[name]])
    for title, sheet in made.sheets.items():
        table = next(t for t in made.tables if made.sheet_of(t) == title)
        place = sheet.at(made.key(table))
        gone = set(everybody) - kept
        sheet.body = [row for row in sheet.body if plain(row[place]) not in gone]
    return made
