"""From cells to raw rows: the rows of a mapped sheet, those that are no patient's set aside."""

from __future__ import annotations

import numpy as np

from venaza.contracts.coded_values import among
from venaza.contracts.codes import whole
from venaza.contracts.errors import StudyError
from venaza.contracts.headers import listed, shown_sheet
from venaza.contracts.text import tidy
from venaza.pipeline.clean.conditions import Conditions
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.fill_down import fill_down
from venaza.pipeline.clean.forms import blank_unfilled
from venaza.pipeline.clean.journal import Journal, stop
from venaza.pipeline.clean.layout_files import newest_file_wins
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.odd_rows import (
    ask_about_long_rows,
    leave_out_odd,
    leave_out_without_patient,
)
from venaza.pipeline.clean.parts import borrow_conditions
from venaza.pipeline.clean.raw_table import RawRow, RawTable
from venaza.pipeline.clean.repeated_rows import first_of_each
from venaza.pipeline.clean.valueless_cells import set_aside


def raw_rows(export: Export, table: str, spec: dict, study: dict, journal: Journal) -> RawTable:
    """The rows of the sheet that ``spec`` maps, in the order of the export.

    A row that the table's ``where`` does not ask for, one without a patient number or with totals,
    notes or a header in its place, one of a patient whom a newer file has, and one that repeats
    another cell by cell are left out; each is accounted for, all but the first kind are queries.
    """
    redcap = Redcap.of(study)
    part = export.below_headers(spec, redcap)
    ask_about_long_rows(export, part, table, spec, redcap, journal)
    part = set_aside(export, part, table, spec, redcap, journal)
    rows = RawTable.of(export, part, spec["key"], redcap)
    if table == "patients" and not len(rows):
        files = {export.sheets[code][0] for code in np.flatnonzero(export.taken(spec, redcap))}
        raise StudyError(
            "The patients' sheet has no row below its header.",
            fix="Look whether the export is complete, and whether header_row is right.",
            file=", ".join(sorted(files) or listed(spec["file"])),
            sheet=shown_sheet(spec),
        )
    blank_unfilled(rows, part, table, spec, journal)
    if "fill_down" in spec:
        fill_down(rows, table, spec, study["vocabulary"].get("summary_rows", []), journal)
    rows = _asked_for(rows, table, study, journal)
    decimal = _all_with_a_decimal(rows, spec["key"])
    rows = _with_patient(rows, table, study, journal)
    rows = leave_out_odd(rows, table, spec, study, journal)
    _name_patients(rows, table, spec, decimal, journal)
    if "overlap" in spec:
        rows = newest_file_wins(rows, table, spec, study, journal)
    rows = _without_duplicates(rows, table, journal)
    borrow_conditions(rows, spec)
    return rows


def _all_with_a_decimal(rows: RawTable, key: str) -> bool:
    """Whether every patient number of a table is written as 12.0; beside 12.1 that says more."""
    texts = [text for text in (tidy(entry.text) for entry in rows.column(key).entries) if text]
    return any(whole(text) != text for text in texts) and all(
        whole(text) != text or not text[0].isdigit() for text in texts
    )


def _asked_for(rows: RawTable, table: str, study: dict, journal: Journal) -> RawTable:
    """The rows of which the table's ``where`` holds."""
    where = study["tables"][table].get("where", {})
    if not where:
        return rows
    conditions = Conditions(study, table)
    asked = conditions.all_hold(rows, where)
    if not asked.all():
        journal.passed.append((table, rows, ~asked))
    if len(rows) and not asked.any():
        _none_asked_for(rows, table, where, conditions, journal)
    return rows.of_rows(asked)


def _none_asked_for(
    rows: RawTable, table: str, where: dict, conditions: Conditions, journal: Journal
) -> None:
    """A ``where`` that holds of no row is a slip, or a form that nobody has filled in yet.

    Without patients there is no study, so theirs stops the run; any other is a query.
    """
    apart = [h for h, words in where.items() if not conditions.hold(rows, h, words).any()]
    header = (apart or list(where))[0]
    if table == "patients":
        found = sorted({tidy(text) or "(empty)" for text in rows.texts(header)})[:10]
        raise stop(
            f"No row of the sheet is one that the table '{table}' asks for.",
            f"Correct tables > {table} > where. Standing there: {', '.join(found)}.",
            rows[0].place,
            header,
            ", ".join(where[header]),
        )
    said = {"header": header, "values": ", ".join(where[header])}
    journal.ask("where_without_rows", said, table=table, place=rows[0].place, header=header)


def _with_patient(rows: RawTable, table: str, study: dict, journal: Journal) -> RawTable:
    """The rows with a patient's number."""
    spec, missing = study["tables"][table], study["vocabulary"]["missing"]
    sent = rows.column(spec["key"])
    nobody = sent.each(lambda e: tidy(e.text) == "" or among(tidy(e.text), missing), bool)
    for index in np.flatnonzero(nobody).tolist():
        leave_out_without_patient(rows[index], table, spec, study, journal)
    return rows.of_rows(~nobody)


def _name_patients(rows: RawTable, table: str, spec: dict, decimal: bool, journal: Journal) -> None:
    """Read the patients' numbers; in place."""
    column, redcap = rows.column(spec["key"]), rows.redcap
    names, rules, records = [""], {}, {}
    for code, entry in enumerate(column.entries[1:], start=1):
        sent = tidy(entry.text)
        patient, rule = redcap.record(sent), "data access group removed"
        if records.setdefault(patient, sent) != sent:
            first = rows[int(np.argmax(column.codes == code))]
            raise _two_groups(first, spec, patient, records[patient])
        if decimal and patient == sent:
            patient, rule = whole(sent), "decimal of a whole number removed"
        names.append(patient)
        if patient != sent:
            rules[code] = (sent, patient, rule)
    rows.patients = [names[code] for code in column.codes.tolist()]
    for index in np.flatnonzero(np.isin(column.codes, list(rules))).tolist():
        sent, patient, rule = rules[column.codes[index]]
        at = (rows.places[index], spec["key"])
        journal.change(patient, table, "USUBJID", sent, patient, rule, *at)


def _two_groups(row: RawRow, spec: dict, patient: str, other: str) -> StudyError:
    return stop(
        f"Without the number of the data access group, two records are called {patient}: {other} "
        f"and {tidy(row.text(spec['key']))}.",
        "Keep the groups' numbers (redcap > dag_prefix: keep).",
        row.place,
        spec["key"],
        row.text(spec["key"]),
    )


def _without_duplicates(rows: RawTable, table: str, journal: Journal) -> RawTable:
    first = first_of_each(rows)
    again = first != np.arange(len(rows))
    for index in np.flatnonzero(again).tolist():
        row = rows[index]
        journal.ask_of_raw("duplicate_row", row, table, {"row": rows.places[first[index]].row})
        journal.left_out[(table, row.place)] = "exact duplicate"
    return rows.of_rows(~again)
