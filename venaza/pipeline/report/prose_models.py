"""Regression beyond one covariate at a time: how it was done, and what it gave."""

from __future__ import annotations

from venaza.contracts.wording import capital, listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.grammar import Group, by_group, small
from venaza.pipeline.report.numbers import config_text, given
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence
from venaza.study.labels import variable

#: Below this a test is named as evidence; it chooses words only.
NOTABLE = 0.05


def methods(context: Context) -> list[str]:
    """Sentences of the section on statistical analysis, for the models that the ARD holds."""
    return [
        _together(context),
        _penalty(context),
        _score_test(context),
        _exploratory(context),
        _left_out_in_turn(context),
    ]


@sentence("methods.multivariable", when=uses("coxm."))
def _together(context: Context) -> str:
    limit = context.study["analysis"]["events_per_parameter"]
    rule = (
        ", only where there were at least "
        f"{given(f'{limit:g}', 'analysis.events_per_parameter')} events per parameter "
        "[@peduzzi1995]"
        if limit
        else ""
    )
    return (
        "In multivariable models the covariates named for them stood together, in the patients "
        f"who have all of them{rule}."
    )


def _penalised_anywhere(context: Context) -> bool:
    return any("Firth" in str(row["method"]) for row in context.numbers.rows())


@sentence("methods.firth", when=_penalised_anywhere)
def _penalty(context: Context) -> str:
    return (
        "With fewer than twenty events, or where a covariate separated the events, estimates "
        "are Firth's penalised ones with profile-likelihood intervals [@heinze2001]."
    )


@sentence("methods.proportional", when=lambda c: _zph(c))
def _score_test(context: Context) -> str:
    return (
        "Proportional hazards were examined by the score test on the Kaplan–Meier time scale "
        "[@grambsch1994]."
    )


@sentence("methods.subgroups", when=uses("subgroup."))
def _exploratory(context: Context) -> str:
    return (
        "Hazard ratios between the groups within subgroups, and likelihood-ratio tests of "
        "interaction, are exploratory."
    )


@sentence("methods.influence", when=lambda c: _influenced(c))
def _left_out_in_turn(context: Context) -> str:
    ratios = " and hazard ratio between the groups" if _influenced_ratios(context) else ""
    return (
        f"Each median{ratios} of the primary endpoint was computed again with each patient left "
        "out in turn."
    )


def results(context: Context) -> str:
    """The paragraph on multivariable models, assumptions, subgroups and influence; the forests."""
    adjusted, inside = _codes("multivariable", context), _codes("subgroups", context)
    text = paragraph(
        *(_not_estimated(context, code) for code in adjusted),
        *(_in_table(context, code) for code in adjusted),
        *(_adjusted(context, code) for code in adjusted),
        _no_evidence(context),
        _proportional(context),
        *(_subgroups(context, code) for code in inside),
        _influence(context),
    )
    drawn = dict.fromkeys([*_codes("cox", context), *adjusted])
    return paragraphs(
        text,
        *(figure(f"hazards_{code}", context) for code in drawn),
        *(figure(f"forest_{code}", context) for code in inside),
    )


def _codes(key: str, context: Context) -> list[str]:
    return list(context.study["analysis"].get(key) or {})


def _name(name: str, context: Context) -> str:
    """What a variable is called within a sentence."""
    return config_text(small(variable(name, context.study)[0]), "analysis.multivariable")


def _ratios(context: Context, code: str) -> list[str]:
    """The ids of the multivariable hazard ratios that were estimated."""
    found = context.numbers.matching(rf"coxm\.{code}\..+\.hazard_ratio")
    return [ard_id for _, ard_id in found if context.numbers.value(ard_id) is not None]


def _between_groups(context: Context, code: str) -> list[str]:
    return [i for i in _ratios(context, code) if i.startswith(f"coxm.{code}.GROUP.")]


def _modelled(context: Context, code: str) -> bool:
    return f"coxm.{code}.n" in context.numbers


def _covariates(context: Context, code: str) -> str:
    variables = context.study["analysis"]["multivariable"][code]
    return listed([_name(name, context) for name in variables])


@sentence("models.not_estimated", when=both(_modelled, no(_ratios)))
def _not_estimated(context: Context, code: str) -> str:
    numbers, stem = context.numbers, f"coxm.{code}"
    one = numbers.value(f"{stem}.parameters") == 1
    return (
        f"A multivariable model of {small(context.label(code))} with {_covariates(context, code)} "
        f"was not estimated: {numbers.var(f'{stem}.events')} events stand against "
        f"{numbers.var(f'{stem}.parameters')} {'parameter' if one else 'parameters'}."
    )


def _model(context: Context, code: str) -> str:
    numbers, stem = context.numbers, f"coxm.{code}"
    size = f"{numbers.var(f'{stem}.n')} patients, {numbers.var(f'{stem}.events')} events"
    covariates = _covariates(context, code)
    return f"the multivariable model of {small(context.label(code))} with {covariates} ({size})"


@sentence("models.in_table", when=both(_modelled, _ratios, no(_between_groups)))
def _in_table(context: Context, code: str) -> str:
    return f"{capital(_model(context, code))} is given in the table{context.see('tbl cox')}."


