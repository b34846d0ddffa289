"""For each check: rows that raise it and close ones that do not, worked by hand.

One patient (``p1``) stands in every case: a newly diagnosed man of 60, diagnosed ten days before
the first dose (day 0), alive on day 200. A case changes that row (None empties a cell) and adds
rows to other tables; dates are days from the first dose, calendar dates where it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """Rows by table that raise the check ``id`` (and ``also``), and rows that do not raise it."""

    id: str
    raises: dict
    silent: dict
    also: tuple[str, ...] = ()
    calendar: bool = False
    study: dict = field(default_factory=dict)


def _me(**cells) -> dict:
    """A change of the patient's own row."""
    return {"patients": [cells]}


def _rows(table: str, *rows: dict, **own) -> dict:
    return {table: list(rows), **(_me(**own) if own else {})}


def _seen(*days_and_words, **own) -> dict:
    """Assessments: pairs of day and word."""
    return _rows("responses", *({"RSDT": d, "RSINV": w} for d, w in days_and_words), **own)


def _cycles(*numbers_and_days, **own) -> dict:
    """Cycles: pairs of number and first day."""
    return _rows("cycles", *({"CYCLE": n, "EXSTDT": d} for n, d in numbers_and_days), **own)


def _event(term: str, grade, start, end=None, **own) -> dict:
    row = {"AETERM": term, "AETOXGR": grade, "AESTDT": start, "AEENDT": end}
    return _rows("adverse_events", row, **own)


def _lab(test: str, value, unit: str, day: int = 3) -> dict:
    return {"LBTESTCD": test, "LBSTRESN": value, "UNIT": unit, "LBDT": day}


def _gene(gene: str, result: str, vaf=None) -> dict:
    return {"GENE": gene, "GERES": result, "VAF": vaf}


_CR = {"RSDT": 30, "RSINV": "CR"}
_P2 = {"ID": "p2", "AGE": 61}
_DEAD = {"SURVSTAT": "DEAD", "DTHDT": 100, "LSTALVDT": 100}
_FIVE = [
    _gene(f, "MUTATED", v)
    for f, v in zip(("TP53", "NPM1", "IDH1", "IDH2"), (40, 30, 9, 8), strict=True)
]

READING = [
    Case(
        "unreadable_value",
        _me(LSTALVDT="soon"),
        _me(LSTALVDT="200"),
    ),
    Case(
        "unknown_unit", _rows("labs", _lab("K", 4, "spoons")), _rows("labs", _lab("K", 4, "mEq/L"))
    ),
    Case(
        "row_without_patient",
        {"labs": [{**_lab("K", 4, "mmol/L"), "ID": ""}]},
        {"labs": [_lab("K", 4, "mmol/L")]},
    ),
    Case(
        "row_without_key_value",
        _rows("responses", _CR, {"RSDT": None, "RSINV": "CR"}),
        _rows("responses", _CR, {"RSDT": None, "RSINV": None}),
    ),
    Case(
        "unknown_patient",
        {"labs": [{**_lab("K", 4, "mmol/L"), "ID": "p9"}]},
        {"labs": [{**_lab("K", 4, "mmol/L"), "ID": "p1"}]},
    ),
    Case("duplicate_row", _rows("responses", _CR, _CR), _seen((30, "CR"), (31, "CR"))),
    Case(
        "contradicting_rows",
        {"patients": [{"HGB": 95}, {"HGB": 70}]},
        {"patients": [{"HGB": 95}, {"HGB": None}]},
    ),
    Case(
        "after_cutoff",
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}]},
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-05-31"}]},
        calendar=True,
        study={"cutoff": "2021-05-31"},
    ),
]

