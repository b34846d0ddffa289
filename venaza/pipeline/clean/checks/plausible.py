"""What no cohort has: an index date of another time, a follow-up or an age of no lifetime."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_patient
from venaza.pipeline.clean.journal import Journal

#: The checks whose findings say that times are wrong as a whole, where they are many.
_OF_TIME = ("implausible_index_date", "implausible_follow_up")
#: Those that say so of a number, of which only the ages count here.
_OF_AGE = ("out_of_range", "wrong_unit")
_SHOWN = 3


@of_patient
def implausible_follow_up(course: Course, settings: Settings) -> Iterator[Finding]:
    """A last contact or a death more than ``limits > follow_up_days`` after the index date."""
    most = settings.limits["follow_up_days"]
    for stem, column in (("DTH", "DTHDT"), ("LSTALV", "LSTALVDT")):
        day = course.day(stem)
        if day is not None and day > most:
            yield course.ask(column, days=day)
            return


def refuse_implausible(patients: int, study: dict, journal: Journal) -> None:
    """Raise ``StudyError`` where the times, or the ages, of too many patients cannot be.

    Of ``patients`` in all, too many are a share above ``limits > implausible_share``, and
    ``implausible_patients`` at least. What was found stands among the journal's queries.
    """
    limits = study["checks"]["limits"]
    for checks, what in ((_OF_TIME, "times"), (_OF_AGE, "ages")):
        found: dict[str, dict] = {}
        for query in journal.queries:
            if query["RULE"] in checks and (what == "times" or query["COLUMN"] == "AGE"):
                found.setdefault(query["USUBJID"], query)
        share = limits["implausible_share"] * patients
        if len(found) < limits["implausible_patients"] or len(found) <= share:
            continue
        shown = [f"{q['VALUE']} (row {q['SRCROW']})" for q in list(found.values())[:_SHOWN]]
        first = next(iter(found.values()))
        error = _times if what == "times" else _ages
        raise error(f"{len(found)} of {patients} patients", first, ", ".join(shown))


def _times(whose: str, first: dict, shown: str) -> StudyError:
    return StudyError(
        f"The times of {whose} cannot be: {shown}. {first['MESSAGE']}",
        fix="Look at how the column counts (date_origin, date_system, calendar, unit), and whether "
        "it is the right one. Where the dates are true, move checks > limits > earliest_index or "
        "follow_up_days.",
        **_place(first),
    )


def _ages(whose: str, first: dict, shown: str) -> StudyError:
    return StudyError(
        f"The ages of {whose} cannot be: {shown}. {first['MESSAGE']}",
        fix="Look whether the column is the age, and at its unit. Where the ages are true, move "
        "checks > ranges > patients > AGE.",
        **_place(first),
    )


def _place(query: dict) -> dict:
    sheet, row = query["SRCSHEET"] or None, query["SRCROW"]
    place = {"file": query["SRCFILE"], "sheet": sheet, "row": row, "column": query["SRCCOL"]}
    return {**place, "value": query["VALUE"]}
