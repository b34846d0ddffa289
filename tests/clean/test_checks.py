"""Every check: a case worked by hand that raises it, and a close one that does not."""

from __future__ import annotations

import ast
import datetime as dt
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.clean.cases import CASES
from tests.clean.cases.case import Case
from tests.clean.make_checks_docs import PAGE, page
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.contracts.files import conform
from venaza.contracts.intake import CELLS
from venaza.pipeline.clean.build import clean
from venaza.pipeline.clean.checks import run
from venaza.pipeline.clean.checks.course import COHORT_CHECKS, PATIENT_CHECKS, STEMS, courses
from venaza.pipeline.clean.clean_table import CleanColumns, CleanRow, Read
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.endpoints.build import derive
from venaza.preflight import load_study, settings
from venaza.study.checks import load_checks

ROOT = Path(__file__).parents[2]
ME = {"ID": "p1", "SEX": "M", "AGE": 60, "DISSTAT": "ND", "INDEXDT": 0, "DIAGDT": -10,
      "LSTALVDT": 200, "SURVSTAT": "ALIVE"}  # fmt: skip
_DERIVED = {"SEQ", "USUBJID", "AEDECOD", "MRDOP", "LBSTRESU", "SRCFILE", "SRCSHEET", "SRCROW"}
_DERIVED |= {"LBSTNRLO", "LBSTNRHI"}
_PERCENT = {"BMBLAST", "MBLAST", "PBLAST", "MRDVAL", "VAF"}
DECLARED = load_checks(ROOT, {}, "a.yaml")["rules"]


def _mapping(table: str) -> dict:
    """A table whose headers are the names of the clean columns."""
    wanted = [
        name
        for name in names(TABLES[table])
        if name not in _DERIVED and not re.search(r"D(Y|TF)$", name)
    ]
    columns = {name: {"from": name} for name in wanted}
    for name in _PERCENT & set(columns):
        columns[name]["unit"] = "%"
    if table == "labs":
        columns["LBSTRESN"]["unit_from"] = "UNIT"
    for name in {"MRDVAL", "MRDLOD"} & set(columns):
        columns[name]["unit"] = "%"
    return {"file": f"{table}.csv", "header_row": 1, "key": "ID", "records": [{"columns": columns}]}


def _cells(tables: dict) -> pd.DataFrame:
    rows = []
    for table, lines in tables.items():
        for number, row in enumerate(lines, start=2):
            for header, value in row.items():
                if value is not None and value != "":
                    place = (f"{table}.csv", "", number, "A", header, str(value), "text")
                    rows.append(dict(zip(names(CELLS)[1:8], place, strict=True)))
    numbered = pd.DataFrame(rows).assign(CELL=range(1, len(rows) + 1))
    return conform(numbered, CELLS)


@cache
def _shipped() -> dict:
    return load_study(ROOT, "aml_venaza")


def _study(tables: dict, **changes) -> dict:
    days = "calendar" if changes.pop("calendar", False) else "study_days"
    study = _shipped() | {"columns": [], "cutoff": None, "groups": None, **changes}
    study["timeline"] = study["timeline"] | {"dates": days}
    study["tables"] = {table: _mapping(table) for table in tables}
    if any("RANGE" in row for row in tables.get("labs", ()) if isinstance(row, dict)):
        study["tables"]["labs"]["records"][0]["columns"]["LBSTRESN"]["range_from"] = "RANGE"
    study["checks"] = load_checks(ROOT, study | {"checks": changes.get("checks")}, "a.yaml")
    return study


@cache
def _every_table() -> dict:
    return _study(TABLES)


def _with_me(tables: dict) -> dict:
    """The tables with the case's patient, and every row given to somebody."""
    patients = [{**ME, **row} for row in tables.get("patients", [{}])]
    rest = {n: [{"ID": "p1", **r} for r in rows] for n, rows in tables.items() if n != "patients"}
    return {"patients": patients, **rest}


def queries_of(tables: dict, case: Case | None = None, **changes) -> pd.DataFrame:
    """Every query that cleaning and endpoints raise on rows given by table."""
    tables = _with_me(tables)
    if case:
        changes |= {"calendar": case.calendar, **case.study}
    study = _study(tables, **changes)
    made = clean(_cells(tables), settings(study, "clean"))
    found = [made["queries"]]
    if study["risk"] or study["groups"]:
        found.append(derive(made, settings(study, "endpoints"))["queries"])
    return pd.concat([part for part in found if len(part)] or found[:1])


