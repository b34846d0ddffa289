"""Changes of an export after which every clean table must be the same."""

from __future__ import annotations

import csv
from random import Random

from tests.fuzz.bases import Base, File
from tests.fuzz.exports import Mutator

NEUTRAL: list[Mutator] = []


def neutral(mutator: Mutator) -> Mutator:
    """Register a change after which every table must be the same."""
    NEUTRAL.append(mutator)
    return mutator


def _texts(base: Base) -> list[File]:
    return [file for file in base.files if file.kind == "csv"]


@neutral
def rows_in_another_order(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            if "Dictionary" not in file.name:
                below = file.heads.get(name, 0) + 1
                body = rows[below:]
                rng.shuffle(body)
                file.sheets[name] = [*rows[:below], *body]
    return "rows in another order"


@neutral
def columns_in_another_order(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            width = max(map(len, rows), default=0)
            order = rng.sample(range(width), width)
            wide = [[*row, *[""] * (width - len(row))] for row in rows]
            file.sheets[name] = [[row[n] for n in order] for row in wide]
    return "columns in another order"


@neutral
def other_line_ends(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.newline = rng.choice(["\n", "\r\n", "\r"])
    return "other line ends"


@neutral
def another_delimiter(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.delimiter = rng.choice([",", ";", "\t", "|"])
    return "another delimiter"


@neutral
def another_encoding(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.encoding = rng.choice(["utf-8-sig", "utf-16", "gb18030"])
    return "another encoding"


@neutral
def quotes_everywhere(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.quoting = csv.QUOTE_ALL
    return "quotes everywhere"


@neutral
def blank_rows(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(file.heads.get(name, 0) + 1, len(rows) + 1)
                rows.insert(at, [""] * len(rows[at - 1]))
    return "blank rows"


@neutral
def rows_copied(base: Base, rng: Random) -> str:
    for file in base.files:
        if "Dictionary" not in file.name:
            for name, rows in file.sheets.items():
                body = rows[file.heads.get(name, 0) + 1 :]
                rows += [list(row) for row in rng.sample(body, min(3, len(body)))]
    return "rows copied"


@neutral
def a_column_that_nobody_maps(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            width, head = max(map(len, rows)), file.heads.get(name, 0)
            for n, row in enumerate(rows):
                # The same in copies of a row, so that they stay copies.
                room = str(len(str(row)) % 7)
                row += [""] * (width - len(row))
                row.append("room" if n == head else room if n > head else "")
    return "a column that nobody maps"
