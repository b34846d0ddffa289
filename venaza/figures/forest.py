"""The hazard ratio between two groups in subgroups: a forest, exploratory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from venaza.contracts.clean import PATIENTS
from venaza.contracts.results import slug
from venaza.figures import style
from venaza.figures.lookup import Group, Numbers, groups_of
from venaza.figures.style import SMALL, TEXT, Sheet, readable, text_height, text_width, wrap

PITCH, GAP, MARGIN, AXIS, INDENT = 5.0, 1.4, 2.0, 7.5, 3.0  # mm
COLUMN, LABEL, HEADING = 4.0, 40.0, 18.0  # mm: between columns, widest label and heading
#: Limits beyond this factor from 1 are drawn as arrows.
FARTHEST = 20.0
#: Ticks of an axis that reaches less than five times from 1, and of a longer one.
NEAR, FAR = (0.25, 0.5, 1, 2, 4), (0.1, 0.3, 1, 3, 10)
COLUMNS = [
    *("VARIABLE", "LEVEL", "EVENTS_1", "N_1", "EVENTS_2", "N_2"),
    *("HAZARD_RATIO", "LOWER", "UPPER", "PRINTED", "INTERACTION"),
]


@dataclass(frozen=True)
class Layout:
    """Where things stand, in mm: the text columns, the axis, and each row's middle."""

    sheet: Sheet
    top: float
    heights: list[float]
    sizes: tuple[float, float]
    axis: tuple[float, float]
    printed: float
    interaction: float

    def middle(self, i: int) -> float:
        return self.top + sum(self.heights[:i]) + self.heights[i] / 2


