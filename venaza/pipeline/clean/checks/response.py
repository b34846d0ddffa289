"""Checks of response: word against counts, order of remission and relapse, cycles of assessment."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import (
    NO_RESPONSE,
    REMISSION,
    Course,
    Finding,
    Settings,
    of_patient,
)
from venaza.pipeline.clean.clean_table import CleanRow


def _all_counted(row: CleanRow) -> bool:
    """Whether the row has all that criteria ask: ``response_disagrees`` then speaks of it."""
    return all(row.get(name) is not None for name in ("MBLAST", "PBLAST", "ANC", "PLT"))


@of_patient
def remission_with_blasts(course: Course, settings: Settings) -> Iterator[Finding]:
    """A remission or MLFS with marrow blasts at the limit or above it, or with blood blasts."""
    for _, word, row in course.responses():
        if word not in (*REMISSION, "MLFS") or _all_counted(row):
            continue
        if (row.get("MBLAST") or 0) >= settings.limits["blasts"]:
            fields = {"response": word, "value": row["MBLAST"], "where": "marrow"}
            yield Finding("responses", row, "RSINV", **fields)
        elif (row.get("PBLAST") or 0) > 0:
            fields = {"response": word, "value": row["PBLAST"], "where": "blood"}
            yield Finding("responses", row, "RSINV", **fields)


@of_patient
def remission_with_disease_elsewhere(course: Course, settings: Settings) -> Iterator[Finding]:
    """A remission or MLFS with extramedullary disease."""
    for _, word, row in course.responses():
        if word in (*REMISSION, "MLFS") and row.get("EMD") == "Y" and not _all_counted(row):
            yield Finding("responses", row, "RSINV", response=word)


@of_patient
def assessment_copied(course: Course, settings: Settings) -> Iterator[Finding]:
    """Marrow blasts, neutrophils and platelets all equal to those of an earlier assessment."""
    seen: dict[tuple, int] = {}
    for day, row in course.dated("responses"):
        counts = tuple(row.get(name) for name in ("MBLAST", "ANC", "PLT"))
        # Cleared blasts in round counts do repeat: only what is odd is telling.
        if None in counts or float(counts[1]).is_integer() or counts[2] % 10 == 0:
            continue
        before = seen.setdefault(counts, day)
        if before != day:
            fields = dict(zip(("blasts", "anc", "plt"), counts, strict=True))
            yield Finding("responses", row, "PLT", before=before, **fields)


@of_patient
def cr_without_recovery(course: Course, settings: Settings) -> Iterator[Finding]:
    """CR with neutrophils or platelets below what CR asks for."""
    for _, word, row in course.responses():
        if word != "CR" or row.get("RSMETH") == "imaging" or _all_counted(row):
            continue
        counts = (("PLT", "platelets", "platelets"), ("ANC", "neutrophils", "anc"))
        for column, what, limit in counts:
            value = row.get(column)
            if value is not None and value < settings.limits[limit]:
                yield Finding("responses", row, "RSINV", what=what, value=value)
                break


@of_patient
def no_response_with_clear_marrow(course: Course, settings: Settings) -> Iterator[Finding]:
    """No response of any kind with marrow blasts below the limit and no disease elsewhere."""
    for _, word, row in course.responses():
        blasts = row.get("MBLAST")
        if word not in NO_RESPONSE or blasts is None or row.get("RSMETH") == "imaging":
            continue
        if _all_counted(row):
            continue
        elsewhere = (row.get("PBLAST") or 0) > 0 or row.get("EMD") == "Y"
        if blasts < settings.limits["blasts"] and not elsewhere:
            yield Finding("responses", row, "RSINV", response=word, value=blasts)


@of_patient
def lost_without_relapse(course: Course, settings: Settings) -> Iterator[Finding]:
    """PR or no response after a remission, without a relapse since; the first of them."""
    remission = None
    for _, word, row in course.responses():
        if word in REMISSION:
            remission = word
        elif word == "RELAPSE":
            remission = None
        elif remission and word in ("PR", *NO_RESPONSE):
            yield Finding("responses", row, "RSINV", response=word, before=remission)
            return


@of_patient
def remission_after_relapse(course: Course, settings: Settings) -> Iterator[Finding]:
    """A remission after a relapse with no later therapy begun from the relapse on."""
    if "therapies" not in settings.tables:
        return
    starts = [day for table in ("therapies", "transplants") for day, _ in course.dated(table)]
    relapse = None
    for day, word, row in course.responses():
        if word == "RELAPSE" and relapse is None:
            relapse = day
        elif word in REMISSION and relapse is not None:
            if not any(relapse <= start <= day for start in starts):
                yield Finding("responses", row, "RSINV", response=word, days=day - relapse)
            return


@of_patient
def two_responses_on_a_day(course: Course, settings: Settings) -> Iterator[Finding]:
    """Two words that differ on the day of one assessment."""
    words: dict[int, str] = {}
    for day, word, row in course.responses():
        first = words.setdefault(day, word)
        if first != word:
            yield Finding("responses", row, "RSINV", first=first, second=word)


@of_patient
def response_cycle_backwards(course: Course, settings: Settings) -> Iterator[Finding]:
    """A cycle of assessment lower than that of an earlier assessment."""
    before = None
    for _, row in course.dated("responses"):
        cycle = row.get("CYCLE")
        if cycle is None:
            continue
        if before is not None and cycle < before:
            yield Finding("responses", row, "CYCLE", cycle=cycle, before=before)
        before = cycle


@of_patient
def response_cycle_not_given(course: Course, settings: Settings) -> Iterator[Finding]:
    """An assessment after a cycle that no row of the cycles shows begun by then."""
    begun = [(day, row["CYCLE"]) for day, row in course.dated("cycles") if row.get("CYCLE")]
    for day, row in course.dated("responses") if begun else ():
        given = max((cycle for start, cycle in begun if start <= day), default=0)
        if (row.get("CYCLE") or 0) > given:
            yield Finding("responses", row, "CYCLE", cycle=row["CYCLE"], given=given)


@of_patient
def never_assessed(course: Course, settings: Settings) -> Iterator[Finding]:
    """No assessment in a patient who lived long enough for one."""
    if "responses" not in settings.tables or course.day("INDEX") is None:
        return
    ends = [day for day in (course.day("DTH"), course.day("LSTALV")) if day is not None]
    if not course.rows("responses") and not course.later("responses") and ends:
        days = min(ends) if course.day("DTH") is not None else max(ends)
        if days > settings.limits["assessed_within_days"]:
            yield course.ask("INDEXDT", days=days)
