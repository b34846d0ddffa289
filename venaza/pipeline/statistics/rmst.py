"""Restricted mean survival time: the area under a Kaplan-Meier curve up to a stated horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd


def restricted_mean(curve: pd.DataFrame, horizon: float) -> tuple[float, float]:
    """The area up to ``horizon`` and its standard error, in the unit of ``curve``'s times.

    ``curve`` is one of ``kaplan_meier``. The variance is Greenwood's: over the event times u up
    to the horizon, the sum of (area from u to the horizon)^2 d / (n (n - d)), as R's
    ``print(survfit(...), rmean = horizon)``. The horizon must lie within follow-up, unless the
    curve has come down to 0.
    """
    kept = curve[curve["time"] <= horizon]
    time = kept["time"].to_numpy(float)
    area = kept["estimate"].to_numpy(float) * np.diff(np.append(time, horizon))
    rest = np.cumsum(area[::-1])[::-1]
    n, d = (kept[name].to_numpy(float) for name in ("n_risk", "n_event"))
    left = n - d
    hazard = np.where(left > 0, d / np.where(left > 0, n * left, 1.0), 0.0)
    until = float(time[0])  # a late first entry: of those who lived until then
    return until + float(area.sum()), float(np.sqrt((rest**2 * hazard).sum()))


def is_followed(curve: pd.DataFrame, horizon: float) -> bool:
    """Whether the area up to ``horizon`` is known: followed so far, or nobody is left."""
    last = curve.iloc[-1]
    return bool(horizon <= last["time"] or last["estimate"] == 0)
