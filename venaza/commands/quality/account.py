"""What became of the export: rows, queries, words that were cleaned, corrections."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from venaza.commands.quality.drawing import short
from venaza.contracts.headers import header_key
from venaza.contracts.queries import RANK, SEVERITIES
from venaza.contracts.wording import shown
from venaza.pipeline.queries.language import Language
from venaza.study.words import retold, say, table_name

#: As many raw cells of a check are named in one line; the list beneath names all.
_PLACES = 6
_WORDS = 12
#: How the outcomes of rows and cells are made that have another in them.
OUTCOMES = ("row left out: {why}", "the specimen is {specimen}")
#: Where a rule gave more pairs than this (dates, numbers), a few of them do.
_MANY, _FEW = 24, 4


def table_title(name: str, study: dict) -> str:
    """What a clean table is called: ``Adverse events``."""
    english = "MRD" if name == "mrd" else name.replace("_", " ").capitalize()
    return table_name(study, name, english)


def counted_words(counts: Iterable[tuple[str, int]], study: dict, *patterns: str) -> str:
    """``exact duplicate (3); totals or notes (1)``; ``patterns`` are those of ``retold``."""
    return say(study, "; ").join(
        say(study, "{what} ({n})", what=retold(study, what, *patterns), n=f"{n:,}")
        for what, n in counts
    )


def rows_account(account: pd.DataFrame, study: dict) -> list[tuple]:
    """Rows that were used and left out, table by table, with the reasons."""
    lines = []
    for name, part in account.groupby("TABLE", sort=False):
        counts = part.groupby("OUTCOME", sort=False)["N"].sum()
        used = int(counts.get("used", 0))
        why = counted_words(((o, n) for o, n in counts.items() if o != "used"), study, *OUTCOMES)
        lines.append(
            (table_name(study, name, name), f"{used:,}", f"{int(counts.sum()) - used:,}", why)
        )
    return lines


def cells_account(account: pd.DataFrame, study: dict) -> list[tuple]:
    """What became of the cells of each sheet: used, or why they were left out."""
    counts = account.groupby(["SRCFILE", "SRCSHEET", "OUTCOME"], dropna=False, sort=True)["N"].sum()
    return [
        (file, sheet, retold(study, outcome, *OUTCOMES), f"{int(n):,}")
        for (file, sheet, outcome), n in counts.items()
    ]


def with_addresses(queries: pd.DataFrame, cells: pd.DataFrame, study: dict) -> pd.DataFrame:
    """``queries`` with ``CELL``, the address of the raw cell (``C12``), or the row alone."""
    part = cells.drop_duplicates(["SRCFILE", "SRCSHEET", "HEADER", "COL"])
    part = part[part["HEADER"].notna()]
    columns = (part[c] for c in ("SRCFILE", "SRCSHEET", "HEADER", "COL"))
    letters = {(f, shown(s), header_key(h)): c for f, s, h, c in zip(*columns, strict=True)}
    made = []
    for row in queries.to_dict("records"):
        key = (row["SRCFILE"], shown(row["SRCSHEET"]), header_key(shown(row["SRCCOL"])))
        letter, number = letters.get(key), shown(row["SRCROW"])
        row = say(study, "row {n}", n=number) if number else ""
        made.append(f"{letter}{number}" if letter else row)
    return queries.assign(CELL=pd.array(made, dtype="string"))


def found_by_check(queries: pd.DataFrame, study: dict) -> list[dict]:
    """A line for each check that found something, the gravest first, with its raw cells."""
    language, lines = _language(study), []
    for severity in SEVERITIES:
        part = queries[queries["SEVERITY"] == severity]
        for rule, found in sorted(part.groupby("RULE"), key=lambda item: (-len(item[1]), item[0])):
            places = [place(row) for row in found.head(_PLACES).to_dict("records")]
            rest = f"{len(found) - _PLACES:,}"
            more = say(study, " and {n} more", n=rest) if len(found) > _PLACES else ""
            lines.append(
                {
                    "severity": severity,
                    "title": language.title(rule),
                    "why": language.why(rule),
                    "count": len(found),
                    "places": say(study, "; ").join(places) + more,
                }
            )
    return lines


def place(row: dict) -> str:
    """Sheet and cell of a query; the file where it has no sheets."""
    return " ".join(filter(None, [shown(row["SRCSHEET"]) or shown(row["SRCFILE"]), row["CELL"]]))


def every_query(queries: pd.DataFrame, study: dict) -> list[tuple]:
    """The queries in the order of the page: severity, check, patient, cell and what is asked."""
    rank, language = queries["SEVERITY"].map(RANK), _language(study)
    ordered = queries.assign(_rank=rank).sort_values(["_rank", "RULE", "USUBJID"], kind="stable")
    return [
        (
            q["SEVERITY"],
            _check(q["RULE"], language),
            q["USUBJID"],
            place(q),
            q["SRCCOL"],
            short(q["VALUE"]),
            short(language.message(q["RULE"], shown(q["MESSAGE"]), shown(q["SRCCOL"])), 400),
            language.action(shown(q["ACTION"])),
        )
        for q in ordered.to_dict("records")
    ]


def choices(queries: pd.DataFrame, study: dict) -> list[tuple]:
    """What the list of queries can be narrowed to: label, column, values."""
    present = [say(study, name) for name in SEVERITIES if name in set(queries["SEVERITY"])]
    checks = [_check(rule, _language(study)) for rule in sorted(set(queries["RULE"]))]
    return [(say(study, "Severity"), 0, present), (say(study, "Check"), 1, checks)]


def _check(rule: str, language: Language) -> str:
    """A check in the list of queries: in English by its name in config/checks.yaml."""
    return language.title(rule) if language.told else rule


def _language(study: dict) -> Language:
    """The messages of the checks in the language of the page."""
    checks = study.get("checks") or {}
    return Language(study["messages"] if study["words"] else {}, checks.get("rules", checks))


def cleaned_values(log: pd.DataFrame, study: dict) -> list[dict]:
    """What cleaning made of the values: by column and rule, with the words and how often."""
    lines = []
    for (table, column, rule), part in log.groupby(["TABLE", "COLUMN", "RULE"], sort=True):
        pairs = part.assign(CLEAN=part["CLEAN"].fillna(say(study, "(empty)")))
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


def corrections_made(corrections: pd.DataFrame, study: dict) -> list[tuple]:
    """Every line of the corrections file, and what became of it."""
    return [
        (
            c["LINE"],
            c["USUBJID"],
            f"{c['TABLE']} {shown(c['SRCCOL'])}",
            " ".join(filter(None, [shown(c["SRCSHEET"]), _row(c["SRCROW"], study)])),
            short(c["OLD"]) or say(study, "(empty)"),
            short(c["NEW"]) or say(study, "(empty)"),
            c["REASON"],
            c["WHO"],
            c["WHEN"],
            say(study, c["STATUS"]),
        )
        for c in corrections.to_dict("records")
    ]


def _row(number: object, study: dict) -> str:
    return say(study, "row {n}", n=shown(number)) if shown(number) else ""
