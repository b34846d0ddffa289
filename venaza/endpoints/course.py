"""A patient's course: the facts that count, those passed over, and what lies after the cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from venaza.endpoints.fact import Fact, Facts, PassedOver, described

if TYPE_CHECKING:
    import pandas as pd


class Course(NamedTuple):
    """A patient's facts by milestone, in the order of use.

    ``passed`` has the first fact of a milestone that does not count, with the reason; ``cut`` the
    milestones of which rows were left out for lying after the data cut-off.
    """

    facts: dict[str, list[Fact]]
    passed: dict[str, tuple[Fact, str]]
    cut: set[str]

    def first(self, name: str) -> Fact | None:
        """The fact of a milestone that is used first."""
        found = self.facts.get(name)
        return found[0] if found else None

    def since(self, name: str, day: int) -> list[Fact]:
        """The facts of a milestone from a day on."""
        return [fact for fact in self.facts.get(name, ()) if fact.day >= day]


def courses(
    patients: list[str],
    facts: dict[str, Facts],
    study: dict,
    passed_over: list[PassedOver] = (),
    queries: pd.DataFrame | None = None,
) -> dict[str, Course]:
    """The course of each patient; ``queries`` are the cleaning's, which say what was cut off."""
    made = {patient: Course({}, {}, set()) for patient in patients}
    for name, by_patient in facts.items():
        for patient, found in by_patient.items():
            if patient in made:
                made[patient].facts[name] = found
    for item in sorted(passed_over, key=lambda p: (p.fact.day, p.fact.domain, p.fact.seq)):
        if item.patient in made:
            reason = f"{item.when} {described(item.what, study)}"
            made[item.patient].passed.setdefault(item.fact.name, (item.fact, reason))
    for patient, names in _cut_off(queries, study):
        if patient in made:
            made[patient].cut.update(names)
    return made


def _cut_off(queries: pd.DataFrame | None, study: dict) -> list[tuple[str, list[str]]]:
    """Patient and milestones of each date that cleaning left out for the data cut-off."""
    if queries is None:
        return []
    served: dict[tuple[str, str], list[str]] = {}
    for name, spec in study["milestones"].items():
        table = "responses" if spec["table"] == "assessments" else spec["table"]
        served.setdefault((table, spec["date"]), []).append(name)
    late = queries[(queries["RULE"] == "after_cutoff").fillna(False).astype(bool)]
    columns = (late[name] for name in ("USUBJID", "TABLE", "COLUMN"))
    return [
        (patient, served.get((table, column), []))
        for patient, table, column in zip(*columns, strict=True)
    ]
