"""Treatment, its harm, and genetics."""

from __future__ import annotations

from tests.clean.cases.case import DEAD, Case, cycles, event, gene, me, rows, seen
from tests.clean.cases.course import P2


def then(*lines: dict, **own) -> dict:
    return rows("therapies", *lines, **own)


TREATMENT = [
    Case("cycle_order", cycles((1, 0), (3, 28), (2, 56)), cycles((1, 0), (2, 28), (3, 56))),
    Case("cycle_twice", cycles((1, 0), (1, 28)), cycles((1, 0), (2, 28))),
    Case("cycle_missing", cycles((1, 0), (3, 56)), cycles((1, 0), (2, 28))),
    Case("first_cycle_missing", cycles((2, 0)), cycles((1, 0))),
    Case("index_not_first_cycle", cycles((1, 1)), cycles((1, 0))),
    Case("no_cycle", {"cycles": []}, cycles((1, 0))),
    Case(
        "cycles_overlap",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 29}, {"CYCLE": 2, "EXSTDT": 28}),
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 28}, {"CYCLE": 2, "EXSTDT": 28}),
    ),
    Case("cycle_too_soon", cycles((1, 0), (2, 13)), cycles((1, 0), (2, 14))),
    Case("cycle_gap", cycles((1, 0), (2, 71)), cycles((1, 0), (2, 70))),
    Case(
        "days_exceed_cycle",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 13, "VENDAYS": 28}),
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "EXENDT": 13, "VENDAYS": 14}),
    ),
    Case(
        "days_exceed_cycle",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDAYS": 29}, {"CYCLE": 2, "EXSTDT": 28}),
        rows(
            "cycles",
            {"CYCLE": 1, "EXSTDT": 0, "VENDAYS": 28},
            {"CYCLE": 2, "EXSTDT": 28, "VENDAYS": 40},
        ),
    ),
    Case(
        "unusual_venetoclax_dose",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDOSE": 450}),
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "VENDOSE": 400}),
    ),
    Case(
        "unusual_hma_dose",
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "HMADOSE": 130}),
        rows("cycles", {"CYCLE": 1, "EXSTDT": 0, "HMADOSE": 75}),
    ),
    Case(
        "two_regimens_at_once",
        {**cycles((1, 0), (2, 28)), "therapies": [{"CMSTDT": 20, "CMTRT": "LDAC"}]},
        {**cycles((1, 0), (2, 28)), "therapies": [{"CMSTDT": 21, "CMTRT": "LDAC"}]},
    ),
    Case(
        "two_regimens_at_once",
        then({"CMSTDT": 92, "CMTRT": "LDAC"}, STOPDT=100),
        then({"CMSTDT": 93, "CMTRT": "LDAC"}, STOPDT=100),
    ),
    Case(
        "two_therapies_on_a_day",
        then({"CMSTDT": 90, "CMTRT": "LDAC"}, {"CMSTDT": 90, "CMTRT": "FLAG-IDA"}),
        then({"CMSTDT": 90, "CMTRT": "LDAC"}, {"CMSTDT": 91, "CMTRT": "FLAG-IDA"}),
    ),
    Case(
        "therapy_line_order",
        then({"CMSTDT": 90, "CMLINE": 2}, {"CMSTDT": 120, "CMLINE": 1}),
        then({"CMSTDT": 90, "CMLINE": 1}, {"CMSTDT": 120, "CMLINE": 2}),
    ),
    Case(
        "transplants_too_close",
        rows("transplants", {"TXDT": 90}, {"TXDT": 149}),
        rows("transplants", {"TXDT": 90}, {"TXDT": 150}),
    ),
    Case(
        "transplants_too_close",
        rows("transplants", {"TXDT": 90, "TXTYPE": "allo"}, {"TXDT": 90}),
        rows("transplants", {"TXDT": 90, "TXTYPE": "allo"}),
    ),
    Case("stop_without_date", me(STOPREAS="toxicity"), me(STOPREAS="toxicity", STOPDT=80)),
    Case(
        "stopped_for_relapse_without_relapse",
        seen((30, "CR"), STOPDT=90, STOPREAS="relapse"),
        seen((30, "CR"), (90, "RELAPSE"), STOPDT=90, STOPREAS="relapse"),
    ),
    Case(
        "stopped_refractory_in_remission",
        seen((30, "CR"), STOPDT=90, STOPREAS="refractory"),
        seen((30, "NR"), STOPDT=90, STOPREAS="refractory"),
    ),
    Case(
        "stopped_refractory_without_failure",
        rows(
            "responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1}, STOPDT=90, STOPREAS="refractory"
        ),
        seen((30, "REFRACTORY"), STOPDT=90, STOPREAS="refractory"),
    ),
    Case(
        "stopped_refractory_without_failure",
        rows("responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1}, STOPDT=90, STOPREAS="无效"),
        rows("responses", {"RSDT": 30, "RSINV": "NR", "CYCLE": 1}, STOPDT=90, STOPREAS="toxicity"),
    ),
    Case(
        "stopped_for_transplant_without_transplant",
        {"transplants": [], **me(STOPDT=90, STOPREAS="transplant")},
        rows("transplants", {"TXDT": 120}, STOPDT=90, STOPREAS="transplant"),
    ),
    Case(
        "note_mentions_transplant",
        {"transplants": [], **me(NOTE="day 120: allo-HSCT, no relapse since")},
        {"transplants": [], **me(NOTE="not a candidate for allo-HSCT; transplant refused")},
    ),
    Case(
        "note_mentions_transplant",
        {"transplants": [], **rows("therapies", {"CMSTDT": 90, "CMTRT": "异基因移植"})},
        rows("transplants", {"TXDT": 90}, NOTE="90天行移植"),
    ),
]