NUMBERS = [
    Case("out_of_range", _me(ECOG=5), _me(ECOG=4)),
    Case("out_of_range", _me(HGB=230), _me(HGB=220)),
    Case(
        "out_of_range",
        _rows("labs", _lab("K", 41, "mmol/L")),
        _rows("labs", _lab("K", 4.1, "mmol/L")),
    ),
    Case(
        "out_of_range",
        _rows("mutations", _gene("TP53", "MUTATED", 1450)),
        _rows("mutations", _gene("TP53", "MUTATED", 100)),
    ),
    Case("wrong_unit", _me(HGB=8.5), _me(HGB=85)),
    Case("wrong_unit", _me(WBC=45000), _me(WBC=450)),
    Case(
        "wrong_unit",
        _rows("labs", _lab("CREAT", 0.9, "µmol/L")),
        _rows("labs", _lab("CREAT", 0.9, "mg/dL")),
    ),
    Case("platelets_below_one", _me(PLT=0.05), _me(PLT=1)),
    Case(
        "platelets_below_one",
        _rows("labs", _lab("PLT", 0.2, "10^9/L")),
        _rows("labs", _lab("ANC", 0.2, "10^9/L")),
    ),
    Case(
        "column_of_fractions",
        _rows(
            "mutations",
            *(_gene(g, "MUTATED", 0.4) for g in ("TP53", "NPM1", "IDH1", "IDH2", "TET2")),
        ),
        _rows(
            "mutations",
            *(_gene(g, "MUTATED", 0.4) for g in ("TP53", "NPM1", "IDH1", "IDH2")),
            _gene("TET2", "MUTATED", 45),
        ),
    ),
    Case("fraction_among_percents", _me(BMBLAST=0.35), _me(BMBLAST=1)),
    Case("zero_for_missing", _me(PLT=0), _me(PLT=2)),
    Case(
        "zero_for_missing",
        _rows("responses", {**_CR, "RSINV": "NE", "MBLAST": 0, "ANC": 0, "PLT": 0}),
        _rows("responses", {**_CR, "RSINV": "NE", "MBLAST": 0, "ANC": 0, "PLT": 20}),
    ),
    Case(
        "neutrophils_above_white_cells",
        _rows("labs", _lab("WBC", 2, "10^9/L"), _lab("ANC", 45, "10^9/L")),
        _rows("labs", _lab("WBC", 2, "10^9/L", 3), _lab("ANC", 45, "10^9/L", 4)),
    ),
]

PERSON = [
    Case("age_outside_study", _me(AGE=17), _me(AGE=18)),
    Case("sex_against_karyotype", _me(KARYO="46,XX[20]"), _me(KARYO="46,XY[20]")),
    Case("sex_against_karyotype", _me(SEX="F", KARYO="45,X,-Y[20]"), _me(KARYO="45,X,-Y[20]")),
    Case(
        "sex_against_karyotype",
        _me(SEX="F", KARYO="46,XY,del(5)(q13q33)[12]/46,XY[8]"),
        _me(SEX="F", KARYO="46,XY[3]//46,XX[17]"),
    ),
    Case("newly_diagnosed_with_prior_lines", _me(PRIORLN=1), _me(PRIORLN=0)),
    Case(
        "newly_diagnosed_with_prior_lines",
        _me(PRIORLN=2, PRIORHMA="Y", DISTYPE="secondary"),
        _me(PRIORLN=1, PRIORHMA="Y", DISTYPE="secondary"),
    ),
    Case(
        "relapsed_without_prior_lines",
        _me(DISSTAT="RR", PRIORLN=0, DIAGDT=-300),
        _me(DISSTAT="RR", PRIORLN=1, DIAGDT=-300),
    ),
    Case("relapsed_at_diagnosis", _me(DISSTAT="RR", DIAGDT=-13), _me(DISSTAT="RR", DIAGDT=-14)),
    Case(
        "de_novo_after_hma",
        _me(DISTYPE="de novo", PRIORHMA="Y"),
        _me(DISTYPE="secondary", PRIORHMA="Y"),
    ),
]

