"""Worked examples: how their tables are read, what is refused, what counts as a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.spec import Case, study_of
from venaza.commands.examples import differences, examples_of, read_tables, sort_tables
from venaza.commands.examples.worked import read_rows
from venaza.contracts.errors import StudyError
from venaza.preflight import load_study

GIVEN = """\
patients
| USUBJID | LSTALVDY | DTHDY |
|---------|----------|-------|
| died    | 90       | 100   |
| alive   | 200      |       |
"""


def example(expected: str, given: str = GIVEN) -> Case:
    made = Case("one", "config/studies/x.yaml", endpoints={"OS": "standard"})
    sort_tables(made, read_tables(given + "\n" + expected))
    return made


def found(expected: str, given: str = GIVEN) -> list[str]:
    case = example(expected, given)
    return [str(difference) for difference in differences(case, study_of(case))]


def test_tables_are_read_by_name_with_empty_cells():
    tables = read_tables(GIVEN + "\nadtte OS\n| USUBJID | AVAL |\n|:-|-:|\n| died | 100 |")
    assert tables["patients"][1] == {"USUBJID": "alive", "LSTALVDY": "200", "DTHDY": ""}
    assert tables["adtte OS"] == [{"USUBJID": "died", "AVAL": "100"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("| A | B |\n|---|---|\n| 1 |", "line 3 has 1 cells for 2 headers"),
        ("| A | B |\n| 1 | 2 |", "a line of dashes"),
        ("", "a line of headers"),
    ],
)
def test_a_table_with_a_hole_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        read_rows(text)


def test_what_is_as_expected_gives_no_difference():
    table = (
        "adtte OS\n| USUBJID | AVAL | CNSR |\n|-|-|-|\n| died | 100.0 | 0 |\n| alive | 200 | 1 |"
    )
    assert found(table) == []


def test_a_difference_names_table_patient_column_expected_and_got():
    table = "adtte OS\n| USUBJID | AVAL | CNSR |\n|-|-|-|\n| died | 90 | 0 |\n| alive | 200 | |"
    assert found(table) == [
        "adtte OS, patient died, AVAL: expected 90, got 100",
        "adtte OS, patient alive, CNSR: expected nothing, got 1",
    ]


def test_every_patient_of_a_named_endpoint_is_expected():
    table = "adtte OS\n| USUBJID | AVAL |\n|-|-|\n| died | 100 |"
    assert found(table) == ["adtte OS, patient alive, row: expected nothing, got a row"]
    table = "excluded OS\n| USUBJID | REASON |\n|-|-|\n| died | x |"
    assert found(table) == ["excluded OS, patient died, row: expected a row, got nothing"]


def test_of_a_table_without_an_endpoint_only_the_named_rows_are_compared():
    assert found("adsl\n| USUBJID | DTHFL |\n|-|-|\n| died | Y |") == []


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (
            "adttee OS\n| USUBJID |\n|-|\n| died |",
            ["'adttee' is not a clean table, nor", "you mean 'adtte'?"],
        ),
        ("adtte OS\n| USUBJID | AVALL |\n|-|-|\n| died | 1 |", ["'AVALL' is not a column"]),
        ("adtte EFS\n| USUBJID | AVAL |\n|-|-|\n| died | 1 |", ["'EFS' is not an endpoint here"]),
        ("adtte OS\n| USUBJID | AVAL |\n|-|-|\n| dead | 1 |", ["Patient 'dead' is not among"]),
        ("adtte OS\n| AVAL |\n|-|\n| 1 |", ["A row names no patient."]),
    ],
)
def test_a_slip_in_an_expected_table_is_named(expected, words):
    with pytest.raises(StudyError) as error:
        found(expected)
    for word in [*words, "config/studies/x.yaml", "key:    examples > one > "]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (GIVEN.replace("DTHDY", "DEATH"), "'DEATH' is not a column of 'patients'"),
        (GIVEN.replace("LSTALVDY", "AGE").replace("200", "two"), "'two' of patient 'alive' is no"),
        (GIVEN.replace("LSTALVDY", "ECOG").replace("200", "1.5"), "is no whole number."),
        (GIVEN.replace("200", "two"), "A day of patient 'alive' is no whole number of days."),
        (GIVEN.replace("200", "5.5"), "A day of patient 'alive' is no whole number of days."),
        (GIVEN.replace("200", "36526"), "A day of patient 'alive' is more than 36,525 days."),
        (GIVEN.replace("200", "99999999"), "A day of patient 'alive' is more than 36,525 days."),
        (GIVEN.replace("200", "9" * 30), "A day of patient 'alive' is no whole number of days."),
        (GIVEN + "| died | 100 | 100 |\n", "Patient 'died' is given twice"),
        (GIVEN.replace("200", "-5"), "Last contact of patient 'alive' lies before the index date."),
        (GIVEN.replace("100", "-5"), "Death of patient 'died' lies before the index date."),
        (GIVEN.replace("DTHDY", "DTHDT"), "Write DTHDY and the day"),
    ],
)
def test_a_slip_in_a_given_table_is_named(given, words):
    with pytest.raises(StudyError) as error:
        found("adsl\n| USUBJID | DTHFL |\n|-|-|\n| died | Y |", given)
    assert words in str(error.value)


def test_a_code_is_held_by_the_records_that_have_its_column():
    study = load_study(Path(__file__).parents[2], "myeloid")
    study["tables"]["patients"]["records"].append({"columns": {}})
    given = "| USUBJID | FLT3 |\n|-|-|\n| one | A |\n| two | C |"
    study["examples"] = [{"name": "one", "given": {"patients": given}, "expected": {}}]
    assert len(examples_of(study)) == 1
    study["examples"][0]["given"]["patients"] = given.replace("C", "D")
    with pytest.raises(StudyError, match="'D' is not a code of FLT3"):
        examples_of(study)


def test_of_a_trail_every_source_of_the_patients_named_is_expected():
    head = "trail OS\n| USUBJID | NTH | SOURCE | SAID |\n|-|-|-|-|\n"
    died = "| died | 1 | Index date | time zero |\n| died | 2 | Death | at last |\n"
    assert found(head + died) == [
        "trail OS, patient alive, row: expected nothing, got a row",
        "trail OS, patient died, NTH 3: expected nothing, got Last date known alive",
        "trail OS, patient died, SAID: expected at last, got the first event from time zero on",
    ]


def test_a_trail_without_places_names_several_rows():
    rows = "| died | Death |\n| alive | Death |\n"
    assert found(f"trail OS\n| USUBJID | SOURCE |\n|-|-|\n{rows}") == [
        f"trail OS, patient {name}, row: expected a row, got 3 rows" for name in ("died", "alive")
    ]
