"""What became of the export: rows, queries, words that were cleaned, corrections."""

from __future__ import annotations

import pandas as pd

from venaza.audit import markup as m
from venaza.contracts.headers import header_key
from venaza.quality.drawing import short

_SEVERITIES = ("error", "warning", "note")
#: As many raw cells of a check are named in one line; the list beneath names all.
_PLACES = 6
_WORDS = 12
#: Where a rule gave more pairs than this (dates, numbers), a few of them do.
_MANY, _FEW = 24, 4


def rows_table(account: pd.DataFrame) -> str:
    """Rows that were used and left out, table by table, with the reasons."""
    lines = []
    for name, part in account.groupby("TABLE", sort=False):
        counts = part.groupby("OUTCOME", sort=False)["N"].sum()
        used = int(counts.get("used", 0))
        why = "; ".join(f"{outcome} ({n:,})" for outcome, n in counts.items() if outcome != "used")
        lines.append((name, f"{used:,}", f"{int(counts.sum()) - used:,}", why))
    headers = ["Table", "Rows used", "Rows left out", "Why left out"]
    return m.table(headers, lines, numeric=[1, 2])


def cells_table(account: pd.DataFrame) -> str:
    """What became of the cells of each sheet: used, or why they were left out."""
    counts = account.groupby(["SRCFILE", "SRCSHEET", "OUTCOME"], dropna=False, sort=True)["N"].sum()
    lines = [(*key, f"{int(n):,}") for key, n in counts.items()]
    return m.table(["File", "Sheet", "What became of the cells", "Cells"], lines, numeric=[3])


def with_addresses(queries: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """``queries`` with ``CELL``, the address of the raw cell (``C12``), or the row alone."""
    part = cells.drop_duplicates(["SRCFILE", "SRCSHEET", "HEADER", "COL"])
    part = part[part["HEADER"].notna()]
    columns = (part[c] for c in ("SRCFILE", "SRCSHEET", "HEADER", "COL"))
    letters = {(f, m.shown(s), header_key(h)): c for f, s, h, c in zip(*columns, strict=True)}
    made = []
    for row in queries.to_dict("records"):
        key = (row["SRCFILE"], m.shown(row["SRCSHEET"]), header_key(m.shown(row["SRCCOL"])))
        letter, number = letters.get(key), m.shown(row["SRCROW"])
        made.append(f"{letter}{number}" if letter else f"row {number}" if number else "")
    return queries.assign(CELL=pd.array(made, dtype="string"))


def checks_table(queries: pd.DataFrame, checks: dict) -> str:
    """One line for each check that found something, the gravest first, with its raw cells."""
    rules = checks.get("rules", checks)
    lines = []
    for severity in _SEVERITIES:
        part = queries[queries["SEVERITY"] == severity]
        for rule, found in sorted(part.groupby("RULE"), key=lambda item: (-len(item[1]), item[0])):
            told = rules.get(rule, {})
            places = [place(row) for row in found.head(_PLACES).to_dict("records")]
            more = f" and {len(found) - _PLACES:,} more" if len(found) > _PLACES else ""
            title = told.get("title") or rule.replace("_", " ").capitalize()
            why = m.Markup(f"<br><small>{m.safe(told['why'])}</small>") if told.get("why") else ""
            lines.append(
                (
                    _coloured(severity),
                    m.Markup(f"{m.safe(title)}{why}"),
                    f"{len(found):,}",
                    m.Markup(f'<span class="places">{m.safe("; ".join(places) + more)}</span>'),
                )
            )
    return m.table(["Severity", "Check", "Queries", "Raw cells"], lines, numeric=[2])


def place(row: dict) -> str:
    """Sheet and cell of a query; the file where it has no sheets."""
    return " ".join(
        filter(None, [m.shown(row["SRCSHEET"]) or m.shown(row["SRCFILE"]), row["CELL"]])
    )


def queries_table(queries: pd.DataFrame) -> str:
    """Every query, to be searched."""
    rank = queries["SEVERITY"].map({name: n for n, name in enumerate(_SEVERITIES)})
    ordered = queries.assign(_rank=rank).sort_values(["_rank", "RULE", "USUBJID"], kind="stable")
    lines = [
        (
            *(_coloured(q["SEVERITY"]), q["RULE"], q["USUBJID"], place(q), q["SRCCOL"]),
            *(short(q["VALUE"]), short(q["MESSAGE"], 400), q["ACTION"]),
        )
        for q in ordered.to_dict("records")
    ]
    present = [name for name in _SEVERITIES if name in set(queries["SEVERITY"])]
    search = m.filters(
        "query-list",
        "Search",
        [("Severity", 0, present), ("Check", 1, sorted(set(queries["RULE"])))],
    )
    headers = ["Severity", "Check", "Patient", "Cell", "Column", "Value as sent", "What is wrong",
               "Done"]  # fmt: skip
    return m.Markup(f"{search}{m.table(headers, lines, name='query-list')}")


def _coloured(severity: str) -> m.Markup:
    return m.Markup(f'<span class="{m.safe(severity)}">{m.safe(severity)}</span>')


def cleaned_table(log: pd.DataFrame) -> str:
    """What cleaning made of the values: by column and rule, with the words and how often."""
    lines = []
    for (table, column, rule), part in log.groupby(["TABLE", "COLUMN", "RULE"], sort=True):
        pairs = part.assign(CLEAN=part["CLEAN"].fillna("(empty)"))
        counts = pairs.groupby(["RAW", "CLEAN"], dropna=False).size()
        ordered = sorted(counts.items(), key=lambda item: (-item[1], *map(str, item[0])))
        kept = _FEW if len(ordered) > _MANY else _WORDS
        words = [
            f"{m.safe(short(raw))} → {m.safe(short(clean))} <small>×{n:,}</small>"
            for (raw, clean), n in ordered[:kept]
        ]
        rest = len(ordered) - kept
        more = f" <small>and {rest:,} more</small>" if rest > 0 else ""
        said = m.Markup(", ".join(words) + more)
        lines.append((m.code(f"{table}.{column}"), rule, f"{len(part):,}", said))
    headers = ["Column", "Rule", "Values", "As sent → as kept"]
    return m.table(headers, lines, numeric=[2])


def corrections_table(corrections: pd.DataFrame) -> str:
    """Every line of the corrections file, and what became of it."""
    lines = [
        (
            *(c["LINE"], c["USUBJID"], f"{c['TABLE']} {m.shown(c['SRCCOL'])}"),
            " ".join(filter(None, [m.shown(c["SRCSHEET"]), _row(c["SRCROW"])])),
            *(short(c["OLD"]) or "(empty)", short(c["NEW"]) or "(empty)", c["REASON"]),
            *(c["WHO"], c["WHEN"], c["STATUS"]),
        )
        for c in corrections.to_dict("records")
    ]
    headers = ["Line", "Patient", "Column", "Raw row", "Old", "New", "Why", "Who", "When",
               "What became of it"]  # fmt: skip
    return m.table(headers, lines, numeric=[0])


def _row(number: object) -> str:
    return f"row {m.shown(number)}" if m.shown(number) else ""
