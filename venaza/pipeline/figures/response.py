"""Best overall response as stacked bars, beside it the response rates with exact intervals."""

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
    text_height,
    text_width,
    wrap,
)
from venaza.study.labels import interval_name
from venaza.study.words import say

#: Remission in blues, other response in green, no response in warm tones, unknown in grey.
COLOURS = {
    "CR": "#08519c",
    "CRh": "#3182bd",
    "CRi": "#6baed6",
    "CRp": "#9ecae1",
    "MLFS": "#c7e9c0",
    "PR": "#74c476",
    "SD": "#fee391",
    "NR": "#fec44f",
    "REFRACTORY": "#fe9929",
    "PD": "#d95f0e",
    "RELAPSE": "#a63603",
    "NE": "#bdbdbd",
}
SPARE = "#969696"
#: The title of the rates, and what is negative, by the denominator.
TITLES = {
    "evaluable": "Response rates in evaluable patients with {level} confidence intervals",
    "all": "Response rates in all treated patients with {level} confidence intervals",
}
NEGATIVE = {
    "remission": "MRD negative, of patients in remission",
    "tested": "MRD negative, of patients tested in remission",
    "all": "MRD negative, of all patients",
}
RATES = ("ORR", "CRC", "MRDNEG")
COLUMNS = ["PANEL", "GROUP", "TERM", "N", "DENOMINATOR", "PERCENT", "LOWER", "UPPER", "PRINTED"]
BAR, PITCH, ROW, GAP = 6.4, 8.4, 4.6, 1.6  # mm: bar, bar to bar, row of rates, between rates
LABEL_WIDTH = 45.0  # mm of a group's label before it is broken into lines
TITLE, AXIS, MARGIN = 7.0, 10.0, 2.0  # mm: above and below a panel, at the sheet's edge


@dataclass(frozen=True)
class Layout:
    """Where the two panels lie: both share the left edge and the width of the percent axis."""

    sheet: Sheet
    left: float
    width: float
    top_a: float
    top_b: float
    row: float  # height of a group's row
    heading: float  # of a measure; one group stands in the measure's own row
    measures: list[str]


