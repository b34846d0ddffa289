"""Survival and cumulative incidence curves above a table of numbers at risk."""

from __future__ import annotations

import re
from functools import reduce

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from venaza.contracts.wording import small
from venaza.pipeline.figures import style
from venaza.pipeline.figures.curve_axes import CurveSheet
from venaza.pipeline.figures.curve_key import DASHED, SOLID, Key
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of, p_value
from venaza.pipeline.figures.style import Sheet
from venaza.study.labels import interval_name
from venaza.study.words import say

CAUSES = ("event", "competing")


def kaplan_meier(
    code: str, curves: pd.DataFrame, numbers: Numbers, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """Kaplan-Meier curves of endpoint ``code`` with bands, censor ticks and numbers at risk.

    ``curves`` are rows of CURVES (time in days, estimate 0 to 1); medians, their intervals and
    the log-rank p come as printed from the ARD. Returns the sheet, and what is drawn: steps
    (MONTHS; ESTIMATE, LOWER, UPPER in percent) and numbers at risk.
    """
    label = study["endpoints"][code]["label"]
    steps = curve_steps(curves, "kaplan_meier", code, study)
    if steps.empty:
        some = any(numbers.value(f"km.{code}.{g.slug}.n") for g in groups_of(study))
        return nothing(label, some, study), steps
    groups = groups_of(study)
    key = _survival_key(code, groups, numbers, study)
    end = steps["MONTHS"].max()
    title = say(study, "{label} (%)", label=label)
    whole = CurveSheet(title, 100, end, code, numbers, study, key)
    for group in groups:
        draw_survival(whole.axes, group, group.of(steps), len(groups))
    _median_lines(whole.axes, code, groups, numbers)
    return whole.sheet, whole.drawn(steps)


def curve_steps(curves: pd.DataFrame, kind: str, code: str, study: dict) -> pd.DataFrame:
    """The steps of an endpoint's curves: GROUP, CAUSE, MONTHS, and percentages."""
    rows = curves[(curves["curve"] == kind) & (curves["endpoint"] == code)]
    rows = rows.sort_values(["group", "cause", "time"], kind="stable")
    return pd.DataFrame(
        {
            "GROUP": rows["group"],
            "CAUSE": rows["cause"],
            "MONTHS": rows["time"].astype("float64") / study["timeline"]["days_per_month"],
            "ESTIMATE": 100 * rows["estimate"].astype("float64"),
            "LOWER": 100 * rows["lower"].astype("float64"),
            "UPPER": 100 * rows["upper"].astype("float64"),
            "CENSORED": rows["n_censor"].fillna(0).astype("int64"),
        }
    ).reset_index(drop=True)


def nothing(label: str, some: object, study: dict) -> Sheet:
    """The sentence in place of a figure without a curve; ``some``: patients there are, but few."""
    none = "{label}: no patient entered this analysis, so no curve is drawn."
    few = "{label}: too few patients entered this analysis, so no curve is drawn."
    return style.sentence_only(say(study, few if some else none, label=label))


def _survival_key(code: str, groups: list[Group], numbers: Numbers, study: dict) -> Key:
    rows = []
    for group in groups:
        stem = f"km.{code}.{group.slug}"
        median = numbers.interval(stem, "median", "median_lower", "median_upper")
        counts = (numbers.display(f"{stem}.n", "0"), numbers.display(f"{stem}.events", "0"))
        rows.append((*counts, median))
    note = ""
    if numbers.value(f"logrank.{code}.p_value") is not None:
        p = p_value(numbers.display(f"logrank.{code}.p_value"))
        note = say(study, "Log-rank {p}", p=p)
    return Key(groups, headings(study), rows, note)


def headings(study: dict) -> tuple[str, str, str]:
    """What stands over the patients, the events and the median of each curve."""
    median = say(study, "Median ({interval}), months", interval=interval_name(study))
    return say(study, "Patients"), say(study, "Events"), median


def draw_survival(axes: Axes, group: Group, steps: pd.DataFrame, n_groups: int) -> None:
    """A group's curve with its band and censor ticks; ``steps`` as ``curve_steps`` gives them."""
    if steps.empty:
        return
    months, estimate = steps["MONTHS"].to_numpy(), steps["ESTIMATE"].to_numpy()
    axes.fill_between(
        months,
        steps["LOWER"].to_numpy(),
        steps["UPPER"].to_numpy(),
        step="post",
        color=group.colour,
        alpha=0.14 if n_groups <= 2 else 0.09,
        linewidth=0,
        zorder=1,
    )
    axes.step(
        *from_start(months, estimate, 100.0),
        where="post",
        color=group.colour,
        linewidth=1.4,
        clip_on=False,
        zorder=3,
        gid=f"curve {group.slug}",
    )
    censored = steps["CENSORED"].to_numpy() > 0
    crowded = censored.sum() > 80
    axes.plot(
        months[censored],
        estimate[censored],
        linestyle="none",
        marker="|",
        markersize=3.2 if crowded else 5,
        markeredgewidth=0.5 if crowded else 0.9,
        color=group.colour,
        clip_on=False,
        zorder=4,
        gid=f"censored {group.slug}",
    )


def from_start(
    months: np.ndarray, estimate: np.ndarray, start: float
) -> tuple[np.ndarray, np.ndarray]:
    """The steps from ``start`` percent on: an event on day 0 is a step too."""
    if not len(estimate) or estimate[0] == start:
        return months, estimate
    return np.concatenate([[0.0], months]), np.concatenate([[start], estimate])


def _median_lines(axes: Axes, code: str, groups: list[Group], numbers: Numbers) -> None:
    medians = [(g, numbers.value(f"km.{code}.{g.slug}.median")) for g in groups]
    reached = [(group, median) for group, median in medians if median is not None]
    dotted = {"linestyle": (0, (1, 1.6)), "linewidth": 0.8, "zorder": 2}
    if reached:
        furthest = max(median for _, median in reached)
        axes.plot([0, furthest], [50, 50], color=style.GREY, gid="half", **dotted)
    for group, median in reached:
        axes.plot(
            [median, median], [0, 50], color=group.colour, gid=f"median {group.slug}", **dotted
        )


#: So many competing events are named in the key; more would not fit.
_NAMED = 2


def cumulative_incidence(
    code: str, curves: pd.DataFrame, numbers: Numbers, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """Aalen-Johansen curves of endpoint ``code``: the event solid, the competing event dashed.

    ``curves`` are rows of CURVES with ``cause`` event or competing. Returns the sheet and the
    steps as drawn (MONTHS; ESTIMATE, LOWER, UPPER in percent).
    """
    endpoint = study["endpoints"][code]
    steps = curve_steps(curves, "cumulative_incidence", code, study)
    if steps.empty:
        entered = [i for _, i in numbers.matching(rf"event\.{re.escape(code)}\..+\.n")]
        return nothing(endpoint["label"], any(map(numbers.value, entered)), study), steps
    groups = groups_of(study)
    names = _cause_names(endpoint, study)
    key = _incidence_key(code, names, groups, numbers, study)
    end, highest = steps["MONTHS"].max(), steps["ESTIMATE"].max()
    y_end = min(100, max(40, 20 * -(-highest * 1.05 // 20)))
    title = say(study, "Cumulative incidence (%)")
    whole = CurveSheet(title, y_end, end, code, numbers, study, key)
    for group in groups:
        rows = group.of(steps)
        for cause, dash in zip(CAUSES, (SOLID, DASHED), strict=True):
            line = rows[rows["CAUSE"] == cause]
            whole.axes.step(
                *from_start(line["MONTHS"].to_numpy(), line["ESTIMATE"].to_numpy(), 0.0),
                where="post",
                color=group.colour,
                linewidth=1.4 if cause == "event" else 1.1,
                linestyle=dash,
                clip_on=False,
                zorder=3,
                gid=f"{cause} {group.slug}",
            )
    return whole.sheet, whole.drawn(steps)


def _cause_names(endpoint: dict, study: dict) -> dict[str, str]:
    """What the two kinds of curves are called: as labelled, or as the milestones are described."""

    def described(codes: list[str]) -> str:
        milestones = study.get("milestones") or {}
        words = [milestones.get(c, {}).get("description", c.capitalize()) for c in codes]
        return reduce(either, words)

    def either(some: str, other: str) -> str:
        return say(study, "{some} or {other}", some=some, other=small(other))

    event = described(endpoint["events"])
    if label := endpoint.get("competing_label"):
        return {"event": event, "competing": label}
    if len(endpoint["competing"]) > _NAMED:
        return {"event": event, "competing": say(study, "Any competing event")}
    both = {"competing": described(endpoint["competing"]), "event": small(event)}
    return {"event": event, "competing": say(study, "{competing} without {event}", **both)}


def _incidence_key(
    code: str, names: dict[str, str], groups: list[Group], numbers: Numbers, study: dict
) -> Key:
    causes = tuple(names[cause] for cause in CAUSES)
    month = _last_landmark(code, groups, numbers)
    if month is None:
        return Key(groups, (), [() for _ in groups], causes=causes)
    when = {"month": month.replace("_", "."), "interval": interval_name(study)}
    over = "{cause}\nat {month} months, % ({interval})"
    rows = [
        tuple(
            numbers.interval(f"ci.{code}.{g.slug}.{cause}.m{month}", "estimate", "lower", "upper")
            for cause in CAUSES
        )
        for g in groups
    ]
    heads = tuple(say(study, over, cause=names[cause], **when) for cause in CAUSES)
    return Key(groups, heads, rows, causes=causes)


def _last_landmark(code: str, groups: list[Group], numbers: Numbers) -> str | None:
    """The latest landmark, as written in ARD ids, that most groups have been followed to."""
    found: dict[str, int] = {}
    for group in groups:
        pattern = rf"ci\.{re.escape(code)}\.{group.slug}\.event\.m([0-9_]+)\.estimate"
        for match, ard_id in numbers.matching(pattern):
            found.setdefault(match[1], 0)
            found[match[1]] += numbers.value(ard_id) is not None
    known = [month for month, count in found.items() if count]
    if not known:
        return None
    most = max(found[month] for month in known)
    return max(
        (month for month in known if found[month] == most),
        key=lambda month: float(month.replace("_", ".")),
    )
