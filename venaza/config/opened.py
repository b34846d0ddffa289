"""The tops of an export's sheets, read once for all who look at headers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from venaza.intake.read import Cell, open_sheets

#: Rows kept of each sheet; headers stand above this line.
ROWS = 40


def sheet_tops(path: Path, encoding: str | None = None) -> dict[str, list[list[Cell]]]:
    """The first rows of every sheet of a file, as ``open_sheets`` gives them."""
    known = path.stat()
    return _tops(path, encoding, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=256)
def _tops(path: Path, encoding: str | None, _changed: int, _size: int) -> dict:
    return open_sheets(path, encoding, head=ROWS)
