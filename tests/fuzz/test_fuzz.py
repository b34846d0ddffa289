"""A bounded part of the long run, its oracle, and the page of its counts."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from tests.fuzz.bases import NAMES, base
from tests.fuzz.cases import MUTATORS, SHARES, Case, case_of, judge
from tests.fuzz.documents import WRONG, as_yaml, grid
from tests.fuzz.make_docs import COUNTS, PAGE, counted, page
from tests.fuzz.oracle import STUDY_FILE, complaints
from tests.fuzz.run import CLEAN, FAULT, MESSAGE, Outcome, make_project, run, write
from venaza.contracts.errors import StudyError

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
    assert {*SHARES} == {*MUTATORS, "key", "study file", "bytes", "neutral"}


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
        (said(**{**CELL, "value": None}), ["no value"]),
        (said("2 columns do not stand there: a, b.", **{**CELL, "value": None}), []),
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
        (said("'A' does not match '^B'.", **CELL), ["a word of the machine: does not match"]),
        (said("None of the values is right.", **CELL), []),
        (said("The value 'TypeError' is wrong.", **CELL), []),
        (said(fix="-", **CELL), ["it does not say what is wrong, or what to do"]),
        (Outcome(FAULT, "KeyError: 'x' at venaza/a.py:1 f"), ["KeyError: 'x' at venaza/a.py:1 f"]),
    ],
)
def test_the_oracle_wants_every_part_of_a_message(outcome, expected):
    assert complaints(outcome, TEXT) == expected


def clean(aval=(5, 6), cnsr=(0, 1), itt=("Y", "Y"), who=("a", "b"), n=1, asked=("b",)) -> Outcome:
    adtte = {"USUBJID": who, "PARAMCD": "OS", "AVAL": aval, "CNSR": cnsr}
    queries = pd.DataFrame({"USUBJID": asked})
    tables = {"cell_account": pd.DataFrame({"N": [n]}), "queries": queries}
    results = {"adtte": pd.DataFrame(adtte), "adsl": pd.DataFrame({"ITTFL": itt})}
    return Outcome(CLEAN, "", None, tables, results | {"queries": queries[:0]})


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (clean(), []),
        (clean(itt=("N", "N")), ["nobody is analysed, and it is clean"]),
        (clean(aval=(-1, 5)), ["a time below 0"]),
        (clean(aval=(36_526, 5)), ["a time that no patient lives, and nobody is asked"]),
        (clean(aval=(36_525, 36_526)), []),
        (clean(who=("a", "a")), ["a patient twice in one endpoint"]),
        (clean(cnsr=(3, 1)), ["a status that is none"]),
        (clean(n=0), ["a cell that is not accounted for"]),
    ],
)
def test_the_oracle_looks_at_clean_tables(outcome, expected):
    assert complaints(outcome, TEXT) == expected


@pytest.fixture
def plain():
    """A case that mangles nothing."""
    made = base("small_csv")
    made.document.pop("examples", None)
    return Case(0, "cell", made)


def test_what_mangles_nothing_has_no_complaint(project, plain):
    verdict = judge(plain, project)
    assert (verdict.outcome, verdict.complaints) == (CLEAN, [])


@pytest.mark.parametrize(
    ("raised", "complaints"),
    [
        (KeyError("planted"), "KeyError: 'planted' at venaza/pipeline/clean/record.py"),
        (StudyError("This cell is wrong.", fix="Correct it."), "no file"),
        (StudyError("This cell is wrong.", fix="Correct it.", file="a.csv"), "no row"),
        (StudyError("Bad KeyError here.", fix="Correct it.", **CELL), "a word of the machine"),
    ],
)
def test_a_planted_fault_fails_the_case(project, plain, monkeypatch, raised, complaints):
    from venaza.pipeline.clean import record

    def broken(*_):
        raise raised

    monkeypatch.setattr(record, "read_value", broken)
    assert re.match(complaints, judge(plain, project).complaints[0])


def test_values_that_are_gone_in_silence_fail_the_case(project, plain, monkeypatch):
    from venaza.pipeline.clean import build

    def emptied(*told):
        made = of_tables(*told)
        made["patients"].loc[1, "AGE"] = None
        return made

    of_tables = build.clean
    plain.base.files[0].sheets[""][2][8] = "seen"
    assert judge(plain, project).complaints == []
    monkeypatch.setattr(build, "clean", emptied)
    assert judge(plain, project).complaints == [
        "values of patients are gone in silence: ('cohort.csv', '', 3)"
    ]


def test_a_change_that_is_not_neutral_fails_the_case(project, plain):
    plain.kind = "neutral"
    assert judge(plain, project).complaints == []
    plain.base.files[0].sheets[""][1][1] = 401
    assert judge(plain, project).complaints == ["a neutral change alters patients"]


def test_the_page_is_made_of_the_counts_of_a_long_run():
    counts = json.loads(COUNTS.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == page(counts)
    assert counts["cases"] >= 10_000
    assert {ended for kind in counts["kinds"].values() for ended in kind} == {CLEAN, MESSAGE}


def test_the_counts_of_verdicts():
    verdicts = [
        {"kind": "key", "outcome": CLEAN, "complaints": []},
        {"kind": "key", "outcome": CLEAN, "complaints": ["a time below 0"]},
        {"kind": "cell", "outcome": MESSAGE, "complaints": []},
    ]
    made = {"cases": 3, "kinds": {"cell": {"message": 1}, "key": {"clean": 1, "fault": 1}}}
    assert counted(verdicts) == made
    assert "| all | 3 | 1 | 1 | 1 |" in page({"seed": 1, **made})
