"""Simon-Makuch curves: survival before and after a change, each patient where they stand."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from venaza.pipeline.figures import style
from venaza.pipeline.figures.curve_axes import CurveSheet
from venaza.pipeline.figures.curve_key import DASHED, Key
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of, p_value
from venaza.pipeline.figures.style import Sheet
from venaza.study.words import retold, say

#: The states, and what a group is called in each.
STATES = {"exposed": "{group}, after", "unexposed": "{group}, before"}


def simon_makuch(
    code: str, change: str, curves: pd.DataFrame, numbers: Numbers, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """Curves of endpoint ``code`` after ``change`` (solid) and before it (dashed), by group.

    ``curves`` are rows of CURVES with ``cause`` ``CHANGE exposed`` or ``CHANGE unexposed``. Below
    stand those under observation in each state. Returns the sheet and the steps as drawn
    (MONTHS; ESTIMATE in percent).
    """
    label = study["endpoints"][code]["label"]
    steps = _steps(code, change, curves, study)
    if set(steps["STATE"]) != set(STATES):
        some = numbers.value(f"tdcox.{code}.{change}.n")
        few = "{label}: too few patients on one side of the change, so no curve is drawn."
        why = few if some else "{label}: no patient, so no curve is drawn."
        return style.sentence_only(say(study, why, label=label)), steps.iloc[:0]
    lines = _lines(study)
    note = _note(f"{code}.{change}", numbers, study)
    what = numbers.term(f"tdcox.{code}.{change}.n") or change.capitalize()
    what = retold(study, what[:1].lower() + what[1:])
    key = Key([line for *_, line in lines], (), [() for _ in lines], note)
    stem = f"simonmakuch.{code}.{change}"
    end = steps["MONTHS"].max()
    title = say(study, "{label} (%), by {what}", label=label, what=what)
    whole = CurveSheet(
        title,
        100,
        end,
        code,
        numbers,
        study,
        key,
        at_risk={g.slug: f"{stem}.{g.slug}" for g in key.groups},
    )
    for group, state, line in lines:
        rows = group.of(steps[steps["STATE"] == state])
        if rows.empty:
            continue
        whole.axes.step(
            [0.0, *rows["MONTHS"]],
            [100.0, *rows["ESTIMATE"]],
            where="post",
            color=line.colour,
            linewidth=1.4 if state == "exposed" else 1.1,
            linestyle=line.dash,
            clip_on=False,
            zorder=3,
            gid=f"{state} {group.slug}",
        )
    return whole.sheet, whole.drawn(steps)


def _steps(code: str, change: str, curves: pd.DataFrame, study: dict) -> pd.DataFrame:
    rows = curves[(curves["curve"] == "simon_makuch") & (curves["endpoint"] == code)]
    rows = rows[rows["cause"].isin([f"{change} {state}" for state in STATES])]
    rows = rows.sort_values(["group", "cause", "time"], kind="stable")
    return pd.DataFrame(
        {
            "GROUP": rows["group"],
            "STATE": rows["cause"].str.removeprefix(f"{change} "),
            "MONTHS": rows["time"].astype("float64") / study["timeline"]["days_per_month"],
            "ESTIMATE": 100 * rows["estimate"].astype("float64"),
        }
    ).reset_index(drop=True)


@dataclass(frozen=True)
class Line(Group):
    """The patients of a group who are in one state: exposed or not."""

    state: str = ""

    @property
    def slug(self) -> str:
        """The group and the state as they stand in ids of the ARD."""
        return f"{super().slug}.{self.state}"


def _lines(study: dict) -> list[tuple[Group, str, Group]]:
    """Each group and state, and how it is drawn and called."""
    found = []
    for group in groups_of(study):
        for state, word in STATES.items():
            dash = "-" if state == "exposed" else DASHED
            about = (group.variable, group.colour, dash, state)
            line = Line(group.level, say(study, word, group=group.label), *about)
            found.append((group, state, line))
    return found


def _note(stem: str, numbers: Numbers, study: dict) -> str:
    p = f"mantelbyar.{stem}.p_value"
    if numbers.value(p) is None:
        return ""
    return say(study, "Mantel–Byar {p}", p=p_value(numbers.display(p)))
