"""The filled cells of a raw column, and how a query about the column as a whole is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venaza.clean.journal import Journal, Place

_SHOWN = 3


@dataclass(frozen=True)
class Cells:
    """The filled cells of a raw column and the clean column that they go to."""

    table: str
    name: str
    header: str
    how: dict
    found: list[tuple[str, Place]]

    def at(self) -> str:
        """Where the study file declares the column."""
        return f"tables > {self.table} > columns > {self.name}"

    def examples(self, texts: list[tuple[str, Place]]) -> str:
        """Some of the cells, with their rows."""
        listed = ", ".join(f"{text} (row {place.row})" for text, place in texts[:_SHOWN])
        return f"{listed}, ..." if len(texts) > _SHOWN else listed

    def ask(self, rule: str, said: dict, found: list[tuple[str, Place]], journal: Journal) -> None:
        """Ask about the column as a whole, at the first cell that shows how it is meant."""
        text, place = found[0]
        journal.ask(
            rule,
            {"header": self.header, "text": text, "row": place.row, **said},
            table=self.table,
            column=self.name,
            value=text,
            place=place,
            header=self.header,
        )
