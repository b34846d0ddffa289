"""Tables packed into a page: columns of distinct values, compressed, the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import json

import numpy as np
import pandas as pd

#: A column: its distinct values as JSON has them, and the place of each row's among them, -1
#: where it is missing.
Coded = tuple[list, np.ndarray]
#: The character of a missing value, that of place 0 comes next: none of them needs an escape in
#: JSON. Halves of a character (surrogates) are passed over.
_MISSING, _HALVES, _HALF_COUNT = 0x5D, 0xD800, 0x800


def coded_table(frame: pd.DataFrame) -> dict[str, Coded]:
    """Each column of a table by its name."""
    return {name: coded_column(frame[name]) for name in frame}


def coded_column(values: pd.Series | np.ndarray) -> Coded:
    """A column with its distinct values in the order in which they come.

    Dates are days (``2023-06-30``), whole numbers have no point.
    """
    places, distinct = pd.factorize(values, use_na_sentinel=True)
    if isinstance(distinct, pd.DatetimeIndex):
        distinct = distinct.strftime("%Y-%m-%d")
    return [_plain(value) for value in distinct], places.astype("int32")


def _plain(value: object) -> object:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int) or hasattr(value, "dtype") and value.dtype.kind == "i":
        return int(value)
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else float(f"{number:.12g}")


def combined(columns: list[pd.Series]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows say the same in all ``columns``.

    Of each row the number of its combination of values, 0 first, and of each combination the row
    in which it comes first: what depends on these columns alone is found once for each of them.
    """
    numbers = np.zeros(len(columns[0]), dtype="int64")
    for values in columns:
        places, distinct = pd.factorize(values, use_na_sentinel=True)
        numbers, _ = pd.factorize(numbers * (len(distinct) + 1) + places + 1)
    return numbers, np.flatnonzero(~pd.Series(numbers).duplicated().to_numpy())


def packed_table(frame: pd.DataFrame) -> dict:
    """``frame`` for the page: ``n`` rows and per column the distinct values and which is where.

    A column may have a million distinct values.
    """
    return packed_rows(coded_table(frame), np.arange(len(frame)))


def packed_rows(table: dict[str, Coded], rows: np.ndarray, every: bool = True) -> dict:
    """Some ``rows`` of a table as ``packed_table`` has them; without ``every`` only columns that
    say anything.
    """
    columns = {name: _packed(values, places[rows]) for name, (values, places) in table.items()}
    kept = {name: column for name, column in columns.items() if every or column[0]}
    return {"n": len(rows), "c": kept}


def _packed(values: list, places: np.ndarray) -> list:
    own, used = pd.factorize(places)
    missing = np.flatnonzero(used == -1)
    if len(missing):
        own = np.where(own == missing, -1, own - (own > missing))
        used = np.delete(used, missing)
    return [[values[place] for place in used.tolist()], _written(own)]


def _written(places: np.ndarray) -> str:
    """The place of each row's value as a character (``app/data.js`` reads it)."""
    points = places + _MISSING + 1
    points = np.where(points < _HALVES, points, points + _HALF_COUNT)
    return points.astype("<u4").tobytes().decode("utf-32-le")


def packed(content: object) -> str:
    """``content`` as compressed JSON in base64: no character of it can end a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode("ascii")
