"""The published figures beside ours, the discussion with its limitations, and availability."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report import prose_support
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    baseline_gaps,
    both,
    follow_up_short,
    has_patients,
    last_event,
    levelled_off,
    no,
    nobody_had_it,
    randomised,
    several,
    synthetic,
    uses,
)
from venaza.pipeline.report.grammar import Group, by_group, is_synthetic, small
from venaza.pipeline.report.numbers import config_text, fact
from venaza.pipeline.report.prose_abstract import all_agree, conclusion, primary_result
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence

#: Below so many patients in a group, its size is named as a limitation.
FEW = 100

_compared = both(lambda c: bool(c.study.get("published")), uses("published."))


def published(context: Context) -> str:
    """Which published figures the computed ones agree with; empty without a publication."""
    text = paragraph(_published_table(context), _all_agree(context), _differing(context))
    return f"## Comparison with the published study\n\n{text}\n" if text else ""


@sentence("published.table", when=_compared)
def _published_table(context: Context) -> str:
    return (
        f"@tbl-published sets each value of the published study {_cite(context)} beside the one "
        "computed."
    )


@sentence("published.agree", when=both(_compared, lambda c: all_agree(c)))
def _all_agree(context: Context) -> str:
    return "All agree to the decimals printed."


@sentence("published.differ", when=both(_compared, lambda c: not all_agree(c)))
def _differing(context: Context) -> str:
    numbers = context.numbers
    found = numbers.matching(r"published\.([^.]+)\.([^.]+)\.agrees")
    parts = [_difference(m[1], m[2], context) for m, i in found if numbers.value(i) != 1]
    others = "; the others agree to the decimals printed" if len(parts) < len(found) else ""
    return f"These do not agree: {listed(parts)}{others}."


def _difference(group: str, measure: str, context: Context) -> str:
    numbers, stem = context.numbers, f"published.{group}.{measure}"
    where = next((g.where for g in context.groups if g.slug == group), "")
    name = config_text(measure.replace("_", " "), "published.numbers")
    return (
        f"{name}{where} (published {numbers.var(f'{stem}.published')}, "
        f"computed {numbers.var(f'{stem}.computed')})"
    )


def discussion(context: Context) -> str:
    """Findings, the comparison, what the reader must bear in mind, conclusions."""
    text = paragraphs(_findings(context), _comparison(context), _limitations(context))
    return f"{text}\n\n# Conclusions\n\n{conclusion(context)}\n"


def _findings(context: Context) -> str:
    return paragraph(primary_result(context), _responses(context), _after(context))


@sentence("discussion.response", when=uses("rate.ORR."))
def _responses(context: Context) -> str:
    numbers = context.numbers
    rates = by_group(
        context.groups,
        lambda g: numbers.count(f"rate.ORR.{g.slug}.n", f"rate.ORR.{g.slug}.denominator"),
    )
    return f"Overall response was reached by {rates}."


@sentence("discussion.after_failure", when=has_patients("PFOS"))
def _after(context: Context) -> str:
    medians = by_group(
        context.with_patients("PFOS"),
        lambda g: context.numbers.middle(f"km.PFOS.{g.slug}"),
    )
    return f"Median {small(context.label('PFOS'))} was {medians}."


def _comparison(context: Context) -> str:
    return paragraph(
        _made_after(context), _made_to_agree(context), _invented(context), _compared_real(context)
    )


def _cite(context: Context) -> str:
    return f"[@{context.study['published']['citation']}]"


@sentence("discussion.made_after", when=both(synthetic, _compared))
def _made_after(context: Context) -> str:
    verdict = "agree with" if all_agree(context) else "do not all agree with"
    return (
        f"The computed values {verdict} those of the publication that the cohort was made "
        f"after {_cite(context)}."
    )


@sentence("discussion.made_to_agree", when=both(synthetic, _compared, lambda c: all_agree(c)))
def _made_to_agree(context: Context) -> str:
    return (
        "Since it was made to that end, agreement says nothing about the treatment: it says that "
        "the values survive the path from raw export to printed page."
    )


@sentence("discussion.invented", when=both(synthetic, _compared))
def _invented(context: Context) -> str:
    """The baseline characteristics, but for age where the publication's age is compared."""
    stated = context.study["published"]["numbers"].values()
    age = any(str(ard_id).startswith("desc.AGE.") for ard_id in stated)
    events = ["adverse events"] if "adverse_events" in context.study["tables"] else []
    invented = [f"baseline characteristics{' other than age' if age else ''}", *events]
    return (
        "Everything that the publication does not state, such as "
        f"{', '.join(invented)} and the course of each patient, is invented and must not be cited."
    )


