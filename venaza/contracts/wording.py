"""Names within a sentence: the first letter small, but for names and abbreviations."""

from __future__ import annotations


def small(text: str) -> str:
    """``text`` with a small first letter, unless it starts with a name or an abbreviation.

    "Relapse" is "relapse"; "CAR-T cells", "MRD relapse" and "pH" stay as they are.
    """
    first = text.split(" ")[0].split("-")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() else text