@sentence("models.adjusted", when=both(_modelled, _between_groups))
def _adjusted(context: Context, code: str) -> str:
    """The group's hazard ratio beside the other covariates."""
    clauses = listed([hazard(ard_id, context) for ard_id in _between_groups(context, code)])
    see = context.see("tbl cox")
    return f"In {_model(context, code)}, the hazard ratio was {clauses}{see}."


def hazard(ard_id: str, context: Context) -> str:
    """``1.96 (95% CI 1.03 to 3.74; P = 0.041) for relapsed or refractory against ...``."""
    numbers, stem = context.numbers, ard_id.removesuffix(".hazard_ratio")
    levels = context.study["groups"]["levels"] if context.study.get("groups") else ()
    labels = {str(key): g.label for key, g in zip(levels, context.groups, strict=False)}
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


def _zph(context: Context) -> list[str]:
    """The tests of proportional hazards in the models of the table, where they could be made.

    Models of other definitions of an endpoint are in no table, and their tests are not told.
    """
    found = context.numbers.matching(r"zphm?\.[^.]+\.[^.]+\.p_value")
    return [ard_id for _, ard_id in found if context.numbers.value(ard_id) is not None]


def _against(context: Context) -> list[str]:
    return [ard_id for ard_id in _zph(context) if context.numbers.value(ard_id) < NOTABLE]


@sentence("models.proportional", when=both(_zph, no(_against)))
def _no_evidence(context: Context) -> str:
    numbers = context.numbers
    lowest = min(_zph(context), key=numbers.value)
    return f"No test gave evidence against proportional hazards (lowest {numbers.p(lowest)})."


@sentence("models.not_proportional", when=_against)
def _proportional(context: Context) -> str:
    """Where the tests speak against proportional hazards."""
    numbers = context.numbers
    found = _against(context)
    clauses = listed([f"{_tested(ard_id, context)} ({numbers.p(ard_id)})" for ard_id in found])
    return (
        f"There was evidence against proportional hazards for {clauses}; these hazard ratios are "
        "averages over the follow-up."
    )


def _tested(ard_id: str, context: Context) -> str:
    kind, code, covariate = ard_id.split(".")[:3]
    label = small(context.label(code))
    if covariate == "GLOBAL":
        return f"the multivariable model of {label} as a whole"
    names = {
        name.replace("-", "_"): name
        for key in ("cox", "multivariable")
        for name in context.study["analysis"].get(key, {}).get(code, [])
    }
    name = _name(names.get(covariate, covariate), context)
    return f"{name} in the {'multivariable' if kind == 'zphm' else 'univariable'} model of {label}"


def _interactions(context: Context, code: str) -> list[str]:
    """The tests of interaction that could be made."""
    numbers = context.numbers
    found = numbers.matching(rf"subgroup\.{code}\.([^.]+)\.interaction\.p_value")
    return [ard_id for _, ard_id in found if numbers.value(ard_id) is not None]


@sentence("models.interaction", when=_interactions)
def _subgroups(context: Context, code: str) -> str:
    """The tests of interaction, called exploratory."""
    numbers = context.numbers
    tests = [
        f"{numbers.p(ard_id)} for {_name(numbers.field(ard_id, 'term'), context)}"
        for ard_id in _interactions(context, code)
    ]
    return (
        f"In exploratory subgroups for {small(context.label(code))}"
        f"{context.see(f'fig forest_{code}')}, the test of interaction gave {listed(tests)}."
    )


def _influenced(context: Context) -> list[Group]:
    """The groups whose median of the primary endpoint was computed without each patient."""
    code = context.study["analysis"]["primary"]
    return [
        group
        for group in context.with_patients(code)
        if context.numbers.value(f"influence.{code}.{group.slug}.median.min") is not None
    ]


def _influenced_ratios(context: Context) -> dict[str, str]:
    """The stems of the hazard ratios computed so, by group."""
    numbers, code = context.numbers, context.study["analysis"]["primary"]
    found = numbers.matching(rf"influence\.{code}\.GROUP\.([^.]+)\.hazard_ratio\.min")
    return {m[1]: i.removesuffix(".min") for m, i in found if numbers.value(i) is not None}


@sentence("models.influence", when=_influenced)
def _influence(context: Context) -> str:
    """Between which values the primary endpoint's estimates move with one patient left out."""
    code = context.study["analysis"]["primary"]
    label = small(context.label(code))
    medians = by_group(
        _influenced(context),
        lambda g: _span(f"influence.{code}.{g.slug}.median", " months", context),
    )
    stems = _influenced_ratios(context)
    labels = {group.slug: group.label for group in context.groups}
    ratios = [
        _span(stem, "", context) + (f" for {labels.get(key, key)}" if len(stems) > 1 else "")
        for key, stem in stems.items()
    ]
    ratio = f"; the hazard ratio lies {listed(ratios)}" if ratios else ""
    return (
        f"With any one patient left out, median {label} lies {medians}{ratio}"
        f"{context.see('tbl influence')}."
    )


def _span(stem: str, unit: str, context: Context) -> str:
    numbers = context.numbers
    low, high = f"{stem}.min", f"{stem}.max"
    if numbers.field(low, "display") == numbers.field(high, "display"):
        return f"at {numbers.with_unit(high, unit)}"
    first = unit if numbers.value(high) is None else ""
    return f"between {numbers.with_unit(low, first)} and {numbers.with_unit(high, unit)}"
