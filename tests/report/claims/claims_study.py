"""Claims on what the study is: design, endpoints, dates, who was analysed."""

from __future__ import annotations

import datetime

from tests.report.claims.claim import (
    by_group,
    claim,
    in_turn,
    label,
    listed,
    primary,
    small,
    where,
)
from tests.report.claims.world import World


def synthetic(w: World) -> bool:
    return w.study["study"].get("synthetic") is True


def randomised(w: World) -> bool:
    return w.study["study"]["design"].startswith("Randomised")


def responses(w: World) -> bool:
    """Whether response rates are reported: assessed, and asked for."""
    return w.maps("responses") and w.study["analysis"]["response_rates"]


def tested(w: World) -> bool:
    """Whether MRD is reported: a table of samples, or results beside the responses."""
    own = w.maps("mrd") or w.maps("responses", "MRDVAL") or w.maps("responses", "MRDRES")
    return responses(w) and own


@claim("notice.synthetic")
def _(w):
    return w.study["study"]["data"] if synthetic(w) else None


@claim("abstract.synthetic", "limits.synthetic", "availability.synthetic")
def _(w):
    return synthetic(w)


@claim("introduction.aim", "abstract.background")
def _(w):
    after = w.study["endpoints"].get("PFOS")
    parts = {
        "response": responses(w),
        "measurable residual disease": tested(w) and len(w.clean["mrd"]) > 0,
        "adverse events": len(emergent(w)) > 0,
        "the course after relapse": after and after["start"] == "RELAPSE",
        "the course after failure": after and after["start"] == "FAILURE",
    }
    (text,) = w.said["introduction.aim"][""]
    for words, true in parts.items():
        named = words in text.replace("(MRD)", "")
        assert named == bool(true) or words == "response", (words, text)
    by = small(str(w.study["groups"]["label"])) if w.several else "survival"
    return ["survival", w.study["study"]["disease"], by] if w.several else [by]


def emergent(w: World, group: str = "all"):
    """Treatment-emergent events of a group, each with its term."""
    adae = w.tables["adae"]
    own = adae["USUBJID"].isin(w.members(group)) & (adae["TRTEMFL"] == "Y")
    return adae[own]


@claim("abstract.design", "methods.design")
def _(w):
    return None if synthetic(w) else small(w.study["study"]["design"])


@claim("abstract.design_synthetic", "methods.design_synthetic")
def _(w):
    return ["ynthetic cohort", small(w.study["study"]["design"])] if synthetic(w) else None


@claim("abstract.primary")
def _(w):
    assert w.study["analysis"]["confidence"] == 0.95
    return [label(w, primary(w)), "Kaplan–Meier", "95%"]


@claim("methods.primary")
def _(w):
    return label(w, primary(w))


def day(w: World) -> str | None:
    if not w.study["cutoff"]:
        return None
    date = datetime.date.fromisoformat(str(w.study["cutoff"]))
    return f"{date.day} {date:%B %Y}"


@claim("abstract.cutoff", "methods.cutoff")
def _(w):
    if day(w) is None:
        return None
    late = w.clean["patients"]["LSTALVDT"].dropna() > str(w.study["cutoff"])
    assert not late.any()
    return day(w)


@claim("methods.no_cutoff")
def _(w):
    return day(w) is None


@claim("abstract.criteria")
def _(w):
    return w.study["criteria"]["name"] if responses(w) else None


@claim("methods.kaplan_meier")
def _(w):
    return any(len(w.times(code)) for code in w.study["endpoints"])


@claim("abstract.patients")
def _(w):
    ages = {g: w.adsl(g)["AGE"].median() for g in w.groups if w.adsl(g)["AGE"].notna().any()}
    years = in_turn(w, lambda g: f"{ages[g]:g}", list(ages))
    told = ["median age was", *years] if ages else []
    return [f"{len(w.members())} patients", *sizes(w, w.defined), *told]


def sizes(w, called) -> list:
    """How many patients the groups have; those with an abbreviation are called at once."""
    if not w.several:
        return []
    if all(w.label(g) == w.full(g) for g in w.groups):
        return by_group(w, lambda g: str(len(w.members(g))))
    short = {g: called(g) if w.label(g) != w.full(g) else where(w, g) for g in w.groups}
    return [f"{len(w.members(g))} {name}" for g, name in short.items()]


@claim("patients.included")
def _(w):
    parts = [f"{len(w.members())} patients were included"]
    return parts + sizes(w, w.label)


@claim("methods.data")
def _(w):
    return not synthetic(w)


@claim("methods.index")
def _(w):
    return w.study["timeline"]["index"]


