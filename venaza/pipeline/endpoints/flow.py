"""The cohort flow: from the rows of the export to those treated again after failure."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.analysis import FLOW
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true
from venaza.pipeline.endpoints.groups import ungrouped
from venaza.study.support import FAILURE


def derive_flow(
    adsl: pd.DataFrame, row_account: pd.DataFrame, support: pd.DataFrame, study: dict
) -> pd.DataFrame:
    """The boxes of the flow chart (``FLOW``), top to bottom, group by group.

    A group's box is labelled with the code of the group; who shows it knows its words. Data that
    cannot show any kind of failure (``support``) have no box of failures: none is not known.
    """
    rows = row_account[row_account["TABLE"] == "patients"]
    lost = rows[rows["OUTCOME"] != "used"].groupby("OUTCOME")["N"].sum()
    boxes = [
        _box("raw", None, None, "Patient rows in the export", int(rows["N"].sum())),
        _box("patients", "raw", None, "Patients", len(adsl), lost.to_dict()),
    ]
    treated = adsl[adsl["ITTFL"] == "Y"]
    reasons = {"no index date": len(adsl) - len(treated)}
    label = "Patients in the analysis"
    boxes.append(_box("treated", "patients", None, label, len(treated), reasons))
    parted, without = "treated", ungrouped(adsl, study)
    if without:
        parted = "grouped"
        kept = len(treated) - sum(without.values())
        boxes.append(_box(parted, "treated", None, "Patients in a group", kept, without))
    of_failure = support[support["PARAMCD"] == FAILURE]
    failure_known = is_true(of_failure["SUPPORT"] == "Y").any()
    for level in study["groups"]["levels"] if study["groups"] else [None]:
        part = treated if level is None else treated[treated["GROUP"] == level]
        above = "treated"
        if level is not None:
            above = f"group:{level}"
            boxes.append(_box(above, parted, level, level, len(part)))
        boxes += _evaluable(part, level, above, study)
        if failure_known:
            boxes += _failures(part, level, above, study)
    return conform(pd.DataFrame(boxes), FLOW)


def _box(name, parent, group, label, n, reasons: dict | None = None) -> dict:
    lost = {reason: int(k) for reason, k in (reasons or {}).items() if k}
    return {
        "BOX": name,
        "PARENT": parent,
        "GROUP": group,
        "LABEL": label,
        "N": int(n),
        "EXCLUDED": None if reasons is None else sum(lost.values()),
        "REASONS": "; ".join(f"{reason} (n = {k})" for reason, k in sorted(lost.items())) or None,
    }


def _unassessed(out: pd.DataFrame, study: dict) -> dict[str, int]:
    """Why there is no evaluable assessment: an early death is one by the last early day."""
    days = study["analysis"]["early_death_days"]
    last = max(days, default=0)
    died = out["ENDDY"].where(out["DTHFL"] == "Y")
    early = is_true(died <= last)
    late = is_true(died > last)
    return {
        f"died by day {last} without an evaluable assessment": int(early.sum()),
        f"died after day {last} without an evaluable assessment": int(late.sum()),
        "no evaluable response assessment": int((~early & ~late).sum()),
    }


def _evaluable(part: pd.DataFrame, level, above: str, study: dict) -> list[dict]:
    if not part["RESPFL"].notna().any():
        return []
    out = part[part["RESPFL"] == "N"]
    name, reasons = _named("evaluable", level), _unassessed(out, study)
    return [_box(name, above, level, "Evaluable for response", len(part) - len(out), reasons)]


def _failures(part: pd.DataFrame, level, above: str, study: dict) -> list[dict]:
    failed = part[part["FAILFL"] == "Y"]
    rest = {"no failure recorded": len(part) - len(failed)}
    name, label = _named("failed", level), study["failure"]["label"]
    boxes = [_box(name, above, level, label, len(failed), rest)]
    if "therapies" not in study["tables"]:
        return boxes
    again = failed[failed["PFTRTFL"] == "Y"]
    care = int((failed["PFSUPFL"] == "Y").sum())
    rest = {
        "supportive care only": care,
        "no further therapy recorded": int((failed["PFNONFL"] == "Y").sum()),
    }
    label = "Anti-leukaemic therapy after failure"
    boxes.append(_box(_named("treated_after", level), name, level, label, len(again), rest))
    return boxes


def _named(box: str, level) -> str:
    """A box by its name, and that of the group's lane in which it stands."""
    return box if level is None else f"{box}:{level}"
