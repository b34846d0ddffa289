"""What is written down a little late: a failure some days after the therapy that answers it."""

from __future__ import annotations


def written_late(day: int, end: int, study: dict) -> bool:
    """Whether what is written down on ``day`` after the window's ``end`` still belongs to it.

    A failure is often written down days after the therapy that answers it has begun: up to
    ``failure.treated_before_days``.
    """
    return end < day <= end + study["failure"]["treated_before_days"]
