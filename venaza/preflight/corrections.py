"""The corrections file of a study, read and checked: config/corrections/STUDY.csv."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import original
from venaza.contracts.text import tidy
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.intake.read import open_sheets
from venaza.study.names import did_you_mean

COLUMNS = ("patient", "table", "row", "column", "old", "new", "reason", "who", "date")
_NEEDED = ("table", "column", "reason", "who", "date")


def corrections_file(name: str) -> str:
    """Where a study's corrections stand, from the project's root."""
    return f"config/corrections/{name}.csv"


def load_corrections(root: Path, name: str, export: str, exports: list[str]) -> dict | None:
    """The corrections of a study for one of its ``exports``; None where it has no file.

    For the newest export every line must fit (``strict``). An earlier one is taken as it was
    known when the next one came: lines dated from that day on are left out.
    """
    shown = corrections_file(name)
    if not (root / shown).is_file():
        return None
    lines = read_corrections(root / shown, shown)
    later = [date for date in exports if date > export]
    known = [line for line in lines if not later or line["date"] < later[0]]
    return {"file": shown, "strict": not later, "lines": known} if known else None


def read_corrections(path: Path, shown: str) -> list[dict]:
    """The lines of a corrections file, each a dictionary of ``COLUMNS`` and ``line``.

    Read like any export: UTF-8 with or without its mark, GB18030, commas, semicolons or tabs.
    Raises ``StudyError`` for a column that is missing or unknown and a line that is not whole.
    """
    if path.stat().st_size == 0:
        return []
    rows = [[cell[0] for cell in row] for row in open_sheets(path)[""]]
    at = _columns(rows[0] if rows else [], shown)
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        line = {name: _cell(row, i) for name, i in at.items()}
        if any(line.values()):
            lines.append({"line": number, **_checked(line, number, shown)})
    return lines


def _cell(row: list[str], i: int) -> str:
    return original(row[i].strip()) if i < len(row) else ""


def _columns(header: list[str], shown: str) -> dict[str, int]:
    names = [tidy(text).lower() for text in header]
    for name in filter(None, names):
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS)
            raise StudyError(
                f"'{name}' is not a column of a corrections file.",
                fix=f"{hint}Its columns are {', '.join(COLUMNS)}.",
                file=shown,
                row=1,
                column=name,
            )
    for name in COLUMNS:
        if names.count(name) != 1:
            raise StudyError(
                f"The corrections file needs one column '{name}'.",
                fix=f"Its columns are {', '.join(COLUMNS)}.",
                file=shown,
                row=1,
                column=name,
            )
    return {name: names.index(name) for name in COLUMNS}


def _checked(line: dict, number: int, shown: str) -> dict:
    place = {"file": shown, "row": number}
    for name in _NEEDED:
        if not line[name]:
            raise StudyError(
                f"A correction has no '{name}'.",
                fix="Each correction needs its table, its column, a reason, who decided, and when.",
                **place,
                column=name,
            )
    if not line["patient"] and not line["row"]:
        raise StudyError(
            "A correction names neither a patient nor a row.",
            fix="Give the patient as the export writes it; without a patient number, give the row.",
            **place,
            column="patient",
        )
    if line["old"] == line["new"]:
        raise StudyError(
            "A correction changes nothing: old and new are equal.",
            fix="Write the value as sent under 'old' and the right one under 'new'.",
            **place,
            column="new",
            value=line["new"] or "(empty)",
        )
    read = read_date(tidy(line["date"]))
    if read.day is None:
        raise StudyError(
            f"The date of a correction cannot be read: {read.problem}.",
            fix="Write it as YYYY-MM-DD.",
            **place,
            column="date",
            value=line["date"],
        )
    return {**line, "date": read.day.isoformat()}
