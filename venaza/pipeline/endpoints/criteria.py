"""Response criteria: which category of a file in config/criteria/ the values of a day fulfil.

A condition holds (1), does not hold (0), or cannot be told (NaN) where the value is not recorded.
"""

from __future__ import annotations

import operator
import re

import numpy as np
import pandas as pd

_CONDITION = re.compile(r"(\w+)\s*(<=|>=|!=|<|>|=)\s*(\S+)")
_SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def holds(condition: str, values: pd.DataFrame) -> np.ndarray:
    """Whether ``condition`` (``PLT >= 100``) holds, by row."""
    name, sign, wanted = _CONDITION.fullmatch(condition).groups()
    value = values[name]
    if not pd.api.types.is_float_dtype(value):
        return np.where(value.isna(), np.nan, (value == wanted).to_numpy(bool) == (sign == "="))
    return np.where(value.isna(), np.nan, _SIGNS[sign](value, float(wanted)))


def _all(results: list[np.ndarray]) -> np.ndarray:
    """Whether all hold: not where one does not, else not known where one is not."""
    unknown = np.isnan(results).any(axis=0)
    return np.where(np.equal(results, 0).any(axis=0), 0, np.where(unknown, np.nan, 1))


def _any(results: list[np.ndarray]) -> np.ndarray:
    """Whether one holds: so where one does, else not known where one is not."""
    unknown = np.isnan(results).any(axis=0)
    return np.where(np.equal(results, 1).any(axis=0), 1, np.where(unknown, np.nan, 0))


def derive_response(
    values: pd.DataFrame, after_remission: np.ndarray, criteria: dict
) -> np.ndarray:
    """The first category of ``criteria`` that each row of ``values`` fulfils.

    ``values`` has MBLAST and PBLAST (%), ANC and PLT (10^9/L), EMD (Y or N), RSMETH (marrow or
    imaging), DEAUV and BASELINE_FALL (%), floats and NaN where not recorded, TRANSFUSED (Y or N)
    and PBLAST_TWICE (Y, N or None where one sample alone shows blasts). Where a category hangs on a
    value that was not recorded, the response stays underived (None): nothing is guessed.
    """
    response = np.full(len(values), None, dtype=object)
    left = np.ones(len(values), dtype=bool)
    for category in criteria["categories"]:
        asked = left & (after_remission | (not category.get("after_remission", False)))
        parts = [holds(condition, values) for condition in category.get("all", [])]
        if "any" in category:
            parts.append(_any([holds(condition, values) for condition in category["any"]]))
        decided = _all(parts) if parts else np.ones(len(values))
        response[asked & (decided == 1)] = category["response"]
        left &= ~(asked & (decided != 0))
    return response
