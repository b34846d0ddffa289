"""The cells of an export as columns of integers: raw rows, headers, texts, for all tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.clean.layout import fits
from venaza.pipeline.clean.layout_redcap import Redcap


class Export:
    """The ``cells`` of an export (``CELLS``), each named by its position in them.

    Of each cell: ``row`` (which raw row), ``header``, ``text``, ``label``, ``kind`` (each a
    position in ``headers``, ``texts``, ``labels``, ``kinds``; -1 where the cell has none),
    ``number`` (``CELL``).
    Of each raw row, in the order of the export: ``row_sheet`` (a position in ``sheets``, pairs of
    file and sheet), ``row_number``, ``row_zero`` (a position in ``zeros``: days 0 of workbooks).
    ``labels`` and ``zeros`` end with an empty text, which is that of the position -1.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        self.cells = cells
        files, file = coded(cells["SRCFILE"])
        names, sheet = coded(cells["SRCSHEET"])
        pair, pairs = pd.factorize(file.astype("int64") * max(len(names), 1) + sheet)
        self.sheets = [(files[p // len(names)], names[p % len(names)]) for p in pairs.tolist()]
        number = cells["SRCROW"].to_numpy("int64")
        beyond = int(number.max(initial=0)) + 1
        row, rows = pd.factorize(pair * beyond + number)
        self.row = row.astype("int32")
        self.row_sheet = (rows // beyond).astype("int32")
        self.row_number = rows % beyond
        self.headers, self.header = coded(cells["HEADER"])
        self.texts, self.text = coded(cells["VALUE"])
        labels, self.label = coded(cells["LABEL"])
        self.kinds, self.kind = coded(cells["KIND"])
        zeros, zero = coded(cells["DAYZERO"])
        self.labels, self.zeros = (np.array([*t, ""], dtype=object) for t in (labels, zeros))
        self.row_zero = np.full(len(rows), -1, dtype="int32")
        known = zero >= 0
        self.row_zero[self.row[known]] = zero[known]
        self.number = cells["CELL"].to_numpy("int64")
        self._places: np.ndarray | None = None

    def places(self, rows: np.ndarray) -> list[Place]:
        """Where raw rows stand."""
        if self._places is None:
            sheets = [self.sheets[code] for code in self.row_sheet.tolist()]
            pairs = zip(sheets, self.row_number.tolist(), strict=True)
            made = (Place(*sheet, number) for sheet, number in pairs)
            self._places = np.fromiter(made, dtype=object, count=len(sheets))
        return self._places[rows].tolist()

    def taken(self, spec: dict, redcap: Redcap) -> np.ndarray:
        """Which ``sheets`` a table takes."""
        return np.array([fits(*pair, spec, redcap) for pair in self.sheets], dtype=bool)

    def below_headers(self, spec: dict, redcap: Redcap) -> np.ndarray:
        """The cells below the headers of the sheets that a table takes, in their order."""
        taken = self.taken(spec, redcap)[self.row_sheet]
        return np.flatnonzero(taken[self.row] & (self.header >= 0))

    def is_kind(self, kinds: Iterable[str], part: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Whether each cell, all or those of a ``part``, is of one of the ``kinds``."""
        wanted = set(kinds)
        known = np.array([*(kind in wanted for kind in self.kinds), False], dtype=bool)
        return known[self.kind[part]]

    def header_codes(self, part: np.ndarray) -> list[int]:
        """The headers over the cells of a ``part``, each once, as they first appear."""
        return pd.unique(self.header[part]).tolist()

    def under(self, part: np.ndarray, key: str, redcap: Redcap) -> np.ndarray:
        """The cells of a ``part`` under the header with a ``key``."""
        heads = [code for code in self.header_codes(part) if key in redcap.keys(self.headers[code])]
        return part[np.isin(self.header[part], heads)]

    def addresses(self, part: np.ndarray) -> Iterator[tuple[Place, str, str]]:
        """Place, header and text of each cell of a ``part``."""
        places = self.places(self.row[part])
        for place, position in zip(places, part.tolist(), strict=True):
            head = self.header[position]
            yield place, self.headers[head] if head >= 0 else "", self.texts[self.text[position]]

    def patients(
        self, part: np.ndarray, beside: np.ndarray, key: str, redcap: Redcap
    ) -> dict[Place, str]:
        """The patient's number, under a ``key`` in a ``part``, of rows with cells ``beside`` it."""
        cells = self.under(part, key, redcap)
        cells = cells[np.isin(self.row[cells], self.row[beside])]
        return {place: tidy(text) for place, _, text in self.addresses(cells)}


def numbered(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each code the number of the distinct one that it is, and where each first appears."""
    which, _ = pd.factorize(codes)
    return which, np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())


def coded(column: pd.Series) -> tuple[list[str], np.ndarray]:
    """The distinct texts of a column of strings or categories, and which of them each cell has."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.categories.tolist(), column.cat.codes.to_numpy("int32")
    codes, known = pd.factorize(column.to_numpy(object, na_value=None))
    return list(known), codes.astype("int32")
