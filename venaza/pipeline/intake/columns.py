"""The cells of a sheet as columns of numbers: where each stands, and which text it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from venaza.pipeline.intake.sheet import Cell, text_cell


@dataclass(frozen=True)
class Placed:
    """The cells of a sheet that are not empty, row by row, those of a row from the left.

    ``rows`` and ``columns`` (from 0) say where each stands and ``codes`` which of ``cells``, the
    different ones of the sheet, it is.
    """

    rows: np.ndarray
    columns: np.ndarray
    codes: np.ndarray
    cells: list[Cell]


def placed(rows: Sequence[Sequence[Cell]]) -> Placed:
    """The cells of rows that are not empty."""
    if isinstance(rows, TextRows):
        return rows.placed()
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    known: dict[Cell, int] = {}
    every = (known.setdefault(cell, len(known)) for row in rows for cell in row)
    codes = np.fromiter(every, dtype=np.int32, count=lengths.sum())
    filled = np.array([text != "" for text, _ in known], dtype=bool)[codes]
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return Placed(
        np.repeat(np.arange(len(rows), dtype=np.int32), lengths)[filled],
        (np.arange(len(codes)) - starts)[filled].astype(np.int32),
        codes[filled],
        list(known),
    )


class TextRows(Sequence):
    """The rows of a text file, each as long as the first; kept as columns of a dictionary each."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.unify_dictionaries()

    def __len__(self) -> int:
        return self._table.num_rows

    def __getitem__(self, place: int | slice) -> list:
        if isinstance(place, slice):
            return list(islice(self, place.indices(len(self))[1]))[place]
        return [text_cell(column[place].as_py()) for column in self._table.columns]

    def __iter__(self) -> Iterator[list[Cell]]:
        for part in self._table.to_batches(max_chunksize=1 << 16):
            texts = zip(*(column.to_pylist() for column in part.columns), strict=True)
            yield from ([text_cell(text) for text in row] for row in texts)

    def longest(self) -> int:
        """Characters of the longest cell."""
        lengths = (pc.utf8_length(_whole(column).dictionary) for column in self._table.columns)
        return max((pc.max(length).as_py() or 0 for length in lengths), default=0)

    def filled(self) -> int:
        """How many cells are not empty."""
        return sum(map(_filled, map(_whole, self._table.columns)))

    def placed(self) -> Placed:
        """The cells that are not empty."""
        columns = [_whole(column) for column in self._table.columns]
        known = pa.concat_arrays([column.dictionary for column in columns]).dictionary_encode()
        common, start = known.indices.to_numpy(), 0
        codes = np.empty((len(self), len(columns)), dtype=np.int32)
        for position, column in enumerate(columns):
            own = common[start : start + len(column.dictionary)]
            codes[:, position] = own[column.indices.to_numpy()]
            start += len(own)
        cells = [text_cell(text) for text in known.dictionary.to_pylist()]
        filled = np.array([text != "" for text, _ in cells], dtype=bool)[codes]
        rows, at = np.divmod(np.flatnonzero(filled), len(columns))
        return Placed(rows.astype(np.int32), at.astype(np.int32), codes[filled], cells)


def _filled(column: pa.DictionaryArray) -> int:
    empty = pc.index(column.dictionary, "").as_py()
    return int(np.count_nonzero(column.indices.to_numpy() != empty))


def _whole(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column in one piece; its pieces share their dictionary."""
    if column.num_chunks == 0:
        return pa.array([], pa.string()).dictionary_encode()
    indices = pa.concat_arrays([chunk.indices for chunk in column.chunks])
    return pa.DictionaryArray.from_arrays(indices, column.chunk(0).dictionary)
