"""A table as it is printed: rows of cells, written as one HTML fragment and as CSV."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from venaza.contracts.files import csv_text
from venaza.markup import render

#: An em space: the indent of a row under its heading, kept by HTML, Word and Typst alike.
INDENT = "\u2003"
#: What stands in a cell that has nothing to say.
BLANK = "–"


@dataclass(frozen=True)
class Part:
    """A piece of a cell: its text, and what it is.

    ``kind`` is empty for words, ``ard`` or ``fact`` for a number whose id or name is ``of``,
    ``link`` for a link to the address ``of``, ``code`` for a hash, ``break`` for a new line,
    ``to-fill`` for what the authors must write.
    """

    text: str
    kind: str = ""
    of: str = ""


@dataclass(frozen=True)
class Cell:
    """One printed cell: its pieces, and how many columns it spans."""

    parts: tuple[Part, ...]
    colspan: int = 1

    @property
    def text(self) -> str:
        """The cell as plain text."""
        return "".join(part.text for part in self.parts)

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.parts + other.parts, self.colspan)

    def spanning(self, columns: int) -> Cell:
        """The same cell over ``columns`` columns."""
        return replace(self, colspan=columns)


BREAK = Part(" ", "break")


def words(text: str) -> Cell:
    """A cell of plain words."""
    return Cell((Part(text),))


def fact_cell(value: object, name: str) -> Cell:
    """A number or a name that says what the manuscript was made from."""
    return Cell((Part(str(value), "fact", name),))


def joined(between: str, cells: list[Cell]) -> Cell:
    """The cells as one, with words between them."""
    first, *others = cells
    return sum((words(between) + cell for cell in others), first)


@dataclass(frozen=True)
class Row:
    """A row: its label, its cells, and whether it is indented under the row before.

    ``link`` is the address that the label leads to; ``data`` are facts by which a page can
    filter the rows.
    """

    label: str
    cells: tuple[Cell, ...]
    level: int = 0
    link: str = ""
    data: tuple[tuple[str, str], ...] = ()


@dataclass
class Section:
    """Rows under one bold heading; the heading may be empty."""

    heading: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """A printed column: the heading it shares with its neighbours, and its own.

    ``share`` is its width against that of the others.
    """

    group: Cell
    name: str
    share: float = 1.0


@dataclass
class Table:
    """A whole table: the heading of the row labels, columns, sections and footnotes.

    ``label_width`` is the share of the width (0 to 1) that the row labels take. ``prose`` says
    that the cells hold words, which read better from the left than centred. ``name`` is what a
    page's style and script know it by.
    """

    stub: str
    columns: list[Column]
    sections: list[Section]
    notes: list[str] = field(default_factory=list)
    label_width: float = 0.34
    prose: bool = False
    name: str = ""

    @property
    def width(self) -> int:
        """How many columns the table has, the row labels among them."""
        return len(self.columns) + 1


def to_html(table: Table) -> str:
    """The table as one ``<table>`` element, with scopes for screen readers."""
    rest = (1 - table.label_width) / sum(column.share for column in table.columns)
    widths = [table.label_width, *(rest * column.share for column in table.columns)]
    return render(
        "markup/templates/printed.html.j2",
        table=table,
        classes=" ".join(filter(None, ["prose" if table.prose else "", table.name])),
        widths=[f"{width * 100:.1f}" for width in widths],
        runs=runs_of(table.columns),
        two_rows=any(column.name for column in table.columns),
        indent=INDENT,
    )


def runs_of(columns: list[Column]) -> list[tuple[Cell, list[Column]]]:
    """The columns under each heading; one without words is shared by none."""
    runs: list[tuple[Cell, list[Column]]] = []
    for column in columns:
        if runs and runs[-1][0] == column.group and column.group.text:
            runs[-1][1].append(column)
        else:
            runs.append((column.group, [column]))
    return runs


def to_csv(table: Table) -> str:
    """The printed cells as CSV: one line per row, the heading of its section first."""
    names = [": ".join(filter(None, (c.group.text, c.name))) for c in table.columns]
    lines = [["section", table.stub or "row", *names]]
    for section in table.sections:
        for row in section.rows:
            cells = []
            for cell in row.cells:
                cells += [cell.text] + [""] * (cell.colspan - 1)
            lines.append([section.heading, row.label, *cells])
    return csv_text(lines)
