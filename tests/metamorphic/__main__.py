"""The command: every way on every study, and the page of outcomes."""

from __future__ import annotations

import argparse
import os
import sys

from tests.metamorphic import events_page
from tests.metamorphic.cohort import STUDIES
from tests.metamorphic.page import PAGE, Result, all_tried, cell, keep, kept_outcomes, tasks, tried
from tests.metamorphic.ways import WAYS


def _some(words: list[str], missing: bool) -> list[Result]:
    """The ways whose name or kind has a word, on the studies that are named; shown as they come."""
    known = {(r.way, r.study) for r in kept_outcomes()} if missing else set()
    studies = [word for word in words if word in STUDIES] or STUDIES
    names = [word for word in words if word not in STUDIES]
    results = []
    for name, study in tasks():
        said = f"{name} {WAYS[name].kind}"
        if (
            (name, study) not in known
            and study in studies
            and (not names or any(word in said for word in names))
        ):
            results.append(tried((name, study)))
            _show(results[-1])
    return results


def _show(result: Result) -> None:
    mark = "" if result.kept else "NOT AS EXPECTED: "
    text = cell(result) if result.kept else f"{result.kind}; {result.text}"
    print(f"{mark}{result.way}, {result.study}: {text}", flush=True)


def main() -> int:
    """0 where every way gave what was expected of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.metamorphic")
    parser.add_argument("words", nargs="*", help="parts of names or kinds of ways, or studies")
    parser.add_argument("--missing", action="store_true", help="only what has no outcome yet")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    wish = parser.parse_args()
    if wish.words or wish.missing:
        results = _some(wish.words, wish.missing)
    else:
        results = all_tried(wish.workers)
    wrong = [result for result in results if not result.kept]
    for result in wrong:
        _show(result)
    events_page.keep()
    keep([result for result in results if result.kept])
    print(f"{len(results)} outcomes, {len(wrong)} not as expected; {PAGE.name}")
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main())
