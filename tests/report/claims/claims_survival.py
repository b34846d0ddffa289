"""Claims on times to events: follow-up, medians, events, incidence, comparisons, models."""

from __future__ import annotations

import re

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    enough,
    label,
    median,
    medians,
    months,
    primary,
    share,
    small,
    survival_at,
    with_patients,
)
from tests.report.claims.claims_study import randomised, responses
from tests.report.claims.world import World


def followed(w: World, group: str) -> pd.Series:
    return w.adsl(group)["ENDDY"].dropna()


@claim("abstract.follow_up")
def _(w):
    return by_group(w, lambda g: f"{months(w, followed(w, g).median())} months")


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
    return {c: medians(w, c) for c in drawn(w)}


@claim("abstract.survival")
def _(w):
    codes = {primary(w), "OS", "EFS"} & set(w.study["endpoints"])
    return {c: medians(w, c) for c in codes if not w.study["endpoints"][c]["competing"]}


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
    codes = [c for c in drawn(w) if with_patients(w, c) and len(kinds(w, c)) < 2]
    return {c: occurred(w, c) for c in codes}


@claim("survival.kinds")
def _(w):
    def each(code: str) -> list:
        parts = occurred(w, code)
        for group in with_patients(w, code):
            parts += [{f"{small(k)} in {n}" for k, n in happened(w, code, group).items()}]
        return parts

    return {c: each(c) for c in drawn(w) if len(kinds(w, c)) > 1}


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
    for code in drawn(w):
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
    return {c: True for c in drawn(w) if compared(w, c) is False}


@claim("survival.log_rank")
def _(w):
    return {c: w.display(f"logrank.{c}.p_value") for c in drawn(w) if compared(w, c)}


@claim("methods.log_rank")
def _(w):
    named = {**w.study["endpoints"], **w.study["alternatives"]}
    return any(compared(w, c) for c, e in named.items() if not e["competing"])


@claim("methods.not_reached")
def _(w):
    curves = [c for c, e in w.study["endpoints"].items() if not e["competing"]]
    shown = [median(w, c, g) for c in curves for g in with_patients(w, c)]
    ends = w.ard.loc[w.ard["ard_id"].str.fullmatch(r"r?km\..+\.median"), "display"]
    return "not reached" in {*shown, *ends}


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


# tests and models


@claim("methods.intervals")
def _(w):
    if not (w.study["analysis"]["early_death_days"] or responses(w)):
        return None
    exact = w.study["analysis"]["proportion_interval"] == "clopper-pearson"
    return "exact (Clopper–Pearson)" if exact else "Wilson"


def numeric(w: World) -> dict[str, bool]:
    """Whether each variable of the baseline table is a number."""
    adsl = w.adsl()
    return {v: pd.api.types.is_numeric_dtype(adsl[v]) for v in w.study["analysis"]["table1"]}


@claim("methods.numbers_described")
def _(w):
    return any(numeric(w).values())


@claim("methods.categories_described")
def _(w):
    return not all(numeric(w).values())


def terms(w: World, key: str, code: str) -> list[str]:
    """The covariates of the models of an endpoint."""
    named = (w.study["analysis"].get(key) or {}).get(code, [])
    return [n if isinstance(n, str) else n["name"] for n in named]


def modelled(w: World) -> list[str]:
    return list(w.study["analysis"]["cox"])


@claim("methods.cox")
def _(w):
    return [label(w, c) for c in w.study["endpoints"] if c in modelled(w)] or None


@claim("methods.no_later_covariate")
def _(w):
    names = {n for c in modelled(w) for n in terms(w, "cox", c)}
    later = {"BOR", "FAILFL", "DTHFL", "NCYCLE", "TXFL"}
    return bool(names) and not names & later


def ratio_between(w: World, code: str) -> bool:
    """Whether a level can be compared with the reference, the largest group."""
    groups = [g for g in w.compared if len(w.times(code, g))]
    largest = max(groups, key=lambda g: len(w.times(code, g)), default=None)
    others = [g for g in groups if g != largest and enough(w, w.times(code, g))]
    return largest is not None and enough(w, w.times(code, largest)) and bool(others)


