"""From cells to raw rows: one dictionary per row of a mapped sheet, exact duplicates set aside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from venaza.clean.conditions import Conditions
from venaza.clean.date_rules import Stored
from venaza.clean.forms import blank_unfilled
from venaza.clean.journal import Journal, Place, stop
from venaza.clean.kinds import set_aside
from venaza.clean.layout import fill_down, fits
from venaza.clean.layout_files import newest_file_wins
from venaza.clean.layout_redcap import Redcap
from venaza.clean.odd_rows import ask_about_long_rows, leave_out, leave_out_without_patient
from venaza.clean.parts import borrow_conditions
from venaza.clean.text import folded, tidy
from venaza.clean.words import among
from venaza.contracts.codes import whole
from venaza.contracts.headers import header_key, listed, shown_sheet
from venaza.contracts.intake import CORRECTED, SHIFTED
from venaza.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RawRow:
    """A raw row: its patient, its place, its cells and their value labels by normalised header.

    ``day_zero`` is the day from which the row's workbook counts; ``shifted`` has the headers whose
    dates were moved, ``borrowed`` those whose cells stand on another sheet of a joined table.
    ``numbers`` are those of the cells in ``intake/cells``, ``corrected`` the headers of cells whose
    text a correction gave.
    """

    patient: str
    place: Place
    cells: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)
    redcap: Redcap = field(default_factory=Redcap)
    day_zero: str = ""
    shifted: frozenset[str] = frozenset()
    borrowed: set[str] = field(default_factory=set, compare=False)
    numbers: dict[str, int | None] = field(default_factory=dict, compare=False)
    corrected: set[str] = field(default_factory=set, compare=False)

    def take(self, key: str, other: RawRow) -> None:
        """Give the row the cell that another row has under a header's ``key``."""
        self.cells[key], self.numbers[key] = other.cells[key], other.numbers.get(key)
        if key in other.labels:
            self.labels[key] = other.labels[key]
        if key in other.corrected:
            self.corrected.add(key)

    def text(self, header: str) -> str:
        """The raw text under a header; empty where the cell is empty."""
        return self.cells.get(header_key(header), "")

    def label(self, header: str | None) -> str:
        """The value label of the cell under a header; empty where it has none."""
        return self.labels.get(header_key(header), "") if header else ""

    def stored(self, header: str | None) -> Stored:
        """What the intake says of the cell under a header beside its text."""
        return Stored(self.day_zero, bool(header) and header_key(header) in self.shifted)


def raw_rows(
    cells: pd.DataFrame, table: str, spec: dict, study: dict, journal: Journal
) -> list[RawRow]:
    """The rows of the sheet that ``spec`` maps, in the order of the export.

    A row that the table's ``where`` does not ask for, one without a patient number or with totals,
    notes or a header in its place, one of a patient whom a newer file has, and one that repeats
    another cell by cell are left out; each is accounted for, all but the first kind are queries.
    """
    redcap = Redcap.of(study)
    part = _of_sheets(cells, spec, redcap)
    ask_about_long_rows(cells, part, table, spec, redcap, journal)
    part = set_aside(part, table, spec, redcap, journal)
    rows = _rows(part, spec, redcap)
    if table == "patients" and not rows:
        raise StudyError(
            "The patients' sheet has no row below its header.",
            fix="Look whether the export is complete, and whether header_row is right.",
            file=", ".join(sorted(_files(cells, spec, redcap)) or listed(spec["file"])),
            sheet=shown_sheet(spec),
        )
    blank_unfilled(rows, part, table, spec, redcap, journal)
    if "fill_down" in spec:
        fill_down(rows, table, spec, study["vocabulary"].get("summary_rows", []), journal)
    asked = _asked_for(rows, table, study, journal)
    named, records = [], {}
    decimal = _all_with_a_decimal(asked, spec["key"])
    for row in asked:
        sent = tidy(row.text(spec["key"]))
        if sent == "" or among(sent, study["vocabulary"]["missing"]):
            leave_out_without_patient(row, table, spec, study, journal)
            continue
        if leave_out(row, table, spec, study, journal):
            continue
        patient, rule = redcap.record(sent), "data access group removed"
        if records.setdefault(patient, sent) != sent:
            raise _two_groups(row, spec, patient, records[patient])
        if decimal and patient == sent:
            patient, rule = whole(sent), "decimal of a whole number removed"
        if patient != sent:
            journal.change(patient, table, "USUBJID", sent, patient, rule, row.place, spec["key"])
        named.append(replace(row, patient=patient))
    if "overlap" in spec:
        named = newest_file_wins(named, table, spec, study, journal)
    kept = _without_duplicates(named, table, journal)
    borrow_conditions(kept, spec)
    return kept


def _all_with_a_decimal(rows: list[RawRow], key: str) -> bool:
    """Whether every patient number of a table is written as 12.0; beside 12.1 that says more."""
    texts = [text for text in (tidy(row.text(key)) for row in rows) if text]
    return any(whole(text) != text for text in texts) and all(
        whole(text) != text or not text[0].isdigit() for text in texts
    )