DATES = [
    Case("no_index_date", _me(INDEXDT=None), _me(INDEXDT=0)),
    Case("diagnosis_after_index", _me(DIAGDT=1), _me(DIAGDT=0)),
    Case("long_untreated", _me(DIAGDT=-91), _me(DIAGDT=-90)),
    Case("long_untreated", _me(DIAGDT=-400), _me(DIAGDT=-400, DISSTAT="RR")),
    Case("cycle_before_diagnosis", _cycles((1, 0), (2, -40)), _cycles((1, -10), (2, 28))),
    Case(
        "end_before_start",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": -1}),
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 0}),
    ),
    Case("end_before_start", _event("nausea", 2, 20, 19), _event("nausea", 2, 20, 20)),
    Case("response_before_treatment", _seen((-1, "CR")), _seen((0, "CR"))),
    Case("response_before_treatment", _seen((-5, "PR")), _seen((-5, "NR"))),
    Case(
        "later_therapy_before_treatment",
        _rows("therapies", {"CMSTDT": -3, "CMTRT": "LDAC"}),
        _rows("therapies", {"CMSTDT": 3, "CMTRT": "LDAC"}),
    ),
    Case(
        "transplant_before_treatment",
        _rows("transplants", {"TXDT": -100}),
        _rows("transplants", {"TXDT": -100}, DISSTAT="RR", DIAGDT=-300),
    ),
    Case("stop_before_first_dose", _me(STOPDT=-1), _me(STOPDT=0)),
    Case(
        "cycle_after_stop", _cycles((1, 0), (2, 28), STOPDT=27), _cycles((1, 0), (2, 28), STOPDT=28)
    ),
]

VITAL_STATUS = [
    Case("alive_with_death_date", _me(**{**_DEAD, "SURVSTAT": "ALIVE"}), _me(**_DEAD)),
    Case("alive_with_death_date", _me(**{**_DEAD, "SURVSTAT": "LOST"}), _me(SURVSTAT="LOST")),
    Case("dead_without_date", _me(SURVSTAT="DEAD"), _me(SURVSTAT="LOST")),
    Case("contact_after_death", _me(**{**_DEAD, "LSTALVDT": 101}), _me(**_DEAD)),
    Case("after_death", _seen((101, "CR"), **_DEAD), _seen((100, "CR"), **_DEAD)),
    Case("after_death", _event("nausea", 2, 104, **_DEAD), _event("nausea", 2, 99, **_DEAD)),
    Case("no_last_contact", _me(LSTALVDT=None), _me(LSTALVDT=None, DTHDT=100, SURVSTAT="DEAD")),
    Case("contact_before_last_record", _seen((201, "CR")), _seen((200, "CR"))),
    Case(
        "not_seen_lately",
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}]},
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-04"}]},
        calendar=True,
        study={"cutoff": "2021-12-01"},
    ),
    Case("cause_without_death", _me(DTHCAUS="infection"), _me(DTHCAUS="infection", **_DEAD)),
    Case(
        "stopped_for_death_alive",
        _me(STOPDT=100, STOPREAS="death"),
        _me(STOPDT=100, STOPREAS="death", **_DEAD),
    ),
    Case("stop_after_death", _me(STOPDT=101, **_DEAD), _me(STOPDT=100, **_DEAD)),
]

