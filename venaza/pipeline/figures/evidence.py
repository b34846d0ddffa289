"""Response rates of this cohort beside published ones: a forest, by setting and endpoint."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from venaza.contracts.evidence import KINDS, SETTINGS, Row, chosen
from venaza.contracts.results import slug
from venaza.pipeline.figures import style
from venaza.pipeline.figures.lookup import Numbers
from venaza.pipeline.figures.style import (
    SMALL,
    TEXT,
    RowLayout,
    Sheet,
    text_height,
    text_width,
    wrap,
)
from venaza.study.labels import interval_name
from venaza.study.words import say

PITCH, GAP, MARGIN, AXIS, INDENT, COLUMN = 4.6, 2.2, 2.0, 9.5, 2.5, 3.5  # mm
NAME, REGIMEN = 44.0, 26.0  # mm: the widest name and regimen before they break
WORKED_OUT, NO_INTERVAL = "†", "‡"
OWN, POOLED = style.PALETTE[0], style.PALETTE[1]
COLUMNS = [
    "SETTING",
    "ENDPOINT",
    "KIND",
    "SERIES",
    "REGIMEN",
    "DENOMINATOR",
    "COUNT",
    "PERCENT",
    "LOWER",
    "UPPER",
    "PREDICTION_LOWER",
    "PREDICTION_UPPER",
    "PRINTED",
    "N",
]
_VALUES = ("PERCENT", "LOWER", "UPPER", "PREDICTION_LOWER", "PREDICTION_UPPER", "N")
_NOTES = (
    f"{WORKED_OUT} count worked out: the only one of the denominator that prints the percentage.",
    f"{NO_INTERVAL} drawn without interval: the counts behind the percentage are not certain.",
)


@dataclass(frozen=True)
class Layout(RowLayout):
    """The rows, and the left edges of the columns, in mm."""

    columns: dict[str, float]


def figure(rows: list[Row], numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """This cohort and the published series of each setting and endpoint, and their pooled rate.

    ``rows`` are those of the reference tables; every number is printed from ``rate_*`` and
    ``evidence`` of the ARD. Returns the sheet and the rows drawn.
    """
    data = _rows(rows, numbers, study)
    if data.empty:
        none = say(study, "No published rate stands beside one of this cohort.")
        return style.sentence_only(none), data
    layout = _layout(data, study)
    axes = _axes(layout, study)
    _headings(layout, study)
    for i, row in enumerate(data.to_dict("records")):
        _draw_row(layout, axes, i, row, study)
    note = _note(study)
    y = layout.top + sum(layout.heights) + AXIS + text_height(note, SMALL) / 2 + 0.5
    layout.sheet.text(MARGIN, y, note, SMALL, color=style.GREY)
    return layout.sheet, data


def _rows(rows: list[Row], numbers: Numbers, study: dict) -> pd.DataFrame:
    """For each setting and endpoint a heading, this cohort, the series, the pooled rates."""
    evidence = study["evidence"]
    parts: dict[tuple[str, str], list[Row]] = {}
    for group, row in chosen(rows, evidence):
        if f"evidence.rate.{group}.{row['id']}.percent" in numbers:
            parts.setdefault((group, row["endpoint"]), []).append(row)
    records = []
    for (group, endpoint), published in parts.items():
        setting = say(study, SETTINGS[evidence["settings"][group]])
        about = {"SETTING": setting, "ENDPOINT": say(study, endpoint)}
        found = [{"KIND": "heading"}]
        found += _own(group, evidence["rates"][endpoint], numbers, study)
        found += [_published(group, row, numbers, study) for row in published]
        found += _pooled(group, endpoint, numbers, study)
        records += [about | record for record in found]
    frame = pd.DataFrame(records, columns=COLUMNS)
    return frame.astype(dict.fromkeys(_VALUES, "Float64"))


def _own(group: str, parameter: str, numbers: Numbers, study: dict) -> list[dict]:
    """This cohort's rate in each of its denominators."""
    kinds = {"all": KINDS["all"], "evaluable": KINDS["evaluable"]}
    kinds |= {"remission": "in remission", "tested": "tested"}
    sizes = [
        numbers.value(f"rate_{kind}.{parameter}.{group}.denominator")
        for kind in ("all", "evaluable")
    ]
    if sizes[0] == sizes[1]:  # one row says both
        kinds["all"] = "all, evaluable"
        kinds.pop("evaluable")
    found = []
    for kind, words in kinds.items():
        stem = f"rate_{kind}.{parameter}.{group}"
        if f"{stem}.percent" in numbers:
            count = f"{numbers.display(f'{stem}.n')}/{numbers.display(f'{stem}.denominator')}"
            names = {"SERIES": say(study, "This cohort"), "DENOMINATOR": say(study, words)}
            record = {"KIND": "own", **names, "COUNT": count}
            found.append(record | _estimate(stem, numbers, f"{stem}.denominator"))
    return found


