"""A dated fact of a patient, with the clean row that states it: what milestones are made of."""

from __future__ import annotations

from dataclasses import dataclass

from venaza.contracts.ties import tie_rank
from venaza.contracts.wording import small


@dataclass(frozen=True, order=True)
class Fact:
    """A dated fact: the day from index, and the clean row and column that state it."""

    day: int
    domain: str
    variable: str
    seq: int
    name: str
    description: str


@dataclass(frozen=True)
class PassedOver:
    """A fact that does not count: ``when`` (after, before, without, ...) and what it refers to.

    ``what`` is a milestone, or a column that the row would need (``CYCLE``).
    """

    patient: str
    fact: Fact
    when: str
    what: str


#: Facts by patient, each patient's list by day.
Facts = dict[str, list[Fact]]

#: Milestones that the engine makes itself, and columns, as a sentence names them.
_WORDS = {
    "INDEX": "index date",
    "FAILURE": "failure of the regimen",
    "ASSESSED": "assessment",
    "LAST_ASSESSMENT": "last assessment",
    "LAST_ALIVE": "last date known alive",
    "CYCLE": "a known cycle",
}


def first_day(facts: Facts, patient: str) -> int | None:
    """The day of a patient's first fact; None where there is none."""
    found = facts.get(patient)
    return found[0].day if found else None


def described(milestone: str, study: dict) -> str:
    """What a milestone or a column is called within a sentence: ``first response``."""
    if milestone in _WORDS:
        return _WORDS[milestone]
    description = study["milestones"].get(milestone, {}).get("description", milestone)
    return small(description)


def earliest(facts: list[Fact], study: dict) -> list[Fact]:
    """The facts by day; on one day by ``tie_rank``, then in the order given."""
    ranked = [(fact.day, tie_rank(fact.name, study), n) for n, fact in enumerate(facts)]
    return [facts[n] for _, _, n in sorted(ranked)]
