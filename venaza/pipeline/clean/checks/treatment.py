"""Checks of treatment: cycles, doses, later therapies, transplants."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_patient
from venaza.pipeline.clean.clean_table import CleanRow


def _cycles(course: Course) -> list[tuple[int, CleanRow]]:
    """The cycles by day; one before the diagnosis is asked about already and disturbs no order."""
    first = course.day("DIAG")
    return [(day, row) for day, row in course.dated("cycles") if first is None or day >= first]


def _pairs(course: Course) -> Iterator[tuple[int, CleanRow, int, CleanRow]]:
    """Each numbered cycle after the one before it: day, row, day, row."""
    numbered = [(day, row) for day, row in _cycles(course) if row.get("CYCLE") is not None]
    for (day, row), (next_day, next_row) in pairwise(numbered):
        yield day, row, next_day, next_row


def _beside(before: CleanRow, row: CleanRow, column: str, **fields: object) -> Finding:
    """What is wrong with a cycle beside the one before it."""
    numbers = {"cycle": row["CYCLE"], "before": before["CYCLE"]}
    return Finding("cycles", row, column, **numbers, **fields)


@of_patient
def cycle_order(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle that starts after a cycle of a higher number."""
    for _, before, _, row in _pairs(course):
        if row["CYCLE"] < before["CYCLE"]:
            yield _beside(before, row, "CYCLE")


@of_patient
def cycle_twice(course: Course, settings: Settings) -> Iterator[Finding]:
    """Two starts of a cycle of one number."""
    for first, before, day, row in _pairs(course):
        if row["CYCLE"] == before["CYCLE"]:
            yield Finding("cycles", row, "CYCLE", cycle=row["CYCLE"], days=day - first)


@of_patient
def cycle_missing(course: Course, settings: Settings) -> Iterator[Finding]:
    """A number that no cycle of the patient has, between two that have."""
    rows = [row for row in course.rows("cycles") if row.get("CYCLE") is not None]
    for before, row in pairwise(sorted(rows, key=lambda row: row["CYCLE"])):
        if row["CYCLE"] > before["CYCLE"] + 1:
            yield _beside(before, row, "CYCLE")


@of_patient
def first_cycle_missing(course: Course, settings: Settings) -> Iterator[Finding]:
    """The lowest cycle number is above 1."""
    rows = [row for row in course.rows("cycles") if row.get("CYCLE") is not None]
    if rows:
        lowest = min(rows, key=lambda row: row["CYCLE"])
        if lowest["CYCLE"] > 1:
            yield Finding("cycles", lowest, "CYCLE", cycle=lowest["CYCLE"])


@of_patient
def index_not_first_cycle(course: Course, settings: Settings) -> Iterator[Finding]:
    """The first cycle starts on another day than the index date."""
    cycles = _cycles(course)
    if cycles and course.day("INDEX") == 0:
        first = cycles[0][0]
        if abs(first) > settings.limits["index_cycle_days"]:
            yield course.ask("INDEXDT", days=first)


@of_patient
def no_cycle(course: Course, settings: Settings) -> Iterator[Finding]:
    """An index date, and no cycle in a study that has cycles."""
    if "cycles" in settings.tables and course.day("INDEX") == 0 and not course.rows("cycles"):
        yield course.ask("INDEXDT")


