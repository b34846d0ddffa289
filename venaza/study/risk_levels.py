"""Derived risk groups: the levels of a classification, and where ADSL says why there is none."""

from __future__ import annotations

#: Not enough is known of the patient; the reason in ADSL begins so.
UNKNOWN = "not classifiable"
#: The classification was not made for the patient; the reason in ADSL begins so.
OUTSIDE = "outside the classification"
#: Column of ADSL with a derived group -> the column that says why that one, or why none.
REASONS = {"RISKDRV": "RISKDRVRS", "RISK2024": "RISK24RS", "SIG4": "SIG4RS"}


def levels(scheme: dict) -> list[str]:
    """The groups of a scheme, then the levels without one; outside only where it can happen."""
    return [*scheme["groups"], UNKNOWN, *([OUTSIDE] if scheme.get("excluded") else [])]
