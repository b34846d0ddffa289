"""The queries as lines for the clinic: the cell, what is asked, what was done."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.headers import header_key
from venaza.contracts.queries import RANK
from venaza.contracts.wording import natural
from venaza.pipeline.queries.columns import TEXTS
from venaza.pipeline.queries.language import Language
from venaza.pipeline.queries.offered import Offered


def query_lines(
    queries: pd.DataFrame, letters: dict, study: dict, before: pd.DataFrame | None
) -> list[dict]:
    """A line (keys of ``FIELDS`` and ``NOTES``) for each query: by patient, the gravest first.

    ``queries`` has the columns of ``QUERIES``, of cleaning and endpoints alike; ``before`` those
    of the export before, if there is one; ``letters`` are those of ``cell_letters``. ``rank`` is
    the severity, ``status`` new or open, ``offered`` what the answer may be chosen from.
    """
    known = None if before is None else set(before["QUERYID"])
    language = study["queries"]["language"]
    words, texts = Language(study["messages"], study["checks"].get("rules", {})), TEXTS[language]
    offered = Offered(study)
    several = queries["SRCFILE"].nunique() > 1
    lines = []
    for query in queries.to_dict("records"):
        said = {name: text(value) for name, value in query.items()}
        status = "" if known is None else "open" if said["QUERYID"] in known else "new"
        severity = words.severity(said["SEVERITY"])
        lines.append(
            {
                "patient": said["USUBJID"],
                "rank": said["SEVERITY"],
                "severity": severity + (f"\n{texts['new']}" if status == "new" else ""),
                "where": _where(said, letters, texts["row"], several),
                "column": said["SRCCOL"],
                "value": said["VALUE"],
                "message": words.message(said["RULE"], said["MESSAGE"], said["SRCCOL"]),
                "done": words.action(said["ACTION"]),
                "id": said["QUERYID"],
                "status": status,
                "offered": offered.to(said),
                "place": (said["SRCFILE"], said["SRCSHEET"], int(said["SRCROW"] or 0)),
            }
        )
    return sorted(lines, key=_order)


def _where(said: dict, letters: dict, row: str, several: bool) -> str:
    """File (where there are ``several``, or no sheet), sheet, row and cell, each on a line."""
    at = row.format(row=said["SRCROW"]) if said["SRCROW"] else ""
    letter = letters.get((said["SRCFILE"], said["SRCSHEET"], header_key(said["SRCCOL"])), "")
    cell = f" ({letter}{said['SRCROW']})" if at and letter else ""
    file = said["SRCFILE"] if several or not said["SRCSHEET"] else ""
    return "\n".join(part for part in (file, said["SRCSHEET"], at + cell) if part)


def _order(line: dict) -> tuple:
    return (
        not line["patient"],
        natural(line["patient"]),
        RANK.get(line["rank"], 3),
        line["id"].partition(":")[0],
        *line["place"][1:],
        line["id"],
    )


def text(value: object) -> str:
    """``value`` as text; empty for a missing one."""
    return "" if value is None or pd.isna(value) else str(value)


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
