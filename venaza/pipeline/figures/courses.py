"""Each patient's course for the swimmer plot: phases with a start and an end, and marks."""

from __future__ import annotations

import pandas as pd

from venaza.pipeline.figures.lookup import Group
from venaza.pipeline.figures.style import INK
from venaza.study.words import say

#: Phases in order: colour and name. BEFORE where the study records no stop of the regimen.
PHASES = {
    "BEFORE": ("#9ec4e6", "Before failure"),
    "ON": ("#9ec4e6", "On the regimen"),
    "OFF": ("#d3d9df", "Off the regimen, no failure"),
    "AFTER": ("#f5be90", "After failure"),
}
#: Shape, colour and size in points of each mark; failures differ in shape only.
MARKS = {
    "FIRST_REMISSION": ("^", "#00441b", 4.6),
    "FIRST_RESPONSE": ("^", "#ffffff", 4.4),
    "NEXT_THERAPY": ("|", "#3f007d", 8.0),  # seen above and below a mark of the same day
    "TRANSPLANT": ("*", "#ae017e", 6.4),
    "DEATH": ("X", INK, 5.0),
    "ALIVE": (">", "#4d4d4d", 4.2),
}
FAILURE_SHAPES = (("D", 3.8), ("v", 4.8), ("p", 4.8), ("h", 4.8))
FAILURE_COLOUR = "#b2182b"


def mark_looks(study: dict) -> dict[str, tuple[str, str, float]]:
    """Shape, colour and size of every mark, the study's kinds of failure among them."""
    failures = {}
    for i, milestone in enumerate(study["failure"]["milestones"]):
        shape, size = FAILURE_SHAPES[i % len(FAILURE_SHAPES)]
        failures[milestone] = (shape, FAILURE_COLOUR, size)
    names = list(MARKS)
    first, later = names[:2], names[2:]
    return {m: MARKS[m] for m in first} | failures | {m: MARKS[m] for m in later}


def mark_labels(study: dict) -> dict[str, str]:
    """What the legend calls each mark: the milestone's description in the configuration."""
    rules = study["response"]
    partial = [c for c in rules["overall"] if c not in rules["remission"]]
    labels = {}
    for mark in mark_looks(study):
        described = study["milestones"].get(mark, {}).get("description", mark.capitalize())
        labels[mark] = described
    categories = say(study, ", ").join(partial)
    labels["FIRST_RESPONSE"] = say(study, "First response ({categories})", categories=categories)
    labels["ALIVE"] = say(study, "Alive at last contact")
    return labels


def courses(
    adsl: pd.DataFrame, milestones: pd.DataFrame, groups: list[Group], study: dict
) -> pd.DataFrame:
    """Phases and marks of every treated patient.

    ``adsl`` needs USUBJID, GROUP, ITTFL, ENDDY, FAILDY, DTHFL and may have STOPDY;
    ``milestones`` USUBJID, MILESTONE, ADY. Returns GROUP, USUBJID, ITEM, FROM and TO in months;
    a mark has FROM equal to TO. Patients stand group by group, longest course first.
    """
    month = study["timeline"]["days_per_month"]
    stops = "STOPDY" in adsl and bool(adsl["STOPDY"].notna().any())
    marks = _milestones_drawn(milestones, adsl, study)
    records = []
    for group in groups:
        rows = group.of(adsl)
        rows = rows[(rows["ITTFL"] == "Y") & rows["ENDDY"].notna()]
        rows = rows.sort_values(["ENDDY", "USUBJID"], ascending=[False, True])
        for row in rows.to_dict("records"):
            last = "DEATH" if row["DTHFL"] == "Y" else "ALIVE"
            items = _phases(row, stops) + marks.get(row["USUBJID"], [])
            for item, start, end in [*items, (last, row["ENDDY"], row["ENDDY"])]:
                records.append((group.key, row["USUBJID"], item, start / month, end / month))
    return pd.DataFrame(records, columns=["GROUP", "USUBJID", "ITEM", "FROM", "TO"])


def _phases(row: dict, stops: bool) -> list[tuple[str, int, int]]:
    """The phases of one patient in days; none is longer than the follow-up."""
    end = int(row["ENDDY"])
    failure = end if pd.isna(row["FAILDY"]) else min(int(row["FAILDY"]), end)
    stop = failure
    if stops and not pd.isna(row["STOPDY"]):
        stop = min(max(int(row["STOPDY"]), 0), failure)
    spans = [
        ("ON" if stops else "BEFORE", 0, stop),
        ("OFF", stop, failure),
        ("AFTER", failure, end),
    ]
    return [span for i, span in enumerate(spans) if i == 0 or span[2] > span[1]]


def _milestones_drawn(milestones: pd.DataFrame, adsl: pd.DataFrame, study: dict) -> dict:
    """The marks of each patient: patient -> list of (mark, day, day).

    Of the kinds of failure only the one that ended the regimen is drawn; a first response that
    is a remission already is drawn as the remission.
    """
    failures = list(study["failure"]["milestones"])
    order = [m for m in mark_looks(study) if m not in ("DEATH", "ALIVE")]
    failed = dict(zip(adsl["USUBJID"], adsl["FAILDY"], strict=True))
    known = milestones[milestones["MILESTONE"].isin(order) & milestones["ADY"].notna()]
    first = known.groupby(["USUBJID", "MILESTONE"])["ADY"].min()
    days: dict[str, dict[str, int]] = {}
    for (patient, milestone), day in first.items():
        days.setdefault(patient, {})[milestone] = int(day)
    marks = {}
    for patient, reached in days.items():
        if reached.get("FIRST_RESPONSE") == reached.get("FIRST_REMISSION"):
            reached.pop("FIRST_RESPONSE", None)
        day = failed.get(patient)
        deciding = [m for m in failures if not pd.isna(day) and reached.get(m) == day][:1]
        wanted = [m for m in order if m in reached and (m not in failures or m in deciding)]
        marks[patient] = [(m, reached[m], reached[m]) for m in wanted]
    return marks