_COUNTS = {"MBLAST": 2, "ANC": 1.47, "PLT": 133, "PBLAST": 0}
RESPONSE = [
    Case(
        "remission_with_disease_elsewhere",
        _rows("responses", {**_CR, "EMD": "Y"}),
        _rows("responses", {**_CR, "EMD": "N"}),
    ),
    Case(
        "assessment_copied",
        _rows("responses", {**_CR, **_COUNTS}, {**_CR, **_COUNTS, "RSDT": 60}),
        _rows("responses", {**_CR, **_COUNTS}, {**_CR, **_COUNTS, "RSDT": 60, "ANC": 1.48}),
    ),
    Case(
        "assessment_copied",
        _rows("responses", {**_CR, **_COUNTS}, {**_CR, **_COUNTS, "RSDT": 60}),
        _rows("responses", {**_CR, **_COUNTS, "ANC": 2}, {**_CR, **_COUNTS, "RSDT": 60, "ANC": 2}),
    ),
    Case(
        "response_disagrees",
        _rows("responses", {**_CR, "MBLAST": 2, "PBLAST": 0, "ANC": 1.5, "PLT": 40}),
        _rows("responses", {**_CR, "MBLAST": 2, "PBLAST": 0, "ANC": 1.5, "PLT": 100}),
    ),
    Case(
        "relapse_without_remission",
        {
            "patients": [{}, _P2],
            "responses": [{**_CR, "ID": "p2"}, {"RSDT": 90, "RSINV": "RELAPSE"}],
        },
        {"patients": [{}, _P2], "responses": [_CR, {"RSDT": 90, "RSINV": "RELAPSE"}]},
    ),
    Case(
        "remission_with_blasts",
        _rows("responses", {**_CR, "MBLAST": 5}),
        _rows("responses", {**_CR, "MBLAST": 4.9}),
    ),
    Case(
        "remission_with_blasts",
        _rows("responses", {"RSDT": 30, "RSINV": "MLFS", "PBLAST": 2}),
        _rows("responses", {"RSDT": 30, "RSINV": "PR", "PBLAST": 2}),
    ),
    Case(
        "cr_without_recovery",
        _rows("responses", {**_CR, "PLT": 99}),
        _rows("responses", {**_CR, "PLT": 100}),
    ),
    Case(
        "cr_without_recovery",
        _rows("responses", {**_CR, "ANC": 0.9}),
        _rows("responses", {"RSDT": 30, "RSINV": "CRi", "ANC": 0.9}),
    ),
    Case(
        "no_response_with_clear_marrow",
        _rows("responses", {"RSDT": 30, "RSINV": "NR", "MBLAST": 3}),
        _rows("responses", {"RSDT": 30, "RSINV": "NR", "MBLAST": 3, "EMD": "Y"}),
    ),
    Case(
        "best_response_after_later_therapy",
        {**_seen((30, "NR"), (130, "CR")), "therapies": [{"CMSTDT": 80, "CMTRT": "FLAG-IDA"}]},
        {**_seen((30, "CR"), (130, "CR")), "therapies": [{"CMSTDT": 80, "CMTRT": "FLAG-IDA"}]},
    ),
    Case(
        "best_response_after_later_therapy",
        {**_seen((130, "CR")), "transplants": [{"TXDT": 100}]},
        {**_seen((100, "CR")), "transplants": [{"TXDT": 100}]},
    ),
    Case(
        "lost_without_relapse",
        _seen((30, "CR"), (90, "NR")),
        _seen((30, "CR"), (90, "RELAPSE"), (120, "NR")),
    ),
    Case("lost_without_relapse", _seen((30, "CRi"), (90, "PR")), _seen((30, "PR"), (90, "CRi"))),
    Case(
        "remission_after_relapse",
        {**_seen((30, "CR"), (90, "RELAPSE"), (150, "CR")), "therapies": []},
        {
            **_seen((30, "CR"), (90, "RELAPSE"), (150, "CR")),
            "therapies": [{"CMSTDT": 95, "CMTRT": "FLAG-IDA"}],
        },
    ),
    Case("two_responses_on_a_day", _seen((30, "CR"), (30, "CRi")), _seen((30, "CR"), (30, "NE"))),
    Case(
        "response_cycle_backwards",
        _rows("responses", {**_CR, "CYCLE": 2}, {"RSDT": 60, "RSINV": "CR", "CYCLE": 1}),
        _rows("responses", {**_CR, "CYCLE": 2}, {"RSDT": 60, "RSINV": "CR", "CYCLE": 2}),
    ),
    Case(
        "response_cycle_not_given",
        {**_cycles((1, 0), (2, 31)), "responses": [{**_CR, "CYCLE": 2}]},
        {**_cycles((1, 0), (2, 28)), "responses": [{**_CR, "CYCLE": 2}]},
    ),
    Case("never_assessed", {"responses": []}, {"responses": [], **_me(LSTALVDT=90)}),
    Case(
        "never_assessed",
        {"responses": []},
        {"responses": [], **_me(SURVSTAT="DEAD", DTHDT=40, LSTALVDT=40)},
    ),
]


