"""What no cohort has: an index date of another time, a follow-up or an age of no lifetime."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_patient
from venaza.pipeline.clean.journal import Journal, Place, stop

#: What is wrong as a whole where many findings say so: the checks, and what to do.
_WRONG = {
    "times": (
        ("implausible_index_date", "implausible_follow_up"),
        "Look at how the column counts (date_origin, date_system, calendar, unit), and whether "
        "it is the right one. Where the dates are true, move checks > limits > earliest_index or "
        "follow_up_days.",
    ),
    # These checks look at every number: only the ages count here.
    "ages": (
        ("out_of_range", "wrong_unit"),
        "Look whether the column is the age, and at its unit. Where the ages are true, move "
        "checks > ranges > patients > AGE.",
    ),
}
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
    for what, (checks, fix) in _WRONG.items():
        found: dict[str, dict] = {}
        for query in journal.queries:
            if query["RULE"] in checks and (what == "times" or query["COLUMN"] == "AGE"):
                found.setdefault(query["USUBJID"], query)
        share = limits["implausible_share"] * patients
        if len(found) < limits["implausible_patients"] or len(found) <= share:
            continue
        shown = [f"{q['VALUE']} (row {q['SRCROW']})" for q in list(found.values())[:_SHOWN]]
        first = next(iter(found.values()))
        whose = f"{len(found)} of {patients} patients"
        raise stop(
            f"The {what} of {whose} cannot be: {', '.join(shown)}. {first['MESSAGE']}",
            fix,
            Place(first["SRCFILE"], first["SRCSHEET"], first["SRCROW"]),
            first["SRCCOL"],
            first["VALUE"],
        )