def _rules(frame: pd.DataFrame) -> set[str]:
    return set(frame["RULE"])


_WORDS = {
    **{"SEX": ["M", "F"], "DISSTAT": ["ND", "RR"], "SURVSTAT": ["ALIVE", "DEAD", "LOST"]},
    **{"RSINV": ["CR", "CRi", "MLFS", "PR", "NR", "RELAPSE", "NE"], "EMD": ["Y", "N"]},
    **{
        "CMRESP": ["CR", "NR"],
        "GERES": ["MUTATED", "WILD-TYPE", "NOT TESTED"],
        "MRDOP": ["<", "="],
    },
    **{"GENE": ["TP53", "FLT3-ITD"], "MRDRES": ["NEGATIVE", "POSITIVE"], "RISK": ["favourable"]},
    **{"STOPREAS": ["relapse", "refractory", "transplant", "death"], "DTHCAUS": ["toxicity"]},
    **{"LBTESTCD": ["WBC", "ANC", "PLT"], "PRIORHMA": ["Y", "N"], "DISTYPE": ["de novo"]},
    **{"KARYO": ["46,XX[20]", "45,X,-Y", "", "46", "复杂核型"], "AEDECOD": ["Sepsis", "Fatigue"]},
}
_NEEDED = {"GENE", "AETERM", "LBTESTCD", "TFTYPE"}


def _value(column):
    if column.dtype == "date":
        return st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2021, 1, 1))
    if column.dtype == "string":
        known = st.sampled_from(_WORDS.get(column.name, ["a", "b"]))
        return known if column.name in _NEEDED else st.none() | known
    whole = st.integers(-50, 300)
    return st.none() | (whole if column.dtype == "integer" else whole | st.floats(0, 2))


@st.composite
def given_tables(draw):
    """Clean rows of two patients with any value anywhere, also where a cell is empty."""
    tables = {}
    for table, columns in TABLES.items():
        own = {c.name: _value(c) for c in columns if c.name not in ("USUBJID", "SEQ")}
        people = (
            [["p1"], ["p2"]] if table == "patients" else [["p1", "p2"]] * draw(st.integers(0, 3))
        )
        given = [(draw(st.sampled_from(who)), draw(st.fixed_dictionaries(own))) for who in people]
        patients = [patient for patient, _ in given]
        places = [Place(f"{table}.csv", "", number) for number, _ in enumerate(given, start=2)]
        made = CleanColumns(table, patients, places, list(range(len(given))))
        made.columns |= {name: [values[name] for _, values in given] for name in own}
        asked = {"AETOXGR": "grade", "STOPDT": "stop"}
        made.reads = {name: [Read(header, "")] * len(given) for name, header in asked.items()}
        tables[table] = [CleanRow(made, i) for i in range(len(given))]
        day = f"{STEMS[table]}DY" if table in STEMS else "SEQ"
        tables[table].sort(key=lambda row: (row.get(day) is None, row.get(day)))
    return tables


_NAMES = [f"{case.id} {n}" for n, case in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=_NAMES)
def test_a_check_asks_where_it_should_and_nothing_else_asks(case):
    assert _rules(queries_of(case.raises, case)) == {case.id, *case.also}


@pytest.mark.parametrize("case", CASES, ids=_NAMES)
def test_a_check_is_silent_in_a_close_case(case):
    assert case.id not in _rules(queries_of(case.silent, case))


def test_the_patient_of_the_cases_raises_nothing():
    assert _rules(queries_of({"patients": [{}]})) == set()


