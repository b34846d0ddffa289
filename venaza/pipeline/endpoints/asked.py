"""What a check of this stage found, before it is worded as a query."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Asked:
    """A clean cell that the clinic should look at, and what the message of ``rule`` says of it.

    ``action`` stands in for the declared one where what was done depends on the study; ``value``
    for the clean value where that is not what was recorded.
    """

    rule: str
    table: str
    patient: str
    seq: int
    column: str
    said: dict
    action: str | None = None
    value: str | None = None


def shown(value: object, unit: str = "") -> str:
    """A number as a message shows it, with its unit where there is one."""
    return "not recorded" if pd.isna(value) else f"{value:g}{unit}"
