"""Tables packed into a page: columns of distinct values, compressed, the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def packed_table(frame: pd.DataFrame) -> dict:
    """``frame`` for the page: ``n`` rows and per column the distinct values and which is where.

    A missing value has the place -1. Dates are days (``2023-06-30``), whole numbers have no
    point.
    """
    return {"n": len(frame), "c": {name: _column(frame[name]) for name in frame}}


def _column(values: pd.Series) -> list:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    return [[_plain(value) for value in distinct], codes.tolist()]


def _plain(value: object) -> object:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int) or hasattr(value, "dtype") and value.dtype.kind == "i":
        return int(value)
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else float(f"{number:.12g}")


def packed(content: object) -> str:
    """``content`` as compressed JSON in base64: no character of it can end a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode("ascii")
