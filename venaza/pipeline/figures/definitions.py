"""One endpoint by each of its definitions: a panel for each group, a curve for each definition."""

from __future__ import annotations

import pandas as pd

from venaza.pipeline.figures import style
from venaza.pipeline.figures.curve_axes import month_ticks
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of
from venaza.pipeline.figures.style import PALETTE, SMALL, TEXT, Sheet, text_height, text_width, wrap
from venaza.pipeline.figures.survival import curve_steps, from_start
from venaza.study.labels import interval_name
from venaza.study.words import say

MARGIN, LEFT, GAP, HEIGHT = 2.0, 14.0, 12.0, 56.0  # mm: edge, y axis, between panels, a panel
ROW, SAMPLE = 4.3, 8.0  # mm: a row of the key, a sample of a line
LABEL = LEFT + SAMPLE + 2  # mm: where the names of the definitions begin
#: The definition that the study uses is drawn thick and black, the others thin and in colour.
OWN = style.INK


def figure(
    code: str, curves: pd.DataFrame, numbers: Numbers, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """The curves of endpoint ``code`` and of its alternatives (``EFS.eln2022``), by group.

    Medians come as printed from the ARD. Returns the sheet and the steps as drawn.
    """
    label = study["endpoints"][code]["label"]
    names = _definitions(code, study)
    steps = pd.concat(
        [curve_steps(curves, "kaplan_meier", c, study).assign(DEFINITION=n) for c, n in names],
        ignore_index=True,
    )
    if steps.empty:
        none = say(study, "{label}: no patient entered this analysis.", label=label)
        return style.sentence_only(none), steps
    groups = groups_of(study)
    top = 4.5 if study["study"].get("synthetic") else 1.5
    used = [say(study, "{name} (used here)", name=name) for _, name in names]
    first, width = _medians(used, groups)
    heads = [wrap(_heading(group, study), width - 2, SMALL) for group in groups]
    over = max(text_height(head, SMALL) for head in heads) + 0.8
    key = over + ROW * len(names)
    panel = (style.DOUBLE - LEFT - 4 - GAP * (len(groups) - 1)) / len(groups)
    sheet = Sheet(style.DOUBLE, top + key + 9 + HEIGHT + 11)
    for j, head in enumerate(heads):
        x, y = first + j * width, top + over - 1.6
        sheet.text(x, y, head, SMALL, va="bottom", color=style.GREY)
    own = [(code, used[0]), *names[1:]]
    _write_key(sheet, top + over, (first, width), own, groups, numbers)
    end = steps["MONTHS"].max()
    for i, group in enumerate(groups):
        left = LEFT + i * (panel + GAP)
        sheet.text(left, top + key + 5.5, group.label, bold=True)
        axes = sheet.axes(left, top + key + 9, panel, HEIGHT)
        _draw_panel(axes, group, names, steps, end, study)
        if i == 0:
            axes.set_ylabel(say(study, "{label} (%)", label=label))
    return sheet, steps


def _definitions(code: str, study: dict) -> list[tuple[str, str]]:
    """(endpoint code, name) of the definition in use and of the others."""
    own = [(code, study["endpoints"][code]["short"])]
    return own + [(c, d["short"]) for c, d in study["alternatives"].items() if d["of"] == code]


def _colour(i: int) -> str:
    return OWN if i == 0 else PALETTE[(i - 1) % len(PALETTE)]


def _line(i: int) -> dict:
    """Colours come round again after six definitions: those are dashed."""
    dash = "solid" if i <= len(PALETTE) else (0, (3, 1.6))
    return {"color": _colour(i), "linewidth": 1.7 if i == 0 else 1.0, "linestyle": dash}


def _medians(names: list[str], groups: list[Group]) -> tuple[float, float]:
    """Where the first column of medians begins, and how wide each is, in mm."""
    first = LABEL + max(text_width(name) for name in names) + 6
    return first, (style.DOUBLE - first) / len(groups)


def _heading(group: Group, study: dict) -> str:
    told = {"group": group.label, "interval": interval_name(study)}
    return say(study, "{group}: median ({interval}), months", **told)


def _write_key(
    sheet: Sheet,
    top: float,
    columns: tuple[float, float],
    names: list[tuple[str, str]],
    groups: list[Group],
    numbers: Numbers,
) -> None:
    first, width = columns
    for i, (code, name) in enumerate(names):
        y = top + ROW * (i + 0.5)
        sheet.line([LEFT, LEFT + SAMPLE], [y, y], **_line(i))
        sheet.text(LABEL, y, name, TEXT, bold=i == 0)
        for j, group in enumerate(groups):
            stem = f"km.{code}.{group.slug}"
            median = numbers.interval(stem, "median", "median_lower", "median_upper")
            sheet.text(first + j * width, y, median)


def _draw_panel(axes, group: Group, names, steps: pd.DataFrame, end: float, study: dict) -> None:
    ticks = month_ticks(end, float(study["analysis"]["risk_table_months"]))
    own = group.of(steps)
    # The definition in use lies on top, so that where others coincide with it, it is seen.
    for i, (_, name) in reversed(list(enumerate(names))):
        rows = own[own["DEFINITION"] == name]
        if rows.empty:
            continue
        months, estimate = rows["MONTHS"].to_numpy(), rows["ESTIMATE"].to_numpy()
        drawn = from_start(months, estimate, 100.0)
        axes.step(
            *drawn, where="post", clip_on=False, zorder=9 - i, gid=f"curve {name}", **_line(i)
        )
    axes.set_xlim(0, end * 1.015)
    axes.set_ylim(0, 100)
    every = 1 if len(ticks) <= 6 else 2
    axes.set_xticks(ticks[::every], [f"{tick:g}" for tick in ticks[::every]])
    axes.set_yticks(range(0, 101, 20))
    axes.set_xlabel(say(study, "Months"), labelpad=2)
