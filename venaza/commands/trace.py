"""`python -m venaza trace` and `why`: a patient from raw cells to numbers, and the way back."""

from __future__ import annotations

import argparse
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.audit.results import export_of
from venaza.pipeline.audit.trace.printed import trace, trace_json, why, why_json
from venaza.preflight import load_run, load_study


def run_trace(options: argparse.Namespace, root: Path) -> None:
    """Print what became of one patient."""
    print((trace_json if options.json else trace)(*_results(options.study, root), options.patient))


def run_why(options: argparse.Namespace, root: Path) -> None:
    """Print how one number came about."""
    print((why_json if options.json else why)(*_results(options.study, root), options.ard_id))


def _results(name: str, root: Path) -> tuple[Path, dict]:
    """The folder of a study's results, and the study as it was run."""
    load_run(root, {"studies": name, "export": "newest", "formats": "html"})
    results = root / "results" / name
    if not (results / "statistics/ard.parquet").exists():
        raise StudyError(
            f"The study '{name}' has no results yet.",
            fix=f"Run: snakemake --cores 4 --config studies={name}",
        )
    return results, load_study(root, name, export_of(results))
