"""Checks of counts: ranges, units, fractions for percent, zeros that stand for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_cohort, of_patient
from venaza.pipeline.clean.clean_table import CleanRow, columns_of_rows
from venaza.pipeline.clean.journal import Journal

#: Columns of percentages in which a whole column below 1 gives fractions away.
PERCENTS = (("patients", "BMBLAST"), ("responses", "MBLAST"), ("mutations", "VAF"))


def empty_impossible(
    tables: dict[str, list[CleanRow]], settings: Settings, journal: Journal, ask: Callable
) -> None:
    """Empty each number outside its range, in place, with a query and a line in the log.

    ``ask(check, finding)`` writes the query: ``wrong_unit`` where the number fits another unit of
    config/units.yaml, ``out_of_range`` otherwise.
    """
    for table, ranges in settings.ranges.items():
        rows = tables.get(table, [])
        for at, _, cell, name in sorted(_outside(table, rows, ranges)):
            check, fields = _impossible(name, rows[at][cell], *ranges[name], settings)
            ask(check, Finding(table, rows[at], cell, **fields))
            _empty(table, rows[at], cell, journal)


def _outside(table: str, rows: list[CleanRow], ranges: dict) -> Iterator[tuple[int, int, str, str]]:
    """The cells outside their range: position of the row, of the cell, its column, its range.

    A result has the range of its test.
    """
    held = columns_of_rows(rows, [*ranges, "LBSTRESN", "LBTESTCD"])
    cells = [("LBSTRESN", held["LBTESTCD"])] if table == "labs" else []
    cells += [(name, [name] * len(rows)) for name in ranges]
    for order, (cell, named) in enumerate(cells):
        for at, (name, value) in enumerate(zip(named, held[cell], strict=True)):
            if value is not None and name in ranges:
                low, high = ranges[name]
                if not low <= value <= high:
                    yield at, order, cell, name


def _impossible(name: str, value: float, low: float, high: float, settings: Settings) -> tuple:
    """The check that a value outside its range fails, with the fields of its message."""
    fields = {"column": name, "value": value, "low": low, "high": high}
    unit = settings.units.get(name)
    for other, factor in unit["factors"].items() if unit else ():
        # Ten times too much is a digit too many rather than another unit.
        if factor not in (1, 0.1) and low <= value * factor <= high:
            fields |= {"unit": other, "standard": unit["standard"], "converted": value * factor}
            return "wrong_unit", fields
    return "out_of_range", fields


def _empty(table: str, row: CleanRow, cell: str, journal: Journal) -> None:
    header, text = row.raw(cell)
    place = row.place
    journal.change(row["USUBJID"], table, cell, text, None, "out of range", place, header)
    row[cell] = None


@of_patient
def platelets_below_one(course: Course, settings: Settings) -> Iterator[Finding]:
    """A count above 0 and below 1 in any table that holds platelets."""
    found = [("patients", course.own, "PLT")]
    found += [("responses", row, "PLT") for row in course.rows("responses")]
    found += [("labs", row, "LBSTRESN") for row in course.rows("labs") if row["LBTESTCD"] == "PLT"]
    for table, row, column in found:
        value = row.get(column)
        if value is not None and 0 < value < 1:
            yield Finding(table, row, column, value=value)


@of_patient
def fraction_among_percents(course: Course, settings: Settings) -> Iterator[Finding]:
    """Baseline marrow blasts above 0 and below 1%."""
    value = course.own.get("BMBLAST")
    if value is not None and 0 < value < 1:
        yield course.ask("BMBLAST", value=value)


@of_patient
def zero_for_missing(course: Course, settings: Settings) -> Iterator[Finding]:
    """Baseline platelets or all counts of an assessment at 0."""
    if course.own.get("PLT") == 0:
        yield course.ask("PLT", what="Baseline platelets")
    for row in course.rows("responses"):
        if row.get("PLT") == 0 and row.get("ANC") == 0 and row.get("MBLAST") == 0:
            what = "Platelets, neutrophils and marrow blasts"
            yield Finding("responses", row, "PLT", what=what)


@of_patient
def neutrophils_above_white_cells(course: Course, settings: Settings) -> Iterator[Finding]:
    """ANC above WBC on one day, where each was measured once."""
    counts: dict[int, dict[str, list[CleanRow]]] = {}
    for day, row in course.dated("labs"):
        if row["LBTESTCD"] in ("ANC", "WBC") and row.get("LBSTRESN") is not None:
            counts.setdefault(day, {}).setdefault(row["LBTESTCD"], []).append(row)
    for tests in counts.values():
        if sorted(map(len, tests.values())) != [1, 1]:
            continue
        anc, wbc = (tests[name][0] for name in ("ANC", "WBC"))
        if anc["LBSTRESN"] > wbc["LBSTRESN"]:
            yield Finding("labs", anc, "LBSTRESN", anc=anc["LBSTRESN"], wbc=wbc["LBSTRESN"])


@of_cohort
def column_of_fractions(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Percentages of the whole cohort that never exceed 1; asked once, at the largest."""
    for table, column in PERCENTS:
        rows = [c.own for c in patients] if table == "patients" else []
        rows = rows or [row for c in patients for row in c.rows(table)]
        given = [row for row in rows if (row.get(column) or 0) > 0]
        if len(given) < settings.limits["few_values"]:
            continue
        largest = max(given, key=lambda row: row[column])
        if largest[column] <= 1:
            yield Finding(table, largest, column, column=column, n=len(given))