def grouped(w: World, key: str) -> list[str]:
    """The endpoints whose models have the group and can compare it."""
    codes = w.study["analysis"].get(key) or {}
    with_group = [c for c in codes if "GROUP" in terms(w, key, c) and w.several]
    return [c for c in with_group if ratio_between(w, c)]


@claim("survival.hazard_ratios")
def _(w):
    found = grouped(w, "cox")
    parts = ["hazard ratio between groups", *[f"for {label(w, c)}, " for c in found]]
    return parts if found else None


@claim("survival.cox_table")
def _(w):
    return bool(modelled(w)) and not grouped(w, "cox")


@claim("survival.other_covariates")
def _(w):
    names = {n for c in modelled(w) for n in terms(w, "cox", c)}
    return bool(grouped(w, "cox")) and names > {"GROUP"}


@claim("methods.exploratory")
def _(w):
    trial = randomised(w) and w.study["groups"]["treatment"]
    return tests(w) and not trial and not compared(w, primary(w))


@claim("methods.one_comparison")
def _(w):
    if randomised(w) and w.study["groups"]["treatment"] or not tests(w):
        return None
    return [f"test of {label(w, primary(w))} between"] if compared(w, primary(w)) else None


@claim("abstract.comparison")
def _(w):
    trial = randomised(w) and w.study["groups"]["treatment"]
    if not trial or not compared(w, primary(w)):
        return None
    ratio = ["the hazard ratio was"] if primary(w) in grouped(w, "cox") else []
    return [label(w, primary(w)), w.display(f"logrank.{primary(w)}.p_value"), *ratio]


@claim("methods.confirmatory")
def _(w):
    trial = randomised(w) and w.study["groups"]["treatment"]
    return [label(w, primary(w)), "all others"] if tests(w) and trial else None


def tests(w: World) -> bool:
    return w.has("fisher.") or w.has("logrank.") or bool(modelled(w))


@claim("methods.fisher")
def _(w):
    asked = responses(w) and w.several and w.study["analysis"]["compare_groups"]
    if not asked or (len(w.groups) > 2 and not w.has("fisher.")):
        return None
    return "two groups" if len(w.groups) == 2 else "groups"


@claim("methods.ranks", "methods.ranks_unadjusted")
def _(w):
    return w.has("wilcoxon.") or w.has("kruskal.")


@claim("methods.categories")
def _(w):
    return w.study["analysis"]["compare_baseline"] and w.has("contingency.")


@claim("methods.multivariable")
def _(w):
    if not w.study["analysis"]["multivariable"]:
        return None
    limit = w.study["analysis"]["events_per_parameter"]
    (text,) = w.said["methods.multivariable"][""]
    assert ("events per parameter" in text) == bool(limit)
    return f"at least {limit:g}" if limit else True


def complete(w: World, code: str) -> pd.DataFrame:
    """The times of the patients who have all covariates of the multivariable model."""
    names = terms(w, "multivariable", code)
    adsl = w.adsl()
    have = adsl.loc[adsl[names].notna().all(axis=1), "USUBJID"]
    times = w.times(code)
    return times[times["USUBJID"].isin(have)]


def sized(w: World, code: str) -> list[str]:
    times = complete(w, code)
    return [f"{len(times)} patients, {int((times['CNSR'] == 0).sum())} events"]


def estimated(w: World, code: str) -> bool:
    """Whether the model has enough events for its parameters."""
    limit, times = w.study["analysis"]["events_per_parameter"], complete(w, code)
    shown = w.ard[w.ard["ard_id"].str.match(rf"coxm\.{code}\..+\.hazard_ratio")]
    parameters = float(w.ard.set_index("ard_id")["value"][f"coxm.{code}.parameters"])
    if limit and int((times["CNSR"] == 0).sum()) < limit * parameters:
        assert shown["value"].isna().all()
        return False
    return bool(shown["value"].notna().any())


def adjusted(w: World) -> list[str]:
    return [c for c in w.study["analysis"]["multivariable"] if estimated(w, c)]