def figure(numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """Panel A: best overall response by group; panel B: overall response, remission, MRD.

    Prints ``bor.*`` and ``rate.*`` of the ARD. Returns the sheet and the rows drawn
    (PANEL, GROUP, TERM, N, DENOMINATOR, PERCENT, LOWER, UPPER, PRINTED).
    """
    groups = groups_of(study)
    bars, rates = _bars(groups, numbers, study), _rates(groups, numbers, study)
    data = pd.DataFrame(bars + rates, columns=COLUMNS)
    if not any(row["N"] for row in bars) and not any(row["DENOMINATOR"] for row in rates):
        return style.sentence_only(say(study, "No patient had a response assessment.")), data
    layout = _layout(groups, rates, study)
    _draw_bars(layout, bars, groups, study)
    _draw_rates(layout, rates, groups, study)
    return layout.sheet, data


def _bars(groups: list[Group], numbers: Numbers, study: dict) -> list[dict]:
    order = [str(category) for category in study["response"]["order"]]
    rows = []
    for group in groups:
        found = {}
        for match, ard_id in numbers.matching(rf"bor\.{group.slug}\.([^.]+)\.n"):
            found[numbers.term(ard_id) or match[1]] = ard_id.removesuffix(".n")
        for category in sorted(found, key=lambda c: (order.index(c) if c in order else 99, c)):
            stem = found[category]
            rows.append(
                {
                    "PANEL": "A",
                    "GROUP": group.key,
                    "TERM": category,
                    "N": int(numbers.value(f"{stem}.n") or 0),
                    "PERCENT": numbers.value(f"{stem}.percent") or 0.0,
                    "PRINTED": numbers.display(f"{stem}.percent"),
                }
            )
    return rows


def _rates(groups: list[Group], numbers: Numbers, study: dict) -> list[dict]:
    rows = []
    for parameter in RATES:
        for group in groups:
            stem = f"rate.{parameter}.{group.slug}"
            if f"{stem}.n" not in numbers:
                continue
            fraction = f"{numbers.display(f'{stem}.n')}/{numbers.display(f'{stem}.denominator')}"
            percent = numbers.interval(stem, "percent", "lower", "upper")
            rows.append(
                {
                    "PANEL": "B",
                    "GROUP": group.key,
                    "TERM": _measure(parameter, numbers, study),
                    "N": int(numbers.value(f"{stem}.n") or 0),
                    "DENOMINATOR": int(numbers.value(f"{stem}.denominator") or 0),
                    "PERCENT": numbers.value(f"{stem}.percent"),
                    "LOWER": numbers.value(f"{stem}.lower"),
                    "UPPER": numbers.value(f"{stem}.upper"),
                    "FRACTION": fraction,
                    "PRINTED": percent,
                }
            )
    return rows


def _measure(parameter: str, numbers: Numbers, study: dict) -> str:
    """What a rate is called, with the categories that this cohort's responses fell into."""
    rules = study["response"]
    ids = numbers.matching(r"bor\.[^.]+\.([^.]+)\.n")
    present = {numbers.term(ard_id) or match[1] for match, ard_id in ids if numbers.value(ard_id)}

    def with_seen(name: str, categories: list[str]) -> str:
        seen = [c for c in rules["order"] if c in categories and c in present]
        if not seen:
            return say(study, name)
        told = {"rate": say(study, name), "categories": say(study, ", ").join(seen)}
        return say(study, "{rate} ({categories})", **told)

    if parameter == "ORR":
        return with_seen("Overall response", rules["overall"])
    if parameter == "CRC":
        return with_seen("Composite complete remission", rules["remission"])
    return say(study, NEGATIVE[study["mrd"]["denominator"]])


def _layout(groups: list[Group], rates: list[dict], study: dict) -> Layout:
    measures = list(dict.fromkeys(row["TERM"] for row in rates))
    names = [text_width(text, TEXT, bold=True) for text in measures] or [0.0]
    names += [text_width(_label(g)) + 3 for g in groups]
    left = MARGIN + max(names) + 3
    printed = sum(_columns(rates)) if rates else 0.0
    width = style.DOUBLE - left - max(printed + 8, 40)
    top_a = (4.0 if study["study"].get("synthetic") else 1.0) + TITLE
    bottom_a = top_a + len(groups) * PITCH + AXIS
    top_b = bottom_a + 3 + TITLE
    row = max(ROW, *(text_height(_label(group)) + 1 for group in groups))
    heading = ROW if len(groups) > 1 else 0.0
    rows = len(measures) * (heading + row * len(groups) + GAP)
    height = top_b + rows + AXIS if measures else bottom_a
    return Layout(Sheet(style.DOUBLE, height), left, width, top_a, top_b, row, heading, measures)


def _label(group: Group) -> str:
    return wrap(group.label, LABEL_WIDTH)


def _columns(rates: list[dict]) -> tuple[float, float]:
    """Widths of the two printed columns beside the rates: n/N and percent with interval."""
    fractions, percents = ([row[key] for row in rates] for key in ("FRACTION", "PRINTED"))
    return max(map(text_width, fractions)) + 5, max(map(text_width, percents))


def _panel_title(layout: Layout, top: float, letter: str, title: str) -> None:
    y = top - TITLE + 2.5
    layout.sheet.text(MARGIN, y, letter, TEXT + 1, bold=True)
    layout.sheet.text(MARGIN + 5, y, title, bold=True)


def _percent_axes(layout: Layout, top: float, height: float, study: dict) -> Axes:
    axes = layout.sheet.axes(layout.left, top, layout.width, height)
    axes.set_xlim(0, 100)
    axes.set_ylim(height, 0)  # millimetres from the top
    axes.set_xticks(range(0, 101, 20))
    axes.set_yticks([])
    axes.set_xlabel(say(study, "Patients (%)"), labelpad=2)
    return axes


def _draw_bars(layout: Layout, bars: list[dict], groups: list[Group], study: dict) -> None:
    title = say(study, "Best overall response, all treated patients")
    _panel_title(layout, layout.top_a, "A", title)
    axes = _percent_axes(layout, layout.top_a, len(groups) * PITCH, study)
    for i, group in enumerate(groups):
        middle, start = (i + 0.5) * PITCH, 0.0
        for row in (r for r in bars if r["GROUP"] == group.key):
            _draw_segment(layout, axes, middle, start, row)
            start += row["PERCENT"]
        layout.sheet.text(
            MARGIN + 3,
            layout.top_a + middle,
            _label(group),
            color=readable(group.colour),
        )
    _draw_legend(layout, bars, study)


def _draw_segment(layout: Layout, axes: Axes, middle: float, start: float, row: dict) -> None:
    if not row["N"]:
        return
    colour = COLOURS.get(row["TERM"], SPARE)
    axes.barh(
        middle,
        row["PERCENT"],
        left=start,
        height=BAR,
        color=colour,
        edgecolor="white",
        linewidth=0.6,
        gid=f"{row['TERM']} {row['GROUP']}",
    )
    room = row["PERCENT"] / 100 * layout.width - 0.8
    if text_width(str(row["N"]), SMALL) <= room:
        x = layout.left + layout.width * (start + row["PERCENT"] / 2) / 100
        ink = {"color": "white" if style.is_dark(colour) else style.INK, "ha": "center"}
        layout.sheet.text(x, layout.top_a + middle, str(row["N"]), SMALL, **ink)


def _draw_legend(layout: Layout, bars: list[dict], study: dict) -> None:
    """The categories that occur, best first, beside the bars."""
    drawn = {row["TERM"] for row in bars if row["N"]}
    terms = list(dict.fromkeys(row["TERM"] for row in bars if row["TERM"] in drawn))
    order = study["response"]["order"]
    terms.sort(key=lambda term: order.index(term) if term in order else len(order))
    x0, pitch = layout.left + layout.width + 8, 4.2
    per_column = max(3, -(-len(terms) // 2))
    for i, term in enumerate(terms):
        x = x0 + 19 * (i // per_column)
        y = layout.top_a + 2 + pitch * (i % per_column)
        layout.sheet.box(x, y - 1.4, 2.8, 2.8, facecolor=COLOURS.get(term, SPARE), linewidth=0)
        layout.sheet.text(x + 4.2, y, say(study, term))


def _draw_rates(layout: Layout, rates: list[dict], groups: list[Group], study: dict) -> None:
    if not rates:
        return
    level = f"{100 * study['analysis']['confidence']:g}%"
    title = say(study, TITLES[study["response"]["denominator"]], level=level)
    _panel_title(layout, layout.top_b, "B", title)
    one = layout.heading + layout.row * len(groups) + GAP
    axes = _percent_axes(layout, layout.top_b, one * len(layout.measures), study)
    for tick in (20, 40, 60, 80, 100):
        axes.axvline(tick, color=style.PALE, linewidth=0.4, zorder=0)
    fraction, percent = _columns(rates)
    ends = [layout.left + layout.width + 4 + fraction]
    ends.append(ends[0] + percent + 2)
    heads = ("n/N", say(study, "% ({interval})", interval=interval_name(study)))
    for x, text in zip(ends, heads, strict=True):
        layout.sheet.text(x, layout.top_b - 1.5, text, SMALL, color=style.GREY, ha="right")
    y = 0.0
    for measure in layout.measures:
        layout.sheet.text(MARGIN, layout.top_b + y + ROW / 2, measure, bold=True)
        y += layout.heading
        for group in groups:
            for row in rates:
                if (row["TERM"], row["GROUP"]) == (measure, group.key):
                    _draw_rate(layout, axes, y + layout.row / 2, row, group, ends)
            y += layout.row
        y += GAP


def _draw_rate(
    layout: Layout, axes: Axes, y: float, row: dict, group: Group, ends: list[float]
) -> None:
    on_sheet = layout.top_b + y
    if layout.heading:
        layout.sheet.text(MARGIN + 3, on_sheet, _label(group), color=readable(group.colour))
    for x, text in zip(ends, (row["FRACTION"], row["PRINTED"]), strict=True):
        layout.sheet.text(x, on_sheet, text, ha="right")
    if row["PERCENT"] is None:
        return
    if row["LOWER"] is not None and row["UPPER"] is not None:
        axes.plot([row["LOWER"], row["UPPER"]], [y, y], color=group.colour, linewidth=1.3)
    axes.plot(
        row["PERCENT"],
        y,
        marker="s",
        markersize=4.2,
        markeredgewidth=0,
        color=group.colour,
        clip_on=False,
        gid=f"rate {row['TERM']} {group.slug}",
    )
