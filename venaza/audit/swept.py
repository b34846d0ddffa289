"""What an earlier run made because it was asked to, and this one is not."""

from __future__ import annotations

import shutil
from pathlib import Path

from venaza.contracts.files import sweep


def sweep_bridges(root: Path, asked: list[str]) -> None:
    """Remove from ``results/STUDY`` the bridges that ``asked`` does not name."""
    sweep(root / "bridges", asked)
    if not asked:
        (root / "settings/bridges.json").unlink(missing_ok=True)
        shutil.rmtree(root / "bridges", ignore_errors=True)
