"""Claims on strata, what changes in time, landmarks and restricted means."""

from __future__ import annotations

import re

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    label,
    months,
    small,
)
from tests.report.claims.claims_models import ratio_between
from tests.report.claims.claims_survival import competing
from tests.report.claims.world import World


def stratified(w: World) -> list[str]:
    return list(w.study["analysis"]["strata"]) if w.several else []


@claim("methods.stratified")
def _(w):
    return bool(stratified(w))


@claim("dynamic.stratified")
def _(w):
    said = {}
    for code in stratified(w):
        strata = w.adsl()[w.study["analysis"]["strata"][code]].notna().all(axis=1)
        known = set(w.adsl().loc[strata, "USUBJID"])
        said[code] = f"in {w.times(code)['USUBJID'].isin(known).sum()} patients with known strata"
    return said


@claim("methods.cox_within_strata")
def _(w):
    return w.has("coxs.")


@claim("survival.cox_within_strata")
def _(w):
    return {c: "hazard ratio" for c in stratified(w) if ratio_between(w, c)}


def fine_gray(w: World) -> dict:
    return w.study["analysis"].get("fine_gray") or {}


@claim("methods.fine_gray")
def _(w):
    return bool(fine_gray(w))


@claim("survival.fine_gray")
def _(w):
    return {c: label(w, c) for c, names in fine_gray(w).items() if "GROUP" in names}


@claim("survival.fine_gray_in_the_table")
def _(w):
    return {c: label(w, c) for c, names in fine_gray(w).items() if "GROUP" not in names}


@claim("dynamic.gray")
def _(w):
    asked = w.several and w.study["analysis"]["compare_groups"]
    return {c: label(w, c) for c in competing(w) if asked and w.has(f"gray.{c}.")}


@claim("methods.gray")
def _(w):
    return w.several and bool(competing(w)) and w.has("gray.")


@claim("methods.rmst")
def _(w):
    return bool(w.study["analysis"]["rmst_months"])


def restricted(times: pd.DataFrame, until: float) -> float:
    """The area under the curve until a day."""
    from tests.report.claims.claim import steps

    area, day, survival = 0.0, 0.0, 1.0
    for t, s, _ in steps(times):
        if t >= until:
            break
        area, day, survival = area + survival * (t - day), t, s
    return area + survival * (until - day)


@claim("dynamic.rmst")
def _(w):
    said = {}
    for code, month in w.study["analysis"]["rmst_months"].items():
        area = {g: restricted(w.times(code, g), month * w.month) for g in w.groups}
        means = {g: f"{months(w, x)} months" for g, x in area.items()}
        said[code] = [f"restricted to {month:g} months", *by_group(w, means.get)]
    return said


def changing(w: World) -> dict[tuple[str, str], str]:
    """Endpoint and name of each change in time, with the milestone or column of its day."""
    wanted = w.study["analysis"]["time_dependent"]
    return {(c, n): m for c, own in wanted.items() for n, m in own.items()}


@claim("methods.landmark")
def _(w):
    days = [str(day) for day in w.study["analysis"]["landmark_days"]]
    return f"from {' or '.join(days)} days on" if days else None


@claim("methods.time_dependent", "methods.mantel_byar", "methods.last_day")
def _(w):
    return bool(changing(w))


def moving(w: World) -> bool:
    return bool(changing(w) or w.study["analysis"]["landmark_days"])


@claim("methods.dynamic_strata")
def _(w):
    return small(str(w.study["groups"]["label"])) if moving(w) and w.several else None


@claim("dynamic.immortal", "dynamic.associations")
def _(w):
    return moving(w)


def remitted_by(w: World, day: float) -> tuple[int, int]:
    """Of those under observation at a day, in remission by then, and not."""
    times = w.times("OS")
    still = set(times.loc[times["AVAL"] >= day, "USUBJID"])
    found = w.tables["milestones"]
    own = (found["MILESTONE"] == "FIRST_REMISSION") & (found["ADY"] <= day)
    reached = set(found.loc[own, "USUBJID"]) & still
    return len(reached), len(still) - len(reached)


@claim("dynamic.landmark")
def _(w):
    said = {}
    for i, day in enumerate(w.study["analysis"]["landmark_days"]):
        for code in [c for c in w.study["endpoints"] if w.has(f"landmark.{c}.d{day}.")]:
            said[f"{code} {day}"] = f"At {day} days" if i else f"landmark analysis at {day} days"
            text = w.said["dynamic.landmark"][f"{code} {day}"][0]
            if code == "OS" and not i:
                yes, no = remitted_by(w, day)
                numbers = [int(n) for n in re.findall(r"in (\d+) (?:patients in|not in)", text)]
                assert sum(numbers) == yes + no, (numbers, yes, no, text)
    return said


@claim("dynamic.change")
def _(w):
    said = {}
    found = w.tables["milestones"]
    for (code, name), source in changing(w).items():
        times = w.times(code)
        if source in w.adsl().columns:
            came = w.adsl().set_index("USUBJID")[source].dropna()
        else:
            came = found[found["MILESTONE"] == source].set_index("USUBJID")["ADY"]
        end = times.set_index("USUBJID")["AVAL"]
        shared = [u for u in end.index if u in came.index]
        exposed = sum(1 for u in shared if came[u] <= end[u])
        said[f"{code} {name}"] = f"(in {exposed} of {len(times)} patients)"
    return said


@claim("dynamic.salvage")
def _(w):
    return w.has("salvage.")
