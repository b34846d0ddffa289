"""Writes docs/layouts.md: raw layouts of one cohort, the lines edited by hand, what came out.

python -m tests.new_study.make_layouts
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.new_study.layout_runs import ROOT, Run, run
from tests.new_study.raw_layouts import LAYOUTS
from tests.new_study.twelve import EFS, EFS_ASSESSED, OS, TABLE

PAGE = ROOT / "docs/layouts.md"
#: As many lines of a proposed study file may be edited until the results are right.
MOST = 10
HEAD = """# Raw layouts

One cohort of twelve invented patients, written the ways that hospitals write one. Each is a
folder of real files; `python -m venaza new-study NAME --from FOLDER` proposes the study file, a
user edits the lines that the table counts, and overall and event-free survival are those worked
out by hand, for so many of the twelve patients. What a user words at any rate (title, regimen)
is not counted. Written by `python -m tests.new_study.make_layouts`; a test holds it up to date,
and each layout to at most ten edited lines.

Where an export dates no failure of the treatment, the time to relapse or death is survival
without relapse (SWR); with assessments of cycles it is EFS, also to refractory disease (*).
Months that are rounded to a tenth give the day within two days.

| layout | files | lines edited | OS right | EFS or SWR right | questions |
|---|---|--:|--:|--:|--:|
"""


def page(runs: list[Run]) -> str:
    """The page, of what the runs gave."""
    text = HEAD
    for made in runs:
        os, efs = made.counts
        star = "*" if made.layout.efs is EFS_ASSESSED else ""
        files = ", ".join(f"`{name}`" for name in made.files)
        cells = (made.layout.what, files, made.lines, f"{os} of 12")
        cells = (*cells, f"{efs} of 12 {made.called}{star}")
        text += f"| {' | '.join(map(str, cells))} | {len(made.questions)} |\n"
    text += "\n## What was asked\n"
    for made in runs:
        text += f"\n**{made.layout.what}**\n\n"
        text += "".join(f"{n}. {asked}\n" for n, asked in enumerate(made.questions, start=1))
        if made.layout.edits:
            text += "\nEdited:\n\n```diff\n" + made.difference() + "```\n"
    return text + _cohort()


def _cohort() -> str:
    """The patients as they are written down, and their survival by hand."""
    head, *rows = [[c.strip() for c in line.split("|")] for line in TABLE.strip().splitlines()]
    head += ["OS", "EFS", "EFS*"]
    for row in rows:
        for found in (OS, EFS, EFS_ASSESSED):
            days, status = found[row[0]]
            row.append(f"{days}{'' if status else ' event'}")
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return (
        "\n## The patients\n\nDays from the start of treatment; a time without *event* is censored."
        " No row describes a real person.\n\n" + "\n".join(lines) + "\n"
    )


def runs(folder: Path) -> list[Run]:
    """Each layout through new-study, edits and check, below ``folder``."""
    made = []
    for layout in LAYOUTS:
        place = folder / layout.__name__
        place.mkdir()
        made.append(run(layout(), place))
    return made


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        PAGE.write_text(page(runs(Path(made))), encoding="utf-8")
