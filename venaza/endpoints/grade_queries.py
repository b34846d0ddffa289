"""Queries on recorded CTCAE grades that the term itself does not have."""

from __future__ import annotations

import pandas as pd


def mild_grades(events: pd.DataFrame, study: dict) -> list[dict]:
    """Events recorded with a grade below the mildest that CTCAE gives the term (``QUERIES``).

    Febrile neutropenia is at least grade 3. The recorded grade is kept and counts.
    """
    least = {t: s["least_grade"] for t, s in study["ctcae"]["terms"].items() if "least_grade" in s}
    found = []
    for row in events[events["AEDECOD"].isin(least)].to_dict("records"):
        if pd.isna(row["AETOXGR"]) or row["AETOXGR"] >= least[row["AEDECOD"]]:
            continue
        message = (
            f"{row['AEDECOD']} is recorded with grade {row['AETOXGR']}; "
            f"{study['ctcae']['version']} has it from grade {least[row['AEDECOD']]} on."
        )
        found.append(
            {
                **{"USUBJID": row["USUBJID"], "SEVERITY": "warning", "RULE": "grade_too_mild"},
                **{"TABLE": "adverse_events", "COLUMN": "AETOXGR"},
                **{"VALUE": str(row["AETOXGR"]), "MESSAGE": message},
                **{"ACTION": "the recorded grade counts until answered"},
                **{name: row[name] for name in ("SRCFILE", "SRCSHEET", "SRCROW")},
            }
        )
    return found
