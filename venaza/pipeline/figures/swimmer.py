"""The swimmer plot: each patient's course from the index date, post-failure phase included."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.transforms import ScaledTranslation

from venaza.pipeline.figures import style
from venaza.pipeline.figures.courses import MARKS, PHASES, courses, mark_labels, mark_looks
from venaza.pipeline.figures.curve_axes import month_ticks
from venaza.pipeline.figures.lookup import Group, groups_of
from venaza.pipeline.figures.style import SMALL, Sheet, readable, text_width
from venaza.study.words import say

MARGIN, HEADING, BETWEEN, LEGEND_ROW, AXIS = 2.0, 5.0, 2.0, 4.6, 10.0  # mm
ROOM, THICKEST, DENSE = 165.0, 4.0, 0.7  # mm: all bars, the thickest, those without gaps
BAR_SHARE = 0.7  # of the pitch
LABEL_PITCH = 2.3  # mm that a patient's name needs
KEY_SAMPLE, KEY_GAP = 4.6, 5.0


def figure(adsl: pd.DataFrame, milestones: pd.DataFrame, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """One bar for each treated patient, longest first within each group, time in months.

    The bar's colour is the phase (on the regimen, off it, after failure), marks are the
    milestones. Returns the sheet and the rows drawn (GROUP, USUBJID, ITEM, FROM, TO in months).
    """
    groups = groups_of(study)
    items = courses(adsl, milestones, groups, study)
    if items.empty:
        return style.sentence_only(say(study, "No patient was treated.")), items
    n = items["USUBJID"].nunique()
    pitch = min(THICKEST, ROOM / n)
    left = MARGIN + 4
    if pitch >= LABEL_PITCH:
        left = MARGIN + max(text_width(name, SMALL) for name in items["USUBJID"].unique()) + 2
    legend = _legend_rows(items, study, style.DOUBLE - left - 6)
    top = (4.5 if study["study"].get("synthetic") else 1.5) + len(legend) * LEGEND_ROW + 1
    present = [group for group in groups if (items["GROUP"] == group.key).any()]
    height = n * pitch + len(present) * HEADING + (len(present) - 1) * BETWEEN + 1
    sheet = Sheet(style.DOUBLE, top + height + AXIS)
    _draw_legend(sheet, legend, study, left, top)
    axes = _axes(sheet, (left, top, style.DOUBLE - left - 6, height), items, study)
    places = _places(items, present, pitch)
    _write_names(sheet, (left, top), items, present, places, pitch, study)
    _draw_phases(axes, items, places, pitch)
    _draw_marks(axes, items, places, pitch, study)
    return sheet, items


def _axes(sheet: Sheet, box: tuple, items: pd.DataFrame, study: dict) -> Axes:
    axes = sheet.axes(*box)
    end = max(items["TO"].max(), float(study["analysis"]["risk_table_months"]))
    ticks = month_ticks(end, float(study["analysis"]["risk_table_months"]))
    axes.set_xlim(0, end * 1.02)
    axes.set_ylim(box[3], 0)  # millimetres from the top
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    title = say(study, "Months from {index}", index=study["timeline"]["index"])
    axes.set_xlabel(title, labelpad=2)
    for tick in ticks:
        axes.axvline(tick, color=style.PALE, linewidth=0.4, zorder=0)
    return axes


def _places(items: pd.DataFrame, groups: list[Group], pitch: float) -> dict[str, float]:
    """The middle of each patient's bar, in mm from the top of the axes."""
    places, y = {}, 0.0
    for group in groups:
        y += HEADING
        for patient in _patients(items, group):
            places[patient] = y + pitch / 2
            y += pitch
        y += BETWEEN
    return places


def _patients(items: pd.DataFrame, group: Group) -> pd.Series:
    return items.loc[items["GROUP"] == group.key, "USUBJID"].drop_duplicates()


def _write_names(
    sheet: Sheet,
    corner: tuple[float, float],
    items: pd.DataFrame,
    groups: list[Group],
    places: dict[str, float],
    pitch: float,
    study: dict,
) -> None:
    """A heading over each group and, where there is room, the patient beside each bar."""
    left, top = corner
    for group in groups:
        patients = _patients(items, group)
        heading = say(study, "{label} (n = {n})", label=group.label, n=len(patients))
        y = top + places[patients.iloc[0]] - pitch / 2 - HEADING / 2
        sheet.box(left, y - 1.8, text_width(heading, bold=True) + 1, 3.6, linewidth=0)
        sheet.text(left + 0.4, y, heading, bold=True, color=readable(group.colour))
        if pitch >= LABEL_PITCH:
            for patient in patients:
                name = {"color": style.GREY, "ha": "right"}
                sheet.text(left - 1.2, top + places[patient], patient, SMALL, **name)