def _mrd(*samples: dict, responses=((30, "CR"),), **own) -> dict:
    rows = [{"MRDDT": 30, "MRDMETH": "flow", "MRDMAT": "BM", **sample} for sample in samples]
    return {**_seen(*responses, **own), "mrd": rows}


MRD = [
    Case(
        "mrd_word_against_value",
        _mrd({"MRDVAL": 0.5, "MRDRES": "NEGATIVE"}),
        _mrd({"MRDVAL": 0.05, "MRDRES": "NEGATIVE"}),
    ),
    Case(
        "mrd_word_against_value",
        _mrd({"MRDVAL": "<0.01", "MRDRES": "POSITIVE"}),
        _mrd({"MRDVAL": "0.01", "MRDRES": "POSITIVE"}),
    ),
    Case("mrd_limit_too_coarse", _mrd({"MRDVAL": "<1"}), _mrd({"MRDVAL": "<0.1"})),
    Case(
        "mrd_without_method",
        _mrd({"MRDVAL": 0.01}, {"MRDDT": 60, "MRDVAL": 0.01, "MRDMETH": None}),
        _mrd({"MRDVAL": 0.01}, {"MRDDT": 60, "MRDVAL": None, "MRDMETH": None}),
    ),
    Case("mrd_high_in_remission", _mrd({"MRDVAL": 5}), _mrd({"MRDVAL": 4.9})),
    Case(
        "mrd_high_in_remission", _mrd({"MRDVAL": 20}), _mrd({"MRDVAL": 20}, responses=[(30, "NR")])
    ),
    Case(
        "mrd_negative_without_remission",
        _mrd({"MRDVAL": 0.01}, responses=[(20, "NR")]),
        _mrd({"MRDVAL": 0.01}, responses=[(15, "NR")]),
    ),
    Case(
        "mrd_negative_without_remission",
        _mrd({"MRDRES": "NEGATIVE"}, responses=[(30, "PR")]),
        _mrd({"MRDRES": "NEGATIVE"}, responses=[(30, "MLFS")]),
    ),
    Case(
        "mrd_twice",
        _mrd({"MRDVAL": 0.01}, {"MRDVAL": 0.2}),
        _mrd({"MRDVAL": 0.01}, {"MRDVAL": 0.2, "MRDMETH": "NGS"}),
    ),
]


def _then(*rows: dict, **own) -> dict:
    return _rows("therapies", *rows, **own)


