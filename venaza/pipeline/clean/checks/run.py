"""Every check over the clean rows: impossible numbers emptied first, then what contradicts."""

from __future__ import annotations

import datetime as dt

from venaza.pipeline.clean.checks import (
    dates,
    duplicates,
    genetics,
    mrd,
    numbers,
    person,
    plausible,
    response,
    safety,
    stops,
    treatment,
    vital_status,
)
from venaza.pipeline.clean.checks.course import (
    COHORT_CHECKS,
    PATIENT_CHECKS,
    Finding,
    Settings,
    courses,
)
from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.journal import Journal

#: The modules whose checks are registered by importing them.
SUBJECTS = (dates, duplicates, genetics, mrd, numbers, person, plausible, response, safety, stops,
            treatment, vital_status)  # fmt: skip


def run_checks(tables: dict[str, list[CleanRow]], study: dict, journal: Journal) -> None:
    """Run the checks of the study that are not off over the clean rows.

    ``tables`` holds the rows by patient and day. A number
    that no patient can have is emptied in place and logged; nothing else is changed.
    """
    settings = settings_of(study)
    rules = study["checks"]["rules"]

    def ask(check: str, finding: Finding) -> None:
        said = {**settings.limits, **finding.fields}
        journal.ask_of_row(check, finding.row, finding.table, finding.column, said)

    numbers.empty_impossible(tables, settings, journal, ask)
    asked = {_cell(query) for query in journal.queries}
    patients = courses(tables)
    for check, function in {**PATIENT_CHECKS, **COHORT_CHECKS}.items():
        if rules[check]["severity"] == "off":
            continue
        parts = patients if check in PATIENT_CHECKS else [patients]
        for part, finding in ((p, found) for p in parts for found in function(p, settings)):
            if _asked_why_empty(finding, asked) and rules[check]["severity"] != "error":
                continue
            if check in PATIENT_CHECKS and _imputed(finding, part.own, rules[check], settings):
                continue
            ask(check, finding)


def _asked_why_empty(finding: Finding, asked: set[tuple]) -> bool:
    """Whether the cell is empty because of something that is asked already."""
    place = finding.row.place
    cell = (finding.table, place.file, place.sheet, place.row, finding.column)
    return finding.row.get(finding.column) is None and cell in asked


def _imputed(finding: Finding, own: CleanRow, rule: dict, settings: Settings) -> bool:
    """Whether a contradiction of dates is no larger than what one of them was completed by."""
    flags = {row.get(f"{stem}DTF") for stem in rule.get("dates", ()) for row in (finding.row, own)}
    slack = settings.limits["imputed_days"]
    return any(flag in slack and finding.fields["days"] <= slack[flag] for flag in flags)


def _cell(query: dict) -> tuple:
    return tuple(query[k] for k in ("TABLE", "SRCFILE", "SRCSHEET", "SRCROW", "COLUMN"))


def settings_of(study: dict) -> Settings:
    """What the checks of a study go by."""
    calendar = study["timeline"]["dates"] == "calendar"
    cutoff = dt.date.fromisoformat(study["cutoff"]) if calendar and study["cutoff"] else None
    checks = study["checks"]
    mapped = frozenset(study["tables"])
    in_remission = study.get("response", {}).get("baseline_remission", False)
    return Settings(
        checks["limits"], checks["ranges"], study["units"], mapped, cutoff, in_remission
    )
