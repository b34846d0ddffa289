"""What response parameters and categories are called in print."""

from __future__ import annotations

from venaza.study.words import listed

RESPONSES = {
    "ORR": "Overall response",
    "CRC": "Composite complete remission",
    "CR": "Complete remission",
    "MRDNEG": "MRD-negative",
    "TIRBC": "Red-cell transfusion independence",
    "TIPLT": "Platelet transfusion independence",
}


def categories(chosen: list[str], study: dict) -> str:
    """``CR, CRi or PR``: the categories that the study's criteria know of those chosen."""
    known = [c["response"] for c in study.get("criteria", {}).get("categories", [])]
    kept = [name for name in chosen if not known or name in known]
    return listed(study, kept, "or")
