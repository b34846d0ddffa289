"""Conditions on columns with empty values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def is_true(condition: pd.Series) -> pd.Series:
    """``condition`` as plain true and false; what is not known is not true."""
    return condition.fillna(False).astype(bool)
