"""Landmark rules: what becomes of a patient who has not reached remission by a stated day."""

from __future__ import annotations

from dataclasses import dataclass

from venaza.endpoints.milestones import Fact, Facts, first_day


@dataclass(frozen=True)
class Ending:
    """How a time ends: the fact that decided, the day, what happened or why it was censored."""

    fact: Fact
    day: int
    event: str | None = None
    censored: str | None = None
    competing: bool = False


def without_remission(
    patient: str, start: Fact, rule: dict, facts: dict[str, Facts]
) -> Ending | None:
    """The ending of a patient without remission by the landmark; None for one who reached it.

    ``rule`` has ``days`` from time zero or a ``milestone`` whose first fact is the landmark,
    ``reached`` (the milestone that counts as success) and ``failure_dated`` (``start``,
    ``landmark`` or ``documented``). As ELN 2022 (Döhner, Blood 2022;140:1345): evaluable
    patients without remission, and those who die before it unassessed, have failed; alive and
    never assessed are censored at time zero. Whoever was not followed to the landmark and is
    alive is censored at the last assessment.
    """
    landmark = _landmark(patient, start, rule, facts)
    reached, death = first_day(facts[rule["reached"]], patient), first_day(facts["DEATH"], patient)
    if reached is not None and (landmark is None or reached <= landmark):
        return None
    died = death is not None and (landmark is None or death <= landmark)
    end = first_day(facts["LAST_ALIVE"], patient) if death is None else death
    followed = landmark is not None and end >= landmark
    assessed = [
        fact
        for fact in facts["ASSESSED"].get(patient, [])
        if fact.day >= start.day and (landmark is None or fact.day <= landmark)
    ]
    if not died and not followed:
        last = assessed[-1] if assessed else start
        return Ending(last, last.day, censored="Landmark not reached")
    if not died and not assessed:
        return Ending(start, start.day, censored="Not evaluable by the landmark")
    evidence = assessed[-1] if assessed else facts["DEATH"][patient][0]
    days = {
        "start": start.day,
        "landmark": min(day for day in (landmark, death) if day is not None),
        "documented": evidence.day,
    }
    event = "No remission by the landmark" if assessed else "Death before assessment"
    return Ending(evidence, days[rule["failure_dated"]], event=event)


def _landmark(patient: str, start: Fact, rule: dict, facts: dict[str, Facts]) -> int | None:
    if "days" in rule:
        return start.day + rule["days"]
    return first_day(facts[rule["milestone"]], patient)