def _published(group: str, row: Row, numbers: Numbers, study: dict) -> dict:
    stem = f"evidence.rate.{group}.{row['id']}"
    denominator = numbers.display(f"{stem}.denominator")
    known = numbers.value(f"{stem}.n") is not None
    size = f"{stem}.denominator"
    if numbers.value(size) is None:
        size = f"evidence.series.{row['series']}.n"
    estimate = _estimate(stem, numbers, size)
    mark = ""
    if estimate["LOWER"] is None:
        mark = NO_INTERVAL
    elif row["counts"] == "worked out":
        mark = WORKED_OUT
    if known and estimate["LOWER"] is not None:
        count = f"{numbers.display(f'{stem}.n')}/{denominator}"
    else:
        count = f"–/{denominator}" if numbers.value(f"{stem}.denominator") else "–"
    return {
        "KIND": "published",
        "SERIES": row["name"],
        "REGIMEN": row["regimen"],
        "DENOMINATOR": say(study, KINDS[row["denominator_kind"]]),
        "COUNT": f"{count}{mark}",
        **estimate,
    }


def _pooled(group: str, endpoint: str, numbers: Numbers, study: dict) -> list[dict]:
    stem = rf"evidence\.pool\.{group}\.{slug(endpoint)}\.[^.]+\.([a-z]+)\.percent"
    found = []
    for match, ard_id in numbers.matching(stem):
        stem = ard_id.removesuffix(".percent")
        ahead = {f"PREDICTION_{e.upper()}": numbers.value(f"{stem}.prediction_{e}") for e in
                 ("lower", "upper")}  # fmt: skip
        found.append(
            {
                "KIND": "pooled",
                "SERIES": say(study, "Pooled, {n} series", n=numbers.display(f"{stem}.series")),
                "REGIMEN": numbers.method(ard_id).rpartition("; regimen ")[2],
                "DENOMINATOR": say(study, KINDS[match[1]]),
                "COUNT": f"n = {numbers.display(f'{stem}.patients')}",
                **_estimate(stem, numbers, f"{stem}.patients"),
                **ahead,
            }
        )
    return found


def _estimate(stem: str, numbers: Numbers, size: str) -> dict:
    names = {"PERCENT": "percent", "LOWER": "lower", "UPPER": "upper"}
    values = {column: numbers.value(f"{stem}.{name}") for column, name in names.items()}
    printed = numbers.interval(stem, *names.values())
    return {**values, "PRINTED": printed, "N": numbers.value(size)}


def _layout(data: pd.DataFrame, study: dict) -> Layout:
    rows = data.to_dict("records")
    heights = []
    for i, row in enumerate(rows):
        lines = max(text_height(text) for text in (_name(row), _regimen(row)))
        extra = GAP if i and row["KIND"] == "heading" else 0
        heights.append(max(PITCH, lines + 1) + extra)
    widths = {
        "name": INDENT + max(text_width(_name(r), TEXT) for r in rows if r["KIND"] != "heading"),
        "regimen": max(text_width(_regimen(r)) for r in rows),
        "count": max(text_width(_count(r, study)) for r in rows),
    }
    columns, x = {}, MARGIN
    for name, width in widths.items():
        columns[name] = x
        x += width + COLUMN
    printed = max(text_width(_text(r["PRINTED"])) for r in rows)
    printed = max(printed, text_width(_rate_heading(study), SMALL))
    columns["printed"] = style.DOUBLE - MARGIN - printed
    axis = (x + 1.0, columns["printed"] - COLUMN)
    top = (4.0 if study["study"].get("synthetic") else 1.0) + 7.0
    note = text_height(_note(study), SMALL)
    sheet = Sheet(style.DOUBLE, top + sum(heights) + AXIS + note + 2)
    sheet.mark = "This cohort: synthetic data"
    return Layout(sheet, top, heights, axis, columns)


