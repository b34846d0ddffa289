"""Facts on data quality, what cleaning found, and on what the manuscript was made from."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from venaza.markup.printed import BLANK, Cell, Part, Row, Section, fact_cell, joined, words
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import float_table, prose_table
from venaza.pipeline.report.renderer import EMBEDDED
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text
from venaza.study.words import retold, say

#: A place where a line may break, which takes no room.
_BREAK = "\u200b"


@in_text
def is_accounted(context: Context) -> bool:
    """Whether anything is known of rows or of queries."""
    return context.row_account is not None or context.queries is not None


def _accounted(context: Context) -> bool:
    return context.row_account is not None and len(context.row_account) > 0


@in_text
def rows(context: Context, head: list[str], names: dict[str, str], caption: str) -> str:
    """The table of the rows used and left out; ``names`` are those of the clean tables."""
    if not _accounted(context):
        return ""
    lines = []
    for table, own in context.row_account.groupby("TABLE", sort=False):
        used = int(own.loc[own["OUTCOME"] == "used", "N"].sum())
        left = own[own["OUTCOME"] != "used"].groupby("OUTCOME", as_index=False)["N"].sum()
        name = f"rows: {table}"
        reasons = [_counted(r.OUTCOME, int(r.N), name, context.study) for r in left.itertuples()]
        counts = (fact_cell(used, name), fact_cell(int(left["N"].sum()), name))
        reasons = joined(say(context.study, "; "), reasons or [words(BLANK)])
        lines.append(Row(names[table], (*counts, reasons)))
    html = prose_table(head, [Section("", lines)], [0.2, 0.13, 0.15, 0.52])
    return float_table("rows", html, caption)


def _counted(outcome: str, n: int, name: str, study: dict) -> Cell:
    """``exact duplicate (3)``."""
    what = retold(study, outcome, "the specimen is {specimen}")
    before, after = say(study, "{what} ({n})").split("{n}")
    return words(before.format(what=what)) + fact_cell(n, name) + words(after)


@in_text
def asked(context: Context) -> int:
    """How many queries there are."""
    return 0 if context.queries is None else len(context.queries)


@in_text
def queries(
    context: Context,
    head: list[str],
    severities: dict[str, str],
    listed: Callable[[list[str]], str],
    caption: str,
) -> str:
    """The table of the queries by check, under the headings of their severities."""
    if not asked(context):
        return ""
    study, sections = context.study, []
    rules = study["checks"]["rules"]
    for severity, heading in severities.items():
        own = context.queries[context.queries["SEVERITY"] == severity]
        lines = []
        for rule, found in own.groupby("RULE"):
            actions = sorted({str(a) for a in found["ACTION"].dropna()})
            done = listed([say(study, action) for action in actions])
            count = fact_cell(len(found), f"queries: {rule}")
            title = say(study, rules.get(rule, {}).get("title", rule))
            lines.append(Row(title, (count, words(done or BLANK))))
        if lines:
            sections.append(Section(heading, lines))
    return float_table("queries", prose_table(head, sections, [0.36, 0.12, 0.52]), caption)


@in_text
def corrected(context: Context) -> pd.Series:
    """The patient of each cell that a correction of the clinic changed."""
    made = context.corrections
    if made is None:
        return pd.Series(dtype="string")
    return made.loc[made["STATUS"] == "applied", "USUBJID"]


@in_text
def made_from(context: Context) -> dict:
    """The export, the code, the configuration and the software, with versions and hashes."""
    return context.made_from


@in_text
def packages(context: Context) -> list[str]:
    """The packages that made the manuscript: those of the embedded renderer where it rendered."""
    quarto = context.made_from["renderer"]["name"] == "quarto"
    return [n for n in context.made_from["packages"] if not (quarto and n in EMBEDDED)]


@in_text
def files(context: Context, head: list[str], names: tuple[str, str], caption: str) -> str:
    """The table of hashes; ``names`` are the rows of the configuration and of the code."""
    made = context.made_from
    hashes = [(f["file"], f["sha256"]) for f in made["files"]]
    hashes += zip(names, (made[k]["sha256"] for k in ("configuration", "code")), strict=True)
    lines = [Row(_breaking(name), (Cell((Part(sha, "code"),)),)) for name, sha in hashes]
    return float_table("files", prose_table(head, [Section("", lines)], [0.3, 0.7]), caption)


def _breaking(name: str) -> str:
    """A file's name that breaks after its underlines, so that it stays in its column."""
    return name.replace("_", f"_{_BREAK}")


_MADE = Always("the run knows what it was made from, and links each number to its row")

bind(
    {
        "supplement.rows": _accounted,
        "supplement.queries": asked,
        "supplement.no_query": lambda c: c.queries is not None and not asked(c),
        "supplement.corrections": lambda c: len(corrected(c)),
        "supplement.made_from": _MADE,
        "supplement.hashes": _MADE,
        "supplement.numbers": _MADE,
    }
)
