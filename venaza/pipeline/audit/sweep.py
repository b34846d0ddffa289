"""Removing from a study's results what earlier runs made and this one was not asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from venaza.contracts.documents import RENDERED
from venaza.contracts.files import sweep
from venaza.contracts.word_files import is_word, keep_edited


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
    jobs, documents = list(jobs), set(documents)
    sweep(root / "audit/baseline", sorted(runs))
    sweep(root / "records", [f"{name}.json" for name in jobs])
    sweep(root / "logs", [f"{name}.log" for name in [*jobs, "audit"]])
    made = (f"{name}.{kind}" for kind, names in RENDERED.items() for name in names)
    for path in (root / "report" / name for name in made if name not in documents):
        if is_word(path):
            keep_edited(path)
        path.unlink(missing_ok=True)  # and nothing else: what somebody put there is theirs
    sweep(root / "bridges", bridges)
    if not bridges:
        (root / "settings/bridges.json").unlink(missing_ok=True)
        shutil.rmtree(root / "bridges", ignore_errors=True)
