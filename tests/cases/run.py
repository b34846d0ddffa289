"""Runs a case from the raw file to the endpoints, in memory, and compares what comes of it."""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from tests.cases.case import EXPORT, STUDY, Case
from tests.cases.files import write_files
from venaza.commands.examples.compare import as_text
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.preflight import check_headers, export_files, load_study, other_files, settings

ROOT = Path(__file__).parents[2]
#: What a case calls a table of results, where it has another name.
_NAMES = {"excluded": "adtte_excluded"}
#: Tables of which a case may show some patients only.
_SOME = ("adsl", "clean patients")


@dataclass
class Outcome:
    """Tables of the run, ``clean X`` among them; or the message that stopped it."""

    stopped: str = ""
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def messages(self) -> list[tuple[str, str, str, str]]:
        """Severity, rule, patient and message of each query that is more than a note."""
        grave = self.tables["queries"]
        grave = grave[grave["SEVERITY"] != "note"]
        columns = (grave[name].fillna("") for name in ("SEVERITY", "RULE", "USUBJID", "MESSAGE"))
        return list(zip(*columns, strict=True))


@functools.cache
def _outcomes() -> dict[str, Outcome]:
    return {}


def outcome(case: Case) -> Outcome:
    """What the run makes of a case; each is run once."""
    known = _outcomes()
    key = f"{case.file}: {case.title}"
    if key not in known:
        with tempfile.TemporaryDirectory() as folder:
            try:
                known[key] = _run(case, Path(folder))
            except StudyError as error:
                known[key] = Outcome(stopped=str(error))
    return known[key]


def _run(case: Case, root: Path) -> Outcome:
    for part in ("config", "workflow/schemas"):
        shutil.copytree(ROOT / part, root / part)
    text = yaml.safe_dump(case.study(), allow_unicode=True, sort_keys=False)
    (root / f"config/studies/{STUDY}.yaml").write_text(text, encoding="utf-8")
    folder = root / "data/raw" / STUDY / EXPORT
    folder.mkdir(parents=True)
    write_files(case, folder)
    study = load_study(root, STUDY)
    check_headers(root, study)
    which = (root, STUDY, EXPORT)
    paths = export_files(*which) + other_files(*which)
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), root)
    cleaned = clean(cells, settings(study, "clean"))
    derived = derive(cleaned, settings(study, "endpoints"))
    queries = pd.concat([cleaned["queries"], derived["queries"]], ignore_index=True)
    named = {f"clean {name}": table for name, table in cleaned.items()}
    return Outcome(tables={**named, **derived, "queries": queries})


def differences(case: Case) -> list[str]:
    """Where the run differs from what the case expects."""
    made = outcome(case)
    if case.stops:
        missing = [line for line in case.stops if line not in made.stopped]
        return [f"{missing} is not in the message: {made.stopped or 'none'}"] if missing else []
    if made.stopped:
        return [f"stopped: {made.stopped}"]
    found = []
    for name, rows in case.expected.items():
        if name == "queries":
            found += _queries(made, rows)
        else:
            found += _table(name, rows, made)
    if "queries" not in case.expected and made.messages():
        found.append(f"queries: {made.messages()}")
    return found


def _queries(made: Outcome, rows: list[dict[str, str]]) -> list[str]:
    """Errors and warnings are exactly the expected ones, by rule and patient."""
    got = sorted((rule, who) for _, rule, who, _ in made.messages())
    wanted = sorted((row["RULE"], row["USUBJID"]) for row in rows)
    return [] if got == wanted else [f"queries: {made.messages()}"]


def _table(name: str, rows: list[dict[str, str]], made: Outcome) -> list[str]:
    table, _, code = name.partition(" ")
    if table == "clean":
        table, code = name, ""
    frame = made.tables[_NAMES.get(table, table)]
    if code:
        frame = frame[frame["PARAMCD"] == code]
    if table not in _SOME:
        wanted, got = ([*who] for who in ((row["USUBJID"] for row in rows), frame["USUBJID"]))
        if sorted(wanted) != sorted(got):
            return [f"{name}: rows of {', '.join(sorted(got))}, not of {', '.join(sorted(wanted))}"]
    found, counts = [], {}
    for row in rows:
        who = row["USUBJID"]
        own = frame[frame["USUBJID"] == who]
        place = counts[who] = counts.get(who, -1) + 1
        if place >= len(own):
            found.append(f"{name}, {who}: no row")
            continue
        for column, wanted in row.items():
            got = as_text(own.iloc[place][column])
            if not _is(got, wanted):
                found.append(f"{name}, {who}, {column}: {got or 'nothing'}, not {wanted}")
    return found


def _is(got: str, wanted: str) -> bool:
    """``79 to 82`` is any whole number from the one to the other."""
    low, to, high = wanted.partition(" to ")
    if to and low.isdigit() and high.isdigit():
        return got.isdigit() and int(low) <= int(got) <= int(high)
    return got == wanted or (bool(wanted) and got != "" and _number(got) == _number(wanted))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
