"""Published survival curves, reconstructed from their pictures, beside those of the cohort."""

from __future__ import annotations

import pandas as pd

from venaza.pipeline.figures import style
from venaza.pipeline.figures.curve_axes import CurveSheet
from venaza.pipeline.figures.curve_key import DASHED, Key
from venaza.pipeline.figures.lookup import Group, Numbers, groups_of
from venaza.pipeline.figures.style import PALETTE, Sheet
from venaza.pipeline.figures.survival import curve_steps, draw_survival, from_start, headings
from venaza.study.words import say


def figure(
    code: str, curves: pd.DataFrame, numbers: Numbers, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """Kaplan-Meier curves of endpoint ``code``: the cohort's solid, reconstructed ones dashed.

    A reconstructed curve has neither band nor censor ticks: where patients were censored was
    not published. No test compares the curves. Returns the sheet and the steps as drawn.
    """
    label = study["endpoints"][code]["label"]
    own, published = groups_of(study), published_groups(code, study)
    ours = curve_steps(curves, "kaplan_meier", code, study).assign(RECONSTRUCTED="no")
    theirs = curve_steps(curves, "reconstructed", code, study).assign(RECONSTRUCTED="yes")
    parts = [part for part in (ours, theirs) if not part.empty]
    if not parts:
        none = say(study, "{label}: no patient entered this analysis.", label=label)
        return style.sentence_only(none), ours
    steps = pd.concat(parts, ignore_index=True)
    stems = {g.slug: f"km.{code}.{g.slug}" for g in own}
    stems |= {g.slug: f"reconstructed.{code}.{g.slug}" for g in published}
    at_risk = {g.slug: f"risk.{code}.{g.slug}" for g in own}
    at_risk |= {g.slug: f"reconstructed_risk.{code}.{g.slug}" for g in published}
    key = _key([*own, *published], stems, numbers, study)
    end = steps["MONTHS"].max()
    title = say(study, "{label} (%)", label=label)
    whole = CurveSheet(title, 100, end, code, numbers, study, key, at_risk)
    for group in own:
        draw_survival(whole.axes, group, group.of(ours), len(own))
    for group in published:
        line = group.of(theirs)
        whole.axes.step(
            *from_start(line["MONTHS"].to_numpy(), line["ESTIMATE"].to_numpy(), 100.0),
            where="post",
            color=group.colour,
            linewidth=1.2,
            linestyle=group.dash,
            clip_on=False,
            zorder=3,
            gid=f"reconstructed {group.slug}",
        )
    return whole.sheet, whole.drawn(steps.drop(columns=["CAUSE"]))


def published_groups(code: str, study: dict) -> list[Group]:
    """The digitised curves of endpoint ``code``, each drawn as a group of its own."""
    own = len(groups_of(study))
    found = [c for c in study["published_curves"] if c["endpoint"] == code]
    return [
        Group(
            curve["id"],
            say(study, "{curve} (reconstructed)", curve=curve["label"]),
            colour=PALETTE[(own + i) % len(PALETTE)],
            dash=DASHED,
        )
        for i, curve in enumerate(found)
    ]


def _key(groups: list[Group], stems: dict[str, str], numbers: Numbers, study: dict) -> Key:
    rows = []
    for group in groups:
        stem = stems[group.slug]
        median = numbers.interval(stem, "median", "median_lower", "median_upper")
        counts = (numbers.display(f"{stem}.n", "0"), numbers.display(f"{stem}.events", "0"))
        rows.append((*counts, median))
    return Key(groups, headings(study), rows)
