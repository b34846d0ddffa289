"""Claims on times to events: follow-up, medians, events, incidence, comparisons, models."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    enough,
    in_turn,
    label,
    medians,
    months,
    plain_medians,
    primary,
    share,
    small,
    survival_at,
    with_patients,
)
from tests.report.claims.world import World


def followed(w: World, group: str) -> pd.Series:
    return w.adsl(group)["ENDDY"].dropna()


@claim("abstract.follow_up")
def _(w):
    return in_turn(w, lambda g: f"{months(w, followed(w, g).median())} months")


@claim("survival.follow_up")
def _(w):
    def spread(g: str) -> str:
        days = followed(w, g)
        ends = f"{months(w, days.min())} to {months(w, days.max())}"
        return f"{months(w, days.median())} months (range {ends})"

    return by_group(w, spread)


@claim("survival.reverse")
def _(w):
    from tests.report.claims.claim import median_day

    if "OS" not in w.study["endpoints"]:
        return None

    def potential(g: str) -> list:
        times = w.times("OS", g)
        reverse = times.assign(CNSR=(times["CNSR"] == 0).astype(int))
        day, _ = median_day(reverse)
        until = int((reverse["CNSR"] == 0).sum())
        analysis = w.study["analysis"]
        if len(times) < analysis["least_patients"]:
            return ["too few"]
        if day is not None and until < analysis["least_events"]:
            return ["too few"]
        return ["not reached" if day is None else f"{months(w, day)} months"]

    return by_group(w, potential)


@claim("methods.follow_up")
def _(w):
    return "OS" in w.study["endpoints"]


def dead_by(w: World, day: int, group: str) -> int:
    patients = w.clean_of("patients", group)
    return int((patients["DTHDY"] <= day).fillna(False).sum())


@claim("survival.early_deaths")
def _(w):
    return {
        day: by_group(w, lambda g, d=day: share(dead_by(w, d, g), len(w.members(g))))
        for day in w.study["analysis"]["early_death_days"]
        if any(dead_by(w, day, g) for g in w.groups)
    }


@claim("survival.no_early_death")
def _(w):
    days = w.study["analysis"]["early_death_days"]
    return {d: f"{d} days" for d in days if not any(dead_by(w, d, g) for g in w.groups)}


def drawn(w: World) -> list[str]:
    """The endpoints of which there is a curve, but that after failure."""
    return [c for c, e in w.study["endpoints"].items() if not e["competing"] and c != "PFOS"]


@claim("survival.nobody")
def _(w):
    return {c: label(w, c) for c in drawn(w) if not with_patients(w, c)}


@claim("survival.median")
def _(w):
    said = {c: medians(w, c) for c in drawn(w)}
    for code in drawn(w):
        known = None if code == primary(w) else compared(w, code)
        if said[code] and known is not None:
            test = w.display(f"logrank.{code}.p_value")
            said[code] += ["log-rank", test] if known else [f"; {test}"]
    return said


@claim("abstract.survival")
def _(w):
    found = medians(w, primary(w))
    return found and [label(w, primary(w)), *found]


@claim("abstract.secondary")
def _(w):
    parts = []
    for code in ("OS", "EFS", "PFOS"):
        said = plain_medians(w, code) if code != primary(w) else None
        parts += [f"edian {label(w, code)}", *said] if said else []
    return parts or None


def main(w: World) -> list[str]:
    """The endpoint of which more than the median is told."""
    return [code for code in drawn(w) if code == primary(w)]


def happened(w: World, code: str, group: str = "all") -> pd.Series:
    """What the events of an endpoint were, counted."""
    times = w.times(code, group)
    return times.loc[times["CNSR"] == 0, "EVNTDESC"].astype("string").value_counts()


def kinds(w: World, code: str) -> set[str]:
    return {k for g in w.groups for k in happened(w, code, g).index}


def occurred(w: World, code: str) -> list:
    def of(g: str) -> str:
        return f"{int(happened(w, code, g).sum())} of {len(w.times(code, g))} patients"

    return by_group(w, of, with_patients(w, code))


@claim("survival.events")
def _(w):
    codes = [c for c in main(w) if with_patients(w, c) and len(kinds(w, c)) < 2]
    return {c: occurred(w, c) for c in codes}


@claim("survival.kinds")
def _(w):
    def each(code: str) -> list:
        parts = occurred(w, code)
        for group in with_patients(w, code):
            parts += [{f"{small(k)} in {n}" for k, n in happened(w, code, group).items()}]
        return parts

    return {c: each(c) for c in main(w) if len(kinds(w, c)) > 1}


def last_landmark(w: World, code: str) -> float | None:
    """The last landmark at which a tenth of each group is at risk."""
    for month in reversed(w.study["analysis"]["landmarks_months"]):
        sizes = []
        for group in with_patients(w, code):
            times = w.times(code, group)
            at_risk = int((times["AVAL"] >= month * w.month).sum())
            known = len(times) >= w.study["analysis"]["least_patients"] and at_risk > 0
            sizes.append(known and at_risk >= 0.1 * len(times))
        if all(sizes):
            return month
    return None


@claim("survival.landmark")
def _(w):
    said = {}
    for code in main(w):
        month = last_landmark(w, code)
        if with_patients(w, code) and month is not None:
            day = month * w.month

            def estimate(g: str, code: str = code, day: float = day) -> str:
                return f"{100 * survival_at(w.times(code, g), day):.1f}%"

            said[code] = [f"at {month:g} months", *by_group(w, estimate, with_patients(w, code))]
    return said


def compared(w: World, code: str) -> bool | None:
    """Whether the groups are compared; None where there are not two with patients."""
    groups = [g for g in with_patients(w, code) if g in w.compared]
    if len(w.compared) < 2 or not w.study["analysis"]["compare_groups"] or not groups:
        return None
    if not all(enough(w, w.times(code, g)) for g in groups):
        return False if sum(happened(w, code)) else None
    return True if len(groups) > 1 else None


@claim("survival.too_few")
def _(w):
    return {c: True for c in main(w) if compared(w, c) is False}


@claim("survival.log_rank")
def _(w):
    return {c: w.display(f"logrank.{c}.p_value") for c in main(w) if compared(w, c)}


@claim("methods.log_rank")
def _(w):
    named = {**w.study["endpoints"], **w.study["alternatives"]}
    return any(compared(w, c) for c, e in named.items() if not e["competing"])


def competing(w: World) -> list[str]:
    return [c for c, e in w.study["endpoints"].items() if e["competing"]]


def incidence(times: pd.DataFrame, day: float, cause: int) -> float:
    """Aalen and Johansen's estimate of the cumulative incidence of a cause."""
    survival, found = 1.0, 0.0
    for t in sorted(times.loc[times["CNSR"] != 1, "AVAL"].unique()):
        if t > day:
            break
        at_risk = int((times["AVAL"] >= t).sum())
        now = times[times["AVAL"] == t]["CNSR"]
        found += survival * int((now == cause).sum()) / at_risk
        survival *= 1 - int((now != 1).sum()) / at_risk
    return found


