"""The intake tables: every cell of an export with its address, and every file with its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_rows, mapped_headers
from venaza.contracts.intake import BEYOND, CELLS, FILES
from venaza.pipeline.intake.archives import Source, sources
from venaza.pipeline.intake.categories import joined
from venaza.pipeline.intake.columns import Placed, placed
from venaza.pipeline.intake.headers import Headers, headers_of
from venaza.pipeline.intake.keys import check_keys
from venaza.pipeline.intake.limits import keep_within, limits_of
from venaza.pipeline.intake.redcap import add_labels
from venaza.pipeline.intake.sheet import Opened, Sheet, letters
from venaza.pipeline.intake.source import open_source, specs_of

#: Of a sheet: its rows, and each other column of the cells by its codes and its texts.
Part = dict[str, "np.ndarray | tuple[np.ndarray, list[str]]"]


def read_export(paths: list[Path], folder: Path, study: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every cell that is not empty (``CELLS``) and every file (``FILES``) of an export.

    ``paths`` lie in ``folder``. Header rows are taken from the study's tables; a sheet that
    no table maps is kept too, with its first row as header. A file that no reader knows is in
    ``FILES`` with a note. The texts of the cells are categories. Raises ``StudyError`` for what
    cannot be read.
    """
    limits = limits_of(study)
    parts: list[Part] = []
    files: list[dict] = []
    total = 0
    with sources(paths, folder, limits) as found:
        for source in found:
            before = total
            opened = open_source(source, study, limits)
            notes = list(opened.notes)
            for sheet in opened.sheets:
                part, said = _cells_of(source, sheet, study, opened.format == "text")
                notes += [f"{sheet.name}: {note}" if sheet.name else note for note in said]
                parts.append(part)
                total += len(part["SRCROW"])
            what = "The export up to this file has too many cells"
            keep_within(limits, "cells", total, what, source.name)
            files.append(_file_row(source, opened, total - before, notes))
    frame = _frame(parts)
    for name, said in check_keys(frame, study).items():
        row = next(file for file in files if file["SRCFILE"] == name)
        row["NOTES"] = "; ".join(filter(None, [row["NOTES"], *said]))
    return add_labels(frame, study.get("redcap")), pd.DataFrame(files, columns=names(FILES))


def _frame(parts: list[Part]) -> pd.DataFrame:
    """The cells of all sheets, numbered; ``parts`` is emptied."""
    columns = {}
    for column in CELLS[1:]:
        own = [part.pop(column.name) for part in parts]
        if column.dtype == "string":
            columns[column.name] = joined(own)
        else:
            columns[column.name] = np.concatenate([np.array([], np.int32), *own])
    frame = pd.DataFrame(columns, copy=False)
    frame.insert(0, CELLS[0].name, np.arange(1, len(frame) + 1))
    return frame


def _cells_of(source: Source, sheet: Sheet, study: dict, text_file: bool) -> tuple[Part, list[str]]:
    """The cells of a sheet that are not empty, and what is to be noted about it."""
    specs = specs_of(source.base, sheet.name, study)
    rows = header_rows(specs[0], source.base, sheet.name) if specs else [1]
    wanted = [header for spec in specs for header in mapped_headers(spec)]
    headers = headers_of(sheet, rows, wanted)
    found = placed(sheet.rows)
    below = found.rows >= rows[-1]
    width = _width(sheet, rows[-1], found, source.name, bool(specs)) if text_file else None
    reach = int(found.columns.max(initial=-1)) + 1
    names = [headers.names[at] if at < len(headers.names) else "" for at in range(reach)]
    kinds = list(dict.fromkeys(kind for _, kind in found.cells))
    of_cells = np.array([kinds.index(kind) for _, kind in found.cells], dtype=np.int8)
    kind = of_cells[found.codes]
    counts = dict(zip(kinds, np.bincount(kind[below], minlength=len(kinds)).tolist(), strict=True))
    nameless = _nameless(found.columns[below], names)
    if width is not None:
        kind = np.where(below & (found.columns >= width), np.int8(len(kinds)), kind)
    titled = np.array([at if name else -1 for at, name in enumerate(names)], dtype=np.int32)
    part = {
        "SRCFILE": _alike(source.name, found),
        "SRCSHEET": _alike(sheet.name, found),
        "SRCROW": found.rows + np.int32(1),
        "COL": (found.columns, [letters(at) for at in range(reach)]),
        "HEADER": (np.where(below, titled[found.columns], np.int32(-1)), names),
        "VALUE": (found.codes, [text for text, _ in found.cells]),
        "KIND": (kind, [*kinds, BEYOND]),
        "LABEL": _beside(found, sheet.labels),
        "STORED": _beside(found, sheet.stored),
        "DAYZERO": _alike(sheet.day_zero or None, found),
    }
    return part, [*sheet.notes, *_said(nameless, counts, headers, bool(specs))]


def _alike(text: str | None, found: Placed) -> tuple[np.ndarray, list[str]]:
    """A column of one text, or of none."""
    codes = np.full(len(found.rows), -1 if text is None else 0, dtype=np.int8)
    return codes, [] if text is None else [text]


def _beside(found: Placed, texts: dict[tuple[int, int], str]) -> tuple[np.ndarray, list[str]]:
    """A column of the texts that stand beside the cells at some places (row and column from 0)."""
    codes = np.full(len(found.rows), -1, dtype=np.int32)
    if texts and len(codes):
        rows, columns = np.array(list(texts), dtype=np.int64).T
        wide = max(columns.max(), found.columns.max()) + 1
        order, asked = found.rows.astype(np.int64) * wide + found.columns, rows * wide + columns
        at = np.minimum(np.searchsorted(order, asked), len(order) - 1)
        there = np.flatnonzero(order[at] == asked)
        codes[at[there]] = there
    return codes, list(texts.values())


def _nameless(columns: np.ndarray, names: list[str]) -> dict[str, int]:
    """How many of the cells below the headers stand in each column without one, by its letters."""
    at, first, times = np.unique(columns, return_index=True, return_counts=True)
    order = np.argsort(first)
    found = zip(at[order].tolist(), times[order].tolist(), strict=True)
    return {letters(place): n for place, n in found if not names[place].strip()}


def _width(sheet: Sheet, head: int, found: Placed, file: str, mapped: bool) -> int | None:
    """The number of headers of a text file; None where it has none.

    Raises ``StudyError`` where every row of a mapped file has a cell more: which header is
    missing, the first or the last, nobody can tell.
    """
    if head > len(sheet.rows):
        return None
    width = len(sheet.rows[head - 1])
    below = found.rows >= head
    rows = found.rows[below]
    last = found.columns[below][np.append(rows[1:] != rows[:-1], True)] if len(rows) else rows
    if mapped and len(last) > 1 and last.min() >= width:
        raise StudyError(
            f"Every row has more cells than the {width} headers: a header is missing.",
            fix="Where the first column has none (R writes row names so), put one before the "
            "others; where the last has none, behind them.",
            file=file,
            row=head,
        )
    return width


def _said(nameless: dict, kinds: dict, headers: Headers, mapped: bool) -> list[str]:
    """Notes on a sheet, without headers that no table maps: those may be a patient's row."""
    notes = [
        f"column {column} has no header: {n} cell(s) not read" for column, n in nameless.items()
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
    return notes + [f"{kinds[kind]} {text}" for kind, text in what.items() if kinds.get(kind)]


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