#: Raised by what a file is, not by what stands in its rows.
ELSEWHERE = {
    "column_settled": "tests/clean/test_columns.py",
    "comma_settled": "tests/clean/test_columns.py",
    "completed_date_across_cutoff": "tests/clean/test_completed.py",
    **dict.fromkeys(("dated_by_cycles", "cycle_without_start"), "tests/clean/test_by_cycle.py"),
    "swapped_days": "tests/clean/test_columns.py",
    "year_typo": "tests/clean/test_years.py",
    "future_date": "tests/clean/test_years.py",
    "allelic_ratio": "tests/clean/test_genes.py",
    "spreadsheet_error": "tests/clean/test_kinds.py",
    "formula_without_value": "tests/clean/test_kinds.py",
    **dict.fromkeys(
        ("sign_settled", "sign_open", "death_as_response"), "tests/clean/test_signs.py"
    ),
    "form_not_filled": "tests/clean/test_forms.py",
    "newer_file_wins": "tests/clean/test_layout.py",
    "sheets_differ": "tests/clean/test_joined.py",
    "where_without_rows": "tests/clean/test_layout.py",
    "summary_row": "tests/clean/test_odd_rows.py",
    "header_row_again": "tests/clean/test_odd_rows.py",
    "row_too_long": "tests/clean/test_odd_rows.py",
    "group_not_listed": "tests/endpoints/test_groups.py",
    "completed_death_at_landmark": "tests/endpoints/test_open_deaths.py",
    **dict.fromkeys(
        (
            *("unknown_condition", "unknown_condition_value", "condition_empty"),
            *("event_without_date", "condition_without_value", "date_against_condition"),
            *("rows_in_no_table", "row_near_a_table"),
        ),
        "tests/clean/test_conditions.py",
    ),
}


def test_every_declared_check_has_its_cases():
    assert {case.id for case in CASES} | set(ELSEWHERE) == set(DECLARED)
    for rule, path in ELSEWHERE.items():
        assert f'"{rule}"' in (ROOT / path).read_text(encoding="utf-8")


def test_every_check_on_clean_rows_is_a_function_and_every_function_a_check():
    own = {c for c, rule in DECLARED.items() if "raised" not in rule}
    emptied = {"out_of_range", "wrong_unit"}
    assert own == {*PATIENT_CHECKS, *COHORT_CHECKS} | emptied


def test_every_query_that_the_code_can_raise_is_declared():
    found = set()
    for stage in ("clean", "endpoints"):
        for path in (ROOT / "venaza/pipeline" / stage).rglob("*.py"):
            found |= _raised_in(ast.parse(path.read_text(encoding="utf-8")))
    assert {"unreadable_value", "response_disagrees", "risk_disagrees"} <= found
    assert found - set(DECLARED) == set()


