"""The sources of an endpoint in the order in which they are tried, and what was found of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from venaza.audit.trying import Course, Found, Tried, try_sources

if TYPE_CHECKING:
    import pandas as pd

#: The columns of ``sources_tried``.
COLUMNS = (
    *("USUBJID", "PARAMCD", "NTH", "ROLE", "MILESTONE", "SOURCE", "FOUND", "ADT", "ADY"),
    *("SRCDOM", "SRCVAR", "SRCSEQ", "VERDICT", "SAID", "DECIDED", "ENDDY", "CNSR"),
)
#: Sources that every study has, as ``config/endpoints.yaml`` names them.
_ENGINE = {
    "INDEX": "Index date",
    "FAILURE": "Failure of the regimen",
    "ASSESSED": "Assessment",
    "LAST_ASSESSMENT": "Last assessment",
    "LAST_ALIVE": "Last known alive",
}


def sources_tried(
    tables: dict[str, pd.DataFrame], study: dict, patients: Collection[str] | None = None
) -> pd.DataFrame:
    """Every source of every endpoint of the patients (all of them, without ``patients``).

    ``tables`` are those of ``results.read_results`` (``endpoints/adsl``, ``endpoints/facts``; and
    ``clean/queries`` where it is there). One row per source, in the order of the definition:
    ``USUBJID PARAMCD NTH ROLE MILESTONE SOURCE FOUND ADT ADY SRCDOM SRCVAR SRCSEQ VERDICT SAID
    DECIDED ENDDY CNSR``. ``ROLE`` is start, entry, landmark, event, competing, censor_at or
    censor; ``SOURCE`` what the milestone is called, ``FOUND`` what happened, with day and date;
    ``SAID`` the verdict in words. ``DECIDED`` is Y for the source that ended the time (then
    ``ENDDY`` and ``CNSR`` are those of ADTTE) or for which there is no row. Nobody outside the
    analysis population has a row here. ``sources.with_sources`` adds the raw cells.
    """
    import pandas as pd

    adsl = tables["endpoints/adsl"]
    wanted = None if patients is None else set(patients)
    chosen = adsl if wanted is None else adsl[adsl["USUBJID"].isin(wanted)]
    courses = _courses(tables, set(chosen["USUBJID"]), study)
    definitions = {**study["endpoints"], **study.get("alternatives", {})}
    rows = []
    treated = chosen[(chosen["ITTFL"] == "Y").fillna(False).astype(bool)]
    for patient in treated["USUBJID"]:
        course = courses.get(patient, Course({}, {}, {}))
        for code, definition in definitions.items():
            for nth, source in enumerate(try_sources(course, definition, study), start=1):
                rows.append((patient, code, nth, *_columns(source, study)))
    names = [name for name in COLUMNS if name != "ADT"]
    frame = pd.DataFrame(rows, columns=names).astype(
        dict.fromkeys(("ADY", "SRCSEQ", "ENDDY", "CNSR"), "Int64")
    )
    index = frame["USUBJID"].map(adsl.set_index("USUBJID")["INDEXDT"])
    dates = index + pd.to_timedelta(frame["ADY"].astype("Float64"), unit="D")
    return frame.assign(ADT=dates.astype("datetime64[ns]"))[list(COLUMNS)]


def _columns(tried: Tried, study: dict) -> tuple:
    found = tried.found
    place = (None,) * 5 if found is None else (found.said, found.day, *found[2:5])
    ending = ("Y" if tried.verdict in ("decided", "left_out") else None, tried.ends, tried.status)
    name = source_name(tried.milestone, study)
    return (tried.role, tried.milestone, name, *place, tried.verdict, tried.said, *ending)


def source_name(milestone: str, study: dict) -> str:
    """What a milestone is called: ``First response``."""
    own = study.get("milestones", {}).get(milestone, {})
    return _ENGINE.get(milestone) or own.get("description", milestone)


def _courses(tables: dict[str, pd.DataFrame], patients: set, study: dict) -> dict[str, Course]:
    facts = tables["endpoints/facts"]
    if len(patients) < len(tables["endpoints/adsl"]):
        facts = facts[facts["USUBJID"].isin(patients)]
    courses: dict[str, Course] = {}
    names = ("USUBJID", "MILESTONE", "NTH", "ADY", "DESCRIPTION", "SRCDOM", "SRCVAR", "SRCSEQ")
    columns = [facts[name].tolist() for name in names]
    counted, reasons = facts["NTH"].notna().tolist(), facts["REASON"].fillna("").tolist()
    lines = zip(*columns, counted, reasons, strict=True)
    for patient, name, _, day, said, domain, variable, seq, counts, reason in lines:
        course = courses.setdefault(patient, Course({}, {}, {}))
        place = Found(day, said, domain, variable, seq, reason)
        (course.facts if counts else course.passed).setdefault(name, []).append(place)
    milestones = _milestones_of_columns(study)
    for patient, table, column in _cut_off(tables, patients):
        cut = courses.setdefault(patient, Course({}, {}, {})).cut
        for name in milestones.get((table, column), ()):
            cut[name] = cut.get(name, 0) + 1
    return courses


def _milestones_of_columns(study: dict) -> dict[tuple[str, str], list[str]]:
    """Which milestones a date of a clean table serves."""
    served: dict[tuple[str, str], list[str]] = {}
    for name, spec in study["milestones"].items():
        table = "responses" if spec["table"] == "assessments" else spec["table"]
        served.setdefault((table, spec.get("date", "")), []).append(name)
    return served


def _cut_off(tables: dict[str, pd.DataFrame], patients: set) -> Iterator[tuple]:
    """(patient, table, column) of each date that cleaning left out for the data cut-off."""
    if "clean/queries" not in tables:
        return iter(())
    queries = tables["clean/queries"]
    late = queries[(queries["RULE"] == "after_cutoff").fillna(False).astype(bool)]
    late = late[late["USUBJID"].isin(patients)]
    return zip(late["USUBJID"], late["TABLE"], late["COLUMN"], strict=True)
