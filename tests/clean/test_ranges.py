"""A range for every number: a typing error is a query, never an overflow or a rounding."""

from __future__ import annotations

import pytest

from tests.clean.export import ROOT
from tests.clean.sheets import loaded, tables_of
from tests.clean.test_columns import tables_of as columns_of
from tests.clean.test_columns import values_of
from venaza.contracts.clean import KEY, ORIGIN, TABLES
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.mrd import read_mrd
from venaza.pipeline.clean.numbers import read_age, read_integer, read_number
from venaza.study.checks import load_checks
from venaza.study.documents import read_yaml

CHECKS = read_yaml(ROOT / "config/checks.yaml", "checks")
LAB_TESTS = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")["lab_test"]
#: Numbers that no float or integer of a table keeps.
TOO_MUCH = ["9" * 310, "1e400", "1e308", "1e15", "12345678901234567890", "10^400", "-1e308"]


def numbers(table: str) -> set[str]:
    """The numbers of a clean table that a cell may give; days are counted from dates."""
    made = {*names(KEY), *names(ORIGIN)}
    return {
        c.name
        for c in TABLES[table]
        if c.dtype in ("integer", "number") and c.name not in made and not c.derivation
    }


@pytest.mark.parametrize("table", TABLES)
def test_every_number_has_a_range(table):
    known = set(CHECKS["ranges"].get(table, ()))
    wanted = numbers(table) - {"LBSTRESN"} | (set(LAB_TESTS) if table == "labs" else set())
    assert known == wanted


@pytest.mark.parametrize("text", TOO_MUCH)
def test_a_number_that_no_table_keeps_is_a_problem(text):
    for read in (read_number, read_integer, read_age):
        found = read(text)
        assert found.number is None
        assert found.problem
    assert read_mrd(f"{text}%", {}).problem


@pytest.mark.parametrize("text", ["1e-400", "1e-999999999"])
def test_a_number_too_small_to_differ_from_nothing_is_a_problem(text):
    assert read_number(text).problem == "a number too small to differ from 0"


def test_fifteen_digits_are_kept_and_decimals_do_not_count():
    assert read_number("999999999999999").number == 999999999999999
    assert read_number("0.123456789012345678").number == 0.12345678901234568
    assert read_number("1e-300").number == 1e-300


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize("text", [*TOO_MUCH, "1e28", "1000000001", "-1000000001"])
def test_a_column_of_the_study_s_own_has_a_range_too(tmp_path, kind, text):
    tables = {"patients": {"file": "*.csv", "key": "id", "columns": {
        "INDEXDT": {"constant": 0}, "LSTALVDT": "t",
        "X": {"from": "x", "label": "x", "type": kind}}}}  # fmt: skip
    made = tables_of(tmp_path, {"a.csv": f"id,t,x\n1,10,{text}\n2,10,1000000000\n"}, tables)
    assert made["patients"]["X"].isna().tolist() == [True, False]
    asked = set(made["queries"]["RULE"])
    assert asked & {"unreadable_value", "out_of_range"}


def test_a_study_gives_its_own_column_another_range(tmp_path):
    tables = {"patients": {"file": "*.csv", "key": "id", "columns": {
        "INDEXDT": {"constant": 0}, "LSTALVDT": "t",
        "X": {"from": "x", "label": "x", "type": "number"}}}}  # fmt: skip
    files = {"a.csv": "id,t,x\n1,10,30\n2,10,31\n"}
    checks = {"ranges": {"patients": {"X": [0, 30]}}}
    made = tables_of(tmp_path, files, tables, checks=checks)
    assert made["patients"]["X"].isna().tolist() == [False, True]
    with pytest.raises(StudyError, match="'Y' is not a column with a range"):
        loaded(tmp_path / "b", files, tables, checks={"ranges": {"patients": {"Y": [0, 30]}}})


def test_words_have_no_range():
    own = [{"name": "X", "type": "string", "label": "x", "unit": ""}]
    assert "X" not in load_checks(ROOT, {"columns": own}, "a.yaml")["ranges"]["patients"]


@pytest.mark.parametrize("column", ["WBC", "HGB", "PLT", "AGE", "BMBLAST", "ECOG", "PRIORLN"])
@pytest.mark.parametrize("text", TOO_MUCH)
def test_no_column_of_the_patients_is_overrun(column, text):
    assert values_of(column, [text, "1"])[0] is None


def test_a_long_cell_makes_no_long_message():
    made = columns_of("WBC", [f"5 {'x' * 40000}", "9" * 40000, "x" * 40000])
    assert made["queries"]["MESSAGE"].str.len().max() < 300
    assert made["patients"]["WBC"].isna().all()
    with pytest.raises(StudyError) as caught:
        columns_of("SEX", ["x" * 40000])
    assert len(str(caught.value)) < 2000
