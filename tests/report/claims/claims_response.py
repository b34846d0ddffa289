"""Claims on patients, response, residual disease, failure and what followed."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    count,
    listed,
    median,
    months,
    share,
    small,
    where,
    with_patients,
)
from tests.report.claims.claims_study import emergent, responses, tested
from tests.report.claims.world import World
from venaza.contracts.analysis import NOT_RECORDED


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


@claim("abstract.response", "response.overall")
def _(w):
    return shares(w, "overall") if responses(w) else None


@claim("abstract.remission", "response.remission")
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


@claim("response.mrd_tested")
def _(w):
    groups = [g for g in w.groups if (w.adsl(g)["CRFL"] == "Y").any()]
    if not sampled(w) or not groups:
        return None

    def clause(g: str) -> str:
        return f"{len(tested_in_remission(w, g))} of {(w.adsl(g)['CRFL'] == 'Y').sum()} patients"

    return by_group(w, clause, groups)


def sampled(w: World) -> bool:
    return tested(w) and (w.tables["adrs"]["PARAMCD"] == "MRDNEG").any()


@claim("abstract.mrd", "response.mrd")
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
    return f"within {w.study['response']['count_window_days']} days"


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
    assert f"{days} days in a row" in text
    said = w.said["response.transfusions"][""][0]
    adrs = w.tables["adrs"]
    for code, name in {"TIRBC": "red cells", "TIPLT": "platelets"}.items():
        yes = set(adrs[(adrs["PARAMCD"] == code) & (adrs["AVALC"] == "Y")]["USUBJID"])
        for group in w.groups:
            part = f"{len(yes & w.members(group))} of {len(w.members(group))} patients"
            assert part in said[said.index(name) :], (name, part, said)
    return True


# patients


@claim("patients.age")
def _(w):
    if "AGE" not in w.study["analysis"]["table1"]:
        return None
    ages = {g: w.adsl(g)["AGE"].dropna() for g in w.groups}
    groups = [g for g in w.groups if len(ages[g])]

    def spread(g: str) -> str:
        a = ages[g]
        return f"{a.median():g} years (range {a.min():g} to {a.max():g})"

    return by_group(w, spread, groups) if groups else None


@claim("patients.sex")
def _(w):
    if "SEX" not in w.study["analysis"]["table1"]:
        return None
    men = {g: int((w.adsl(g)["SEX"] == "M").sum()) for g in w.groups}
    return by_group(w, lambda g: [str(men[g]), f"({100 * men[g] / len(w.members(g)):.1f}%)"])


def transplanted(w: World, group: str) -> int:
    """Patients with a transplant after the index date and while they were under observation."""
    rows = w.clean_of("transplants", group)
    end = rows["USUBJID"].map(w.adsl().set_index("USUBJID")["ENDDY"])
    return rows.loc[(rows["TXDY"] > 0) & (rows["TXDY"] <= end), "USUBJID"].nunique()


@claim("patients.transplanted")
def _(w):
    if not w.maps("transplants") or not transplanted(w, "all"):
        return None
    if not w.several:
        return f"{transplanted(w, 'all')} patients"
    return by_group(w, lambda g: f"{transplanted(w, g)} of {len(w.members(g))} patients")


@claim("patients.no_transplant")
def _(w):
    return w.maps("transplants") and not transplanted(w, "all")


@claim("patients.table")
def _(w):
    return True


@claim("abstract.safety")
def _(w):
    if not len(emergent(w)):
        return None
    severe = emergent(w)[emergent(w)["AETOXGR"] >= 3]["USUBJID"].nunique()
    return count(severe, len(w.members()))


@claim("safety.none")
def _(w):
    return w.maps("adverse_events") and not len(emergent(w))


@claim("safety.totals")
def _(w):
    events = emergent(w)
    if events.empty:
        return None
    n = len(w.members())
    severe = events[events["AETOXGR"] >= 3]["USUBJID"].nunique()
    any_grade = count(events["USUBJID"].nunique(), n)
    return [f"Of {n} patients", any_grade, count(severe, n)]


@claim("safety.fatal")
def _(w):
    fatal = emergent(w)[emergent(w)["AETOXGR"] == 5]["USUBJID"].nunique()
    if not fatal:
        return None
    said = [count(fatal, len(w.members()))]
    for group in w.groups if w.several else ():
        own = emergent(w)[emergent(w)["USUBJID"].isin(w.members(group))]
        n = own[own["AETOXGR"] == 5]["USUBJID"].nunique()
        said += [count(n, len(w.members(group)))] if len(w.members(group)) else []
    return said


@claim("safety.frequent")
def _(w):
    events = emergent(w)
    if events.empty:
        return None
    worst = events.groupby(["AEDECOD", "USUBJID"])["AETOXGR"].max().reset_index()
    by_term = worst.groupby("AEDECOD")["USUBJID"].size().sort_values(ascending=False)
    text = w.said["safety.frequent"][""][0]
    top = sorted(by_term, reverse=True)[:3]
    for n in top:
        assert f"({n} patients, {100 * n / len(w.members()):.1f}%" in text
    named = [t for t in by_term.index if f"{small(t)} ({by_term[t]} patients" in text]
    assert len(named) == len(top)
    for term in named:
        severe = int(((worst["AEDECOD"] == term) & (worst["AETOXGR"] >= 3)).sum())
        assert f"worse in {severe})" in text[text.index(small(term)) :]
    return True


@claim("methods.adverse_events")
def _(w):
    return w.study["ctcae"]["version"] if len(emergent(w)) else None


def until_emergent(w: World) -> list[str]:
    """What ends the time in which an event counts, as far as the data have it."""
    rule = w.study["treatment_emergent"]
    days = rule["after_last_dose"]
    dated = {"NEXT_THERAPY": "therapies", "TRANSPLANT": "transplants"}
    parts = [] if days is None else [f"{days} days after the last dose"]
    for name in rule["until"]:
        if w.maps(dated.get(name, name)):
            parts.append(small(w.study["milestones"][name]["description"]))
    return parts


def shown_emergent(w: World) -> bool:
    return len(emergent(w)) > 0 or w.has("lab.")


@claim("methods.emergent")
def _(w):
    if not shown_emergent(w) or not until_emergent(w):
        return None
    days, rows = w.study["treatment_emergent"]["after_last_dose"], emergent(w)
    last = rows["USUBJID"].map(w.adsl().set_index("USUBJID")["TRTEDY"])
    assert days is None or not (rows["ASTDY"] > last + days).fillna(False).any()
    assert not (rows["ASTDY"] < 0).fillna(False).any()
    return until_emergent(w)


@claim("methods.emergent_open")
def _(w):
    return shown_emergent(w) and not until_emergent(w)


@claim("methods.emergent_unknown_dose")
def _(w):
    unknown = int(w.adsl()["TRTEDY"].isna().sum())
    bounded = w.study["treatment_emergent"]["after_last_dose"] is not None
    return f"of {unknown} patient" if shown_emergent(w) and bounded and unknown else None


@claim("patients.without_group")
def _(w):
    if not w.study["groups"]:
        return None
    word = w.begun.set_index("USUBJID")[w.study["groups"]["variable"]].astype("string")
    if NOT_RECORDED in w.groups:
        word = word.dropna()
    word = word[word.index.isin(w.analysed["USUBJID"]) & ~word.isin(w.groups)]
    empty, other = int(word.isna().sum()), int(word.notna().sum())
    parts = [f"{empty} whose"] * bool(empty) + [f"{other} whose"] * bool(other)
    return parts or None


# failure


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
            parts += [f"{len(rows)} of {len(w.members(group))} patients", where(w, group)]
            parts += [{f" in {n}" for n in kinds}]
    return parts


@claim("failure.spared")
def _(w):
    spared = [g for g in w.groups if not len(failed(w, g))]
    if after(w) != "failure" or not spared or not len(failed(w)):
        return None
    return listed([w.label(g) for g in spared], "or")


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


def many(n: int) -> str:
    return f"{n} patient{'' if n == 1 else 's'}"


def palliated(w: World, group: str) -> pd.DataFrame:
    """Rows of therapies, all of them supportive, of those who failed and had nothing else."""
    names = w.study["failure"]["supportive"]
    own = w.clean["therapies"]
    since = w.study["failure"]["treated_before_days"]
    own = own.merge(failed(w, group)[["USUBJID", "FAILDY"]], on="USUBJID")
    own = own[(own["CMSTDY"] >= 1) & (own["CMSTDY"] >= own["FAILDY"] - since)]
    care = own["CMTRT"].isin(names) | own["CMCLAS"].isin(names)
    return own[care.groupby(own["USUBJID"]).transform("all")].sort_values("CMSTDY")


@claim("failure.supportive")
def _(w):
    groups = [g for g in w.groups if len(palliated(w, g))]
    if not asked_after(w) or not groups:
        return None

    def clause(g: str) -> list:
        first = palliated(w, g).drop_duplicates("USUBJID")
        named = first["CMTRT"].value_counts()
        return [many(len(first)), where(w, g), {f"{name} ({n})" for name, n in named.items()}]

    return [part for g in groups for part in clause(g)]


@claim("failure.untreated")
def _(w):
    without = {}
    for g in w.groups:
        out = failed(w, g)
        cared = set(palliated(w, g)["USUBJID"]) | set(treated(w, g)["USUBJID"])
        without[g] = len(set(out["USUBJID"]) - cared)
    groups = [g for g in w.groups if without[g]]
    return by_group(w, lambda g: many(without[g]), groups) if asked_after(w) and groups else None


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
        if len(first):
            said[group] = [{f"({n})" for n in first}]
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
        return [*start, f"{events} deaths in {len(times)} patients", spread]

    return by_group(w, clause, groups)


@claim("failure.courses")
def _(w):
    seen = w.maps("responses") or w.maps("therapies")
    return bool(after(w)) and seen and w.study["analysis"]["swimmer"]
