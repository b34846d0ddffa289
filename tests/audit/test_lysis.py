"""The cells behind tumour lysis: the value that completed it, or all those that exclude it."""

from __future__ import annotations

import pytest

from tests.audit.conftest import make, numbered, origin, place, raw_cells
from venaza.pipeline.audit.trace.analysis_cells import AnalysisCells

RULE = {"days": [-3, 7]}
SPEC = {
    "tests": {"K": {}, "UA": {}},
    "baseline_from": -28,
    "recorded": ["Tumor lysis syndrome"],
    "definitions": {"howard": RULE, "cairo_bishop": {**RULE, "change_percent": 25}},
}
#: Day and test of each value of the patient: each bound of the days from both sides.
VALUES = [
    *((-29, "K"), (-28, "K"), (-4, "UA"), (-3, "UA")),
    *((0, "K"), (2, "HGB"), (7, "K"), (8, "K"), (None, "K")),
]
ROW = {"USUBJID": "P 1", "ADY": None, "SRCDOM": None, "SRCVAR": None, "SRCSEQ": None}


@pytest.fixture
def raw(tables, study) -> AnalysisCells:
    columns = {name: {"from": name} for name in ("LBTESTCD", "LBDT", "LBSTRESN")}
    event = {name: {"from": name} for name in ("AETERM", "AETOXGR", "AESTDT")}
    study["tables"] |= {
        "labs": {"records": [{"columns": columns}]},
        "adverse_events": {"records": [{"columns": event}]},
    }
    study["tls"] = SPEC
    labs, cells = [], []
    for n, (day, test) in enumerate(VALUES, 1):
        at = {"USUBJID": "P 1", "SEQ": n, "LBDY": day, "LBTESTCD": test, "LBSTRESN": 1.0}
        labs.append({**at, **place(n + 1, "labs")})
        said = {"LBTESTCD": test, "LBDT": f"day {day}", "LBSTRESN": f"value {n}"}
        cells += raw_cells(n + 1, "labs", **said)
    events = [(1, "Tumor lysis syndrome"), (2, "Nausea")]
    clean, found = [], []
    for seq, term in events:
        clean.append({"USUBJID": "P 1", "SEQ": seq, "AETERM": term, **place(seq + 1, "ae")})
        found.append({"USUBJID": "P 1", "AESEQ": seq, "AEDECOD": term})
        said = raw_cells(seq + 1, "ae", AETERM=term, AETOXGR="3", AESTDT="day 1")
        cells += said
    tables["clean/labs"] = make("clean/labs", labs)
    tables["clean/adverse_events"] = make("clean/adverse_events", clean)
    tables["endpoints/adae"] = make("endpoints/adae", found)
    cells = numbered(cells)
    tables["intake/cells"] = make("intake/cells", cells)
    tables["clean/origins"] = make("clean/origins", [
        origin([c for c in cells if c["SRCSHEET"] == sheet], (table, "P 1", n, name), name, n + 1)
        for table, sheet, names, count in (
            ("labs", "labs", columns, len(VALUES)),
            ("adverse_events", "ae", event, len(events)),
        )
        for n in range(1, count + 1)
        for name in names
    ])  # fmt: skip
    return AnalysisCells(tables, study)


def texts(cells: list[dict], column: str = "LBSTRESN") -> list[str]:
    return [cell["RAW"] for cell in cells if cell["SRCVAR"] == column]


@pytest.mark.parametrize(
    ("definition", "values"),
    [("howard", [4, 5, 7]), ("cairo_bishop", [2, 3, 4, 5, 7])],
)
def test_no_lysis_rests_on_the_values_of_its_tests_in_its_days(raw, definition, values):
    """A change from baseline is judged from the days of the baseline on; the ends count."""
    found = raw.of_lysis(ROW, definition)
    assert texts(found) == [f"value {n}" for n in values]
    assert texts(found, "LBTESTCD") == [VALUES[n - 1][1] for n in values]
    assert {cell["of"] for cell in found} == {"LTLS"}


def test_lysis_rests_on_the_value_that_completed_it(raw):
    row = {**ROW, "ADY": 0, "SRCDOM": "labs", "SRCVAR": "LBSTRESN", "SRCSEQ": 5}
    assert texts(raw.of_lysis(row, "howard")) == ["value 5"]


def test_a_recorded_syndrome_leads_to_its_adverse_event_where_the_row_says_it(raw):
    assert texts(raw.of_lysis(ROW, "howard"), "AETERM") == []
    found = raw.of_lysis({**ROW, "AEFL": "Y"}, "howard")
    assert texts(found, "AETERM") == ["Tumor lysis syndrome"]
