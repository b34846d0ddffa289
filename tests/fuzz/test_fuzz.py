"""A bounded part of the long run, its oracle, and the page of its counts."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.fuzz import exports
from tests.fuzz.bases import NAMES, base
from tests.fuzz.cases import SHARES, case_of, judge
from tests.fuzz.documents import WRONG, as_yaml, grid
from tests.fuzz.oracle import STUDY_FILE, complaints
from tests.fuzz.run import CLEAN, FAULT, MESSAGE, Outcome, make_project, run, write
from venaza.errors import StudyError

#: Cases of the long run that every run of the tests looks at, in parts.
_SEED, _CASES, _PARTS = 1, 96, 12


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("part", range(_PARTS))
def test_mangled_projects_are_clean_or_one_message(project, part):
    verdicts = [judge(case_of(_SEED, n), project) for n in range(part, _CASES, _PARTS)]
    assert [(v.number, v.said, v.complaints) for v in verdicts if v.complaints] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_mangled_is_clean(project, name):
    made = base(name)
    made.document.pop("examples", None)
    write(project, made, None, {})
    outcome = run(project)
    assert complaints(outcome, as_yaml(made.document)) == []
    assert outcome.kind == CLEAN


def test_a_case_hangs_on_the_seed_and_its_number_alone():
    one, again, other = case_of(1, 5), case_of(1, 5), case_of(2, 5)
    assert (one.said, one.base.document) == (again.said, again.base.document)
    assert (one.kind, one.said) != (other.kind, other.said)


def test_every_kind_and_every_base_comes_up():
    cases = [case_of(1, n) for n in range(400)]
    assert {case.kind for case in cases} == set(SHARES)
    assert {case.base.name for case in cases} == set(NAMES)
    assert {*SHARES} == {*exports.MUTATORS, "key", "study file", "bytes", "neutral"}


def test_the_grid_has_every_key_with_every_wrong_value():
    cells = [(at, str(value)) for name, at, value in grid() if name == "small_csv"]
    keys = {at for at, _ in cells}
    assert len(cells) == len(keys) * len(WRONG)
    assert ("tables", "patients", "columns", "DTHDT", "when", "dead") in keys
    assert len(WRONG) >= 27


def said(what="The value is wrong.", fix="Correct the value.", **place) -> Outcome:
    error = StudyError(what, fix=fix, **place)
    return Outcome(MESSAGE, str(error), error)


CELL = {"file": "a.csv", "row": 2, "column": "x", "value": "1"}
KEY = {"file": STUDY_FILE, "row": 2, "column": "tables > patients"}
TEXT = "study:\n  title: x\ntables:\n  patients: {}\n"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (said(**CELL), []),
        (said(**{**CELL, "row": None}), ["no row"]),
        (said(**{**CELL, "column": None}), ["no column"]),
        (said("This file is empty.", file="a.csv"), []),
        (said(), ["no file"]),
        (said(**KEY), []),
        (said(**{**KEY, "row": None}), ["no line"]),
        (said(**{**KEY, "row": 9}), ["line 9 of 4"]),
        (said(**{**KEY, "column": None}), ["no key"]),
        (said(**{**KEY, "column": "groups", "row": None}), []),
        (said("The key 'study' is missing.", file=STUDY_FILE), []),
        (said("This file is not valid YAML: x.", file=STUDY_FILE, row=3), []),
        (said("KeyError: wrong value", **CELL), ["a word of the machine: KeyError"]),
        (said("The value is None here.", **CELL), ["a word of the machine: None"]),
        (said("None of the values is right.", **CELL), []),
        (said("The value 'TypeError' is wrong.", **CELL), []),
        (said(fix="-", **CELL), ["it does not say what is wrong, or what to do"]),
        (Outcome(FAULT, "KeyError: 'x' at venaza/a.py:1 f"), ["KeyError: 'x' at venaza/a.py:1 f"]),
    ],
)
def test_the_oracle_wants_every_part_of_a_message(outcome, expected):
    assert complaints(outcome, TEXT) == expected


def clean(aval=(5, 6), cnsr=(0, 1), itt=("Y", "Y"), codes=("OS", "OS"), n=1) -> Outcome:
    adtte = {"USUBJID": ["a", "b"], "PARAMCD": codes, "AVAL": aval, "CNSR": cnsr}
    results = {"adtte": pd.DataFrame(adtte), "adsl": pd.DataFrame({"ITTFL": itt})}
    return Outcome(CLEAN, "", None, {"cell_account": pd.DataFrame({"N": [n]})}, results)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (clean(), []),
        (clean(itt=("N", "N")), ["nobody is analysed, and it is clean"]),
        (clean(aval=(-1, 5)), ["a time that no patient lives"]),
        (clean(aval=(36_526, 5)), ["a time that no patient lives"]),
        (clean(cnsr=(3, 1)), ["a status that is none"]),
        (clean(n=0), ["a cell that is not accounted for"]),
    ],
)
def test_the_oracle_looks_at_clean_tables(outcome, expected):
    assert complaints(outcome, TEXT) == expected


def test_a_planted_fault_is_found(project, monkeypatch):
    from venaza.clean import tables

    def broken(*_):
        raise KeyError("planted")

    monkeypatch.setattr(tables, "_applies", broken, raising=False)
    monkeypatch.setattr(tables, "read_value", broken)
    verdict = judge(case_of(1, 0), project)
    write(project, base("small_csv"), None, {})
    assert run(project).kind == FAULT
    assert verdict.outcome in (FAULT, MESSAGE)


def test_a_neutral_change_that_is_none_is_found(project):
    case = case_of(1, 0)
    case.kind, case.base, case.text, case.mangled = "neutral", base("small_csv"), None, {}
    case.base.document.pop("examples", None)
    case.base.files[0].sheets[""][1][1] = 401
    verdict = judge(case, project)
    assert verdict.complaints == ["a neutral change alters patients"]
