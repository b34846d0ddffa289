"""The notice above the manuscript, the structured abstract, and the aims."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    between_arms,
    both,
    has_patients,
    no,
    randomised,
    several,
    synthetic,
    uses,
)
from venaza.pipeline.report.facts.survival import ratios as ratios_by_endpoint
from venaza.pipeline.report.grammar import by_group, cohort, design, is_synthetic, long_date, small
from venaza.pipeline.report.numbers import config_markdown, config_text, fact, given
from venaza.pipeline.report.prose_models import hazard
from venaza.pipeline.report.sentences import Always, paragraph, sentence
from venaza.study.support import explained


@sentence("notice.synthetic", when=synthetic)
def notice(context: Context) -> str:
    """What a reader of synthetic data must see first, in the study file's words."""
    data = config_markdown(context.study["study"]["data"], "study.data")
    return f'::: {{.callout-warning title="Synthetic data"}}\n{data}\n:::\n'


def abstract(context: Context) -> str:
    """Background, methods, results and conclusions, a paragraph each."""
    parts = {
        "Background": _background(context),
        "Methods": _methods(context),
        "Results": paragraph(*results(context)),
        "Conclusions": conclusion(context),
    }
    text = "\n\n".join(f"**{name}.** {words}" for name, words in parts.items())
    return f"::: {{.abstract}}\n\n# Abstract {{.unnumbered}}\n\n{text}\n\n:::\n"


def introduction(context: Context) -> str:
    """The study file's own introduction, then the aims."""
    own = context.study["report"]["introduction"].strip()
    text = f"{own}\n\n" if own else ""
    return f"# Introduction\n\n{text}{_aims(context)}\n"


_STATED = Always("says what the report contains, from the study file and the ARD")


@sentence("introduction.aim", when=_STATED)
def _aims(context: Context) -> str:
    return f"The aim of this report is to describe {_subject(context)}."


def _background(context: Context) -> str:
    return paragraph(_about(context), _made_up(context))


@sentence("abstract.background", when=_STATED)
def _about(context: Context) -> str:
    return f"This report describes {_subject(context)}."


@sentence("abstract.synthetic", when=synthetic)
def _made_up(context: Context) -> str:
    return "**The cohort is synthetic: no row describes a real person.**"


def _subject(context: Context) -> str:
    """``response, survival and adverse events in patients with ..., by disease status``."""
    numbers, study = context.numbers, context.study
    aspects = []
    if numbers.used("rate.ORR."):
        aspects.append("response")
    if numbers.used("rate.MRDNEG."):
        aspects.append("measurable residual disease (MRD)")
    aspects.append("survival")
    if "PFOS" in study["endpoints"]:
        start = study["endpoints"]["PFOS"]["start"]
        aspects.append(f"the course after {'relapse' if start == 'RELAPSE' else 'failure'}")
    if numbers.used("ae."):
        aspects.append("adverse events")
    disease = config_text(study["study"]["disease"], "study.disease")
    regimen = config_text(study["study"]["regimen"], "study.regimen")
    by = ""
    if context.several:
        by = f", by {config_text(small(str(study['groups']['label'])), 'groups.label')}"
    return f"{listed(aspects)} in patients with {disease} who received {regimen}{by}"


def _methods(context: Context) -> str:
    return paragraph(
        _design(context),
        _design_of_synthetic(context),
        _primary_endpoint(context),
        _cutoff(context),
        _criteria(context),
        _estimates(context),
    )


@sentence("abstract.design", when=no(synthetic))
def _design(context: Context) -> str:
    return f"This was {design(context.study)}."


@sentence("abstract.design_synthetic", when=synthetic)
def _design_of_synthetic(context: Context) -> str:
    return f"A synthetic cohort, laid out as {design(context.study)}, was analysed."


@sentence("abstract.primary", when=Always("every study names its primary endpoint"))
def _primary_endpoint(context: Context) -> str:
    return f"The primary endpoint was {small(context.label(_primary(context)))}."


@sentence("abstract.cutoff", when=lambda c: c.study["cutoff"])
def _cutoff(context: Context) -> str:
    day = given(long_date(context.study["cutoff"]), "timeline.cutoff")
    return f"Data were cut off on {day}."


