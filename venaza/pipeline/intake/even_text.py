"""Text files of which every row is as long as the first, read at once and column by column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyarrow import csv

from venaza.pipeline.intake.columns import TextRows
from venaza.pipeline.intake.limits import Limits

#: Bytes that are parsed at a time; a longer row is left to Python's csv.
_BLOCK = 1 << 22


def even_rows(text: str, delimiter: str, width: int, limits: Limits) -> TextRows | None:
    """The rows of a text as Python's csv reads them, each of ``width`` cells; None where not.

    What pyarrow may read in another way, and what passes a limit, is left to Python's csv, which
    says in which row it is.
    """
    data = text.encode("utf-8", "surrogatepass")
    grid = data.count(b"\n") + data.count(delimiter.encode()) + 1
    # pyarrow would take a second byte-order mark away.
    if grid > limits.grid or text.startswith("\ufeff") or not _is_regular(data, delimiter):
        return None
    names = [str(position) for position in range(width)]
    kinds = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK),
            csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            csv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    rows = TextRows(table)
    within = rows.longest() <= limits.cell_characters and rows.filled() <= limits.cells
    return rows if within else None


def _is_regular(data: bytes, delimiter: str) -> bool:
    """Whether no line is empty, all end alike, and quotation marks stand around whole cells.

    An empty line is a row of empty cells to pyarrow. A mark within a cell is doubled, so that the
    first, the third and so on open a cell or are the second of two, the others close one or are the
    first of two.
    """
    if data.count(b"\r") != data.count(b"\r\n") or data.startswith((b"\r", b"\n")):
        return False
    if b"\n\n" in data or b"\n\r" in data:
        return False
    if b'"' not in data:
        return True
    signs = np.frombuffer(b"\n" + data + b"\n", dtype=np.uint8)
    marks = np.flatnonzero(signs == ord('"'))
    beside = np.zeros(256, dtype=bool)
    beside[[*b'\r\n"', ord(delimiter)]] = True
    return (
        len(marks) % 2 == 0
        and bool(beside[signs[marks[::2] - 1]].all())
        and bool(beside[signs[marks[1::2] + 1]].all())
    )
