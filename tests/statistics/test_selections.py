"""Whose rows each number was computed from, as the statistics say it, on a cohort of five."""

import pytest

from tests.statistics.made_up import answers, make_tables, times
from venaza.contracts.selections import by_number, rows_of
from venaza.pipeline.statistics import results

#: P001 to P003 are ND. P003 and P005 have no SEX; P002 dies on day 30, P004 on day 31.
PATIENTS = [
    {"GROUP": "ND", "SEX": "M", "DTHFL": "N", "ENDDY": 90, "TRTEDY": 10},
    {"GROUP": "ND", "SEX": "F", "DTHFL": "Y", "ENDDY": 30, "TRTEDY": 10},
    {"GROUP": "ND", "DTHFL": "N", "ENDDY": 20},
    {"GROUP": "RR", "SEX": "M", "DTHFL": "Y", "ENDDY": 31, "SAFFL": "N"},
    {"GROUP": "RR", "DTHFL": "N", "ENDDY": 80, "TRTEDY": 10},
]
FAILED = {"FAILFL": "Y", "PFTRTFL": "N"}
KINDS = {0: "refractory", 1: None, 3: "relapse"}

#: Number -> the patients of its rows (of a line without a row in brackets).
EXPECTED = """
n.ITT.ND                     P001 P002 P003
n.SAF.RR                     P005
n.NODOSE.all                 P003
desc.SEX.ND.M.n              P001
desc.SEX.ND.M.percent        P001 P002 P003
desc.SEX.all.missing.n       P003 P005
early.ND.d30.n               P002
early.RR.d30.n
early.RR.d30.denominator     P004 P005
early.all.d31.n              P002 P004
failure.ND.any.n             P001 P002
failure.ND.refractory.n      P001
failure.ND.unknown.n         P002
failure.all.relapse.n        P004
km.OS.ND.median              P001 P002 P003
event.OS.ND.Death.n          P002
event.OS.RR.unspecified.n    P004
coxn.OS.SEX.M.n              P001 P004
cox.OS.SEX.events            P001 P002 P003 P004 P005
logrank.OS.p_value           P001 P002 P003 P004 P005
rate.ORR.ND.n                P001 P002 [P003]
rate_all.ORR.RR.percent      P004 [P005]
response.all.TTR.median      P001 P004
wilcoxon.TTR.n               P001 P004
bor.ND.CR.n                  P001 [P002] [P003]
ae.ND.total.any.n            P001 P001 P002
ae.all.total.g3.n            P001 P002
ae.all.T.any.n               P001 P002
ae.all.T.g3.n                P002
"""
LINES = [line.split() for line in EXPECTED.strip().splitlines()]


@pytest.fixture
def found(study):
    """The rows behind a number by its id."""
    failures = [{**FAILED, "FAILTYPE": KINDS[i]} if i in KINDS else {} for i in range(5)]
    people = [
        {"RESPFL": "Y", **own, **failed} for own, failed in zip(PATIENTS, failures, strict=True)
    ]
    ends = [(1, 90, 1), (2, 30, 0, "Death"), (3, 20, 1), (4, 31, 0, None), (5, 80, 1)]
    adrs = answers("ORR", {1: 1, 2: 0, 4: 1}) + answers("TTR", {1: 20, 4: 14})
    adrs += answers("BOR", {1: "CR"})
    event = {"TRTEMFL": "Y", "AEDECOD": "T"}
    adae = [
        {**event, "USUBJID": "P001", "AETOXGR": 2},
        {**event, "USUBJID": "P001", "AETOXGR": 3, "AEDECOD": "U"},
        {**event, "USUBJID": "P002", "AETOXGR": 3},
        {**event, "USUBJID": "P003", "AETOXGR": 5, "TRTEMFL": "N"},
        {**event, "USUBJID": "P004", "AETOXGR": 4},
    ]
    study["analysis"] |= {"table1": ["SEX"], "cox": {"OS": ["SEX"]}, "early_death_days": [30, 31]}
    tables = make_tables(people, times("OS", ends), adrs, adae)
    made = results(tables, study)
    known = {f"endpoints/{name}": table for name, table in tables.items()}
    known |= {f"statistics/{name}": table for name, table in made.items()}
    assert list(made["ard_selections"]["ard_id"]) == list(made["ard"]["ard_id"])
    chosen = by_number(known)
    return lambda ard_id: rows_of(chosen[ard_id], known)


@pytest.mark.parametrize(("ard_id", "patients"), [(line[0], line[1:]) for line in LINES])
def test_the_patients_of_a_number(found, ard_id, patients):
    rows = found(ard_id)
    without = rows["AVAL"].isna() & rows["AVALC"].isna() if "AVALC" in rows else [False] * len(rows)
    named = [f"[{p}]" if none else p for p, none in zip(rows["USUBJID"], without, strict=True)]
    assert named == patients


def test_numbers_with_the_same_rows_share_a_selection(study):
    tables = make_tables(PATIENTS, times("OS", [(1, 90, 1), (2, 30, 0)]))
    which = results(tables, study)["ard_selections"].set_index("ard_id")["SELECTION"]
    assert (
        which["km.OS.ND.median"] == which["km.OS.ND.m6.estimate"] == which["risk.OS.ND.m0.n_risk"]
    )
    assert which["km.OS.ND.median"] != which["km.OS.RR.median"]


def test_a_late_entry_is_shown_with_the_times_of_its_endpoint(study):
    rows = times("OS", [(1, 90, 1), (2, 30, 0)])
    assert "ENTRYDY" not in _columns(rows, study)
    assert "ENTRYDY" in _columns([rows[0] | {"ENTRYDY": 5}, rows[1]], study)


def _columns(rows: list[dict], study: dict) -> tuple[str, ...]:
    made = results(make_tables(PATIENTS, rows), study)
    chosen = by_number({f"statistics/{name}": table for name, table in made.items()})
    return chosen["km.OS.ND.median"].columns
