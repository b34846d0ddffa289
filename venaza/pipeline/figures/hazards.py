"""The hazard ratios of a Cox table as a forest: each covariate alone, and all in one model."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from venaza.contracts.results import slug
from venaza.contracts.wording import small
from venaza.pipeline.figures import ratios, style
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
from venaza.study.labels import level, per, variable
from venaza.study.words import say

PITCH, GAP, MARGIN, AXIS, INDENT = 6.0, 1.2, 2.0, 7.5, 3.0  # mm
COLUMN, LABEL = 4.0, 42.0  # mm: between columns, the widest label
#: How far from the middle of a row the two marks stand, in mm.
APART = 1.1
#: The models: the ARD's prefix, what stands over the printed ratios, the mark.
MODELS = (
    ("cox", "One covariate at a time", {"marker": "s"}),
    ("coxm", "Multivariable", {"marker": "D", "color": style.PALETTE[0]}),
)
COLUMNS = ["VARIABLE", "LEVEL", "EVENTS", "N"]
RATIOS = ["MODEL", "HAZARD_RATIO", "LOWER", "UPPER", "PRINTED"]


@dataclass(frozen=True)
class Layout(RowLayout):
    """The rows, and where the sizes and each model's printed ratios stand, in mm."""

    sizes: float
    printed: dict[str, float]


