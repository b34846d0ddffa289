"""What a time line shows of a patient: kinds, days, words, and the row each fact came from."""

from __future__ import annotations

import pandas as pd

from tests.audit.conftest import make
from venaza.pipeline.audit.page.timeline_events import courses

P = "P 1"
STUDY = {"failure": {"supportive": ["hydroxyurea"]}}


def course(tables, **more):
    """The facts of the patient with the tables of ``more``, as (kind, day, mark, words)."""
    frame = courses({**tables, **more}, STUDY)
    own = frame[frame["USUBJID"] == P]
    return [(r["KIND"], r["ADY"], r["MARK"], r["SAID"]) for r in own.to_dict("records")]


def test_milestones_have_their_own_marks_and_the_rest_only_words(tables):
    rows = [
        {"USUBJID": P, "MILESTONE": m, "DESCRIPTION": d, "ADY": day, "SRCDOM": "patients"}
        for m, d, day in [("DIAGNOSIS", "Diagnosis", -7), ("FAILURE", "Relapse", 90),
                          ("FIRST_REMISSION", "First remission", 30), ("DEATH", "Death", 100)]
    ]  # fmt: skip
    assert course(tables, **{"endpoints/milestones": make("endpoints/milestones", rows)}) == [
        ("diagnosis", -7, "", "Diagnosis"),
        ("milestone", 30, "", "First remission"),
        ("failure", 90, "", "Relapse"),
        ("death", 100, "", "Death"),
    ]


def test_cycles_therapies_and_transplants_are_drawn_from_their_tables(tables):
    more = {
        "clean/cycles": make("clean/cycles", [
            {"USUBJID": P, "SEQ": 1, "CYCLE": 2, "EXSTDY": 28, "EXENDY": 55},
            {"USUBJID": P, "SEQ": 2, "CYCLE": 3},
        ]),
        "clean/therapies": make("clean/therapies", [
            {"USUBJID": P, "SEQ": 4, "CMSTDY": 120, "CMTRT": "FLAG-IDA", "CMRESP": "NR"},
            {"USUBJID": P, "SEQ": 5, "CMSTDY": 140, "CMTRT": "hydroxyurea"},
        ]),
        "clean/transplants": make("clean/transplants", [
            {"USUBJID": P, "SEQ": 1, "TXDY": 150, "TXTYPE": "allogeneic"},
        ]),
        "endpoints/milestones": make("endpoints/milestones", []),
    }  # fmt: skip
    assert course(tables, **more) == [
        ("cycle", 28, "2", "Cycle 2"),
        ("therapy", 120, "FLAG-IDA", "Next therapy: FLAG-IDA, response NR"),
        ("therapy", 140, "hydroxyurea", "Supportive care: hydroxyurea"),
        ("transplant", 150, "", "Transplant (allogeneic)"),
    ]
    frame = courses({**tables, **more}, STUDY)
    first = frame[frame["KIND"] == "cycle"].to_dict("records")[0]
    assert (first["ENDY"], first["SRCDOM"], first["SRCVAR"], first["SRCSEQ"]) == (
        *(55, "cycles", "EXSTDT", 1),
    )


def test_a_response_says_whose_word_it_is(tables):
    rows = [{"USUBJID": P, "SEQ": 1, "ADY": 29, "RSINV": "CR", "RSDRV": "CRi", "RESPONSE": "CRi"}]
    frame = pd.DataFrame(rows)
    more = {
        "endpoints/assessments": frame,
        "endpoints/milestones": make("endpoints/milestones", []),
    }
    assert course(tables, **more) == [
        ("response", 29, "CRi", "Response CRi (investigator CR, derived CRi)")
    ]


def test_the_mrd_sample_that_adrs_counts_as_negative_is_marked(tables):
    samples = [
        {"USUBJID": P, "SEQ": 1, "MRDDY": 30, "MRDVAL": 0.5, "MRDOP": "=", "MRDMETH": "flow"},
        {"USUBJID": P, "SEQ": 2, "MRDDY": 60, "MRDVAL": 0.01, "MRDOP": "<"},
        {"USUBJID": P, "SEQ": 3, "MRDDY": 90},
    ]
    counted = [{"USUBJID": P, "PARAMCD": "MRDNEG", "AVALC": "Y", "SRCDOM": "mrd", "SRCSEQ": 2}]
    more = {
        "clean/mrd": make("clean/mrd", samples),
        "endpoints/adrs": make("endpoints/adrs", counted),
        "endpoints/milestones": make("endpoints/milestones", []),
    }
    assert course(tables, **more) == [
        ("mrd", 30, "0.5%", "MRD 0.5% (flow)"),
        ("mrd_negative", 60, "<0.01%", "MRD <0.01%, counts as MRD negative"),
    ]
