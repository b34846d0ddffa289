"""How long a finding counts for the regimen: the last dose, and the treatment-emergent period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.endpoints.arrays import floats, highest
from venaza.pipeline.endpoints.fact import Facts


def last_doses(tables: dict[str, pd.DataFrame], facts: Facts, cycle_days: int = 1) -> np.ndarray:
    """The last day of dosing in days from the index date, by patient; NaN where not known.

    The stop on record, else the end of the last cycle; of a cycle without an end, the last of
    ``cycle_days`` days from its start.
    """
    cycles, patients = tables["cycles"], tables["patients"]
    ends, starts = floats(cycles["EXENDY"]), floats(cycles["EXSTDY"])
    ends = np.where(np.isnan(ends), starts + cycle_days - 1, ends)
    known = ~np.isnan(ends)
    last = highest(facts.places(cycles["USUBJID"])[known], ends[known], len(facts.patients))
    stop, place = floats(patients["STOPDY"]), facts.places(patients["USUBJID"])
    last[place] = np.where(np.isnan(stop), last[place], stop)
    return last


def emergent_until(last_dose: np.ndarray, facts: Facts, study: dict) -> np.ndarray:
    """The last day on which what is found counts as treatment-emergent; NaN where every day does.

    ``treatment_emergent.after_last_dose`` days after the last dose, or the day of the first of the
    milestones ``treatment_emergent.until``, whichever comes first; by patient, as ``last_dose``.
    30 days after the last dose is the window of VIALE-A (NCT02993523). What is found on the day is
    not yet an effect of what begins on it.
    """
    rule = study["treatment_emergent"]
    days = [np.full(len(last_dose), np.nan), *(facts.first_day(name) for name in rule["until"])]
    if rule["after_last_dose"] is not None:
        days.append(last_dose + rule["after_last_dose"])
    return np.fmin.reduce(days)
