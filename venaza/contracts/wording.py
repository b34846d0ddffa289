"""Values and names as they are read: dates by day, the first letter small within a sentence."""

from __future__ import annotations


def shown(value: object) -> str:
    """``value`` as a person reads it: dates by day, whole numbers without a point, empty for NA."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if value != value else f"{value:.12g}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return str(value)


def small(text: str) -> str:
    """``text`` with a small first letter, unless it starts with a name or an abbreviation.

    "Relapse" is "relapse"; "CAR-T cells", "MRD relapse" and "pH" stay as they are.
    """
    first = text.split(" ")[0].split("-")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() else text