def out(w: World) -> int:
    """Patients with an index date who are not analysed."""
    return len(set(w.begun["USUBJID"]) - set(w.analysed["USUBJID"]))


@claim("methods.population")
def _(w):
    return out(w) == 0


@claim("methods.never_begun")
def _(w):
    n = len(w.clean["patients"]) - len(w.begun)
    return f"{n} patient" if n else None


@claim("methods.groups")
def _(w):
    words = {2: "two", 3: "three", 4: "four"}
    return [words[len(w.groups)], listed([w.defined(g) for g in w.groups])] if w.several else None


@claim("methods.one_group")
def _(w):
    return w.defined(w.groups[0]) if w.study["groups"] and not w.several else None


@claim("methods.not_pooled")
def _(w):
    if not w.several or w.study["analysis"]["pooled"]:
        return None
    tables = {"adverse events": "adverse_events", "laboratory values": "labs"}
    said = w.said["methods.not_pooled"][""][0]
    assert all((text in said) <= w.maps(table) for text, table in tables.items())
    return "for each group separately"


@claim("methods.shifted")
def _(w):
    return bool(w.study["timeline"].get("shifted"))


def calendar(w: World) -> bool:
    return w.study["timeline"]["dates"] == "calendar"


@claim("methods.study_days")
def _(w):
    return not calendar(w)


@claim("methods.refused_dates")
def _(w):
    return calendar(w) and w.study["timeline"]["partial_dates"]["missing_day"] == "refuse"


@claim("methods.completed_dates")
def _(w):
    rule = w.study["timeline"]["partial_dates"]["missing_day"]
    if not calendar(w) or rule == "refuse":
        return None
    flagged = w.clean["patients"][["DTHDTF", "LSTALVDTF"]].notna().any(axis=1)
    assert not (flagged & w.clean["patients"]["LSTALVDY"].isna()).any()
    return f"day {rule}"


@claim("methods.dated_by_cycles")
def _(w):
    rule = w.study["tables"].get("responses", {}).get("dated_by_cycles")
    if not rule:
        return None
    first = "start of the next cycle, or" if "rule" not in rule else "or at the start of the next"
    apart = f"{rule['every']} days after the one before" if "every" in rule else ""
    return [{first, f"{rule['days']} days after the start of that cycle", apart}]


@claim("methods.logged", "methods.software", "methods.definitions")
def _(w):
    return True


@claim("methods.queried")
def _(w):
    return f"{len(w.queries)} quer" if len(w.queries) else None


def secondary(w: World) -> dict[str, dict]:
    return {c: e for c, e in w.study["endpoints"].items() if c != primary(w)}


@claim("methods.other_endpoints")
def _(w):
    return [f"{small(e['label'])} ({c})" for c, e in secondary(w).items()] or None


@claim("methods.endpoint")
def _(w):
    return {code: [f"{code} was", e["sentence"].split()[0]] for code, e in secondary(w).items()}


@claim("methods.censored")
def _(w):
    adtte = w.tables["adtte"]
    own = adtte["PARAMCD"].isin(w.study["endpoints"]) & (adtte["CNSR"] == 1)
    return set(adtte.loc[own, "CNSDTDSC"]) <= {"Last date known alive"}


def from_failure(w: World) -> bool:
    return any(e["start"] == "FAILURE" for e in w.study["endpoints"].values())


@claim("methods.failure")
def _(w):
    if not from_failure(w):
        return None
    kinds = [
        small(w.study["milestones"][m]["description"]) for m in w.study["failure"]["milestones"]
    ]
    days = w.study["failure"]["treated_before_days"]
    parts = [listed(kinds, "or")]
    (text,) = w.said["methods.failure"][""]
    assert ("therapy begun" in text) == w.maps("therapies")
    assert ("cycles begun" in text) == w.maps("cycles")
    return [*parts, f"up to {days} days"] if w.maps("therapies") else parts


@claim("methods.death_no_failure")
def _(w):
    if not from_failure(w):
        return None
    failed = w.adsl()[w.adsl()["FAILFL"] == "Y"]
    assert not failed["FAILTYPE"].astype("string").str.contains("Death").any()
    return True


@claim("methods.months")
def _(w):
    return f"{w.month:g} days"


@claim("methods.floor")
def _(w):
    analysis = w.study["analysis"]
    return [f"{analysis['least_patients']} patients", f"{analysis['least_events']} events"]


@claim("methods.strobe")
def _(w):
    return not randomised(w)


@claim("checklist.randomised")
def _(w):
    return randomised(w)


@claim("availability.source")
def _(w):
    return w.study["study"].get("source") or None


@claim("availability.licence")
def _(w):
    return w.study["study"].get("licence") or None
