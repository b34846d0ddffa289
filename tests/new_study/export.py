"""An export of the tests as a hospital sends it, the edits of its proposal, what comes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from tests.workbooks import workbook

Rows = list[list]


@dataclass(frozen=True)
class Export:
    """An export: its files and sheets, the edits of the proposed study file, what comes out.

    ``edits`` replace a text of the study file by another; ``merged`` are ranges by sheet.
    ``times`` are days and events by endpoint and patient, ``responses`` the best ones by patient,
    ``cells`` other values of ADSL by patient, ``baseline`` results of the laboratory by test.
    """

    name: str
    layout: str
    files: dict[str, dict[str, Rows]]
    edits: tuple[tuple[str, str], ...] = ()
    merged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    times: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    responses: dict[str, str] = field(default_factory=dict)
    cells: dict[str, dict[str, object]] = field(default_factory=dict)
    baseline: dict[str, dict[str, float]] = field(default_factory=dict)


def write(export: Export, folder: Path) -> Path:
    """Write the files of an export into ``folder``: workbooks, and text files in GB18030."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, sheets in export.files.items():
        if file.endswith(".csv"):
            (rows,) = sheets.values()
            lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
            (folder / file).write_bytes("\r\n".join(lines).encode("gb18030"))
            continue
        (folder / file).write_bytes(workbook(sheets, export.merged))
    return folder


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def after(start: str, days: int) -> dt.date:
    return day(start) + dt.timedelta(days=days)
