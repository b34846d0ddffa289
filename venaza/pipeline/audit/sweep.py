"""Removing from a study's results what earlier runs made and this one was not asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from venaza.contracts.files import sweep


def sweep_results(
    root: Path,
    jobs: Iterable[str],
    runs: Iterable[str],
    documents: Iterable[str],
    bridges: list[str],
) -> None:
    """Keep in ``root`` (``results/STUDY``) only what this run stands for.

    ``jobs`` are those whose records and logs stay, ``runs`` the folders under
    ``audit/baseline`` that it is compared with, ``documents`` the rendered reports, ``bridges``
    the kinds of bridges.
    """
    jobs = list(jobs)
    sweep(root / "audit/baseline", sorted(runs))
    sweep(root / "records", [f"{name}.json" for name in jobs])
    sweep(root / "logs", [f"{name}.log" for name in [*jobs, "audit"]])
    sweep(root / "report", [*documents, "source"])
    sweep(root / "bridges", bridges)
    if not bridges:
        (root / "settings/bridges.json").unlink(missing_ok=True)
        shutil.rmtree(root / "bridges", ignore_errors=True)