SAFETY = [
    Case(
        "fatal_event_long_before_death",
        event("sepsis", 5, 39, **DEAD),
        event("sepsis", 5, 40, **DEAD),
    ),
    Case("event_before_treatment", event("nausea", 2, -1), event("nausea", 2, 0)),
    Case("event_without_grade", event("nausea", None, 3), event("nausea", 1, 3)),
    Case("event_without_grade", event("nausea", None, 3), event("nausea", "9", 3)),
    Case(
        "grade_not_in_ctcae",
        event("febrile neutropenia", 2, 3),
        event("febrile neutropenia", 3, 3),
    ),
    Case("grade_not_in_ctcae", event("fatigue", 4, 3), event("anaemia", 4, 3)),
    Case("grade_5_without_death", event("sepsis", 5, 90), event("sepsis", 5, 90, **DEAD)),
    Case(
        "toxic_death_without_grade_5",
        event("sepsis", 4, 90, DTHCAUS="toxicity", **DEAD),
        event("sepsis", 5, 90, DTHCAUS="toxicity", **DEAD),
    ),
    Case(
        "event_twice",
        rows(
            "adverse_events",
            {"AETERM": "sepsis", "AETOXGR": 3, "AESTDT": 5},
            {"AETERM": "败血症", "AETOXGR": 4, "AESTDT": 5},
        ),
        rows(
            "adverse_events",
            {"AETERM": "sepsis", "AETOXGR": 3, "AESTDT": 5},
            {"AETERM": "败血症", "AETOXGR": 4, "AESTDT": 6},
        ),
    ),
    Case(
        "event_ends_after_death",
        event("sepsis", 4, 90, 101, **DEAD),
        event("sepsis", 4, 90, 100, **DEAD),
    ),
]

FIVE = [
    gene(f, "MUTATED", v)
    for f, v in zip(("TP53", "NPM1", "IDH1", "IDH2"), (40, 30, 9, 8), strict=True)
]

GENETICS = [
    Case(
        "fraction_without_mutation",
        rows("mutations", gene("FLT3-ITD", "WT", 0.6)),
        rows("mutations", gene("FLT3-ITD", "WT", 0)),
    ),
    Case(
        "mutated_with_zero_fraction",
        rows("mutations", gene("TP53", "MUTATED", 0)),
        rows("mutations", gene("TP53", "MUTATED")),
    ),
    Case(
        "gene_contradicts",
        rows("mutations", gene("TP53", "MUTATED", 20), gene("P53", "WT")),
        rows("mutations", gene("TP53", "MUTATED", 20), gene("P53", "NOT TESTED")),
    ),
    Case(
        "flt3_itd_not_tested",
        {
            "patients": [{}, P2],
            "mutations": [gene("NPM1", "WT"), {**gene("FLT3-ITD", "WT"), "ID": "p2"}],
        },
        {
            "patients": [{}, P2],
            "mutations": [gene("NPM1", "WT"), {**gene("NPM1", "WT"), "ID": "p2"}],
        },
    ),
    Case("unreadable_karyotype", me(KARYO="46,XY,what(7)"), me(KARYO="46,XY,t(8;21)(q22;q22)[20]")),
    Case(
        "risk_disagrees",
        me(KARYO="45,XY,-7[20]", RISK="favourable"),
        me(KARYO="45,XY,-7[20]", RISK="adverse"),
    ),
    Case(
        "complex_karyotype_favourable",
        me(KARYO="47,XY,del(5)(q13q33),+8,-17,+21[20]", RISK="favourable"),
        me(KARYO="47,XY,t(8;21)(q22;q22),+8,del(9)(q22)[20]", RISK="favourable"),
        study={"risk": None},
    ),
]
