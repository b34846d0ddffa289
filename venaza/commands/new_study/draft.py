"""What a first study file will say: tables, columns, how sure each is, questions, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.headers import header_key, read_by


@dataclass
class Mapped:
    """One clean column: where it comes from, how sure that is (sure, likely, guess), and why.

    ``unknown`` are its words in no vocabulary, ``unshown`` how many more of them could be names.
    """

    name: str
    how: dict
    sure: str
    why: str
    unknown: dict[str, str] = field(default_factory=dict)
    unshown: int = 0


@dataclass
class Table:
    """One clean table: its sheet, its key and one or more records of columns.

    ``also`` are records that other sheets have for it, each as a table of its own. ``dated`` says
    how the cycles date its rows (``dated_by_cycles``), ``regimen`` which courses are its own.
    """

    name: str
    sheet: Sheet
    key: str
    records: list[list[Mapped]]
    sure: str
    why: str
    repeat: tuple[int, int] | None = None
    also: list[Table] = field(default_factory=list)
    dated: dict = field(default_factory=dict)
    regimen: dict = field(default_factory=dict)

    def sheets(self) -> list[Sheet]:
        """The sheets that the table is read from: where its key and its columns stand."""
        found = self.sheet.parts_with({h for m in self.columns() for h in self.headers_of(m)})
        for other in self.also:
            found += [s for s in other.sheets() if all(s is not known for known in found)]
        return found

    def headers_of(self, mapped: Mapped) -> list[str]:
        """The headers, numbers filled in, that a mapped column is read from or hangs on."""
        return [h for header in read_by(mapped.how) for h in self.numbered(header)]

    def columns(self) -> list[Mapped]:
        """The mapped columns of all records."""
        return [mapped for record in self.records for mapped in record]

    def profile(self, mapped: Mapped) -> Profile:
        """The profile of the column that a mapped one is read from."""
        return self.sheet.columns[mapped.how["from"]]

    def numbered(self, header: str) -> list[str]:
        """A header as the sheet has it: with each number where the columns repeat."""
        if self.repeat is None:
            return [header]
        first, last = self.repeat
        return [header.replace("{n}", str(n)) for n in range(first, last + 1)]

    def column(self, name: str) -> Mapped | None:
        """The first mapping of a clean column."""
        return next((m for m in self.columns() if m.name == name), None)


@dataclass
class Draft:
    """Everything that the study file and the answer in the terminal are written from."""

    sheets: list[Sheet]
    redcap: dict = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    days: bool = False
    index: str = ""
    questions: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    own: list[Mapped] = field(default_factory=list)
    groups: dict | None = None
    left: list[tuple[str, str, str]] = field(default_factory=list)

    def leave(self, sheet: Sheet, header: str, why: str) -> None:
        """Note a header that is not mapped, with the reason."""
        self.left.append((sheet.shown, header, why))

    def every(self) -> list[Table]:
        """The tables, and what other sheets have for them."""
        return [t for each in self.tables.values() for t in (each, *each.also)]

    def mapped(self) -> Iterator[tuple[Table, Mapped]]:
        """Each table with each of its mapped columns."""
        yield from ((table, mapped) for table in self.every() for mapped in table.columns())

    def has(self, table: str, column: str) -> bool:
        """Whether a column of a table is mapped."""
        return table in self.tables and self.tables[table].column(column) is not None

    def with_names(self) -> dict[str, str]:
        """What is done with columns of which single cells are names, by header.

        ``scrub`` where some table takes a column of that header, in whatever sheet, else ``drop``.
        """
        taken = {header_key(header) for sheet in self.sheets for header in self.used(sheet)}
        found = {header for sheet in self.sheets for header in sheet.named}
        return {h: "scrub" if header_key(h) in taken else "drop" for h in sorted(found)}

    def used(self, sheet: Sheet) -> set[str]:
        """The headers of a sheet that some table uses."""
        return set().union(*(self.used_by(t) for t in self.every() if t.sheet is sheet))

    def used_by(self, table: Table) -> set[str]:
        """The headers of its sheet that a table uses."""
        read = {h for mapped in table.columns() for h in table.headers_of(mapped)}
        return {table.key, *read, *([table.regimen["from"]] if table.regimen else [])}
