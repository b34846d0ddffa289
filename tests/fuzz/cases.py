"""The cases: each made from the seed and its number alone, run and judged."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz import documents, of_cells, of_rows
from tests.fuzz.bases import NAMES, Base, base
from tests.fuzz.neutral import NEUTRAL
from tests.fuzz.oracle import complaints
from tests.fuzz.run import CLEAN, Outcome, make_project, run, write

#: Kinds of mutation, each with its share of the cases.
SHARES = {
    "key": 44,
    "study file": 20,
    "cell": 10,
    "row": 6,
    "header": 4,
    "sheet": 2,
    "code": 4,
    "date": 3,
    "number": 3,
    "bytes": 2,
    "neutral": 2,
}
MUTATORS = {**of_cells.MUTATORS, **of_rows.MUTATORS}
#: Kinds that change cells and leave the rows where they are.
_CELLS = ("cell", "code", "date", "number")
#: One case in so many goes on to the page, the statistics and the tables.
_DEEP = 20


@dataclass
class Case:
    """One mangled project: its kind, what was done to it, and the outcome."""

    number: int
    kind: str
    base: Base
    said: str = ""
    text: str | None = None
    mangled: dict[str, bytes] = field(default_factory=dict)
    deep: bool = False


@dataclass
class Verdict:
    """A case as it is counted."""

    number: int
    kind: str
    base: str
    outcome: str
    said: str
    complaints: list[str]
    message: str


def case_of(seed: int, number: int) -> Case:
    """The case of a number: the same for the same seed, whatever ran before."""
    rng = Random(f"{seed}:{number}")
    kind = rng.choices(list(SHARES), SHARES.values())[0]
    made = base(rng.choices(NAMES, [3 if name.startswith("small") else 1 for name in NAMES])[0])
    case = Case(number, kind, made, deep=rng.randrange(_DEEP) == 0)
    _MAKE.get(kind, _export)(case, rng)
    return case


def _export(case: Case, rng: Random) -> None:
    case.base.document.pop("examples", None)
    mutators = MUTATORS[case.kind]
    said = [rng.choice(mutators)(case.base, rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    case.said = "; ".join(said)


def _bytes(case: Case, rng: Random) -> None:
    case.base.document.pop("examples", None)
    file = rng.choice(case.base.files)
    with tempfile.TemporaryDirectory() as folder:
        data, said = of_rows.mangled_bytes(file.data(Path(folder)), rng)
    case.mangled[file.name] = data
    case.said = f"{file.name}: {said}"


def _key(case: Case, rng: Random) -> None:
    case.said = documents.a_wrong_value(case.base.document, rng)


def _study_file(case: Case, rng: Random) -> None:
    if rng.random() < 0.15:
        text = documents.as_yaml(case.base.document)
        case.text, case.said = documents.mangled_text(text, rng)
        return
    mutators = rng.choices(documents.MUTATORS, k=rng.choice([1, 1, 2, 3]))
    said = []
    for mutator in mutators:
        try:
            said.append(mutator(case.base.document, rng))
        except (LookupError, TypeError, AttributeError):
            continue  # a mutator that comes after another may find nothing to change
    case.said = "; ".join(said)


def _neutral(case: Case, rng: Random) -> None:
    case.base.document.pop("examples", None)
    case.said = rng.choice(NEUTRAL)(case.base, rng)
    case.deep = False


_MAKE = {"bytes": _bytes, "key": _key, "study file": _study_file, "neutral": _neutral}


@cache
def _plain(name: str) -> dict:
    """The clean tables of a base that nobody mangled."""
    made = base(name)
    made.document.pop("examples", None)
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder))
        write(project, made, None, {})
        outcome = run(project)
    assert outcome.kind == CLEAN, outcome.text
    return outcome.tables


def judge(case: Case, project: Path) -> Verdict:
    """Run a case in a project (made by ``make_project``) and hold it against the oracle."""
    write(project, case.base, case.text, case.mangled)
    text = (project / "config/studies/fuzzed.yaml").read_text(encoding="utf-8")
    outcome = run(project, case.deep)
    found = complaints(outcome, text)
    if case.kind == "neutral":
        found += _moved(case, outcome)
    if outcome.kind == CLEAN and case.kind in _CELLS and not case.mangled:
        found += gone_in_silence(touched(case.base), _plain(case.base.name), outcome.tables)
    told = outcome.text if outcome.kind != CLEAN else ""
    return Verdict(case.number, case.kind, case.base.name, outcome.kind, case.said, found, told)


def touched(made: Base) -> set[tuple[str, str, int]]:
    """File, sheet and row of each cell that was filled with something else than in the base.

    Rows where a cell was emptied are left out: there a clean value may go.
    """
    found = set()
    before = {file.name: file for file in base(made.name).files}
    for file in made.files:
        for name, rows in file.sheets.items():
            own = before[file.name].sheets[name]
            sheet = name if file.kind == "xlsx" else ""
            for n, (row, old) in enumerate(zip(rows, own, strict=True), start=1):
                wide = [*old, *[""] * (len(row) - len(old))]
                changed = [new for new, was in zip(row, wide, strict=True) if new != was]
                if changed and all(map(_is_filled, changed)):
                    found.add((file.name, sheet, n))
    return found


def _is_filled(cell: object) -> bool:
    """Whether anything can be seen in a cell; a space without width is nothing."""
    return any(c.isprintable() and not c.isspace() for c in str(cell))


def gone_in_silence(rows: set[tuple], before: dict, after: dict) -> list[str]:
    """Rows of the export whose clean values are fewer than they were, with no word about it."""
    from venaza.contracts.clean import TABLES

    spoken, whole = set(), set()
    for table in ("queries", "cleaning_log", "quarantine"):
        said = after[table]
        spoken |= _places(said)
        if table == "queries":
            # A query of no patient speaks of its whole sheet.
            whole = {place[:2] for place in _places(said[said["USUBJID"].isna()])}
    lost = []
    for table in TABLES:
        counts = [_filled(tables[table]) for tables in (before, after)]
        for place in rows & counts[0].keys():
            fewer = counts[1].get(place, 0) < counts[0][place]
            if fewer and place not in spoken and place[:2] not in whole:
                lost.append(f"values of {table} are gone in silence: {place}")
    return lost


def _places(frame) -> set[tuple[str, str, int]]:
    part = frame[["SRCFILE", "SRCSHEET", "SRCROW"]].dropna()
    return {(file, sheet, int(row)) for file, sheet, row in part.itertuples(index=False)}


def _filled(frame) -> dict[tuple, int]:
    """How many clean values stand behind each raw row."""
    kept = frame.drop(columns=["SRCFILE", "SRCSHEET", "SRCROW"])
    counts: dict[tuple, int] = {}
    columns = (frame["SRCFILE"], frame["SRCSHEET"], frame["SRCROW"], kept.notna().sum(axis=1))
    for file, sheet, row, n in zip(*columns, strict=True):
        place = (file, sheet if isinstance(sheet, str) else "", int(row))
        counts[place] = counts.get(place, 0) + int(n)
    return counts


def _moved(case: Case, outcome: Outcome) -> list[str]:
    """The tables that a neutral change has altered."""
    from venaza.contracts.clean import TABLES

    if outcome.kind != CLEAN:
        return ["a neutral change is refused"]
    before = _plain(case.base.name)
    return [
        f"a neutral change alters {table}"
        for table in TABLES
        if _content(before[table]) != _content(outcome.tables[table])
    ]


def _content(frame) -> list[tuple]:
    kept = frame.drop(columns=["SRCFILE", "SRCSHEET", "SRCROW"], errors="ignore")
    return sorted(tuple(map(str, row)) for row in kept.itertuples(index=False))
