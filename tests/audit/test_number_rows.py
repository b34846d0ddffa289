"""Which rows a number was computed from, by the selections of the statistics, kind by kind."""

import pytest

from tests.audit.conftest import PATIENTS, make, stand_on
from venaza.pipeline.audit.trace.number_rows import NumberRows, rows_of_number
from venaza.pipeline.statistics import ard, selections
from venaza.study.groups import Group


@pytest.fixture
def behind(tables):
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
        SEX=["M", "F", None, "F"],
        DTHFL=died.map({True: "Y", False: "N"}),
    )

    def one(chosen, **about) -> NumberRows:
        given = {"analysis": "a", "method": "m", **about}
        (row,) = ard.rows("x", {"n": ard.count(1)}, rows=chosen, **given)
        tables.update(stand_on({"x.n": row["selection"]}))
        return rows_of_number("x.n", tables)

    return one


def patients(found) -> list[str]:
    return list(found.frame["USUBJID"])


SAFETY = {"population": "SAFFL"}


def test_an_endpoint_gives_its_rows_of_the_group(behind):
    found = behind(selections.times("OS", {}), group=Group("ND"))
    assert patients(found) == ["P 1", "P<2>"]
    assert list(found.frame["AVAL"]) == [100, 152]
    assert found.tables == ["endpoints/adtte", "endpoints/adsl"]
    assert (found.title, found.account) == ("Analysis rows", "2 rows of 2 patients")


def test_events_of_one_kind(behind):
    found = behind(selections.times("OS", {}, where=(("EVNTDESC", "=", "Death"),)))
    assert patients(found) == ["P 1", "患者-3"]
    assert found.account == "2 rows of 2 patients among 4"


def test_a_hazard_ratio_has_the_covariate_beside_the_times(behind):
    found = behind(selections.times("OS", {}, ["AGE"]))
    assert list(found.frame["AGE"]) == [60, 63, 61, 62]
    grouped = behind(selections.times("OS", {}, ["GROUP"]))
    assert list(grouped.frame.columns).count("GROUP") == 1


def test_late_entry_shows_where_somebody_of_the_endpoint_came_late(behind):
    assert "ENTRYDY" in behind(selections.times("OS", {"entered": {"OS"}})).frame
    assert "ENTRYDY" not in behind(selections.times("OS", {"entered": {"PFOS"}})).frame


def test_two_definitions_are_told_apart(behind):
    found = behind(selections.times("PFOS", {}, beside="OS"))
    assert sorted(found.frame["PARAMCD"]) == ["OS", "OS", "OS", "OS", "PFOS"]


def test_a_rate_gives_every_patient_of_its_denominator(behind):
    found = behind(selections.responses("ORR"), population="RESPFL")
    assert len(found.frame) == len(PATIENTS)
    assert found.frame["AVAL"].notna().sum() == 2


def test_a_rate_among_the_tested_and_a_time_give_those_who_have_it(behind):
    assert patients(behind(selections.responses("TTR", every=False))) == ["P 1"]
    tested = behind(selections.responses("ORR", every=False), population="RESPFL")
    assert len(tested.frame) == 2
    assert len(tested.members) == len(PATIENTS)


@pytest.mark.parametrize(
    ("term", "least", "expected"),
    [
        ("Anemia", 0, ["P 1", "P 1", "P<2>"]),
        ("Anemia", 3, ["P 1"]),
        ("Anemia", 2, ["P 1", "P 1", "P<2>"]),
        ("贫血", 0, ["患者-3"]),
        (None, 5, ["患者-3"]),
    ],
)
def test_adverse_events_of_the_term_and_grade(behind, term, least, expected):
    found = behind(selections.events(term, least), **SAFETY)
    assert patients(found) == expected
    assert found.account.endswith("among 4")


def test_a_population_or_a_category_gives_the_patients_who_are_counted(behind):
    found = behind(selections.patients("SEX", where=(("SEX", "=", "F"),)))
    assert patients(found) == ["P&4/%20", "P<2>"]
    assert (found.title, found.tables) == ("Patients", ["endpoints/adsl"])
    assert patients(behind(selections.patients("SEX", where=(("SEX", "none", ""),)))) == ["患者-3"]
    assert patients(behind(selections.patients("DTHFL"), population="DTHFL")) == ["P 1", "患者-3"]


def test_a_laboratory_grade_gives_the_worst_values_or_those_at_baseline(behind):
    found = behind(selections.values("ANC", "WORSTFL"), **SAFETY)
    assert (patients(found), list(found.frame["ATOXGR"])) == (["P 1", "P<2>"], [4, 0])
    assert found.tables == ["endpoints/adlb", "endpoints/adsl"]
    found = behind(selections.values("ANC", "ABLFL"), **SAFETY)
    assert (patients(found), list(found.frame["ATOXGR"])) == (["P 1"], [1])


def test_a_shift_has_the_baseline_of_those_without_a_later_value(behind):
    found = behind(selections.shifts("PLT"), **SAFETY)
    assert (patients(found), list(found.frame["WORSTFL"])) == (["P<2>"], ["Y"])


def test_tumour_lysis_gives_each_patient_with_the_reason(behind):
    found = behind(selections.lysis("howard", ["AEFL"]), **SAFETY)
    assert patients(found) == ["P 1", "P<2>"]
    assert set(found.frame["REASON"]) == {"howard"}
    assert "AEFL" in found.frame


def test_a_published_number_gives_ours(behind):
    found = behind(selections.ours("km.OS.ND"))
    assert list(found.frame["ard_id"]) == ["km.OS.ND.median"]
    assert (found.title, found.account) == ("Numbers of this study", "1 number")
    assert behind(selections.ours(None)).frame.empty


def test_a_number_of_others_has_no_patient_of_this_study(behind):
    found = behind(selections.none(["points.csv"]), population=None)
    assert (found.frame.empty, found.members) == (True, [])
    assert (found.title, found.account) == ("Published numbers", "0 numbers")
