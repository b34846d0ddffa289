"""Regression beyond one covariate at a time: how it was done, and what it gave."""

from __future__ import annotations

from venaza.contracts.clean import PATIENTS
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import config_text, given
from venaza.report.words import by_group, listed, small

#: Below this a test is named as evidence; it chooses words only.
NOTABLE = 0.05


def methods(context: Context) -> list[str]:
    """Sentences of the section on statistical analysis, for the models that the ARD holds."""
    numbers, analysis = context.numbers, context.study["analysis"]
    sentences = []
    if numbers.used("coxm."):
        limit = analysis["events_per_parameter"]
        rule = (
            ", only where there were at least "
            f"{given(f'{limit:g}', 'analysis.events_per_parameter')} events per parameter "
            "[@peduzzi1995]"
            if limit
            else ""
        )
        sentences.append(
            "Covariates named in the study file, none of them chosen by its P value, stood "
            f"together in multivariable models of the patients who have all of them{rule}."
        )
    if any("Firth" in str(row["method"]) for row in numbers.rows()):
        sentences.append(
            "With fewer than twenty events, or where a covariate separated the events, estimates "
            "are Firth's penalised ones with profile-likelihood intervals [@heinze2001]."
        )
    if numbers.used("zph."):
        sentences.append(
            "Proportional hazards were examined by the score test on the Kaplan–Meier time scale "
            "[@grambsch1994]."
        )
    if numbers.used("subgroup."):
        sentences.append(
            "Hazard ratios between the groups within subgroups, and likelihood-ratio tests of "
            "interaction, are exploratory."
        )
    if numbers.used("influence."):
        sentences.append(
            "To see how much hangs on single patients, each median and hazard ratio between the "
            "groups was computed again with each patient left out in turn."
        )
    return sentences


def results(context: Context) -> str:
    """The paragraph on multivariable models, assumptions, subgroups and influence; the forests."""
    sentences = [
        *(_multivariable(code, context) for code in _codes("multivariable", context)),
        _proportional(context),
        *(_subgroups(code, context) for code in _codes("subgroups", context)),
        _influence(context),
    ]
    forests = [figure(f"forest_{code}", context) for code in _codes("subgroups", context)]
    paragraph = " ".join(filter(None, sentences))
    return "\n\n".join(filter(None, [paragraph, *forests]))


def _codes(key: str, context: Context) -> list[str]:
    return list(context.study["analysis"].get(key) or {})


def _name(variable: str, context: Context) -> str:
    """What a variable is called within a sentence."""
    study = context.study
    if variable == "GROUP" and study.get("groups"):
        label = study["groups"]["label"]
    else:
        own = {column["name"]: column["label"] for column in study.get("columns", [])}
        known = {column.name: column.label for column in PATIENTS}
        label = own.get(variable) or known.get(variable, variable)
    return config_text(small(str(label)), "analysis.multivariable")


def _multivariable(code: str, context: Context) -> str:
    """The group's hazard ratio beside the other covariates, or why there is no model."""
    numbers, stem = context.numbers, f"coxm.{code}"
    if f"{stem}.n" not in numbers:
        return ""
    variables = context.study["analysis"]["multivariable"][code]
    covariates = listed([_name(variable, context) for variable in variables])
    label = small(context.label(code))
    ratios = [ard_id for _, ard_id in numbers.matching(rf"coxm\.{code}\..+\.hazard_ratio")]
    if all(numbers.value(ard_id) is None for ard_id in ratios):
        return (
            f"A multivariable model of {label} with {covariates} was not estimated: "
            f"{numbers.var(f'{stem}.events')} events stand against "
            f"{numbers.var(f'{stem}.parameters')} parameters."
        )
    size = f"{numbers.var(f'{stem}.n')} patients, {numbers.var(f'{stem}.events')} events"
    model = f"the multivariable model of {label} with {covariates} ({size})"
    found = [i for i in ratios if i.startswith(f"{stem}.GROUP.") and numbers.value(i) is not None]
    if not found:
        return f"{model[:1].upper()}{model[1:]} is given in the table{context.see('tbl cox')}."
    clauses = listed([_hazard(ard_id, context) for ard_id in found])
    return f"In {model}, the hazard ratio was {clauses}{context.see('tbl cox')}."


