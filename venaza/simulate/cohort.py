"""The patients: days to failure and to the end, placed so that the medians land exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from numpy.random import PCG64, Generator

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


def kaplan_meier_median(times: list[int], events: list[bool]) -> tuple[int | None, float, float]:
    """Median of the Kaplan-Meier curve, and the curve just before and at it."""
    survival, at_risk = 1.0, len(times)
    for time in sorted(set(times)):
        here = [event for t, event in zip(times, events, strict=True) if t == time]
        before, survival = survival, survival * (1 - sum(here) / at_risk)
        at_risk -= len(here)
        if survival <= 0.5:
            return time, before, survival
    return None, survival, survival


def _miss(times: list[int], events: list[bool], target: int) -> float:
    """How far a median is from its target; a curve that only touches 0.5 counts as a miss."""
    median, before, after = kaplan_meier_median(times, events)
    if median is None:
        return 500.0
    return abs(median - target) + (4.0 if before < 0.51 or after > 0.49 else 0.0)


def _distance(group: Group, first: list[int], post: list[int]) -> float:
    """Sum of the distances of the group's medians from the published ones, in days."""
    fates = group.fates
    end = [f + p for f, p in zip(first, post, strict=True)]
    dead = [fate.dead for fate in fates]
    failed = [i for i, fate in enumerate(fates) if fate.failure]
    middle = sorted(end)[len(end) // 2]
    return (
        _miss(first, [bool(f.failure) or f.dead for f in fates], group.efs)
        + _miss(end, dead, group.os)
        + _miss([post[i] for i in failed], [dead[i] for i in failed], group.post_failure)
        + abs(middle - group.follow_up)
    )


def place_times(group: Group, rng: Generator) -> tuple[list[int], list[int]]:
    """Days to failure (or end) and from failure to end for each fate of the group.

    Raises ``RuntimeError`` where no try reaches the medians.
    """
    for _ in range(12):
        times = _approach(group, rng)
        if _distance(group, *times) == 0:
            return times[0], times[1]
    raise RuntimeError(f"no times found for group {group.code}: take another seed")


def _approach(group: Group, rng: Generator, steps: int = 5000) -> list[list[int]]:
    """Draw times within the fates' bounds, then move one patient at a time.

    A move is a few days or a new draw; it stays unless it takes the medians further away.
    """

    def draw(bounds):
        return int(rng.integers(bounds[0], bounds[1] + 1))

    times = [[draw(fate.first) for fate in group.fates], [draw(fate.post) for fate in group.fates]]
    best = _distance(group, *times)
    for _ in range(steps):
        if best == 0:
            break
        which, i = int(rng.integers(2)), int(rng.integers(len(group.fates)))
        bounds = group.fates[i].post if which else group.fates[i].first
        old = times[which][i]
        new = draw(bounds) if rng.random() < 0.3 else old + int(rng.integers(-6, 7))
        if not bounds[0] <= new <= bounds[1] or new == old:
            continue
        times[which][i] = new
        distance = _distance(group, *times)
        if distance > best:
            times[which][i] = old
        best = min(best, distance)
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
