"""The person, the dates, life and death, and one person under two numbers."""

from __future__ import annotations

from tests.clean.cases.case import DEAD, ROOT, Case, cycles, event, me, rows, seen
from venaza.study.documents import read_yaml

P2 = {"ID": "p2", "AGE": 61}
RESPONSE = read_yaml(ROOT / "config/defaults.yaml", "config/defaults.yaml")["response"]


def _many(n: int, last: int, first: int = 1, dead: int = 0) -> dict:
    """So many patients followed for so many days, the last ``dead`` of them to their death."""
    alive = {"SURVSTAT": "ALIVE", "LSTALVDT": last}
    died = {"SURVSTAT": "DEAD", "LSTALVDT": last, "DTHDT": last}
    return {
        "patients": [
            {"ID": f"p{first + k}", "AGE": 40 + first + k, **(died if k >= n - dead else alive)}
            for k in range(n)
        ]
    }


PERSON = [
    Case("age_outside_study", me(AGE=17), me(AGE=18)),
    Case("sex_against_karyotype", me(KARYO="46,XX[20]"), me(KARYO="46,XY[20]")),
    Case("sex_against_karyotype", me(SEX="F", KARYO="45,X,-Y[20]"), me(KARYO="45,X,-Y[20]")),
    Case(
        "sex_against_karyotype",
        me(SEX="F", KARYO="46,XY,del(5)(q13q33)[12]/46,XY[8]"),
        me(SEX="F", KARYO="46,XY[3]//46,XX[17]"),
    ),
    Case("newly_diagnosed_with_prior_lines", me(PRIORLN=1), me(PRIORLN=0)),
    Case(
        "newly_diagnosed_with_prior_lines",
        me(PRIORLN=2, PRIORHMA="Y", DISTYPE="secondary"),
        me(PRIORLN=1, PRIORHMA="Y", DISTYPE="secondary"),
    ),
    Case(
        "relapsed_without_prior_lines",
        me(DISSTAT="RR", PRIORLN=0, DIAGDT=-300),
        me(DISSTAT="RR", PRIORLN=1, DIAGDT=-300),
    ),
    Case("relapsed_at_diagnosis", me(DISSTAT="RR", DIAGDT=-13), me(DISSTAT="RR", DIAGDT=-14)),
    Case(
        "de_novo_after_hma",
        me(DISTYPE="de novo", PRIORHMA="Y"),
        me(DISTYPE="secondary", PRIORHMA="Y"),
    ),
]

DATES = [
    Case("nobody_died", _many(20, 90), _many(19, 90)),
    Case(
        "nobody_died",
        _many(20, 90),
        {"patients": _many(19, 90)["patients"] + _many(1, 89, 40)["patients"]},
    ),
    Case("nobody_died", _many(20, 90), _many(20, 90, dead=1)),
    Case("no_index_date", me(INDEXDT=None), me(INDEXDT=0)),
    Case("diagnosis_after_index", me(DIAGDT=1), me(DIAGDT=0)),
    Case("long_untreated", me(DIAGDT=-91), me(DIAGDT=-90)),
    Case("long_untreated", me(DIAGDT=-400), me(DIAGDT=-400, DISSTAT="RR")),
    Case("cycle_before_diagnosis", cycles((1, 0), (2, -40)), cycles((1, -10), (2, 28))),
    Case(
        "end_before_start",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": -1}),
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 0}),
    ),
    Case("end_before_start", event("nausea", 2, 20, 19), event("nausea", 2, 20, 20)),
    Case("response_before_treatment", seen((0, "CR")), seen((1, "CR"))),
    Case("response_before_treatment", seen((-5, "PR")), seen((-5, "NR"))),
    Case(
        "response_before_treatment",
        seen((0, "PR")),
        seen((0, "CRi")),
        study={"response": {**RESPONSE, "baseline_remission": True}},
    ),
    Case("disease_before_treatment", seen((0, "RELAPSE"), (30, "CR")), seen((1, "RELAPSE"))),
    Case("disease_before_treatment", seen((-3, "PD"), (30, "CR")), seen((1, "PD"))),
    Case(
        "later_therapy_before_treatment",
        rows("therapies", {"CMSTDT": 0, "CMTRT": "LDAC"}),
        rows("therapies", {"CMSTDT": 1, "CMTRT": "LDAC"}),
    ),
    Case(
        "transplant_before_treatment",
        rows("transplants", {"TXDT": -100}),
        rows("transplants", {"TXDT": -100}, DISSTAT="RR", DIAGDT=-300),
    ),
    Case("stop_before_first_dose", me(STOPDT=-1), me(STOPDT=0)),
    Case(
        "cycle_after_stop", cycles((1, 0), (2, 28), STOPDT=27), cycles((1, 0), (2, 28), STOPDT=28)
    ),
]

