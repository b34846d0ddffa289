"""The intake tables: every cell of an export with its address, and every file with its hash."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.contracts.headers import header_rows, mapped_headers, takes_file, takes_sheet
from venaza.contracts.intake import BEYOND, CELLS, FILES
from venaza.errors import StudyError
from venaza.intake.archives import Source, sources
from venaza.intake.formats import FORMATS
from venaza.intake.headers import Headers, headers_of
from venaza.intake.keys import check_keys
from venaza.intake.limits import Limits, limits_of, refuse
from venaza.intake.read import open_file
from venaza.intake.redcap import add_labels
from venaza.intake.sheet import Opened, Sheet, letters

if TYPE_CHECKING:
    import pandas as pd


def read_export(paths: list[Path], folder: Path, study: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every cell that is not empty (``CELLS``) and every file (``FILES``) of an export.

    ``paths`` lie in ``folder``. Header rows are taken from the study's tables; a sheet that
    no table maps is kept too, with its first row as header. A file that no reader knows is in
    ``FILES`` with a note. Raises ``StudyError`` for what cannot be read.
    """
    import pandas as pd

    limits = limits_of(study)
    cells: list[tuple] = []
    files: list[dict] = []
    with sources(paths, folder, limits) as found:
        for source in found:
            before = len(cells)
            opened = open_source(source, study, limits)
            notes = list(opened.notes)
            for sheet in opened.sheets:
                made, said = _cells_of(source, sheet, study, opened.format == "text")
                notes += [f"{sheet.name}: {note}" if sheet.name else note for note in said]
                cells += made
            if len(cells) > limits.cells:
                what = "The export up to this file has too many cells"
                raise refuse(limits, "cells", len(cells), what, source.name)
            files.append(_file_row(source, opened, len(cells) - before, notes))
    frame = pd.DataFrame(cells, columns=[column.name for column in CELLS[1:]])
    frame.insert(0, CELLS[0].name, range(1, len(frame) + 1))
    for name, said in check_keys(frame, study).items():
        row = next(file for file in files if file["SRCFILE"] == name)
        row["NOTES"] = "; ".join(filter(None, [row["NOTES"], *said]))
    return add_labels(frame, study.get("redcap")), pd.DataFrame(
        files, columns=[column.name for column in FILES]
    )


def open_source(source: Source, study: dict, limits: Limits, head: int | None = None) -> Opened:
    """A file of the export; without sheets where it is an archive or of no known kind."""
    ending = source.path.suffix.lower()
    if source.archive:
        return Opened("zip", [])
    if ending == ".sas7bcat":
        return Opened("sas7bcat", [], notes=["value labels for the SAS file of the same name"])
    if ending not in FORMATS:
        return Opened(ending.lstrip("."), [], notes=["not read: no reader for this kind of file"])
    try:
        return open_file(source.path, encoding_of(source.base, study), limits, head)
    except StudyError as error:
        error.place["file"] = source.name
        raise


def encoding_of(name: str, study: dict) -> str | None:
    """The encoding that the study file names for a file."""
    for spec in study["tables"].values():
        if takes_file(spec, name) and "encoding" in spec:
            return spec["encoding"]
    return None


def specs_of(name: str, sheet: str, study: dict) -> list[dict]:
    """The tables of the study file that a sheet of a file belongs to."""
    return [
        spec
        for spec in study["tables"].values()
        if takes_file(spec, name) and takes_sheet(spec, sheet)
    ]


def _cells_of(
    source: Source, sheet: Sheet, study: dict, text_file: bool
) -> tuple[list[tuple], list[str]]:
    """The cells of a sheet that are not empty, and what is to be noted about it."""
    specs = specs_of(source.base, sheet.name, study)
    rows = header_rows(specs[0], source.base, sheet.name) if specs else [1]
    wanted = [header for spec in specs for header in mapped_headers(spec)]
    headers = headers_of(sheet, rows, wanted)
    width = _width(sheet, rows[-1], source.name, bool(specs)) if text_file else None
    found, nameless, kinds = [], Counter(), Counter()
    for number, row in enumerate(sheet.rows, start=1):
        for position, (text, kind) in enumerate(row):
            if text == "":
                continue
            header = None
            if number > rows[-1]:
                header = headers.names[position] if position < len(headers.names) else None
                nameless[letters(position)] += not (header and header.strip())
                kinds[kind] += 1
                kind = BEYOND if width is not None and position >= width else kind
            place = (number - 1, position)
            label, stored = sheet.labels.get(place), sheet.stored.get(place)
            address = (source.name, sheet.name, number, letters(position))
            beside = (label, stored, sheet.day_zero or None)
            found.append((*address, header or None, text, kind, *beside))
    return found, [*sheet.notes, *_said(nameless, kinds, headers, bool(specs))]


def _width(sheet: Sheet, head: int, file: str, mapped: bool) -> int | None:
    """The number of headers of a text file; None where it has none.

    Raises ``StudyError`` where every row of a mapped file has a cell more: which header is
    missing, the first or the last, nobody can tell.
    """
    if head > len(sheet.rows):
        return None
    width = len(sheet.rows[head - 1])
    lengths = [
        max((n for n, (text, _) in enumerate(row, start=1) if text), default=0)
        for row in sheet.rows[head:]
    ]
    filled = [length for length in lengths if length]
    if mapped and len(filled) > 1 and min(filled) > width:
        raise StudyError(
            f"Every row has more cells than the {width} headers: a header is missing.",
            fix="Where the first column has none (R writes row names so), put one before the "
            "others; where the last has none, behind them.",
            file=file,
            row=head,
        )
    return width


def _said(nameless: Counter, kinds: Counter, headers: Headers, mapped: bool) -> list[str]:
    """Notes on a sheet, without headers that no table maps: those may be a patient's row."""
    notes = [
        f"column {column} has no header: {n} cell(s) not read"
        for column, n in nameless.items()
        if n
    ]
    again = [
        new
        for old, new in zip(headers.raw, headers.names, strict=True)
        if new.startswith(f"{old}.")
    ]
    if again and mapped:
        notes.append(f"headers given more than once are told apart as {', '.join(again)}")
    elif again:
        notes.append(f"{len(again)} header(s) given more than once")
    what = {
        "error": "cell(s) hold a spreadsheet error",
        "formula": "formula(s) have no stored value",
        "missing": "value(s) are declared missing by the file",
    }
    return notes + [f"{kinds[kind]} {text}" for kind, text in what.items() if kinds[kind]]


def _file_row(source: Source, opened: Opened, cells: int, notes: list[str]) -> dict:
    data = source.path.read_bytes()
    hidden = [sheet.name for sheet in opened.sheets if sheet.hidden]
    return {
        "SRCFILE": source.name,
        "SHA256": hashlib.sha256(data).hexdigest(),
        "BYTES": len(data),
        "FORMAT": opened.format,
        "ENCODING": opened.encoding,
        "SHEETS": len(opened.sheets),
        "CELLS": cells,
        "HIDDEN": ", ".join(hidden) or None,
        "NOTES": "; ".join(notes) or None,
    }
