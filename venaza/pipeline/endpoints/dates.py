"""Dates of study days: the index date and so many days."""

from __future__ import annotations

import pandas as pd


def dates_of(patients: pd.Series, days: pd.Series, adsl: pd.DataFrame) -> pd.Series:
    """The date of each patient's day; empty where the day or the index date is not known."""
    index = patients.map(adsl.set_index("USUBJID")["INDEXDT"])
    dates = index + pd.to_timedelta(days.astype("Float64"), unit="D")
    return dates.astype("datetime64[ns]")
