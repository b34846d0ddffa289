"""`python -m venaza check`: a study file tried on its export in seconds."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

import pandas as pd

from venaza.contracts.key_lines import lines_named
from venaza.contracts.queries import SEVERITIES
from venaza.contracts.terminal import pairs, section, table, title
from venaza.preflight import (
    check_headers,
    export_files,
    load_run,
    load_study,
    other_files,
    settings,
)
from venaza.study.support import MARK, explained, unsupported, without_cycle

#: How many cells of each rule the summary shows.
_CELLS_SHOWN = 3
_WIDTH = 100


def run(options: argparse.Namespace, root: Path) -> int:
    """Print what each study file makes of its export; 1 where an example fails."""
    passed = True
    for name in options.studies:
        text, good = check(root, name, options.export, not options.no_report)
        print(text)
        passed &= good
    return 0 if passed else 1


def check(root: Path, name: str, export: str = "newest", report: bool = True) -> tuple[str, bool]:
    """What a study file makes of its export, as text, and whether every example passed.

    The study is loaded, its headers are looked up, its export is read, cleaned and derived in
    memory; then its own ``examples`` are run. The one file that is written is the data-quality
    ``report``. Raises ``StudyError`` for what stops a run.
    """
    with lines_named(root):
        return _checked(root, name, export, report)


def _checked(root: Path, name: str, export: str, report: bool) -> tuple[str, bool]:
    load_run(root, {"studies": name, "export": export, "formats": "html"})
    study = load_study(root, name, export)
    check_headers(root, study)
    examples, passed = _examples(study)
    cells, files, clean_tables, results = in_memory(root, study)
    label = " (synthetic data)" if study["study"]["synthetic"] else ""
    parts = [
        title(f"{study['study']['short']}{label}, export {study['export']}"),
        *_files(files),
        *_mapped(study),
        section("Rows of the export", _rows(clean_tables["row_account"])),
        *_corrections(clean_tables["corrections"]),
        section("Queries", _queries([clean_tables["queries"], results["queries"]])),
        section("Endpoints", _coverage(results, study)),
        section("What the endpoints rest on", _support(results)),
        section(f"Examples in config/studies/{name}.yaml", examples),
    ]
    if report:
        parts.append(f"\nData quality: {_report(root, study, cells, clean_tables, results)}")
    return "\n".join(parts) + "\n", passed


def _report(root: Path, study: dict, cells: pd.DataFrame, clean_tables: dict, results: dict) -> str:
    """Write the data-quality report; returns its path within the project."""
    from venaza.commands.quality.page import quality_page
    from venaza.contracts.files import write_text
    from venaza.pipeline.clean.build import contract

    columns = {table: contract(table, study) for table in study["tables"]}
    path = f"results/{study['id']}/check/data-quality.html"
    write_text(quality_page(cells, clean_tables, results, columns, study), root / path)
    return path


def _corrections(corrections: pd.DataFrame) -> list[str]:
    """How many corrections were applied, and those that were not; nothing where there are none."""
    if corrections.empty:
        return []
    counts = corrections["STATUS"].value_counts()
    lines = [f"{n} {status}" for status, n in sorted(counts.items())]
    return [section("Corrections of the clinic", lines)]


def in_memory(root: Path, study: dict) -> tuple[pd.DataFrame, pd.DataFrame, dict, dict]:
    """The cells, the files, the clean tables and the analysis tables of the study's export."""
    from venaza.pipeline.clean.build import clean
    from venaza.pipeline.endpoints.build import derive
    from venaza.pipeline.endpoints.groups import refuse_nobody
    from venaza.pipeline.intake.cells import read_export
    from venaza.pipeline.intake.privacy.protect import protect

    which = (root, study["id"], study["export"])
    paths = export_files(*which) + other_files(*which)
    folder = root / "data/raw" / study["id"] / study["export"]
    cells, files = read_export(paths, folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), root)
    tables = clean(cells, settings(study, "clean"))
    results = derive(tables, settings(study, "endpoints"))
    refuse_nobody(results["adsl"], study)
    return cells, files, tables, results


def _files(files: pd.DataFrame) -> list[str]:
    """What intake noted of each file, and its hidden sheets; nothing where it noted nothing."""
    lines = []
    for row in files.sort_values("SRCFILE").to_dict("records"):
        hidden = f"hidden, but read: {row['HIDDEN']}" if row["HIDDEN"] else ""
        notes = "; ".join(filter(None, [hidden, row["NOTES"]]))
        lines.append((row["SRCFILE"], notes))
    return [section("Files", pairs(lines))] if any(notes for _, notes in lines) else []


