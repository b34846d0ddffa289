"""The response at each assessment: derived from blasts and counts, beside what was recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venaza.contracts.analysis import ASSESSMENTS
from venaza.contracts.files import conform

if TYPE_CHECKING:
    import pandas as pd

_CONDITION = re.compile(r"(\w+)\s*(<=|>=|!=|<|>|=)\s*(\S+)")
#: Words that do not contradict each other: criteria derive NR where a clinician says SD, PD or
#: refractory.
_SAME = ({"NR", "SD", "PD", "REFRACTORY"}, {"RELAPSE", "PD"})


def holds(condition: str, values: dict) -> bool | None:
    """Whether ``condition`` (``PLT >= 100``) holds; None where the value was not recorded."""
    name, sign, wanted = _CONDITION.fullmatch(condition).groups()
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return (value == wanted) == (sign == "=")
    limit = float(wanted)
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "!=": value != limit,
    }[sign]


def _all(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _any(results: list[bool | None]) -> bool | None:
    if True in results:
        return True
    return None if None in results else False


def derive_response(values: dict, after_remission: bool, criteria: dict) -> str | None:
    """The first category of ``criteria`` that ``values`` fulfil.

    ``values`` has MBLAST and PBLAST (%), ANC and PLT (10^9/L), EMD (Y or N), RSMETH (marrow or
    imaging), DEAUV and BASELINE_FALL (%), None where not recorded, and TRANSFUSED (Y or N). Where a
    category hangs on a value that was not recorded, the response stays underived (None): nothing
    is guessed.
    """
    for category in criteria["categories"]:
        if category.get("after_remission", False) and not after_remission:
            continue
        parts = [holds(c, values) for c in category.get("all", [])]
        if "any" in category:
            parts.append(_any([holds(c, values) for c in category["any"]]))
        decided = _all(parts)
        if decided:
            return category["response"]
        if decided is None:
            return None
    return None


def derive_assessments(tables: dict[str, pd.DataFrame], study: dict) -> pd.DataFrame:
    """One row per response assessment (``ASSESSMENTS``), in order of patient and date.

    Counts that the assessment lacks are taken from the laboratory table within the window of
    ``response.count_window_days`` around the marrow; extramedullary disease that was not
    recorded is taken as absent, an assessment that does not say how it was made as the marrow's.
    ``RESPONSE`` is the one that the study file says counts, or
    the other where that one is missing.
    """
    import pandas as pd

    rule = study["response"]
    baseline = tables["patients"].set_index("USUBJID")["BMBLAST"].to_dict()
    labs = _counts_by_patient(tables["labs"])
    transfused = days_by_patient(tables["transfusions"])
    in_remission: dict[str, bool] = {}
    rows = []
    for row in tables["responses"].to_dict("records"):
        row = {k: (None if pd.isna(v) else v) for k, v in row.items()}
        patient = row["USUBJID"]
        values = _values(row, baseline.get(patient), labs.get(patient, []), rule)
        values["TRANSFUSED"] = _transfused(row["RSDY"], transfused.get(patient, []), rule)
        derived = derive_response(values, in_remission.get(patient, False), study["criteria"])
        stated = row["RSINV"]
        first, second = (stated, derived) if rule["counts"] == "investigator" else (derived, stated)
        response = first if first is not None else second
        if response in rule["remission"]:
            in_remission[patient] = True
        rows.append(
            {
                **{"STUDYID": study["id"], "USUBJID": patient, "SEQ": row["SEQ"]},
                **{"ADT": row["RSDT"], "ADY": row["RSDY"], "CYCLE": row["CYCLE"]},
                **{"RSINV": stated, "RSDRV": derived, "RESPONSE": response},
            }
        )
    return conform(pd.DataFrame(rows), ASSESSMENTS)


def _counts_by_patient(labs: pd.DataFrame) -> dict[str, list[tuple]]:
    counts: dict[str, list[tuple]] = {}
    wanted = labs[labs["LBTESTCD"].isin(["ANC", "PLT"]) & labs["LBSTRESN"].notna()]
    for patient, day, test, value in zip(
        wanted["USUBJID"], wanted["LBDY"], wanted["LBTESTCD"], wanted["LBSTRESN"], strict=True
    ):
        counts.setdefault(patient, []).append((day, test, value))
    return counts


def _values(row: dict, baseline, labs: list[tuple], rule: dict) -> dict:
    values = {name: row[name] for name in ("MBLAST", "PBLAST", "ANC", "PLT", "DEAUV")}
    for name in ("ANC", "PLT"):
        if values[name] is None and row["RSDY"] is not None:
            near = [
                (abs(day - row["RSDY"]), day, value)
                for day, test, value in labs
                if test == name and abs(day - row["RSDY"]) <= rule["count_window_days"]
            ]
            values[name] = min(near)[2] if near else None
    values["EMD"] = row["EMD"] or "N"
    values["RSMETH"] = row["RSMETH"] or "marrow"
    known = values["MBLAST"] is not None and baseline is not None and not _missing(baseline)
    fall = 100 * (1 - values["MBLAST"] / baseline) if known and baseline > 0 else None
    values["BASELINE_FALL"] = fall
    return values


def _transfused(day: int | None, days: list[int], rule: dict) -> str:
    """Whether a transfusion lies in the days before the marrow that must be without one."""
    wanted = rule["transfusion_free_days"]
    near = wanted and day is not None and any(0 <= day - given <= wanted for given in days)
    return "Y" if near else "N"


def days_by_patient(transfusions: pd.DataFrame) -> dict[str, list[int]]:
    """The days of each patient's transfusions, of whatever kind."""
    dated = transfusions[transfusions["TFDY"].notna()]
    return {p: [int(day) for day in own["TFDY"]] for p, own in dated.groupby("USUBJID")}


def _missing(value) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def disagreements(assessments: pd.DataFrame) -> pd.DataFrame:
    """The assessments whose derived response contradicts the investigator's."""
    both = assessments[assessments["RSINV"].notna() & assessments["RSDRV"].notna()]
    return both[[not _agree(a, b) for a, b in zip(both["RSINV"], both["RSDRV"], strict=True)]]


def _agree(stated: str, derived: str) -> bool:
    return stated in (derived, "NE") or any({stated, derived} <= same for same in _SAME)
