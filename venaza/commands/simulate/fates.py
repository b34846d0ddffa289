"""What a plan says of its own patients one by one, and times that give its medians together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from numpy.random import Generator

from venaza.commands.simulate.placing import Times, miss, place
from venaza.contracts.errors import StudyError

#: Words of the random streams: one stream per purpose keeps the others as they are.
TIMES, DATES, COURSE, FINDINGS, STYLE, KNOWN, CYTOGENETICS = range(1, 8)
REFRACTORY, PROGRESSION, RELAPSE = "REFRACTORY", "PROGRESSION", "RELAPSE"
#: The response that shows each kind of failure, and the reason for which the regimen is stopped.
FAILED = {REFRACTORY: "NR", PROGRESSION: "PD", RELAPSE: "RELAPSE"}
STOPPED = {k: "relapse" if k == RELAPSE else "refractory disease" for k in FAILED}


@dataclass(frozen=True)
class Fate:
    """One patient's story in outline: an entry of the plan's ``patients``.

    ``best`` is a response; CRC is a complete remission with or without full recovery.
    ``first`` bounds the days from index to failure, or to death or last contact where the
    regimen never fails; ``post`` bounds the days from failure to death or last contact.
    ``answer`` is the response to the ``therapy`` after failure, ``mrd`` says whether the patient
    becomes MRD-negative in remission, ``pause`` that the regimen was paused before it failed and
    is given again, ``young`` that the patient is the n-th youngest of the group. ``set`` holds
    baseline values.
    """

    best: str
    first: Sequence[int]
    dead: bool
    group: str = ""
    failure: str = ""
    post: Sequence[int] = (0, 0)
    lost: bool = False
    therapy: str = ""
    answer: str = ""
    mrd: bool = False
    transplant: bool = False
    cell_therapy: bool = False
    pause: bool = False
    young: int = 0
    set: dict = field(default_factory=dict)


@dataclass
class Patient:
    """A patient; days count from the index date, which lies ``index`` days after the plan's first.

    ``tables`` holds the records by clean table; their columns ending in ``DT`` are days.
    ``first`` is the day of failure, or of the end without one; ``end`` is death or last contact.
    """

    fate: Fate
    index: int
    first: int
    end: int
    number: int = 0
    baseline: dict = field(default_factory=dict)
    tables: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def failure_day(self) -> int | None:
        """The day on which the regimen failed, if it did."""
        return self.first if self.fate.failure else None


def fates_by_group(plan: dict) -> dict[str, list[Fate]]:
    """The fates of the plan's ``patients`` by group; without one they belong to the first."""
    groups: dict[str, list[Fate]] = {name: [] for name in plan["groups"]}
    for entry in plan["patients"]:
        groups[entry.get("group", next(iter(groups)))].append(Fate(**entry))
    return groups


def days_of(plan: dict) -> int:
    """How many days lie between the plan's ``first_day`` and its ``cutoff``."""
    first, last = (date.fromisoformat(plan[key]) for key in ("first_day", "cutoff"))
    return (last - first).days


def times_of(fates: list[Fate], targets: dict, rng: Generator, seed: int) -> Times:
    """Days to failure (or the end) and from failure to the end, which give the ``targets``.

    Raises ``StudyError`` for a seed from which no times are found.
    """
    first, post = [fate.first for fate in fates], [fate.post for fate in fates]
    times = place(first, post, lambda *days: _distance(fates, targets, *days), rng)
    if times is None:
        raise StudyError(
            f"No times are found with the seed {seed} that give the plan's medians.",
            fix="Take another seed, or widen the bounds of the patients in the plan.",
        )
    return times


def _distance(fates: list[Fate], targets: dict, first: list[int], post: list[int]) -> float:
    """How far medians are from targets, in days: ``os``, ``efs``, ``post_failure`` (Kaplan-Meier)
    and ``follow_up`` (of all times to death or last contact)."""
    end = [a + b for a, b in zip(first, post, strict=True)]
    dead = [fate.dead for fate in fates]
    failed = [i for i, fate in enumerate(fates) if fate.failure]
    curves = {
        "os": (end, dead),
        "efs": (first, [bool(fate.failure) or fate.dead for fate in fates]),
        "post_failure": ([post[i] for i in failed], [dead[i] for i in failed]),
    }
    found = sum(miss(*curve, targets[name]) for name, curve in curves.items() if name in targets)
    if "follow_up" in targets:
        found += abs(sorted(end)[len(end) // 2] - targets["follow_up"])
    return found