@sentence("abstract.criteria", when=uses("rate.ORR."))
def _criteria(context: Context) -> str:
    name = config_text(context.study["criteria"]["name"], "response.criteria")
    return f"Response was assessed by the {name}."


@sentence("abstract.estimates", when=Always("every time-to-event estimate is made so"))
def _estimates(context: Context) -> str:
    return (
        "Survival was estimated by the Kaplan–Meier method; intervals are "
        f"{context.numbers.level} confidence intervals (CI)."
    )


def _primary(context: Context) -> str:
    return context.study["analysis"]["primary"]


def results(context: Context) -> list[str]:
    """The sentences of the abstract's results."""
    codes = [c for c in context.survival_endpoints() if c in (_primary(context), "OS", "EFS")]
    return [
        _patients(context),
        _response(context),
        _remission(context),
        _residual_disease(context),
        _follow_up(context),
        *(_survival(context, code) for code in codes),
        _comparison(context),
        _after_failure(context),
        _safety(context),
        _unsupported(context),
    ]


@sentence("abstract.unsupported", when=lambda c: _unsure(c))
def _unsupported(context: Context) -> str:
    """What the mark behind an endpoint of this abstract means."""
    return " ".join(fact(text, "endpoints/support") for text in _unsure(context))


def _unsure(context: Context) -> list[str]:
    shown = [c for c in context.survival_endpoints() if c in _told(context)]
    return explained([c for c in shown if context.with_patients(c)], context.support, context.study)


def _told(context: Context) -> tuple[str, ...]:
    """The endpoints whose medians the abstract gives."""
    return (_primary(context), "OS", "EFS", "PFOS")


@sentence("abstract.patients", when=Always("the ARD counts the patients of every study"))
def _patients(context: Context) -> str:
    numbers = context.numbers
    text = f"A total of {numbers.var('n.ITT.all')} patients were included"
    if context.several:
        text += f", {by_group(context.groups, lambda g: numbers.var(f'n.ITT.{g.slug}'))}"
    if known := context.groups_knowing("desc.AGE.{}.median"):
        ages = by_group(known, lambda g: numbers.var(f"desc.AGE.{g.slug}.median"))
        text += (
            f"; median age in years was {ages}"
            if context.several
            else f"; median age was {ages} years"
        )
    return text + "."


@sentence("abstract.response", when=uses("rate.ORR."))
def _response(context: Context) -> str:
    orr = by_group(context.groups, lambda g: context.numbers.share(f"rate.ORR.{g.slug}"))
    return f"Overall response was reached by {orr}."


@sentence("abstract.remission", when=both(uses("rate.CRC."), lambda c: _differs("CRC", c)))
def _remission(context: Context) -> str:
    crc = by_group(context.groups, lambda g: context.numbers.share(f"rate.CRC.{g.slug}"))
    return f"Composite complete remission was reached by {crc}."


@sentence("abstract.mrd", when=uses("rate.MRDNEG."))
def _residual_disease(context: Context) -> str:
    mrd = by_group(context.groups, lambda g: context.numbers.share(f"rate.MRDNEG.{g.slug}"))
    return f"MRD was negative in {mrd}."


def _differs(code: str, context: Context) -> bool:
    """Whether a rate says anything that the overall response rate does not."""
    value = context.numbers.value
    return any(
        value(f"rate.{code}.{g.slug}.n") != value(f"rate.ORR.{g.slug}.n") for g in context.groups
    )


@sentence("abstract.follow_up", when=uses("followup."))
def _follow_up(context: Context) -> str:
    months = by_group(
        context.groups,
        lambda g: context.numbers.with_unit(f"followup.{g.slug}.median", " months"),
    )
    return f"Median observed follow-up was {months}."


@sentence("abstract.survival", when=lambda c, code: c.with_patients(code))
def _survival(context: Context, code: str) -> str:
    groups = context.with_patients(code)
    medians = by_group(groups, lambda g: context.numbers.median(f"km.{code}.{g.slug}"))
    return f"Median {small(context.label(code))} was {medians}."


