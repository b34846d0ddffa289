"""Which rows a number was computed from, kind by kind."""

import pandas as pd
import pytest

from tests.audit.conftest import PATIENTS, make
from venaza.audit.behind import rows_behind


@pytest.fixture
def behind(tables, study):
    tables["endpoints/adrs"] = make(
        "endpoints/adrs",
        [
            {"USUBJID": "P 1", "PARAMCD": "ORR", "AVALC": "Y", "AVAL": 1.0},
            {"USUBJID": "P<2>", "PARAMCD": "ORR", "AVALC": "N", "AVAL": 0.0},
            {"USUBJID": "P 1", "PARAMCD": "TTR", "AVAL": 20.0},
        ],
    )
    event = {"TRTEMFL": "Y", "AEDECOD": "Anemia", "AETERM": "贫血"}
    tables["endpoints/adae"] = make(
        "endpoints/adae",
        [
            {**event, "USUBJID": "P 1", "AETOXGR": 3},
            {**event, "USUBJID": "P 1", "AETOXGR": 2},
            {**event, "USUBJID": "P<2>", "AETOXGR": 2},
            {**event, "USUBJID": "P<2>", "AETOXGR": 4, "TRTEMFL": "N"},
            {**event, "USUBJID": "患者-3", "AETOXGR": 5, "AEDECOD": None},
        ],
    )
    value = {"PARAMCD": "ANC", "SRCDOM": "labs", "SRCVAR": "LBSTRESN", "SRCSEQ": 1}
    tables["endpoints/adlb"] = make(
        "endpoints/adlb",
        [
            {**value, "USUBJID": "P 1", "ABLFL": "Y", "ATOXGR": 1},
            {**value, "USUBJID": "P 1", "WORSTFL": "Y", "ATOXGR": 4},
            {**value, "USUBJID": "P 1", "ATOXGR": 2},
            {**value, "USUBJID": "P<2>", "WORSTFL": "Y", "ATOXGR": 0},
            {**value, "USUBJID": "P<2>", "WORSTFL": "Y", "ATOXGR": 3, "PARAMCD": "PLT"},
        ],
    )
    tables["endpoints/tls"] = make(
        "endpoints/tls",
        [
            {"USUBJID": patient, "DEFN": name, "LTLS": "N", "REASON": name}
            for patient in ("P 1", "P<2>")
            for name in ("howard", "cairo_bishop")
        ],
    )
    adsl = tables["endpoints/adsl"]
    died = adsl["DTHFL"] == "Y"
    tables["endpoints/adsl"] = adsl.assign(
        SAFFL="Y",
        ENDDY=[100, 152, 150, 154],
        FAILFL=["Y", "N", "Y", "N"],
        FAILTYPE=["relapse", None, "refractory", None],
        SEX=["M", "F", None, "F"],
        DTHFL=died.map({True: "Y", False: "N"}),
    )

    def one(ard_id, **row) -> pd.DataFrame:
        base = {"ard_id": ard_id, "population": "ITTFL", "group": None, "term": None, "time": None}
        return rows_behind({**base, "statistic": "n", "endpoint": None, **row}, tables, study)

    return one


def patients(found) -> list[str]:
    return list(found.frame["USUBJID"])


def test_an_endpoint_gives_its_rows_of_the_group(behind):
    found = behind("km.OS.ND.n", analysis="kaplan_meier", endpoint="OS", group="ND")
    assert patients(found) == ["P 1", "P<2>"]
    assert list(found.frame["AVAL"]) == [100, 152]
    assert found.tables == ["endpoints/adtte", "endpoints/adsl"]


def test_events_of_one_kind(behind):
    found = behind("event.OS.all.Death.n", analysis="events", endpoint="OS", term="Death")
    assert patients(found) == ["P 1", "患者-3"]


def test_a_hazard_ratio_has_the_covariate_beside_the_times(behind):
    found = behind("cox.OS.AGE.hazard_ratio", analysis="cox", endpoint="OS", term="AGE")
    assert list(found.frame["AGE"]) == [60, 63, 61, 62]
    grouped = behind("cox.OS.GROUP.RR.lower", analysis="cox", endpoint="OS", term="RR")
    assert list(grouped.frame.columns).count("GROUP") == 1


