"""The time axis in months that curves share with the table of numbers at risk below it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from venaza.pipeline.figures import style
from venaza.pipeline.figures.curve_key import ROW, Key, label_lines, label_width, row_heights
from venaza.pipeline.figures.lookup import Group, Numbers
from venaza.pipeline.figures.style import SMALL, Sheet, readable
from venaza.study.words import say

PLOT_HEIGHT, MARGIN, AXIS = 62.0, 2.0, 10.5  # mm: plot, sheet's edge, tick and axis labels
#: Multiples of the risk table's step that a reader finds natural, and how many ticks fit.
MULTIPLES, MOST_TICKS = (1, 2, 4, 6, 8, 10, 12, 20, 24, 40, 60, 120), 11


def month_ticks(end: float, step: float) -> list[float]:
    """Ticks from 0 to ``end`` months, ``step`` or a natural multiple of it apart."""
    for multiple in MULTIPLES:
        if end / (step * multiple) < MOST_TICKS:
            break
    width = step * multiple
    return [i * width for i in range(int(end / width + 1e-9) + 1)]


def months_at_risk(stems: Iterable[str], numbers: Numbers) -> dict[float, str]:
    """The months at which the ARD counts the patients at risk, and their spelling in its ids."""
    found = {}
    for stem in stems:
        start = re.escape(f"{stem}.m")
        for match, _ in numbers.matching(rf"{start}([0-9_]+)\.n_risk"):
            found[float(match[1].replace("_", "."))] = match[1]
    return dict(sorted(found.items()))


class CurveSheet:
    """A sheet with the key on top, axes (months against percent) and the numbers at risk.

    ``end`` is the last month of any curve: the axis goes no further than it needs. The numbers
    at risk are those of ``risk.CODE.GROUP`` unless ``at_risk`` names other ids, for each group.
    """

    def __init__(
        self,
        y_label: str,
        y_end: float,
        end: float,
        code: str,
        numbers: Numbers,
        study: dict,
        key: Key,
        at_risk: dict[str, str] | None = None,
    ) -> None:
        groups = key.groups
        self.stems = at_risk or {g.slug: f"risk.{code}.{g.slug}" for g in groups}
        step = float(study["analysis"]["risk_table_months"])
        self.left = max(15.0, MARGIN + label_width(groups) + 5.5)
        self.width = style.DOUBLE - self.left - 6
        self.end = max(end, step) * 1.015
        self.ticks = month_ticks(max(end, step), step)
        self.at_risk = months_at_risk(self.stems.values(), numbers)
        self.counted: list[dict] = []
        key_top = 4.5 if study["study"].get("synthetic") else 1.5
        self.top = key_top + key.height(self.width) + 4.0
        table = ROW + 0.5 + sum(row_heights(groups)) if self.at_risk else 0.0
        self.sheet = Sheet(style.DOUBLE, self.top + PLOT_HEIGHT + AXIS + table + MARGIN)
        self.axes = self._axes(y_label, y_end, study)
        key.write(self.sheet, self.left, key_top, self.width)
        if self.at_risk:
            self._write_at_risk(groups, numbers, study)

    def _axes(self, y_label: str, y_end: float, study: dict) -> Axes:
        axes = self.sheet.axes(self.left, self.top, self.width, PLOT_HEIGHT)
        axes.set_xlim(0, self.end)
        axes.set_ylim(0, y_end)
        axes.set_xticks(self.ticks, [f"{tick:g}" for tick in self.ticks])
        axes.set_yticks(range(0, int(y_end) + 1, 20 if y_end > 60 else 10))
        axes.set_xlabel(say(study, "Months"), labelpad=2)
        axes.set_ylabel(y_label)
        axes.yaxis.set_label_coords(-9.5 / self.width, 0.5)
        return axes

    def tick_place(self, months: float) -> float:
        """Where a month lies on the sheet, in mm from its left edge."""
        return self.left + self.width * months / self.end

    def drawn(self, steps: pd.DataFrame) -> pd.DataFrame:
        """The ``steps``, then a row (AT_RISK) for each number at risk that stands below them."""
        rows = [*steps.to_dict("records"), *self.counted]
        return pd.DataFrame(rows, columns=[*steps.columns, "AT_RISK"])

    def _write_at_risk(self, groups: list[Group], numbers: Numbers, study: dict) -> None:
        y = self.top + PLOT_HEIGHT + AXIS
        at_risk = say(study, "No. at risk")
        self.sheet.text(MARGIN, y + ROW / 2, at_risk, SMALL, color=style.GREY)
        y += ROW + 0.5
        rows = zip(groups, label_lines(groups), row_heights(groups), strict=True)
        for group, label, height in rows:
            colour = readable(group.colour)
            self.sheet.text(MARGIN, y + height / 2, label, bold=True, color=colour)
            for tick in self.ticks:
                if tick in self.at_risk:
                    ard_id = f"{self.stems[group.slug]}.m{self.at_risk[tick]}.n_risk"
                    count = numbers.display(ard_id, "")
                    place = (self.tick_place(tick), y + height / 2)
                    self.sheet.text(*place, count, color=colour, ha="center", gid=ard_id)
                    told = {"GROUP": group.key, "STATE": getattr(group, "state", None)}
                    told |= {"MONTHS": tick, "AT_RISK": numbers.value(ard_id)}
                    self.counted.append(told)
            y += height