@sentence("discussion.compared", when=both(no(synthetic), _compared))
def _compared_real(context: Context) -> str:
    if all_agree(context):
        return f"The computed values agree with those published {_cite(context)}."
    return f"Not all computed values agree with those published {_cite(context)}."


def _limitations(context: Context) -> str:
    stuck = [_open_median(context, g) for g in context.with_patients(_primary(context))]
    return paragraph(
        _not_real(context),
        _few(context),
        _retrospective(context),
        _single_centre(context),
        _protected(context),
        _no_comparator(context),
        _not_random(context),
        _unadjusted(context),
        _selected(context),
        _not_compared(context),
        _descriptive_comparison(context),
        prose_support.limitations(context),
        _missing(context),
        *stuck,
    )


@sentence("limits.synthetic", when=synthetic)
def _not_real(context: Context) -> str:
    return "The first limitation is that the patients are not real."


def _small_ones(context: Context) -> list[Group]:
    value = context.numbers.value
    return [g for g in context.groups if (value(f"n.ITT.{g.slug}") or 0) < FEW]


@sentence("limits.small", when=_small_ones)
def _few(context: Context) -> str:
    if not context.several:
        return "Estimates are imprecise because the number of patients is small."
    small_ones = _small_ones(context)
    if len(small_ones) == len(context.groups):
        return "Estimates are imprecise because the groups are small."
    where = listed([g.where for g in small_ones])
    return f"Estimates{where} are imprecise because few patients belong to it."


def _design(context: Context) -> str:
    return context.study["study"]["design"].lower()


@sentence("limits.retrospective", when=lambda c: "retrospective" in _design(c))
def _retrospective(context: Context) -> str:
    return (
        "A retrospective design depends on what was recorded in routine care: assessments were "
        "not scheduled alike for all patients, and what was not recorded cannot be told from "
        "what did not happen."
    )


@sentence("limits.single_centre", when=lambda c: "single-centre" in _design(c))
def _single_centre(context: Context) -> str:
    return "Patients of a single centre need not represent those treated elsewhere."


@sentence("limits.randomised", when=both(randomised, several))
def _protected(context: Context) -> str:
    return (
        "Comparisons other than that of the randomised arms, and endpoints that start after "
        "randomisation, are not protected by it."
    )


@sentence("limits.no_comparator", when=no(several))
def _no_comparator(context: Context) -> str:
    return "Without a comparison group, outcomes cannot be ascribed to the treatment."


@sentence("limits.not_random", when=both(several, no(randomised)))
def _not_random(context: Context) -> str:
    return (
        "The groups were not formed at random and may differ in more than the variable that "
        "defines them; differences between them are described, not explained."
    )


@sentence("limits.unadjusted", when=lambda c: _tests(c) > 1)
def _unadjusted(context: Context) -> str:
    return "Several tests were made, and their P values were not adjusted for it."


def _tests(context: Context) -> int:
    """How many P values the ARD holds."""
    found = context.numbers.matching(r".+\.p_value")
    return sum(context.numbers.value(ard_id) is not None for _, ard_id in found)


@sentence("limits.after_failure", when=has_patients("PFOS"))
def _selected(context: Context) -> str:
    relapse = context.study["endpoints"]["PFOS"]["start"] == "RELAPSE"
    after, who = ("relapse", "who relapsed") if relapse else ("failure", "whose regimen failed")
    chosen = (
        "; the therapies given then were not allocated at random and cannot be compared"
        if "therapies" in context.study["tables"]
        else ""
    )
    return f"Survival after {after} concerns only the patients {who}, a selected group{chosen}."