def _note(study: dict) -> str:
    notes = "  ".join(say(study, note) for note in _NOTES)
    return wrap(notes, style.DOUBLE - 2 * MARGIN, SMALL)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(row: dict, study: dict) -> str:
    if row["KIND"] == "pooled":
        return say(study, "{n} ({of})", n=row["COUNT"], of=row["DENOMINATOR"])
    return f"{_text(row['COUNT'])} {_text(row['DENOMINATOR'])}".strip()


def _name(row: dict) -> str:
    return wrap(_text(row["SERIES"]), NAME)


def _regimen(row: dict) -> str:
    return wrap(_text(row["REGIMEN"]), REGIMEN)


def _rate_heading(study: dict) -> str:
    return say(study, "Percent ({interval})", interval=interval_name(study))


def _axes(layout: Layout, study: dict) -> Axes:
    axes = layout.axes()
    axes.set_xlim(0, 100)
    ticks = [0, 25, 50, 75, 100]
    axes.set_xticks(ticks, [f"{tick}" for tick in ticks])
    axes.set_xlabel(say(study, "Percent"), labelpad=1.5)
    for tick in ticks[1:]:
        axes.axvline(tick, color=style.PALE, linewidth=0.5, zorder=0)
    axes.axvline(0, color=style.PALE, linewidth=0.5, zorder=0)
    return axes


def _headings(layout: Layout, study: dict) -> None:
    y = layout.top - 2.0
    heads = {"name": "Series", "regimen": "Regimen", "count": "k/n and of whom"}
    heads["printed"] = _rate_heading(study)
    for name, text in heads.items():
        x = layout.columns[name]
        layout.sheet.text(x, y, say(study, text), SMALL, color=style.GREY, va="bottom")
    layout.sheet.line([MARGIN, style.DOUBLE - MARGIN], [y + 1.2, y + 1.2], linewidth=0.5)


def _draw_row(layout: Layout, axes: Axes, i: int, row: dict, study: dict) -> None:
    sheet, columns = layout.sheet, layout.columns
    if row["KIND"] == "heading":
        y = layout.middle(i) + (GAP / 2 if i else 0)
        told = {"setting": row["SETTING"], "endpoint": row["ENDPOINT"]}
        sheet.text(MARGIN, y, say(study, "{setting}: {endpoint}", **told), bold=True)
        return
    y = layout.middle(i)
    ink = {"own": style.readable(OWN), "pooled": style.readable(POOLED)}.get(row["KIND"], style.INK)
    own = row["KIND"] != "published"
    sheet.text(columns["name"] + INDENT, y, _name(row), bold=own, color=ink)
    if _regimen(row):
        sheet.text(columns["regimen"], y, _regimen(row), color=ink)
    sheet.text(columns["count"], y, _count(row, study), color=ink)
    sheet.text(columns["printed"], y, _text(row["PRINTED"]), color=ink)
    if not pd.isna(row["PERCENT"]):
        _draw_rate(axes, y - layout.top, row)


def _draw_rate(axes: Axes, y: float, row: dict) -> None:
    """A square with its interval, hollow where there is none; a diamond for a pooled rate."""
    colour = {"own": OWN, "pooled": POOLED}.get(row["KIND"], style.INK)
    gid = f"rate {row['SETTING']} {row['ENDPOINT']} {row['SERIES']} {row['DENOMINATOR']}"
    if row["KIND"] == "pooled":
        ahead = [float(row["PREDICTION_LOWER"]), float(row["PREDICTION_UPPER"])]
        axes.plot(ahead, [y, y], color=colour, linewidth=0.7, linestyle=(0, (2, 1.2)), zorder=2)
        x = [float(row[name]) for name in ("LOWER", "PERCENT", "UPPER", "PERCENT")]
        axes.fill(x, [y, y - 1.3, y, y + 1.3], color=colour, linewidth=0, zorder=3, gid=gid)
        return
    certain = not pd.isna(row["LOWER"])
    if certain:
        limits = [float(row["LOWER"]), float(row["UPPER"])]
        axes.plot(limits, [y, y], color=colour, linewidth=1.0, zorder=2)
    size = 2.4 if pd.isna(row["N"]) else min(6.4, 2.2 + 0.17 * math.sqrt(float(row["N"])))
    axes.plot(
        float(row["PERCENT"]),
        y,
        marker="s",
        markersize=size,
        markerfacecolor=colour if certain else "white",
        markeredgecolor=colour,
        markeredgewidth=0 if certain else 0.9,
        zorder=3,
        clip_on=False,
        gid=gid,
    )
