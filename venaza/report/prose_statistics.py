"""Methods: the statistics that this study used, no others."""

from __future__ import annotations

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.columns import names as names_of
from venaza.report import prose_labs, prose_models
from venaza.report.context import Context
from venaza.report.numbers import config_text, given
from venaza.report.words import is_randomised, listed, small

#: Patients' columns that are known only after the index date.
AFTER_INDEX = set(names_of(ADSL_DERIVED)) - {"GROUP"}


def statistics(context: Context) -> str:
    """The section on statistical analysis, from the analyses that the ARD holds."""
    paragraphs = [
        _description(context),
        _survival(context),
        _models(context),
        _safety(context),
        _conduct(context),
    ]
    text = "\n\n".join(" ".join(filter(None, sentences)) for sentences in paragraphs if sentences)
    return f"## Statistical analysis\n\n{text}\n"


def _description(context: Context) -> list[str]:
    numbers, study = context.numbers, context.study
    sentences = [
        "Continuous variables are described by median, interquartile range and range, "
        "categorical ones by counts and percentages. Missing values are shown and were not "
        "imputed."
    ]
    if numbers.used("rate.") or numbers.used("early."):
        method = {
            "clopper-pearson": "exact (Clopper–Pearson)",
            "wilson": "Wilson score",
        }[study["analysis"]["proportion_interval"]]
        cite = {"clopper-pearson": "[@clopper1934]", "wilson": "[@wilson1927]"}[
            study["analysis"]["proportion_interval"]
        ]
        sentences.append(
            f"Proportions are given with {method} {numbers.level} confidence intervals (CI) {cite}."
        )
    if numbers.used("fisher."):
        sentences.append(
            "The two groups were compared by Fisher's exact test, and their difference (first "
            "minus second) is given with Newcombe's interval [@newcombe1998]."
        )
    return [*sentences, *_ranks(context)]


def _ranks(context: Context) -> list[str]:
    """How values were compared between groups, and what such P values are worth."""
    numbers, sentences = context.numbers, []
    tests = {"wilcoxon.": "Wilcoxon's rank-sum test", "kruskal.": "the Kruskal–Wallis test"}
    used = [name for kind, name in tests.items() if numbers.used(kind)]
    if used:
        sentences.append(f"Values were compared between the groups by {listed(used)}.")
    if context.study["analysis"].get("compare_baseline") and numbers.used("contingency."):
        methods = {
            str(row["method"]).partition(",")[0]
            for row in numbers.rows()
            if row["analysis"] == "contingency"
        }
        sentences.append(f"Categories were compared by {listed(sorted(methods))}.")
    if sentences:
        sentences.append("These P values are unadjusted and exploratory.")
    return sentences


def _survival(context: Context) -> list[str]:
    numbers = context.numbers
    sentences = [
        "Time-to-event endpoints were estimated by the Kaplan–Meier method [@kaplan1958] with "
        f"{numbers.level} CI on the log-log scale; the interval of a median is that of Brookmeyer "
        "and Crowley [@brookmeyer1982]. A median is given as not reached where the curve stays "
        "above one half."
    ]
    late = [e for e in context.study["endpoints"].values() if "entry" in e]
    if late:
        labels = listed([small(endpoint["label"]) for endpoint in late])
        sentences.append(
            f"In {labels} patients came under observation after time zero and count as at risk "
            "from then on (left truncation), in estimates, tests and numbers at risk alike."
        )
    if numbers.used("logrank."):
        sentences.append("Groups were compared by the log-rank test.")
    if numbers.used("ci."):
        sentences.append(
            "Where events compete, cumulative incidence was estimated by the Aalen–Johansen "
            "method [@aalen1978]."
        )
    if numbers.used("rkm."):
        sentences.append(
            "Follow-up is given as the median observed time to death or last known alive and, "
            "since death shortens that, by the reverse Kaplan–Meier method [@schemper1996]."
        )
    sentences.append(_floor(context))
    days = given(f"{context.study['timeline']['days_per_month']:g}", "timeline.days_per_month")
    sentences.append(f"Times were computed in days; a month is {days} days.")
    return sentences


def _floor(context: Context) -> str:
    """From how many patients and events on numbers are given; what is below is only counted."""
    analysis = context.study["analysis"]
    n = given(analysis["least_patients"], "analysis.least_patients")
    events = given(analysis["least_events"], "analysis.least_events")
    return (
        f"No curve or median is given of fewer than {n} patients, no median that fewer than "
        f"{events} events reach, and groups or levels are compared only with {n} patients and "
        f"{events} events in each; below that there are counts alone."
    )


def _models(context: Context) -> list[str]:
    numbers = context.numbers
    covariates = [row for row in numbers.rows() if row["analysis"] == "cox"]
    if not covariates:
        return prose_models.methods(context)
    modelled = {row["endpoint"] for row in covariates}
    codes = [code for code in context.study["endpoints"] if code in modelled]
    sentence = ""
    if not {row["term"] for row in covariates} & AFTER_INDEX:
        sentence = (
            " Nothing that was observed after the index date, such as response, was used as a "
            "covariate of these models."
        )
    names = listed([context.label(code)[:1].lower() + context.label(code)[1:] for code in codes])
    return [
        f"For {names}, hazard ratios were estimated by Cox models [@cox1972] of one baseline "
        "covariate at a time, with Efron's method for ties; continuous covariates were not "
        f"categorised.{sentence}",
        *prose_models.methods(context),
    ]


def _safety(context: Context) -> list[str]:
    laboratory = prose_labs.methods(context)
    if not context.numbers.used("ae."):
        return [laboratory] if laboratory else []
    version = config_text(context.study["ctcae"]["version"], "ctcae.version")
    return [
        "Treatment-emergent adverse events were coded and graded by the Common Terminology "
        f"Criteria for Adverse Events ({version}) [@ctcae5]; each patient counts once per term, at "
        "the worst grade.",
        laboratory,
    ]


def _conduct(context: Context) -> list[str]:
    numbers = context.numbers
    sentences = []
    tested = any(numbers.used(f"{kind}.") for kind in ("fisher", "logrank", "cox"))
    if tested:
        sentences.append(
            "P values are two-sided and exploratory; they were not adjusted for multiple testing."
        )
    guided = (
        ""
        if is_randomised(context.study)
        else (" Reporting was guided by the STROBE statement [@vonelm2007].")
    )
    sentences.append(
        "The analysis, from the raw export to this text, is a Snakemake workflow [@snakemake] "
        f"in Python, with lifelines [@lifelines] for survival analysis.{guided}"
    )
    return sentences
