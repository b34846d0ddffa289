"""What an earlier run made because it was asked to, and this one is not."""

from __future__ import annotations

import shutil
from pathlib import Path

from venaza.contracts.files import sweep


def sweep_bridges(root: Path, asked: list[str]) -> None:
    """Remove from ``results/STUDY`` the bridges that ``asked`` does not name, with their logs."""
    sweep(root / "bridges", asked)
    for path in root.glob("logs/bridge_*.log"):
        if path.stem.removeprefix("bridge_") not in asked:
            path.unlink()
    if not asked:
        (root / "settings/bridges.json").unlink(missing_ok=True)
        shutil.rmtree(root / "bridges", ignore_errors=True)
