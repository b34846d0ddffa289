"""Columns of tables as arrays: numbers, texts, and what is made of each distinct value once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def floats(numbers: pd.Series) -> np.ndarray:
    """Numbers as floats; NaN where there is none."""
    return numbers.to_numpy(np.float64, na_value=np.nan)


def texts(words: pd.Series) -> np.ndarray:
    """Texts as objects; None where there is none."""
    return words.to_numpy(object, na_value=None)


def mapped(values: np.ndarray, word: Callable) -> np.ndarray:
    """What ``word`` makes of each value, of equal ones once; None where there is no value."""
    places, distinct = pd.factorize(values)
    return np.array([*map(word, distinct), None], dtype=object)[places]


def highest(places: np.ndarray, numbers: np.ndarray, patients: int) -> np.ndarray:
    """The highest of each patient's numbers, by patient; NaN where there is none."""
    found = np.full(patients, np.nan)
    order = np.argsort(numbers, kind="stable")
    found[places[order]] = numbers[order]  # of several for one place numpy keeps the last
    return found
