"""Small analysis tables and study settings, made from the contracts."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.analysis import ADAE, ADRS, ADSL_DERIVED, ADTTE, DEFINITIONS
from venaza.contracts.clean import PATIENTS
from venaza.contracts.columns import Column
from venaza.contracts.files import conform

STUDY = {
    "id": "made_up",
    "timeline": {"days_per_month": 30},
    "groups": {
        "variable": "DISSTAT",
        "name": "disease_status",
        "label": "Disease status",
        "levels": {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"},
    },
    "columns": [],
    "response": {
        "denominator": "evaluable",
        "order": ["CR", "CRh", "CRi", "MLFS", "PR", "SD", "NR", "PD", "NE"],
    },
    "mrd": {"denominator": "remission"},
    "endpoints": {"OS": {"competing": []}},
    "alternatives": {},
    "analysis": {
        "confidence": 0.95,
        "landmarks_months": [6, 12],
        "risk_table_months": 3,
        "early_death_days": [30],
        "table1": [],
        "least_patients": 1,
        "least_events": 0,
        "compare_groups": True,
        "pooled": False,
        "proportion_interval": "clopper-pearson",
        "cox": {},
        "adverse_event_min_patients": 1,
    },
    "published": None,
    "published_curves": [],
}

#: A digitised curve of another study, as ``published_curves`` names one.
DIGITISED = {
    "id": "trial",
    "label": "A trial",
    "endpoint": "OS",
    "points": "points.csv",
    "at_risk": "risk.csv",
    "time_unit": "months",
    "survival_unit": "percent",
    "source": "Doe 2020",
}


def make_adsl(patients: list[dict], own: tuple[Column, ...] = ()) -> pd.DataFrame:
    """An ADSL: each patient in the ITT and safety populations unless said otherwise."""
    given = [
        {"USUBJID": f"P{i:03d}", "ITTFL": "Y", "SAFFL": "Y", **patient}
        for i, patient in enumerate(patients, 1)
    ]
    baseline = [column for column in PATIENTS if column.name != "SEQ"]
    columns = (Column("STUDYID", "string", "Study"), *baseline, *own, *ADSL_DERIVED)
    return conform(pd.DataFrame(given), columns)


def make_tables(
    patients: list[dict],
    adtte: list[dict] = (),
    adrs: list[dict] = (),
    adae: list[dict] = (),
    own: tuple[Column, ...] = (),
    definitions: list[dict] = (),
) -> dict[str, pd.DataFrame]:
    """The analysis tables, typed as the contracts say."""
    return {
        "adsl": make_adsl(patients, own),
        "adtte": conform(pd.DataFrame(list(adtte)), ADTTE),
        "adrs": conform(pd.DataFrame(list(adrs)), ADRS),
        "adae": conform(pd.DataFrame(list(adae)), ADAE),
        "definitions": conform(pd.DataFrame(list(definitions)), DEFINITIONS),
    }


def times(endpoint: str, rows: list[tuple]) -> list[dict]:
    """ADTTE rows from (patient number, days, CNSR[, event])."""
    return [
        {
            "USUBJID": f"P{row[0]:03d}",
            "PARAMCD": endpoint,
            "AVAL": row[1],
            "CNSR": row[2],
            "EVNTDESC": row[3] if len(row) > 3 else ("Death" if row[2] == 0 else None),
        }
        for row in rows
    ]


def answers(parameter: str, values: dict[int, object]) -> list[dict]:
    """ADRS rows from {patient number: value}; text goes to AVALC, numbers to AVAL."""
    rows = []
    for number, value in values.items():
        column = "AVALC" if isinstance(value, str) else "AVAL"
        rows.append({"USUBJID": f"P{number:03d}", "PARAMCD": parameter, column: value})
    return rows


def printed(rows) -> dict[str, str]:
    """Key -> text as printed, of ARD rows or of an ARD."""
    if isinstance(rows, pd.DataFrame):
        return dict(zip(rows["ard_id"], rows["display"], strict=True))
    return {row["ard_id"]: row["display"] for row in rows}
