"""Responses and measurable residual disease."""

from __future__ import annotations

from tests.clean.cases.case import CR, DEAD, Case, cycles, me, rows, seen
from tests.clean.cases.course import P2

CLEAR = {"RSDT": 30, "MBLAST": 2, "ANC": 2, "PLT": 130, "PBLAST": 0}
PARTIAL = [(30, "PR"), (90, "NR")]
COUNTS = {"MBLAST": 2, "ANC": 1.47, "PLT": 133, "PBLAST": 0}

RESPONSE = [
    Case(
        "remission_with_disease_elsewhere",
        rows("responses", {**CR, "EMD": "Y"}),
        rows("responses", {**CR, "EMD": "N"}),
    ),
    Case(
        "cr_without_recovery",
        rows("responses", {**CR, "ANC": 0.4}),
        rows("responses", {**CR, "ANC": 0.4, "RSMETH": "imaging"}),
    ),
    Case(
        "no_response_with_clear_marrow",
        rows("responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1, "MBLAST": 3}),
        rows(
            "responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1, "MBLAST": 3, "RSMETH": "imaging"}
        ),
    ),
    Case(
        "assessment_copied",
        rows("responses", {**CR, **COUNTS}, {**CR, **COUNTS, "RSDT": 60}),
        rows("responses", {**CR, **COUNTS}, {**CR, **COUNTS, "RSDT": 60, "ANC": 1.48}),
    ),
    Case(
        "assessment_copied",
        rows("responses", {**CR, **COUNTS}, {**CR, **COUNTS, "RSDT": 60}),
        rows("responses", {**CR, **COUNTS, "ANC": 2}, {**CR, **COUNTS, "RSDT": 60, "ANC": 2}),
    ),
    Case(
        "response_disagrees",
        rows("responses", {**CR, "MBLAST": 2, "PBLAST": 0, "ANC": 1.5, "PLT": 40}),
        rows("responses", {**CR, "MBLAST": 2, "PBLAST": 0, "ANC": 1.5, "PLT": 100}),
    ),
    Case(
        "response_disagrees",
        rows("responses", {"RSDT": 1, "RSINV": "RELAPSE", "MBLAST": 60}, {**CR, "CYCLE": 1}),
        rows("responses", {"RSDT": 0, "RSINV": "RELAPSE", "MBLAST": 60}, {**CR, "CYCLE": 1}),
        also=("relapse_without_remission",),
    ),
    Case(
        "relapse_without_remission",
        {
            "patients": [{}, P2],
            "responses": [{**CR, "ID": "p2"}, {"RSDT": 90, "RSINV": "RELAPSE"}],
        },
        {"patients": [{}, P2], "responses": [CR, {"RSDT": 90, "RSINV": "RELAPSE"}]},
    ),
    Case(
        "remission_with_blasts",
        rows("responses", {**CR, "MBLAST": 5}),
        rows("responses", {**CR, "MBLAST": 4.9}),
    ),
    Case(
        "remission_with_blasts",
        rows("responses", {"RSDT": 30, "RSINV": "MLFS", "PBLAST": 2}),
        rows("responses", {"RSDT": 30, "RSINV": "PR", "PBLAST": 2}),
    ),
    Case(
        "cr_without_recovery",
        rows("responses", {**CR, "PLT": 99}),
        rows("responses", {**CR, "PLT": 100}),
    ),
    Case(
        "cr_without_recovery",
        rows("responses", {**CR, "ANC": 0.9}),
        rows("responses", {"RSDT": 30, "RSINV": "CRi", "ANC": 0.9}),
    ),
    Case(
        "no_response_with_clear_marrow",
        rows("responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1, "MBLAST": 3}),
        rows("responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1, "MBLAST": 3, "EMD": "Y"}),
    ),
    Case(
        "best_response_after_later_therapy",
        {**seen((30, "NE"), (130, "CR")), "therapies": [{"CMSTDT": 80, "CMTRT": "FLAG-IDA"}]},
        {**seen((30, "CR"), (130, "CR")), "therapies": [{"CMSTDT": 80, "CMTRT": "FLAG-IDA"}]},
        also=("changed_without_failure",),
    ),
    Case(
        "best_response_after_later_therapy",
        {**seen((130, "CR")), "transplants": [{"TXDT": 100}]},
        {**seen((100, "CR")), "transplants": [{"TXDT": 100}]},
        also=("changed_without_failure",),
    ),
    Case(
        "lost_without_relapse",
        seen((30, "CR"), (90, "NR")),
        seen((30, "CR"), (90, "RELAPSE"), (120, "NR")),
    ),
    Case("lost_without_relapse", seen((30, "CRi"), (90, "PR")), seen((30, "PR"), (90, "CRi"))),
    Case(
        "blood_blasts_once",
        rows("responses", CLEAR, {**CLEAR, "RSDT": 60, "PBLAST": 1}),
        rows("responses", CLEAR, *({**CLEAR, "RSDT": d, "PBLAST": 1} for d in (60, 67))),
    ),
    Case(
        "blood_blasts_once",
        rows("responses", CLEAR, *({**CLEAR, "RSDT": d, "PBLAST": 1} for d in (60, 66))),
        rows("responses", CLEAR, {**CLEAR, "RSDT": 60, "PBLAST": 1, "MBLAST": 5}),
    ),
    Case(
        "no_response_without_cycle",
        seen((70, "NR")),
        {**seen((70, "NR")), **cycles((1, 0), (2, 28))},
    ),
    Case(
        "no_response_without_cycle",
        seen((70, "NR")),
        rows("responses", {"RSDT": 70, "RSINV": "REFRACTORY"}, {"RSDT": 90, "RSINV": "PD"}),
    ),
    Case(
        "partial_response_lost",
        rows("responses", *({"RSDT": d, "RSINV": w, "CYCLE": 1} for d, w in PARTIAL)),
        seen((30, "PR"), (90, "PD"), (120, "NR")),
    ),
    Case(
        "changed_without_failure",
        {**seen((90, "PR")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
        {**seen((40, "CR")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
    ),
    Case(
        "changed_without_failure",
        {**seen((30, "PR")), "transplants": [{"TXDT": 40}]},
        {**seen((30, "REFRACTORY")), "transplants": [{"TXDT": 40}]},
    ),
    Case(
        "changed_without_failure",
        {**seen((30, "PR")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
        {**seen((30, "PR"), (54, "PD")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
    ),
    Case(
        "changed_without_failure",
        {**seen((30, "PR"), (55, "PD")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
        {**seen((30, "CR")), "therapies": [{"CMSTDT": 40, "CMTRT": "FLAG-IDA"}]},
    ),
    Case("partial_without_remission", seen((30, "PR")), seen((30, "PR"), (60, "CR"))),
    Case("partial_without_remission", seen((30, "PR")), seen((30, "PR"), (60, "PD"))),
    Case(
        "both_counts_low",
        rows("responses", {**CLEAR, "ANC": 0.4, "PLT": 20}),
        rows("responses", {**CLEAR, "ANC": 0.4, "PLT": 100}),
    ),
    Case(
        "both_counts_low",
        rows("responses", {**CLEAR, "ANC": 0.4, "PLT": 20}),
        rows("responses", {**CLEAR, "ANC": 0.4, "PLT": 20, "RSINV": "MLFS"}),
    ),
    Case(
        "leukaemia_death_in_remission",
        seen((30, "CR"), **DEAD, DTHCAUS="AML"),
        seen((30, "CR"), **DEAD, DTHCAUS="sepsis"),
    ),
    Case(
        "leukaemia_death_in_remission",
        seen((30, "CR"), **DEAD, DTHCAUS="disease progression"),
        seen((30, "CR"), (90, "RELAPSE"), **DEAD, DTHCAUS="disease progression"),
    ),
    Case(
        "leukaemia_death_in_remission",
        seen((30, "CR"), **DEAD, DTHCAUS="disease progression"),
        seen((30, "CR"), **DEAD, DTHCAUS="infection"),
    ),
    Case(
        "remission_after_relapse",
        {**seen((30, "CR"), (90, "RELAPSE"), (150, "CR")), "therapies": []},
        {
            **seen((30, "CR"), (90, "RELAPSE"), (150, "CR")),
            "therapies": [{"CMSTDT": 95, "CMTRT": "FLAG-IDA"}],
        },
    ),
    Case("two_responses_on_a_day", seen((30, "CR"), (30, "CRi")), seen((30, "CR"), (30, "NE"))),
    Case(
        "response_cycle_backwards",
        rows("responses", {**CR, "CYCLE": 2}, {"RSDT": 60, "RSINV": "CR", "CYCLE": 1}),
        rows("responses", {**CR, "CYCLE": 2}, {"RSDT": 60, "RSINV": "CR", "CYCLE": 2}),
    ),
    Case(
        "response_cycle_not_given",
        {**cycles((1, 0), (2, 31)), "responses": [{**CR, "CYCLE": 2}]},
        {**cycles((1, 0), (2, 28)), "responses": [{**CR, "CYCLE": 2}]},
    ),
    Case("never_assessed", {"responses": []}, {"responses": [], **me(LSTALVDT=90)}),
    Case(
        "never_assessed",
        {"responses": []},
        {"responses": [], **me(SURVSTAT="DEAD", DTHDT=40, LSTALVDT=40)},
    ),
]


def mrd(*samples: dict, responses=((30, "CR"),), **own) -> dict:
    rows = [{"MRDDT": 30, "MRDMETH": "flow", "MRDMAT": "BM", **sample} for sample in samples]
    return {**seen(*responses, **own), "mrd": rows}


MRD = [
    Case(
        "mrd_word_against_value",
        mrd({"MRDVAL": 0.5, "MRDRES": "NEGATIVE"}),
        mrd({"MRDVAL": 0.05, "MRDRES": "NEGATIVE"}),
    ),
    Case(
        "mrd_word_against_value",
        mrd({"MRDVAL": "<0.01", "MRDRES": "POSITIVE"}),
        mrd({"MRDVAL": "0.01", "MRDRES": "POSITIVE"}),
    ),
    Case(
        "mrd_word_against_value",
        mrd({"MRDVAL": ">0.1", "MRDRES": "NEGATIVE"}),
        mrd({"MRDVAL": ">0.1", "MRDRES": "POSITIVE"}),
    ),
    Case(
        "mrd_word_against_value",
        mrd({"MRDVAL": 0, "MRDRES": "POSITIVE"}),
        mrd({"MRDVAL": 0, "MRDRES": "NEGATIVE"}),
    ),
    Case("mrd_limit_too_coarse", mrd({"MRDVAL": "<1"}), mrd({"MRDVAL": "<0.1"})),
    Case("mrd_limit_too_coarse", mrd({"MRDVAL": ">0.01"}), mrd({"MRDVAL": ">0.1"})),
    Case(
        "mrd_limit_too_coarse",
        mrd({"MRDRES": "NEGATIVE", "MRDLOD": 0.2}),
        mrd({"MRDRES": "NEGATIVE", "MRDLOD": 0.1}),
    ),
    Case(
        "mrd_limit_too_coarse",
        mrd({"MRDVAL": 0.05, "MRDLOD": 0.2}),
        mrd({"MRDVAL": 0.3, "MRDLOD": 0.2}),
    ),
    Case(
        "mrd_of_other_material",
        mrd({"MRDVAL": 0.5, "MRDMAT": "CSF"}),
        mrd({"MRDVAL": 0.5, "MRDMAT": "blood"}),
    ),
    Case(
        "mrd_without_method",
        mrd({"MRDVAL": 0.01}, {"MRDDT": 60, "MRDVAL": 0.01, "MRDMETH": None}),
        mrd({"MRDVAL": 0.01}, {"MRDDT": 60, "MRDVAL": None, "MRDMETH": None}),
    ),
    Case("mrd_high_in_remission", mrd({"MRDVAL": 5}), mrd({"MRDVAL": 4.9})),
    Case("mrd_high_in_remission", mrd({"MRDVAL": 20}), mrd({"MRDVAL": 20}, responses=[(30, "NR")])),
    Case(
        "mrd_negative_without_remission",
        mrd({"MRDVAL": 0.01}, responses=[(20, "NR")]),
        mrd({"MRDVAL": 0.01}, responses=[(15, "NR")]),
        also=("no_response_without_cycle",),
    ),
    Case(
        "mrd_negative_without_remission",
        mrd({"MRDRES": "NEGATIVE"}, responses=[(30, "PR")]),
        mrd({"MRDRES": "NEGATIVE"}, responses=[(30, "MLFS")]),
        also=("partial_without_remission",),
    ),
    Case(
        "mrd_twice",
        mrd({"MRDVAL": 0.01}, {"MRDVAL": 0.2}),
        mrd({"MRDVAL": 0.01}, {"MRDVAL": 0.2, "MRDMETH": "NGS"}),
    ),
]