def figure(code: str, numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """All patients, then each variable's levels: events/patients, hazard ratio, interaction.

    Prints ``subgroup.{code}`` of the ARD and, for all patients, ``km`` and ``cox``. Returns the
    sheet and the rows drawn.
    """
    groups = groups_of(study)
    data = _rows(code, groups, numbers, study)
    if data["HAZARD_RATIO"].isna().all():
        return style.sentence_only("No hazard ratio could be estimated in a subgroup."), data
    layout = _layout(data, groups, study)
    axes = _axes(layout, data)
    _headings(layout, groups, study)
    for i, row in enumerate(data.to_dict("records")):
        _draw_row(layout, axes, i, row, groups)
    _draw_directions(layout, groups)
    return layout.sheet, data


def _rows(code: str, groups: list[Group], numbers: Numbers, study: dict) -> pd.DataFrame:
    """All patients, then for each variable a row of its own and one per level."""
    first, second = groups
    stems = [f"km.{code}.{group.slug}" for group in groups]
    records = []
    if f"cox.{code}.GROUP.{second.slug}.hazard_ratio" in numbers:
        ratio = _ratio(f"cox.{code}.GROUP.{second.slug}", numbers)
        records.append({"VARIABLE": "All patients", **_sizes(stems, numbers), **ratio})
    found = numbers.matching(rf"subgroup\.{code}\.([^.]+)\.([^.]+)\.hazard_ratio")
    for variable in dict.fromkeys(match[1] for match, _ in found):
        label, unit = _variable(variable, study)
        p = f"subgroup.{code}.{variable}.interaction.p_value"
        printed = numbers.display(p) if numbers.value(p) is not None else "–"
        records.append({"VARIABLE": label, "INTERACTION": printed})
        for match, ard_id in found:
            if match[1] == variable:
                stem = ard_id.removesuffix(".hazard_ratio")
                parts = [f"{stem}.in_{group.slug}" for group in groups]
                level = _level(variable, numbers.term(ard_id) or match[2], unit)
                sizes = {"LEVEL": level, **_sizes(parts, numbers)}
                records.append({"VARIABLE": label, **sizes, **_ratio(stem, numbers)})
    frame = pd.DataFrame(records, columns=COLUMNS)
    return frame.astype(dict.fromkeys(("HAZARD_RATIO", "LOWER", "UPPER"), "Float64"))


def _sizes(stems: list[str], numbers: Numbers) -> dict[str, str]:
    return {
        f"{name}_{i}": numbers.display(f"{stem}.{part}")
        for i, stem in enumerate(stems, 1)
        for name, part in (("EVENTS", "events"), ("N", "n"))
    }


def _ratio(stem: str, numbers: Numbers) -> dict:
    names = {"HAZARD_RATIO": "hazard_ratio", "LOWER": "lower", "UPPER": "upper"}
    values = {column: numbers.value(f"{stem}.{name}") for column, name in names.items()}
    return {**values, "PRINTED": numbers.interval(stem, *names.values())}


def _variable(key: str, study: dict) -> tuple[str, str]:
    """Label and unit of a variable by its part of the ARD id."""
    for own in study.get("columns", []):
        if slug(own["name"]) == key:
            return own["label"], own["unit"]
    for column in PATIENTS:
        if slug(column.name) == key:
            return column.label, column.unit
    return key, ""


def _level(variable: str, text: str, unit: str) -> str:
    if text[:1] in "<≥":
        return f"{text} {unit}".rstrip()
    known = {"M": "Male", "F": "Female"} if variable == "SEX" else {"Y": "Yes", "N": "No"}
    return known.get(text, text[:1].upper() + text[1:])


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
    second = first + heads[0] / 2 + COLUMN + heads[1] / 2
    printed = max(
        text_width(str(row["PRINTED"])) for row in rows if isinstance(row["PRINTED"], str)
    )
    printed = max(printed, text_width(_ratio_heading(study), SMALL))
    interaction = max(text_width("interaction", SMALL), 9.0)
    left = second + heads[1] / 2 + COLUMN
    right = style.DOUBLE - MARGIN - interaction - COLUMN - printed - COLUMN
    top = (4.0 if study["study"].get("synthetic") else 1.0) + 6.0
    top += max(text_height(_heading(group), SMALL) for group in groups)
    below = max(text_height(text, SMALL) for text in _directions(groups, right - left))
    sheet = Sheet(style.DOUBLE, top + sum(heights) + AXIS + below)
    text = (right + COLUMN, style.DOUBLE - MARGIN)
    return Layout(sheet, top, heights, (first, second), (left, right), *text)


def _heading(group: Group) -> str:
    return wrap(group.label, HEADING, SMALL, bold=True)


def _ratio_heading(study: dict) -> str:
    return f"Hazard ratio ({100 * study['analysis']['confidence']:g}% CI)"


def _axes(layout: Layout, data: pd.DataFrame) -> Axes:
    left, right = layout.axis
    height = sum(layout.heights)
    axes = layout.sheet.axes(left, layout.top, right - left, height)
    limits = pd.concat([data["LOWER"], data["UPPER"], data["HAZARD_RATIO"]]).dropna().astype(float)
    far = max([2.0, *(max(x, 1 / x) for x in limits if x > 0)])
    far = min(far * 1.15, FARTHEST)
    axes.set_xscale("log")
    axes.set_xlim(1 / far, far)
    axes.set_ylim(height, 0)  # millimetres from the top
    ticks = [tick for tick in (NEAR if far < 5 else FAR) if 1 / far <= tick <= far]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(1, color=style.INK, linewidth=0.7, zorder=1, gid="reference")
    return axes


def _headings(layout: Layout, groups: list[Group], study: dict) -> None:
    y = layout.top - 2.0
    for x, group in zip(layout.sizes, groups, strict=True):
        ink = {"color": readable(group.colour), "ha": "center", "va": "bottom"}
        layout.sheet.text(x, y - 3.4, _heading(group), SMALL, bold=True, **ink)
        layout.sheet.text(x, y, "events/n", SMALL, color=style.GREY, ha="center", va="bottom")
    grey = {"color": style.GREY, "va": "bottom"}
    layout.sheet.text(layout.printed, y, _ratio_heading(study), SMALL, **grey)
    layout.sheet.text(layout.interaction, y, "P for\ninteraction", SMALL, ha="right", **grey)
    layout.sheet.line([MARGIN, style.DOUBLE - MARGIN], [y + 1.2, y + 1.2], linewidth=0.5)


def _draw_row(layout: Layout, axes: Axes, i: int, row: dict, groups: list[Group]) -> None:
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
    """The estimate, as large as its events are many, and its interval; arrows beyond the axis."""
    low, high = axes.get_xlim()
    ratio, lower, upper = (float(row[name]) for name in ("HAZARD_RATIO", "LOWER", "UPPER"))
    axes.plot([max(lower, low), min(upper, high)], [y, y], color=style.INK, linewidth=1.0, zorder=2)
    for limit, edge, marker in ((lower, low, "<"), (upper, high, ">")):
        if (limit < low) if marker == "<" else (limit > high):
            axes.plot(
                edge,
                y,
                marker=marker,
                markersize=3.6,
                markeredgewidth=0,
                color=style.INK,
                clip_on=False,
            )
    if low <= ratio <= high:
        events = int(row["EVENTS_1"]) + int(row["EVENTS_2"])
        axes.plot(
            ratio,
            y,
            marker="D" if overall else "s",
            markersize=5.4 if overall else min(6.5, 2.4 + 0.45 * math.sqrt(events)),
            markeredgewidth=0,
            color=style.PALETTE[0] if overall else style.INK,
            zorder=3,
            gid=f"ratio {row['VARIABLE']} {'' if overall else row['LEVEL']}".rstrip(),
        )


def _directions(groups: list[Group], width: float) -> tuple[str, str]:
    """What the two sides of the axis mean."""
    first, second = groups
    texts = (f"← lower hazard: {second.label}", f"lower hazard: {first.label} →")
    return tuple(wrap(text, width / 2 - 1, SMALL) for text in texts)


def _draw_directions(layout: Layout, groups: list[Group]) -> None:
    left, right = layout.axis
    bottom = layout.top + sum(layout.heights) + AXIS
    texts = _directions(groups, right - left)
    for text, shift, align in zip(texts, (-1.5, 1.5), ("right", "left"), strict=True):
        x, y = (left + right) / 2 + shift, bottom + text_height(text, SMALL) / 2 - 0.8
        layout.sheet.text(x, y, text, SMALL, ha=align, color=style.GREY)
