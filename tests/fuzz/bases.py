"""What is mangled: a few patients of each shipped study, and small exports in every format."""

from __future__ import annotations

import copy
import csv
import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
#: Patients of a shipped study that are kept: enough for two groups, few enough to be quick.
_PATIENTS = 12

Rows = list[list[object]]


@dataclass
class File:
    """A file of an export: its format, its sheets of cells, the rows above each one's headers."""

    name: str
    sheets: dict[str, Rows]
    kind: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    heads: dict[str, int] = field(default_factory=dict)

    def data(self, folder: Path) -> bytes:
        """The file as bytes; ``folder`` is for writers that need a path."""
        return _WRITERS[self.kind](self, folder)


@dataclass
class Base:
    """A study file and an export that go together. ``keys`` are rows of headers, by sheet."""

    name: str
    document: dict
    files: list[File] = field(default_factory=list)

    def copy(self) -> Base:
        return copy.deepcopy(self)


def _csv(file: File, folder: Path) -> bytes:
    text = io.StringIO(newline="")
    told = {"delimiter": file.delimiter, "lineterminator": file.newline, "quoting": file.quoting}
    (rows,) = file.sheets.values()
    csv.writer(text, **told).writerows(rows)
    return text.getvalue().encode(file.encoding, "replace")


def _xlsx(file: File, folder: Path) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    book.remove(book.active)
    for name, rows in file.sheets.items():
        sheet = book.create_sheet(name[:31] or "Sheet")
        for row in rows:
            cells = [ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in row]
            sheet.append([c[:32_000] if isinstance(c, str) else c for c in cells])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _table(file: File):
    import pandas as pd

    (rows,) = file.sheets.values()
    width = max(map(len, rows), default=0)
    names = [f"v{n}" for n in range(width)]
    labels = [str(h) for h in (rows[0] if rows else [])] + [""] * width
    body = [[str(c) for c in row] + [""] * (width - len(row)) for row in rows[1:]]
    return pd.DataFrame(body, columns=names, dtype="object"), labels[:width]


def _sav(file: File, folder: Path) -> bytes:
    import pyreadstat

    frame, labels = _table(file)
    path = folder / "made.sav"
    pyreadstat.write_sav(frame, str(path), column_labels=[label[:250] for label in labels])
    return path.read_bytes()


def _xpt(file: File, folder: Path) -> bytes:
    import pyreadstat

    frame, labels = _table(file)
    frame = frame.map(lambda text: text[:200])
    path = folder / "made.xpt"
    told = {"column_labels": [label[:40] for label in labels], "file_format_version": 8}
    pyreadstat.write_xport(frame, str(path), **told)
    return path.read_bytes()


_WRITERS = {"csv": _csv, "xlsx": _xlsx, "sav": _sav, "xpt": _xpt}


@cache
def _all() -> dict[str, Base]:
    made = [_of_csv(name) for name in ("bmt", "myeloid", "all_venaza")] + [_of_workbook()]
    made += [_small(kind) for kind in _WRITERS] + [_small_calendar(), _small_redcap()]
    return {base.name: base for base in made}


def base(name: str) -> Base:
    """A fresh copy of the base called ``name``."""
    return _all()[name].copy()


#: The shipped studies, cut short, and small exports of one table.
NAMES = (
    *("bmt", "myeloid", "all_venaza", "aml_venaza"),
    *("small_csv", "small_xlsx", "small_sav", "small_xpt", "small_calendar", "small_redcap"),
)


def _document(name: str) -> dict:
    path = ROOT / f"config/studies/{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _newest(name: str) -> Path:
    return sorted(p for p in (ROOT / "data/raw" / name).iterdir() if p.is_dir())[-1]


