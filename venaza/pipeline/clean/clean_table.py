"""The rows of a clean table as columns, with what became of each raw cell; a row is a view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from venaza.pipeline.clean.cell import Reading
from venaza.pipeline.clean.journal import Place

#: Why a cell that was read gives no value.
MISSING = "a word for missing"
#: Why a row that lacks what it hangs on is left out without a question.
NOTHING = "nothing recorded in it"
_UNKNOWN = "a word that no vocabulary knows, asked of the clinic"
_UNREADABLE = "not readable, asked of the clinic"

#: A raw cell of a value: its number in ``intake/cells`` and role (``ROLES``). None without a cell;
#: of one that a correction added, less than 0: the line of the correction.
Origin = tuple[int | None, str]


class Read:
    """What a raw text is to a clean column; cells with the same text share one.

    ``said``: whether the column takes the cell (its condition holds, or was not asked since the row
    is left out); ``reading`` is None where it was not read; ``unread`` says why it cannot be.
    """

    __slots__ = ("header", "label", "reading", "said", "text", "unread", "value", "why")

    def __init__(
        self,
        header: str | None,
        text: str,
        reading: Reading | None = None,
        said: bool = True,
        label: str = "",
        words_asked: bool = False,
    ) -> None:
        self.header, self.text, self.reading = header, text, reading
        self.said, self.label = said, label
        self.value = self.why = None
        self.unread = ""
        if reading is None:
            return
        self.value = reading.value
        if reading.value is None and not reading.beside:
            self.why = _why_empty(reading)
        if reading.problem and (reading.unknown is None or words_asked):
            self.unread = reading.problem

    @property
    def filled(self) -> bool:
        """Whether the column takes a cell with something in it."""
        return self.said and bool(self.header and self.text)

    @property
    def idle(self) -> bool:
        """Whether there is a cell, and the condition of the column does not hold."""
        return not self.said and self.text != ""


#: Of a column that a row does not have.
NOT_READ = Read(None, "", said=False)


def _why_empty(reading: Reading) -> str:
    if reading.unknown is not None:
        return _UNKNOWN
    return _UNREADABLE if reading.problem else MISSING


@dataclass
class Sources:
    """The cells that a column was read from, in some rows: normalised header and role of each.

    ``header`` is None for a constant. ``rows`` says in which rows (None: in all); where ``first``
    is set, only in those of them for which nothing was noted before.
    """

    name: str
    cells: list[tuple[str | None, str]]
    rows: np.ndarray | None = None
    first: bool = False


class Fact:
    """What is known of a few rows beside their columns; ``default`` for all the others."""

    def __init__(self, default: object = None) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: CleanRow, owner: type) -> object:
        return row.of.facts.get(self.name, {}).get(row.index, self.default)

    def __set__(self, row: CleanRow, value: object) -> None:
        row.of.facts.setdefault(self.name, {})[row.index] = value


@dataclass(eq=False)
class CleanColumns:
    """The rows that one record of a table's mapping gives, column by column.

    ``at`` is the position of each row's raw row in its table, ``columns`` hold the values, of which
    None is an empty one, ``reads`` what became of the raw cells, ``cells`` the numbers of the raw
    cells by normalised header (0 where there is none), ``corrected`` those whose text a correction
    gave, ``sources`` the cells that values come from, ``spans`` the days among which a
    completed date lies, ``asked`` the headers of conditions and units by column with the rows
    (None: all), ``unused`` the headers of units and limits with the rows in which no value stands
    beside them, ``elsewhere`` the headers that are read from another sheet of the table,
    ``dropped`` why a row was left out, ``bare`` whether a result has no unit, ``emptied`` the cells
    that were emptied since. ``whys`` and ``origins`` go before what ``reads`` and ``sources`` say.
    """

    table: str
    patients: list[str]
    places: list[Place]
    at: list[int]
    elsewhere: list[str] = field(default_factory=list)
    columns: dict[str, list] = field(default_factory=dict)
    reads: dict[str, list[Read]] = field(default_factory=dict)
    cells: dict[str, np.ndarray] = field(default_factory=dict)
    corrected: dict[str, np.ndarray] = field(default_factory=dict)
    sources: list[Sources] = field(default_factory=list)
    spans: dict[str, dict[int, tuple[dt.date, dt.date]]] = field(default_factory=dict)
    asked: list[tuple[str, str, np.ndarray | None]] = field(default_factory=list)
    unused: list[tuple[str, np.ndarray]] = field(default_factory=list)
    dropped: list[str | None] = field(default_factory=list)
    bare: list[bool] = field(default_factory=list)
    range_unread: dict[int, tuple[str, str]] = field(default_factory=dict)
    facts: dict[str, dict[int, object]] = field(default_factory=dict)
    whys: dict[tuple[int, str], str] = field(default_factory=dict)
    origins: dict[int, dict[str, list[Origin]]] = field(default_factory=dict)
    emptied: set[tuple[int, str]] = field(default_factory=set)
    _dates: tuple[list[str], int] = ((), 0)

    def __post_init__(self) -> None:
        self.dropped = self.dropped or [None] * len(self)
        self.columns.setdefault("USUBJID", self.patients)

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str) -> list:
        """The values of a column, which is made empty where it is not there."""
        if name not in self.columns:
            self.columns[name] = [None] * len(self)
        return self.columns[name]

    def put(self, name: str, index: int, value: object) -> None:
        """Write a value into a row."""
        self.column(name)[index] = value
        if value is None:
            self.emptied.add((index, name))

    def left_out(self) -> np.ndarray:
        """The rows that are left out."""
        return np.array([why is not None for why in self.dropped], dtype=bool)

    def dates(self) -> list[str]:
        """The names of the columns of dates."""
        if self._dates[1] != len(self.columns):
            found = [name for name in self.columns if name.endswith("DT")]
            self._dates = (found, len(self.columns))
        return self._dates[0]

    def unread(self) -> set[int]:
        """The rows with a cell that cannot be read."""
        found: set[int] = set()
        for reads in self.reads.values():
            if any(read.unread for read in set(reads)):
                found.update(i for i, read in enumerate(reads) if read.unread)
        return found

    def was_read(self, name: str, index: int) -> bool:
        """Whether a row without a value in a column had one, or a cell that was read."""
        if (index, name) in self.emptied:
            return True
        if name.endswith("DY") and f"{name[:-2]}DT" in self.reads:
            return self.reads[f"{name[:-2]}DT"][index].value is not None
        return name in self.reads and self.reads[name][index].reading is not None

    def origins_of(self, index: int) -> dict[str, list[Origin]]:
        """The raw cells of each column of a row, in the order in which they were noted."""
        found: dict[str, list[Origin]] = {}
        for source in self.sources:
            if source.rows is not None and not source.rows[index]:
                continue
            if not (source.first and source.name in found):
                found[source.name] = self._origins(source, index)
        return found | self.origins.get(index, {})

    def _origins(self, source: Sources, index: int) -> list[Origin]:
        made: list[Origin] = []
        for header, role in source.cells:
            number = None if header is None else int(self.cells[header][index])
            if number == 0:
                continue
            if role == "value" and header is not None and self.corrected[header][index]:
                role = "corrected"
            made.append((number, role))
        return made

    def note_like(self, name: str, other: str, rows: np.ndarray) -> None:
        """Note that ``other`` comes from the raw cells of a column, in some rows (a mask)."""
        for source in [source for source in self.sources if source.name == name]:
            own = rows if source.rows is None else rows & source.rows
            self.sources.append(Sources(other, source.cells, own, source.first))

    def repeated(self, at: list[int]) -> CleanColumns:
        """The rows with these positions, a row as often as it is named."""
        rows = np.array(at, dtype=int)
        taken = {old: [] for old in at}
        for new, old in enumerate(at):
            taken[old].append(new)

        def renamed(found: dict[int, object]) -> dict[int, object]:
            return {new: value for old, value in found.items() for new in taken.get(old, ())}

        def masked(mask: np.ndarray | None) -> np.ndarray | None:
            return None if mask is None else mask[rows]

        made = CleanColumns(
            self.table,
            *([column[i] for i in at] for column in (self.patients, self.places, self.at)),
            elsewhere=self.elsewhere,
            reads={name: [reads[i] for i in at] for name, reads in self.reads.items()},
            cells={key: numbers[rows] for key, numbers in self.cells.items()},
            corrected={key: mask[rows] for key, mask in self.corrected.items()},
            sources=[Sources(s.name, s.cells, masked(s.rows), s.first) for s in self.sources],
            spans={name: renamed(found) for name, found in self.spans.items()},
            asked=[(name, header, masked(mask)) for name, header, mask in self.asked],
            unused=[(header, mask[rows]) for header, mask in self.unused],
            dropped=[self.dropped[i] for i in at],
            facts={name: renamed(found) for name, found in self.facts.items()},
            emptied={(new, name) for old, name in self.emptied for new in taken.get(old, ())},
        )
        for name, values in self.columns.items():
            if name != "USUBJID":
                made.columns[name] = [values[i] for i in at]
        return made


class CleanRow:
    """A row of a clean table: ``row["SEX"]`` and ``row.get("SEX")`` are its values.

    ``joined`` is the row that it was joined with, ``contradicted`` the columns in which others of
    the patient contradict it, ``doubted`` headers of conditions with a word that nobody knows,
    ``undated`` stems of dates that have no day for want of an index date, ``later`` table and
    response of records after the cut-off, ``died_later`` whether a death after it is on record,
    ``transplant`` where a note mentions one, ``other_regimen`` why its course is none of the
    table's, ``by_cycle`` how its date was computed.
    """

    __slots__ = ("index", "of")

    joined = Fact()
    contradicted = Fact(frozenset())
    doubted = Fact(frozenset())
    undated = Fact(frozenset())
    later = Fact(())
    died_later = Fact(False)
    transplant = Fact()
    other_regimen = Fact()
    by_cycle = Fact()

    def __init__(self, of: CleanColumns, index: int) -> None:
        self.of, self.index = of, index

    def __getitem__(self, name: str) -> object:
        return self.of.columns[name][self.index]

    def get(self, name: str, default: object = None) -> object:
        """The value of a column; ``default`` where it is empty, or no column of the table."""
        column = self.of.columns.get(name)
        value = None if column is None else column[self.index]
        return default if value is None else value

    def __setitem__(self, name: str, value: object) -> None:
        self.of.put(name, self.index, value)

    def clear(self, name: str) -> None:
        """Take out what stands in a column."""
        if name in self.of.columns:
            self.of.columns[name][self.index] = None
        self.of.emptied.discard((self.index, name))

    @property
    def patient(self) -> str:
        """The patient's number."""
        return self.of.patients[self.index]

    @property
    def place(self) -> Place:
        """Where its raw row stands."""
        return self.of.places[self.index]

    @property
    def dropped(self) -> str | None:
        """Why it was left out; None where it was not."""
        return self.of.dropped[self.index]

    @dropped.setter
    def dropped(self, why: str) -> None:
        self.of.dropped[self.index] = why

    def raw(self, name: str, default: tuple = (None, None)) -> tuple[str | None, str | None]:
        """Raw header and text behind a column; ``default`` where it is not read."""
        reads = self.of.reads.get(name)
        read = reads[self.index] if reads else None
        return (read.header, read.text) if read is not None and read.said else default

    def takes(self, name: str) -> bool:
        """Whether a column is read in this row, be its cell filled or not."""
        return name in self.of.reads and self.of.reads[name][self.index].said

    def reads(self) -> Iterator[tuple[str, Read]]:
        """The columns that are read in this row, with what became of their cells."""
        for name, reads in self.of.reads.items():
            if reads[self.index].said:
                yield name, reads[self.index]

    def why(self, name: str) -> str | None:
        """Why a column is empty although it has a cell."""
        if (why := self.of.whys.get((self.index, name))) is not None:
            return why
        return self.of.reads[name][self.index].why if name in self.of.reads else None

    def explain(self, name: str, why: str) -> None:
        """Note why a column was emptied."""
        self.of.whys[(self.index, name)] = why

    def dates(self) -> list[tuple[str, dt.date]]:
        """The calendar dates of the row by column."""
        columns, index = self.of.columns, self.index
        found = [(name, columns[name][index]) for name in self.of.dates()]
        return [each for each in found if isinstance(each[1], dt.date)]

    def span(self, name: str) -> tuple[dt.date, dt.date] | None:
        """The days among which a completed date lies; None of a whole one."""
        return self.of.spans[name].get(self.index) if name in self.of.spans else None

    def set_span(self, name: str, span: tuple[dt.date, dt.date] | None) -> None:
        """Note the days among which a date lies; None where it is whole."""
        if span is not None:
            self.of.spans.setdefault(name, {})[self.index] = span
        elif name in self.of.spans:
            self.of.spans[name].pop(self.index, None)

    def origins(self) -> dict[str, list[Origin]]:
        """The raw cells of each column."""
        return self.of.origins_of(self.index)

    def cells(self, name: str) -> list[Origin]:
        """The raw cells that a column comes from."""
        return self.origins().get(name, [])

    def set_cells(self, name: str, cells: list[Origin]) -> None:
        """Note the raw cells that a column comes from, in the place of what was noted before."""
        self.of.origins.setdefault(self.index, {})[name] = cells


