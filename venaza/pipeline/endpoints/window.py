"""The regimen's window: from which day an assessment counts, until which a response is its own.

One set of functions for milestones, best response and MRD, so that they cannot disagree.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.pipeline.endpoints.fact import Facts

#: What an assessment says of disease that did not respond, as recorded or derived.
NO_RESPONSE = ("SD", "NR", "REFRACTORY", "PD")


def on_treatment(days: np.ndarray, responses: pd.Series, study: dict) -> np.ndarray:
    """Which assessments count: those strictly after the index date (day 0).

    What stands on day 0 or before describes the disease that is to be treated. Where
    ``response.baseline_remission`` says that patients enter in remission, a remission on day 0
    counts too. ``days`` are floats, NaN where not known.
    """
    rule = study["response"]
    if not rule["baseline_remission"]:
        return days > 0
    return (days > 0) | ((days == 0) & is_one_of(responses, rule["remission"]))


def is_one_of(responses: pd.Series, words: list[str]) -> np.ndarray:
    """Which responses are among ``words``."""
    return responses.isin(words).to_numpy(bool)


def regimen_end(facts: Facts, study: dict) -> tuple[np.ndarray, np.ndarray]:
    """Day and name, by patient, of what ends the regimen's window; NaN where nothing has.

    The first fact of the milestones under ``response.until`` (next therapy and transplant, unless
    the study plans them) or death. The day is still in the window: a marrow of the day on which the
    next therapy starts was taken before it.
    """
    names = [*study["response"]["until"], "DEATH"]
    days = np.array([facts.first_day(name) for name in names])
    first = np.where(np.isnan(days), np.inf, days).argmin(axis=0)
    return days[first, np.arange(len(first))], np.array(names, dtype=object)[first]


def response_end(facts: Facts, study: dict) -> np.ndarray:
    """The last day on which a response or an MRD sample is the regimen's, by patient; NaN for none.

    As ``regimen_end``, or a relapse from the regimen's remission. Failure otherwise does not end
    it: a remission in the third cycle after no response in the second is the same drugs' work.
    """
    relapses, remission = facts.rows("RELAPSE"), facts.first_day("FIRST_REMISSION")
    later = facts.day(relapses) > remission[facts.of(relapses)]
    relapse = facts.day(facts.earliest_of(relapses[later]))
    return np.fmin(regimen_end(facts, study)[0], relapse)


def written_late(day: np.ndarray, end: np.ndarray, study: dict) -> np.ndarray:
    """Whether what is written down on ``day`` after the window's ``end`` still belongs to it.

    A failure is often written down days after the therapy that answers it has begun: up to
    ``failure.treated_before_days``.
    """
    return (end < day) & (day <= end + study["failure"]["treated_before_days"])


def of_regimen(
    patients: np.ndarray, days: np.ndarray, responses: pd.Series, facts: Facts, study: dict
) -> np.ndarray:
    """Which responses count for the regimen: on treatment, in time, and before death.

    ``patients`` are places. No response may be written down a little late (``written_late``), as
    the milestones allow it.
    """
    death, end = facts.first_day("DEATH")[patients], response_end(facts, study)[patients]
    late = is_one_of(responses, NO_RESPONSE) & written_late(days, end, study)
    in_time = ~(days > end) | late
    return on_treatment(days, responses, study) & ~(days > death) & in_time