def _of_csv(name: str) -> Base:
    made = Base(name, _document(name))
    for path in sorted(_newest(name).glob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        kept = list(dict.fromkeys(row[0] for row in rows[1:]))
        if "Dictionary" not in path.name:
            step = max(1, len(kept) // _PATIENTS)
            few = {*kept[::step][:_PATIENTS]}
            rows = [rows[0], *(row for row in rows[1:] if row[0] in few)]
        made.files.append(File(path.name, {"": rows}))
    return made


def _of_workbook() -> Base:
    from openpyxl import load_workbook

    made = Base("aml_venaza", _document("aml_venaza"))
    (path,) = _newest("aml_venaza").glob("*.xlsx")
    book = load_workbook(path, data_only=True)
    sheets = {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book}
    few = [str(row[0]) for row in next(iter(sheets.values()))[1:]][:: 50 // _PATIENTS + 1]
    heads = {}
    for name, rows in sheets.items():
        at = next((n for n, row in enumerate(rows[:4]) if len([c for c in row if c]) > 2), 0)
        own = [row for row in rows[at + 1 :] if any(str(cell) in few for cell in row[:2])]
        sheets[name] = [*rows[: at + 1], *(own or rows[at + 1 :])][:120]
        heads[name] = at
    made.files.append(File(path.name, sheets, "xlsx", heads=heads))
    return made


_STUDY = {
    **{"title": "A small cohort, made up", "short": "Small", "disease": "AML", "synthetic": True},
    **{"regimen": "a regimen", "design": "Cohort", "data": "Made up.", "source": "made up"},
}


def _small_document(file: str, timeline: dict, tables: dict, **sections) -> dict:
    return {
        "study": dict(_STUDY),
        "timeline": {
            "cutoff": "none",
            "index": "first dose",
            "days_per_month": 30.4375,
            **timeline,
        },
        "tables": {name: {"file": file, "key": "id", **spec} for name, spec in tables.items()},
        "endpoints": {"OS": "standard", "EFS": "relapse_or_death"},
        "analysis": {"primary": "OS", "table1": ["AGE", "SEX"], "landmarks_months": [6, 12]},
        **sections,
    }


_HEADERS = ["id", "t", "dead", "age", "sex", "site", "rs_day", "rs", "note"]
_PEOPLE = [
    ["1", 400, 0, 61, "M", "A", 30, "CR", ""],
    ["2", 90, 1, 70, "F", "B", 28, "NR", ""],
    ["3", 365, 0, 55, "F", "A", 33, "CR", "seen at home"],
    ["4", 250, 1, 66, "M", "B", 200, "RELAPSE", ""],
    ["5", 30, 1, 81, "M", "A", "", "", ""],
    ["6", 500, 0, 44, "F", "B", 41, "PR", ""],
    ["7", 610, 0, 59, "M", "A", 29, "CR", ""],
    ["8", 120, 1, 73, "F", "B", 60, "PD", ""],
]
_GROUPS = {"variable": "SITE", "name": "site", "label": "Site", "levels": {"A": "A", "B": "B"}}


def _small(kind: str) -> Base:
    columns = {
        **{"INDEXDT": {"constant": 0}, "LSTALVDT": "t", "AGE": "age", "SEX": "sex"},
        "DTHDT": {"from": "t", "when": {"dead": "1"}, "otherwise": {"dead": "0"}},
        "SITE": {"from": "site", "label": "Site"},
    }
    tables = {"patients": {"columns": columns}, "responses": {"columns": dict(_RESPONSES)}}
    name = f"cohort.{kind}"
    document = _small_document(
        name,
        {"dates": "study_days"},
        tables,
        groups=copy.deepcopy(_GROUPS),
        checks={"never_assessed": "off"},
    )
    sheet = "cohort" if kind == "xlsx" else ""
    return Base(f"small_{kind}", document, [File(name, {sheet: [_HEADERS, *_PEOPLE]}, kind)])


_RESPONSES = {"RSDT": "rs_day", "RSINV": "rs"}


def _small_calendar() -> Base:
    """Two files with dates, one with a delimiter of its own."""
    patients = [["id", "first", "last", "died", "sex", "hb"]]
    responses = [["id", "rs_day", "rs"]]
    for n, (who, days, dead, _, sex, _, at, word, _) in enumerate(_PEOPLE):
        first = f"2021-0{n + 1}-1{n}"
        patients.append([who, first, _later(first, days), _later(first, days) if dead else "", sex,
                         f"{90 + n}.5"])  # fmt: skip
        if word:
            responses.append([who, _later(first, int(at)), word])
    columns = {"INDEXDT": "first", "LSTALVDT": "last", "DTHDT": "died", "SEX": "sex"}
    columns["HGB"] = {"from": "hb", "unit": "g/L"}
    tables = {
        "patients": {"file": "patients.csv", "columns": columns},
        "responses": {"file": "responses.csv", "columns": dict(_RESPONSES)},
    }
    document = _small_document("", {"cutoff": "export"}, tables)
    document["analysis"]["table1"] = ["SEX", "HGB"]
    files = [File("patients.csv", {"": patients}), File("responses.csv", {"": responses})]
    files[1].delimiter = ";"
    return Base("small_calendar", document, files)


def _later(day: str, days: int) -> str:
    import datetime as dt

    return (dt.date.fromisoformat(day) + dt.timedelta(days=days)).isoformat()


_DICTIONARY = [
    ["Variable / Field Name", "Form Name", "Field Type", "Field Label",
     "Choices, Calculations, OR Slider Labels", "Identifier?"],
    ["record_id", "base", "text", "Record", "", ""],
    ["sex", "base", "radio", "Sex", "1, Male | 2, Female", ""],
    ["last", "base", "text", "Last contact", "", ""],
    ["dead", "base", "yesno", "Dead?", "", ""],
    ["genes", "base", "checkbox", "Genes", "1, NPM1 | 2, TP53", ""],
    ["rs_day", "response", "text", "Day", "", ""],
    ["rs", "response", "dropdown", "Response",
     "1, Complete remission | 2, Relapse | 3, No response", ""],
]  # fmt: skip


def _small_redcap() -> Base:
    head = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "sex", "last",
            "dead", "genes___1", "genes___2", "base_complete", "rs_day", "rs"]  # fmt: skip
    codes = {"CR": "1", "RELAPSE": "2"}
    rows = [head]
    for who, days, dead, _, sex, _, at, word, _ in _PEOPLE:
        own = [who, "", "", "1" if sex == "M" else "2", days, dead, "1", "0", "2", "", ""]
        rows.append(own)
        if word:
            rows.append([who, "response", "1", *[""] * 6, at, codes.get(word, "3")])
    either = {"redcap_repeat_instrument": ""}
    patients = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "SEX": "sex"}
    patients["DTHDT"] = {"from": "last", "when": {"dead": "1"}}
    result = {"GERES": {"constant": "MUTATED"}}
    records = [{"checkbox": "genes", "column": "GENE", "columns": result}]
    tables = {
        "patients": {"where": dict(either), "columns": patients},
        "responses": {
            "where": {"redcap_repeat_instrument": "response"},
            "columns": dict(_RESPONSES),
        },
        "mutations": {"where": dict(either), "records": records},
    }
    document = _small_document("*_DATA_*.csv", {"dates": "study_days"}, tables)
    for spec in document["tables"].values():
        spec["key"] = "record_id"
    document["redcap"] = {"dictionary": "*Dictionary*.csv"}
    document["analysis"]["table1"] = ["SEX"]
    files = [File("small_DATA_2024.csv", {"": rows})]
    files.append(File("small_DataDictionary.csv", {"": [list(row) for row in _DICTIONARY]}))
    return Base("small_redcap", document, files)
