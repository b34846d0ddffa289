"""What a check looks at: the course of one patient, and the settings it goes by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from venaza.contracts.clean import ROW_DATE
from venaza.contracts.text import folded
from venaza.pipeline.clean.clean_table import CleanRow

#: The stem of the date on which a row hangs, by table; rows of ``mutations`` have none.
STEMS = {table: date.removesuffix("DT") for table, date in ROW_DATE.items()}

REMISSION = ("CR", "CRh", "CRi", "CRp")
NO_RESPONSE = ("SD", "NR", "REFRACTORY", "PD")


class Finding:
    """A cell that the clinic should look at, and what its message says (``fields``)."""

    def __init__(self, table: str, row: CleanRow, column: str | None, /, **fields: object) -> None:
        self.table, self.row, self.column, self.fields = table, row, column, fields


@dataclass(frozen=True)
class Settings:
    """What checks go by: ``limits`` and ``ranges`` of config/checks.yaml, units, tables, cut-off.

    ``tables`` names the tables that the study maps: of the others nothing can be missing.
    ``cutoff`` is None where the dates of the study are study days. ``in_remission`` says that
    patients enter in remission, so that one on the index date is no surprise.
    """

    limits: dict
    ranges: dict
    units: dict = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    cutoff: dt.date | None = None
    in_remission: bool = False

    def says(self, text: object, what: str) -> bool:
        """Whether a free text is one of the words of ``limits`` for ``what``."""
        words = {folded(word) for word in self.limits["words"][what]}
        return isinstance(text, str) and folded(text) in words


@dataclass
class Course:
    """One patient: the row of ``patients`` and the rows of the other tables, each by day."""

    own: CleanRow
    tables: dict[str, list[CleanRow]] = field(default_factory=dict)
    _dated: dict[str, list[tuple[int, CleanRow]]] = field(default_factory=dict, repr=False)

    def rows(self, table: str) -> list[CleanRow]:
        """The patient's rows of a table, those without a date last."""
        return self.tables.get(table, [])

    def dated(self, table: str) -> list[tuple[int, CleanRow]]:
        """Day and row of the patient's rows of a table that have a date."""
        if table not in self._dated:  # nearly every check asks
            key = f"{STEMS[table]}DY"
            found = ((row.get(key), row) for row in self.rows(table))
            self._dated[table] = [(day, row) for day, row in found if day is not None]
        return self._dated[table]

    def day(self, stem: str) -> int | None:
        """A day from the patient's own row."""
        return self.own.get(f"{stem}DY")

    def has(self, stem: str) -> bool:
        """Whether the patient's own row has a date, be its day known or not (no index date)."""
        return self.day(stem) is not None or stem in self.own.undated

    def responses(self) -> list[tuple[int, str, CleanRow]]:
        """Day, word and row of the assessments that say something of the disease."""
        return [
            (day, row["RSINV"], row)
            for day, row in self.dated("responses")
            if row.get("RSINV") not in (None, "NE")
        ]

    def later(self, table: str) -> list[str | None]:
        """The responses (None elsewhere) of records of a table after the data cut-off.

        They do not count, but what the clinic wrote down may speak of them.
        """
        return [word for name, word in self.own.later if name == table]

    @property
    def died(self) -> bool:
        """Whether a death is recorded, by a date or by the status, after the cut-off too."""
        later = self.own.died_later
        return self.has("DTH") or self.own.get("SURVSTAT") == "DEAD" or later

    def ask(self, column: str, **fields: object) -> Finding:
        """A finding in the patient's own row."""
        return Finding("patients", self.own, column, **fields)


#: A check of one patient, or of all of them together.
PatientCheck = Callable[[Course, Settings], Iterator[Finding]]
CohortCheck = Callable[[list[Course], Settings], Iterator[Finding]]

PATIENT_CHECKS: dict[str, PatientCheck] = {}
COHORT_CHECKS: dict[str, CohortCheck] = {}


def of_patient(check: PatientCheck) -> PatientCheck:
    """Register a check of one patient; its name is its id in config/checks.yaml."""
    PATIENT_CHECKS[check.__name__] = check
    return check


def of_cohort(check: CohortCheck) -> CohortCheck:
    """Register a check that needs all patients; its name is its id in config/checks.yaml."""
    COHORT_CHECKS[check.__name__] = check
    return check


def courses(tables: dict[str, list[CleanRow]]) -> list[Course]:
    """The patients' courses, by patient number; each row is looked at once."""
    made = {row["USUBJID"]: Course(row) for row in tables["patients"]}
    for table, rows in tables.items():
        if table == "patients":
            continue
        for row in rows:
            made[row["USUBJID"]].tables.setdefault(table, []).append(row)
    return [made[patient] for patient in sorted(made)]
