"""Writes docs/cases.md: small exports that go wrong elsewhere, and what venaza makes of them.

python -m tests.cases.make_docs
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.cases.case import Case, cases
from tests.cases.run import outcome

ROOT = Path(__file__).parents[2]
PAGE = "docs/cases.md"
_HEAD = """\
# Small exports that go wrong elsewhere, and what venaza makes of them

Each of these is a few made-up patients in a file of a kind that hospitals send, and a value or an
event that tools (and hands) often get wrong without a word. The file is shown as its program shows
it: a format in braces stands behind a header or a cell, and a date is stored as that program stores
dates. Beneath it stand the study file, the result, whatever is asked of the clinic, and how the
right values were worked out. A test makes each file, runs it from the raw cells to the endpoints
and compares. This page is made by

    python -m tests.cases.make_docs

from `tests/cases/*.md`. [defects.md](defects.md) goes through the defects of exports one by one,
[checks.md](checks.md) lists every query, and [metamorphic.md](metamorphic.md) writes whole cohorts
in many ways and compares the results.
"""


def page() -> str:
    """The text of the page."""
    parts, subject = [], ""
    every = cases()
    for case in every:
        if case.subject != subject:
            subject = case.subject
            parts.append(f"## {subject}")
        parts += _section(case)
    return "\n\n".join([_HEAD + "\n" + _contents(every), *parts]) + "\n"


def _contents(every: list[Case]) -> str:
    lines, subject = [], ""
    for case in every:
        if case.subject != subject:
            subject = case.subject
            lines.append(f"- [{subject}](#{_anchor(subject)})")
        lines.append(f"  - [{case.title}](#{_anchor(case.title)})")
    return "\n".join(lines)


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _section(case: Case) -> list[str]:
    parts = [f"### {case.title}", case.about]
    for raw in case.raw:
        parts += [raw.title, _table(raw.rows)]
    if case.told:
        parts.append(f"```yaml\n{case.told}```")
    made = outcome(case)
    if case.stops:
        parts += ["The run stops:", "```text\n" + made.stopped + "\n```"]
    for name, rows in case.expected.items():
        if name != "queries":
            parts += [f"`{name}`", _table(rows)]
    if not case.stops and made.messages():
        asked = [
            f"- {severity} `{rule}`{f', {who}' if who else ''}: {message}"
            for severity, rule, who, message in made.messages()
        ]
        parts += ["Asked of the clinic:", "\n".join(asked)]
    return parts + ([f"*By hand:* {case.by_hand}"] if case.by_hand else [])


def _table(rows: list[dict[str, str]]) -> str:
    lines = [f"| {' | '.join(rows[0])} |", f"|{'---|' * len(rows[0])}"]
    lines += [f"| {' | '.join(row.values())} |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
