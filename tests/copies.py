"""Projects for tests: the shipped configuration in a folder of its own, which a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copied(target: Path, *more: str) -> Path:
    """``target`` with the configuration, the schemas and ``more`` folders of the project in it."""
    for folder in ("config", "workflow/schemas", *more):
        shutil.copytree(ROOT / folder, target / folder)
    return target