def figure(code: str, numbers: Numbers, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """Each covariate or level: events/patients, hazard ratio alone and in the model of all.

    Prints ``cox``, ``coxn`` and ``coxm`` of the ARD. Returns the sheet and the ratios drawn:
    VARIABLE, LEVEL, EVENTS, N, MODEL (cox | coxm), HAZARD_RATIO, LOWER, UPPER, PRINTED.
    """
    rows = _rows(code, numbers, study)
    data = _data(rows)
    if data["HAZARD_RATIO"].isna().all():
        none = say(study, "No hazard ratio could be estimated.")
        return style.sentence_only(none), data.head(0)
    layout = _layout(rows, data, study)
    axes = ratios.axes(layout, data)
    _headings(layout, study)
    for i, row in enumerate(rows):
        _draw_row(layout, axes, i, row)
    _draw_directions(layout, study)
    return layout.sheet, data


def _rows(code: str, numbers: Numbers, study: dict) -> list[dict]:
    """A row for each number and each level, and one over the levels of a category."""
    analysis = study["analysis"]
    together = analysis.get("multivariable", {}).get(code, ())
    rows = []
    for name in dict.fromkeys([*analysis["cox"].get(code, ()), *together]):
        label, unit = variable(name, study)
        key = slug(name)
        stems = {kind: f"{kind}.{code}.{key}" for kind, _, _ in MODELS}
        alone = [stem for stem in stems.values() if f"{stem}.hazard_ratio" in numbers]
        if alone:
            rise = per(numbers.method(f"{alone[0]}.hazard_ratio"), unit, study)
            head = {"VARIABLE": say(study, "{label}, {rise}", label=label, rise=rise), "LEVEL": ""}
            rows.append(head | _sizes(stems["cox"], numbers) | _ratios(stems, numbers))
            continue
        found = {
            match[1]: ard_id
            for stem in stems.values()
            for match, ard_id in numbers.matching(rf"{stem}\.([^.]+)\.hazard_ratio")
        }
        for n, (part, ard_id) in enumerate(found.items()):
            if n == 0:
                reference = numbers.method(ard_id).rpartition("reference ")[2]
                told = {"label": label, "level": small(level(name, reference, study))}
                against = say(study, "{label} (reference: {level})", **told)
                rows.append({"VARIABLE": against, "LEVEL": "", "RATIOS": {}})
            text = level(name, numbers.term(ard_id) or part, study)
            of_level = {kind: f"{stem}.{part}" for kind, stem in stems.items()}
            row = {"VARIABLE": rows[-1]["VARIABLE"], "LEVEL": text}
            sizes = _sizes(f"coxn.{code}.{key}.{part}", numbers)
            rows.append(row | sizes | _ratios(of_level, numbers))
    return rows


def _sizes(stem: str, numbers: Numbers) -> dict[str, str]:
    if f"{stem}.n" not in numbers:
        return {}
    return {"EVENTS": numbers.display(f"{stem}.events"), "N": numbers.display(f"{stem}.n")}


def _ratios(stems: dict[str, str], numbers: Numbers) -> dict:
    found = {
        kind: ratios.ratio(stem, numbers)
        for kind, stem in stems.items()
        if f"{stem}.hazard_ratio" in numbers
    }
    return {"RATIOS": found}


def _data(rows: list[dict]) -> pd.DataFrame:
    records = [
        {**{name: row.get(name, "") for name in COLUMNS}, "MODEL": kind, **found}
        for row in rows
        for kind, found in row["RATIOS"].items()
    ]
    frame = pd.DataFrame(records, columns=[*COLUMNS, *RATIOS])
    return frame.astype(dict.fromkeys(ratios.NAMES, "Float64"))


def _label(row: dict) -> str:
    return wrap(row["LEVEL"] or row["VARIABLE"], LABEL, TEXT, bold=not row["LEVEL"])


def _starts(row: dict) -> bool:
    """Whether a covariate begins with the row."""
    return not row["LEVEL"]


def _over(text: str, study: dict) -> str:
    return f"{wrap(say(study, text), 30, SMALL)}\n{ratios.heading(study, short=True)}"


def _layout(rows: list[dict], data: pd.DataFrame, study: dict) -> Layout:
    heights = [
        max(PITCH if row["RATIOS"] else PITCH - 1, text_height(_label(row)) + 1)
        + (GAP if i and _starts(row) else 0)
        for i, row in enumerate(rows)
    ]
    labels = max(text_width(_label(row), TEXT, True) for row in rows) + INDENT
    half = text_width(say(study, "events/n"), SMALL) / 2
    sizes = MARGIN + labels + COLUMN + half
    right, printed = style.DOUBLE - MARGIN, {}
    heads = {kind: _over(text, study) for kind, text, _ in MODELS if (data["MODEL"] == kind).any()}
    for kind, head in reversed(heads.items()):
        texts = data.loc[data["MODEL"] == kind, "PRINTED"]
        right -= max(text_width(head, SMALL), *(text_width(text) for text in texts))
        printed[kind] = right
        right -= COLUMN
    left = sizes + half + COLUMN
    top = 4.0 if study["study"].get("synthetic") else 1.0
    top += 3.0 + max(text_height(head, SMALL) for head in heads.values())
    sheet = Sheet(style.DOUBLE, top + sum(heights) + AXIS + text_height("←", SMALL))
    return Layout(sheet, top, heights, (left, right), sizes, printed)


def _headings(layout: Layout, study: dict) -> None:
    sheet, y = layout.sheet, layout.top - 2.0
    grey = {"color": style.GREY, "va": "bottom"}
    sheet.text(layout.sizes, y, say(study, "events/n"), SMALL, ha="center", **grey)
    for kind, text, look in MODELS:
        if kind in layout.printed:
            x, over = layout.printed[kind], _over(text, study)
            sheet.text(x, y, over, SMALL, **grey)
            colour = look.get("color", style.INK)
            first = y - text_height(over, SMALL) + text_height("x", SMALL) - 0.8
            sheet.line([x - 1.8], [first], marker=look["marker"], markersize=3, color=colour)
    sheet.line([MARGIN, style.DOUBLE - MARGIN], [y + 1.2, y + 1.2], linewidth=0.5)


def _draw_row(layout: Layout, axes: Axes, i: int, row: dict) -> None:
    sheet = layout.sheet
    y = layout.middle(i) + (GAP / 2 if i and _starts(row) else 0)
    sheet.text(MARGIN + (0 if _starts(row) else INDENT), y, _label(row), bold=_starts(row))
    if row.get("N"):
        sheet.text(layout.sizes, y, f"{row['EVENTS']}/{row['N']}", ha="center")
    for kind, _, look in MODELS:
        if kind not in row["RATIOS"]:
            continue
        found = row["RATIOS"][kind]
        sheet.text(layout.printed[kind], y, found["PRINTED"])
        if found["HAZARD_RATIO"] is not None:
            shift = (APART if kind == "coxm" else -APART) if len(row["RATIOS"]) > 1 else 0
            what = f"{kind} {row['VARIABLE']} {row['LEVEL']}".rstrip()
            ratios.mark(axes, y - layout.top + shift, found, markersize=4, gid=what, **look)


def _draw_directions(layout: Layout, study: dict) -> None:
    left, right = layout.axis
    y = layout.top + sum(layout.heights) + AXIS + text_height("←", SMALL) / 2 - 0.8
    middle = (left + right) / 2
    for text, shift, align in (("← lower hazard", -1.5, "right"), ("higher hazard →", 1.5, "left")):
        place = (middle + shift, y)
        layout.sheet.text(*place, say(study, text), SMALL, ha=align, color=style.GREY)
