"""Data quality and reproducibility: what cleaning found, and what the manuscript was made from."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.wording import listed
from venaza.markup.printed import BLANK, Cell, Part, Row, Section, fact_cell, joined, words
from venaza.pipeline.report import prose_support
from venaza.pipeline.report.changes import changes
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import float_table, prose_table
from venaza.pipeline.report.grammar import patients_are
from venaza.pipeline.report.numbers import config_text, fact
from venaza.pipeline.report.renderer import EMBEDDED
from venaza.pipeline.report.sentences import Always, paragraph, paragraphs, sentence

#: A place where a line may break, which takes no room.
_BREAK = "\u200b"
_SEVERITIES = {"error": "Errors", "warning": "Warnings", "note": "Notes"}


def supplement(context: Context, tables: dict[str, pd.DataFrame], facts: dict, html: str) -> str:
    """Definitions, data quality, changes, reproducibility; ``html``: the table of definitions."""
    parts = [
        "# Supplementary information",
        f"## Definitions of the endpoints\n\n{html}" if html else "",
        prose_support.table(context),
        _quality(context, tables),
        changes(tables.get("changes"), facts.get("comparison")),
        _reproducibility(facts, context),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _quality(context: Context, tables: dict[str, pd.DataFrame]) -> str:
    """Rows used and left out, queries by check; empty where neither table was given."""
    rules = context.study["checks"]["rules"]
    rows, queries = tables.get("row_account"), tables.get("queries")
    if rows is None and queries is None:
        return ""
    blocks = ["## Data quality"]
    if text := _accounted(context, rows):
        blocks += [text, float_table("rows", _rows_html(rows), "**Rows of the export.**")]
    blocks.append(_clean(context))
    if text := _raised(context):
        blocks += [
            text,
            float_table("queries", _queries_html(queries, rules), "**Queries by check.**"),
        ]
    return paragraphs(*blocks, _corrected(context, tables.get("corrections")))


def _some(_: Context, rows: pd.DataFrame | None) -> bool:
    return rows is not None and len(rows) > 0


@sentence("supplement.rows", when=_some)
def _accounted(context: Context, rows: pd.DataFrame) -> str:
    return (
        "@tbl-rows accounts for every row of the export: it was used, or was left out for the "
        "reason given."
    )


@sentence("supplement.queries", when=lambda c: c.queries is not None and len(c.queries) > 0)
def _raised(context: Context) -> str:
    n = len(context.queries)
    return (
        f"Cleaning raised {fact(n, 'queries')} {'query' if n == 1 else 'queries'} for the clinic; "
        "@tbl-queries says what was done with the values until they are answered."
    )


@sentence("supplement.no_query", when=lambda c: c.queries is not None and len(c.queries) == 0)
def _clean(context: Context) -> str:
    return "Cleaning raised no query."


def _applied(corrections: pd.DataFrame | None) -> pd.DataFrame:
    """The corrections of the clinic that were made."""
    if corrections is None:
        return pd.DataFrame(columns=["STATUS", "USUBJID"])
    return corrections[corrections["STATUS"] == "applied"]


@sentence("supplement.corrections", when=lambda _, corrections: len(_applied(corrections)) > 0)
def _corrected(context: Context, corrections: pd.DataFrame) -> str:
    """What the clinic decided on."""
    applied = _applied(corrections)
    cells, patients = len(applied), int(applied["USUBJID"].nunique())
    values = "One value" if cells == 1 else "Values"
    return (
        f"{values} of the export that the clinic had checked {patients_are(cells, 'was')} "
        f"corrected before cleaning: {fact(cells, 'corrections applied')} "
        f"cell{'s' * (cells != 1)} of {fact(patients, 'patients with a correction')} "
        f"patient{'s' * (patients != 1)}, each with its reason, the name of who decided and the "
        "day (`clean/corrections.csv`)."
    )


def _rows_html(rows: pd.DataFrame) -> str:
    lines = []
    for table in dict.fromkeys(rows["TABLE"]):
        own = rows[rows["TABLE"] == table]
        used = int(own.loc[own["OUTCOME"] == "used", "N"].sum())
        left = own[own["OUTCOME"] != "used"].groupby("OUTCOME", as_index=False)["N"].sum()
        name = f"rows: {table}"
        reasons = [
            words(f"{r.OUTCOME} (") + fact_cell(int(r.N), name) + words(")")
            for r in left.itertuples()
        ]
        counts = (fact_cell(used, name), fact_cell(int(left["N"].sum()), name))
        label = "MRD" if table == "mrd" else str(table).replace("_", " ").capitalize()
        lines.append(Row(label, (*counts, joined("; ", reasons) if reasons else words(BLANK))))
    head = ["Table", "Rows used", "Rows left out", "Why left out (rows)"]
    return prose_table(head, [Section("", lines)], [0.2, 0.13, 0.15, 0.52])


def _queries_html(queries: pd.DataFrame, rules: dict[str, dict]) -> str:
    sections = []
    for severity, heading in _SEVERITIES.items():
        own = queries[queries["SEVERITY"] == severity]
        lines = []
        for rule in sorted(set(own["RULE"])):
            found = own[own["RULE"] == rule]
            actions = listed(sorted({str(a) for a in found["ACTION"].dropna()}))
            count = fact_cell(len(found), f"queries: {rule}")
            title = rules.get(rule, {}).get("title", rule)
            lines.append(Row(title, (count, words(actions or BLANK))))
        if lines:
            sections.append(Section(heading, lines))
    head = ["Check", "Queries", "What was done"]
    return prose_table(head, sections, [0.36, 0.12, 0.52])


_MADE = Always("the run knows what it was made from, and links each number to its row")


@sentence("supplement.made_from", when=_MADE)
def _made_from(context: Context, facts: dict) -> str:
    embedded = facts["renderer"]["name"] == "embedded"
    quarto = fact(facts["renderer"]["version"], "renderer.version")
    packages = listed(
        [
            f"{name} {fact(v, f'packages.{name}')}"
            for name, v in facts["packages"].items()
            if embedded or name not in EMBEDDED
        ]
    )
    by = "" if embedded else f", and rendered by Quarto {quarto}"
    study = config_text(context.study["id"], "id")
    return (
        f"This manuscript was made from the export {fact(facts['export'], 'export')} of the study "
        f"{study} by venaza {fact(facts['code']['version'], 'code.version')}, under Python "
        f"{fact(facts['python'], 'python')} with {packages}{by}."
    )


@sentence("supplement.hashes", when=_MADE)
def _hashes(context: Context) -> str:
    return (
        "@tbl-files gives the SHA-256 of the raw files, the configuration and the code; the same "
        "ones, under the same versions, give the same manuscript."
    )


@sentence("supplement.numbers", when=_MADE)
def _numbers(context: Context) -> str:
    return (
        "Every number of the results is a row of the analysis results data "
        "(`statistics/ard.csv`); its identifier stands beside it in the HTML version."
    )


def _reproducibility(facts: dict, context: Context) -> str:
    """The export, the code and the configuration with their hashes, the software's versions."""
    text = paragraph(_made_from(context, facts), _hashes(context), _numbers(context))
    hashes = {f["file"]: f["sha256"] for f in facts["files"]}
    hashes |= {"Configuration": facts["configuration"]["sha256"], "Code": facts["code"]["sha256"]}
    lines = [Row(_breaking(name), (Cell((Part(sha, "code"),)),)) for name, sha in hashes.items()]
    html = prose_table(["Source", "SHA-256"], [Section("", lines)], [0.3, 0.7])
    caption = "**What the manuscript was made from.**"
    return f"## Reproducibility\n\n{text}\n\n{float_table('files', html, caption)}"


def _breaking(name: str) -> str:
    """A file's name that breaks after its underlines, so that it stays in its column."""
    return name.replace("_", f"_{_BREAK}")
