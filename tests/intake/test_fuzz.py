"""Mangled exports, from the file to the clean tables: tables or one clear error, nothing else.

Whatever the file: no exception but StudyError, and every raw row of a table is used or left out
with a reason.
"""

import csv
import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyreadstat
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from tests.clean.export import COLUMNS, HEADER, study
from tests.intake.made import ods, ods_row
from venaza.contracts.clean import TABLES
from venaza.contracts.errors import StudyError
from venaza.contracts.files import conform, read_table, write_table
from venaza.contracts.intake import CELLS
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.preflight.exports import check_headers, export_files

ROOT = Path(__file__).parents[2]
QUICK = settings(max_examples=60, deadline=None, derandomize=True)
ROWS = [
    HEADER.split(","),
    ["007", "男", "CR", "2021-01-01", "2021-06-01", "", "存活", "2020-12-20", "95"],
    ["008", "女", "PR", "2021年2月3日", "2021-08-01", "2021-08-01", "死亡", "2021-01", "8.5"],
    ["009", "男", "NR", "20210405", "2021/9/1", "", "失访", "2021.3.5", "<60"],
]


def outcome(name: str, data: bytes, unmapped: str = "query") -> dict | None:
    """The clean tables of an export of one file; None where it was refused with a clear error."""
    made = study(responses=True, vocabulary={"unmapped": unmapped})
    made |= {"id": "small", "export": "2024-01-01"}
    for spec in made["tables"].values():
        spec["file"] = "*.*"
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "data/raw/small/2024-01-01")
        folder.mkdir(parents=True)
        Path(root, "config").symlink_to(ROOT / "config")
        Path(root, "workflow").symlink_to(ROOT / "workflow")
        (folder / name).write_bytes(data)
        try:
            check_headers(Path(root), made)
            paths = export_files(Path(root), "small", "2024-01-01")
            cells, files = read_export(paths, folder, made)
            write_table(cells, CELLS, Path(root, "cells.parquet"))
            cells = read_table(Path(root, "cells.parquet"))
            tables = clean(cells, made)
        except StudyError as error:
            return None if error.what and error.fix else pytest.fail("an error without what or fix")
    assert files["CELLS"].sum() == len(cells)
    assert not cells.duplicated(["SRCFILE", "SRCSHEET", "SRCROW", "COL"]).any()
    read = cells[cells["HEADER"].notna()]
    rows = len(read[["SRCFILE", "SRCSHEET", "SRCROW"]].drop_duplicates())
    counted = tables["row_account"].groupby("TABLE")["N"].sum().to_dict()
    for table in made["tables"]:
        assert counted.get(table, 0) == rows
        if table != "patients":
            conform(tables[table], TABLES[table])
    return tables


def as_csv(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding, "replace")


