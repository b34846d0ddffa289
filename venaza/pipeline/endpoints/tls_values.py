"""The values that tumour lysis syndrome is judged by: worst of a day, baseline, abnormal or not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.endpoints.arrays import floats
from venaza.pipeline.endpoints.labs import above, below

_SIGNS = {"more_than": "above", "at_least": "at least", "less_than": "below", "at_most": "at most"}


@dataclass(frozen=True, order=True)
class Reading:
    """The value of a test that counts for a day, its row in ``labs`` and a note on it.

    ``upper`` is the laboratory's upper limit of normal, where it gave one.
    """

    day: int
    seq: int
    value: float
    date: object = field(default=None, compare=False)
    note: str = field(default="", compare=False)
    upper: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Found:
    """An abnormal value, and in words what makes it so."""

    reading: Reading
    words: str


def panels(labs: pd.DataFrame, spec: dict) -> dict[str, dict[str, list[Reading]]]:
    """Patient -> test -> the worst reading of each day, by day; calcium corrected for albumin.

    Of several values on one day the highest counts, of calcium the lowest. Days before every
    baseline or after every definition are left out.
    """
    rules = spec["definitions"].values()
    first = min([spec["baseline_from"], *(rule["days"][0] for rule in rules)])
    last = max([0, *(rule["days"][1] for rule in rules)])
    within = is_true(labs["LBDY"].between(first, last)) & labs["LBSTRESN"].notna()
    frame = labs[within & labs["LBTESTCD"].isin([*spec["tests"], "CREAT", "ALB"])]
    frame = frame.assign(LEVEL=floats(frame["LBSTRESN"]), UPPER=floats(frame["LBSTNRHI"]))
    frame["RANK"] = frame["LEVEL"].where(frame["LBTESTCD"] == "CA", -frame["LEVEL"])
    frame = frame.sort_values(["USUBJID", "LBTESTCD", "LBDY", "RANK", "SEQ"])
    frame = frame.drop_duplicates(["USUBJID", "LBTESTCD", "LBDY"])
    frame = _corrected(frame, spec["albumin"])
    found: dict[str, dict[str, list[Reading]]] = {}
    names = ("USUBJID", "LBTESTCD", "LBDY", "SEQ", "LEVEL", "LBDT", "NOTE", "UPPER")
    columns = (frame[name].tolist() for name in names)
    for patient, test, *reading, upper in zip(*columns, strict=True):
        reading = Reading(*reading, None if upper != upper else upper)
        found.setdefault(patient, {}).setdefault(test, []).append(reading)
    return found


def _corrected(frame: pd.DataFrame, rule: dict) -> pd.DataFrame:
    """The readings with the calcium corrected for the albumin of the day, and a NOTE on it."""
    albumin = frame.loc[frame["LBTESTCD"] == "ALB", ["USUBJID", "LBDY", "LEVEL"]]
    albumin = albumin.rename(columns={"LEVEL": "ALBUMIN"})
    frame = frame.merge(albumin, on=["USUBJID", "LBDY"], how="left")
    calcium, measured = (frame["LBTESTCD"] == "CA").to_numpy(bool), frame["ALBUMIN"].notna()
    corrected = frame["LEVEL"] + rule["factor"] * (rule["normal"] - frame["ALBUMIN"])
    notes = np.where(measured, "corrected for albumin", "not corrected for albumin")
    return frame.assign(
        LEVEL=frame["LEVEL"].mask(calcium & measured, corrected.round(6)),
        NOTE=np.where(calcium, notes, ""),
        UPPER=frame["UPPER"].mask(calcium),
    )


def in_days(readings: list[Reading], rule: dict) -> list[Reading]:
    """The readings within the days of a definition."""
    first, last = rule["days"]
    return [reading for reading in readings if first <= reading.day <= last]


def baseline_of(readings: list[Reading], spec: dict) -> Reading | None:
    """The last reading from ``baseline_from`` to the index date."""
    before = [reading for reading in readings if spec["baseline_from"] <= reading.day <= 0]
    return before[-1] if before else None


def abnormal(test: str, readings: list[Reading], spec: dict, rule: dict) -> list[Found]:
    """The readings beyond the limit of a definition, or changed by its percentage, by day."""
    base = baseline_of(readings, spec)
    found = []
    for reading in in_days(readings, rule):
        why = _beyond(reading.value, rule["limits"][test])
        if not why and base is not None and reading.day > base.day and "change_percent" in rule:
            why = _changed(reading.value, base, test, rule)
        if why:
            about = spec["tests"][test]
            note = f", {reading.note}" if reading.note else ""
            words = f"{about['label']} {reading.value:.6g} {about['unit']} on {day_text(reading)}"
            found.append(Found(reading, f"{words} ({why}{note})"))
    return found


def _beyond(value: float, limit: dict) -> str:
    sign, edge = next(iter(limit.items()))
    beyond = {
        "more_than": above(value, edge),
        "at_least": not below(value, edge),
        "less_than": below(value, edge),
        "at_most": not above(value, edge),
    }[sign]
    return f"{_SIGNS[sign]} {edge:.6g}" if beyond else ""


def _changed(value: float, base: Reading, test: str, rule: dict) -> str:
    share = rule["change_percent"] / 100
    falls = next(iter(rule["limits"][test])) in ("less_than", "at_most")
    far = (
        not above(value, base.value * (1 - share))
        if falls
        else not below(value, base.value * (1 + share))
    )
    way = "down" if falls else "up"
    return f"{way} {rule['change_percent']}% or more from {base.value:.6g}" if far else ""


def day_text(reading: Reading) -> str:
    """``day 2 (2021-11-23)``; the day alone where the study has no dates."""
    if reading.date is None or pd.isna(reading.date):
        return f"day {reading.day}"
    return f"day {reading.day} ({reading.date.date().isoformat()})"
