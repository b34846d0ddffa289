"""Which function makes which table, and how a table is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from venaza.contracts.files import write_bytes, write_text
from venaza.markup.printed import Table, to_csv, to_html
from venaza.pipeline.tables.adverse_events import adverse_events
from venaza.pipeline.tables.baseline import baseline
from venaza.pipeline.tables.book import table_book
from venaza.pipeline.tables.cox import cox
from venaza.pipeline.tables.definitions import definitions
from venaza.pipeline.tables.evidence import evidence, trials
from venaza.pipeline.tables.failure import failure
from venaza.pipeline.tables.influence import influence
from venaza.pipeline.tables.labs import labs, labs_shift
from venaza.pipeline.tables.letter import in_italics, signed
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.published import published
from venaza.pipeline.tables.response import response
from venaza.pipeline.tables.risk import risk
from venaza.pipeline.tables.sensitivity import sensitivity
from venaza.pipeline.tables.survival import survival
from venaza.pipeline.tables.time_dependent import dynamic
from venaza.study.journal import in_print
from venaza.study.support import explained, marked, shown_in
from venaza.study.words import in_language

_BY_ARD = {
    "baseline": baseline,
    "risk": risk,
    "response": response,
    "survival": survival,
    "failure": failure,
    "sensitivity": sensitivity,
    "cox": cox,
    "influence": influence,
    "dynamic": dynamic,
    "labs": labs,
    "labs_shift": labs_shift,
    "published": published,
}


def build(
    names: list[str], tables: dict[str, pd.DataFrame], ard: pd.DataFrame, study: dict, folder: Path
) -> list[Path]:
    """Write the tables ``names`` into ``folder``; returns the files."""
    numbers, support = Numbers(in_print(ard, study), study.get("words")), tables.get("support")
    shown = marked(in_language(study), support)
    files, made = [], {}
    for name in names:
        table = _explained(_table(name, numbers, tables, shown), support, shown)
        table = made[name] = signed(table, study)
        html = in_italics(to_html(table), study)
        for suffix, text in ((".html", html), (".csv", to_csv(table))):
            write_text(text, folder / f"{name}{suffix}")
            files.append(folder / f"{name}{suffix}")
    write_bytes(table_book(made, shown), folder / "tables.xlsx")
    return [*files, folder / "tables.xlsx"]


def _explained(table: Table, support: pd.DataFrame | None, study: dict) -> Table:
    """The table with a note on each marked definition that it shows."""
    notes = explained(shown_in(to_csv(table), study), support, study)
    return replace(table, notes=[*table.notes, *notes]) if notes else table


def _table(name: str, numbers: Numbers, tables: dict[str, pd.DataFrame], study: dict) -> Table:
    if name == "definitions":
        return definitions(study)
    if name == "adverse_events":
        return adverse_events(numbers, tables["adae"], study)
    if name == "evidence":
        return evidence(tables["evidence"], numbers, study)
    if name == "trials":
        return trials(tables["trials"], study)
    return _BY_ARD[name](numbers, study)