def cell_of(patient: str, table: str, place: Place, header: str) -> CleanRow:
    """A raw cell that no column of a table reads, as a row to ask about."""
    made = CleanColumns(table, [patient], [place], [0])
    made.reads[None] = [Read(header, None)]
    return CleanRow(made, 0)


def spread(found: Iterable, codes: np.ndarray) -> list:
    """What each row has, of what was found for each code."""
    found = list(found)
    return np.fromiter(found, dtype=object, count=len(found))[codes].tolist()


def rows_in_order(parts: Iterable[CleanColumns]) -> list[CleanRow]:
    """The rows of a table, by raw row and then by record, as ``parts`` stand."""
    rows = [CleanRow(part, i) for part in parts for i in range(len(part))]
    rows.sort(key=lambda row: row.of.at[row.index])
    return rows


def parts_of(rows: Iterable[CleanRow]) -> list[CleanColumns]:
    """The columns that rows are views of, each once."""
    return list({id(row.of): row.of for row in rows}.values())


def columns_of_rows(rows: list[CleanRow], names: Iterable[str]) -> dict[str, list]:
    """What rows hold in each of some columns."""
    parts = parts_of(rows)
    if len(parts) != 1:
        return {name: [row.get(name) for row in rows] for name in names}
    at, nothing = [row.index for row in rows], [None] * len(parts[0])
    columns = ((name, parts[0].columns.get(name, nothing)) for name in names)
    return {name: [column[i] for i in at] for name, column in columns}
