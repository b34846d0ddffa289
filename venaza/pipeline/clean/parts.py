"""A table of several sheets joined by the patient's number: which sheet a column is read from."""

from __future__ import annotations

import numpy as np

from venaza.contracts.headers import header_key, is_joined, is_part, mapped_columns
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.clean.raw_table import RawTable


class Parts:
    """The headers that each sheet of a joined table has cells under; a plain table has no parts."""

    def __init__(self, rows: RawTable) -> None:
        self.headers = rows.headers
        self.everywhere = set().union(*self.headers.values())

    def reads(self, place: Place, how: dict) -> bool:
        """Whether a column is read from the sheet of a row: where its header, or condition, is."""
        if not self.headers:
            return True
        if "sheet" in how and not is_part(how["sheet"], place.file, place.sheet):
            return False
        here = self.headers.get((place.file, place.sheet), set())
        own = header_key(how["from"]) if "from" in how else None
        if own in self.everywhere:
            return own in here
        asked = {header_key(header) for header in how.get("when", {})} & self.everywhere
        return not asked or bool(asked & here)


def borrow_conditions(rows: RawTable, spec: dict) -> None:
    """Give rows the cells of conditions that stand on another sheet of a joined table; in place.

    ``rows.headers`` keeps what each sheet had of its own.

    A death may stand on one sheet and its date on another. The cell is lent where the patient has
    one row with it; where he has several that differ, nobody knows, and the condition is asked.
    """
    if not is_joined(spec):
        return
    wanted = {
        header_key(header)
        for _, how in mapped_columns(spec)
        for use in ("when", "otherwise")
        for header in how.get(use, {})
    }
    rows.headers, sheets = own_headers(rows), rows.export.sheets
    first: dict[str, int] = {}
    patient = np.array([first.setdefault(p, len(first)) for p in rows.patients], dtype="int64")
    for key in sorted(wanted):
        without = [n for n, sheet in enumerate(sheets) if key not in rows.headers.get(sheet, ())]
        borrowers = np.isin(rows.sheet, without)
        column = rows.under(key)
        said, texts = column.said(lambda entry: tidy(entry.text))
        lenders = np.flatnonzero(said)
        low, high = np.full(len(first), len(texts)), np.zeros(len(first), dtype="int64")
        np.minimum.at(low, patient[lenders], said[lenders])
        np.maximum.at(high, patient[lenders], said[lenders])
        lender = np.full(len(first), -1, dtype="int64")
        lender[patient[lenders[::-1]]] = lenders[::-1]
        lender[low != high] = -1
        targets = np.flatnonzero(borrowers & (lender[patient] >= 0))
        if len(targets):
            rows.take(key, targets, lender[patient[targets]])


def own_headers(rows: RawTable) -> dict[tuple[str, str], set[str]]:
    """The keys of the headers that each sheet of a table has cells under."""
    cells, keys = rows.stored, list(rows.keys)
    pairs = np.unique(rows.sheet[cells.row].astype("int64") * len(keys) + cells.key)
    found: dict[tuple[str, str], set[str]] = {}
    for pair in pairs.tolist():
        sheet = rows.export.sheets[pair // len(keys)]
        found.setdefault(sheet, set()).add(keys[pair % len(keys)])
    return found
