"""Rows, headers, sheets and whole files mangled, and their bytes."""

from __future__ import annotations

import copy
from functools import partial
from random import Random

from tests.fuzz.bases import Base
from tests.fuzz.exports import Mutator, a_cell, a_row, a_sheet, put, register
from tests.fuzz.odd import ODD

MUTATORS: dict[str, list[Mutator]] = {}
mangles = partial(register, MUTATORS)


@mangles("row")
def a_row_gone(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row = rng.randrange(len(rows)) if rows else 0
    del rows[row : row + rng.choice([1, 1, 2, len(rows)])]
    return f"{file.name}: rows gone from {row + 1}"


@mangles("row")
def a_row_below_the_patients(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    words = [
        "Total",
        "合计",
        "Gesamt",
        "N=12",
        "median",
        "Σ",
        "Note: lost to follow-up",
        "Kommentar",
        "-",
        "* made up",
    ]
    head = rng.choice(words)
    rows.append([head, *[rng.choice(["", "12", "x"]) for _ in rows[0][1:]]] if rows else [head])
    return f"{file.name}: a row {head!r}"


@mangles("row")
def the_headers_again(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    at = rng.randrange(1, len(rows) + 1) if rows else 0
    rows.insert(at, list(rows[0]) if rows else [])
    return f"{file.name}: the headers again in row {at + 1}"


@mangles("row")
def a_row_longer_or_shorter(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row = a_row(rows, rng)
    if rng.random() < 0.5:
        rows[row].insert(rng.randrange(len(rows[row]) + 1), rng.choice(["9", "x", ""]))
        return f"{file.name} row {row + 1}: a cell more"
    del rows[row][rng.randrange(len(rows[row]) + 1) :]
    return f"{file.name} row {row + 1}: cut off"


@mangles("row")
def a_title_above(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    for _ in range(rng.randint(1, 3)):
        rows.insert(
            0, rng.choice([["Export of the clinic"], [], ["", "2021-03-05"], ["a", "b", "c"]])
        )
    return f"{file.name}: lines above the headers"


@mangles("row")
def a_patient_twice_and_otherwise(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row = a_row(rows, rng)
    again = list(rows[row])
    if again:
        again[rng.randrange(len(again))] = rng.choice(ODD)
    rows.append(again)
    return f"{file.name}: row {row + 1} again with another cell"


@mangles("row")
def a_number_of_a_patient_changed(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    row = a_row(rows, rng)
    key = str(rows[row][0] if rows[row] else "")
    changed = rng.choice(
        [f"0{key}", f" {key}", key.lower(), f"{key}.0", f"{key}a", "", "?", "1.23E+10", key * 10]
    )
    put(rows, row, 0, changed)
    return f"{file.name} row {row + 1}: patient {changed!r:.30}"


@mangles("header")
def a_header_misspelt(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0]))) if rows else 0
    text = str(rows[0][column]) if rows and rows[0] else ""
    new = rng.choice(
        ["", text + "x", text[:-1], text.upper(), f" {text} ", text + "\n", "id", rng.choice(ODD)]
    )
    if rows:
        put(rows, 0, column, new)
    return f"{file.name}: header {text!r:.30} is {new!r:.30}"


@mangles("header")
def two_headers_changed_round(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    if rows and len(rows[0]) > 1:
        one, other = rng.sample(range(len(rows[0])), 2)
        rows[0][one], rows[0][other] = rows[0][other], rows[0][one]
    return f"{file.name}: two headers changed round"


@mangles("header")
def a_header_twice(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    if rows and rows[0]:
        header = rng.choice(rows[0])
        for n, row in enumerate(rows):
            row.append(header if n == 0 else rng.choice(ODD))
    return f"{file.name}: a header twice"


@mangles("header")
def a_column_gone(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0]))) if rows else 0
    for row in rows:
        del row[column : column + 1]
    return f"{file.name}: column {column + 1} gone"


@mangles("header")
def headers_gone(base: Base, rng: Random) -> str:
    file, _, rows = a_sheet(base, rng)
    del rows[:1]
    return f"{file.name}: the header row gone"


@mangles("sheet")
def a_sheet_renamed(base: Base, rng: Random) -> str:
    file, name, rows = a_sheet(base, rng)
    if file.kind != "xlsx":
        file.name = rng.choice(
            [f"copy of {file.name}", file.name.upper(), "x.csv", file.name + ".txt"]
        )
        return f"the file is called {file.name}"
    file.sheets = {("Sheet9" if n == name else n): r for n, r in file.sheets.items()}
    return f"{file.name}: sheet {name!r} renamed"


@mangles("sheet")
def a_file_twice(base: Base, rng: Random) -> str:
    file, _, _ = a_sheet(base, rng)
    other = copy.deepcopy(file)
    other.name = f"older_{file.name}"
    base.files.append(other)
    rows = next(iter(other.sheets.values()))
    if rng.random() < 0.5 and rows:
        row, column = a_cell(rows, rng)
        put(rows, row, column, rng.choice(ODD))
    return f"{file.name} is there twice"


@mangles("sheet")
def a_file_or_sheet_gone(base: Base, rng: Random) -> str:
    file, name, _ = a_sheet(base, rng)
    if len(file.sheets) > 1:
        del file.sheets[name]
        return f"{file.name}: sheet {name!r} gone"
    if len(base.files) > 1:
        base.files.remove(file)
        return f"{file.name} is gone"
    file.sheets[name] = []
    return f"{file.name} is empty"


@mangles("sheet")
def another_kind_of_file(base: Base, rng: Random) -> str:
    file, _, _ = a_sheet(base, rng)
    old, file.name = (
        file.name,
        rng.choice(["a.xls", "a.ods", "a.dta", "a.zip", "a.html", "a.sas7bdat", "a.pdf"]),
    )
    return f"{old} is called {file.name}"


def mangled_bytes(data: bytes, rng: Random) -> tuple[bytes, str]:
    """``data`` with bytes flipped, taken out, put in or repeated, or the end cut off."""
    made, said = bytearray(data), []
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, len(made)))
        how = rng.choice(["flip", "cut", "insert", "remove", "repeat", "nul"])
        said.append(f"{how} at {at}")
        if how == "flip" and made:
            made[at] = rng.randrange(256)
        elif how == "cut":
            del made[at:]
        elif how == "insert":
            made[at:at] = rng.randbytes(rng.randint(1, 8))
        elif how == "remove":
            del made[at : at + rng.randint(1, 20)]
        elif how == "repeat":
            made[at:at] = made[at : at + rng.randint(1, 40)] * rng.randint(1, 20)
        else:
            made[at:at] = b"\x00"
    return bytes(made), ", ".join(said)
