"""Values and names as people read them: days, small first letters, lists, 2 before 10."""

from __future__ import annotations

import re


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


def capital(text: str) -> str:
    """``text`` with a capital first letter."""
    return text[:1].upper() + text[1:]


def listed(items: list[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def in_words(words: dict[str, str], english: str, /, **filled: object) -> str:
    """``english`` in another language (English -> own), its names in braces filled in.

    What ``words`` does not have stays as it is written.
    """
    own = words.get(english, english)
    return own.format(**filled) if filled else own


def natural(text: str) -> list:
    """A key that sorts 2 before 10."""
    parts = re.split(r"(\d+)", text)
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts if p]
