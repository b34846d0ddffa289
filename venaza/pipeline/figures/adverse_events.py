"""The most frequent adverse events, any grade and grade 3 or higher, by group."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from venaza.pipeline.figures import style
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of
from venaza.pipeline.figures.style import (
    SMALL,
    TEXT,
    Sheet,
    readable,
    shade,
    text_height,
    text_width,
    wrap,
)
from venaza.study.words import say

MOST_TERMS = 15
PITCH, BAR, MARGIN, AXIS = 5.0, 3.5, 2.0, 10.0  # mm: term to term, bar, sheet's edge, below
TERM_WIDTH, COUNTS = 50.0, 15.0  # mm: terms, and counts beside the bars
LEGEND, HEADING = 3.5, 5.0  # mm: legend to titles, titles to bars
GRADES = ("any", "g3")


@dataclass(frozen=True)
class Panel:
    """The bars of one group: where they start (mm), how wide, and whether they run to the left."""

    group: Group
    title: str
    left: float
    width: float
    mirrored: bool


def figure(numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """Horizontal bars of the commonest terms: two groups back to back, else side by side.

    Prints ``ae.{group}.{term}.any`` and ``.g3`` of the ARD; the commonest are those with the
    highest percentage of any grade in any group. Returns the sheet and the rows drawn
    (GROUP, TERM, GRADE, N, PERCENT).
    """
    groups = groups_of(study)
    data = _rows(groups, numbers)
    if data.empty or not data["N"].sum():
        return style.sentence_only(say(study, "No adverse event was recorded.")), data
    terms = _commonest(data)
    data = _in_order(data, [group.key for group in groups], terms)
    labels = [wrap(say(study, term), TERM_WIDTH) for term in terms]
    heights = [max(PITCH, text_height(label) + 1.2) for label in labels]
    middles = [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]
    term_width = max(text_width(label) for label in labels) + 4
    panels = _panels(groups, term_width, numbers, study)
    legend = 6.0 if study["study"].get("synthetic") else 3.0
    top = legend + LEGEND + max(text_height(panel.title) for panel in panels) + HEADING
    sheet = Sheet(style.DOUBLE, top + sum(heights) + AXIS)
    _draw_legend(sheet, legend, study)
    end = _axis_end(data["PERCENT"].max())
    for panel in panels:
        rows = data[data["GROUP"] == panel.group.key].set_index(["TERM", "GRADE"])
        axes = _axes(sheet, panel, top, sum(heights), end)
        axes.set_xlabel(say(study, "Patients (%)"), labelpad=2)
        _draw_bars(axes, panel, rows, dict(zip(terms, middles, strict=True)))
        _write_counts(sheet, panel, top, rows, dict(zip(terms, middles, strict=True)), study)
    place, align = _term_place(groups, term_width)
    for label, middle in zip(labels, middles, strict=True):
        sheet.text(place, top + middle, label, ha=align)
    return sheet, data


def _rows(groups: list[Group], numbers: Numbers) -> pd.DataFrame:
    records = []
    for group in groups:
        for match, ard_id in numbers.matching(rf"ae\.{group.slug}\.([^.]+)\.(any|g3)\.n"):
            if match[1] == "total":
                continue
            stem = ard_id.removesuffix(".n")
            records.append(
                {
                    "GROUP": group.key,
                    "TERM": numbers.term(ard_id) or match[1],
                    "GRADE": match[2],
                    "N": int(numbers.value(ard_id) or 0),
                    "PERCENT": numbers.value(f"{stem}.percent") or 0.0,
                }
            )
    return pd.DataFrame(records, columns=["GROUP", "TERM", "GRADE", "N", "PERCENT"])


def _commonest(data: pd.DataFrame) -> list[str]:
    """At most 15 terms, commonest first: by highest percentage, then patients, then name."""
    anyone = data[data["GRADE"] == "any"].groupby("TERM")
    ranked = pd.DataFrame({"highest": anyone["PERCENT"].max(), "patients": anyone["N"].sum()})
    ranked = ranked.reset_index().sort_values(
        ["highest", "patients", "TERM"], ascending=[False, False, True]
    )
    return list(ranked["TERM"].head(MOST_TERMS))


def _in_order(data: pd.DataFrame, groups: list[str], terms: list[str]) -> pd.DataFrame:
    """The rows of ``terms``, in the order of groups and terms whatever the order of the ARD."""
    ranks = {
        "GROUP": {key: i for i, key in enumerate(groups)},
        "TERM": {term: i for i, term in enumerate(terms)},
    }
    kept = data[data["TERM"].isin(terms)]
    return kept.sort_values(
        ["GROUP", "TERM", "GRADE"],
        key=lambda column: column.map(ranks[column.name]) if column.name in ranks else column,
        ignore_index=True,
    )


def _axis_end(highest: float) -> float:
    """The end of every panel's axis: the next 20 percent, so that panels can be compared."""
    return min(100.0, max(20.0, 20 * -(-highest // 20)))


def _panels(groups: list[Group], term_width: float, numbers: Numbers, study: dict) -> list[Panel]:
    if len(groups) == 2:
        width = (style.DOUBLE - term_width - 2 * (MARGIN + COUNTS)) / 2
        left = MARGIN + COUNTS
        boxes = [(left, width, True), (left + width + term_width, width, False)]
    else:
        start = MARGIN + term_width
        share = (style.DOUBLE - MARGIN - start) / len(groups)
        boxes = [(start + i * share, share - COUNTS, False) for i in range(len(groups))]
    panels = []
    for group, (left, width, mirrored) in zip(groups, boxes, strict=True):
        size = f"n.SAF.{group.slug}"
        title = group.label
        if size in numbers:
            title = say(study, "{label} (n = {n})", label=title, n=numbers.display(size))
        title = wrap(title, width + COUNTS - 3, TEXT, bold=True)
        panels.append(Panel(group, title, left, width, mirrored))
    return panels


def _term_place(groups: list[Group], term_width: float) -> tuple[float, str]:
    if len(groups) == 2:
        return style.DOUBLE / 2, "center"
    return MARGIN + term_width - 2.5, "right"


def _axes(sheet: Sheet, panel: Panel, top: float, height: float, end: float) -> Axes:
    axes = sheet.axes(panel.left, top, panel.width, height)
    axes.set_xlim(*((end, 0) if panel.mirrored else (0, end)))
    axes.set_ylim(height, 0)  # millimetres from the top
    step = 20 if end > 40 or panel.width < 45 else 10
    axes.set_xticks(range(0, int(end) + 1, step))
    axes.set_yticks([])
    axes.spines["left"].set_visible(not panel.mirrored)
    axes.spines["right"].set_visible(panel.mirrored)
    return axes


def _draw_bars(axes: Axes, panel: Panel, rows: pd.DataFrame, middles: dict[str, float]) -> None:
    for grade, colour in zip(GRADES, _shades(panel.group.colour), strict=True):
        percents = {t: rows.loc[(t, grade), "PERCENT"] for t in middles if (t, grade) in rows.index}
        axes.barh(
            [middles[term] for term in percents],
            list(percents.values()),
            height=BAR,
            color=colour,
            linewidth=0,
            gid=f"{grade} {panel.group.slug}",
        )


def _write_counts(
    sheet: Sheet,
    panel: Panel,
    top: float,
    rows: pd.DataFrame,
    middles: dict[str, float],
    study: dict,
) -> None:
    """The group's title over the bars and, beside each, the patients of any grade and of >= 3."""
    right = panel.left + panel.width
    edge, counts = (right, panel.left - 3.5) if panel.mirrored else (panel.left, right + 3.5)
    align = {"ha": "right" if panel.mirrored else "left"}
    colour = readable(panel.group.colour)
    sheet.text(edge, top - HEADING, panel.title, bold=True, color=colour, va="bottom", **align)
    over = say(study, "n, any/≥3")
    sheet.text(counts, top - 1, over, SMALL, color=style.GREY, va="bottom", **align)
    for term, middle in middles.items():
        printed = [
            str(rows.loc[(term, grade), "N"]) if (term, grade) in rows.index else "0"
            for grade in GRADES
        ]
        sheet.text(counts, top + middle, "/".join(printed), SMALL, **align)


def _shades(colour: str) -> tuple:
    return shade(colour, 0.62), colour


def _draw_legend(sheet: Sheet, y: float, study: dict) -> None:
    x = MARGIN
    names = (say(study, "Any grade"), say(study, "Grade 3 or higher"))
    for colour, text in zip(_shades(style.GREY), names, strict=True):
        sheet.box(x, y - 1.2, 3.4, 2.4, facecolor=colour, linewidth=0)
        sheet.text(x + 4.6, y, text)
        x += 4.6 + text_width(text, TEXT) + 6
