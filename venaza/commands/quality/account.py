"""What became of the export: rows, queries, words that were cleaned, corrections."""

from __future__ import annotations

import pandas as pd

from venaza.commands.quality.drawing import short
from venaza.contracts.headers import header_key
from venaza.contracts.queries import RANK, SEVERITIES
from venaza.contracts.wording import shown

#: As many raw cells of a check are named in one line; the list beneath names all.
_PLACES = 6
_WORDS = 12
#: Where a rule gave more pairs than this (dates, numbers), a few of them do.
_MANY, _FEW = 24, 4


def rows_account(account: pd.DataFrame) -> list[tuple]:
    """Rows that were used and left out, table by table, with the reasons."""
    lines = []
    for name, part in account.groupby("TABLE", sort=False):
        counts = part.groupby("OUTCOME", sort=False)["N"].sum()
        used = int(counts.get("used", 0))
        why = "; ".join(f"{outcome} ({n:,})" for outcome, n in counts.items() if outcome != "used")
        lines.append((name, f"{used:,}", f"{int(counts.sum()) - used:,}", why))
    return lines


def cells_account(account: pd.DataFrame) -> list[tuple]:
    """What became of the cells of each sheet: used, or why they were left out."""
    counts = account.groupby(["SRCFILE", "SRCSHEET", "OUTCOME"], dropna=False, sort=True)["N"].sum()
    return [(*key, f"{int(n):,}") for key, n in counts.items()]


def with_addresses(queries: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """``queries`` with ``CELL``, the address of the raw cell (``C12``), or the row alone."""
    part = cells.drop_duplicates(["SRCFILE", "SRCSHEET", "HEADER", "COL"])
    part = part[part["HEADER"].notna()]
    columns = (part[c] for c in ("SRCFILE", "SRCSHEET", "HEADER", "COL"))
    letters = {(f, shown(s), header_key(h)): c for f, s, h, c in zip(*columns, strict=True)}
    made = []
    for row in queries.to_dict("records"):
        key = (row["SRCFILE"], shown(row["SRCSHEET"]), header_key(shown(row["SRCCOL"])))
        letter, number = letters.get(key), shown(row["SRCROW"])
        made.append(f"{letter}{number}" if letter else f"row {number}" if number else "")
    return queries.assign(CELL=pd.array(made, dtype="string"))


def found_by_check(queries: pd.DataFrame, checks: dict) -> list[dict]:
    """A line for each check that found something, the gravest first, with its raw cells."""
    rules = checks.get("rules", checks)
    lines = []
    for severity in SEVERITIES:
        part = queries[queries["SEVERITY"] == severity]
        for rule, found in sorted(part.groupby("RULE"), key=lambda item: (-len(item[1]), item[0])):
            told = rules.get(rule, {})
            places = [place(row) for row in found.head(_PLACES).to_dict("records")]
            more = f" and {len(found) - _PLACES:,} more" if len(found) > _PLACES else ""
            lines.append(
                {
                    "severity": severity,
                    "title": told.get("title") or rule.replace("_", " ").capitalize(),
                    "why": told.get("why"),
                    "count": len(found),
                    "places": "; ".join(places) + more,
                }
            )
    return lines


def place(row: dict) -> str:
    """Sheet and cell of a query; the file where it has no sheets."""
    return " ".join(filter(None, [shown(row["SRCSHEET"]) or shown(row["SRCFILE"]), row["CELL"]]))


def every_query(queries: pd.DataFrame) -> list[tuple]:
    """The queries in the order of the page: severity, check, patient, cell and what is asked."""
    rank = queries["SEVERITY"].map(RANK)
    ordered = queries.assign(_rank=rank).sort_values(["_rank", "RULE", "USUBJID"], kind="stable")
    return [
        (
            q["SEVERITY"],
            q["RULE"],
            q["USUBJID"],
            place(q),
            q["SRCCOL"],
            short(q["VALUE"]),
            short(q["MESSAGE"], 400),
            q["ACTION"],
        )
        for q in ordered.to_dict("records")
    ]


def choices(queries: pd.DataFrame) -> list[tuple]:
    """What the list of queries can be narrowed to: label, column, values."""
    present = [name for name in SEVERITIES if name in set(queries["SEVERITY"])]
    return [("Severity", 0, present), ("Check", 1, sorted(set(queries["RULE"])))]


def cleaned_values(log: pd.DataFrame) -> list[dict]:
    """What cleaning made of the values: by column and rule, with the words and how often."""
    lines = []
    for (table, column, rule), part in log.groupby(["TABLE", "COLUMN", "RULE"], sort=True):
        pairs = part.assign(CLEAN=part["CLEAN"].fillna("(empty)"))
        counts = pairs.groupby(["RAW", "CLEAN"], dropna=False).size()
        ordered = sorted(counts.items(), key=lambda item: (-item[1], *map(str, item[0])))
        kept = _FEW if len(ordered) > _MANY else _WORDS
        lines.append(
            {
                "column": f"{table}.{column}",
                "rule": rule,
                "count": len(part),
                "words": [(short(raw), short(clean), n) for (raw, clean), n in ordered[:kept]],
                "rest": max(0, len(ordered) - kept),
            }
        )
    return lines


def corrections_made(corrections: pd.DataFrame) -> list[tuple]:
    """Every line of the corrections file, and what became of it."""
    return [
        (
            c["LINE"],
            c["USUBJID"],
            f"{c['TABLE']} {shown(c['SRCCOL'])}",
            " ".join(filter(None, [shown(c["SRCSHEET"]), _row(c["SRCROW"])])),
            short(c["OLD"]) or "(empty)",
            short(c["NEW"]) or "(empty)",
            c["REASON"],
            c["WHO"],
            c["WHEN"],
            c["STATUS"],
        )
        for c in corrections.to_dict("records")
    ]


def _row(number: object) -> str:
    return f"row {shown(number)}" if shown(number) else ""
