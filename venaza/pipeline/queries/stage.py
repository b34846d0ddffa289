"""From the tables of a run to the clinic's workbook."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from venaza.contracts.queries import RANK
from venaza.pipeline.queries.book import query_book
from venaza.pipeline.queries.columns import TEXTS
from venaza.pipeline.queries.language import Language
from venaza.pipeline.queries.rows import cell_letters, query_lines


def workbook(
    queries: list[pd.DataFrame], cells: pd.DataFrame, study: dict, before: list[pd.DataFrame]
) -> tuple[bytes, dict]:
    """The workbook of a study's queries, and how many there are, notes, new and answered ones.

    ``queries`` are those of cleaning and of the endpoints, ``before`` the same of the export
    before (empty where there is none); ``study`` has the settings of this stage.
    """
    now = pd.concat(queries, ignore_index=True)
    then = pd.concat(before, ignore_index=True) if before else None
    letters = cell_letters(cells)
    lines = query_lines(now, letters, study, then)
    gone = [] if then is None else then[~then["QUERYID"].isin(set(now["QUERYID"]))]
    gone = query_lines(gone, letters, study, None) if len(gone) else []
    language = study["queries"]["language"]
    texts = TEXTS[language]
    title = texts["title"].format(study=study["study"]["short"], export=study["export"])
    if study["study"].get("synthetic"):
        title += texts["synthetic"]
    day = dt.date.fromisoformat(study["export"])
    book = query_book(lines, gone, _rules(now, study), title=title, day=day, language=language)
    notes = sum(line["rank"] == "note" for line in lines)
    counts = {
        "queries": len(lines) - notes,
        "notes": notes,
        "new": sum(line["status"] == "new" for line in lines),
        "no longer asked": len(gone),
    }
    return book, counts


def _rules(queries: pd.DataFrame, study: dict) -> list[dict]:
    """A line (``CHECKS``) for each check that found something, the gravest first."""
    words = Language(study["messages"], study["checks"].get("rules", {}))
    everything = TEXTS[study["queries"]["language"]]["all"]
    counts = queries.groupby(["RULE", "SEVERITY"]).size()
    found = [
        {
            "title": words.title(rule),
            "rank": severity,
            "severity": words.severity(severity),
            "n": int(n),
            "why": words.why(rule),
            "touches": words.touched(rule, everything),
        }
        for (rule, severity), n in counts.items()
    ]
    return sorted(found, key=lambda line: (RANK.get(line["rank"], 3), -line["n"], line["title"]))