def _by_response(context: Context) -> bool:
    """Whether survival by remission, or from it on, is in the results."""
    numbers = context.numbers
    changes = context.study["analysis"].get("time_dependent") or {}
    remission = any("REMISSION" in str(m) for own in changes.values() for m in own.values())
    return numbers.used("landmark.") or (remission and numbers.used("tdcox."))


@sentence(
    "limits.responders_not_compared", when=both(uses("rate.ORR."), no(lambda c: _by_response(c)))
)
def _not_compared(context: Context) -> str:
    return (
        "Survival was not compared between responders and non-responders, since only those "
        "who live long enough can respond."
    )


@sentence("limits.responders_compared", when=both(uses("rate.ORR."), lambda c: _by_response(c)))
def _descriptive_comparison(context: Context) -> str:
    return (
        "Survival with and without remission was compared from a landmark or with remission as a "
        "time-dependent covariate; who reaches remission may differ from the others in other ways."
    )


@sentence("limits.missing_baseline", when=lambda c: baseline_gaps(c) > 0)
def _missing(context: Context) -> str:
    """Says so where a variable of the baseline table has missing values."""
    left_out = "; models leave out the patients concerned" if _modelled_gaps(context) else ""
    return f"Some baseline values are missing{left_out}."


def _modelled_gaps(context: Context) -> bool:
    """Whether a covariate of a Cox model is missing in somebody."""
    analysis = context.study["analysis"]
    chosen = [analysis.get("cox") or {}, analysis.get("multivariable") or {}]
    names = {
        str(name.get("name") if isinstance(name, dict) else name)
        for models in chosen
        for covariates in models.values()
        for name in covariates
    }
    return (
        bool(names) and context.numbers.used("cox.") and baseline_gaps(context, "|".join(names)) > 0
    )


def _primary(context: Context) -> str:
    return context.study["analysis"]["primary"]


def _open_median(context: Context, group: Group) -> str:
    """What it means that the median was not reached: followed too briefly, or few events."""
    return paragraph(_short(context, group), _plateau(context, group), _none(context, group))


@sentence("limits.follow_up_short", when=lambda c, g: follow_up_short(c, _primary(c), g))
def _short(context: Context, group: Group) -> str:
    label = small(context.label(_primary(context)))
    return f"Follow-up is too short to tell the median of {label}{group.where}."


@sentence("limits.plateau", when=lambda c, g: levelled_off(c, _primary(c), g))
def _plateau(context: Context, group: Group) -> str:
    code = _primary(context)
    last, still = last_event(context, code, group)
    label = small(context.label(code))
    source = f"endpoints/adtte: {code}"
    return (
        f"The median of {label} was not reached{group.where}, where no event was recorded after "
        f"{fact(f'{last:.1f}', source)} months, with {fact(still, source)} patients followed for "
        "longer."
    )


@sentence("limits.no_event", when=lambda c, g: nobody_had_it(c, _primary(c), g))
def _none(context: Context, group: Group) -> str:
    label = small(context.label(_primary(context)))
    return f"As nobody had an event of {label}{group.where}, its median cannot be told."


def footer(context: Context) -> str:
    """The last line of the web page; Word and PDF have it at the foot of each page."""
    words = [config_text(context.study["study"]["short"], "study.short")]
    if is_synthetic(context.study):
        words.append("Synthetic data: no row describes a real person")
    inner = f"::: {{.footer}}\n{'. '.join(words)}.\n:::"
    return f':::: {{.content-visible when-format="html"}}\n{inner}\n::::\n'


def availability(context: Context) -> str:
    """Where the data come from and under which licence, in the study file's words."""
    text = paragraph(_source(context), _licence(context), _no_real_persons(context))
    return f"# Availability of data\n\n{text}\n" if text else ""


@sentence("availability.source", when=lambda c: c.study["study"].get("source"))
def _source(context: Context) -> str:
    return f"Source of the data: {config_text(context.study['study']['source'], 'study.source')}."


@sentence("availability.licence", when=lambda c: c.study["study"].get("licence"))
def _licence(context: Context) -> str:
    return f"Licence: {config_text(context.study['study']['licence'], 'study.licence')}."


@sentence("availability.synthetic", when=synthetic)
def _no_real_persons(context: Context) -> str:
    return "The data describe no real persons."