def test_a_rate_gives_every_patient_of_its_denominator(behind):
    found = behind("rate.ORR.all.n", analysis="response_rate", endpoint="ORR", population="RESPFL")
    assert len(found.frame) == len(PATIENTS)
    assert found.frame["AVAL"].notna().sum() == 2


def test_a_time_to_response_gives_the_responders(behind):
    found = behind("response.all.TTR.median", analysis="response_time", endpoint="TTR")
    assert patients(found) == ["P 1"]


@pytest.mark.parametrize(
    ("key", "term", "expected"),
    [
        ("ae.all.Anemia.any.n", "Anemia", ["P 1", "P 1", "P<2>"]),
        ("ae.all.Anemia.g3.n", "Anemia", ["P 1"]),
        ("ae.all.total.g5.n", None, ["患者-3"]),
    ],
)
def test_adverse_events_of_the_term_and_grade(behind, key, term, expected):
    found = behind(key, analysis="adverse_events", endpoint="ADAE", population="SAFFL", term=term)
    assert patients(found) == expected
    assert found.account.endswith("among 4")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"endpoint": "SEX", "term": "F", "analysis": "descriptive"}, ["P&4/%20", "P<2>"]),
        ({"endpoint": "SEX", "term": "missing", "analysis": "descriptive"}, ["患者-3"]),
        (
            {"endpoint": "DTHFL", "analysis": "early_mortality", "time": 120.0},
            ["P 1"],
        ),
        (
            {
                **{"endpoint": "FAILFL", "population": "FAILFL", "term": "relapse"},
                "analysis": "failure",
            },
            ["P 1"],
        ),
        ({"endpoint": "DTHFL", "population": "DTHFL", "analysis": "population"}, ["P 1", "患者-3"]),
    ],
)
def test_counts_give_the_patients_who_are_counted(behind, row, expected):
    assert patients(behind("x.y.n", **row)) == expected


def test_a_laboratory_grade_gives_the_worst_values_or_those_at_baseline(behind):
    asked = {"analysis": "laboratory", "endpoint": "ADLB", "population": "SAFFL"}
    found = behind("lab.all.ANC.g3.n", **asked)
    assert (patients(found), list(found.frame["ATOXGR"])) == (["P 1", "P<2>"], [4, 0])
    assert found.tables == ["endpoints/adlb", "endpoints/adsl"]
    found = behind("lab.all.ANC.g3_baseline.n", **asked)
    assert (patients(found), list(found.frame["ATOXGR"])) == (["P 1"], [1])


def test_tumour_lysis_gives_each_patient_with_the_reason(behind):
    asked = {"analysis": "tumour_lysis", "endpoint": "TLS", "population": "SAFFL"}
    for key in ("howard", "howard_clinical", "cairo_bishop_clinical"):
        found = behind(f"tls.all.{key}.n", **asked)
        assert patients(found) == ["P 1", "P<2>"]
        assert set(found.frame["REASON"]) == {key.removesuffix("_clinical")}


def test_a_published_number_gives_ours(behind, study):
    study["published"] = {"numbers": {"os_median": "km.OS.{group}.median"}}
    found = behind("published.ND.os_median.agrees", analysis="published", endpoint="os_median")
    assert list(found.frame["ard_id"]) == ["km.OS.ND.median"]
    other = behind("published.ND.orr.agrees", analysis="published", endpoint="orr")
    assert other.frame.empty


def test_a_shift_has_the_baseline_of_those_without_a_later_value(behind):
    asked = {"analysis": "laboratory_shift", "endpoint": "ADLB", "population": "SAFFL"}
    found = behind("shift.all.PLT.b0.w3.n", **asked)
    assert (patients(found), list(found.frame["WORSTFL"])) == (["P<2>"], ["Y"])


def test_a_rate_among_the_tested_gives_those_tested(behind):
    asked = {"analysis": "response_rate", "endpoint": "ORR", "population": "RESPFL"}
    assert len(behind("rate_tested.ORR.all.n", **asked).frame) == 2
    assert len(behind("rate.ORR.all.n", **asked).members) == len(PATIENTS)


def test_a_number_of_others_has_no_patient_of_this_study(behind):
    found = behind("reconstructed.OS.other.median", analysis="reconstructed", endpoint="OS")
    assert (found.frame.empty, found.members) == (True, [])
