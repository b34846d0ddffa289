"""Claims on failure and what followed."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    listed,
    many,
    median,
    months,
    where,
    with_patients,
)
from tests.report.claims.world import World


def after(w: World) -> str | None:
    """What the course is looked at after; None where the study does not ask."""
    endpoint = w.study["endpoints"].get("PFOS")
    return endpoint and ("relapse" if endpoint["start"] == "RELAPSE" else "failure")


def failed(w: World, group: str = "all") -> pd.DataFrame:
    adsl = w.adsl(group)
    return adsl[adsl["FAILFL"] == "Y"]


@claim("failure.none")
def _(w):
    return after(w) == "failure" and not len(failed(w))


@claim("failure.kinds")
def _(w):
    if after(w) != "failure" or not len(failed(w)):
        return None
    parts = []
    for group in w.groups:
        rows = failed(w, group)
        if len(rows):
            kinds = rows["FAILTYPE"].astype("string").str.lower().value_counts()
            parts += by_group(
                w, lambda g: f"{len(failed(w, g))} of {len(w.members(g))} patients", [group]
            )
            parts += [{f" in {n}" for n in kinds}]
    return parts


@claim("failure.spared")
def _(w):
    spared = [g for g in w.groups if not len(failed(w, g))]
    if after(w) != "failure" or not spared or not len(failed(w)):
        return None
    return listed([where(w, g) for g in spared], "or")


def relapsed(w: World, group: str) -> int:
    """Patients with a day of relapse among the milestones."""
    found = w.tables["milestones"]
    return len(set(found.loc[found["MILESTONE"] == "RELAPSE", "USUBJID"]) & w.members(group))


@claim("failure.no_relapse")
def _(w):
    return after(w) == "relapse" and not relapsed(w, "all")


@claim("failure.relapses")
def _(w):
    if after(w) != "relapse" or not relapsed(w, "all"):
        return None
    return by_group(w, lambda g: f"{relapsed(w, g)} of {len(w.members(g))} patients")


def treated(w: World, group: str = "all") -> pd.DataFrame:
    return failed(w, group)[failed(w, group)["PFTRTFL"] == "Y"]


def asked_after(w: World) -> bool:
    return bool(after(w)) and w.maps("therapies") and len(failed(w)) > 0


@claim("failure.not_treated")
def _(w):
    return asked_after(w) and not len(treated(w))


@claim("failure.treated")
def _(w):
    if not asked_after(w) or not len(treated(w)):
        return None
    groups = [g for g in w.groups if len(treated(w, g))]
    return by_group(w, lambda g: many(len(treated(w, g))), groups)


def palliated(w: World, group: str) -> pd.DataFrame:
    """Rows of therapies, all of them supportive, of those who failed and had nothing else."""
    names = w.study["failure"]["supportive"]
    own = w.clean["therapies"]
    since = w.study["failure"]["treated_before_days"]
    own = own.merge(failed(w, group)[["USUBJID", "FAILDY"]], on="USUBJID")
    own = own[(own["CMSTDY"] >= 1) & (own["CMSTDY"] >= own["FAILDY"] - since)]
    care = own["CMTRT"].isin(names) | own["CMCLAS"].isin(names)
    return own[care.groupby(own["USUBJID"]).transform("all")].sort_values("CMSTDY")


@claim("failure.untreated")
def _(w):
    if not asked_after(w):
        return None
    cared = {g: set(palliated(w, g)["USUBJID"]) for g in w.groups}
    had = {g: cared[g] | set(treated(w, g)["USUBJID"]) for g in w.groups}
    without = {g: len(set(failed(w, g)["USUBJID"]) - had[g]) for g in w.groups}
    cares, nones = [g for g in w.groups if cared[g]], [g for g in w.groups if without[g]]
    said = ["Supportive care alone was given to"] if cares else []
    said += by_group(w, lambda g: many(len(cared[g])), cares)
    said += ["o therapy after"] if nones else []
    return [*said, *by_group(w, lambda g: many(without[g]), nones)] or None


@claim("methods.supportive")
def _(w):
    if not w.maps("therapies") or not w.study["failure"]["supportive"]:
        return None
    return ["best supportive care, hydroxyurea, leukapheresis, transfusions or G-CSF alone"]


@claim("failure.first_therapy")
def _(w):
    if not asked_after(w):
        return None
    said = {}
    for group in w.groups:
        first = treated(w, group)["PFTRT"].value_counts()
        named = first if len(first) <= 3 else first[first > 1]
        if len(first):
            said[group] = [{f"{name} ({n})" for name, n in named.items()}]
            said[group] += [] if len(named) else ["differed between patients"]
    return said


@claim("failure.not_estimated")
def _(w):
    return bool(after(w)) and not with_patients(w, "PFOS")


@claim("failure.survival")
def _(w):
    groups = with_patients(w, "PFOS")
    if not groups:
        return None

    def clause(g: str) -> list:
        times = w.times("PFOS", g)
        events = int((times["CNSR"] == 0).sum())
        spread = f"{months(w, times['AVAL'].min())} to {months(w, times['AVAL'].max())} months"
        middle = median(w, "PFOS", g)
        start = [] if middle.startswith("(") else [middle]
        died = f"{events} death{'' if events == 1 else 's'} in {many(len(times))}"
        return [*start, died, *([] if start else [spread])]

    return by_group(w, clause, groups)


@claim("failure.courses")
def _(w):
    seen = w.maps("responses") or w.maps("therapies")
    return bool(after(w)) and seen and w.study["analysis"]["swimmer"]
