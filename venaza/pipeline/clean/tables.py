"""From raw rows to typed clean rows: the mapping of the study file applied column by column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from venaza.contracts.clean import NEEDED, TABLES
from venaza.contracts.columns import Column, study_columns
from venaza.contracts.headers import read_by
from venaza.pipeline.clean.clean_table import CleanColumns, CleanRow, Sources, rows_in_order
from venaza.pipeline.clean.column_checks import check_unitless_labs, settled_records
from venaza.pipeline.clean.conditions import Conditions
from venaza.pipeline.clean.doubts import Doubts
from venaza.pipeline.clean.gene_rows import gene_rows
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.labs import ask_about_labs
from venaza.pipeline.clean.parts import Parts
from venaza.pipeline.clean.raw_table import RawTable
from venaza.pipeline.clean.record import Reader, Record
from venaza.pipeline.clean.unreadable import check_readable


def columns_of(table: str, study: dict) -> dict[str, Column]:
    """The columns of a clean table by name, a study's own patients columns included."""
    known = {column.name: column for column in TABLES[table]}
    return known | study_columns(study) if table == "patients" else known


def clean_rows(rows: RawTable, table: str, study: dict, journal: Journal) -> list[CleanRow]:
    """One clean row for each raw row and record that gives it a date or a name.

    Each column of a record is read once for each distinct text. The columns themselves go to the
    journal (``made``), with the rows that were left out, for the accounts.
    """
    known, needed = columns_of(table, study), NEEDED.get(table, ())
    records = settled_records(rows, table, known, study, journal)
    doubts = Doubts(table, known, Conditions(study, table))
    reader = Reader(table, known, study, needed, doubts, journal)
    parts = Parts(rows)
    made = [
        part
        for number, mapping in enumerate(records)
        for part in _parts(rows, number, mapping, parts, reader)
    ]
    reader.tell()
    journal.made += made
    every = rows_in_order(made)
    check_readable(made, table, needed, study, journal)
    kept = [row for row in every if row.dropped is None]
    doubts.ask(kept, journal, study["checks"]["limits"]["few_values"])
    if table == "labs":
        check_unitless_labs(kept, study)
        ask_about_labs(every, study, journal)
    return kept


def _parts(
    rows: RawTable, number: int, mapping: dict, parts: Parts, reader: Reader
) -> Iterator[CleanColumns]:
    """What a record gives of the rows of each sheet: of a joined table not each has its columns."""
    sheets = rows.sheet
    for sheet in np.unique(sheets).tolist() if parts.headers else (None,):
        which = np.full(len(rows), True) if sheet is None else sheets == sheet
        part, at = rows.of_rows(which), np.flatnonzero(which).tolist()
        place = part.places[0] if at else None
        here, elsewhere = _read_here(place, mapping, parts, reader.needed)
        record = Record(part, at, number, elsewhere, reader)
        own = record.own_cells()
        if "parse" in here.get("GENE", {}):
            rest = {name: how for name, how in here.items() if name != "GENE"}
            made = gene_rows(record, record.read(rest, ()), here["GENE"])
        else:
            made = record.read(here, reader.needed)
        made.sources.append(Sources("USUBJID", own))
        yield made


def _read_here(
    place: Place | None, mapping: dict, parts: Parts, needed: tuple[str, ...]
) -> tuple[dict, list[str]]:
    """The columns of a record that a sheet has, and the headers of the others.

    Without the column that it hangs on the record is none of the sheet's.
    """
    here = {name: how for name, how in mapping.items() if parts.reads(place, how)}
    if any(name in mapping and name not in here for name in needed):
        here = {}
    others = [how for name, how in mapping.items() if name not in here]
    return here, [header for how in others for header in read_by(how)]