TREATMENT = [
    Case("cycle_order", _cycles((1, 0), (3, 28), (2, 56)), _cycles((1, 0), (2, 28), (3, 56))),
    Case("cycle_twice", _cycles((1, 0), (1, 28)), _cycles((1, 0), (2, 28))),
    Case("cycle_missing", _cycles((1, 0), (3, 56)), _cycles((1, 0), (2, 28))),
    Case("first_cycle_missing", _cycles((2, 0)), _cycles((1, 0))),
    Case("index_not_first_cycle", _cycles((1, 1)), _cycles((1, 0))),
    Case("no_cycle", {"cycles": []}, _cycles((1, 0))),
    Case(
        "cycles_overlap",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 29}, {"CYCLE": 2, "EXSTDT": 28}),
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 28}, {"CYCLE": 2, "EXSTDT": 28}),
    ),
    Case("cycle_too_soon", _cycles((1, 0), (2, 13)), _cycles((1, 0), (2, 14))),
    Case("cycle_gap", _cycles((1, 0), (2, 71)), _cycles((1, 0), (2, 70))),
    Case(
        "days_exceed_cycle",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 13, "VENDAYS": 28}),
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 13, "VENDAYS": 14}),
    ),
    Case(
        "days_exceed_cycle",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDAYS": 29}, {"CYCLE": 2, "EXSTDT": 28}),
        _rows(
            "cycles",
            {"CYCLE": 1, "EXSTDT": 0, "VENDAYS": 28},
            {"CYCLE": 2, "EXSTDT": 28, "VENDAYS": 40},
        ),
    ),
    Case(
        "unusual_venetoclax_dose",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDOSE": 450}),
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDOSE": 400}),
    ),
    Case(
        "unusual_hma_dose",
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "HMADOSE": 130}),
        _rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "HMADOSE": 75}),
    ),
    Case(
        "two_regimens_at_once",
        {**_cycles((1, 0), (2, 28)), "therapies": [{"CMSTDT": 20, "CMTRT": "LDAC"}]},
        {**_cycles((1, 0), (2, 28)), "therapies": [{"CMSTDT": 21, "CMTRT": "LDAC"}]},
    ),
    Case(
        "two_regimens_at_once",
        _then({"CMSTDT": 92, "CMTRT": "LDAC"}, STOPDT=100),
        _then({"CMSTDT": 93, "CMTRT": "LDAC"}, STOPDT=100),
    ),
    Case(
        "two_therapies_on_a_day",
        _then({"CMSTDT": 90, "CMTRT": "LDAC"}, {"CMSTDT": 90, "CMTRT": "FLAG-IDA"}),
        _then({"CMSTDT": 90, "CMTRT": "LDAC"}, {"CMSTDT": 91, "CMTRT": "FLAG-IDA"}),
    ),
    Case(
        "therapy_line_order",
        _then({"CMSTDT": 90, "CMLINE": 2}, {"CMSTDT": 120, "CMLINE": 1}),
        _then({"CMSTDT": 90, "CMLINE": 1}, {"CMSTDT": 120, "CMLINE": 2}),
    ),
    Case(
        "transplants_too_close",
        _rows("transplants", {"TXDT": 90}, {"TXDT": 149}),
        _rows("transplants", {"TXDT": 90}, {"TXDT": 150}),
    ),
    Case(
        "transplants_too_close",
        _rows("transplants", {"TXDT": 90, "TXTYPE": "allo"}, {"TXDT": 90}),
        _rows("transplants", {"TXDT": 90, "TXTYPE": "allo"}),
    ),
    Case("stop_without_date", _me(STOPREAS="toxicity"), _me(STOPREAS="toxicity", STOPDT=80)),
    Case(
        "stopped_for_relapse_without_relapse",
        _seen((30, "CR"), STOPDT=90, STOPREAS="relapse"),
        _seen((30, "CR"), (90, "RELAPSE"), STOPDT=90, STOPREAS="relapse"),
    ),
    Case(
        "stopped_refractory_in_remission",
        _seen((30, "CR"), STOPDT=90, STOPREAS="refractory"),
        _seen((30, "NR"), STOPDT=90, STOPREAS="refractory"),
    ),
    Case(
        "stopped_for_transplant_without_transplant",
        {"transplants": [], **_me(STOPDT=90, STOPREAS="transplant")},
        _rows("transplants", {"TXDT": 120}, STOPDT=90, STOPREAS="transplant"),
    ),
    Case(
        "note_mentions_transplant",
        {"transplants": [], **_me(NOTE="day 120: allo-HSCT, no relapse since")},
        {"transplants": [], **_me(NOTE="not a candidate for allo-HSCT; transplant refused")},
    ),
    Case(
        "note_mentions_transplant",
        {"transplants": [], **_rows("therapies", {"CMSTDT": 90, "CMTRT": "异基因移植"})},
        _rows("transplants", {"TXDT": 90}, NOTE="90天行移植"),
    ),
]

