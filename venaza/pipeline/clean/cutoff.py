"""The data cut-off: what is dated after it does not count, but shows who was alive on that day."""

from __future__ import annotations

import datetime as dt

from venaza.contracts.clean import ROW_DATE
from venaza.contracts.errors import Key, StudyError
from venaza.pipeline.clean.by_cycle import FLAG
from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.origins import computed

#: Why a record, or a date, does not count.
AFTER_CUTOFF = "dated after the data cut-off"
#: Why a patient does not.
NOT_YET = "starts after the data cut-off"
_ALIVE = "alive at the data cut-off"
#: What a later event says that was not so at the cut-off, by the date that it hangs on.
_HANGS_ON = {"DTHDT": ("DTHCAUS",), "STOPDT": ("STOPREAS",)}


def apply_cutoff(
    tables: dict[str, list[CleanRow]], study: dict, journal: Journal
) -> dict[str, list[CleanRow]]:
    """The rows of each table up to the data cut-off; later dates of patients' rows are emptied.

    A date after the cut-off and not after the export shows how things stood at the cut-off: who
    starts later is not in the cohort yet and is left out with all rows; who dies, relapses or is
    seen later was alive, so that the last contact is the cut-off and the vital status ALIVE. A date
    after the export is a slip and shows nothing, but a last contact is moved to the cut-off.
    Each row left out has its reason in the account, each date emptied is asked about
    (``after_cutoff``), and each value set is in the cleaning log.
    """
    if study["cutoff"] is None:
        return tables
    cut = _Cutoff(study)
    gone = {row["USUBJID"] for row in tables["patients"] if cut.later(row.get("INDEXDT"))}
    tables = {table: cut.in_cohort(rows, gone) for table, rows in tables.items()}
    if gone and not tables["patients"]:
        raise StudyError(
            f"All {len(gone)} patient(s) start after the data cut-off of {study['cutoff']}.",
            fix="Look at timeline > cutoff, and at the column of the index date (INDEXDT).",
            at=Key(f"config/studies/{study['id']}.yaml", "timeline > cutoff"),
        )
    alive, later = _alive_then(tables, cut), _later_records(tables, cut)
    kept = {table: cut.up_to(rows, table, journal) for table, rows in tables.items()}
    for row in kept["patients"]:
        row.later = later.get(row["USUBJID"], ())
        if row["USUBJID"] in alive:
            _set_alive(row, cut.day, journal)
    return kept


def _later_records(tables: dict[str, list[CleanRow]], cut: _Cutoff) -> dict[str, set[tuple]]:
    """By patient the table, and the response, of each record that is left out as later."""
    found: dict[str, set[tuple]] = {}
    for table, rows in tables.items():
        for row in rows if table != "patients" else ():
            date = ROW_DATE.get(table, "")
            if cut.later(row.get(date)) and row.get(f"{date}F") != FLAG:
                found.setdefault(row["USUBJID"], set()).add((table, row.get("RSINV")))
    return found


def _alive_then(tables: dict[str, list[CleanRow]], cut: _Cutoff) -> set[str]:
    """The patients whom a later date shows to have been alive at the cut-off."""
    seen = {
        row["USUBJID"]
        for rows in tables.values()
        for row in rows
        if any(
            # A day that was only computed shows nothing.
            cut.later(value) and row.get(f"{name}F") != FLAG
            for name, value in row.dates()
        )
    }
    dead = {
        row["USUBJID"]
        for row in tables["patients"]
        if row.get("DTHDT") is not None and row["DTHDT"] <= cut.day
    }
    return seen - dead


class _Cutoff:
    """The cut-off day of a study, and the day of its export, after which a date is a slip."""

    def __init__(self, study: dict) -> None:
        self.day = dt.date.fromisoformat(study["cutoff"])
        export = study.get("export")
        self.export = dt.date.fromisoformat(export) if export else dt.date.max

    def later(self, value: object) -> bool:
        """Whether a date lies after the cut-off and may be true."""
        return isinstance(value, dt.date) and self.day < value <= self.export

    def in_cohort(self, rows: list[CleanRow], gone: set[str]) -> list[CleanRow]:
        """The rows of the patients who had started; the others get their reason."""
        for row in rows:
            if row["USUBJID"] in gone:
                row.dropped = NOT_YET
        return [row for row in rows if row["USUBJID"] not in gone]

    def up_to(self, rows: list[CleanRow], table: str, journal: Journal) -> list[CleanRow]:
        """The rows up to the cut-off; in those of patients later dates are emptied."""
        said, kept = {"cutoff": self.day.isoformat()}, []
        for row in rows:
            late = [name for name, value in row.dates() if value > self.day]
            if table != "patients" and ROW_DATE.get(table) in late:
                journal.ask_of_row(
                    "after_cutoff", row, table, ROW_DATE[table], said, "row left out"
                )
                row.dropped = AFTER_CUTOFF
                continue
            for name in late:
                self._empty(row, table, name, said, journal)
            kept.append(row)
        return kept

    def _empty(self, row: CleanRow, table: str, name: str, said: dict, journal: Journal) -> None:
        moved, true = name == "LSTALVDT", self.later(row[name])
        action = "moved to the cut-off" if moved else "left empty"
        if true or name != "INDEXDT":  # a slip of an index date is asked about as one
            journal.ask_of_row("after_cutoff", row, table, name, said, action)
        row.died_later = row.died_later or (name == "DTHDT" and true)
        row[name] = self.day if moved else None
        if moved:
            row.set_cells(name, computed(row.cells(name)))
        row.explain(name, AFTER_CUTOFF)
        row.clear(f"{name}F")
        row.set_span(name, None)
        for column in _HANGS_ON.get(name, ()) if true else ():
            if row.get(column) is not None:
                _change(row, column, None, AFTER_CUTOFF, journal)
                row.explain(column, AFTER_CUTOFF)


def _set_alive(row: CleanRow, day: dt.date, journal: Journal) -> None:
    """Alive on the day of the cut-off: the last contact is that day, the vital status ALIVE."""
    if row.get("LSTALVDT") != day:
        _change(row, "LSTALVDT", day, _ALIVE, journal)
        row.clear("LSTALVDTF")
    if row.get("SURVSTAT") in ("DEAD", "LOST"):
        _change(row, "SURVSTAT", "ALIVE", _ALIVE, journal)


def _change(row: CleanRow, column: str, value: object, rule: str, journal: Journal) -> None:
    header, text = row.raw(column)
    shown = None if value is None else str(value)
    journal.change(row["USUBJID"], "patients", column, text, shown, rule, row.place, header)
    row[column] = value
    if value is not None:
        row.set_cells(column, computed(row.cells(column)))
