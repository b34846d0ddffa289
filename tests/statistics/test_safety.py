"""Adverse events: worst grade per patient and term, by hand."""

import pytest

from tests.statistics.made_up import make_tables, printed
from venaza.pipeline.statistics import safety

PATIENTS = [{"GROUP": "ND"}, {"GROUP": "ND"}, {"GROUP": "RR"}, {"GROUP": "RR", "SAFFL": "N"}]


def event(patient, term, grade, emergent="Y", recorded=None):
    return {
        "USUBJID": f"P{patient:03d}",
        "AEDECOD": term,
        "AETERM": recorded,
        "AETOXGR": grade,
        "TRTEMFL": emergent,
    }


EVENTS = [
    event(1, "Anaemia", 2),
    event(1, "Anaemia", 4),
    event(2, "Anaemia", 1),
    event(1, "Sepsis", 5),
    event(2, "Nausea", None),
    event(2, "Fatigue", 3, emergent="N"),
    event(3, None, 3, recorded="odd pain"),
    event(4, "Sepsis", 5),
]


def rows(study):
    tables = make_tables(PATIENTS, adae=EVENTS)
    return list(safety.adverse_events(tables["adsl"], tables["adae"], study))


def test_worst_grade_once_per_patient(study):
    found = printed(rows(study))
    assert found["ae.ND.Anaemia.any.n"] == "2"
    assert (found["ae.ND.Anaemia.g3.n"], found["ae.ND.Anaemia.g3.percent"]) == ("1", "50.0")
    assert (found["ae.ND.Nausea.any.n"], found["ae.ND.Nausea.g3.n"]) == ("1", "0")
    assert found["ae.RR.odd_pain.g3.n"] == "1"
    assert not any("Fatigue" in key for key in found)


def test_totals_of_the_safety_population(study):
    found = printed(rows(study))
    totals = [found[f"ae.all.total.{part}.n"] for part in ("any", "g3", "g5")]
    assert totals == ["3", "2", "1"]
    assert found["ae.all.total.any.percent"] == "100.0"
    assert found["ae.RR.total.g5.n"] == "0"


def test_commonest_first_then_by_name(study):
    terms = list(dict.fromkeys(row["term"] for row in rows(study) if row["term"]))
    assert terms == ["Anaemia", "Nausea", "Sepsis", "odd pain"]
    study["analysis"]["adverse_event_min_patients"] = 2
    assert {row["term"] for row in rows(study)} == {None, "Anaemia"}


def test_a_group_without_safety_patients(study):
    tables = make_tables([{"GROUP": "ND"}], adae=[event(1, "Anaemia", 3)])
    by_key = {
        row["ard_id"]: row for row in safety.adverse_events(tables["adsl"], tables["adae"], study)
    }
    assert by_key["ae.RR.Anaemia.any.percent"]["reason"] == "no patient"


def test_without_records_nothing_is_said(study):
    tables = make_tables(PATIENTS)
    assert not list(safety.adverse_events(tables["adsl"], tables["adae"], study))


@pytest.mark.parametrize(("grade", "shown"), [(2, "0"), (3, "1"), (4, "1"), (5, "1")])
def test_grade_three_is_severe(study, grade, shown):
    tables = make_tables([{"GROUP": "ND"}], adae=[event(1, "Rash", grade)])
    found = printed(safety.adverse_events(tables["adsl"], tables["adae"], study))
    assert found["ae.ND.Rash.g3.n"] == shown
