"""From the tables of a run to the clinic's workbook."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from venaza.contracts.queries import RANK
from venaza.pipeline.queries.book import query_book
from venaza.pipeline.queries.rows import answered, query_lines, text, touched


def workbook(
    queries: list[pd.DataFrame], cells: pd.DataFrame, study: dict, before: list[pd.DataFrame]
) -> tuple[bytes, dict]:
    """The workbook of a study's queries, and how many there are, new ones, and answered ones.

    ``queries`` are those of cleaning and of the endpoints, ``before`` the same of the export
    before (empty where there is none); ``study`` has ``study``, ``export`` and ``checks``.
    """
    now = pd.concat(queries, ignore_index=True)
    then = pd.concat(before, ignore_index=True) if before else None
    checks = study.get("checks") or {}
    lines = query_lines(now, cells, checks, then)
    gone = answered(now, then)
    title = f"Queries to the clinic: {study['study']['short']}, export of {study['export']}"
    if study["study"].get("synthetic"):
        title += " (synthetic data)"
    day = dt.date.fromisoformat(study["export"])
    book = query_book(lines, gone, _rules(now, checks), title=title, day=day)
    counts = {
        "queries": len(lines),
        "new": sum(line["status"] == "new" for line in lines),
        "no longer asked": len(gone),
    }
    return book, counts


def _rules(queries: pd.DataFrame, checks: dict) -> list[tuple]:
    """One line for each check that found something, the gravest and most frequent first."""
    rules = checks.get("rules", checks)
    counts = queries.groupby(["RULE", "SEVERITY"]).size()
    found = [
        (
            text(rules.get(rule, {}).get("title")) or rule.replace("_", " ").capitalize(),
            severity,
            int(n),
            text(rules.get(rule, {}).get("why")),
            touched(rules.get(rule, {})),
        )
        for (rule, severity), n in counts.items()
    ]
    return sorted(found, key=lambda line: (RANK.get(line[1], 3), -line[2], line[0]))
