"""A small study in which remission comes during follow-up, through the whole statistics stage."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pandas as pd

from tests.statistics.made_up import STUDY, make_tables, times
from venaza.contracts.analysis import MILESTONES
from venaza.contracts.files import conform
from venaza.pipeline.statistics import analyse

#: Patient, days, CNSR: P001 to P004 newly diagnosed, P005 to P008 relapsed or refractory.
TIMES = [
    *((1, 40, 0), (2, 60, 0), (3, 120, 0), (4, 200, 1)),
    *((5, 61, 0), (6, 90, 0), (7, 100, 0), (8, 150, 0)),
]
REMISSION = {2: 30, 3: 60, 4: 61, 7: 50, 8: 150}


def milestones(name: str, description: str, days: dict[int, int]) -> pd.DataFrame:
    rows = [
        {"USUBJID": f"P{i:03d}", "MILESTONE": name, "DESCRIPTION": description, "ADY": day}
        for i, day in days.items()
    ]
    return conform(pd.DataFrame(rows), MILESTONES)


def changing_tables() -> dict[str, pd.DataFrame]:
    patients = [{"GROUP": "ND" if i <= 4 else "RR", "SEX": "MF"[i % 2]} for i in range(1, 9)]
    tables = make_tables(patients, times("OS", TIMES))
    tables["milestones"] = milestones("FIRST_REMISSION", "First complete remission", REMISSION)
    return tables


def changing_study() -> SimpleNamespace:
    """``study ard curves`` with a landmark, a change, strata and a restricted mean."""
    study = copy.deepcopy(STUDY)
    study["study"] = {"synthetic": False, "design": "Retrospective cohort"}
    study["endpoints"] = {"OS": {"label": "Overall survival", "competing": []}}
    study["analysis"] |= {
        "landmark_days": [60, 90],
        "time_dependent": {"OS": {"REMISSION": "FIRST_REMISSION"}},
        "strata": {"OS": ["SEX"]},
        "rmst_months": {"OS": 3},
    }
    ard, curves = analyse(changing_tables(), study)
    return SimpleNamespace(study=study, ard=ard, curves=curves)
