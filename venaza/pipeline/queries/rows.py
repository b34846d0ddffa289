"""The queries as lines for the clinic: the cell, what is wrong, why it matters, what was done."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.headers import header_key
from venaza.contracts.queries import RANK
from venaza.contracts.wording import natural


def query_lines(
    queries: pd.DataFrame, cells: pd.DataFrame, checks: dict, before: pd.DataFrame | None
) -> list[dict]:
    """One line (the keys of ``FIELDS``) for each query: by patient, the gravest first.

    ``queries`` has the columns of ``QUERIES``, of cleaning and endpoints alike; ``before`` those
    of the export before, if there is one. ``checks`` tells of each rule why it matters.
    """
    rules = checks.get("rules", checks)
    letters = cell_letters(cells)
    known = None if before is None else set(before["QUERYID"])
    lines = []
    for query in queries.to_dict("records"):
        said = {name: text(value) for name, value in query.items()}
        rule = rules.get(said["RULE"], {})
        letter = letters.get((said["SRCFILE"], said["SRCSHEET"], header_key(said["SRCCOL"])), "")
        lines.append(
            {
                "patient": said["USUBJID"],
                "severity": said["SEVERITY"],
                "file": said["SRCFILE"],
                "sheet": said["SRCSHEET"],
                "row": said["SRCROW"],
                "column": said["SRCCOL"],
                "cell": letter and f"{letter}{said['SRCROW']}",
                "value": said["VALUE"],
                "message": said["MESSAGE"],
                "why": text(rule.get("why")),
                "touches": touched(rule),
                "done": said["ACTION"],
                "id": said["QUERYID"],
                "status": "" if known is None else "open" if said["QUERYID"] in known else "new",
            }
        )
    return sorted(lines, key=_order)


def answered(queries: pd.DataFrame, before: pd.DataFrame | None) -> list[dict]:
    """The queries of the export before that are no longer asked, in the same order."""
    if before is None:
        return []
    gone = before[~before["QUERYID"].isin(set(queries["QUERYID"]))]
    lines = [
        {
            "patient": text(q["USUBJID"]),
            "severity": q["SEVERITY"],
            "column": text(q["SRCCOL"]),
            "value": text(q["VALUE"]),
            "message": q["MESSAGE"],
            "id": q["QUERYID"],
            "row": text(q["SRCROW"]),
        }
        for q in gone.to_dict("records")
    ]
    return sorted(lines, key=_order)


def _order(line: dict) -> tuple:
    row = int(line["row"] or 0)
    return (
        not line["patient"],
        natural(line["patient"]),
        RANK.get(line["severity"], 3),
        line["id"].partition(":")[0],
        line.get("sheet", ""),
        row,
        line["id"],
    )


def text(value: object) -> str:
    """``value`` as text; empty for a missing one."""
    return "" if value is None or pd.isna(value) else str(value)


def touched(rule: dict) -> str:
    """The results that a wrong value would change, as a check names them."""
    names = rule.get("touches") or []
    names = [names] if isinstance(names, str) else names
    return ", ".join("all results" if name == "all" else str(name) for name in names)


def cell_letters(cells: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """(file, sheet, normalised header) -> the spreadsheet's letters of that column.

    A column without any value is found by its header alone.
    """
    letters: dict[tuple[str, str, str], str] = {}
    for name in ("HEADER", "VALUE"):
        part = cells[cells["HEADER"].notna() if name == "HEADER" else cells["HEADER"].isna()]
        part = part.drop_duplicates(["SRCFILE", "SRCSHEET", name])
        columns = (part[c] for c in ("SRCFILE", "SRCSHEET", name, "COL"))
        for file, sheet, header, letter in zip(*columns, strict=True):
            letters.setdefault((text(file), text(sheet), header_key(text(header))), text(letter))
    return letters
