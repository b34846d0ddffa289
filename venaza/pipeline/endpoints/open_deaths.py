"""Deaths known to a month or a year alone, where a landmark lies among the days left open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.pipeline.endpoints.asked import Asked
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.landmark import landmark_day

#: The flag of a completed date -> the period in which it lies, and what is known of it.
_PERIODS = {"D": ("M", "month"), "M": ("Y", "year")}


def deaths_at_a_landmark(
    facts: Facts, tables: dict[str, pd.DataFrame], study: dict
) -> Iterator[Asked]:
    """Unassessed patients of whom nothing says whether they died by the landmark of a definition.

    By ELN 2022 they have failed if they did, and are not evaluable if they did not. Asked once for
    each patient, of the first such definition of the study.
    """
    definitions = {**study["endpoints"], **study["alternatives"]}
    marked = [one for one in definitions.values() if "landmark" in one]
    patients = tables["patients"]
    if not marked or "DTHDTF" not in patients.columns:
        return
    patients = patients[patients["DTHDTF"].isin(_PERIODS)]
    places = facts.places(patients["USUBJID"])
    left = [(one, *(by[places] for by in _unassessed(one, facts))) for one in marked]
    for n, row in enumerate(patients.to_dict("records")):
        found = (_asked(row, one, days[n]) for one, days, unknown in left if unknown[n])
        yield from [asked for asked in found if asked][:1]


def _unassessed(definition: dict, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """The day of the landmark, and who was neither assessed nor in remission by it, by patient."""
    rule = definition["landmark"]
    begun = facts.first_day(definition["start"])
    landmark = landmark_day(facts, rule, begun)
    first = facts.day(facts.earliest_of(facts.since("ASSESSED", begun)))
    known = (first <= landmark) | (facts.first_day(rule["reached"]) <= landmark)
    return landmark, ~np.isnan(begun) & ~known


def _asked(row: dict, definition: dict, landmark: float) -> Asked | None:
    period, part = _PERIODS[row["DTHDTF"]]
    first, last = _days(row, period)
    if not first <= landmark < last:
        return None
    said = {"part": part, "day": row["DTHDY"], "landmark": int(landmark), "of": definition["label"]}
    return Asked(
        "completed_death_at_landmark", "patients", row["USUBJID"], row["SEQ"], "DTHDT", said
    )


def _days(row: dict, period: str) -> tuple[int, int]:
    """The first and the last day, from the index date, on which the death may lie."""
    open_days = pd.Period(row["DTHDT"], period)
    known = [row["INDEXDT"], open_days.start_time]
    if not pd.isna(row["LSTALVDT"]) and row["LSTALVDT"] <= row["DTHDT"]:
        known.append(row["LSTALVDT"])
    ends = (max(known), open_days.end_time.normalize())
    return tuple((day - row["INDEXDT"]).days for day in ends)
