"""Laboratory rows: specimens that count, results in standard units, limits of normal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from venaza.contracts.coded_values import among
from venaza.contracts.text import tidy
from venaza.contracts.unit_conversion import (
    about_unit,
    scaled,
    standard_unit,
    strange_unit,
    unit_in_header,
)
from venaza.pipeline.clean.cell import at_limit
from venaza.pipeline.clean.clean_table import CleanColumns, CleanRow, Read
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.numbers import Quantity
from venaza.pipeline.clean.ranges import read_limits

_NOT_USED = "a test that is not used"
LIMITS = ("LBSTNRLO", "LBSTNRHI")


def specimen_first(mapping: dict) -> dict:
    """The columns of a record, the specimen before the others: of another's nothing is read."""
    return dict(sorted(mapping.items(), key=lambda pair: pair[0] != "LBSPEC"))


def why_not(specimen: Read | None, test: Read | None, study: dict) -> str:
    """Why a laboratory row does not count, by what was read so far; empty where it may.

    Its specimen is another than those of ``labs > specimens``, by a column of its own or by the
    name of the test, or cannot be read; or the project has no use for the test.
    """
    beside = test.reading.beside if test and test.reading else {}
    for found in (beside.get("_specimen"), specimen and specimen.value):
        if found and found not in study["labs"]["specimens"]:
            return f"the specimen is {found.lower()}"
    if specimen and (specimen.why or "").endswith("asked of the clinic"):
        return "a specimen that nobody knows"
    return _NOT_USED if beside.get("_unused") else ""


def ask_about_labs(every: list[CleanRow], study: dict, journal: Journal) -> None:
    """Say once what holds for many rows: other specimens, missing ones, limits not read."""
    _ask_about_specimens(every, study, journal)
    if unread := [row for row in every if row.index in row.of.range_unread]:
        header, text = unread[0].of.range_unread[unread[0].index]
        said = {"header": header, "n": len(unread), "text": text}
        at = {"value": text, "place": unread[0].place, "header": header}
        journal.ask("limits_unread", said, table="labs", column="LBSTRESN", **at)


def _ask_about_specimens(every: list[CleanRow], study: dict, journal: Journal) -> None:
    left_out: dict[str, list[CleanRow]] = {}
    for row in every:
        if (why := row.dropped or "").startswith("the specimen is "):
            left_out.setdefault(why.removeprefix("the specimen is "), []).append(row)
    wanted = ", ".join(study["labs"]["specimens"]).lower()
    for specimen, rows in sorted(left_out.items()):
        said = {"n": len(rows), "specimen": specimen, "wanted": wanted}
        _ask("other_specimen", said, rows[0], journal)
    if not any(row.raw("LBSPEC")[1] for row in every):
        return
    if without := [row for row in every if row.dropped is None and not row.get("LBSPEC")]:
        _ask("specimen_missing", {"n": len(without), "wanted": wanted}, without[0], journal)


def _ask(rule: str, said: dict, row: CleanRow, journal: Journal) -> None:
    name = "LBSPEC" if row.takes("LBSPEC") else "LBTESTCD"
    header, text = row.raw(name)
    at = {"value": text, "place": row.place, "header": header}
    journal.ask(rule, said, table="labs", column=name, **at)


def standardise(made: CleanColumns, study: dict, journal: Journal, ask: Callable) -> None:
    """Turn results, and their limits of normal, into the standard unit of each test; in place.

    ``ask(row, check, said, ...)`` asks about a row.
    """
    made.bare = [False] * len(made)
    results, tests = made.column("LBSTRESN"), made.column("LBTESTCD")
    units = made.column("LBSTRESU")
    known: dict[tuple, _Standard] = {}
    for i, read in enumerate(made.reads.get("LBSTRESN", ())):
        if made.dropped[i] is not None:
            continue
        key = (tests[i], read)
        if key not in known:
            known[key] = _standard(*key, study)
        found = known[key]
        made.bare[i] = found.unit == ""
        results[i] = found.value
        if found.factor is None:
            said = {"unit": found.unit, "test": tests[i]}
            said["about"] = about_unit(tests[i], found.unit, study)
            at = {"column": "LBSTRESN", "value": found.said, "header": read.header}
            ask(i, "unknown_unit", said, **at)
            continue
        units[i] = found.standard
        for limit in (made.columns[name] for name in LIMITS if name in made.columns):
            if limit[i] is not None:
                limit[i] = scaled(limit[i], found.factor)
        if found.rule:
            at = (found.said, str(found.value), found.rule, made.places[i], read.header)
            journal.change(made.patients[i], "labs", "LBSTRESN", *at)
    _specimen_of_items(made)


@dataclass(frozen=True)
class _Standard:
    """A result in the standard unit of its test; without ``factor`` its unit is not known.

    ``said`` is what the cells say, ``rule`` what was done to it.
    """

    unit: str
    said: str
    factor: float | None = None
    standard: str | None = None
    value: float | None = None
    rule: str = ""


def _standard(test: str, read: Read, study: dict) -> _Standard:
    header, text, beside = read.header or "", read.text, read.reading.beside
    unit = beside.get("_unit") or unit_in_header(header, test, study)
    unit = unit or strange_unit(header, test, study)
    factor, standard = standard_unit(test, unit, study)
    said = f"{text} {unit}".strip() if unit and unit not in text else text
    if factor is None:
        return _Standard(unit, said)
    how = {"below": beside["_below"]} if beside.get("_below") else {}
    value, limit = at_limit(Quantity(read.value, beside.get("_sign", "=")), test, how, study)
    converted = "unit converted" if factor != 1 else ""
    rule = "; ".join(part for part in (beside.get("_rule", ""), converted, limit) if part)
    return _Standard(unit, said, factor, standard, scaled(value, factor), rule)


def _specimen_of_items(made: CleanColumns) -> None:
    """The specimen that the name of a test says, where no column of its own does; in place."""
    own, named = made.columns.get("LBSPEC"), made.reads.get("LBTESTCD", [])
    rows = np.zeros(len(made), dtype=bool)
    for i, read in enumerate(named):
        beside = read.reading.beside if read.reading else {}
        if made.dropped[i] is None and beside.get("_specimen") is not None:
            rows[i] = own is None or own[i] is None
    for i in np.flatnonzero(rows).tolist():
        made.put("LBSPEC", i, named[i].reading.beside["_specimen"])
    if rows.any():
        made.note_like("LBTESTCD", "LBSPEC", rows)


def read_ranges(
    made: CleanColumns, header: str, texts: list[str], rows: np.ndarray, decimal: str,
    missing: list[str],
) -> None:  # fmt: skip
    """The limits of normal in the cells beside results, in the unit of the result; in place."""
    known: dict[str, tuple | None] = {}
    for i in np.flatnonzero(rows).tolist():
        text = texts[i]
        if text not in known:
            known[text] = read_limits(tidy(text), decimal)
        if known[text] is not None:
            for name, limit in zip(LIMITS, known[text], strict=True):
                made.put(name, i, limit)
        elif not among(tidy(text), missing):
            made.range_unread[i] = (header, text)