def rows_of_sheet(cells: pd.DataFrame, spec: dict, redcap: Redcap) -> list[RawRow]:
    """Every row of the sheets that a table takes, still without its patient."""
    return _rows(_of_sheets(cells, spec, redcap), spec, redcap)


def _files(cells: pd.DataFrame, spec: dict, redcap: Redcap) -> set[str]:
    """The files of the export that a table takes."""
    pairs = set(zip(cells["SRCFILE"], cells["SRCSHEET"], strict=True))
    return {file for file, sheet in pairs if fits(file, sheet, spec, redcap)}


def _of_sheets(cells: pd.DataFrame, spec: dict, redcap: Redcap) -> pd.DataFrame:
    """The cells below the headers of the sheets that a table takes."""
    pairs = list(zip(cells["SRCFILE"], cells["SRCSHEET"], strict=True))
    taken = {pair: fits(*pair, spec, redcap) for pair in set(pairs)}
    return cells.loc[cells["HEADER"].notna().to_numpy() & [taken[pair] for pair in pairs]]


def _rows(part: pd.DataFrame, spec: dict, redcap: Redcap) -> list[RawRow]:
    found: dict[Place, tuple[dict, dict, dict]] = {}
    day_zero: dict[Place, str] = {}
    shifted: dict[Place, set[str]] = {}
    corrected: dict[Place, set[str]] = {}
    columns = ("SRCFILE", "SRCSHEET", "SRCROW", "HEADER", "VALUE", "LABEL", "KIND", "DAYZERO")
    given = (part[c] for c in (*columns, "CELL"))
    for file, sheet, at, header, value, label, kind, zero, cell in zip(*given, strict=True):
        place = Place(file, sheet, int(at))
        values, labels, numbers = found.setdefault(place, ({}, {}, {}))
        if isinstance(zero, str):
            day_zero[place] = zero
        if not isinstance(label, str):
            # The intake gives labels; a cell that was corrected since has a code of its own.
            label = redcap.label_of(header, value) if spec["key"] in redcap.fields else ""
        for key in redcap.keys(header):
            values[key] = value
            numbers[key] = cell
            if label:
                labels[key] = label
            if kind == SHIFTED:
                shifted.setdefault(place, set()).add(key)
            elif kind == CORRECTED:
                corrected.setdefault(place, set()).add(key)
    return [
        RawRow(
            "",
            place,
            values,
            labels,
            redcap,
            day_zero.get(place, ""),
            frozenset(shifted.get(place, ())),
            numbers=numbers,
            corrected=corrected.get(place, set()),
        )
        for place, (values, labels, numbers) in found.items()
    ]


def _asked_for(rows: list[RawRow], table: str, study: dict, journal: Journal) -> list[RawRow]:
    """The rows of which the table's ``where`` holds."""
    where = study["tables"][table].get("where", {})
    if not where:
        return rows
    conditions, kept = Conditions(study, table), []
    for row in rows:
        if conditions.all_hold(row, where):
            kept.append(row)
        else:
            journal.left_out[(table, row.place)] = NOT_ASKED_FOR
            journal.passed.setdefault(row.place, (row, set()))[1].add(table)
    if rows and not kept:
        _none_asked_for(rows, table, where, conditions, journal)
    return kept


def _none_asked_for(
    rows: list[RawRow], table: str, where: dict, conditions: Conditions, journal: Journal
) -> None:
    """A ``where`` that holds of no row is a slip, or a form that nobody has filled in yet.

    Without patients there is no study, so theirs stops the run; any other is a query.
    """
    apart = [
        h for h, words in where.items() if not any(conditions.holds(r, h, words) for r in rows)
    ]
    header = (apart or list(where))[0]
    found = sorted({tidy(row.text(header)) or "(empty)" for row in rows})[:10]
    if table == "patients":
        raise stop(
            f"No row of the sheet is one that the table '{table}' asks for.",
            f"Correct tables > {table} > where. Standing there: {', '.join(found)}.",
            rows[0].place,
            header,
            ", ".join(where[header]),
        )
    journal.ask(
        "where_without_rows",
        {"header": header, "values": ", ".join(where[header])},
        table=table,
        place=rows[0].place,
        header=header,
    )


#: The reason of a row that ``where`` passes over; it is in no account of the table's rows.
NOT_ASKED_FOR = "not a row of the table"


def _two_groups(row: RawRow, spec: dict, patient: str, other: str) -> StudyError:
    return stop(
        f"Without the number of the data access group, two records are called {patient}: {other} "
        f"and {tidy(row.text(spec['key']))}.",
        "Keep the groups' numbers (redcap > dag_prefix: keep).",
        row.place,
        spec["key"],
        row.text(spec["key"]),
    )


def _without_duplicates(rows: list[RawRow], table: str, journal: Journal) -> list[RawRow]:
    kept, seen = [], {}
    for row in rows:
        content = (row.patient, tuple(sorted((k, folded(v)) for k, v in row.cells.items())))
        if content not in seen:
            seen[content] = row.place.row
            kept.append(row)
            continue
        journal.ask(
            "duplicate_row",
            {"row": seen[content]},
            patient=row.patient,
            table=table,
            place=row.place,
        )
        journal.left_out[(table, row.place)] = "exact duplicate"
    return kept
