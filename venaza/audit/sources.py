"""From an analysis row back to the raw cell that decided it: file, sheet, row, header, text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    import pandas as pd

#: The columns that ``with_sources`` adds.
ADDED = ("SRCFILE", "SRCSHEET", "SRCROW", "SRCCOL", "RAW")
_PLACE = ("SRCFILE", "SRCSHEET", "SRCROW")


def with_sources(
    frame: pd.DataFrame, clean: dict[str, pd.DataFrame], cells: pd.DataFrame, study: dict
) -> pd.DataFrame:
    """``frame`` with the raw place of the row that decided each of its rows.

    ``frame`` has ``USUBJID SRCDOM SRCVAR SRCSEQ``; they point at a row of a clean table, and
    that row at the export. Adds ``SRCFILE SRCSHEET SRCROW`` and, where the study file maps the
    column from a header, ``SRCCOL`` (header) and ``RAW`` (text of the cell). Empty where the
    value comes from no cell, as a constant of the study file does. Where one raw row gives
    several records with the same clean column, ``ADY`` tells which day is meant.
    """
    rows = clean_places(clean)
    texts = cell_texts(cells)
    found: dict[str, list] = {name: [] for name in ADDED}
    names = ("SRCDOM", "USUBJID", "SRCSEQ", "SRCVAR", "ADY")
    keys = (_known(frame[c]) if c in frame else [None] * len(frame) for c in names)
    for table, patient, seq, variable, day in zip(*keys, strict=True):
        place = rows.get((table, patient, seq))
        headers = headers_of(table, variable, study)
        header, text, _ = one_cell(texts.get(place, {}), headers, day)
        for name, value in zip(ADDED, (*(place or (None,) * 3), header, text), strict=True):
            found[name].append(value)
    return frame.assign(**{name: _typed(name, values) for name, values in found.items()})


def _known(values: pd.Series) -> list:
    return values.astype(object).where(values.notna(), None).tolist()


def _typed(name: str, values: list) -> pd.Series:
    import pandas as pd

    return pd.array(values, dtype="Int64" if name == "SRCROW" else "string")


def clean_places(clean: dict[str, pd.DataFrame]) -> dict[tuple, tuple]:
    """(table, patient, SEQ) of each clean row -> (file, sheet, row) of the export."""
    places = {}
    for table, frame in clean.items():
        if not {"USUBJID", "SEQ", *_PLACE} <= set(frame.columns):
            continue
        columns = (_known(frame[c]) for c in ("USUBJID", "SEQ", *_PLACE))
        for patient, seq, file, sheet, row in zip(*columns, strict=True):
            places[(table, patient, seq)] = (file, sheet or "", row)
    return places


def cell_texts(cells: pd.DataFrame) -> dict[tuple, dict[str, tuple]]:
    """(file, sheet, row) -> folded header -> (header, text, column) of the raw cell."""
    texts: dict[tuple, dict[str, tuple]] = {}
    part = cells[cells["HEADER"].notna()]
    columns = (_known(part[c]) for c in (*_PLACE, "HEADER", "VALUE", "COL"))
    for file, sheet, row, header, *rest in zip(*columns, strict=True):
        texts.setdefault((file, sheet or "", row), {})[header_key(header)] = (header, *rest)
    return texts


def headers_of(table: str | None, variable: str | None, study: dict) -> list[str]:
    """The raw headers that the study file maps to a clean column; empty for a constant."""
    spec = study.get("tables", {}).get(table) or {}
    records = spec.get("records") or [{"columns": spec.get("columns", {})}]
    found = []
    for record in records:
        how = record["columns"].get(variable)
        header = how.get("from") if isinstance(how, dict) else how
        if header:
            found.append(header)
    return list(dict.fromkeys(found))


def conditions_of(table: str, variable: str, study: dict) -> dict[str, str]:
    """The raw headers that decide whether a clean column is filled, and the text that fills it."""
    spec = study.get("tables", {}).get(table) or {}
    records = spec.get("records") or [{"columns": spec.get("columns", {})}]
    asked = [record["columns"].get(variable) for record in records]
    return {
        header: " or ".join(words) if isinstance(words, list) else str(words)
        for how in asked
        if isinstance(how, dict)
        for header, words in (how.get("when") or {}).items()
    }


def one_cell(row: dict[str, tuple], headers: list[str], day: int | None = None) -> tuple:
    """Header, text and column of the cell under the one of ``headers`` that the raw row fills.

    Two records of one table may take the same column from different headers; where both are
    filled in the row, the one that says ``day`` counts. If none can be told, none is named.
    """
    filled = [row[header_key(header)] for header in headers if header_key(header) in row]
    if len(filled) > 1:
        filled = [cell for cell in filled if cell[1] == str(day)]
    return filled[0] if len(filled) == 1 else (None, None, None)


def place_text(file: object, sheet: object, row: object) -> str:
    """A raw place in words: ``file · sheet · row 12``."""
    import pandas as pd

    known = [str(part) for part in (file, sheet) if not pd.isna(part) and part != ""]
    if not pd.isna(row):
        known.append(f"row {int(row)}")
    return " · ".join(known)
