"""Dates moved by a number of days that is each patient's own: intervals stay, the calendar goes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from venaza.clean.dates import ORDER_UNKNOWN, Day, read_date
from venaza.clean.layout_redcap import Redcap
from venaza.clean.text import folded, tidy
from venaza.contracts.clean import TABLES
from venaza.contracts.headers import header_key, mapped_headers, number_key
from venaza.contracts.intake import DROPPED
from venaza.errors import StudyError
from venaza.privacy.key import days_shifted

if TYPE_CHECKING:
    import pandas as pd

UNREADABLE, UNMAPPED, SHIFTED = "[not a date]", "[not mapped: dropped]", "shifted"


def shift_dates(
    cells: pd.DataFrame, keys: pd.Series, study: dict, redcap: Redcap, secret: bytes
) -> tuple[pd.DataFrame, str]:
    """``cells`` with every date of a mapped column moved by its patient's own number of days.

    ``keys`` are the cells' headers as they are looked up. A partial date is completed by the
    study's rule first, since a month means nothing once it is moved, and keeps its flag behind a
    tilde (``2021-03-15~D``). What is not mapped may hold a date and is emptied, like a cell of a
    date column that cannot be read, and a date in a row without a patient.
    """
    most = study["privacy"]["shift_dates"]["days"]
    patients, dates, mapped = _headers(study)
    owner = _owners(cells, keys, patients, _filled_down(study), redcap)
    known = {folded(word) for word in study["privacy"]["missing"]}
    moved = 0
    values, kinds = cells["VALUE"].tolist(), cells["KIND"].tolist()
    for position, (key, text, patient) in enumerate(zip(keys, values, owner, strict=True)):
        if key == "":
            continue
        if key in dates:
            if folded(text) in known:
                continue
            read = read_date(tidy(text), **dates[key])
            if read.day is None and read.rule:
                continue  # a placeholder for no date
            if read.problem == ORDER_UNKNOWN:
                raise _undeclared(cells.iloc[position])
            shifted = _moved(read, days_shifted(secret, patient, most)) if patient else None
            values[position] = shifted or UNREADABLE
            kinds[position] = SHIFTED if shifted else "text"
            moved += shifted is not None
        elif key not in mapped:
            values[position], kinds[position] = UNMAPPED, DROPPED
    return cells.assign(VALUE=values, KIND=kinds), f"{moved} dates shifted"


def _undeclared(cell: pd.Series) -> StudyError:
    return StudyError(
        "Dates of this column may be day-first or month-first, so they cannot be shifted.",
        fix="Declare date_order: DMY or MDY for the column, or timeline > date_order.",
        file=cell["SRCFILE"],
        sheet=cell["SRCSHEET"] or None,
        row=int(cell["SRCROW"]),
        column=cell["HEADER"],
    )


def _headers(study: dict) -> tuple[set[str], dict[str, dict], set[str]]:
    """The keys of the patients' columns, how each date column is read, and all mapped columns."""
    patients, dates, mapped = set(), {}, set()
    reading = study["privacy"]["dates"]
    for table, spec in study["tables"].items():
        dated = {column.name for column in TABLES[table] if column.dtype == "date"}
        patients.add(header_key(spec["key"]))
        for record in spec["records"]:
            for name, how in record["columns"].items():
                own = [how[part] for part in ("from", "unit_from") if part in how]
                own += list(how.get("when", {}))
                mapped |= {header_key(header) for header in own}
                if name in dated and "from" in how:
                    own_way = {"order": how.get("date_order", reading["order"])}
                    own_way["system"] = spec.get("date_system", 1900)
                    dates[header_key(how["from"])] = {**reading, **own_way}
        mapped |= {header_key(header) for header in mapped_headers(spec)}
        if "newer_by" in spec:
            dates.setdefault(header_key(spec["newer_by"]), reading)
    return patients, dates, mapped | patients


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


def _moved(read: Day, days: int) -> str | None:
    if read.day is None:
        return None
    day = (read.day + dt.timedelta(days=days)).isoformat()
    return f"{day}~{read.flag}" if read.flag else day
