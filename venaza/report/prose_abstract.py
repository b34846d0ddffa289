"""The notice above the manuscript, the structured abstract, and the aims."""

from __future__ import annotations

from venaza.contracts.support import explained
from venaza.report.context import Context
from venaza.report.numbers import config_markdown, config_text, fact, given
from venaza.report.words import (
    by_group,
    cohort,
    design,
    is_randomised,
    is_synthetic,
    listed,
    long_date,
    small,
)


def notice(context: Context) -> str:
    """What a reader of synthetic data must see first; empty where the patients are real."""
    if not is_synthetic(context.study):
        return ""
    data = config_markdown(context.study["study"]["data"], "study.data")
    return f'::: {{.callout-warning title="Synthetic data"}}\n{data}\n:::\n'


def abstract(context: Context) -> str:
    """Background, methods, results and conclusions, a paragraph each."""
    parts = {
        "Background": _background(context),
        "Methods": _methods(context),
        "Results": " ".join(filter(None, results(context))),
        "Conclusions": conclusion(context),
    }
    text = "\n\n".join(f"**{name}.** {words}" for name, words in parts.items())
    return f"::: {{.abstract}}\n\n# Abstract {{.unnumbered}}\n\n{text}\n\n:::\n"


def introduction(context: Context) -> str:
    """The study file's own introduction, then the aims."""
    own = context.study["report"]["introduction"].strip()
    text = f"{own}\n\n" if own else ""
    return f"# Introduction\n\n{text}{_aims(context)}\n"


def _aims(context: Context) -> str:
    return f"The aim of this report is to describe {_subject(context)}."


def _background(context: Context) -> str:
    text = f"This report describes {_subject(context)}."
    if is_synthetic(context.study):
        text += " **The cohort is synthetic: no row describes a real person.**"
    return text


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
    study = context.study
    analysed = f"This was {design(study)}."
    if is_synthetic(study):
        analysed = f"A synthetic cohort, laid out as {design(study)}, was analysed."
    text = [analysed, f"The primary endpoint was {small(context.label(_primary(context)))}."]
    if study["cutoff"]:
        text.append(f"Data were cut off on {given(long_date(study['cutoff']), 'timeline.cutoff')}.")
    if context.numbers.used("rate.ORR."):
        name = config_text(study["criteria"]["name"], "response.criteria")
        text.append(f"Response was assessed by the {name}.")
    text.append(
        "Survival was estimated by the Kaplan–Meier method; intervals are "
        f"{context.numbers.level} confidence intervals (CI)."
    )
    return " ".join(text)


def _primary(context: Context) -> str:
    return context.study["analysis"]["primary"]


def results(context: Context) -> list[str]:
    """The sentences of the abstract's results."""
    return [
        _patients(context),
        _response(context),
        _survival(context),
        _after_failure(context),
        _safety(context),
        _unsupported(context),
    ]


def _unsupported(context: Context) -> str:
    """What the mark behind an endpoint of this abstract means; empty where nothing is marked."""
    survival = [c for c in context.survival_endpoints() if c in _told(context)]
    shown = [c for c in survival if context.with_patients(c)]
    return " ".join(
        fact(text, "endpoints/support") for text in explained(shown, context.support, context.study)
    )


def _told(context: Context) -> tuple[str, ...]:
    """The endpoints whose medians the abstract gives."""
    return (_primary(context), "OS", "EFS", "PFOS")


def _patients(context: Context) -> str:
    numbers = context.numbers
    text = f"A total of {numbers.var('n.ITT.all')} patients were included"
    if context.several:
        text += f", {by_group(context.groups, lambda g: numbers.var(f'n.ITT.{g.slug}'))}"
    if f"desc.AGE.{context.groups[0].slug}.median" in numbers:
        ages = by_group(context.groups, lambda g: numbers.var(f"desc.AGE.{g.slug}.median"))
        text += (
            f"; median age was {ages} years"
            if not context.several
            else (f"; median age in years was {ages}")
        )
    return text + "."