@claim("models.not_estimated")
def _(w):
    said = {}
    for code in set(w.study["analysis"]["multivariable"]) - set(adjusted(w)):
        said[code] = f"{int((complete(w, code)['CNSR'] == 0).sum())} events stand against"
    return said


@claim("models.in_table")
def _(w):
    return {c: sized(w, c) for c in adjusted(w) if "GROUP" not in terms(w, "multivariable", c)}


@claim("models.adjusted")
def _(w):
    return {c: sized(w, c) for c in adjusted(w) if "GROUP" in terms(w, "multivariable", c)}


@claim("methods.firth")
def _(w):
    events = []
    for code in {*modelled(w), *w.study["analysis"]["multivariable"]}:
        events.append(int((w.times(code)["CNSR"] == 0).sum()))
    few = any(n < 20 for n in events)
    found = w.ard["method"].astype("string").str.contains("Firth").any()
    assert not (few and not found and grouped(w, "cox"))
    return bool(found)


def zph(w: World) -> pd.DataFrame:
    own = w.ard["ard_id"].str.fullmatch(r"zphm?\.[^.]+\.[^.]+\.p_value") & w.ard["value"].notna()
    return w.ard[own]


@claim("methods.proportional")
def _(w):
    return len(zph(w)) > 0


@claim("models.proportional")
def _(w):
    found = zph(w)
    if found.empty or (found["value"] < 0.05).any():
        return None
    return found.loc[found["value"].idxmin(), "display"]


@claim("models.not_proportional")
def _(w):
    against = set(zph(w).loc[zph(w)["value"] < 0.05, "display"])
    return [against] if against else None


@claim("methods.subgroups")
def _(w):
    return bool(w.study["analysis"]["subgroups"])


@claim("models.interaction")
def _(w):
    said = {}
    for code in w.study["analysis"]["subgroups"]:
        own = w.ard["ard_id"].str.fullmatch(rf"subgroup\.{code}\.[^.]+\.interaction\.p_value")
        tests_made = w.ard[own & w.ard["value"].notna()]["display"]
        if len(tests_made):
            said[code] = [{str(d) for d in tests_made}]
    return said


def influenced(w: World) -> list[str]:
    """The groups whose median does not vanish under the floor with one left out."""
    code = primary(w)
    ids = {g: f"influence.{code}.{s}.median.min" for s, g in slugs(w).items()}
    values = w.ard.set_index("ard_id")["value"]
    return [g for g, i in ids.items() if i in values and pd.notna(values[i])]


def slugs(w: World) -> dict[str, str]:
    from venaza.contracts.results import slug

    return {slug(g): g for g in w.groups}


def without_each(w: World, group: str) -> list[float]:
    """The medians, in days, without each patient of a group."""
    from tests.report.claims.claim import median_day

    times, found = w.times(primary(w), group), []
    for i in times.index:
        day, _ = median_day(times.drop(index=i))
        found.append(float("inf") if day is None else day)
    return found


@claim("models.influence")
def _(w):
    if not w.study["analysis"]["influence"] or not influenced(w):
        return None
    if len(w.members()) > 100:
        return True

    def span(g: str) -> list[str]:
        low, high = min(without_each(w, g)), max(without_each(w, g))
        ends = [low, high] if high < float("inf") else [low]
        return sorted({months(w, end) for end in ends}, key=float)

    return by_group(w, span, influenced(w))


@claim("methods.influence")
def _(w):
    return w.study["analysis"]["influence"] and bool(influenced(w))


# what changes in time, strata, restricted means


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
        said[code] = [f"Up to {month:g} months", *by_group(w, means.get)]
    return said


def changing(w: World) -> dict[tuple[str, str], str]:
    """Endpoint and name of each change in time, with the milestone or column of its day."""
    wanted = w.study["analysis"]["time_dependent"]
    return {(c, n): m for c, own in wanted.items() for n, m in own.items()}


@claim("methods.landmark")
def _(w):
    return bool(w.study["analysis"]["landmark_days"])


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
            said[f"{code} {day}"] = f"From {day} days" if i else f"Counted from {day} days"
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
