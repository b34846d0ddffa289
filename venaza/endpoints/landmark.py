"""Landmark rules: what becomes of a patient who has not reached remission by a stated day."""

from __future__ import annotations

from venaza.contracts.late import written_late
from venaza.endpoints.ending import Ending, censoring
from venaza.endpoints.fact import Fact, Facts, first_day


def by_landmark(
    patient: str, code: str, start: Fact, definition: dict, facts: dict[str, Facts], study: dict
) -> Ending | None:
    """The ending of a patient without remission by the landmark; None for one who reached it.

    The definition's ``landmark`` has ``days`` from time zero, or a ``milestone`` whose first fact
    is the landmark where it comes within ``at_most_days``; ``reached`` (the milestone that counts
    as success, up to and including the landmark); and ``failure_dated`` (``start``, ``landmark`` or
    ``documented``). As ELN 2022 (Döhner, Blood 2022;140:1345, table 9): evaluable patients without
    remission, and those who die before it unassessed, have failed; alive and never evaluable are
    censored at time zero (``not_evaluable: start``). A death or the end of the regimen's window
    before the landmark decides: no remission can be reached any more, and only a failure that is
    written down a little late still shows that the patient was evaluable. Whoever is alive and not
    followed to the landmark is censored where the definition censors. Nothing after the landmark
    changes who failed by it.
    """
    rule = definition["landmark"]
    landmark = landmark_day(patient, start, rule, facts)
    reached, death = first_day(facts[rule["reached"]], patient), first_day(facts["DEATH"], patient)
    if reached is not None and reached <= landmark:
        return None
    died = death is not None and death <= landmark
    decided = min([landmark, *closing_days(patient, start, facts, study)])
    end = first_day(facts["LAST_ALIVE"], patient) if death is None else death
    seen = _seen(patient, start, (decided, landmark), facts, study)
    censored = "Landmark not reached" if end < landmark else "Not evaluable by the landmark"
    if not seen and not died and rule.get("not_evaluable", "start") == "start":
        return Ending(start, start.day, censored=censored)
    evidence = seen[-1] if seen else facts["DEATH"][patient][0] if died else None
    day = failure_day(rule, evidence, start, death if died else landmark)
    if day is None or end < max(day, decided):
        last = censoring(patient, code, start, definition, facts)
        return Ending(last, last.day, censored=censored)
    event = "No remission by the landmark" if seen else "Death before assessment"
    return Ending(evidence, day, event=event)


def _seen(
    patient: str, start: Fact, until: tuple[int, int], facts: dict[str, Facts], study: dict
) -> list[Fact]:
    """The assessments up to the day that decides; where there is none, a failure written late.

    ``until`` is that day and the landmark, after which nothing counts.
    """
    decided, landmark = until
    seen = [f for f in facts["ASSESSED"].get(patient, []) if start.day <= f.day <= decided]
    late = [f for f in facts["FAILURE"].get(patient, []) if f.day <= landmark]
    return seen or [f for f in late if written_late(f.day, decided, study)]


def landmark_day(patient: str, start: Fact, rule: dict, facts: dict[str, Facts]) -> int:
    """The day of the landmark, which what happens after it cannot move."""
    if "days" in rule:
        return start.day + rule["days"]
    found = facts[rule["milestone"]].get(patient, [])
    days = [fact.day for fact in found if fact.day >= start.day]
    return min([*days, start.day + rule["at_most_days"]])


def closing_days(patient: str, start: Fact, facts: dict[str, Facts], study: dict) -> list[int]:
    """The first days, from time zero on, of what ends the regimen's window, death among them."""
    names = [*study["response"]["until"], "DEATH"]
    days = [first_day(facts[name], patient) for name in names]
    return [day for day in days if day is not None and day >= start.day]


def failure_day(rule: dict, evidence: Fact | None, start: Fact, landmark: int) -> int | None:
    """The day of the failure as the rule dates it; None where nothing shows one."""
    if evidence is None:
        return None
    days = {"start": start.day, "landmark": landmark, "documented": evidence.day}
    return days[rule["failure_dated"]]