def known_until(w: World, code: str) -> float | None:
    """The last landmark until which somebody of each group is followed, or all have ended."""
    for month in reversed(w.study["analysis"]["landmarks_months"]):
        known = []
        for group in w.groups:
            times = w.times(code, group)
            day = month * w.month
            ended = len(times) and not (times["CNSR"] == 1).any()
            seen = len(times) and (times["AVAL"] >= day).any()
            last = len(times) and times.loc[times["AVAL"].idxmax(), "CNSR"] != 1
            enough_of = len(times) >= w.study["analysis"]["least_patients"]
            known.append(enough_of and bool(seen or ended or last))
        if all(known):
            return month
    return None


@claim("survival.incidence")
def _(w):
    said = {}
    for code in competing(w):
        month = known_until(w, code)
        if month is not None:
            parts = [f"at {month:g} months"]
            for cause in (0, 2):
                at = {g: incidence(w.times(code, g), month * w.month, cause) for g in w.groups}
                parts += by_group(w, {g: f"{100 * x:.1f}%" for g, x in at.items()}.get)
                named = w.study["endpoints"][code]["competing_label"]
                parts += [f"that of {small(named)} as"] if cause == 0 else []
            said[code] = parts
    return said


@claim("survival.other_count")
def _(w):
    said = {}
    if not w.has("rate_all.CRC."):
        return None
    for code, endpoint in w.study["endpoints"].items():
        kinds = {
            "FIRST_RESPONSE": "overall",
            "FIRST_REMISSION": "remission",
            "FIRST_CR": "remission",
        }
        words = w.study["response"].get(kinds.get(endpoint["start"]))
        if not words:
            continue
        timed = {g: len(w.times(code, g)) for g in w.groups}
        reached = {g: int(w.adsl(g)["BOR"].isin(words).sum()) for g in w.groups}
        if timed != reached:
            said[code] = [
                *by_group(w, lambda g, n=timed: f"{n[g]} patients"),
                *by_group(w, lambda g, n=reached: str(n[g])),
            ]
    return said


@claim("survival.incidence_unknown")
def _(w):
    return {c: True for c in competing(w) if known_until(w, c) is None}


@claim("methods.incidence")
def _(w):
    return bool(competing(w))


@claim("survival.event_rate")
def _(w):
    said = {}
    for code in w.study["analysis"]["event_rates"]:
        times = {g: w.times(code, g) for g in w.groups}
        k = {g: share(int((t["CNSR"] == 0).sum()), len(t)) for g, t in times.items()}
        said[code] = by_group(w, k.get)
    return said


@claim("methods.late_entry")
def _(w):
    late = [e for e in w.study["endpoints"].values() if "entry" in e]
    return [small(e["label"]) for e in late] or None
