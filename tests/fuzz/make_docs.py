"""Writes docs/fuzz.md from the counts of the last long run.

python -m tests.fuzz --cases 10000 --write
"""

from __future__ import annotations

import json
from collections import Counter

from tests.fuzz.bases import ROOT

COUNTS = ROOT / "tests/fuzz/counts.json"
PAGE = ROOT / "docs/fuzz.md"
_HEAD = """\
# Mangled exports and study files

An export or a study file that is wrong must end in one of two ways: clean tables, with queries, or
one message that says what is wrong, where (file, row, column and value of an export; file, key and
line of a study file) and what to do. {cases:,} mangled ones were run as `python -m venaza check`
runs them, one in twenty as far as statistics and tables, with the seed {seed}. This page is made by

    python -m tests.fuzz --cases {cases} --seed {seed} --write

which goes on where it was interrupted; `--case N` runs one case again, `--grid` the keys of every
study file with every wrong value. The first cases run with the other tests.

What is mangled: a dozen patients of each shipped study, and small exports of one or two tables as
CSV, Excel, SPSS, SAS and REDCap write them. Each case comes from the seed and its number alone. An
outcome is *neither* where an exception ends the run, a warning of a library comes up, a message
lacks one of its parts or holds a word of the machine (names of exceptions, of the validator), and
where tables are called clean although nobody is analysed, a time is below 0 or beyond a life with
no query, a cell is not accounted for, or clean values of a row are fewer than before it was mangled
and neither a query nor a log says why. A message names no value where none can stand (a header or a
file that is not there) or may be shown (a patient's number before the privacy gate).
"""
_KINDS = {
    "key": "a key of the study file with a wrong value",
    "study file": "keys of it gone, added, renamed, given twice, changed round; its text broken",
    "cell": "cells with what no column asks for",
    "row": "rows gone, doubled, too long, of totals, of headers; titles above",
    "header": "headers misspelt, gone, given twice or changed round; columns gone",
    "sheet": "files and sheets renamed, gone, there twice, of another kind",
    "code": "codes and words written otherwise",
    "date": "dates in another form, or moved",
    "number": "numbers scaled, with a comma, as pandas writes them",
    "bytes": "bytes of the file flipped, gone, put in",
    "neutral": "nothing that matters: order, line ends, delimiter, encoding, blank rows, copies",
}


def counted(verdicts: list[dict]) -> dict:
    """How many cases there were of each kind, and how they ended."""
    kinds: dict[str, Counter] = {}
    for verdict in verdicts:
        ended = "fault" if verdict["complaints"] else verdict["outcome"]
        kinds.setdefault(verdict["kind"], Counter())[ended] += 1
    return {
        "cases": len(verdicts),
        "kinds": {kind: dict(sorted(n.items())) for kind, n in sorted(kinds.items())},
    }


def page(counts: dict) -> str:
    """The text of the page."""
    lines = [
        _HEAD.format(**counts),
        "\n| what was mangled | cases | clean | one message | neither |",
    ]
    lines.append("\n|---|---|---|---|---|\n")
    total: Counter = Counter()
    for kind, words in _KINDS.items():
        ended = Counter(counts["kinds"].get(kind, {}))
        total += ended
        lines.append(_line(words, ended))
    lines.append(_line("all", total))
    lines.append(
        "\nWhat does not matter must leave clean tables as they are, but for the rows' places.\n"
    )
    return "".join(lines)


def _line(words: str, ended: Counter) -> str:
    numbers = (sum(ended.values()), ended["clean"], ended["message"], ended["fault"])
    return f"| {words} | {' | '.join(f'{n:,}' for n in numbers)} |\n"


def write_page() -> None:
    """Write the page from the counts that are kept."""
    PAGE.write_text(page(json.loads(COUNTS.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    write_page()
    print(PAGE.relative_to(ROOT).as_posix())