@of_patient
def cycles_overlap(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle that starts before the end of the one before it."""
    for first, before, day, row in _pairs(course):
        end = before.get("EXENDY")
        if end is None or day - first < settings.limits["cycle_short_days"]:
            continue
        if end - day > settings.limits["cycle_overlap_days"]:
            yield _beside(before, row, "EXSTDT", days=end - day)


@of_patient
def cycle_too_soon(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle of another number that starts within days of the one before it."""
    for first, before, day, row in _pairs(course):
        short = day - first < settings.limits["cycle_short_days"]
        if short and row["CYCLE"] != before["CYCLE"]:
            yield _beside(before, row, "EXSTDT", days=day - first)


@of_patient
def cycle_gap(course: Course, settings: Settings) -> Iterator[Finding]:
    """More days between the starts of a cycle and the next than ``limits > cycle_gap_days``."""
    for first, before, day, row in _pairs(course):
        follows = row["CYCLE"] == before["CYCLE"] + 1
        if follows and day - first > settings.limits["cycle_gap_days"]:
            yield _beside(before, row, "EXSTDT", days=day - first)


@of_patient
def days_exceed_cycle(course: Course, settings: Settings) -> Iterator[Finding]:
    """More days of a drug than from the start of the cycle to its end, or to the next start."""
    cycles = _cycles(course)
    for place, (day, row) in enumerate(cycles):
        end = row.get("EXENDY")
        length = None if end is None else end - day + 1
        if end is None and place + 1 < len(cycles):
            length = cycles[place + 1][0] - day
        if length is None or length <= 0:
            continue
        drugs = (("VENDAYS", "venetoclax"), ("HMADAYS", "the hypomethylating agent"))
        for column, drug in drugs:
            given = row.get(column)
            if given is not None and given > length:
                yield Finding("cycles", row, column, days=given, drug=drug, length=length)


@of_patient
def unusual_venetoclax_dose(course: Course, settings: Settings) -> Iterator[Finding]:
    """A daily dose that is none of ``limits > venetoclax_doses``."""
    for row in course.rows("cycles"):
        dose = row.get("VENDOSE")
        if dose is not None and dose not in settings.limits["venetoclax_doses"]:
            yield Finding("cycles", row, "VENDOSE", value=dose)


@of_patient
def unusual_hma_dose(course: Course, settings: Settings) -> Iterator[Finding]:
    """A dose outside ``limits > hma_dose``."""
    low, high = settings.limits["hma_dose"]
    for row in course.rows("cycles"):
        dose = row.get("HMADOSE")
        if dose is not None and not low <= dose <= high:
            yield Finding("cycles", row, "HMADOSE", value=dose, low=low, high=high)


@of_patient
def two_regimens_at_once(course: Course, settings: Settings) -> Iterator[Finding]:
    """A later therapy that begins before the regimen has stopped."""
    ends = [(day, f"cycle {row.get('CYCLE') or ''}".strip()) for day, row in _cycles(course)]
    if course.day("STOP") is not None:
        ends.append((course.day("STOP"), "stop"))
    last = max(ends, default=None)
    for day, row in course.dated("therapies"):
        if last and day >= 0 and last[0] - day > settings.limits["parallel_days"]:
            fields = {"therapy": row.get("CMTRT") or "A later therapy", "what": last[1]}
            yield Finding("therapies", row, "CMSTDT", days=last[0] - day, **fields)


@of_patient
def two_therapies_on_a_day(course: Course, settings: Settings) -> Iterator[Finding]:
    """Two later therapies of one start date."""
    for (first, before), (day, row) in pairwise(course.dated("therapies")):
        names = [r.get("CMTRT") or "a later therapy" for r in (before, row)]
        if first == day:
            yield Finding("therapies", row, "CMSTDT", first=names[0], second=names[1])


@of_patient
def therapy_line_order(course: Course, settings: Settings) -> Iterator[Finding]:
    """A line that starts after a line of a higher number."""
    lines = [row for _, row in course.dated("therapies") if row.get("CMLINE") is not None]
    for before, row in pairwise(lines):
        if row["CMLINE"] < before["CMLINE"]:
            yield Finding("therapies", row, "CMLINE", line=row["CMLINE"], before=before["CMLINE"])


@of_patient
def transplants_too_close(course: Course, settings: Settings) -> Iterator[Finding]:
    """Two transplants within ``limits > transplants_apart_days``."""
    for (first, _), (day, row) in pairwise(course.dated("transplants")):
        if day - first < settings.limits["transplants_apart_days"]:
            yield Finding("transplants", row, "TXDT", days=day - first)
