"""Rows that repeat another cell by cell: which row each of them is the same as."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.text import folded
from venaza.pipeline.clean.raw_table import RawTable


def first_of_each(rows: RawTable) -> np.ndarray:
    """For each row the first one with the same patient and, folded, the same cells.

    Rows are found by a hash over their cells, whose order does not count, and then compared.
    """
    cells = rows.stored
    which, texts = pd.factorize(rows.text_codes())
    known: dict[str, int] = {}
    fold = [known.setdefault(folded(rows.export.texts[t]), len(known)) for t in texts.tolist()]
    text = np.array(fold, dtype="uint64")[which]
    mixed = _mixed(text * np.uint64(len(rows.keys)) + cells.key.astype("uint64"))
    with np.errstate(over="ignore"):
        summed = np.zeros(len(mixed) + 1, dtype="uint64")
        np.cumsum(mixed, out=summed[1:])
        starts = rows.starts()
        content = summed[starts[1:]] - summed[starts[:-1]]
        patient, _ = pd.factorize(np.array(rows.patients, dtype=object))
        content += _mixed(patient.astype("uint64") + np.uint64(1 << 40))
    first = np.arange(len(rows))
    seen: dict[tuple, int] = {}
    for index in np.flatnonzero(pd.Series(content).duplicated(keep=False)).tolist():
        own = slice(starts[index], starts[index + 1])
        pairs = sorted(zip(cells.key[own].tolist(), text[own].tolist(), strict=True))
        first[index] = seen.setdefault((rows.patients[index], tuple(pairs)), index)
    return first


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Each number as another that looks drawn (the finaliser of SplitMix64, Steele 2014)."""
    with np.errstate(over="ignore"):
        z = numbers * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))
