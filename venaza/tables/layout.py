"""A table as it is printed: rows of cells, written as one HTML fragment and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from html import escape

from venaza.contracts.files import neutral

#: An em space: the indent of a row under its heading, kept by HTML, Word and Typst alike.
INDENT = "\u2003"
#: What stands in a cell that has nothing to say.
BLANK = "–"


@dataclass(frozen=True)
class Cell:
    """One printed cell: its HTML, the same as plain text, and how many columns it spans."""

    html: str
    text: str
    colspan: int = 1

    def spanning(self, columns: int) -> Cell:
        """The same cell over ``columns`` columns."""
        return Cell(self.html, self.text, columns)


def words(text: str) -> Cell:
    """A cell of plain words."""
    return Cell(escape(text, quote=False), text)


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
    classes = " ".join(filter(None, ["prose" if table.prose else "", table.name]))
    parts = [
        f'<table class="{classes}">' if classes else "<table>",
        _colgroup(table),
        "<thead>",
        *_head(table),
        "</thead>",
        *(line for section in table.sections for line in _body(section, table.width)),
    ]
    if table.notes:
        note = "<br>".join(escape(text, quote=False) for text in table.notes)
        parts += ["<tfoot>", f'<tr><td colspan="{table.width}">{note}</td></tr>', "</tfoot>"]
    return "\n".join([*parts, "</table>", ""])


def _colgroup(table: Table) -> str:
    rest = (1 - table.label_width) / sum(column.share for column in table.columns)
    widths = [table.label_width, *(rest * column.share for column in table.columns)]
    return "".join(
        ["<colgroup>", *(f'<col style="width:{w * 100:.1f}%">' for w in widths), "</colgroup>"]
    )


def _head(table: Table) -> list[str]:
    """One row of headings, or two where columns share one."""
    single = all(column.name == "" for column in table.columns)
    stub = escape(table.stub, quote=False)
    if single:
        cells = [f'<th scope="col">{column.group.html}</th>' for column in table.columns]
        return [f'<tr><th scope="col">{stub}</th>{"".join(cells)}</tr>']
    groups, names = [], []
    for cell, members in _runs(table.columns):
        if len(members) == 1 and not members[0].name:
            groups.append(f'<th scope="col" rowspan="2">{cell.html}</th>')
            continue
        span = f' colspan="{len(members)}"' if len(members) > 1 else ""
        groups.append(f'<th scope="colgroup"{span}>{cell.html}</th>')
        names += [f'<th scope="col">{escape(m.name, quote=False)}</th>' for m in members]
    return [
        f'<tr><th scope="col" rowspan="2">{stub}</th>{"".join(groups)}</tr>',
        f"<tr>{''.join(names)}</tr>",
    ]


def _runs(columns: list[Column]) -> list[tuple[Cell, list[Column]]]:
    runs: list[tuple[Cell, list[Column]]] = []
    for column in columns:
        if runs and runs[-1][0] == column.group and column.group.text:
            runs[-1][1].append(column)
        else:
            runs.append((column.group, [column]))
    return runs


def _body(section: Section, width: int) -> list[str]:
    lines = ["<tbody>"]
    if section.heading:
        heading = escape(section.heading, quote=False)
        lines.append(
            f'<tr><th scope="rowgroup" colspan="{width}"><strong>{heading}</strong></th></tr>'
        )
    for row in section.rows:
        label = INDENT * row.level + _label(row)
        cells = "".join(
            f'<td colspan="{cell.colspan}">{cell.html}</td>'
            if cell.colspan > 1
            else f"<td>{cell.html}</td>"
            for cell in row.cells
        )
        facts = "".join(f' data-{name}="{escape(value)}"' for name, value in row.data)
        lines.append(f'<tr{facts}><th scope="row">{label}</th>{cells}</tr>')
    return [*lines, "</tbody>"]


def _label(row: Row) -> str:
    text = escape(row.label, quote=False)
    return f'<a href="{escape(row.link)}">{text}</a>' if row.link else text


def to_csv(table: Table) -> str:
    """The printed cells as CSV: one line per row, the heading of its section first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [": ".join(filter(None, (c.group.text, c.name))) for c in table.columns]
    writer.writerow([neutral(text) for text in ("section", table.stub or "row", *names)])
    for section in table.sections:
        for row in section.rows:
            cells = []
            for cell in row.cells:
                cells += [cell.text] + [""] * (cell.colspan - 1)
            writer.writerow([neutral(text) for text in (section.heading, row.label, *cells)])
    return "\ufeff" + out.getvalue()
