"""Cleaning from end to end: cells and study file in, clean tables and their journal out."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from venaza.contracts.clean import (
    CELL_ACCOUNT,
    CLEANING_LOG,
    CORRECTIONS,
    ORIGINS,
    QUARANTINE,
    QUERIES,
    ROW_ACCOUNT,
    ROW_DATE,
    TABLES,
)
from venaza.contracts.columns import Column, names, study_columns
from venaza.contracts.files import conform
from venaza.contracts.grouping import grouped
from venaza.contracts.headers import is_joined
from venaza.contracts.queries import RANK, query_ids
from venaza.contracts.query_wording import not_off
from venaza.pipeline.clean.accounts import cell_account, outcomes, quarantine, row_account
from venaza.pipeline.clean.by_cycle import date_by_cycles
from venaza.pipeline.clean.checks.duplicates import bare_number
from venaza.pipeline.clean.checks.plausible import refuse_implausible
from venaza.pipeline.clean.checks.run import run_checks
from venaza.pipeline.clean.clean_table import CleanRow, columns_of_rows
from venaza.pipeline.clean.completed import complete_dates
from venaza.pipeline.clean.corrections import correct, emptied
from venaza.pipeline.clean.cutoff import apply_cutoff
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.implausible_years import ask_about_years
from venaza.pipeline.clean.joined import one_row_per_patient
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.lab_columns import tell_of_limits, with_specimen
from venaza.pipeline.clean.of_regimen import as_before, mark_regimens, without_other_regimens
from venaza.pipeline.clean.origins import origins_frame
from venaza.pipeline.clean.repeats import without_repeats
from venaza.pipeline.clean.rows import raw_rows
from venaza.pipeline.clean.tables import clean_rows, columns_of
from venaza.pipeline.clean.timeline import count_days, refuse_death_before_index
from venaza.pipeline.clean.transplant_notes import Transplants
from venaza.pipeline.clean.unasked import tell_unasked
from venaza.pipeline.clean.unmapped import unmapped_error


def contract(table: str, study: dict) -> tuple[Column, ...]:
    """The columns of a table of this stage, a study's own columns of ``patients`` included."""
    journal = {"cleaning_log": CLEANING_LOG, "queries": QUERIES, "corrections": CORRECTIONS}
    journal |= {"row_account": ROW_ACCOUNT, "cell_account": CELL_ACCOUNT}
    journal |= {"quarantine": QUARANTINE, "origins": ORIGINS}
    columns = (TABLES | journal)[table]
    if table == "patients":
        return (*columns[:-3], *study_columns(study).values(), *columns[-3:])
    return columns


def clean(cells: pd.DataFrame, study: dict) -> dict[str, pd.DataFrame]:
    """The clean tables, with their ``origins``, ``cleaning_log``, ``queries``, ``corrections`` and
    three accounts.

    ``cells`` is the intake's table; ``study`` has the sections tables, timeline, vocabulary,
    columns, units, ctcae, cutoff and redcap, and corrections where there are some. Every table of
    the contract is there, empty where the study has none. Raises ``StudyError`` for words in no
    vocabulary and for contradictions on which every result hangs.
    """
    journal = Journal(study["checks"]["rules"])
    sent = cells
    cells, corrections = correct(cells, study, journal)
    study = with_specimen(cells, study)
    tell_of_limits(cells, study, journal)
    export = Export(cells)
    rows, taken = {}, np.zeros(len(export.row_sheet), dtype=bool)
    transplants = Transplants(study, cells["HEADER"].dropna().unique())
    for table, spec in study["tables"].items():
        raw = raw_rows(export, table, spec, study, journal)
        taken[raw.raw] = True
        transplants.read(raw, table)
        as_before(raw, table, study, journal)
        made = clean_rows(raw, table, study, journal)
        mark_regimens(raw, made, table, study, journal)
        rows[table] = without_repeats(made, table, is_joined(spec), journal)
    tell_unasked(export, taken, study, journal)
    del export, raw  # what comes now reads no raw cell
    calendar = study["timeline"]["dates"] == "calendar"
    if calendar:
        complete_dates(rows, study, journal)
        ask_about_years(rows, study, journal)
        refuse_implausible(len({row["USUBJID"] for row in rows["patients"]}), study, journal)
    date_by_cycles(rows, study, journal)
    without_other_regimens(rows)
    rows = apply_cutoff(rows, study, journal)
    if journal.unknown and study["vocabulary"]["unmapped"] == "stop":
        raise unmapped_error(journal.unknown, study, journal.too_long)
    rows["patients"] = one_row_per_patient(rows["patients"], study, journal)
    index = {row["USUBJID"]: row.get("INDEXDT") for row in rows["patients"]}
    for table in rows:
        if table != "patients":
            key = study["tables"][table].get("key")
            rows[table] = _of_known_patients(rows[table], table, key, index, journal)
        count_days(rows[table], columns_of(table, study), index, calendar)
        rows[table] = _numbered(rows[table], table, names(contract(table, study)))
    refuse_death_before_index(rows["patients"])
    for row in rows["patients"]:
        row.transplant = transplants.found.get(row["USUBJID"])
    run_checks(rows, study, journal)
    refuse_implausible(len(rows["patients"]), study, journal)
    journal.queries = not_off(journal.queries)
    tables = {table: _frame(rows.get(table, []), contract(table, study)) for table in TABLES}
    tables["origins"] = origins_frame(rows)
    tables["corrections"] = conform(pd.DataFrame(corrections), CORRECTIONS)
    became = outcomes(journal)
    accounts = {
        "row_account": row_account(journal, became),
        "quarantine": quarantine(cells, became),
        "cell_account": cell_account(cells, study, journal),
    }
    if len(taken_out := emptied(sent, cells)):
        both = [accounts["cell_account"], conform(taken_out, CELL_ACCOUNT)]
        accounts["cell_account"] = conform(pd.concat(both, ignore_index=True), CELL_ACCOUNT)
    return {**tables, **_journal_frames(journal, tables), **accounts}


