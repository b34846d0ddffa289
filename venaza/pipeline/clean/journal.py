"""The journal of a cleaning: what was changed, what is asked of the clinic, what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from venaza.contracts.clean import CLEANING_LOG
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.contracts.query_wording import worded

if TYPE_CHECKING:
    from venaza.pipeline.clean.clean_table import CleanColumns, CleanRow
    from venaza.pipeline.clean.raw_table import RawRow, RawTable


class Place(NamedTuple):
    """Where a raw row stands."""

    file: str
    sheet: str
    row: int


def _no_changes() -> dict[str, list]:
    return {name: [] for name in names(CLEANING_LOG)}


@dataclass
class Journal:
    """Collects the cleaning log, the queries and the account of rows while tables are built.

    ``rules`` are the declared checks (``study["checks"]["rules"]``) in whose words it asks.
    ``changes`` is the cleaning log by column, ``made`` holds the rows that each record of each
    table gave, ``left_out`` the raw rows that gave none with the reason, ``filled`` the cells that
    stand empty below the one that they were filled from, ``unfilled`` the boxes of forms that
    nobody has filled in, ``too_long`` the rows with more cells than headers, ``nobodys`` the rows
    that are no patient's and asked about, whichever tables read them, ``passed`` the tables
    that did not ask for all rows, with these and which of them.
    The accounts are drawn up from them at the end, when it is known what became of each.
    """

    rules: dict = field(default_factory=dict)
    changes: dict[str, list] = field(default_factory=_no_changes)
    queries: list[dict] = field(default_factory=list)
    unknown: list[dict] = field(default_factory=list)
    rows: Counter = field(default_factory=Counter)
    made: list[CleanColumns] = field(default_factory=list)
    left_out: dict[tuple[str, Place], str] = field(default_factory=dict)
    filled: dict[tuple[Place, str], Place] = field(default_factory=dict)
    unfilled: set[tuple[Place, str]] = field(default_factory=set)
    too_long: set[Place] = field(default_factory=set)
    nobodys: set[Place] = field(default_factory=set)
    passed: list[tuple[str, RawTable, np.ndarray]] = field(default_factory=list)

    def change(
        self, patient, table, column, raw, clean, rule, place: Place, header, note=None
    ) -> None:
        """Note that a value was changed on its way from the raw cell to the clean table."""
        self.change_all(table, column, header, [(patient, raw, clean, rule, place)], note)

    def change_all(
        self, table: str, column: str, header: str | None, lines: list[tuple], note=None
    ) -> None:
        """Note the changes to one column: patient, text, value, rule and place of each."""
        if not lines:
            return
        patients, texts, kept, rules, places = zip(*lines, strict=True)
        files, sheets, rows = zip(*places, strict=True)
        alike = ([value] * len(lines) for value in (table, column, header, note))
        tables, columns, headers, notes = alike
        told = (patients, tables, columns, texts, kept, rules, files, sheets, rows, headers, notes)
        for values, more in zip(self.changes.values(), told, strict=True):
            values.extend(more)

    def ask(self, rule, said=None, *, patient=None, table=None, column=None, value=None,
            place: Place, header=None, action=None) -> None:  # fmt: skip
        """Ask the clinic something, in the words of the check ``rule`` filled in with ``said``."""
        self.queries.append(
            {
                **worded(self.rules, rule, said, action),
                "USUBJID": patient,
                "TABLE": table,
                "COLUMN": column,
                "VALUE": value,
                "SRCFILE": place.file,
                "SRCSHEET": place.sheet,
                "SRCROW": place.row,
                "SRCCOL": header,
            }
        )

    def ask_of_row(self, rule, row: CleanRow, table, column, said=None, action=None) -> None:
        """Ask about a column of a clean row; ``{header}`` of the message is its raw header."""
        header, text = row.raw(column)
        said = {"header": header or column, **(said or {})}
        at = {"table": table, "column": column, "value": text, "header": header, "action": action}
        self.ask(rule, said, patient=row["USUBJID"], place=row.place, **at)

    def ask_of_raw(self, rule, row: RawRow, table, said=None, *, header=None, **where) -> None:
        """Ask about a raw row, and where a ``header`` is given about the cell under it."""
        where = {"value": row.text(header) if header else None, "header": header, **where}
        self.ask(rule, said, patient=row.patient, table=table, place=row.place, **where)

    def count(self, table: str, place: Place, outcome: str, n: int = 1) -> None:
        """Add to the account of rows, over what ``made`` and ``left_out`` say."""
        self.rows[(table, place.file, place.sheet, outcome)] += n


def stop(what: str, fix: str, place: Place, header: str | None, value: object) -> StudyError:
    """The error for a raw row that no result may be made of."""
    return StudyError(
        what,
        fix=fix,
        file=place.file,
        sheet=place.sheet or None,
        row=place.row,
        column=header,
        value=None if value is None else str(value),
    )