VITAL_STATUS = [
    Case("alive_with_death_date", me(**{**DEAD, "SURVSTAT": "ALIVE"}), me(**DEAD)),
    Case("alive_with_death_date", me(**{**DEAD, "SURVSTAT": "LOST"}), me(SURVSTAT="LOST")),
    Case("dead_without_date", me(SURVSTAT="DEAD"), me(SURVSTAT="LOST")),
    Case("dead_without_date", me(SURVSTAT="DEAD"), me(INDEXDT=None, **DEAD)),
    Case("implausible_follow_up", me(LSTALVDT=14611), me(LSTALVDT=14610)),
    Case("contact_after_death", me(**{**DEAD, "LSTALVDT": 101}), me(**DEAD)),
    Case("after_death", seen((101, "CR"), **DEAD), seen((100, "CR"), **DEAD)),
    Case("after_death", event("nausea", 2, 104, **DEAD), event("nausea", 2, 99, **DEAD)),
    Case(
        "no_last_contact",
        cycles((1, 0), (2, 28), LSTALVDT=None),
        me(LSTALVDT=None, DTHDT=100, SURVSTAT="DEAD"),
    ),
    Case("no_follow_up", me(LSTALVDT=None), me(LSTALVDT=0)),
    Case("no_follow_up", cycles((1, 0), LSTALVDT=None), cycles((1, 0), LSTALVDT=0)),
    Case("contact_before_last_record", seen((201, "CR")), seen((200, "CR"))),
    Case(
        "not_seen_lately",
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}]},
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-04"}]},
        calendar=True,
        study={"cutoff": "2021-12-01"},
    ),
    Case("cause_without_death", me(DTHCAUS="infection"), me(DTHCAUS="infection", **DEAD)),
    Case(
        "cause_without_death",
        me(DTHCAUS="infection"),
        me(DTHCAUS="infection", INDEXDT=None, DTHDT=100, SURVSTAT=None),
    ),
    Case(
        "alive_with_death_date",
        me(INDEXDT=None, DTHDT=100),
        me(INDEXDT=None, **DEAD),
        also=("no_index_date",),
    ),
    Case(
        "stopped_for_death_alive",
        me(STOPDT=100, STOPREAS="death"),
        me(STOPDT=100, STOPREAS="death", **DEAD),
    ),
    Case("stop_after_death", me(STOPDT=101, **DEAD), me(STOPDT=100, **DEAD)),
]

TWIN = {"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}


def numbered(*others: str, usual: int) -> dict:
    """Patients called p1, p2, ... and others."""
    return {"patients": [{"ID": f"p{n}"} for n in range(usual)] + [{"ID": x} for x in others]}


DUPLICATES = [
    Case("odd_patient_number", numbered("rest", usual=5), numbered("rest", usual=4)),
    Case("odd_patient_number", numbered("a", "b", usual=8), numbered("a", "b", usual=7)),
    Case("odd_patient_number", numbered("q-9", usual=5), numbered("q9", usual=5)),
    Case(
        "similar_patient_numbers",
        {"patients": [{"ID": "0012"}, {"ID": "12"}]},
        {"patients": [{"ID": "0012"}, {"ID": "120"}]},
    ),
    Case(
        "similar_patient_numbers",
        {"patients": [{"ID": "va-12"}, {"ID": "VA12"}]},
        {"patients": [{"ID": "va-12"}, {"ID": "VB12"}]},
    ),
    Case(
        "same_patient_twice",
        {"patients": [{"ID": "p1", **TWIN}, {"ID": "p2", **TWIN}]},
        {"patients": [{"ID": "p1", **TWIN}, {"ID": "p2", **TWIN, "AGE": 61}]},
        calendar=True,
    ),
]