def _response(context: Context) -> str:
    numbers = context.numbers
    if not numbers.used("rate.ORR."):
        return ""
    orr = by_group(context.groups, lambda g: numbers.share(f"rate.ORR.{g.slug}"))
    text = f"Overall response was reached by {orr}."
    if _differs("CRC", context):
        crc = by_group(context.groups, lambda g: numbers.share(f"rate.CRC.{g.slug}"))
        text += f" Composite complete remission was reached by {crc}."
    if numbers.used("rate.MRDNEG."):
        mrd = by_group(context.groups, lambda g: numbers.share(f"rate.MRDNEG.{g.slug}"))
        text += f" MRD was negative in {mrd}."
    return text


def _differs(code: str, context: Context) -> bool:
    """Whether a rate says anything that the overall response rate does not."""
    value = context.numbers.value
    return any(
        value(f"rate.{code}.{g.slug}.n") != value(f"rate.ORR.{g.slug}.n") for g in context.groups
    )


def _survival(context: Context) -> str:
    numbers = context.numbers
    codes = [c for c in context.survival_endpoints() if c in (_primary(context), "OS", "EFS")]
    sentences = []
    if numbers.used("followup."):
        months = by_group(
            context.groups, lambda g: numbers.with_unit(f"followup.{g.slug}.median", " months")
        )
        sentences.append(f"Median observed follow-up was {months}.")
    for code in codes:
        medians = by_group(
            context.with_patients(code), lambda g, c=code: numbers.median(f"km.{c}.{g.slug}")
        )
        sentences.append(f"Median {small(context.label(code))} was {medians}.")
    return " ".join(sentences)


def _after_failure(context: Context) -> str:
    groups = context.with_patients("PFOS") if "PFOS" in context.study["endpoints"] else []
    if not groups:
        return ""
    medians = by_group(groups, lambda g: context.numbers.median(f"km.PFOS.{g.slug}"))
    return f"Median {small(context.label('PFOS'))} was {medians}."


def _safety(context: Context) -> str:
    numbers = context.numbers
    if "ae.all.total.g3.n" not in numbers:
        return ""
    worst = f"{numbers.var('ae.all.total.g3.n')} ({numbers.var('ae.all.total.g3.percent')}%)"
    return f"Adverse events of grade 3 or worse were recorded in {worst} patients."


def conclusion(context: Context) -> str:
    """What may be concluded, and no more."""
    study = context.study
    if is_synthetic(study) and study.get("published"):
        agreeing = all_agree(context)
        verdict = (
            "The values computed from this synthetic export agree with those published"
            if agreeing
            else "Not all values computed from this synthetic export agree with those published"
        )
        return (
            f"{verdict}. They show what the analysis does with a known cohort; they carry no "
            "clinical information of their own."
        )
    if is_synthetic(study):
        return "The data are synthetic; the values carry no clinical information."
    return f"{primary_result(context)} {_caution(context)}"


def primary_result(context: Context) -> str:
    """``In this cohort of 137 patients, median overall survival was ...``."""
    numbers, code = context.numbers, _primary(context)
    kind = (
        f"synthetic {cohort(context.study)}"
        if is_synthetic(context.study)
        else (cohort(context.study))
    )
    start = f"In this {kind} of {numbers.var('n.ITT.all')} patients, "
    groups = context.with_patients(code)
    if not groups:
        return f"{start}the primary endpoint could not be estimated."
    medians = by_group(groups, lambda g: numbers.with_unit(f"km.{code}.{g.slug}.median", " months"))
    return f"{start}median {small(context.label(code))} was {medians}."


def _caution(context: Context) -> str:
    if is_randomised(context.study):
        return "Comparisons other than that of the randomised arms are descriptive."
    if context.several:
        return "Comparisons between groups are descriptive."
    return "Without a comparison group, no effect of treatment can be inferred."


def all_agree(context: Context) -> bool:
    """Whether every published figure agrees with the computed one."""
    found = context.numbers.matching(r"published\..+\.agrees")
    return bool(found) and all(context.numbers.value(i) == 1 for _, i in found)
