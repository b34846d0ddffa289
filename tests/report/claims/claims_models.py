"""Claims on tests and models: comparisons, hazard ratios, assumptions, influence."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    enough,
    label,
    months,
    primary,
)
from tests.report.claims.claims_study import randomised, responses, synthetic
from tests.report.claims.claims_survival import compared
from tests.report.claims.world import World


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
    if not compared(w, primary(w)):
        return None
    ratio = primary(w) in grouped(w, "cox")
    reference = w.study["analysis"].get("reference", {}).get("GROUP", w.compared[0])
    ratios = ["hazard ratio was", f"against {w.label(reference)} (log-rank"]
    p_value = w.display(f"logrank.{primary(w)}.p_value")
    return [*(ratios if ratio else ["log-rank test"]), p_value]


@claim("conclusion.arms")
def _(w):
    trial = randomised(w) and w.study["groups"]["treatment"] and not synthetic(w)
    if not trial or not compared(w, primary(w)):
        return None
    p_value = w.ard.set_index("ard_id").loc[f"logrank.{primary(w)}.p_value", "value"]
    return "survival differed between" if p_value < 0.05 else "did not differ significantly"


@claim("methods.confirmatory")
def _(w):
    trial = randomised(w) and w.study["groups"]["treatment"]
    return [label(w, primary(w)), "all others"] if tests(w) and trial else None


def tests(w: World) -> bool:
    kinds = ("fisher.", "logrank.", "wilcoxon.", "kruskal.", "contingency.")
    return any(map(w.has, kinds)) or bool(modelled(w))


@claim("methods.fisher")
def _(w):
    asked = responses(w) and w.several and w.study["analysis"]["compare_groups"]
    if not asked or (len(w.groups) > 2 and not w.has("fisher.")):
        return None
    return "two groups" if len(w.groups) == 2 else "groups"


@claim("methods.ranks")
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
        said[code] = f"{int((complete(w, code)['CNSR'] == 0).sum())} events for "
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
    return True


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
