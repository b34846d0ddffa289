"""The patients: days to failure and to the end, placed so that the medians land exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from numpy.random import PCG64, Generator

from venaza.simulate.placing import miss, place
from venaza.simulate.plan import FINAL_CUTOFF, FIRST_DAY, GROUPS, Fate, Group

#: Words of the random streams: one stream per purpose keeps the others as they are.
TIMES, DATES, COURSE, RECORD, STYLE, KNOWN, CYTOGENETICS = range(1, 8)


@dataclass
class Patient:
    """A patient of the cohort; days count from the index date.

    ``tables`` holds the records by clean table; their columns ending in ``DT`` are days.
    ``end`` is death (``dead``) or the last contact.
    """

    number: int
    usubjid: str
    group: str
    fate: Fate
    index: date
    first: int
    end: int
    dead: bool
    baseline: dict = field(default_factory=dict)
    tables: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def failure_day(self) -> int | None:
        """The day on which the regimen failed, if it did."""
        return self.first if self.fate.failure else None

    def day(self, day: int) -> date:
        """The calendar date of a day from index."""
        return self.index + timedelta(days=int(day))


def stream(seed: int, *words: int) -> Generator:
    """A random stream of its own for ``words`` (purpose, patient, ...)."""
    return Generator(PCG64([seed, *words]))


def _distance(group: Group, first: list[int], post: list[int]) -> float:
    """Sum of the distances of the group's medians from the published ones, in days."""
    fates = group.fates
    end = [f + p for f, p in zip(first, post, strict=True)]
    dead = [fate.dead for fate in fates]
    failed = [i for i, fate in enumerate(fates) if fate.failure]
    middle = sorted(end)[len(end) // 2]
    return (
        miss(first, [bool(f.failure) or f.dead for f in fates], group.efs)
        + miss(end, dead, group.os)
        + miss([post[i] for i in failed], [dead[i] for i in failed], group.post_failure)
        + abs(middle - group.follow_up)
    )


def place_times(group: Group, rng: Generator) -> tuple[list[int], list[int]]:
    """Days to failure (or end) and from failure to end for each fate of the group.

    Raises ``RuntimeError`` where no try reaches the medians.
    """
    first, post = [fate.first for fate in group.fates], [fate.post for fate in group.fates]
    times = place(first, post, lambda *days: _distance(group, *days), rng)
    if times is None:
        raise RuntimeError(f"no times found for group {group.code}: take another seed")
    return times


def place_ages(group: Group, rng: Generator) -> list[int]:
    """Ages with the group's median in the middle; the youngest go where the therapy asks for it."""
    low, high = group.age_range
    half = len(group.fates) // 2
    ages = [group.age]
    ages += [int(rng.integers(low, group.age + 1)) for _ in range(half)]
    ages += [int(rng.integers(group.age, high + 1)) for _ in range(half)]
    ages.sort()
    order = [i for i, fate in enumerate(group.fates) if fate.transplant]
    order += [i for i, fate in enumerate(group.fates) if "induction" in fate.regimen]
    youngest, rest = ages[: len(order)], ages[len(order) :]
    shuffled = [rest[i] for i in rng.permutation(len(rest))]
    placed = dict(zip(order, youngest, strict=True))
    return [placed[i] if i in placed else shuffled.pop() for i in range(len(group.fates))]


def place_index(fate: Fate, end: int, rng: Generator) -> date:
    """An index date from which ``end`` is reached by the cut-off.

    Patients alive were last seen in the month before the cut-off, the one lost much earlier.
    Recruitment grows over the years, so that some short courses begin near the cut-off.
    """
    if fate.dead or fate.lost:
        latest = (FINAL_CUTOFF - FIRST_DAY).days - end - (200 if fate.lost else 10)
        power = 0.25 if end < 160 else 0.6
        return FIRST_DAY + timedelta(days=int(latest * rng.random() ** power))
    return FINAL_CUTOFF - timedelta(days=int(rng.integers(1, 25)) + end)


def make_patients(seed: int) -> list[Patient]:
    """All patients with their times, dates and ages, ordered by index date, not yet numbered."""
    patients = []
    for number, group in enumerate(GROUPS):
        rng = stream(seed, TIMES, number)
        first, post = place_times(group, rng)
        ages = place_ages(group, rng)
        dates = stream(seed, DATES, number)
        for i, fate in enumerate(group.fates):
            end = first[i] + post[i]
            index = place_index(fate, end, dates)
            patient = Patient(0, "", group.code, fate, index, first[i], end, fate.dead)
            patient.baseline["AGE"] = ages[i]
            patients.append(patient)
    return sorted(patients, key=lambda p: (p.index, p.group, p.first))
