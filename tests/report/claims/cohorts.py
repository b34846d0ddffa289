"""Small cohorts by which every sentence of the report comes to be printed and to be left out."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from venaza.preflight import load_study

ROOT = Path(__file__).parents[3]
Rows = dict[str, list[dict]]

#: The columns that the made-up study maps, as far as its sentences hang on them.
_COLUMNS = {
    "responses": ("RSDT", "CYCLE", "MBLAST", "RSINV"),
    "mrd": ("MRDDT", "MRDVAL"),
    "therapies": ("CMSTDT", "CMTRT"),
    "transplants": ("TXDT",),
    "adverse_events": ("AETERM", "AETOXGR", "AESTDT"),
    "labs": ("LBDT", "LBTESTCD", "LBSTRESN"),
    "cycles": ("CYCLE", "EXSTDT"),
    "patients": ("AGE", "SEX", "DISSTAT", "INDEXDT"),
    "mutations": ("GENE", "GERES"),
}


@cache
def shipped() -> dict:
    return load_study(ROOT, "aml_venaza")


def study() -> dict:
    """A real retrospective cohort in two groups: no landmarks, no models beside Cox's."""
    made = copy.deepcopy(shipped())
    made["study"] |= {"synthetic": False, "data": "Patients of one hospital.", "licence": None}
    made |= {"published": None, "evidence": None, "alternatives": {}, "risk": None}
    made |= {"published_curves": [], "id": "made_up"}
    made["tables"] = {
        name: {"records": [{"columns": dict.fromkeys(columns, {})}]}
        for name, columns in _COLUMNS.items()
        if name != "mutations"
    }
    made["analysis"] |= {
        **{"cox": {"OS": ["GROUP", "AGE"]}, "multivariable": {}, "subgroups": {}, "strata": {}},
        **{"rmst_months": {}, "landmark_days": [], "time_dependent": {}, "fine_gray": {}},
        **{"influence": False, "table1": ["AGE", "SEX"], "early_death_days": [30, 60]},
        **{"landmarks_months": [3, 6], "compare_baseline": False, "salvage": False},
    }
    made["study"]["design"] = "Retrospective single-centre cohort"
    return made


def _patient(i: int) -> tuple[dict, Rows]:
    """One of the patients: a story by number, so that each kind is met in both groups."""
    name, kind = f"P{i:02d}", (i // 2) % 6
    dies = i % 3 != 0
    last = 45 + 19 * i if dies else 300 + 10 * i
    told = {
        **{"USUBJID": name, "AGE": str(50 + i), "SEX": "M" if i % 5 else "F"},
        **{"DISSTAT": "ND" if i % 2 else "RR", "LSTALVDY": str(last)},
        **({"DTHDY": str(last)} if dies else {}),
    }
    rows: Rows = {key: [] for key in _COLUMNS if key != "patients"}

    def add(table: str, **cells: object) -> None:
        rows[table].append({"USUBJID": name} | {k: str(v) for k, v in cells.items()})

    words = {0: "CR", 1: "CRi", 2: "PR", 3: "NR", 5: "CR"}
    blasts = {"CR": 2, "CRi": 3, "PR": 15, "NR": 60}
    add("cycles", CYCLE=1, EXSTDY=0)
    add("cycles", CYCLE=2, EXSTDY=28)
    if kind in words:
        word = words[kind]
        counts = {"ANC": 2.0, "PLT": 150} if word == "CR" else {"ANC": 0.4, "PLT": 40}
        add(
            "responses",
            RSDY=25 + i % 3,
            CYCLE=1,
            MBLAST=blasts[word],
            PBLAST=0,
            RSINV=word,
            **counts,
        )
        if word in ("CR", "CRi"):
            add("mrd", MRDDY=25 + i % 3, MRDVAL=0.01 if i % 4 < 2 else 0.5)
    if kind == 3:
        add("responses", RSDY=44, CYCLE=2, MBLAST=55, PBLAST=8, ANC=0.4, PLT=20, RSINV="NR")
    if kind == 5 and last > 100:
        add("responses", RSDY=90, CYCLE=4, MBLAST=40, PBLAST=5, ANC=0.4, PLT=30, RSINV="RELAPSE")
    if kind in (3, 5) and last > 110 and i % 12 in (6, 7, 10):
        add("therapies", CMSTDY=100, CMTRT="low-dose cytarabine", CMCLAS="chemotherapy")
    if kind in (3, 5) and last > 110 and i % 12 == 11:
        add("therapies", CMSTDY=95, CMTRT="hydroxyurea", CMCLAS="supportive care")
    if kind == 0 and last > 90:
        add("transplants", TXDY=80)
    if i % 2:
        grade = 5 if dies and last < 120 else 3
        add("adverse_events", AETERM="Anaemia", AEDECOD="Anemia", AETOXGR=grade, AESTDY=10)
    if i % 3 == 0:
        add("adverse_events", AETERM="Nausea", AEDECOD="Nausea", AETOXGR=2, AESTDY=5)
    for day, values in ((-1, (110, 2.5, 160)), (14, (70, 0.3 if i % 2 else 1.5, 40))):
        for test, value in zip(("HGB", "ANC", "PLT"), values, strict=True):
            add("labs", LBDY=day, LBTESTCD=test, LBSTRESN=value)
    return told, rows


def rows(n: int = 28) -> Rows:
    """The rows of ``n`` patients."""
    made: Rows = {key: [] for key in _COLUMNS}
    for i in range(n):
        told, own = _patient(i)
        made["patients"].append(told)
        for table, some in own.items():
            made[table] += some
    return made
