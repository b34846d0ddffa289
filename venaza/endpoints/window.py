"""The regimen's window: from which day an assessment counts, until which a response is its own.

One set of functions for milestones, best response and MRD, so that they cannot disagree.
"""

from __future__ import annotations

from venaza.contracts.late import written_late
from venaza.endpoints.fact import Fact, Facts, first_day

#: What an assessment says of disease that did not respond, as recorded or derived.
NO_RESPONSE = ("SD", "NR", "REFRACTORY", "PD")


def on_treatment(day: int, response: object, study: dict) -> bool:
    """Whether an assessment of this day counts: strictly after the index date (day 0).

    What stands on day 0 or before describes the disease that is to be treated. Where
    ``response.baseline_remission`` says that patients enter in remission, a remission on day 0
    counts too.
    """
    rule = study["response"]
    if day == 0 and rule["baseline_remission"]:
        return isinstance(response, str) and response in rule["remission"]
    return day > 0


def regimen_end(patient: str, facts: dict[str, Facts], study: dict) -> Fact | None:
    """What ends the regimen's window, inclusive of its day; None where nothing has.

    The first fact of the milestones under ``response.until`` (next therapy and transplant, unless
    the study plans them) or death. A marrow of the day on which the next therapy starts was taken
    before it, and is still the regimen's.
    """
    ends = [
        facts[name][patient][0] for name in study["response"]["until"] if patient in facts[name]
    ]
    if patient in facts["DEATH"]:
        ends.append(facts["DEATH"][patient][0])
    return min(ends, key=lambda fact: fact.day, default=None)


def response_end(patient: str, facts: dict[str, Facts], study: dict) -> int | None:
    """The last day on which a response or an MRD sample is the regimen's; None where none is.

    As ``regimen_end``, or a relapse from the regimen's remission. Failure otherwise does not end
    it: a remission in the third cycle after no response in the second is the same drugs' work.
    """
    end = regimen_end(patient, facts, study)
    days = [] if end is None else [end.day]
    remission = first_day(facts["FIRST_REMISSION"], patient)
    if remission is not None:
        days += [fact.day for fact in facts["RELAPSE"].get(patient, []) if fact.day > remission]
    return min(days, default=None)


def is_of_regimen(day: int, word: str, patient: str, facts: dict[str, Facts], study: dict) -> bool:
    """Whether a response counts for the regimen: on treatment, in time, and before death.

    No response may be written down a little late (``written_late``), as the milestones allow it.
    """
    death, end = first_day(facts["DEATH"], patient), response_end(patient, facts, study)
    if not on_treatment(day, word, study) or (death is not None and day > death):
        return False
    in_time = end is None or day <= end
    return in_time or (word in NO_RESPONSE and written_late(day, end, study))