def _compared(context: Context) -> bool:
    return context.numbers.value(f"logrank.{_primary(context)}.p_value") is not None


@sentence("abstract.comparison", when=both(between_arms, _compared))
def _comparison(context: Context) -> str:
    """The primary comparison of a trial, with its hazard ratio where there is one."""
    code = _primary(context)
    ratios = [hazard(i, context) for i in ratios_by_endpoint(context).get(code, [])]
    ratio = f"; the hazard ratio was {listed(ratios)}" if ratios else ""
    p = context.numbers.p(f"logrank.{code}.p_value")
    return f"For {small(context.label(code))}, the log-rank test gave {p}{ratio}."


@sentence("abstract.after_failure", when=has_patients("PFOS"))
def _after_failure(context: Context) -> str:
    groups = context.with_patients("PFOS")
    medians = by_group(groups, lambda g: context.numbers.median(f"km.PFOS.{g.slug}"))
    return f"Median {small(context.label('PFOS'))} was {medians}."


@sentence("abstract.safety", when=lambda c: "ae.all.total.g3.n" in c.numbers)
def _safety(context: Context) -> str:
    numbers = context.numbers
    worst = f"{numbers.var('ae.all.total.g3.n')} ({numbers.var('ae.all.total.g3.percent')}%)"
    return (
        f"Treatment-emergent adverse events of grade 3 or worse were recorded in {worst} patients."
    )


_made_after = both(synthetic, lambda c: c.study.get("published"))


def conclusion(context: Context) -> str:
    """What may be concluded, and no more."""
    return paragraph(
        _agreement(context),
        _only_a_check(context),
        _no_information(context),
        *([] if is_synthetic(context.study) else [primary_result(context)]),
        _only_arms(context),
        _only_descriptive(context),
        _no_effect(context),
    )


@sentence("conclusion.agreement", when=_made_after)
def _agreement(context: Context) -> str:
    computed = "values computed from this synthetic export agree with those published"
    return f"The {computed}." if all_agree(context) else f"Not all {computed}."


@sentence("conclusion.check", when=_made_after)
def _only_a_check(context: Context) -> str:
    return (
        "They show what the analysis does with a known cohort; they carry no clinical information "
        "of their own."
    )


@sentence("conclusion.synthetic", when=both(synthetic, no(_made_after)))
def _no_information(context: Context) -> str:
    return "The data are synthetic; the values carry no clinical information."


def primary_result(context: Context) -> str:
    """The primary endpoint's medians, or that there are none."""
    return paragraph(_primary_median(context), _no_primary(context))


def _cohort(context: Context) -> str:
    """``In this cohort of 137 patients``."""
    made = "synthetic " if is_synthetic(context.study) else ""
    n = context.numbers.var("n.ITT.all")
    return f"In this {made}{cohort(context.study)} of {n} patients"


@sentence("primary.median", when=lambda c: c.with_patients(_primary(c)))
def _primary_median(context: Context) -> str:
    code = _primary(context)
    medians = by_group(
        context.with_patients(code),
        lambda g: context.numbers.middle(f"km.{code}.{g.slug}"),
    )
    return f"{_cohort(context)}, median {small(context.label(code))} was {medians}."


@sentence("primary.none", when=lambda c: not c.with_patients(_primary(c)))
def _no_primary(context: Context) -> str:
    return f"{_cohort(context)}, the primary endpoint could not be estimated."


@sentence("conclusion.randomised", when=both(no(synthetic), several, randomised))
def _only_arms(context: Context) -> str:
    return "Comparisons other than that of the randomised arms are descriptive."


@sentence("conclusion.descriptive", when=both(no(synthetic), several, no(randomised)))
def _only_descriptive(context: Context) -> str:
    return "Comparisons between groups are descriptive."


@sentence("conclusion.single_arm", when=both(no(synthetic), no(several)))
def _no_effect(context: Context) -> str:
    return "Without a comparison group, no effect of treatment can be inferred."


def all_agree(context: Context) -> bool:
    """Whether every published figure agrees with the computed one."""
    found = context.numbers.matching(r"published\..+\.agrees")
    return bool(found) and all(context.numbers.value(i) == 1 for _, i in found)
