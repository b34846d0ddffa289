"""Landmarks: what comes after one changes nothing, and censoring is the definition's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.endpoints.test_properties import cohorts
from tests.spec.spec import ROOT, Case, study_of
from venaza.commands.examples import clean_tables
from venaza.pipeline.endpoints.build import derive
from venaza.preflight.load import _endpoints
from venaza.study.documents import read_yaml

LIBRARY = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
FAILED = ("No remission by the landmark", "Death before assessment")
LAST = 30


def times(rows: dict, definition: dict):
    """The EFS of each patient by a definition laid over one of the library's."""
    case = Case("landmark", "", given={k: [dict(r) for r in v] for k, v in rows.items()})
    study = study_of(case)
    study["endpoints"] = _endpoints({"EFS": definition}, LIBRARY, "test")
    made = derive(clean_tables(case, study), study)["adtte"]
    return made.set_index("USUBJID")[["AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"]]


def rule(draw) -> dict:
    """A landmark on day 30, or at the second cycle up to day 30."""
    mark = draw(
        st.sampled_from([{"days": LAST}, {"milestone": "SECOND_CYCLE", "at_most_days": LAST}])
    )
    dated = draw(st.sampled_from(["start", "documented"]))
    evaluable = draw(st.sampled_from(["start", "censors"]))
    return {
        **mark,
        "reached": "FIRST_REMISSION",
        "failure_dated": dated,
        "not_evaluable": evaluable,
    }


@st.composite
def pairs(draw):
    """A cohort, and the same with another course of each patient after the landmark.

    Whoever was followed to the landmark still is: known alive on its day, or dead after it.
    """
    rows, definition = draw(cohorts()), {"like": "EFS.eln2022", "landmark": rule(draw)}
    landmark = {
        p["USUBJID"]: _landmark(p["USUBJID"], rows, definition["landmark"])
        for p in rows["patients"]
    }
    days = {"responses": "RSDY", "therapies": "CMSTDY", "transplants": "TXDY", "mrd": "MRDDY"}
    later = {
        table: [r for r in rows[table] if r[day] <= landmark[r["USUBJID"]]]
        for table, day in days.items()
    }
    later["patients"] = []
    for own in rows["patients"]:
        name = own["USUBJID"]
        mark, own = landmark[name], dict(own)
        own_rows = [
            r[day] for table, day in days.items() for r in rows[table] if r["USUBJID"] == name
        ]
        died = own["DTHDY"]
        seen = max([own["LSTALVDY"], *own_rows]) if died == "" else died
        if seen > mark or (seen == mark and died == ""):
            death = draw(st.sampled_from(["", mark + 1, mark + 40]))
            own |= {"DTHDY": death, "LSTALVDY": mark + 60 if death == "" else death}
            for word in draw(st.lists(st.sampled_from(["CR", "NR", "RELAPSE"]), max_size=2)):
                row = {"RSDY": mark + draw(st.integers(1, 50)), "CYCLE": 3, "RSINV": word}
                later["responses"].append({"USUBJID": name, **row})
        later["patients"].append(own)
    return rows, later, definition


def _landmark(patient: str, rows: dict, rule: dict) -> int:
    if "days" in rule:
        return LAST
    own = [r for r in rows["patients"] if r["USUBJID"] == patient][0]
    end = LAST if own["DTHDY"] == "" else own["DTHDY"]
    seen = (r for r in rows["responses"] if r["USUBJID"] == patient and r["CYCLE"] >= 2)
    days = [r["RSDY"] for r in seen if r["RSINV"] not in ("", "NE")]
    return min([LAST, *(day for day in days if 0 < day <= end)])


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_what_comes_after_the_landmark_never_changes_who_failed_by_it(pair):
    rows, later, definition = pair
    failed = [
        found.loc[found["EVNTDESC"].isin(FAILED)]
        for found in (times(rows, definition), times(later, definition))
    ]
    assert sorted(failed[0].index) == sorted(failed[1].index)
    assert failed[0]["AVAL"].to_dict() == failed[1]["AVAL"].to_dict()


def one(censors: list[str], landmark: dict | None = None, **own) -> tuple:
    """AVAL and CNSR of a patient with no response on day 1, last seen on day 22."""
    rows = {"patients": [{"USUBJID": "p", "LSTALVDY": 22}]}
    rows["responses"] = [{"USUBJID": "p", "RSDY": 1, "CYCLE": 1, "RSINV": "NR"}]
    rows |= own
    definition = {"like": "EFS.landmark_end", "censors": censors}
    if landmark is not None:
        definition["landmark"] = LIBRARY["EFS"]["landmark_end"]["landmark"] | landmark
    found = times(rows, definition).loc["p"]
    return int(found["AVAL"]), int(found["CNSR"]), found["CNSDTDSC"]


@pytest.mark.parametrize(
    ("censors", "day"), [(["LAST_ALIVE"], 22), (["LAST_ASSESSMENT"], 1), (["INDEX"], 0)]
)
def test_who_was_not_followed_to_the_landmark_is_censored_as_the_definition_says(censors, day):
    assert one(censors) == (day, 1, "Landmark not reached")


def test_who_was_never_evaluable_is_censored_at_the_start_or_by_the_definition():
    unseen = {"patients": [{"USUBJID": "p", "LSTALVDY": 400}], "responses": []}
    assert one(["LAST_ALIVE"], **unseen) == (0, 1, "Not evaluable by the landmark")
    by_censors = {"not_evaluable": "censors"}
    assert one(["LAST_ALIVE"], by_censors, **unseen) == (400, 1, "Not evaluable by the landmark")
    short = {"patients": [{"USUBJID": "p", "LSTALVDY": 179}], "responses": []}
    assert one(["LAST_ALIVE"], by_censors, **short) == (179, 1, "Landmark not reached")


def test_a_failure_dated_at_the_landmark_needs_follow_up_to_it():
    """The next therapy decided, but nobody was there on the day on which the failure is dated."""
    therapies = [{"USUBJID": "p", "CMSTDY": 10, "CMTRT": "FLAG-IDA"}]
    for last, expected in ((179, (179, 1)), (180, (180, 0))):
        patients = [{"USUBJID": "p", "LSTALVDY": last}]
        assert one(["LAST_ALIVE"], patients=patients, therapies=therapies)[:2] == expected
    start = {"failure_dated": "start"}
    patients = [{"USUBJID": "p", "LSTALVDY": 22}]
    assert one(["LAST_ALIVE"], start, patients=patients, therapies=therapies)[:2] == (0, 0)
    assert one(["LAST_ALIVE"], start, patients=patients)[:2] == (22, 1)
