"""Every mapped clean value of every shipped study: its cell, opened in the raw file, is its cell.

The raw files are opened by ``tests/clean/raw_files.py``, which knows nothing of venaza. What the
text of a cell means is not asked of venaza either: dates are read by ``tests/recompute``; numbers
must stand to the number in their cell in one proportion for each column, test and unit; and one
word must have one meaning in a column.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

import pandas as pd
import pytest

from tests.clean.raw_files import RawFiles, text_of
from tests.recompute import reading
from tests.reference.four_formats import ROOT
from venaza.commands.check import in_memory
from venaza.contracts.clean import MADE, ROLES
from venaza.preflight import check_headers, load_study

STUDIES = ("aml_venaza", "all_venaza", "bmt", "myeloid")
GIVES = ("value", "corrected", "computed")


@dataclass
class Cleaned:
    """A study with its clean tables, and each value with the lines of its origins."""

    study: dict
    raw: RawFiles
    cells: dict[int, dict]
    tables: dict[str, pd.DataFrame]
    origins: dict[tuple, list[tuple]]

    def values(self):
        """Table, patient, SEQ, column, value and row of each mapped value that is filled."""
        for table in self.study["tables"]:
            for row in self.tables[table].to_dict("records"):
                for column in row:
                    if column in MADE or column in ("USUBJID", "SEQ"):
                        continue
                    value = row[column]
                    if pd.isna(value) and column.endswith("DT"):
                        value = row[f"{column[:-2]}DY"]
                    if not pd.isna(value):
                        yield table, row["USUBJID"], row["SEQ"], column, value, row

    def text(self, number: int) -> str:
        """What the raw file has at the place of a cell."""
        c = self.cells[number]
        sheet = "" if pd.isna(c["SRCSHEET"]) else c["SRCSHEET"]
        return text_of(self.raw.value(c["SRCFILE"], sheet, c["SRCROW"], c["COL"]))


@pytest.fixture(scope="module", params=STUDIES)
def made(request) -> Cleaned:
    name = request.param
    study = load_study(ROOT, name)
    check_headers(ROOT, study)
    folder = ROOT / "data/raw" / name / study["export"]
    cells, _, tables, _ = in_memory(ROOT, study)
    numbered = {c["CELL"]: c for c in cells.to_dict("records")}
    assert list(numbered) == list(range(1, len(cells) + 1))
    found: dict[tuple, list[tuple]] = {}
    asked_of = ("TABLE", "USUBJID", "SEQ", "COLUMN", "CELL", "ROLE")
    columns = (tables["origins"][c] for c in asked_of)
    for table, patient, seq, column, cell, role in zip(*columns, strict=True):
        assert role in ROLES
        number = None if pd.isna(cell) else int(cell)
        found.setdefault((table, patient, seq, column), []).append((number, role))
    return Cleaned(study, RawFiles(folder), numbered, tables, found)


def asked(study: dict, table: str, column: str) -> tuple[set, set, bool]:
    """The headers that the study file names for a column and for its conditions; a constant."""
    hows = [r["columns"].get(column) for r in study["tables"][table]["records"]]
    hows = [how for how in hows if how is not None]
    if column == "AEDECOD":
        hows += [r["columns"]["AETERM"] for r in study["tables"][table]["records"]]
    if column == "LBSPEC":
        hows += [r["columns"]["LBTESTCD"] for r in study["tables"][table]["records"]]
    if column in ("MRDOP", "MRDRES"):
        hows += [r["columns"].get("MRDVAL", {}) for r in study["tables"][table]["records"]]
    if table == "mutations":
        hows += [r["columns"].get("GENE", {}) for r in study["tables"][table]["records"]]
    named = {plain(how[key]) for how in hows for key in ("from", "unit_from") if key in how}
    when = {plain(header) for how in hows for header in how.get("when", {})}
    return named, when, any("constant" in how for how in hows)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_every_mapped_value_has_its_cell_under_a_header_that_the_study_file_names(made):
    count = 0
    for table, patient, seq, column, _, _ in made.values():
        count += 1
        at = (table, patient, seq, column)
        named, when, constant = asked(made.study, table, column)
        lines = made.origins[at]
        main = [(n, role) for n, role in lines if role in (*GIVES, "constant")]
        assert len(main) == 1, (at, lines)
        if main[0][1] == "constant":
            assert constant, at
            assert main[0][0] is None, at
        for number, role in lines:
            if number is None:
                continue
            header = plain(made.cells[number]["HEADER"])
            assert header in (when if role == "condition" else named), (at, header, role)
    assert count > 1000


def test_the_table_holds_numbers_and_codes_and_no_text_of_the_export(made):
    origins = made.tables["origins"]
    assert set(origins["TABLE"]) <= set(made.study["tables"])
    columns = {name for table in made.study["tables"] for name in made.tables[table]}
    assert set(origins["COLUMN"]) <= columns
    patients = {name for table in made.study["tables"] for name in made.tables[table]["USUBJID"]}
    assert set(origins["USUBJID"]) == patients
    assert [str(origins[c].dtype) for c in ("SEQ", "CELL")] == ["Int64", "Int64"]


def test_what_the_raw_file_has_there_is_what_was_read(made):
    numbers = {n for lines in made.origins.values() for n, _ in lines if n is not None}
    for number in numbers:
        cell = made.cells[number]
        found, told = made.text(number), cell["VALUE"]
        day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", found)
        assert found == told or (day and told.startswith(found)), (cell, found)


def test_the_key_of_every_row_is_the_number_of_its_patient(made):
    for table in made.study["tables"]:
        for row in made.tables[table].to_dict("records"):
            lines = made.origins[(table, row["USUBJID"], row["SEQ"], "USUBJID")]
            keys = [n for n, role in lines if role == "key"]
            assert keys, row
            assert {plain(made.text(n)) for n in keys} == {row["USUBJID"]}


def test_every_date_is_the_date_in_its_cell(made):
    read = 0
    for table, patient, seq, column, value, row in made.values():
        main = [n for n, role in made.origins[(table, patient, seq, column)] if role == "value"]
        if not column.endswith("DT") or not main:
            continue
        text = made.text(main[0])
        if not pd.isna(row[f"{column}F"]):
            assert str(value.year) in text, (text, value)
            continue
        said = reading.day(text)
        wanted = value.date() if isinstance(said, dt.date) else value
        assert said == wanted, (table, patient, column, text)
        read += 1
    assert read > 100


def test_every_number_stands_to_its_cell_in_one_proportion(made):
    shares: dict[tuple, set] = {}
    compared = 0
    for table, patient, seq, column, value, row in made.values():
        lines = made.origins[(table, patient, seq, column)]
        main = [n for n, role in lines if role == "value"]
        if not main or isinstance(value, str) or column.endswith("DT"):
            continue
        units = tuple(made.text(n) for n, role in lines if role == "unit")
        text = plain(made.text(main[0]))
        digits = re.findall(r"\d+(?:\.\d+)?", text)
        coded = not pd.isna(made.cells[main[0]]["LABEL"])
        if len(digits) != 1 or float(digits[0]) == 0 or "^" in text or coded:
            continue
        header = made.cells[main[0]]["HEADER"]
        letters = re.sub(r"[\d.]+", "#", text)
        key = (table, column, header, row.get("LBTESTCD"), units, letters)
        shares.setdefault(key, set()).add(float(f"{value / float(digits[0]):.2g}"))
        compared += 1
    assert compared > 100 or made.study["id"] == "myeloid"  # which has days and words alone
    assert {key: found for key, found in shares.items() if len(found) > 1} == {}


def test_one_word_has_one_meaning_in_a_column(made):
    meanings: dict[tuple, set] = {}
    for table, patient, seq, column, value, _ in made.values():
        lines = made.origins[(table, patient, seq, column)]
        main = [n for n, role in lines if role == "value"]
        if not main or table == "mutations":
            continue
        coded = not pd.isna(made.cells[main[0]]["LABEL"])
        if not (isinstance(value, str) or coded):
            continue
        key = (table, column, made.cells[main[0]]["HEADER"], made.text(main[0]))
        meanings.setdefault(key, set()).add(value)
    assert meanings
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


def test_every_gene_is_in_its_text_or_in_a_box_of_its_own(made):
    boxes: dict[str, set] = {}
    for table, patient, seq, column, value, _ in made.values():
        if table != "mutations" or column != "GENE":
            continue
        for number, role in made.origins[(table, patient, seq, column)]:
            if role == "value":
                text = re.sub(r"[^A-Z0-9]", "", made.text(number).upper())
                gene = re.sub(r"[^A-Z0-9]", "", value.upper())
                assert gene[:4] in text or text in gene, (value, text)
            elif role == "condition":
                boxes.setdefault(made.cells[number]["HEADER"], set()).add(value)
                assert made.text(number) in ("1", "Checked"), value
    assert all(len(genes) == 1 for genes in boxes.values()), boxes
