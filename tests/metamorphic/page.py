"""docs/metamorphic.md: what came of every way on every study."""

from __future__ import annotations

import csv
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.metamorphic.cohort import ROOT, STUDIES
from tests.metamorphic.events_page import section
from tests.metamorphic.ways import WAYS

PAGE = ROOT / "docs/metamorphic.md"
OUTCOMES = ROOT / "tests/metamorphic/outcomes.csv"
_COLUMNS = ("way", "study", "kind", "text", "reason")
SHOWN = 150
_WORD = {
    "equal": "equal",
    "bound": "within the bound",
    "asks": "asks",
    "stops": "stops",
}
_HEAD = """\
# The same cohort, written otherwise

The exports of the four shipped studies, written again in {ways} ways in which real life writes the
same patients: another program, another style of date, another unit, other words, another layout,
less of the course. Each way changes the raw files by code of its own (`tests/metamorphic/`, with
openpyxl, xlwt, pyreadstat, pandas and csv), and the study file only as a user would. Then every
stage up to the statistics is run, and its results are compared with those of the export as sent:
the analysis tables (ADSL, ADRS, ADTTE, ADLB, ADAE, tumour lysis, alternative definitions,
assessments) row by row, and every row of the ARD.

- **equal**: all of it is the same, and nothing new is asked that is an error.
- **within the bound**: it differs, within a bound worked out beforehand ([below](#bounds)); what
  was seen stands beside it.
- **asks**: a query names the cause, of so many patients; who is not asked about keeps every value.
- **stops**: one message names the cause, and no number is made.

Beside the outcome stand the queries that the export as sent does not raise, and how many more, or
the first words of the message. In numbers:
{counts}.
None is different without a word.

A way that cannot be, since the export has nothing of the kind, is marked "–" with the reason.
The same is exactly the same: every value to its last digit, every count, every word.

This page is made by

    python -m tests.metamorphic

which takes some twenty minutes of one processor; with words (`python -m tests.metamorphic units
bmt`) only the ways and studies that they name are tried again, with `--missing` those without an
outcome. The outcomes stand in `tests/metamorphic/outcomes.csv`; `make test` holds the page against
them, and a part of them against what comes out now.
"""
_BOUNDS = """\
## Bounds

Where a date is known to within a month or a year, or a time is rounded, each patient's time lies
between two days that follow from the export as sent. From these follow, before the changed export
is read, the least and the greatest number of patients at risk at each event, hence a lower and an
upper Kaplan-Meier curve and the medians between them, and a lower and an upper score of Cox's model
and the hazard ratios between their roots (`tests/metamorphic/bounds.py`, which is tried on random
times). Each time, each median of each endpoint and each hazard ratio between two groups must lie
within; numbers of patients and events may not move. The tables above show overall survival: what
came out, and in brackets its bounds.

"""


@dataclass(frozen=True)
class Result:
    """What came of a way on a study."""

    way: str
    study: str
    kind: str
    kept: bool
    text: str
    reason: str


def tried(task: tuple[str, str]) -> Result:
    """A way, by its name, on a study."""
    name, study = task
    expected, verdict = WAYS[name].tried(study)
    text = _brief(verdict.text) if verdict.kept and expected.kind == "stops" else verdict.text
    return Result(name, study, expected.kind, verdict.kept, text, expected.reason)


def _brief(message: str) -> str:
    """The first words of a message."""
    return message if len(message) <= SHOWN else f"{message[:SHOWN].rsplit(' ', 1)[0]} ..."


def tasks() -> list[tuple[str, str]]:
    """Every way with each study that it applies to; those of a study together."""
    return [(way.name, study) for study in STUDIES for way in WAYS.values() if study in way.studies]


def all_tried(workers: int) -> list[Result]:
    """Every way on every study."""
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(tried, tasks(), chunksize=8))


def cell(result: Result) -> str:
    """A result as it stands in the table."""
    text = result.text.replace("|", "\\|")
    if result.kind == "stops":
        return f"stops: “{text}”"
    return f"{_WORD[result.kind]}: {text}" if text else _WORD[result.kind]


def _title(name: str) -> str:
    return name.replace("_", " ")


def page(results: list[Result]) -> str:
    """The text of the page."""
    by = {(r.way, r.study): r for r in results}
    number = Counter(r.kind for r in results)
    counts = ", ".join(f"{number[kind]} times {word}" for kind, word in _WORD.items())
    parts = [_HEAD.format(ways=len(WAYS), counts=counts)]
    for kind in dict.fromkeys(way.kind for way in WAYS.values()):
        lines = [f"| {kind} | {' | '.join(f'`{s}`' for s in STUDIES)} |", "|---|" + "---|" * 4]
        for way in WAYS.values():
            if way.kind == kind:
                cells = [
                    cell(by[way.name, s]) if s in way.studies else f"– {way.scope.why}"
                    for s in STUDIES
                ]
                lines.append(f"| **{_title(way.name)}**: {way.told} | {' | '.join(cells)} |")
        parts.append(f"## {kind}\n\n" + "\n".join(lines) + "\n")
    parts.append(section())
    bounds = {r.way: r.reason for r in results if r.kind == "bound"}
    lines = ["| way | bound |", "|---|---|"]
    lines += [f"| {_title(name)} | {reason}. |" for name, reason in bounds.items()]
    parts.append(_BOUNDS + "\n".join(lines) + "\n")
    return "\n".join(parts)


def kept_outcomes(path: Path = OUTCOMES) -> list[Result]:
    """The outcomes on record."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Result(**row, kept=True) for row in csv.DictReader(file)]


def keep(results: list[Result]) -> None:
    """Put ``results`` in the place of those on record, and make the page again."""
    found = {(r.way, r.study): r for r in (kept_outcomes() if OUTCOMES.exists() else [])}
    found |= {(r.way, r.study): r for r in results}
    results = [found[task] for task in tasks() if task in found]
    with OUTCOMES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([getattr(r, name) for name in _COLUMNS] for r in results)
    if len(results) == len(tasks()):
        PAGE.write_text(page(results), encoding="utf-8")
