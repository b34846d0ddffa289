"""Cells mangled: odd ones, numbers, dates, codes."""

from __future__ import annotations

import datetime as dt
from functools import partial
from random import Random

from tests.fuzz.bases import Base
from tests.fuzz.exports import Mutator, a_cell, a_sheet, put, register
from tests.fuzz.odd import ODD, TYPED

MUTATORS: dict[str, list[Mutator]] = {}
mangles = partial(register, MUTATORS)


@mangles("cell")
def one_odd_cell(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row, column = a_cell(rows, rng)
    value = rng.choice(TYPED if file.kind == "xlsx" and rng.random() < 0.4 else ODD)
    put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1}: {value!r:.40}"


@mangles("cell")
def several_odd_cells(base: Base, rng: Random) -> str:
    said = [one_odd_cell(base, rng) for _ in range(rng.randint(2, 6))]
    return "; ".join(said)


@mangles("cell")
def a_column_of_one_odd_value(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column, value = rng.randrange(max(1, len(rows[0]))), rng.choice(ODD)
    for row in range(1, len(rows)):
        put(rows, row, column, value)
    return f"{file.name} column {column + 1}: all {value!r:.40}"


@mangles("cell")
def a_cell_from_elsewhere(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    (row, column), (from_row, from_column) = a_cell(rows, rng), a_cell(rows, rng)
    value = rows[from_row][from_column] if rows[from_row] else ""
    put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1} as row {from_row + 1}"


@mangles("cell")
def a_cell_with_something_around_it(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row, column = a_cell(rows, rng)
    before, after = (
        rng.choice(["", " ", "\t", "'", "<", "~", "("]),
        rng.choice(["", " ", ".0", "?", "*", ")", " d"]),
    )
    text = f"{before}{rows[row][column] if rows[row] else ''}{after}"
    put(rows, row, column, text)
    return f"{file.name} row {row + 1} column {column + 1}: {text!r:.40}"


@mangles("number")
def a_number_scaled(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column, factor = (
        rng.randrange(max(1, len(rows[0]))),
        rng.choice([0.01, 0.1, 10, 100, 1000, -1, 1e6]),
    )
    for row in rows[1:] if rng.random() < 0.5 else rows[1:2]:
        if column < len(row):
            try:
                row[column] = float(str(row[column])) * factor
            except ValueError:
                continue
    return f"{file.name} column {column + 1} times {factor:g}"


@mangles("number")
def numbers_as_pandas_writes_them(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    for row in rows[1:]:
        if column < len(row) and str(row[column]).isdigit():
            row[column] = f"{row[column]}.0"
    return f"{file.name} column {column + 1}: 1 is 1.0"


@mangles("number")
def a_decimal_comma(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    for row in rows[1:]:
        if column < len(row):
            row[column] = str(row[column]).replace(".", ",")
    return f"{file.name} column {column + 1}: comma for the point"


@mangles("date")
def dates_in_another_form(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    form = rng.choice(
        ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d", "%d-%b-%Y", "%Y年%m月%d日", "%Y-%m", "%Y"]
    )
    changed = 0
    for row in rows[1:]:
        for column, value in enumerate(row):
            day = _day(value)
            if day and rng.random() < 0.8:
                row[column], changed = day.strftime(form), changed + 1
    return f"{file.name}: {changed} dates as {form}"


@mangles("date")
def a_date_moved(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    days = rng.choice([-36500, -3650, -400, -30, -1, 1, 30, 400, 3650, 36500])
    row, column = a_cell(rows, rng)
    for column in range(len(rows[row])):
        day = _day(rows[row][column])
        if day and rng.random() < 0.5:
            rows[row][column] = (day + dt.timedelta(days=days)).isoformat()
            break
    return f"{file.name} row {row + 1} column {column + 1}: a date moved by {days} days"


@mangles("date")
def a_study_day_moved(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row, column = a_cell(rows, rng)
    value = rng.choice([-1, 0, 1, 106751, 106752, 44197, -44197, 5.5, 10**9])
    put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1}: day {value}"


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        return None


@mangles("code")
def a_word_misspelt(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row, column = a_cell(rows, rng)
    text = str(rows[row][column] if rows[row] else "")
    at = rng.randrange(len(text) + 1)
    changed = rng.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + "x" + text[at:],
            text.upper(),
            text.lower(),
            text[::-1],
        ]
    )
    put(rows, row, column, changed)
    return f"{file.name} row {row + 1} column {column + 1}: {text!r:.30} as {changed!r:.30}"


@mangles("code")
def another_code(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    known = sorted({str(row[column]) for row in rows[1:] if column < len(row)})
    old, new = (
        rng.choice(known or [""]),
        rng.choice(["1", "0", "1.0", " 1", "2", "9", "yes", "no", "?", "", "Checked", "Unchecked"]),
    )
    for row in rows[1:]:
        if column < len(row) and str(row[column]) == old:
            row[column] = new
    return f"{file.name} column {column + 1}: {old!r:.30} is {new!r}"