def _hazard(ard_id: str, context: Context) -> str:
    numbers, stem = context.numbers, ard_id.removesuffix(".hazard_ratio")
    labels = {
        str(key): group.label
        for key, group in zip(context.study["groups"]["levels"], context.groups, strict=True)
    }
    level = numbers.field(ard_id, "term")
    reference = numbers.field(ard_id, "method").rpartition("reference ")[2]
    return (
        f"{numbers.var(ard_id)} ({numbers.interval(stem)}; {numbers.p(f'{stem}.p_value')}"
        f"{penalised(ard_id, context)}) for {labels.get(level, level)} against "
        f"{labels.get(reference, reference)} patients"
    )


def penalised(ard_id: str, context: Context) -> str:
    """Names Firth's estimate where it is one, and the groups without an event that made it so."""
    numbers, code = context.numbers, ard_id.split(".")[1]
    if "Firth" not in numbers.field(ard_id, "method"):
        return ""
    without = [
        f"{group.label} patients"
        for group in context.groups
        if numbers.value(f"km.{code}.{group.slug}.n")
        and numbers.value(f"km.{code}.{group.slug}.events") == 0
    ]
    why = f", as there was no event among {listed(without)}" if without else ""
    return f"; Firth's penalised estimate{why}"


def _proportional(context: Context) -> str:
    """Where the tests speak against proportional hazards; one sentence where none does."""
    numbers = context.numbers
    found = [ard_id for _, ard_id in numbers.matching(r"zphm?\..+\.p_value")]
    known = [ard_id for ard_id in found if numbers.value(ard_id) is not None]
    if not known:
        return ""
    against = [ard_id for ard_id in known if numbers.value(ard_id) < NOTABLE]
    if not against:
        lowest = min(known, key=numbers.value)
        return (
            "No test gave evidence against proportional hazards (lowest "
            f"{numbers.p(lowest)}); a test that does not reject is no proof of them."
        )
    clauses = listed([f"{_tested(ard_id, context)} ({numbers.p(ard_id)})" for ard_id in against])
    return (
        f"There was evidence against proportional hazards for {clauses}; these hazard ratios are "
        "averages over the follow-up."
    )


def _tested(ard_id: str, context: Context) -> str:
    kind, code, variable = ard_id.split(".")[:3]
    label = small(context.label(code))
    if variable == "GLOBAL":
        return f"the multivariable model of {label} as a whole"
    names = {
        name.replace("-", "_"): name
        for key in ("cox", "multivariable")
        for name in context.study["analysis"].get(key, {}).get(code, [])
    }
    name = _name(names.get(variable, variable), context)
    return f"{name} in the {'multivariable' if kind == 'zphm' else 'univariable'} model of {label}"


def _subgroups(code: str, context: Context) -> str:
    """The tests of interaction, called exploratory."""
    numbers = context.numbers
    found = numbers.matching(rf"subgroup\.{code}\.([^.]+)\.interaction\.p_value")
    tests = [
        f"{numbers.p(ard_id)} for {_name(numbers.field(ard_id, 'term'), context)}"
        for _, ard_id in found
        if numbers.value(ard_id) is not None
    ]
    if not tests:
        return ""
    return (
        f"In exploratory subgroups for {small(context.label(code))}"
        f"{context.see(f'fig forest_{code}')}, the test of interaction gave {listed(tests)}."
    )


def _influence(context: Context) -> str:
    """Between which values the primary endpoint's estimates move with one patient left out."""
    numbers, code = context.numbers, context.study["analysis"]["primary"]
    groups = [
        group
        for group in context.with_patients(code)
        if numbers.value(f"influence.{code}.{group.slug}.median.min") is not None
    ]
    if not groups:
        return ""

    def span(stem: str, unit: str = "") -> str:
        low, high = f"{stem}.min", f"{stem}.max"
        if numbers.field(low, "display") == numbers.field(high, "display"):
            return f"stays at {numbers.with_unit(high, unit)}"
        first = unit if numbers.value(high) is None else ""
        ends = f"{numbers.with_unit(low, first)} and {numbers.with_unit(high, unit)}"
        return f"lies between {ends}"

    medians = by_group(groups, lambda g: span(f"influence.{code}.{g.slug}.median", " months"))
    found = numbers.matching(rf"influence\.{code}\.GROUP\.([^.]+)\.hazard_ratio\.min")
    stems = {m[1]: i.removesuffix(".min") for m, i in found if numbers.value(i) is not None}
    labels = {group.slug: group.label for group in context.groups}
    ratios = [
        span(stem) + (f" for {labels.get(key, key)}" if len(stems) > 1 else "")
        for key, stem in stems.items()
    ]
    ratio = f"; the hazard ratio {listed(ratios)}" if ratios else ""
    return (
        f"With one patient left out, whoever it is, median {small(context.label(code))} "
        f"{medians}{ratio}{context.see('tbl influence')}."
    )
