"""Dates moved by a number of days that is each patient's own: intervals stay, the calendar goes."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from venaza.contracts.clean import TABLES
from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_key, mapped_columns, number_key
from venaza.contracts.intake import DROPPED, SHIFTED
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.date_rules import date_rules, shifted_text
from venaza.pipeline.clean.dates import BARE_NUMBER, ORDER_UNKNOWN, read_date
from venaza.pipeline.clean.layout import headers_of
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.intake.categories import change_texts
from venaza.pipeline.intake.keys import place_of
from venaza.pipeline.intake.privacy.key import days_shifted
from venaza.pipeline.intake.privacy.rows import is_date

#: What is known of a cell beside its text, and goes with it.
BESIDE = {"LABEL", "STORED"}
#: A date among other words, as titles have it.
_DATED = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}")
UNREADABLE, UNMAPPED = "[not a date]", "[not mapped: dropped]"
#: What is wrong where a date cannot be shifted, and what to do.
_UNDECLARED = {
    ORDER_UNKNOWN: (
        "Dates of this column may be day-first or month-first, so they cannot be shifted.",
        "Declare date_order: DMY or MDY for the column, or timeline > date_order.",
    ),
    BARE_NUMBER: (
        "This column holds bare numbers, and from which day they count is not said: they cannot "
        "be shifted.",
        "Declare date_origin (YYYY-MM-DD) for the column, or timeline > date_origin.",
    ),
}


def shift_dates(
    cells: pd.DataFrame, keys: pd.Series, study: dict, redcap: Redcap, secret: bytes
) -> tuple[pd.DataFrame, str]:
    """``cells`` with every date of a mapped column moved by its patient's own number of days.

    ``keys`` are the cells' headers as they are looked up. A partial date is completed by the
    study's rule first, since a month means nothing once it is moved, and keeps its flag and the
    days among which the true one lies (``clean.date_rules``). What is not mapped may hold a
    date and is emptied, like a cell of a date column that cannot be read, and a date in a row
    without a patient or under no header.
    """
    most, timeline = study["privacy"]["shift_dates"]["days"], study["privacy"]["timeline"]
    patients, dates, mapped = _headers(study)
    owner = _owners(cells, keys, patients, _filled_down(study), redcap)
    known = {folded(word) for word in study["privacy"]["missing"]}
    moved = 0
    values, kinds = cells["VALUE"].tolist(), cells["KIND"].tolist()
    places = zip(keys, values, owner, cells["DAYZERO"], strict=True)
    for position, (key, text, patient, zero) in enumerate(places):
        if key == "":
            if kinds[position] == "date" or _DATED.search(tidy(text)) or is_date(tidy(text)):
                values[position], kinds[position] = UNMAPPED, DROPPED
            continue
        if key in dates:
            if folded(text) in known:
                continue
            zero = zero if isinstance(zero, str) else ""
            read = read_date(tidy(text), date_rules(dates[key], timeline, zero))
            if read.day is None and read.rule:
                continue  # a placeholder for no date
            if read.problem in _UNDECLARED:
                what, fix = _UNDECLARED[read.problem]
                raise StudyError(what, fix=fix, **place_of(cells.iloc[position]))
            shifted = None
            if read.day is not None and patient:
                shifted = shifted_text(read, days_shifted(secret, patient, most))
            values[position] = shifted or UNREADABLE
            kinds[position] = SHIFTED if shifted else "text"
            moved += shifted is not None
        elif key not in mapped:
            values[position], kinds[position] = UNMAPPED, DROPPED
    changed = cells["VALUE"].to_numpy() != np.array(values, dtype="object")
    cells = cells.assign(VALUE=pd.Categorical(values), KIND=pd.Categorical(kinds))
    for beside in sorted(BESIDE & {*cells}):
        cells[beside] = change_texts(cells[beside], lambda _: None, changed)
    return cells, f"{moved} dates shifted"


def _headers(study: dict) -> tuple[set[str], dict[str, dict], set[str]]:
    """The keys of the patients' columns, how each date column is read, and all mapped columns."""
    patients, dates, mapped = set(), {}, set()
    for table, spec in study["tables"].items():
        dated = {column.name for column in TABLES[table] if column.dtype == "date"}
        patients.add(header_key(spec["key"]))
        for name, how in mapped_columns(spec):
            if name in dated and "from" in how:
                dates[header_key(how["from"])] = {**_system(spec), **how}
        mapped |= headers_of(spec)
        if "newer_by" in spec:
            dates.setdefault(header_key(spec["newer_by"]), _system(spec))
    return patients, dates, mapped


def _system(spec: dict) -> dict:
    return {"date_system": spec["date_system"]} if "date_system" in spec else {}


def _filled_down(study: dict) -> set[str]:
    """The keys of the patients' columns that are filled down."""
    return {
        header_key(spec["key"])
        for spec in study["tables"].values()
        if header_key(spec["key"]) in map(header_key, spec.get("fill_down", []))
    }


def _owners(
    cells: pd.DataFrame, keys: pd.Series, patients: set[str], filled: set[str], redcap: Redcap
) -> list[str]:
    """The patient of each cell's row, the one above where that is declared; empty without one."""
    rows = list(zip(cells["SRCFILE"], cells["SRCSHEET"], cells["SRCROW"], strict=True))
    owner = {
        row: redcap.record(number_key(text))
        for row, key, text in zip(rows, keys, cells["VALUE"], strict=True)
        if key in patients
    }
    down = {row[:2] for row, key in zip(rows, keys, strict=True) if key in filled}
    above: dict[tuple, str] = {}
    for row in sorted(set(rows)):
        if row in owner:
            above[row[:2]] = owner[row]
        elif row[:2] in down and row[:2] in above:
            owner[row] = above[row[:2]]
    return [owner.get(row, "") for row in rows]