def _of_known_patients(
    rows: list[CleanRow], table: str, key: str | None, index: dict, journal: Journal
) -> list[CleanRow]:
    kept = []
    alike = {bare_number(patient): patient for patient in index}
    for row in rows:
        if row["USUBJID"] in index:
            kept.append(row)
            continue
        other = alike.get(bare_number(row["USUBJID"]))
        said = {"hint": f"; is it {other}?" if other else "."}
        at = {"table": table, "column": "USUBJID", "value": row["USUBJID"], "header": key}
        journal.ask("unknown_patient", said, patient=row["USUBJID"], place=row.place, **at)
        row.dropped = "patient not in the patients' sheet"
    return kept


def _numbered(rows: list[CleanRow], table: str, columns: list[str]) -> list[CleanRow]:
    """Rows by patient, then date, then content, so that their order in the export is no matter."""
    date = ROW_DATE.get(table, "")
    days, cycles = columns_of_rows(rows, [f"{date[:-2]}DY", "CYCLE"]).values()
    shown = [name for name in columns if not name.startswith("SRC") and name != "USUBJID"]
    alike: dict[tuple, list[CleanRow]] = {}
    for row, day, cycle in zip(rows, days, cycles, strict=True):
        key = (row["USUBJID"], day is None, day or 0, cycle or 0)
        alike.setdefault(key, []).append(row)
    made, counts = [], Counter()
    for key in sorted(alike):
        for row in _by_content(alike[key], shown):
            counts[key[0]] += 1
            row["SEQ"] = counts[key[0]]
            made.append(row)
    return made


def _by_content(rows: list[CleanRow], columns: list[str]) -> list[CleanRow]:
    """Rows by what stands in them, column by column, and then by their place."""
    if len(rows) == 1:
        return rows
    for n, name in enumerate(columns, start=1):
        found = grouped(rows, lambda row, name=name: _content(row, name))
        if len(found) > 1:
            return [row for text in sorted(found) for row in _by_content(found[text], columns[n:])]
    return sorted(rows, key=lambda row: row.place)


def _content(row: CleanRow, name: str) -> str:
    """What stands in a cell, as rows are sorted: one that was read is no empty one."""
    value = row.get(name)
    if value is None:
        return "None" if row.of.was_read(name, row.index) else ""
    return str(value)


def _frame(rows: list[CleanRow], columns: tuple[Column, ...]) -> pd.DataFrame:
    made = columns_of_rows(rows, names(columns))
    for name, part in (("SRCFILE", "file"), ("SRCSHEET", "sheet"), ("SRCROW", "row")):
        made[name] = [getattr(row.place, part) for row in rows]
    return conform(pd.DataFrame(made), columns)


def _journal_frames(journal: Journal, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    changes = conform(pd.DataFrame(journal.changes), CLEANING_LOG)
    order = ["TABLE", "SRCFILE", "SRCSHEET", "SRCROW", "COLUMN"]
    changes = changes.sort_values(order, kind="stable").reset_index(drop=True)
    return {"cleaning_log": changes, "queries": query_frame(journal.queries, tables)}


def query_frame(queries: list[dict], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Queries as a table (``QUERIES``), the gravest first, each with a readable number."""
    frame = conform(pd.DataFrame(queries), QUERIES)
    rank = frame["SEVERITY"].map(RANK)
    order = ["_rank", "RULE", "USUBJID", "TABLE", "SRCFILE", "SRCSHEET", "SRCROW", "COLUMN"]
    frame = frame.assign(_rank=rank).sort_values(order, kind="stable").drop(columns="_rank")
    frame = frame.reset_index(drop=True)
    return frame.assign(QUERYID=query_ids(frame, tables))
