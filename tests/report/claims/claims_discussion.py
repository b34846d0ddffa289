"""Claims of the discussion: conclusions and limitations."""

from __future__ import annotations

import re

from tests.report.claims.claim import (
    claim,
    label,
    median,
    medians,
    plain_medians,
    primary,
    where,
    with_patients,
)
from tests.report.claims.claims_study import randomised, responses, synthetic
from tests.report.claims.claims_survival import compared
from tests.report.claims.world import World


def made_after(w: World) -> bool:
    return bool(w.study["published"]) and synthetic(w)


def agreements(w: World) -> list[bool]:
    """Whether each published number is the one computed, as printed."""
    ard = w.ard.set_index("ard_id")["display"]
    stems = {i.removesuffix(".agrees") for i in ard.index if i.endswith(".agrees")}
    return [ard[f"{s}.published"] == ard[f"{s}.computed"] for s in sorted(stems)]


@claim("conclusion.agreement")
def _(w):
    if not made_after(w):
        return None
    return "The computed values" if all(agreements(w)) else "Not all computed values"


@claim("conclusion.check", "discussion.invented")
def _(w):
    return made_after(w)


@claim("conclusion.synthetic")
def _(w):
    return synthetic(w) and not w.study["published"]


@claim("conclusion.randomised")
def _(w):
    if not randomised(w) or not w.several or synthetic(w):
        return None
    trial = w.study["groups"]["treatment"] and compared(w, primary(w))
    return "All other" if trial else "other than that of the randomised arms"


@claim("conclusion.descriptive")
def _(w):
    return w.several and not randomised(w) and not synthetic(w)


@claim("conclusion.single_arm")
def _(w):
    return not w.several and not synthetic(w)


def own_words(w) -> bool:
    """Whether the authors discuss their findings themselves."""
    return bool(w.study["author"]["texts"].get("discussion"))


@claim("primary.median")
def _(w):
    found = None if own_words(w) else medians(w, primary(w))
    return found and [f"{len(w.members())} patients, median {label(w, primary(w))}", *found]


@claim("primary.none")
def _(w):
    return not own_words(w) and not with_patients(w, primary(w))


@claim("published.table")
def _(w):
    return bool(w.study["published"])


@claim("published.agree")
def _(w):
    return bool(w.study["published"]) and all(agreements(w))


@claim("published.differ")
def _(w):
    if not w.study["published"] or all(agreements(w)):
        return None
    text = w.said["published.differ"][""][0]
    assert text.count("(published ") == agreements(w).count(False)
    assert ("the others agreed" in text) == any(agreements(w))
    return True


@claim("discussion.made_after")
def _(w):
    if not made_after(w):
        return None
    return "values agree with" if all(agreements(w)) else "values do not all agree with"


@claim("discussion.made_to_agree")
def _(w):
    return made_after(w) and all(agreements(w))


@claim("discussion.compared")
def _(w):
    if not w.study["published"] or synthetic(w):
        return None
    return "The computed values agree" if all(agreements(w)) else "Not all computed values agree"


@claim("limits.small")
def _(w):
    few = [n for n in w.sizes if n < 100]
    text = w.said["limits.small"][""][0] if few else ""
    all_few = len(few) == len(w.sizes)
    assert not few or text.endswith("the estimates.") == all_few
    named = [where(w, g) for g in w.groups if len(w.members(g)) < 100]
    return ["small number of patients", *([] if all_few else named)] if few else None


@claim("limits.retrospective")
def _(w):
    return w.study["study"]["design"].startswith("Retrospective")


@claim("limits.single_centre")
def _(w):
    return "single-centre" in w.study["study"]["design"]


@claim("limits.randomised")
def _(w):
    return randomised(w) and w.several


@claim("limits.no_comparator")
def _(w):
    return not w.several


@claim("limits.not_random")
def _(w):
    return w.several and not randomised(w)


@claim("limits.unadjusted")
def _(w):
    return int(w.ard.loc[w.ard["ard_id"].str.endswith(".p_value"), "value"].notna().sum()) > 1


@claim("limits.after_failure")
def _(w):
    if not with_patients(w, "PFOS"):
        return None
    relapse = w.study["endpoints"]["PFOS"]["start"] == "RELAPSE"
    text = w.said["limits.after_failure"][""][0]
    assert ("salvage therapies" in text) == w.maps("therapies")
    return "who relapsed" if relapse else "whose regimen failed"


def by_remission(w: World) -> bool:
    """Whether any table compares survival with and without remission."""
    analysis = w.study["analysis"]
    changes = [m for own in analysis["time_dependent"].values() for m in own.values()]
    return bool(analysis["landmark_days"]) or "FIRST_REMISSION" in changes


@claim("limits.responders_not_compared")
def _(w):
    return responses(w) and not by_remission(w)


@claim("limits.responders_compared")
def _(w):
    return responses(w) and by_remission(w)


def lacking(w: World, names: list[str]) -> int:
    return int(w.adsl()[[n for n in names if n != "GROUP"]].isna().sum().sum())


@claim("limits.missing_baseline")
def _(w):
    analysis = w.study["analysis"]
    if not lacking(w, analysis["table1"]):
        return None
    models = [*analysis["cox"].values(), *analysis["multivariable"].values()]
    named = {n if isinstance(n, str) else n["name"] for own in models for n in own}
    named &= set(analysis["table1"])
    text = w.said["limits.missing_baseline"][""][0]
    assert ("excluded from the models" in text) == bool(
        analysis["cox"] and lacking(w, sorted(named))
    )
    return True


@claim("methods.not_imputed")
def _(w):
    return lacking(w, w.study["analysis"]["table1"]) > 0


def undecided(w: World) -> dict[str, str]:
    """The groups without a median, and why: short follow-up, a plateau, no event."""
    code, found = primary(w), {}
    for group in with_patients(w, code):
        times = w.times(code, group)
        if median(w, code, group) != "not reached":
            continue
        events = times.loc[times["CNSR"] == 0, "AVAL"]
        if events.empty:
            found[group] = "none"
        else:
            found[group] = "flat" if events.max() <= times["AVAL"].max() / 2 else "short"
    return found


@claim("limits.follow_up_short")
def _(w):
    return {g: label(w, primary(w)) for g, why in undecided(w).items() if why == "short"}


@claim("limits.plateau")
def _(w):
    said = {}
    for group, why in undecided(w).items():
        times = w.times(primary(w), group)
        last = times.loc[times["CNSR"] == 0, "AVAL"].max()
        if why == "flat":
            longer = int((times["AVAL"] > last).sum())
            said[group] = [f"at {last / w.month:.1f} months", f"and {longer} patient"]
    return said


@claim("limits.no_event")
def _(w):
    code = primary(w)
    groups = with_patients(w, code)
    return {g: label(w, code) for g in groups if not (w.times(code, g)["CNSR"] == 0).any()}


@claim("discussion.after_failure")
def _(w):
    return None if own_words(w) else plain_medians(w, "PFOS")


def exhibits(w, document: str) -> set[str]:
    """The figures and tables that a document shows, as a text refers to them."""
    included = re.findall(r"_generated/(\w+)\.md", w.documents[document])
    shown = re.findall(r"\{#((?:fig|tbl)-[\w-]+)", "".join(w.parts[name] for name in included))
    return {f"@{name}," for name in shown if name != "tbl-definitions"}


@claim("moved.supplement")
def _(w):
    return exhibits(w, "supplement") or True


@claim("moved.manuscript")
def _(w):
    return exhibits(w, "manuscript") or None


@claim("moved.record")
def _(w):
    return True
