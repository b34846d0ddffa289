"""A copy of the project in a folder of its own, and Snakemake run in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "config", "data", "profiles", "report", "venaza", "workflow")


def copy_project(target: Path) -> Path:
    """Copy what a run needs to ``target``; nothing of the checkout's results goes along."""
    target.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "source", ".quarto")
            shutil.copytree(source, target / name, ignore=ignore, symlinks=True)
        else:
            shutil.copy(source, target / name)
    return target


def snakemake(
    project: Path, *arguments: str, environment: dict | None = None
) -> subprocess.CompletedProcess:
    """Run Snakemake in ``project`` and return what it printed and its exit code."""
    return subprocess.run(
        command(*arguments),
        cwd=project,
        env={**os.environ, "PYTHONPATH": "", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def command(*arguments: str) -> list[str]:
    """The command line of a run on four cores."""
    return [sys.executable, "-m", "snakemake", "--cores", "4", *arguments]


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder``, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
