"""The published figures beside ours, the discussion with its limitations, and availability."""

from __future__ import annotations

from venaza.report import prose_support
from venaza.report.context import Context
from venaza.report.numbers import config_text
from venaza.report.prose_abstract import all_agree, conclusion, primary_result
from venaza.report.words import by_group, is_randomised, is_synthetic, listed, small

#: Below so many patients in a group, its size is named as a limitation.
FEW = 100


def published(context: Context) -> str:
    """Which published figures the computed ones agree with; empty without a publication."""
    numbers = context.numbers
    found = numbers.matching(r"published\.([^.]+)\.([^.]+)\.agrees")
    if not context.study.get("published") or not found:
        return ""
    differ = [(m[1], m[2]) for m, ard_id in found if numbers.value(ard_id) != 1]
    cite = f"[@{context.study['published']['citation']}]"
    text = f"@tbl-published sets each value of the published study {cite} beside the one computed."
    if not differ:
        text += " All agree to the decimals printed."
    else:
        parts = [_difference(group, measure, context) for group, measure in differ]
        text += f" These do not agree: {listed(parts)}. The others agree to the decimals printed."
    return f"## Comparison with the published study\n\n{text}\n"


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
    paragraphs = [_findings(context), _comparison(context), _limitations(context)]
    text = "\n\n".join(filter(None, paragraphs))
    return f"{text}\n\n# Conclusions\n\n{conclusion(context)}\n"


def _findings(context: Context) -> str:
    numbers, study = context.numbers, context.study
    text = [primary_result(context)]
    if numbers.used("rate.ORR."):
        rates = by_group(
            context.groups,
            lambda g: (
                f"{numbers.var(f'rate.ORR.{g.slug}.n')} of "
                f"{numbers.var(f'rate.ORR.{g.slug}.denominator')} patients"
            ),
        )
        text.append(f"Overall response was reached by {rates}.")
    if "PFOS" in study["endpoints"] and context.with_patients("PFOS"):
        after = by_group(
            context.with_patients("PFOS"),
            lambda g: numbers.with_unit(f"km.PFOS.{g.slug}.median", " months"),
        )
        text.append(f"Median {small(context.label('PFOS'))} was {after}.")
    return " ".join(text)


def _comparison(context: Context) -> str:
    if not context.study.get("published") or not context.numbers.used("published."):
        return ""
    cite = f"[@{context.study['published']['citation']}]"
    if is_synthetic(context.study):
        verdict = "agree with" if all_agree(context) else "were compared with"
        return (
            f"The computed values {verdict} those of the publication that the cohort was made "
            f"after {cite}. Since it was made to that end, agreement says nothing about the "
            "treatment: it says that the values survive the path from raw export to printed "
            f"page. Everything that the publication does not state, such as {_invented(context)}, "
            "adverse events and the course of each patient, is invented and must not be cited."
        )
    if all_agree(context):
        return f"The computed values agree with those published {cite}."
    return f"Not all computed values agree with those published {cite}."


def _invented(context: Context) -> str:
    """The baseline characteristics, but for age where the publication's age is compared."""
    stated = context.study["published"]["numbers"].values()
    age = any(str(ard_id).startswith("desc.AGE.") for ard_id in stated)
    return f"baseline characteristics{' other than age' if age else ''}"


def _limitations(context: Context) -> str:
    numbers, study = context.numbers, context.study
    text = []
    if is_synthetic(study):
        text.append("The first limitation is that the patients are not real.")
    sizes = [numbers.value(f"n.ITT.{g.slug}") or 0 for g in context.groups]
    if min(sizes) < FEW:
        which = "the groups are small" if context.several else "the number of patients is small"
        text.append(f"Estimates are imprecise because {which}, as the wide intervals show.")
    design = study["study"]["design"].lower()
    if "retrospective" in design:
        text.append(
            "A retrospective design depends on what was recorded in routine care: assessments were "
            "not scheduled alike for all patients, and what was not recorded cannot be told from "
            "what did not happen."
        )
    if "single-centre" in design:
        text.append("Patients of a single centre need not represent those treated elsewhere.")
    text += [_groups_differ(context), _multiplicity(context), _selection(context)]
    text += [prose_support.limitations(context), _missing(context), _short(context)]
    return " ".join(filter(None, text))


def _groups_differ(context: Context) -> str:
    if is_randomised(context.study):
        return (
            "Comparisons other than that of the randomised arms, and endpoints that start after "
            "randomisation, are not protected by it."
        )
    if not context.several:
        return "Without a comparison group, outcomes cannot be ascribed to the treatment."
    return (
        "The groups were not formed at random and differ in more than the variable that defines "
        "them; differences between them are described, not explained."
    )


def _multiplicity(context: Context) -> str:
    tested = [k for k in ("fisher.", "logrank.", "cox.") if context.numbers.used(k)]
    if not tested:
        return ""
    return (
        "Several tests were made without adjustment, so that a small P value is a pointer and no "
        "proof."
    )


def _selection(context: Context) -> str:
    study = context.study
    text = []
    if "PFOS" in study["endpoints"] and context.with_patients("PFOS"):
        start = study["endpoints"]["PFOS"]["start"]
        after, who = (
            ("relapse", "who relapsed")
            if start == "RELAPSE"
            else ("failure", "whose regimen failed")
        )
        text.append(
            f"Survival after {after} concerns only the patients {who}, a selected group; the "
            "therapies given then were chosen for the individual patient and cannot be compared."
        )
    if context.numbers.used("rate.ORR."):
        text.append(
            "Survival was not compared between responders and non-responders, since only those "
            "who live long enough can respond."
        )
    return " ".join(text)


def _missing(context: Context) -> str:
    """Says so where a variable of the baseline table has missing values."""
    numbers = context.numbers
    gaps = numbers.matching(r"desc\.[^.]+\.all\.(missing|missing\.n)")
    if any(numbers.value(ard_id) for _, ard_id in gaps):
        left_out = "; models leave out the patients concerned" if numbers.used("cox.") else ""
        return f"Some baseline values are missing{left_out}."
    return ""


def _short(context: Context) -> str:
    code = context.study["analysis"]["primary"]
    open_ended = [
        g
        for g in context.with_patients(code)
        if context.numbers.value(f"km.{code}.{g.slug}.median") is None
    ]
    if not open_ended:
        return ""
    label = small(context.label(code))
    where = "" if not context.several else f" in the {listed([g.label for g in open_ended])} group"
    return f"Follow-up is too short for the median of {label}{where}."


def footer(context: Context) -> str:
    """The last line of the web page; Word and PDF have it at the foot of each page."""
    words = [config_text(context.study["study"]["short"], "study.short")]
    if is_synthetic(context.study):
        words.append("Synthetic data: no row describes a real person")
    inner = f"::: {{.footer}}\n{'. '.join(words)}.\n:::"
    return f':::: {{.content-visible when-format="html"}}\n{inner}\n::::\n'


def availability(context: Context) -> str:
    """Where the data come from and under which licence, in the study file's words."""
    own = context.study["study"]
    text = []
    if own.get("source"):
        text.append(f"Source of the data: {config_text(own['source'], 'study.source')}.")
    if own.get("licence"):
        text.append(f"Licence: {config_text(own['licence'], 'study.licence')}.")
    if is_synthetic(context.study):
        text.append("The data describe no real persons.")
    if not text:
        return ""
    return f"# Availability of data\n\n{' '.join(text)}\n"
