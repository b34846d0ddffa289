"""The key above the curves: a small table of printed numbers, one row for each group."""

from __future__ import annotations

from dataclasses import dataclass, field

from venaza.pipeline.figures import style
from venaza.pipeline.figures.lookup import Group
from venaza.pipeline.figures.style import (
    SMALL,
    TEXT,
    Sheet,
    readable,
    text_height,
    text_width,
    wrap,
)

ROW, SAMPLE, COLUMN_GAP = 4.1, 8.0, 7.0  # mm: a row, a sample of a line, between columns
LABEL_WIDTH = 38.0  # mm of a group's label before it is broken into lines
SOLID, DASHED = "solid", (0, (3.2, 1.8))


def label_lines(groups: list[Group]) -> list[str]:
    """The groups' labels, broken where they are long."""
    return [wrap(group.label, LABEL_WIDTH, TEXT, bold=True) for group in groups]


def row_heights(groups: list[Group]) -> list[float]:
    """The height in mm of each group's row, here and in the table of numbers at risk."""
    return [max(ROW, text_height(label) + 0.8) for label in label_lines(groups)]


def label_width(groups: list[Group]) -> float:
    """The width in mm of the widest label."""
    return max(text_width(label, TEXT, bold=True) for label in label_lines(groups))


@dataclass(frozen=True)
class Key:
    """Headings, one row of cells for each group, a note such as the log-rank p.

    ``causes`` names what the solid and the dashed lines stand for, where a figure has both.
    """

    groups: list[Group]
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""
    causes: tuple[str, ...] = field(default=())

    def heading_height(self) -> float:
        return max((text_height(text, SMALL) for text in self.headings), default=0.0)

    def note_below(self, width: float) -> bool:
        """Whether the note needs a row of its own in a key ``width`` mm wide."""
        used = SAMPLE + 2 + label_width(self.groups) + sum(self._widths()) + 6
        used += COLUMN_GAP * len(self.headings)
        return bool(self.note) and used + text_width(self.note) > width

    def height(self, width: float) -> float:
        """The height of the whole in mm."""
        extra = bool(self.causes) + self.note_below(width)
        return self.heading_height() + sum(row_heights(self.groups)) + extra * (ROW + 0.8)

    def _widths(self) -> list[float]:
        return [
            max(text_width(text, SMALL), *(text_width(row[i]) for row in self.rows))
            for i, text in enumerate(self.headings)
        ]

    def write(self, sheet: Sheet, left: float, top: float, width: float) -> None:
        """Write the key with its upper left corner at (left, top) mm."""
        x, middles = left + SAMPLE + 2 + label_width(self.groups) + 6, []
        y = top + self.heading_height()
        for text, column in zip(self.headings, self._widths(), strict=True):
            middles.append(x + column / 2)
            grey = {"color": style.GREY, "ha": "center", "va": "bottom"}
            sheet.text(middles[-1], y - 1.0, text, SMALL, **grey)
            x += column + COLUMN_GAP
        labels, heights = label_lines(self.groups), row_heights(self.groups)
        for group, label, row, height in zip(self.groups, labels, self.rows, heights, strict=True):
            middle = y + height / 2
            _sample(sheet, left, middle, group.colour, linestyle=group.dash)
            colour = readable(group.colour)
            sheet.text(left + SAMPLE + 2, middle, label, bold=True, color=colour)
            for column, text in zip(middles, row, strict=True):
                sheet.text(column, middle, text, ha="center")
            y += height
        if self.causes:
            self._write_causes(sheet, left, y + 0.8 + ROW / 2)
            y += ROW + 0.8
        if self.note:
            below = (ROW + 0.8) / 2 + 0.4 if self.note_below(width) else -heights[-1] / 2
            sheet.text(left + width, y + below, self.note, ha="right")

    def _write_causes(self, sheet: Sheet, x: float, y: float) -> None:
        for name, dash in zip(self.causes, (SOLID, DASHED), strict=True):
            _sample(sheet, x, y, style.GREY, linestyle=dash)
            sheet.text(x + SAMPLE + 2, y, name, color=style.GREY)
            x += SAMPLE + 2 + text_width(name) + COLUMN_GAP


def _sample(sheet: Sheet, x: float, y: float, colour, **kwargs) -> None:
    sheet.line([x, x + SAMPLE], [y, y], color=colour, linewidth=1.6, **kwargs)
