"""Late entry (left truncation): who is under observation when, and when that defeats an estimate.

Who comes under observation after time zero has lived until then, and would have been missed
otherwise; such patients count from their entry on. Throughout, ``entry`` holds the day of each
patient since time zero, 0 for those who were there from the start: a patient counts over
(entry, time], as in R's ``Surv(entry, time, event)``, and from day 0 on with an entry of 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Said in methods, and of what cannot be given with late entries.
LATE = "left-truncated at entry"
NO_METHOD = "not available with late entry"


def with_entry(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of ADTTE with ``ENTRY``: days from time zero until under observation, at least 0."""
    day = (rows["ENTRYDY"] - rows["STARTDY"].fillna(0)).clip(lower=0).fillna(0)
    return rows.assign(ENTRY=day.astype(float)).drop(columns="ENTRYDY")


def is_late(entry: np.ndarray | None) -> bool:
    """Whether anybody comes under observation after time zero."""
    return entry is not None and bool((entry > 0).any())


def still_to_come(times: np.ndarray, entry: np.ndarray | None) -> np.ndarray | int:
    """How many patients come under observation at each of ``times`` or later."""
    if entry is None:
        return 0
    late = np.sort(entry[entry > 0])
    return len(late) - np.searchsorted(late, times)


def emptied(time: np.ndarray, failed: np.ndarray, entry: np.ndarray | None) -> float | None:
    """The day on which everybody under observation failed before the last patient had come.

    From there on the product-limit estimate is 0 whatever becomes of those who come later, which
    is R's number and no estimate of anything (Klein and Moeschberger, Survival Analysis, 2nd ed.,
    section 4.6). ``failed`` counts competing events too. ``None`` where there is no such day.
    """
    if not is_late(entry):
        return None
    times, failures = np.unique(time[failed], return_counts=True)
    there = len(time) - np.searchsorted(np.sort(time), times) - still_to_come(times, entry)
    gone = times[(failures == there) & (times <= entry.max())]
    return float(gone[0]) if len(gone) else None


def up_to(steps: pd.DataFrame, day: float | None) -> tuple[pd.DataFrame | None, str | None]:
    """The part of a curve before ``day`` (see ``emptied``), and why it ends there."""
    if day is None:
        return steps, None
    reason = (
        f"on day {day:g} everybody under observation had failed, before the last patient came "
        "under observation"
    )
    part = steps[steps["time"] < day]
    return (None if part.empty else part), reason


def first_seen(entry: np.ndarray | None) -> float:
    """The day on which the first patient comes under observation; 0 without patients."""
    return float(entry.min()) if entry is not None and len(entry) else 0.0


def from_entry(steps: pd.DataFrame, entry: np.ndarray | None) -> pd.DataFrame:
    """A curve from the day on which the first patient comes under observation.

    Before it nobody could be seen to fail, so nothing is known of it: the estimate is that of
    patients who lived until then (Klein and Moeschberger, as above, section 4.6).
    """
    day = first_seen(entry)
    if day <= 0:
        return steps
    return steps.assign(time=steps["time"].clip(lower=day)).drop_duplicates("time", keep="last")


def said(method: str, entry: np.ndarray) -> str:
    """``method``, and that entries were late where they were."""
    if not is_late(entry):
        return method
    day = first_seen(entry)
    return f"{method}, {LATE}" + (f", in those alive on day {day:g}" if day > 0 else "")
