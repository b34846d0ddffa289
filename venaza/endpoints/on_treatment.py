"""How long a finding counts for the regimen: the last dose, and the treatment-emergent period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.endpoints.fact import Facts, first_day

if TYPE_CHECKING:
    import pandas as pd


def last_doses(tables: dict[str, pd.DataFrame], cycle_days: int = 1) -> dict[str, int]:
    """The last day of dosing by patient, in days from the index date.

    The stop on record, else the end of the last cycle; of a cycle without an end, the last of
    ``cycle_days`` days from its start. Patients of whom neither is known are left out.
    """
    import pandas as pd

    cycles, patients = tables["cycles"], tables["patients"]
    ends = cycles.assign(day=cycles["EXENDY"].fillna(cycles["EXSTDY"] + cycle_days - 1))
    ends = ends.dropna(subset=["day"])
    last = {patient: int(day) for patient, day in ends.groupby("USUBJID")["day"].max().items()}
    for patient, stop in zip(patients["USUBJID"], patients["STOPDY"], strict=True):
        if pd.notna(stop):
            last[patient] = int(stop)
    return last


def emergent_until(
    patient: str, last_dose: int | None, facts: dict[str, Facts], study: dict
) -> int | None:
    """The last day on which what is found counts as treatment-emergent; None where every day does.

    ``treatment_emergent.after_last_dose`` days after the last dose, or the day of the first of the
    milestones ``treatment_emergent.until``, whichever comes first. 30 days after the last dose is
    the window of VIALE-A (NCT02993523). What is found on the day is not yet an effect of what
    begins on it.
    """
    rule = study["treatment_emergent"]
    days = [first_day(facts.get(name, {}), patient) for name in rule["until"]]
    if last_dose is not None and rule["after_last_dose"] is not None:
        days.append(last_dose + rule["after_last_dose"])
    return min([day for day in days if day is not None], default=None)
