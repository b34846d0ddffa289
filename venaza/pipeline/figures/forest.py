"""The hazard ratio between two groups in subgroups: a forest, exploratory."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from venaza.contracts.results import slug
from venaza.pipeline.figures import ratios, style
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of
from venaza.pipeline.figures.style import (
    SMALL,
    TEXT,
    RowLayout,
    Sheet,
    readable,
    text_height,
    text_width,
    wrap,
)
from venaza.study.labels import level, variable
from venaza.study.words import say

PITCH, GAP, MARGIN, AXIS, INDENT = 5.0, 1.4, 2.0, 7.5, 3.0  # mm
COLUMN, LABEL, HEADING = 4.0, 40.0, 18.0  # mm: between columns, widest label and heading
INTERACTION = "P for\ninteraction"
COLUMNS = [
    "VARIABLE",
    "LEVEL",
    "EVENTS_1",
    "N_1",
    "EVENTS_2",
    "N_2",
    "HAZARD_RATIO",
    "LOWER",
    "UPPER",
    "PRINTED",
    "INTERACTION",
]


@dataclass(frozen=True)
class Layout(RowLayout):
    """The rows, and where the text columns stand, in mm."""

    sizes: tuple[float, float]
    printed: float
    interaction: float


def figure(code: str, numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """All patients, then each variable's levels: events/patients, hazard ratio, interaction.

    Prints ``subgroup.{code}`` of the ARD and, for all patients, ``km`` and ``cox``. Returns the
    sheet and the rows drawn.
    """
    groups = groups_of(study)
    data = _rows(code, groups, numbers, study)
    if data["HAZARD_RATIO"].isna().all():
        none = say(study, "No hazard ratio could be estimated in a subgroup.")
        return style.sentence_only(none), data
    layout = _layout(data, groups, study)
    axes = ratios.axes(layout, data)
    _headings(layout, groups, study)
    for i, row in enumerate(data.to_dict("records")):
        _draw_row(layout, axes, i, row)
    _draw_directions(layout, groups, study)
    return layout.sheet, data


def _rows(code: str, groups: list[Group], numbers: Numbers, study: dict) -> pd.DataFrame:
    """All patients, then for each variable a row of its own and one per level."""
    first, second = groups
    stems = [f"km.{code}.{group.slug}" for group in groups]
    records = []
    if f"cox.{code}.GROUP.{second.slug}.hazard_ratio" in numbers:
        ratio = ratios.ratio(f"cox.{code}.GROUP.{second.slug}", numbers)
        records.append({"VARIABLE": say(study, "All patients"), **_sizes(stems, numbers), **ratio})
    for asked in study["analysis"]["subgroups"][code]:
        name = asked if isinstance(asked, str) else next(iter(asked))
        label, unit = variable(name, study)
        prefix = f"subgroup.{code}.{slug(name)}"
        p = f"{prefix}.interaction.p_value"
        printed = numbers.display(p) if numbers.value(p) is not None else "–"
        records.append({"VARIABLE": label, "INTERACTION": printed})
        for match, ard_id in numbers.matching(rf"{prefix}\.([^.]+)\.hazard_ratio"):
            stem = ard_id.removesuffix(".hazard_ratio")
            parts = [f"{stem}.in_{group.slug}" for group in groups]
            text = numbers.term(ard_id) or match[1]
            if text[:1] in "<≥":
                text = say(study, "{bound} {unit}", bound=text, unit=unit).rstrip()
            else:
                text = level(name, text, study)
            sizes = {"LEVEL": text, **_sizes(parts, numbers)}
            records.append({"VARIABLE": label, **sizes, **ratios.ratio(stem, numbers)})
    frame = pd.DataFrame(records, columns=COLUMNS)
    return frame.astype(dict.fromkeys(("HAZARD_RATIO", "LOWER", "UPPER"), "Float64"))


def _sizes(stems: list[str], numbers: Numbers) -> dict[str, str]:
    return {
        f"{name}_{i}": numbers.display(f"{stem}.{part}")
        for i, stem in enumerate(stems, 1)
        for name, part in (("EVENTS", "events"), ("N", "n"))
    }


def _label(row: dict) -> str:
    level = row["LEVEL"] if isinstance(row["LEVEL"], str) else ""
    return wrap(level or row["VARIABLE"], LABEL, TEXT, bold=not level)


def _layout(data: pd.DataFrame, groups: list[Group], study: dict) -> Layout:
    rows = data.to_dict("records")
    heights = [
        max(PITCH, text_height(_label(row)) + 1)
        + (GAP if i and not isinstance(row["LEVEL"], str) else 0)
        for i, row in enumerate(rows)
    ]
    labels = max(text_width(_label(row), TEXT, True) for row in rows) + INDENT
    heads = [text_width(_heading(group), SMALL, True) for group in groups]
    first = MARGIN + labels + COLUMN + heads[0] / 2
    over = text_width(say(study, "events/n"), SMALL)
    second = max(first + heads[0] / 2 + COLUMN + heads[1] / 2, first + over + 1)
    printed = max(
        text_width(str(row["PRINTED"])) for row in rows if isinstance(row["PRINTED"], str)
    )
    printed = max(printed, text_width(ratios.heading(study), SMALL))
    interaction = max(text_width(say(study, INTERACTION), SMALL), 9.0)
    left = second + heads[1] / 2 + COLUMN
    right = style.DOUBLE - MARGIN - interaction - COLUMN - printed - COLUMN
    top = (4.0 if study["study"].get("synthetic") else 1.0) + 6.0
    top += max(text_height(_heading(group), SMALL) for group in groups)
    below = max(text_height(text, SMALL) for text in _directions(groups, right - left, study))
    sheet = Sheet(style.DOUBLE, top + sum(heights) + AXIS + below)
    text = (right + COLUMN, style.DOUBLE - MARGIN)
    return Layout(sheet, top, heights, (left, right), (first, second), *text)


def _heading(group: Group) -> str:
    return wrap(group.label, HEADING, SMALL, bold=True)


def _headings(layout: Layout, groups: list[Group], study: dict) -> None:
    y, grey = layout.top - 2.0, {"color": style.GREY, "va": "bottom"}
    for x, group in zip(layout.sizes, groups, strict=True):
        ink = {"color": readable(group.colour), "ha": "center", "va": "bottom"}
        layout.sheet.text(x, y - 3.4, _heading(group), SMALL, bold=True, **ink)
        layout.sheet.text(x, y, say(study, "events/n"), SMALL, ha="center", **grey)
    layout.sheet.text(layout.printed, y, ratios.heading(study), SMALL, **grey)
    layout.sheet.text(layout.interaction, y, say(study, INTERACTION), SMALL, ha="right", **grey)
    layout.sheet.line([MARGIN, style.DOUBLE - MARGIN], [y + 1.2, y + 1.2], linewidth=0.5)


def _draw_row(layout: Layout, axes: Axes, i: int, row: dict) -> None:
    sheet, heading = layout.sheet, not isinstance(row["LEVEL"], str)
    y = layout.middle(i) + (GAP / 2 if i and heading else 0)
    sheet.text(MARGIN + (0 if heading else INDENT), y, _label(row), bold=heading)
    if isinstance(row["INTERACTION"], str):
        sheet.text(layout.interaction, y, row["INTERACTION"], ha="right")
    if not isinstance(row["PRINTED"], str):
        return
    for k, x in enumerate(layout.sizes, 1):
        sheet.text(x, y, f"{row[f'EVENTS_{k}']}/{row[f'N_{k}']}", ha="center")
    sheet.text(layout.printed, y, row["PRINTED"])
    if not pd.isna(row["HAZARD_RATIO"]):
        _draw_ratio(axes, y - layout.top, row, overall=heading)


def _draw_ratio(axes: Axes, y: float, row: dict, overall: bool) -> None:
    """The estimate, as large as its events are many; that of all patients is a diamond."""
    events = int(row["EVENTS_1"]) + int(row["EVENTS_2"])
    ratios.mark(
        axes,
        y,
        row,
        marker="D" if overall else "s",
        markersize=5.4 if overall else ratios.size(events),
        color=style.PALETTE[0] if overall else style.INK,
        gid=f"ratio {row['VARIABLE']} {'' if overall else row['LEVEL']}".rstrip(),
    )


def _directions(groups: list[Group], width: float, study: dict) -> tuple[str, str]:
    """What the two sides of the axis mean."""
    first, second = (group.label for group in groups)
    texts = (
        say(study, "← lower hazard: {group}", group=second),
        say(study, "lower hazard: {group} →", group=first),
    )
    return tuple(wrap(text, width / 2 - 1, SMALL) for text in texts)


def _draw_directions(layout: Layout, groups: list[Group], study: dict) -> None:
    left, right = layout.axis
    bottom = layout.top + sum(layout.heights) + AXIS
    texts = _directions(groups, right - left, study)
    for text, shift, align in zip(texts, (-1.5, 1.5), ("right", "left"), strict=True):
        x, y = (left + right) / 2 + shift, bottom + text_height(text, SMALL) / 2 - 0.8
        layout.sheet.text(x, y, text, SMALL, ha=align, color=style.GREY)
