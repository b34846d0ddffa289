"""Claims on laboratory values, genetic risk, definitions, what the data support, other series."""

from __future__ import annotations

import re

import pandas as pd

from tests.report.claims.claim import claim, label, many, small, with_patients
from tests.report.claims.claims_study import responses, synthetic
from tests.report.claims.world import World
from venaza.pipeline.report.numbers import variable


def graded(w: World) -> bool:
    return w.maps("labs") and w.has("lab.")


@claim("methods.labs")
def _(w):
    return w.study["lab_grades"]["version"] if graded(w) else None


@claim("methods.labs_worst")
def _(w):
    return "treatment-emergent period" if graded(w) else None


def worst(w: World, test: str) -> pd.Series:
    """The worst grade of each patient after the index date, where there is one."""
    adlb = w.tables["adlb"]
    own = (adlb["PARAMCD"] == test) & (adlb["WORSTFL"].notna()) & adlb["USUBJID"].isin(w.members())
    return adlb[own].groupby("USUBJID")["ATOXGR"].max().dropna()


@claim("methods.labs_anaemia")
def _(w):
    return w.maps("labs") and w.has("lab.all.HGB.")


@claim("labs.grades")
def _(w):
    if not graded(w):
        return None
    parts = []
    for test, name in {"ANC": "neutropenia", "PLT": "thrombocytopenia", "HGB": "anaemia"}.items():
        values = w.clean_of("labs")
        values = values[(values["LBTESTCD"] == test) & (values["LBDY"] > 0)]
        if w.has(f"lab.all.{test}.g3."):
            parts.append(name)
            assert len(values)
    return parts or None


def lysis(w: World, key: str) -> pd.DataFrame:
    """Who could be assessed for tumour lysis, by a definition."""
    tls = w.tables["tls"]
    own = (tls["DEFN"] == key) & tls["USUBJID"].isin(w.members())
    return tls[own & tls["LTLS"].notna()]


@claim("methods.tls")
def _(w):
    if not w.maps("labs") or not w.has("tls."):
        return None
    tests = [test["label"] for test in w.study["tls"]["tests"].values()]
    return [f"at least {w.study['tls']['needed']} abnormal values among", *tests]


@claim("methods.tls_clinical")
def _(w):
    return w.maps("labs") and w.has("tls.")


@claim("methods.tls_not_assessable")
def _(w):
    if not w.has("tls."):
        return None
    return any(len(lysis(w, key)) < len(w.members()) for key in w.study["tls"]["definitions"])


@claim("labs.tls")
def _(w):
    said = {}
    for key in w.study["tls"]["definitions"] if w.has("tls.") else ():
        rows = lysis(w, key)
        if len(rows):
            k, out = int((rows["LTLS"] == "Y").sum()), len(w.members()) - len(rows)
            said[key] = [f"{k} of {len(rows)} patients"]
            if key == "cairo_bishop" and k:
                change = int((rows["LIMFL"] == "N").sum())
                said[key] += [f"{change} met the definition only by a change of 25%"]
            said[key] += [f"{many(out)} could not be assessed"] if out else []
    return said


@claim("labs.tls_recorded")
def _(w):
    if not w.has("tls.") or not w.maps("adverse_events"):
        return None
    events = w.clean["adverse_events"]
    own = events[(events["AEDECOD"] == "Tumor lysis syndrome") & ~(events["AESTDY"] < -3)]
    recorded = set(own["USUBJID"]) & w.members()
    rows = lysis(w, "howard")
    found = set(rows.loc[rows["LTLS"] == "Y", "USUBJID"])
    if recorded == found:
        return None
    both = f"{len(recorded & found)} of whom met the laboratory definition of Howard 2011"
    said = f"{many(len(recorded))}, {both}" if recorded else "no patient"
    return {"howard": said}


@claim("labs.tls_unknown")
def _(w):
    keys = w.study["tls"]["definitions"] if w.has("tls.") else ()
    return {key: True for key in keys if not len(lysis(w, key))}


# genetic risk


def derives(w: World) -> bool:
    return bool(w.study.get("risk"))


@claim("methods.risk", "methods.risk_untested", "methods.risk_made_for")
def _(w):
    return derives(w)


@claim("methods.risk_outside")
def _(w):
    schemes = w.study["risk_tables"]["schemes"].values() if derives(w) else ()
    found = [excluded["reason"] for s in schemes for excluded in s.get("excluded", [])]
    return [{reason} for reason in found] or None