def _mapped(study: dict) -> list[str]:
    """Which header was taken for what, where the study file leaves that to the headers."""
    lines = [(m["table"], m["sheet"], m["header"], m["column"], m["how"]) for m in study["mapped"]]
    headers = ("table", "sheet", "header", "column", "how")
    return [section("Mapped by header", table(headers, lines))] if lines else []


def _rows(account: pd.DataFrame) -> list[str]:
    rows = []
    for name, part in account.groupby("TABLE", sort=False):
        counts = part.groupby("OUTCOME", sort=False)["N"].sum()
        used = int(counts.get("used", 0))
        why = [f"{n} {outcome}" for outcome, n in counts.items() if outcome != "used"]
        rows.append((name, used, int(counts.sum()) - used, "; ".join(why)))
    return table(("table", "used", "left out", "why left out"), rows)


def _queries(frames: list[pd.DataFrame]) -> list[str]:
    """One line for each rule, the gravest first: how many, and the first cells."""
    queries = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    rows = []
    for severity in SEVERITIES:
        part = queries[queries["SEVERITY"] == severity]
        for rule, found in part.groupby("RULE"):
            cells = [_cell(row) for row in found.head(_CELLS_SHOWN).to_dict("records")]
            more = ", ..." if len(found) > len(cells) else ""
            rows.append((severity, rule, len(found), ", ".join(cells) + more))
    return table(("severity", "rule", "n", "first cells"), rows) if rows else []


def _cell(row: dict) -> str:
    known = [row[key] for key in ("SRCSHEET", "SRCCOL") if pd.notna(row[key]) and row[key]]
    return " ".join([*known, f"row {row['SRCROW']}"])


def _coverage(results: dict[str, pd.DataFrame], study: dict) -> list[str]:
    """Who has each endpoint, by group, how the times end, and how long they are in all."""
    adsl = results["adsl"].set_index("USUBJID")
    levels = study["groups"]["levels"] if study["groups"] else {}
    rows = []
    wrong = unsupported(results["support"])
    for code, definition in _definitions(study).items():
        times, without = (
            results[name][results[name]["PARAMCD"] == code] for name in ("adtte", "adtte_excluded")
        )
        for group in levels or ["all"]:
            own, left = (
                part[part["USUBJID"].map(adsl["GROUP"]) == group] if levels else part
                for part in (times, without)
            )
            ends = [int((own["CNSR"] == status).sum()) for status in (0, 2, 1)]
            if not definition["competing"]:
                ends[1] = ""
            mark = f" {MARK}" if code in wrong else ""
            which = (code.partition(".")[0], f"{definition['definition']}{mark}", group)
            rows.append((*which, len(own), *ends, int(own["AVAL"].sum()), len(left)))
    names = ("patients", "events", "competing", "censored", "patient-days", "not in it")
    lines = table(("endpoint", "definition", "group", *names), rows)
    # The terminal is English whatever the report is.
    notes = explained(list(wrong), results["support"], {**study, "words": {}})
    return [*lines, *(line for note in notes for line in textwrap.wrap(note, _WIDTH))]


def _support(results: dict[str, pd.DataFrame]) -> list[str]:
    """A line for each milestone: rows there, rows that could count, rows and patients that did."""
    support = results["support"]
    rows = []
    for row in support[support["ROLE"] != "censor"].drop_duplicates("MILESTONE").to_dict("records"):
        passed = row["PASSED"] if isinstance(row["PASSED"], str) else ""
        counts = (row[name] for name in ("NROWS", "NFIT", "NCOUNT", "NPATIENT"))
        rows.append((row["DESCRIPTION"], row["SRCDOM"], row["COLUMNS"], *counts, passed))
    names = ("rows", "could count", "counted", "patients", "not counted")
    return [
        *table(("source", "table", "columns", *names), rows),
        *without_cycle(results["queries"]),
    ]


def _definitions(study: dict) -> dict[str, dict]:
    """The endpoints of the study, each with its alternatives behind it."""
    ordered = {}
    for code, definition in study["endpoints"].items():
        ordered[code] = definition
        ordered |= {k: d for k, d in study["alternatives"].items() if d["of"] == code}
    return ordered


def _examples(study: dict) -> tuple[list[str], bool]:
    """One line for each example; under one that fails, every cell that is not as expected."""
    from venaza.commands.examples import differences, examples_of

    lines, failed, examples = [], 0, examples_of(study)
    for example, own_study in examples:
        found = differences(example, own_study)
        failed += bool(found)
        lines.append(f"{'FAILED' if found else 'passed'}  {example.name}")
        if found:
            cells = [
                (d.table, d.patient, d.column, d.expected or "nothing", d.got or "nothing")
                for d in found
            ]
            headers = ("table", "patient", "column", "expected", "got")
            lines += [f"        {line}" for line in table(headers, cells)]
    if examples:
        lines.append(f"{len(examples) - failed} of {len(examples)} passed")
    return lines, not failed
