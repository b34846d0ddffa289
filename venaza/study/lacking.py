"""What is said of a file, a sheet or a column that a study file names and the export lacks."""

from __future__ import annotations

import difflib
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import header_key, header_rows
from venaza.contracts.key_lines import asked_at
from venaza.study.names import did_you_mean


def no_such_file(table: str, wanted: str, names: list[str], place: str, shown: str) -> StudyError:
    """The error for a file, or a pattern of files, that the export (``place``) does not have."""
    hint = did_you_mean(wanted, names)
    return StudyError(
        f"No file of the export fits '{wanted}', which the table '{table}' needs.",
        fix=f"{hint}Files in {place}: {', '.join(names)}.",
        at=Key(shown, f"tables > {table} > file", wanted),
    )


def in_study_file(root: Path, study: str, table: str, word: str) -> str:
    """The study file, and where in it a table names a header or a sheet."""
    shown = f"config/studies/{study}.yaml"
    where = asked_at(root / shown, f"tables > {table}", word)
    return f"{shown} ({where})" if where else shown


def no_column(
    spec: dict,
    table: str,
    wanted: str,
    hint: str,
    lacking: list[str],
    raw: list[str],
    shown: str,
    sheet: str,
    where_asked: str,
) -> StudyError:
    """``hint`` says how to tell apart columns of one header, or where the lacking ones stand."""
    headers = {header_key(header): header for header in reversed(raw)}
    close = difflib.get_close_matches(header_key(wanted), list(headers), n=1)
    twice = wanted not in lacking
    hint = hint or (f"Did you mean '{headers[close[0]]}'? " if close else "")
    what = "it stands there twice" if twice else "no such column stands there"
    if len(lacking) > 1 and not twice:
        what = f"{len(lacking)} such columns do not stand there: {', '.join(lacking)}"
    rows = header_rows(spec, shown, sheet)
    place = f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"
    there = ", ".join(" ".join(h.split()) for h in raw if h.strip())[:2000] or "none"
    return StudyError(
        f"The table '{table}' maps a column of this sheet, but {what}.",
        fix=f"{hint}Columns in {place}: {there}. Correct {where_asked}; "
        "where the export lacks it, ask for it.",
        file=shown,
        sheet=sheet,
        row=rows[0],
        column=wanted,
    )
