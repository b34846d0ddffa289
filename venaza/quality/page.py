"""The data-quality report: what came in, what is missing, what is doubtful, who is covered."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from venaza.audit import markup as m
from venaza.contracts.columns import Column
from venaza.quality.account import cells_table as cells_account
from venaza.quality.account import (
    checks_table,
    cleaned_table,
    corrections_table,
    queries_table,
    rows_table,
    with_addresses,
)
from venaza.quality.coverage import coverage_table, flags_table
from venaza.quality.groups import Group, groups_of
from venaza.quality.values import card, cards, missing_table

_SECTIONS = {
    "glance": "At a glance",
    "queries": "Queries",
    "coverage": "Endpoints",
    "missing": "Missing values",
    "values": "Values",
    "cleaned": "Cleaned",
    "account": "Rows and cells",
}
_NOT_SHOWN = ("STUDYID", "USUBJID", "SEQ", "SRCFILE", "SRCSHEET", "SRCROW", "LBSTRESU")


def quality_page(
    cells: pd.DataFrame,
    clean: dict[str, pd.DataFrame],
    results: dict[str, pd.DataFrame],
    columns: dict[str, tuple[Column, ...]],
    study: dict,
) -> str:
    """The page as HTML that needs no network and no other file; equal input, equal bytes.

    ``cells`` is the intake's table, ``clean`` and ``results`` the tables of cleaning and of the
    endpoints, ``columns`` the contract of each clean table that the study gives.
    """
    groups = groups_of(clean["patients"], results["adsl"], study)
    queries = pd.concat([clean["queries"], results["queries"]], ignore_index=True)
    queries = with_addresses(queries, cells)
    shown = {
        table: _columns(clean[table], own) for table, own in columns.items() if len(clean[table])
    }
    key = _key(groups)
    body = "\n".join(
        [
            _glance(cells, clean, queries, groups),
            _queries(queries, study.get("checks") or {}),
            m.section(
                "coverage",
                "Endpoints",
                key,
                coverage_table(results, study, groups),
                m.Markup("<h3>Populations</h3>"),
                flags_table(results["adsl"], groups),
            ),
            _missing(clean, shown, groups, key),
            _values(clean, shown, groups, key),
            _cleaned(clean),
            _account(clean),
        ]
    )
    about = study["study"]
    style = (Path(__file__).parent / "quality.css").read_text(encoding="utf-8")
    return m.page(
        f"Data quality: {about.get('short') or study['id']}",
        f"Export of {study['export']}. Made by python -m venaza check {study['id']}.",
        _SECTIONS,
        body,
        bool(about.get("synthetic")),
        style,
    )


def _columns(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[Column]:
    """The columns to be shown: those of the study, a day only where there is no date."""
    names = {column.name for column in columns if frame[column.name].notna().any()}
    kept = []
    for column in columns:
        stem, ending = column.name[:-2], column.name[-2:]
        if column.name in _NOT_SHOWN or column.name.endswith("DTF"):
            continue
        if ending == "DY" and (f"{stem}DT" in names or column.name not in names):
            continue
        if ending == "DT" and column.name not in names and f"{stem}DY" in names:
            continue
        kept.append(column)
    return kept


def _key(groups: list[Group]) -> str:
    items = "".join(
        f'<li><i class="c{g.colour}"></i>{m.safe(g.label)} ({len(g.patients):,})</li>'
        for g in groups
    )
    return m.Markup(f'<ul class="key">{items}</ul>')


def _glance(cells, clean: dict, queries: pd.DataFrame, groups: list[Group]) -> str:
    account = clean["row_account"]
    used = int(account.loc[account["OUTCOME"] == "used", "N"].sum())
    left = int(account["N"].sum()) - used
    counts = {name: int((queries["SEVERITY"] == name).sum()) for name in
              ("error", "warning", "note")}  # fmt: skip
    applied = int((clean["corrections"]["STATUS"] == "applied").sum())
    among = ", ".join(f"{len(g.patients):,} {g.label}" for g in groups) if len(groups) > 1 else ""
    tiles = [
        ("", len(clean["patients"]), f"patients<br><small>{m.safe(among)}</small>"),
        ("", len(cells), "cells with something in them"),
        ("", used, "rows used"),
        ("", left, "rows left out, each with a reason"),
        ("e", counts["error"], '<span class="error">errors</span>: a result may be wrong'),
        ("w", counts["warning"], '<span class="warning">warnings</span>: to be looked at'),
        ("", counts["note"], "notes"),
        ("", len(clean["cleaning_log"]), "values changed by a rule, each logged"),
        ("", applied, "corrections of the clinic applied"),
    ]
    items = "".join(
        f'<li class="{kind}"><strong>{n:,}</strong> {text}</li>' for kind, n, text in tiles
    )
    return m.section("glance", "At a glance", m.Markup(f'<ul class="tiles">{items}</ul>'))


def _queries(queries: pd.DataFrame, checks: dict) -> str:
    if queries.empty:
        return m.section("queries", "Queries", m.paragraph("There are none."))
    every = m.Markup(
        f"<details><summary><span>Every query</span><span>{len(queries):,}</span></summary>"
        f"<div>{queries_table(queries)}</div></details>"
    )
    return m.section("queries", "Queries", checks_table(queries, checks), every)


def _missing(clean: dict, shown: dict, groups: list[Group], key: str) -> str:
    said = m.paragraph(
        "How many rows of each clean table have nothing in a column. Some are rightly empty: a "
        "patient who lives has no date of death.",
        "soft",
    )
    parts = [said, key]
    for table, columns in shown.items():
        present = [c for c in columns if clean[table][c.name].notna().any()]
        absent = [c.name for c in columns if c not in present]
        parts.append(m.Markup(f"<h3>{m.safe(_title(table))}</h3>"))
        parts.append(missing_table(clean[table], present, groups))
        if absent:
            parts.append(m.paragraph(f"Empty throughout: {', '.join(absent)}.", "under"))
    return m.section("missing", "Missing values", *parts)


def _values(clean: dict, shown: dict, groups: list[Group], key: str) -> str:
    parts = [key]
    for table, columns in shown.items():
        frame = clean[table]
        parts.append(m.Markup(f"<h3>{m.safe(_title(table))} {_source(frame)}</h3>"))
        rows = "patients" if table == "patients" else "rows"
        if table == "labs":
            columns = [c for c in columns if c.name != "LBSTRESN"]
        parts.append(cards(frame, columns, groups, rows=rows))
        if table == "labs":
            parts.append(_tests(frame, groups))
    return m.section("values", "Values", *parts)


def _tests(labs: pd.DataFrame, groups: list[Group]) -> str:
    """A card for each laboratory test."""
    made = []
    for test, own in labs.groupby("LBTESTCD", sort=True):
        units = sorted(own["LBSTRESU"].dropna().unique())
        column = Column("LBSTRESN", "number", str(test), ", ".join(units))
        made.append(card(own, column, groups, str(test), "results"))
    return m.Markup(f'<div class="cards">{"".join(made)}</div>')


def _title(table: str) -> str:
    return "MRD" if table == "mrd" else table.replace("_", " ").capitalize()


def _source(frame: pd.DataFrame) -> str:
    """The one sheet that a table's rows come from; empty where there are more."""
    places = frame[["SRCFILE", "SRCSHEET"]].drop_duplicates()
    if len(places) != 1:
        return ""
    name = " · ".join(filter(None, (m.shown(part) for part in places.iloc[0])))
    return f'<small class="soft">{m.safe(name)}</small>'


def _cleaned(clean: dict) -> str:
    log = clean["cleaning_log"]
    parts = [cleaned_table(log) if len(log) else m.paragraph("Nothing was changed.")]
    parts.append(m.Markup('<h3 id="corrections">Corrections of the clinic</h3>'))
    made = clean["corrections"]
    parts.append(corrections_table(made) if len(made) else m.paragraph("There are none."))
    return m.section("cleaned", "Cleaned", *parts)


def _account(clean: dict) -> str:
    parts = [rows_table(clean["row_account"])]
    if "cell_account" in clean:
        parts += [m.Markup("<h3>Cells</h3>"), cells_account(clean["cell_account"])]
    return m.section("account", "Rows and cells", *parts)
