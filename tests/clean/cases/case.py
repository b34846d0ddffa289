"""What a case of a check is, and the short words in which the cases are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Case:
    """Rows by table that raise the check ``id`` (and ``also``), and rows that do not raise it."""

    id: str
    raises: dict
    silent: dict
    also: tuple[str, ...] = ()
    calendar: bool = False
    study: dict = field(default_factory=dict)


def me(**cells) -> dict:
    """A change of the patient's own row."""
    return {"patients": [cells]}


def rows(table: str, *rows: dict, **own) -> dict:
    return {table: list(rows), **(me(**own) if own else {})}


def seen(*days_and_words, **own) -> dict:
    """Assessments: pairs of day and word."""
    return rows("responses", *({"RSDT": d, "RSINV": w} for d, w in days_and_words), **own)


def cycles(*numbers_and_days, **own) -> dict:
    """Cycles: pairs of number and first day."""
    return rows("cycles", *({"CYCLE": n, "EXSTDT": d} for n, d in numbers_and_days), **own)


def event(term: str, grade, start, end=None, **own) -> dict:
    row = {"AETERM": term, "AETOXGR": grade, "AESTDT": start, "AEENDT": end}
    return rows("adverse_events", row, **own)


def lab(test: str, value, unit: str, day: int = 3) -> dict:
    return {"LBTESTCD": test, "LBSTRESN": value, "UNIT": unit, "LBDT": day}


def gene(gene: str, result: str, vaf=None) -> dict:
    return {"GENE": gene, "GERES": result, "VAF": vaf}


CR = {"RSDT": 30, "RSINV": "CR"}
DEAD = {"SURVSTAT": "DEAD", "DTHDT": 100, "LSTALVDT": 100}
