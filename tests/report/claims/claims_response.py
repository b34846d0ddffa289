"""Claims on patients, response, residual disease, failure and what followed."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    in_turn,
    months,
    of_all,
    share,
)
from tests.report.claims.claims_discussion import own_words
from tests.report.claims.claims_study import responses, tested
from tests.report.claims.world import World


def responders(w: World, group: str, what: str, kind: str) -> tuple[int, int]:
    """Patients with such a best response, and of how many."""
    adsl = w.adsl(group)
    of = adsl[adsl["BOR"].notna() & (adsl["BOR"] != "NE")] if kind == "evaluable" else adsl
    return int(of["BOR"].isin(w.study["response"][what]).sum()), len(of)


def shares(w: World, what: str, kind: str | None = None) -> list:
    kind = kind or w.study["response"]["denominator"]
    return by_group(w, lambda g: share(*responders(w, g, what, kind)))


def counts(w: World, what: str) -> list[int]:
    return [responders(w, g, what, "all")[0] for g in w.groups]


def recorded_alone(w: World) -> bool:
    """Whether the export holds responses alone, so that nobody is evaluable without one."""
    said = [responders(w, g, "overall", "evaluable") for g in w.groups]
    return w.study["response"]["denominator"] == "all" and all(k == n for k, n in said)


@claim("discussion.response")
def _(w):
    kind = w.study["response"]["denominator"]
    if own_words(w) or not responses(w):
        return None
    return in_turn(w, lambda g: of_all(*responders(w, g, "overall", kind)))


@claim("abstract.response")
def _(w):
    if not responses(w):
        return None
    kind = w.study["response"]["denominator"]
    return by_group(w, lambda g: of_all(*responders(w, g, "overall", kind)).rstrip(")"))


@claim("response.overall")
def _(w):
    return shares(w, "overall") if responses(w) else None


@claim("abstract.remission")
def _(w):
    if not responses(w) or counts(w, "overall") == counts(w, "remission"):
        return None
    kind = w.study["response"]["denominator"]
    return in_turn(w, lambda g: of_all(*responders(w, g, "remission", kind)))


@claim("response.remission")
def _(w):
    if not responses(w) or counts(w, "overall") == counts(w, "remission"):
        return None
    return shares(w, "remission")


@claim("response.all_remissions")
def _(w):
    if not responses(w):
        return None
    return sum(counts(w, "overall")) > 0 and counts(w, "overall") == counts(w, "remission")


def negative(w: World, group: str) -> tuple[int, int]:
    """MRD-negative patients of those in the denominator."""
    adrs, adsl = w.tables["adrs"], w.adsl(group)
    kind = w.study["mrd"]["denominator"]
    of = {
        "all": adsl["USUBJID"],
        "tested": adsl.loc[adsl["MRDFL"] == "Y", "USUBJID"],
        "remission": adsl.loc[adsl["BOR"].isin(w.study["response"]["remission"]), "USUBJID"],
    }[kind]
    yes = adrs[(adrs["PARAMCD"] == "MRDNEG") & (adrs["AVALC"] == "Y")]["USUBJID"]
    return int(of.isin(yes).sum()), len(of)


def tested_in_remission(w: World, group: str) -> set[str]:
    """Patients in remission with a sample that decides, in time, by the clean rows alone."""
    rule, found = w.study["mrd"], set()
    reached = w.tables["milestones"]
    for patient in w.adsl(group).loc[w.adsl(group)["CRFL"] == "Y", "USUBJID"]:
        days = reached[reached["USUBJID"] == patient].groupby("MILESTONE")["ADY"].min()
        first = days["FIRST_REMISSION"] - w.study["response"]["count_window_days"]
        ends = [days[m] for m in (*w.study["response"]["until"], "DEATH") if m in days]
        relapses = reached[(reached["USUBJID"] == patient) & (reached["MILESTONE"] == "RELAPSE")]
        ends += [d for d in relapses["ADY"] if d > days["FIRST_REMISSION"]]
        for table, day in (("mrd", "MRDDY"), ("responses", "RSDY")):
            own = w.clean[table][w.clean[table]["USUBJID"] == patient]
            decided = own["MRDVAL"].notna() | own["MRDRES"].notna()
            coarse = (
                own["MRDVAL"].isna()
                & (own["MRDRES"] == "NEGATIVE")
                & (own["MRDLOD"] > rule["negative_below"])
            )
            inside = own[day].between(max(first, 1), min(ends, default=10**6))
            if (decided & ~coarse.fillna(False) & inside).any():
                found.add(patient)
    return found


def remissions(w: World) -> dict[str, tuple[int, int]]:
    """Of the groups with a composite complete remission: those tested in it, and all of them."""
    of = {g: int((w.adsl(g)["CRFL"] == "Y").sum()) for g in w.groups}
    return {g: (len(tested_in_remission(w, g)), n) for g, n in of.items() if n and sampled(w)}


@claim("response.mrd_tested")
def _(w):
    found = remissions(w)
    if all(tested == n for tested, n in found.values()):
        return None
    return by_group(w, lambda g: "{} of {} patients".format(*found[g]), list(found))


@claim("response.mrd_all_tested")
def _(w):
    found = remissions(w)
    return bool(found) and all(tested == n for tested, n in found.values())


def sampled(w: World) -> bool:
    return tested(w) and (w.tables["adrs"]["PARAMCD"] == "MRDNEG").any()


@claim("abstract.mrd")
def _(w):
    return in_turn(w, lambda g: of_all(*negative(w, g))) if sampled(w) else None


@claim("response.mrd")
def _(w):
    return by_group(w, lambda g: share(*negative(w, g))) if sampled(w) else None


@claim("methods.mrd")
def _(w):
    return f"below {w.study['mrd']['negative_below']:g}%" if sampled(w) else None


@claim("methods.mrd_denominator")
def _(w):
    words = {"remission": "composite complete remission", "tested": "tested", "all": "all treated"}
    return words[w.study["mrd"]["denominator"]] if sampled(w) else None


@claim("methods.mrd_sensitivity")
def _(w):
    return sampled(w) and (w.maps("mrd", "MRDLOD") or w.maps("responses", "MRDLOD"))


def blasts(w: World) -> bool:
    return responses(w) and w.maps("responses", "MBLAST")


@claim("methods.responses_recorded")
def _(w):
    return responses(w) and not blasts(w)


@claim("methods.responses_assessed")
def _(w):
    return blasts(w)


@claim("methods.responses_derived")
def _(w):
    return blasts(w) and not w.maps("responses", "RSINV")


@claim("methods.responses_compared")
def _(w):
    if not blasts(w) or not w.maps("responses", "RSINV"):
        return None
    ranked = ["the investigator's assessment", "took precedence over", "the category derived"]
    own = w.study["response"]["counts"] == "investigator"
    days = f"within {w.study['response']['count_window_days']} days"
    return [*(ranked if own else reversed(ranked)), {days}]


@claim("methods.imaging")
def _(w):
    return blasts(w) and w.maps("responses", "RSMETH") and bool(w.study["criteria"].get("imaging"))


@claim("methods.composites")
def _(w):
    if not responses(w):
        return None
    best = w.adsl()["BOR"].dropna()
    known = [c["response"] for c in w.study["criteria"]["categories"]]
    met = best[best.isin(w.study["response"]["overall"])].unique()
    assert set(met) <= set(known)
    return ["Overall response", *[r for r in w.study["response"]["overall"] if r in known]]


@claim("methods.relapse")
def _(w):
    return responses(w)


@claim("methods.one_denominator")
def _(w):
    return responses(w) and recorded_alone(w)


@claim("methods.two_denominators")
def _(w):
    return responses(w) and not recorded_alone(w)


@claim("patients.evaluable")
def _(w):
    if not responses(w) or recorded_alone(w):
        return None

    def evaluable(g: str) -> str:
        k = responders(w, g, "overall", "evaluable")[1]
        return f"{k} of {len(w.members(g))} patients"

    return by_group(w, evaluable)


def not_all_evaluable(w: World) -> list[str]:
    sizes = {g: responders(w, g, "overall", "evaluable")[1] for g in w.groups}
    return [g for g, n in sizes.items() if n < len(w.members(g))]


@claim("response.other_denominator")
def _(w):
    if not responses(w) or recorded_alone(w) or not not_all_evaluable(w):
        return None
    other = {"evaluable": "all", "all": "evaluable"}[w.study["response"]["denominator"]]
    groups = not_all_evaluable(w)
    return by_group(w, lambda g: share(*responders(w, g, "overall", other)), groups)


@claim("response.all_evaluable")
def _(w):
    return responses(w) and not not_all_evaluable(w)


def first_responses(w: World, group: str, parameter: str = "TTR") -> pd.Series:
    adrs = w.tables["adrs"]
    own = (adrs["PARAMCD"] == parameter) & adrs["USUBJID"].isin(w.members(group))
    return adrs.loc[own, "AVAL"].dropna()


@claim("response.times")
def _(w):
    groups = [g for g in w.groups if len(first_responses(w, g))]
    if not responses(w) or not groups:
        return None
    for group in groups:
        assert len(first_responses(w, group)) == responders(w, group, "overall", "all")[0]

    def spread(g: str) -> list[str]:
        days = first_responses(w, g)
        ends = f"{months(w, days.min())} to {months(w, days.max())}"
        return [f"{months(w, days.median())} months (range {ends})"]

    return by_group(w, spread, groups)


@claim("response.cycles")
def _(w):
    groups = [g for g in w.groups if len(first_responses(w, g, "CYCBEST"))]
    if not responses(w) or not groups:
        return None
    return by_group(w, lambda g: f"{first_responses(w, g, 'CYCBEST').median():g}", groups)


@claim("response.transfusions", "methods.transfusions")
def _(w):
    if not w.maps("transfusions") or not responses(w):
        return None
    days = w.study["transfusions"]["free_days"]
    (text,) = w.said["methods.transfusions"][""]
    assert f"{days} consecutive days" in text
    said = w.said["response.transfusions"][""][0]
    adrs = w.tables["adrs"]
    for code, name in {"TIRBC": "red-cell", "TIPLT": "platelet"}.items():
        yes = set(adrs[(adrs["PARAMCD"] == code) & (adrs["AVALC"] == "Y")]["USUBJID"])
        for group in w.groups:
            k, n = len(yes & w.members(group)), len(w.members(group))
            part = by_group(w, lambda _, k=k, n=n: f"{k} of {n} patients", [group])[0]
            assert part in said[said.index(name) :], (name, part, said)
    return True
