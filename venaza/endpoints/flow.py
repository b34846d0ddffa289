"""The cohort flow: from the rows of the export to those treated again after failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import FLOW
from venaza.contracts.files import conform
from venaza.contracts.wording import small

if TYPE_CHECKING:
    import pandas as pd


def derive_flow(adsl: pd.DataFrame, row_account: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The boxes of the flow chart (``FLOW``), top to bottom, group by group.

    A group's box is labelled with the code of the group; who shows it knows its words.
    """
    import pandas as pd

    rows = row_account[row_account["TABLE"] == "patients"]
    lost = rows[rows["OUTCOME"] != "used"].groupby("OUTCOME")["N"].sum()
    boxes = [
        _box("raw", None, None, "Patient rows in the export", int(rows["N"].sum())),
        _box("patients", "raw", None, "Patients", len(adsl), lost.to_dict()),
    ]
    treated = adsl[adsl["ITTFL"] == "Y"]
    reasons = _untreated(adsl[adsl["ITTFL"] != "Y"], study)
    label = "Patients in the analysis"
    boxes.append(_box("treated", "patients", None, label, len(treated), reasons))
    for level in study["groups"]["levels"] if study["groups"] else [None]:
        part = treated if level is None else treated[treated["GROUP"] == level]
        above = "treated"
        if level is not None:
            above = f"group:{level}"
            boxes.append(_box(above, "treated", level, level, len(part)))
        boxes += _group_boxes(part, level, above, study)
    return conform(pd.DataFrame(boxes), FLOW)


def _box(name, parent, group, label, n, reasons: dict | None = None) -> dict:
    lost = {reason: int(k) for reason, k in (reasons or {}).items() if k}
    return {
        **{"BOX": name, "PARENT": parent, "GROUP": group, "LABEL": label, "N": int(n)},
        "EXCLUDED": None if reasons is None else sum(lost.values()),
        "REASONS": "; ".join(f"{reason} (n = {k})" for reason, k in sorted(lost.items())) or None,
    }


def _untreated(left_out: pd.DataFrame, study: dict) -> dict[str, int]:
    there = left_out[left_out["INDEXDY"].notna()]
    reasons = {"no index date": len(left_out) - len(there)}
    if study["groups"]:
        label = small(study["groups"]["label"])
        known = int(there[study["groups"]["variable"]].notna().sum())
        reasons[f"{label} not recorded"] = len(there) - known
        reasons[f"{label} not among the groups compared"] = known
    return reasons


def _group_boxes(part: pd.DataFrame, level, above: str, study: dict) -> list[dict]:
    suffix = "" if level is None else f":{level}"
    boxes = []
    if part["RESPFL"].notna().any():
        out = part[part["RESPFL"] == "N"]
        why = out["RESPFLRS"].str.replace(r", died on day \d+", ", early death", regex=True)
        kept = len(part) - len(out)
        name = f"evaluable{suffix}"
        reasons = why.value_counts().to_dict()
        boxes.append(_box(name, above, level, "Evaluable for response", kept, reasons))
    failed = part[part["FAILFL"] == "Y"]
    rest = {"no failure recorded": len(part) - len(failed)}
    boxes.append(
        _box(f"failed{suffix}", above, level, study["failure"]["label"], len(failed), rest)
    )
    if "therapies" not in study["tables"]:
        return boxes
    again = failed[failed["PFTRTFL"] == "Y"]
    rest = {"no further therapy recorded": len(failed) - len(again)}
    name = f"treated_after{suffix}"
    boxes.append(_box(name, f"failed{suffix}", level, "Treated after failure", len(again), rest))
    return boxes