def _draw_phases(axes: Axes, items: pd.DataFrame, places: dict[str, float], pitch: float) -> None:
    dense = pitch < DENSE  # no gaps, and no blurred edges that would show as stripes
    half = pitch * (1.0 if dense else BAR_SHARE) / 2
    for phase, (colour, _) in PHASES.items():
        rows = items[items["ITEM"] == phase]
        bars = [
            [(start, y - half), (end, y - half), (end, y + half), (start, y + half)]
            for start, end, y in zip(
                rows["FROM"], rows["TO"], rows["USUBJID"].map(places), strict=True
            )
        ]
        if bars:
            axes.add_collection(
                PolyCollection(
                    bars,
                    facecolors=colour,
                    linewidths=0,
                    antialiaseds=not dense,
                    zorder=2,
                    gid=phase,
                ),
                autolim=False,
            )


def _draw_marks(
    axes: Axes, items: pd.DataFrame, places: dict[str, float], pitch: float, study: dict
) -> None:
    scale = min(1.0, max(0.3, pitch / 2.2))  # marks shrink with the bars
    aside = ScaledTranslation(1.0 * scale / style.MM_PER_INCH, 0, axes.figure.dpi_scale_trans)
    for mark, look in mark_looks(study).items():
        rows = items[items["ITEM"] == mark]
        if rows.empty:
            continue
        axes.plot(
            rows["TO"].to_numpy(),
            rows["USUBJID"].map(places).to_numpy(),
            transform=axes.transData + aside if mark == "ALIVE" else axes.transData,
            clip_on=False,
            zorder=4 if look[0] == "|" else 5,
            gid=mark,
            **_marker(look, scale),
        )


def _marker(look: tuple[str, str, float], scale: float = 1.0) -> dict:
    """How a mark is drawn; a thin white rim sets it off from the bar and from other marks."""
    shape, colour, size = look
    if shape == "|":
        return {
            "linestyle": "none",
            "marker": shape,
            "markersize": size * scale,
            "markeredgecolor": colour,
            "markeredgewidth": 1.7 * scale,
        }
    hollow = colour == "#ffffff"
    return {
        "linestyle": "none",
        "marker": shape,
        "markersize": size * scale,
        "markerfacecolor": colour,
        "markeredgecolor": MARKS["FIRST_REMISSION"][1] if hollow else "white",
        "markeredgewidth": (0.7 if hollow else 0.4) * scale,
    }


def _legend_rows(items: pd.DataFrame, study: dict, width: float) -> list[list[tuple[str, str]]]:
    """Phases and marks that occur, set in rows that fit ``width`` mm; marks start a new row."""
    drawn = set(items["ITEM"])
    names = {phase: say(study, label) for phase, (_, label) in PHASES.items()}
    names |= mark_labels(study)
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for item, label in names.items():
        if item not in drawn:
            continue
        needs = KEY_SAMPLE + text_width(label) + KEY_GAP
        first_mark = bool(rows[-1]) and rows[-1][-1][0] in PHASES and item not in PHASES
        if first_mark or (rows[-1] and used + needs - KEY_GAP > width):
            rows.append([])
            used = 0.0
        rows[-1].append((item, label))
        used += needs
    return rows


def _draw_legend(
    sheet: Sheet, rows: list[list[tuple[str, str]]], study: dict, left: float, top: float
) -> None:
    looks = mark_looks(study)
    y = top - 1 - len(rows) * LEGEND_ROW + LEGEND_ROW / 2
    for row in rows:
        x = left
        for item, label in row:
            if item in PHASES:
                sheet.box(x, y - 1.2, 3.4, 2.4, facecolor=PHASES[item][0], linewidth=0)
            else:
                sheet.line([x + 1.7], [y], **_marker(looks[item]))
            sheet.text(x + KEY_SAMPLE, y, label)
            x += KEY_SAMPLE + text_width(label) + KEY_GAP
        y += LEGEND_ROW