def _raised_in(tree: ast.AST) -> set[str]:
    """The literal rules of the calls that ask, and of rows with a ``RULE``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("journal.").removeprefix("self.")
            place = {
                "ask": 0,
                "ask_of_row": 0,
                "ask_of_raw": 0,
                "_ask": 1,
                "worded": 1,
                "Asked": 0,
                "_of_response": 0,
            }.get(name)
            if place is not None and len(node.args) > place:
                found.append(node.args[place])
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            named = {k.value: v for k, v in pairs if isinstance(k, ast.Constant)}
            # A line of the cleaning log has a rule as well, and the value that it left.
            found += [named["RULE"]] if "RULE" in named and "CLEAN" not in named else []
    return {n.value for n in found if isinstance(n, ast.Constant)}


def _pattern(template: str) -> re.Pattern:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


@pytest.mark.parametrize("case", CASES, ids=_NAMES)
def test_a_query_says_and_does_what_is_declared(case):
    queries = queries_of(case.raises, case)
    rule = DECLARED[case.id]
    for query in queries[queries["RULE"] == case.id].to_dict("records"):
        assert _pattern(rule["message"].rstrip(".")).match(query["MESSAGE"])
        assert query["SEVERITY"] == rule["severity"]
        assert "{" not in query["MESSAGE"]


def test_a_query_names_the_cell_and_what_stands_there():
    query = queries_of({"patients": [{"HGB": "8.5"}]}).iloc[0]
    assert (query["USUBJID"], query["TABLE"], query["COLUMN"]) == ("p1", "patients", "HGB")
    assert (query["SRCFILE"], query["SRCROW"], query["SRCCOL"]) == ("patients.csv", 2, "HGB")
    assert query["VALUE"] == "8.5"
    assert query["MESSAGE"] == "HGB 8.5 lies outside 25 to 220 g/L; in g/dL it would be 85."


def test_a_study_file_regrades_a_check_and_switches_one_off():
    tables = {"patients": [{"DIAGDT": -400, "AGE": 15}]}
    study = {"long_untreated": "error", "age_outside_study": "off"}
    queries = queries_of(tables, checks=study)
    assert list(zip(queries["RULE"], queries["SEVERITY"], strict=True)) == [
        ("long_untreated", "error")
    ]


def test_a_study_file_moves_limits_and_ranges():
    tables = {"patients": [{"DIAGDT": -91, "AGE": 15, "HGB": 8}]}
    assert len(queries_of(tables)) == 3
    study = {
        "limits": {"untreated_days": 120, "age": [0, 18]},
        "ranges": {"patients": {"HGB": [5, 220]}},
    }
    assert len(queries_of(tables, checks=study)) == 0


def test_a_query_from_the_endpoints_is_regraded_too():
    tables = next(c for c in CASES if c.id == "response_disagrees").raises
    assert list(queries_of(tables, checks={"response_disagrees": "note"})["SEVERITY"]) == ["note"]
    assert len(queries_of(tables, checks={"response_disagrees": "off"})) == 0


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"age_outside_studies": "off"}, "Did you mean 'age_outside_study'"),
        ({"limits": {"blast": 5}}, "Did you mean 'blasts'"),
        ({"ranges": {"patient": {"AGE": [0, 1]}}}, "Did you mean 'patients'"),
        ({"ranges": {"patients": {"AGES": [0, 1]}}}, "Did you mean 'AGE'"),
        ({"unreadable_value": "off"}, "cannot be switched off"),
    ],
)
def test_what_a_study_file_says_of_checks_is_checked(said, what):
    with pytest.raises(StudyError, match=re.escape(what)):
        load_checks(ROOT, {"checks": said}, "config/studies/a.yaml")


def test_one_question_for_a_cell_that_could_not_be_read():
    event = {"AETERM": "nausea", "AETOXGR": "heavy", "AESTDT": 3}
    assert _rules(queries_of({"adverse_events": [event]})) == {"unreadable_value"}


def test_one_question_where_the_word_and_the_criteria_disagree():
    row = {"RSDT": 30, "RSINV": "CR", "MBLAST": 30}
    assert list(queries_of({"responses": [row]})["RULE"]) == ["remission_with_blasts"]


def test_a_cycle_typed_with_the_wrong_year_is_one_question():
    cycles = [{"CYCLE": n, "EXSTDT": day} for n, day in ((1, 0), (2, 28), (3, -309), (4, 84))]
    assert list(queries_of({"cycles": cycles})["RULE"]) == ["cycle_before_diagnosis"]


def test_a_date_that_was_completed_contradicts_only_beyond_its_month():
    plain = {"INDEXDT": "2021-01-10", "LSTALVDT": "2021-06-01"}
    for diagnosis, asked in (
        ("2021-01-15", {"diagnosis_after_index"}),
        ("2021年1月", set()),
        ("2021年2月", {"completed_date_without_day"}),
        ("2021年3月", {"completed_date_without_day", "diagnosis_after_index"}),
    ):
        tables = {"patients": [{**plain, "DIAGDT": diagnosis}]}
        assert _rules(queries_of(tables, calendar=True)) == asked


@given(given_tables())
@hypothesis_settings(max_examples=40, deadline=None, phases=[Phase.generate])
def test_no_rows_however_odd_break_a_check(tables):
    made = courses(tables)
    known = run.settings_of(_every_table())
    for check, function in {**PATIENT_CHECKS, **COHORT_CHECKS}.items():
        for part in made if check in PATIENT_CHECKS else [made]:
            for finding in function(part, known):
                message = DECLARED[check]["message"]
                message.format(**{**known.limits, **finding.fields})
                assert finding.column in names(TABLES[finding.table])
                if "dates" in DECLARED[check]:
                    assert finding.fields["days"] >= 0 or check == "index_not_first_cycle"


def test_no_check_corrects_a_value():
    tables = _with_me({"patients": [{"SURVSTAT": "ALIVE", "DTHDT": 100, "KARYO": "46,XX[20]"}]})
    study = _study(tables)
    patient = clean(_cells(tables), settings(study, "clean"))["patients"].iloc[0]
    assert (patient["SURVSTAT"], patient["DTHDY"], patient["KARYO"]) == ("ALIVE", 100, "46,XX[20]")


def test_a_lost_leading_zero_is_recognised():
    tables = {"patients": [{"ID": "007"}], "labs": [{"ID": "7", "LBTESTCD": "K", "LBSTRESN": 4}]}
    message = queries_of(tables)["MESSAGE"].iloc[0]
    assert message == "The patient is not in the patients' sheet; is it 007?"


def test_the_page_of_checks_is_fresh():
    made = (ROOT / PAGE).read_text(encoding="utf-8")
    assert made == page(ROOT), "run: python -m tests.clean.make_checks_docs"