@claim("methods.risk_panel")
def _(w):
    return derives(w) and bool(w.study["risk"].get("panel"))


_REASONS = {"RISKDRV": "RISKDRVRS", "RISK2024": "RISK24RS", "SIG4": "SIG4RS"}
_COLUMNS = {"eln2022": "RISKDRV", "eln2024_less_intensive": "RISK2024", "four_gene": "SIG4"}


@claim("risk.distribution")
def _(w):
    if not derives(w):
        return None
    said = {}
    for scheme in w.study["risk_tables"]["schemes"]:
        adsl, column = w.adsl(), _COLUMNS[scheme]
        outside = adsl[_REASONS[column]].fillna("").str.startswith("outside")
        groups = adsl.loc[~outside, column].fillna("not classifiable").value_counts()
        groups = {"not classifiable": 0, **groups}
        said[scheme] = [{f"{k.removesuffix(' benefit')} in {n}" for k, n in groups.items()}]
        left = f"; {outside.sum()} were outside the classification"
        said[scheme] += [left] if outside.any() else []
    return said


def both_risks(w: World) -> pd.DataFrame:
    adsl = w.adsl()
    drawn = adsl["RISKDRV"].notna() & (adsl["RISKDRV"] != "not classifiable")
    return adsl[drawn & adsl["RISK"].notna()]


@claim("risk.agreement")
def _(w):
    if not derives(w) or both_risks(w).empty:
        return None
    rows = both_risks(w)
    return f"{int((rows['RISK'] == rows['RISKDRV']).sum())} of {len(rows)} patients"


@claim("risk.disagreement")
def _(w):
    return derives(w) and bool((both_risks(w)["RISK"] != both_risks(w)["RISKDRV"]).any())


@claim("risk.missing_tests")
def _(w):
    return derives(w) and bool(w.adsl()["RISKDRV"].isna().any())


# definitions


def alternatives(w: World) -> dict[str, list[str]]:
    """The other definitions of each endpoint that has patients."""
    found: dict[str, list[str]] = {}
    for name, definition in w.study["alternatives"].items():
        if with_patients(w, definition["of"]):
            found.setdefault(definition["of"], []).append(name)
    return found


def changes(w: World, code: str, other: str) -> int:
    """The patients whose time, status or reason another definition changes."""
    adtte = w.tables["adtte"]
    own = adtte[adtte["USUBJID"].isin(w.members())]
    columns = ["AVAL", "CNSR", "EVNTDESC"]
    one = own[own["PARAMCD"] == code].set_index("USUBJID")[columns]
    two = own[own["PARAMCD"] == other].set_index("USUBJID")[columns]
    one, two = one.align(two, join="outer", axis=0)
    same = ((one == two) | (one.isna() & two.isna())).fillna(False)
    return int((~same.all(axis=1)).sum())


@claim("definitions.used")
def _(w):
    return {code: w.study["endpoints"][code]["short"] for code in alternatives(w)}


@claim("definitions.shown")
def _(w):
    return dict.fromkeys(alternatives(w), True)


@claim("definitions.changed")
def _(w):
    said = {}
    for code, others in alternatives(w).items():
        n = {name: changes(w, code, name) for name in others}
        if any(n.values()):
            shorts = {name: w.study["alternatives"][name]["short"] for name in others}
            said["+".join(others)] = [
                f"Of {len(w.members())} patients",
                {f"{k} (*{shorts[name]}*)" for name, k in n.items() if k},
            ]
    return said


@claim("definitions.unchanged")
def _(w):
    return {
        "+".join(others): True
        for code, others in alternatives(w).items()
        if not any(changes(w, code, name) for name in others)
    }


# what the data support


def unsupported(w: World) -> list[str]:
    rows = w.tables["support"]
    named = {*w.study["endpoints"], *w.study["alternatives"]}
    codes = rows.loc[(rows["SUPPORT"] == "N").fillna(False), "PARAMCD"]
    return [c for c in dict.fromkeys(codes) if c in named]


@claim("supplement.support")
def _(w):
    return len(w.tables["support"]) > 0


@claim("methods.unsupported")
def _(w):
    return dict.fromkeys(unsupported(w), "These data cannot support")


@claim("limits.unsupported")
def _(w):
    return bool(unsupported(w))


@claim("abstract.unsupported")
def _(w):
    told = [w.study["analysis"]["primary"], "OS", "EFS", "PFOS"]
    return any(code in unsupported(w) and with_patients(w, code) for code in told)


def asked(w: World, rule: str) -> int:
    return w.queries.loc[w.queries["RULE"] == rule, "USUBJID"].nunique()


