"""What happened after the regimen failed: kind of failure, treatment, response, survival."""

from __future__ import annotations

from venaza.contracts.results import FOLLOWED
from venaza.contracts.wording import capital, small
from venaza.markup.printed import BLANK, Row, Section, Table, words
from venaza.pipeline.tables.groups import columns_of
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.times import (
    event_rows,
    landmark_rows,
    log_rank_rows,
    median_rows,
    range_rows,
)
from venaza.study.groups import Group, groups_or_all
from venaza.study.support import MARK
from venaza.study.words import in_a_row, say

#: What came after failure, by its part of the ids.
_AFTER = {
    "": "First anti-leukaemic therapy",
    "response": "Response to the first anti-leukaemic therapy",
    "supportive": "Supportive care only",
}
_IMMORTAL = (
    "Survival by first therapy is descriptive, because treated patients had to survive until "
    "their treatment (immortal time)."
)
TREATED = "Anti-leukaemic therapy"
OTHERWISE = {"supportive": "Supportive care only", "untreated": "No therapy recorded"}


def _failed(study: dict) -> str:
    """The heading over the kinds of failure, marked as the survival that begins with them is."""
    heading = say(study, "Failure of the regimen")
    return f"{heading} {MARK}" if MARK in study["endpoints"]["PFOS"]["label"] else heading


def failure(numbers: Numbers, study: dict) -> Table:
    """Counts of patients, then survival from failure.

    Where the study counts survival from relapse, relapse takes the place of failure.
    """
    shown = groups_or_all(study)
    relapse = study["endpoints"]["PFOS"]["start"] == "RELAPSE"
    first = _relapses(shown, numbers, study) if relapse else _failures(shown, numbers, study)
    sections = [
        Section("" if relapse else _failed(study), first),
        *(
            Section(say(study, heading), _named(shown, numbers, part))
            for part, heading in _AFTER.items()
        ),
        Section(
            study["endpoints"]["PFOS"]["label"],
            [
                *event_rows("PFOS", shown, numbers, study),
                *median_rows("PFOS", shown, numbers, study),
                *range_rows("PFOS", shown, numbers, study),
                *landmark_rows("PFOS", shown, numbers, study),
                *log_rank_rows("PFOS", len(shown), numbers, study),
            ],
        ),
        Section(
            say(
                study,
                "{label} by first therapy: events/patients; median, months",
                label=study["endpoints"]["PFOS"]["label"],
            ),
            _salvage(shown, numbers, study),
        ),
    ]
    died = "Death without relapse" if relapse else "Death without failure"
    return Table(
        stub=say(study, "After relapse" if relapse else "After failure"),
        columns=columns_of(shown, numbers),
        sections=[section for section in sections if section.rows],
        notes=[
            in_a_row(
                study,
                "Values are numbers of patients unless stated otherwise.",
                f"{died} is not counted as such.",
                "CI, confidence interval (log-log).",
                _IMMORTAL if numbers.matching(r"salvage\..*") else "",
            )
        ],
        label_width=0.46,
    )


def _salvage(shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """Events, patients and median survival by kind of first therapy after failure."""
    rows = []
    for key, text in _terms(r"salvage\.([^.]+)\.([^.]+)\.n", shown, numbers).items():
        stems = [f"salvage.{g.slug}.{key}" for g in shown]
        cells = [
            numbers.cell("{}/{}; {}", *(f"{stem}.{part}" for part in ("events", "n", "median")))
            if numbers.value(f"{stem}.n")
            else words(BLANK)
            for stem in stems
        ]
        label = say(study, "No therapy") if key == "none" else text
        rows.append(Row(label, tuple(cells), 1))
    return rows


def _counts(stem: str, shown: list[Group], numbers: Numbers) -> tuple:
    return tuple(numbers.cell("{}", stem.format(g.slug)) for g in shown)


def _known(stem: str, shown: list[Group], numbers: Numbers) -> bool:
    return any(stem.format(g.slug) in numbers for g in shown)


def _happened(stem: str, shown: list[Group], numbers: Numbers) -> bool:
    return any(numbers.value(stem.format(g.slug)) for g in shown)


def _relapses(shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    cells = _counts("km.PFOS.{}.n", shown, numbers)
    return [Row(say(study, "Patients with a relapse"), cells)]


def _failures(shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    rows = []
    if _known("failure.{}.any.n", shown, numbers):
        rows.append(Row(say(study, "Any"), _counts("failure.{}.any.n", shown, numbers), 1))
    skip = ("any", "treated", *FOLLOWED)
    kinds = _terms(r"failure\.([^.]+)\.([^.]+)\.n", shown, numbers, skip=skip)
    for key, text in kinds.items():
        stem = f"failure.{{}}.{key}.n"
        if _happened(stem, shown, numbers):
            rows.append(Row(text, _counts(stem, shown, numbers), 2))
    if "therapies" in study["tables"] and _known("failure.{}.treated.n", shown, numbers):
        cells = _counts("failure.{}.treated.n", shown, numbers)
        rows.append(Row(say(study, TREATED), cells, 1))
        for key, text in kinds.items():
            stem = f"failure.{{}}.treated_{key}.n"
            if _happened(stem, shown, numbers):
                label = say(study, "After {kind}", kind=small(text))
                rows.append(Row(label, _counts(stem, shown, numbers), 2))
        for key, text in OTHERWISE.items():
            stem = f"failure.{{}}.{key}.n"
            if _happened(stem, shown, numbers):
                rows.append(Row(say(study, text), _counts(stem, shown, numbers), 1))
    return rows


def _terms(
    pattern: str, shown: list[Group], numbers: Numbers, skip: tuple[str, ...] = ()
) -> dict[str, str]:
    """Key and printed text of each category, in the order of the ARD."""
    found: dict[str, str] = {}
    for match, ard_id in numbers.matching(pattern):
        key = match[2]
        wanted = match[1] in {g.slug for g in shown}
        if wanted and key not in skip and not key.startswith("treated_"):
            text = numbers.field(ard_id, "term") or key
            found.setdefault(key, capital(numbers.said(text)))
    return found


def _named(shown: list[Group], numbers: Numbers, part: str) -> list[Row]:
    """What was given first, or the responses to it, or the supportive care, by name."""
    middle = f"{part}." if part else ""
    terms = _terms(rf"postfailure\.([^.]+)\.{middle}([^.]+)\.n", shown, numbers)
    return [
        Row(text, _counts(f"postfailure.{{}}.{middle}{key}.n", shown, numbers), 1)
        for key, text in terms.items()
    ]
