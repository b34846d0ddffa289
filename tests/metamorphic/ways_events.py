"""Exports that record events alone: remission, refractory, relapse, death, last contact."""

from __future__ import annotations

from dataclasses import dataclass

from tests.metamorphic.cohort import Cohort
from tests.metamorphic.events_only import Events, as_registry, events_of, myeloid_events
from tests.metamorphic.expect import Expectation, bound, stops
from tests.metamorphic.outcome import Outcome
from tests.metamorphic.way import Scope, way

KIND = "The course"
REDUCED = Scope(("aml_venaza",), "shown on the primary study")
EVENTS = Scope(("myeloid",), "shown on the public trial")


@way(KIND, stops("asks for no remission or MLFS after 6 cycles"), REDUCED)
def a_registry_of_events(cohort: Cohort) -> None:
    """A registry: remission, refractory, relapse, death, last contact; no cycles, no therapies."""
    as_registry(cohort, events_of(cohort))


#: Endpoint -> the events that end it, and where it begins, as their definitions read.
BY_EVENTS = {
    "OS": (("death",), "start"),
    "EFS": (("refractory", "progression", "relapse", "death"), "start"),
    "EFS.relapse_or_death": (("relapse", "death"), "start"),
    "RFS": (("relapse", "death"), "remission"),
}
_LANDMARKS = ("EFS.eln2022", "EFS.landmark_end")


@dataclass(frozen=True)
class Reduced:
    """The events of an export, the endpoints that they give, the definitions that they cannot."""

    events: dict[str, Events]
    wanted: dict[str, tuple[tuple[str, ...], str]]
    unsupported: tuple[str, ...]

    def expected(self, reason: str) -> Expectation:
        return bound(
            reason,
            lambda _, after: (
                _by_hand(self.events, after, self.wanted) + _marked(after, self.unsupported)
            ),
        )


def registry(cohort: Cohort) -> Reduced:
    """The primary study as a registry, with the definitions that need no cycle and no therapy."""
    events = events_of(cohort)
    as_registry(cohort, events)
    alternatives = ["eln2022", "landmark_end", "relapse_or_death"]
    cohort.told["endpoints"]["EFS"]["alternatives"] = alternatives
    return Reduced(events, BY_EVENTS, _LANDMARKS)


def trial(cohort: Cohort) -> Reduced:
    """The public trial, and beside its own definition those that ask for more than its events."""
    alternatives = ["documented", "eln2022", "landmark_end"]
    cohort.told["endpoints"]["EFS"] = {"like": "EFS.relapse_or_death", "alternatives": alternatives}
    wanted = {name: BY_EVENTS[name] for name in ("OS", "RFS")}
    wanted["EFS"] = BY_EVENTS["EFS.relapse_or_death"]
    return Reduced(myeloid_events(cohort), wanted, ("EFS.documented", *_LANDMARKS))


@way(KIND, scope=REDUCED)
def a_registry_of_events_declared(cohort: Cohort) -> Expectation:
    """The same, and the study file keeps the definitions that need no cycle and no therapy."""
    return registry(cohort).expected(
        "EFS, RFS and survival are those of the table of events, counted by hand; the definitions "
        "with a landmark are marked as not supported, since nobody is known to lack a remission"
    )


@way(KIND, scope=EVENTS)
def a_trial_of_events(cohort: Cohort) -> Expectation:
    """The public trial, whose export holds events alone, with definitions that ask for more."""
    return trial(cohort).expected(
        "EFS, RFS and survival are those of the table of events, counted by hand; the definitions "
        "that ask for refractory disease or a landmark are marked as not supported"
    )


def _by_hand(events: dict[str, Events], after: Outcome, wanted: dict) -> list[str]:
    """Times that are not those of the events."""
    wrong = []
    for endpoint, (names, since) in wanted.items():
        made = after.times(endpoint)
        times = {patient: own.time_to(*names, since=since) for patient, own in events.items()}
        times = {patient: time for patient, time in times.items() if time}
        got = {who: (int(r.AVAL), int(r.CNSR)) for who, r in made.iterrows()}
        wrong += [
            f"{endpoint} {who}: {got.get(who)}, not {times.get(who)}"
            for who in sorted({*times, *got})
            if got.get(who) != times.get(who)
        ]
    return wrong


def _marked(after: Outcome, definitions: tuple[str, ...]) -> list[str]:
    """Definitions that are not marked as unsupported, and supported ones that are."""
    support = after.tables["support"]
    marked = set(support[support["SUPPORT"] == "N"]["PARAMCD"])
    return [f"marked: {sorted(marked)}"] if marked != set(definitions) else []