@cache
def good(kind: str) -> bytes:
    """The export as a sound file of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        if kind == "csv":
            return as_csv(ROWS)
        if kind == "xlsx":
            book = Workbook()
            for row in ROWS:
                book.active.append(row)
            book.save(path)
        elif kind == "xls":
            old = xlwt.Workbook()
            sheet = old.add_sheet("s")
            for n, row in enumerate(ROWS):
                for m, text in enumerate(row):
                    sheet.write(n, m, text)
            old.save(str(path))
        elif kind == "ods":
            rows = "".join(ods_row(*(t.replace("<", "&lt;") for t in row)) for row in ROWS)
            ods(path, f'<table:table table:name="S">{rows}</table:table>')
        elif kind == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
                package.writestr("in/a.csv", as_csv(ROWS))
        elif kind == "html":
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
                for row in ROWS
            )
            return f"<html><table>{rows}</table></html>".encode()
        else:
            names = [f"v{n}" for n in range(len(HEADER.split(",")))]
            frame = pd.DataFrame(ROWS[1:], columns=names)
            write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind]
            write(frame, str(path), column_labels=ROWS[0])
        return path.read_bytes()


KINDS = ["csv", "xlsx", "xls", "ods", "sav", "dta", "zip", "html"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_sound_file_of_each_kind_gives_the_same_tables(kind):
    tables = outcome(f"a.{kind}", good(kind))
    places = ["SRCFILE", "SRCSHEET", "SRCROW"]
    for name, expected in outcome("a.csv", good("csv")).items():
        if name in TABLES:
            pd.testing.assert_frame_equal(
                tables[name].drop(columns=places), expected.drop(columns=places)
            )
    assert list(tables["patients"]["USUBJID"]) == ["007", "008", "009"]


@st.composite
def mangled(draw, data: bytes) -> bytes:
    """``data`` with bytes flipped, taken out, put in, repeated, or the end cut off."""
    made = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(made) - 1)))
        how = draw(st.sampled_from(["flip", "cut", "insert", "remove", "repeat"]))
        if how == "flip" and made:
            made[at] = draw(st.integers(0, 255))
        elif how == "cut":
            del made[max(at, 1) :]
        elif how == "insert":
            made[at:at] = draw(st.binary(min_size=1, max_size=8))
        elif how == "remove":
            del made[at : at + draw(st.integers(1, 20))]
        else:
            made[at:at] = made[at : at + draw(st.integers(1, 40))] * draw(st.integers(1, 30))
    return bytes(made)


@QUICK
@given(data=mangled(good("csv")), unmapped=st.sampled_from(["query", "stop"]))
def test_mangled_text(data, unmapped):
    outcome("a.csv", data, unmapped)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_mangled_containers(kind):
    @settings(QUICK, max_examples=25)
    @given(data=mangled(good(kind)))
    def mangle(data):
        outcome(f"a.{kind}", data)

    mangle()


PARTS = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml", "zip": "in/a.csv"}


@pytest.mark.parametrize("kind", list(PARTS))
def test_mangled_parts_in_sound_containers(kind):
    with zipfile.ZipFile(io.BytesIO(good(kind))) as package:
        held = {name: package.read(name) for name in package.namelist()}

    @settings(QUICK, max_examples=25)
    @given(part=mangled(held[PARTS[kind]]))
    def mangle(part):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in (held | {PARTS[kind]: part}).items():
                package.writestr(name, text)
        outcome(f"a.{kind}", data.getvalue())

    mangle()


ODD = st.sampled_from(
    [
        *("", " ", "0", "-1", "1e400", "9" * 400, "٣", "²", "½", "１２．５％", "<", "%", "/", "-"),
        *(
            "inf",
            "NaN",
            "2021-02-30",
            "0000-00-00",
            "9999-99-99",
            "99999999",
            "2021年",
            "2021年13月",
        ),
        *("1-5", "44260", "-44260", "1E5", "#REF!", "=A1", "10⁻⁴", "1×10^999999", "\x00", "\u200b"),
        *("男", "CR", "CR(MRD+)", "DEAD", "a" * 5000, '"', "'", "\r", "\n", "\u202e", "🩸", "𠮷"),
    ]
)
CELL = st.one_of(ODD, st.text(max_size=10), st.sampled_from([t for row in ROWS for t in row]))


@QUICK
@given(
    rows=st.lists(st.lists(CELL, min_size=0, max_size=11), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "latin-1"]),
)
def test_random_values_under_the_right_headers(rows, delimiter, encoding):
    outcome("a.csv", as_csv([ROWS[0], *rows], delimiter, encoding))


@settings(QUICK, max_examples=30)
@given(
    headers=st.lists(st.sampled_from([*ROWS[0], *COLUMNS, "", "x", " "]) | CELL, max_size=12),
    rows=st.lists(st.lists(CELL, max_size=11), max_size=3),
)
def test_random_headers(headers, rows):
    outcome("a.csv", as_csv([[*ROWS[0], *headers], *rows]))
    outcome("a.csv", as_csv([headers, *rows]))


@settings(QUICK, max_examples=30)
@given(
    rows=st.lists(st.lists(CELL | st.floats() | st.integers() | st.dates(), max_size=9), max_size=4)
)
def test_random_cells_of_a_workbook(rows):
    book = Workbook()
    book.active.append(ROWS[0])
    for row in rows:
        try:
            book.active.append(row)
        except IllegalCharacterError:
            return
    data = io.BytesIO()
    book.save(data)
    outcome("a.xlsx", data.getvalue())
