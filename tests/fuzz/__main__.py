"""The long run: python -m tests.fuzz --cases 10000 [--seed 1] [--write].

Cases are counted from 0; a run that was interrupted goes on where its file of verdicts ends, unless
code, configuration or the test itself have changed since: then it begins again. ``--since FILE``
keeps the verdicts of an earlier state but for those with a complaint, which are run again.
``--case N`` runs one case again and prints all of it; ``--grid`` tries the keys of the bases, one
after the other, with every wrong value instead.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path

from tests.fuzz.bases import ROOT, base
from tests.fuzz.cases import Case, case_of, judge
from tests.fuzz.documents import as_yaml, grid, put, shown
from tests.fuzz.make_docs import COUNTS, counted, write_page
from tests.fuzz.run import make_project


def main() -> int:
    """Run cases, print what failed and the counts; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="run this case alone and print it")
    parser.add_argument("--since", type=Path, help="verdicts of an earlier state, to be kept")
    parser.add_argument("--grid", action="store_true", help="every key with every wrong value")
    parser.add_argument("--write", action="store_true", help="write the counts into docs/fuzz.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder))
        if options.case is not None:
            return _one(case_of(options.seed, options.case), project)
        return _many(options, project)


def _one(case: Case, project: Path) -> int:
    verdict = judge(case, project)
    print(f"{case.kind} of {case.base.name}: {case.said}\n")
    print(as_yaml(case.base.document) if case.text is None else case.text)
    print(f"{verdict.outcome}\n{verdict.message}\n{verdict.complaints}")
    return 1 if verdict.complaints else 0


def _many(options, project: Path) -> int:
    name = "grid" if options.grid else f"seed-{options.seed}"
    kept = ROOT / f"results/fuzz/{name}-{_state()}.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    done, earlier = _read(kept), _read(options.since)
    cases = _of_grid(options) if options.grid else _of_seed(options)
    start = time.monotonic()
    with kept.open("a", encoding="utf-8") as stream:
        for number, case in enumerate(cases):
            if number < len(done):
                continue
            if number < len(earlier) and not earlier[number]["complaints"]:
                done.append(earlier[number])
            else:
                done.append(asdict(judge(case(), project)))
                _say(done[-1])
            stream.write(json.dumps(done[-1], ensure_ascii=False) + "\n")
            stream.flush()
    failed = [verdict for verdict in done if verdict["complaints"]]
    counts = counted(done[: options.cases])
    print(json.dumps(counts, indent=1), f"{time.monotonic() - start:.0f} s", sep="\n")
    for told, n in Counter(v["complaints"][0][:150] for v in failed).most_common():
        print(f"{n:6} {told}")
    if options.write and not options.grid:
        COUNTS.write_text(json.dumps({"seed": options.seed, **counts}, indent=1) + "\n")
        write_page()
    return 1 if failed else 0


def _state() -> str:
    """A digest of all that an outcome hangs on: code, configuration and the test itself."""
    digest = hashlib.sha256()
    for part in ("venaza", "config", "workflow/schemas", "tests/fuzz"):
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and path != COUNTS:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _read(path: Path | None) -> list[dict]:
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _say(verdict: dict) -> None:
    if verdict["complaints"]:
        what = f"{verdict['number']} {verdict['kind']} of {verdict['base']}"
        print(f"{what}: {verdict['said'][:200]}\n    {verdict['complaints']}", flush=True)


def _of_seed(options):
    return (partial(case_of, options.seed, number) for number in range(options.cases))


def _of_grid(options):
    for number, (name, at, value) in enumerate(islice(grid(), options.cases)):
        yield partial(_cell, number, name, at, value)


def _cell(number: int, name: str, at: tuple, value: object) -> Case:
    made = base(name)
    put(made.document, at, value)
    return Case(number, "key", made, f"{shown(at)}: {value!r:.60}")


if __name__ == "__main__":
    sys.exit(main())
