"""The data-quality report: what came in, what is missing, what is doubtful, who is covered."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from venaza.commands.quality.account import (
    cells_account,
    choices,
    cleaned_values,
    corrections_made,
    every_query,
    found_by_check,
    rows_account,
    table_title,
    with_addresses,
)
from venaza.commands.quality.coverage import coverage, populations
from venaza.commands.quality.groups import Group, groups_of
from venaza.commands.quality.values import card, missing
from venaza.contracts.columns import Column
from venaza.contracts.queries import SEVERITIES
from venaza.contracts.wording import shown
from venaza.markup import render
from venaza.study.support import explained, marked
from venaza.study.words import in_language, say

_SECTIONS = {
    "glance": "At a glance",
    "queries": "Queries",
    "coverage": "Endpoints",
    "missing": "Missing values",
    "values": "Values",
    "cleaned": "Cleaned",
    "account": "Rows and cells",
}
_SUBTITLE = "Export of {export}. Made by python -m venaza check {name}."
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
    study = in_language(study)
    groups = groups_of(clean["patients"], results["adsl"], study)
    queries = pd.concat([clean["queries"], results["queries"]], ignore_index=True)
    queries = with_addresses(queries, cells, study)
    tables = [
        _table(name, clean[name], _columns(clean[name], own), groups, study)
        for name, own in columns.items()
        if len(clean[name])
    ]
    about = study["study"]
    endpoints = list(marked(study, results["support"])["endpoints"])
    return render(
        "commands/quality/templates/quality.html.j2",
        study["words"],
        title=say(study, "Data quality: {name}", name=about.get("short") or study["id"]),
        subtitle=say(study, _SUBTITLE, export=study["export"], name=study["id"]),
        synthetic=bool(about.get("synthetic")),
        sections={name: say(study, title) for name, title in _SECTIONS.items()},
        groups=groups,
        glance=_glance(cells, clean, queries),
        checks=found_by_check(queries, study),
        queries=every_query(queries, study),
        choices=choices(queries, study),
        coverage=coverage(results, study, groups),
        notes=explained(endpoints, results["support"], study),
        populations=populations(results["adsl"], groups, study),
        tables=tables,
        cleaned=cleaned_values(clean["cleaning_log"], study),
        corrections=corrections_made(clean["corrections"], study),
        rows=rows_account(clean["row_account"], study),
        cells=cells_account(clean["cell_account"], study) if "cell_account" in clean else None,
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


def _glance(cells: pd.DataFrame, clean: dict, queries: pd.DataFrame) -> dict[str, int]:
    account = clean["row_account"]
    used = int(account.loc[account["OUTCOME"] == "used", "N"].sum())
    return {
        "patients": len(clean["patients"]),
        "cells": len(cells),
        "used": used,
        "left": int(account["N"].sum()) - used,
        **{name: int((queries["SEVERITY"] == name).sum()) for name in SEVERITIES},
        "changed": len(clean["cleaning_log"]),
        "corrected": int((clean["corrections"]["STATUS"] == "applied").sum()),
    }


def _table(
    name: str, frame: pd.DataFrame, columns: list[Column], groups: list[Group], study: dict
) -> dict:
    """A clean table: its columns with a value, those without one, a card for each."""
    present = [column for column in columns if frame[column.name].notna().any()]
    drawn = [column for column in columns if (name, column.name) != ("labs", "LBSTRESN")]
    rows = "{n} of {all} patients" if name == "patients" else "{n} of {all} rows"
    columns = [replace(c, label=say(study, c.label), unit=say(study, c.unit)) for c in drawn]
    cards = [card(frame, column, groups, study, rows) for column in columns]
    return {
        "title": table_title(name, study),
        "source": _source(frame),
        "sizes": [len(group.of(frame)) for group in groups],
        "missing": missing(frame, present, groups, study),
        "absent": [column.name for column in columns if column not in present],
        "cards": [
            list(filter(None, cards)),
            *([_tests(frame, groups, study)] if name == "labs" else []),
        ],
    }


def _tests(labs: pd.DataFrame, groups: list[Group], study: dict) -> list[dict]:
    """A card for each laboratory test that has a number."""
    made = []
    for test, own in labs.groupby("LBTESTCD", sort=True):
        units = sorted(own["LBSTRESU"].dropna().unique())
        column = Column("LBSTRESN", "number", str(test), ", ".join(units))
        made.append(card(own, column, groups, study, "{n} of {all} results"))
    return list(filter(None, made))


def _source(frame: pd.DataFrame) -> str:
    """The one sheet that a table's rows come from; empty where there are more."""
    places = frame[["SRCFILE", "SRCSHEET"]].drop_duplicates()
    if len(places) != 1:
        return ""
    return " · ".join(filter(None, (shown(part) for part in places.iloc[0])))
