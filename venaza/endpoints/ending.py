"""How a time ends, and where it is censored without an event."""

from __future__ import annotations

from dataclasses import dataclass

from venaza.endpoints.fact import Fact
from venaza.errors import StudyError


@dataclass(frozen=True)
class Ending:
    """How a time ends: the fact that decided, the day, what happened or why it was censored."""

    fact: Fact
    day: int
    event: str | None = None
    censored: str | None = None
    competing: bool = False


def censoring(patient: str, code: str, start: Fact, definition: dict, facts) -> Fact:
    """The first of the definition's ``censors`` that the patient has from time zero on."""
    for name in definition["censors"]:
        found = [fact for fact in facts[name].get(patient, []) if fact.day >= start.day]
        if found:
            return found[-1]
    raise StudyError(
        f"Patient {patient} has neither an event nor a date at which {code} could be censored: "
        f"time zero ({start.description}, day {start.day}) lies after all of them.",
        fix="Ask the clinic for that date or a last contact, or add LAST_ALIVE to the "
        "endpoint's censors.",
        column=start.variable,
    )