@claim("methods.choices")
def _(w):
    from venaza.pipeline.report.facts.support import CHOICES

    found = {rule: asked(w, rule) for rule in CHOICES if asked(w, rule)}
    parts = {f" in {n} patient{'' if n == 1 else 's'}" for n in found.values()}
    return [parts] if found else None


@claim("methods.without_cycle")
def _(w):
    n = int((w.queries["RULE"] == "no_response_without_cycle").sum())
    return f"{n} assessment" if n else None


@claim("limits.without_cycle")
def _(w):
    return asked(w, "no_response_without_cycle") > 0


@claim("limits.open_window")
def _(w):
    if not responses(w):
        return None
    tables = {"NEXT_THERAPY": "therapies", "TRANSPLANT": "transplants"}
    missing = [m for m in w.study["response"]["until"] if m in tables and not w.maps(tables[m])]
    return [small(w.study["milestones"][m]["description"]) for m in missing] or None


# other series


def series(w: World) -> bool:
    """Whether published series stand beside the cohort."""
    return bool(w.study["evidence"]) and any(w.study["evidence"]["shows"].values())


@claim(
    *("methods.evidence", "methods.evidence_intervals"),
    *("evidence.series_differ", "evidence.no_test"),
)
def _(w):
    assert not w.ard["ard_id"].str.fullmatch(r"evidence\..+\.p_value").any()
    return series(w)


def shown(w: World, name: str) -> int:
    values = w.ard.set_index("ard_id")["value"]
    return int(values.get(f"evidence.n.{name}", 0))


@claim("evidence.rates")
def _(w):
    return [f"{shown(w, 'rates')} rate", "published series"] if series(w) else None


@claim("evidence.others")
def _(w):
    return series(w) and w.study["evidence"]["shows"]["others"] > 0


@claim("evidence.worked_out")
def _(w):
    n = shown(w, "worked_out")
    return f"For {n} rate" if n else None


@claim("evidence.without_interval")
def _(w):
    n = shown(w, "without_interval")
    return f"shown for {n} rate" if n else None


def pools(w: World) -> list[str]:
    ids = w.ard["ard_id"]
    return list(ids[ids.str.fullmatch(r"evidence\.pool\..+\.percent")])


@claim("methods.pooling", "methods.cohort_not_pooled")
def _(w):
    return bool(pools(w))


@claim("evidence.none_pooled")
def _(w):
    if not series(w) or pools(w):
        return None
    return f"fewer than {w.study['evidence']['pool']['least']}"


@claim("evidence.pool")
def _(w):
    said = {}
    for ard_id in pools(w):
        _, _, group, _, _, kind, _ = ard_id.split(".")
        stem = ard_id.removesuffix(".percent")
        n = w.display(f"{stem}.series")
        assert int(n) >= w.study["evidence"]["pool"]["least"]
        said[f"{group} {kind} {stem}"] = [w.display(ard_id), f"; {n} series"]
    return said


@claim("evidence.synthetic")
def _(w):
    return series(w) and synthetic(w)


@claim("trials.listed", "trials.registry")
def _(w):
    return bool(w.study["evidence"]) and w.study["evidence"]["trials"] != "none"


def curves(w: World) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for curve in w.study["published_curves"]:
        found.setdefault(curve["endpoint"], []).append(curve)
    return found


@claim("beside.drawn")
def _(w):
    return {c: [label(w, c), *[x["label"] for x in own]] for c, own in curves(w).items()}


@claim("beside.reconstructed", "beside.apart")
def _(w):
    return dict.fromkeys(curves(w), True)


# The supplement


@claim("supplement.rows")
def _(w):
    return len(w.clean["row_account"]) > 0


@claim("supplement.queries")
def _(w):
    return f"{len(w.queries)} quer" if len(w.queries) else None


@claim("supplement.no_query")
def _(w):
    return len(w.queries) == 0


@claim("supplement.corrections")
def _(w):
    if w.corrections is None:
        return None
    made = w.corrections[w.corrections["STATUS"] == "applied"]
    return f"{len(made)} value of {made['USUBJID'].nunique()} patient was"


@claim("supplement.made_from", "supplement.hashes")
def _(w):
    return True


@claim("supplement.numbers")
def _(w):
    used = set(re.findall(r"\{\{< var (\S+) >\}\}", "\n".join(w.parts.values())))
    assert used <= {variable(ard_id) for ard_id in w.ard["ard_id"]}
    return True
