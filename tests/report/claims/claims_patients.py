"""Claims on patients and their safety."""

from __future__ import annotations

import pandas as pd

from tests.report.claims.claim import (
    by_group,
    claim,
    count,
    many,
    small,
)
from tests.report.claims.claims_study import emergent
from tests.report.claims.world import World
from venaza.contracts.analysis import NOT_RECORDED


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
        return many(transplanted(w, "all"))
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
    share = count(severe, len(w.members())).removeprefix(f"{severe} ")
    return f"{severe} patients {share}"


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
    return [f"Of {n} patients", any_grade, count(severe, n), *fatal(w, events)]


def fatal(w: World, events: pd.DataFrame) -> list[str]:
    """Of all patients, then of each group with a patient, those with an event of grade 5."""
    died = events[events["AETOXGR"] == 5]
    if died.empty:
        return ["none a fatal one"]
    said = [f"{count(died['USUBJID'].nunique(), len(w.members()))} a fatal one"]
    for group in w.groups if w.several else ():
        own = died[died["USUBJID"].isin(w.members(group))]["USUBJID"].nunique()
        said += [count(own, len(w.members(group)))] if len(w.members(group)) else []
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
    return f"For {many(unknown)}," if shown_emergent(w) and bounded and unknown else None


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
