"""Columns of texts that keep each text once (pandas' categories): made, changed, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

#: So many different combinations can be numbered.
_MOST = 1 << 62


def of_codes(codes: np.ndarray, texts: Sequence[str]) -> pd.Categorical:
    """The column that has ``texts[code]`` for each code, and nothing for -1."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="object"))


def codes_of(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The code of each row, -1 where there is no text, and the texts by their codes."""
    column = column if hasattr(column, "cat") else column.astype("category")
    return column.cat.codes.to_numpy(), column.cat.categories.tolist()


def joined(parts: Iterable[tuple[np.ndarray, Sequence[str]]]) -> pd.Categorical:
    """Columns, each by its codes and its texts, one below the other."""
    known: dict[str, int] = {}
    codes = [
        np.array([*(known.setdefault(text, len(known)) for text in texts), -1], np.int32)[own]
        for own, texts in parts
    ]
    return of_codes(np.concatenate(codes or [np.array([], np.int32)]), list(known))


def change_texts(
    column: pd.Series, change: Callable[[str | None], str | None], here: np.ndarray | None = None
) -> pd.Series:
    """A column with ``change(text)`` for each text (None where there is none), all or ``here``.

    ``change`` is called once for each different text. The categories hold no text that is in no
    row: what was taken out of a column is nowhere in it.
    """
    codes, texts = codes_of(column)
    here = np.ones(len(codes), dtype=bool) if here is None else np.asarray(here, dtype=bool)
    known: dict[str, int] = {}
    made = np.empty(len(codes), dtype=np.int32)
    for rows, shown in ((~here, lambda text: text), (here, change)):
        own = codes[rows]
        table = np.full(len(texts) + 1, -1, dtype=np.int32)
        for code in np.flatnonzero(np.bincount(own.astype(np.intp) + 1)).tolist():
            text = shown(texts[code - 1] if code else None)
            table[code - 1] = -1 if text is None else known.setdefault(text, len(known))
        made[rows] = table[own]
    return pd.Series(of_codes(made, list(known)), index=column.index, name=column.name)


def numbered(frame: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The number of each row's combination of the columns ``names``, and the first row of each.

    Combinations are numbered from 0 in the order in which they come.
    """
    key, size = np.zeros(len(frame), dtype=np.int64), 1
    for name in names:
        codes, texts = codes_of(frame[name])
        if size * (len(texts) + 1) > _MOST:
            key, kinds = pd.factorize(key)
            size = len(kinds)
        key, size = key * (len(texts) + 1) + codes + 1, size * (len(texts) + 1)
    number, _ = pd.factorize(key)
    return number, np.flatnonzero(~pd.Series(key).duplicated().to_numpy())


def combinations(
    frame: pd.DataFrame, names: Sequence[str], beside: Sequence[str] = ()
) -> pd.DataFrame:
    """Each different combination of the columns ``names`` once, in the order in which they come.

    A frame of objects with those columns (None where there is no text), ``beside`` as it stands in
    the first such row, and ``TIMES``.
    """
    number, first = numbered(frame, names)
    lines = frame[[*names, *beside]].iloc[first].astype("object").reset_index(drop=True)
    lines = lines.where(lines.notna(), None)
    return lines.assign(TIMES=np.bincount(number, minlength=len(first)))
