"""Courses of several regimens on one sheet: which of them a table takes, as declared."""

from __future__ import annotations

import numpy as np

from venaza.contracts.coded_values import among
from venaza.contracts.headers import header_key
from venaza.contracts.text import tidy
from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.raw_table import RawRow, RawTable
from venaza.pipeline.clean.therapies import read_therapy, therapy_words

#: Why a row does not count.
OTHER = "a course of another regimen"
NOBODY_KNOWS = "a regimen that nobody knows, asked of the clinic"


def as_before(rows: RawTable, table: str, study: dict, journal: Journal) -> None:
    """Write the regimen of the patient's row above where a cell says "as before"; in place."""
    spec, words = study["tables"][table], study["vocabulary"].get("same_regimen", [])
    named = [r["columns"].get("CMTRT", {}).get("from") for r in spec["records"]]
    headers = dict.fromkeys(filter(None, [*named, spec.get("regimen", {}).get("from")]))
    for header in headers:
        before: dict[str, int] = {}
        texts, taken = rows.texts(header), []
        for index in rows.in_order().tolist():
            text, patient = texts[index], rows.patients[index]
            if text and not among(tidy(text), words):
                before[patient] = index
            elif text and patient in before:
                taken.append((index, before[patient]))
                if header in named:
                    rule, at = "regimen of the row above", (rows.places[index], header)
                    above = texts[before[patient]]
                    journal.change(patient, table, "CMTRT", text, above, rule, *at)
        if taken:
            rows.take(header_key(header), *np.array(taken).T)


def mark_regimens(
    raw: RawTable, made: list[CleanRow], table: str, study: dict, journal: Journal
) -> None:
    """Say of each clean row (``other_regimen``) why its course is none of the table's; in place.

    ``regimen`` of the table names the raw column and the drugs or regimens of which a course
    ``holds`` one, or all of which it ``lacks``. A course whose regimen is not recorded is taken
    where it must hold one, and left where it must lack them; a word that nobody knows goes the way
    of all such.
    """
    rule = study["tables"][table].get("regimen")
    if rule is None:
        return
    reasons: dict = {}
    for row in raw:
        text = tidy(row.text(rule["from"]))
        known: set[str] | None = set()
        if text and not among(text, study["vocabulary"]["missing"]):
            known = _regimen(text, row, rule["from"], table, study, journal)
        if known is None:
            reasons[row.place] = NOBODY_KNOWS
        else:
            reasons[row.place] = "" if _taken(known, rule) else OTHER
    for row in made:
        if why := reasons.get(row.place):
            row.other_regimen = why


def _taken(known: set[str], rule: dict) -> bool:
    if "holds" in rule:
        return not known or bool(known & set(rule["holds"]))
    return bool(known) and not known & set(rule["lacks"])


def _regimen(
    text: str, row: RawRow, header: str, table: str, study: dict, journal: Journal
) -> set[str] | None:
    """The drugs and regimens that a text names; None, and asked about, where it is not read."""
    read = read_therapy(text, study)
    if read.name is not None:
        return {read.name, *read.name.split(" + ")}
    if read.unknown:
        about = {"table": table, "column": "CMTRT", "header": header, "how": {}}
        about |= row.place._asdict()
        known = therapy_words(study)
        journal.unknown.append({**about, "value": read.unknown, "known": known})
    problem = read.problem or f"'{read.unknown}' is no regimen or drug that a vocabulary knows"
    at = {"header": header, "value": text, "action": "row left out"}
    journal.ask_of_raw("unreadable_value", row, table, {"header": header, "problem": problem}, **at)
    return None


def without_other_regimens(tables: dict[str, list[CleanRow]]) -> None:
    """Leave out the rows of courses that are none of their table's; in place."""
    for table, rows in tables.items():
        for row in rows:
            if row.other_regimen is not None:
                row.dropped = row.other_regimen
        tables[table] = [row for row in rows if row.other_regimen is None]