SAFETY = [
    Case(
        "fatal_event_long_before_death",
        _event("sepsis", 5, 39, **_DEAD),
        _event("sepsis", 5, 40, **_DEAD),
    ),
    Case("event_before_treatment", _event("nausea", 2, -1), _event("nausea", 2, 0)),
    Case("event_without_grade", _event("nausea", None, 3), _event("nausea", 1, 3)),
    Case("event_without_grade", _event("nausea", None, 3), _event("nausea", "9", 3)),
    Case(
        "grade_not_in_ctcae",
        _event("febrile neutropenia", 2, 3),
        _event("febrile neutropenia", 3, 3),
    ),
    Case("grade_not_in_ctcae", _event("fatigue", 4, 3), _event("anaemia", 4, 3)),
    Case("grade_5_without_death", _event("sepsis", 5, 90), _event("sepsis", 5, 90, **_DEAD)),
    Case(
        "toxic_death_without_grade_5",
        _event("sepsis", 4, 90, DTHCAUS="toxicity", **_DEAD),
        _event("sepsis", 5, 90, DTHCAUS="toxicity", **_DEAD),
    ),
    Case(
        "event_twice",
        _rows(
            "adverse_events",
            {"AETERM": "sepsis", "AETOXGR": 3, "AESTDT": 5},
            {"AETERM": "败血症", "AETOXGR": 4, "AESTDT": 5},
        ),
        _rows(
            "adverse_events",
            {"AETERM": "sepsis", "AETOXGR": 3, "AESTDT": 5},
            {"AETERM": "败血症", "AETOXGR": 4, "AESTDT": 6},
        ),
    ),
    Case(
        "event_ends_after_death",
        _event("sepsis", 4, 90, 101, **_DEAD),
        _event("sepsis", 4, 90, 100, **_DEAD),
    ),
]

GENETICS = [
    Case(
        "fraction_without_mutation",
        _rows("mutations", _gene("FLT3-ITD", "WT", 0.6)),
        _rows("mutations", _gene("FLT3-ITD", "WT", 0)),
    ),
    Case(
        "mutated_with_zero_fraction",
        _rows("mutations", _gene("TP53", "MUTATED", 0)),
        _rows("mutations", _gene("TP53", "MUTATED")),
    ),
    Case(
        "gene_contradicts",
        _rows("mutations", _gene("TP53", "MUTATED", 20), _gene("P53", "WT")),
        _rows("mutations", _gene("TP53", "MUTATED", 20), _gene("P53", "NOT TESTED")),
    ),
    Case(
        "flt3_itd_not_tested",
        {
            "patients": [{}, _P2],
            "mutations": [_gene("NPM1", "WT"), {**_gene("FLT3-ITD", "WT"), "ID": "p2"}],
        },
        {
            "patients": [{}, _P2],
            "mutations": [_gene("NPM1", "WT"), {**_gene("NPM1", "WT"), "ID": "p2"}],
        },
    ),
    Case(
        "unreadable_karyotype", _me(KARYO="46,XY,what(7)"), _me(KARYO="46,XY,t(8;21)(q22;q22)[20]")
    ),
    Case(
        "risk_disagrees",
        _me(KARYO="45,XY,-7[20]", RISK="favourable"),
        _me(KARYO="45,XY,-7[20]", RISK="adverse"),
    ),
    Case(
        "complex_karyotype_favourable",
        _me(KARYO="47,XY,del(5)(q13q33),+8,-17,+21[20]", RISK="favourable"),
        _me(KARYO="47,XY,t(8;21)(q22;q22),+8,del(9)(q22)[20]", RISK="favourable"),
        study={"risk": None},
    ),
]

_TWIN = {"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}
DUPLICATES = [
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
        {"patients": [{"ID": "p1", **_TWIN}, {"ID": "p2", **_TWIN}]},
        {"patients": [{"ID": "p1", **_TWIN}, {"ID": "p2", **_TWIN, "AGE": 61}]},
        calendar=True,
    ),
]

CASES = [
    *READING,
    *NUMBERS,
    *PERSON,
    *DATES,
    *VITAL_STATUS,
    *RESPONSE,
    *MRD,
    *TREATMENT,
    *SAFETY,
    *GENETICS,
    *DUPLICATES,
]
