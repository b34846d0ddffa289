"""What the ways to mangle an export share: their lists, and the choice of a sheet and a cell."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.bases import Base, File, Rows

#: Mangles the export of a base in place; says in words what it did.
Mutator = Callable[[Base, Random], str]


def register(mutators: dict[str, list[Mutator]], kind: str) -> Callable[[Mutator], Mutator]:
    """Puts a mutator among ``mutators``, under a kind of mutation."""

    def registered(mutator: Mutator) -> Mutator:
        mutators.setdefault(kind, []).append(mutator)
        return mutator

    return registered


def a_sheet(base: Base, rng: Random) -> tuple[File, str, Rows]:
    """Any file of an export, any sheet of it, and its rows."""
    file = rng.choice(base.files)
    name = rng.choice(list(file.sheets))
    return file, name, file.sheets[name]


def a_row(rows: Rows, rng: Random) -> int:
    """The index of any row below the headers."""
    return rng.randrange(1, len(rows)) if len(rows) > 1 else 0


def a_cell(rows: Rows, rng: Random) -> tuple[int, int]:
    """The indices of the row and the column of any cell below the headers."""
    row = a_row(rows, rng)
    return row, rng.randrange(len(rows[row])) if rows[row] else 0


def put(rows: Rows, row: int, column: int, value: object) -> None:
    """Lay ``value`` into a cell, in a row that is made long enough."""
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = value
