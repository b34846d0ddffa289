"""Deaths known to a month or a year alone, where a landmark lies among the days left open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venaza.endpoints.asked import Asked
from venaza.endpoints.fact import Facts, first_day
from venaza.endpoints.landmark import landmark_day

if TYPE_CHECKING:
    import pandas as pd

#: The flag of a completed date -> the period in which it lies, and what is known of it.
_PERIODS = {"D": ("M", "month"), "M": ("Y", "year")}


def deaths_at_a_landmark(
    facts: dict[str, Facts], tables: dict[str, pd.DataFrame], study: dict
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
    for row in patients[patients["DTHDTF"].isin(_PERIODS)].to_dict("records"):
        found = (_asked(row, definition, facts) for definition in marked)
        yield from [asked for asked in found if asked][:1]


def _asked(row: dict, definition: dict, facts: dict[str, Facts]) -> Asked | None:
    patient, rule = row["USUBJID"], definition["landmark"]
    start = facts[definition["start"]].get(patient)
    if not start:
        return None
    marks = facts.get(rule.get("milestone"), {}).get(patient, [])
    landmark = landmark_day(start[0], rule, marks)
    reached = first_day(facts[rule["reached"]], patient)
    assessed = facts["ASSESSED"].get(patient, [])
    evaluable = any(start[0].day <= fact.day <= landmark for fact in assessed)
    period, part = _PERIODS[row["DTHDTF"]]
    first, last = _days(row, period)
    evaluable = evaluable or (reached is not None and reached <= landmark)
    if evaluable or not first <= landmark < last:
        return None
    said = {"part": part, "day": row["DTHDY"], "landmark": landmark, "of": definition["label"]}
    return Asked("completed_death_at_landmark", "patients", patient, row["SEQ"], "DTHDT", said)


def _days(row: dict, period: str) -> tuple[int, int]:
    """The first and the last day, from the index date, on which the death may lie."""
    import pandas as pd

    open_days = pd.Period(row["DTHDT"], period)
    known = [row["INDEXDT"], open_days.start_time]
    if not pd.isna(row["LSTALVDT"]) and row["LSTALVDT"] <= row["DTHDT"]:
        known.append(row["LSTALVDT"])
    ends = (max(known), open_days.end_time.normalize())
    return tuple((day - row["INDEXDT"]).days for day in ends)
