"""Methods: the statistics that this study used, no others."""

from __future__ import annotations

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.columns import names as names_of
from venaza.contracts.wording import listed
from venaza.pipeline.report import prose_models
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    NOT_REACHED,
    baseline_gaps,
    between_arms,
    both,
    no,
    randomised,
    uses,
)
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_text, escape, given
from venaza.pipeline.report.sentences import Always, paragraph, paragraphs, sentence
from venaza.pipeline.report.text import part

#: Patients' columns that are known only after the index date.
AFTER_INDEX = set(names_of(ADSL_DERIVED)) - {"GROUP"}


def statistics(context: Context) -> str:
    """The section on statistical analysis, from the analyses that the ARD holds."""
    text = paragraphs(
        paragraph(
            _described(context),
            _counted(context),
            _not_imputed(context),
            _intervals(context),
            _fisher(context),
            _ranks(context),
            _categories(context),
            _unadjusted_ranks(context),
        ),
        paragraph(
            _kaplan_meier(context),
            _medians(context),
            _late_entry(context),
            _log_rank(context),
            _incidence(context),
            _follow_up(context),
            _floor(context),
            _months(context),
        ),
        paragraph(_cox(context), _no_later_covariate(context), *prose_models.methods(context)),
        paragraph(
            _adverse_events(context),
            *(part(f"methods_{n}", context).strip() for n in ("emergent", "labs")),
        ),
        paragraph(
            _exploratory(context),
            _one_comparison(context),
            _confirmatory(context),
            _strobe(context),
            _made(context),
        ),
    )
    return f"## Statistical analysis\n\n{text}\n"


def _numeric(context: Context) -> bool:
    return bool(context.numbers.matching(r"desc\.[^.]+\.all\.median"))


def _categorical(context: Context) -> bool:
    return bool(context.numbers.matching(r"desc\.[^.]+\.all\.[^.]+\.percent"))


@sentence("methods.numbers_described", when=_numeric)
def _described(context: Context) -> str:
    return "Continuous variables are described by median, interquartile range and range."


@sentence("methods.categories_described", when=_categorical)
def _counted(context: Context) -> str:
    return "Categorical variables are described by counts and percentages."


@sentence("methods.not_imputed", when=lambda c: baseline_gaps(c) > 0)
def _not_imputed(context: Context) -> str:
    return "Missing values of baseline variables are shown and were not imputed."


#: Each interval of a proportion, by what the study file calls it, with its reference.
_INTERVALS = {
    "clopper-pearson": ("exact (Clopper–Pearson)", "[@clopper1934]"),
    "wilson": ("Wilson score", "[@wilson1927]"),
}


@sentence("methods.intervals", when=uses("rate.", "early."))
def _intervals(context: Context) -> str:
    method, cite = _INTERVALS[context.study["analysis"]["proportion_interval"]]
    level = context.numbers.level
    return f"Proportions are given with {method} {level} confidence intervals (CI) {cite}."


@sentence("methods.fisher", when=uses("fisher."))
def _fisher(context: Context) -> str:
    difference = (
        ", and their difference (first minus second) is given with Newcombe's interval "
        "[@newcombe1998]"
        if context.numbers.used("difference.")
        else ""
    )
    groups = "two groups" if len(context.groups) == 2 else "groups"
    return f"Response rates of the {groups} were compared by Fisher's exact test{difference}."


_RANK_TESTS = {"wilcoxon.": "Wilcoxon's rank-sum test", "kruskal.": "the Kruskal–Wallis test"}


@sentence("methods.ranks", when=uses(*_RANK_TESTS))
def _ranks(context: Context) -> str:
    used = [name for kind, name in _RANK_TESTS.items() if context.numbers.used(kind)]
    return f"Values were compared between the groups by {listed(used)}."


def _contingency(context: Context) -> list[str]:
    """The methods by which categories at baseline were compared."""
    if not context.study["analysis"].get("compare_baseline"):
        return []
    rows = (row for row in context.numbers.rows() if row["analysis"] == "contingency")
    return sorted({str(row["method"]).partition(",")[0] for row in rows})


@sentence("methods.categories", when=_contingency)
def _categories(context: Context) -> str:
    return f"Categories were compared by {listed(_contingency(context))}."


@sentence("methods.ranks_unadjusted", when=lambda c: uses(*_RANK_TESTS)(c) or bool(_contingency(c)))
def _unadjusted_ranks(context: Context) -> str:
    return "These P values are unadjusted and exploratory."


def _somebody_at_risk(context: Context) -> bool:
    return any(context.with_patients(code) for code in context.study["endpoints"])


@sentence("methods.kaplan_meier", when=_somebody_at_risk)
def _kaplan_meier(context: Context) -> str:
    return (
        "Time-to-event endpoints were estimated by the Kaplan–Meier method [@kaplan1958] with "
        f"{context.numbers.level} CI on the log-log scale; the interval of a median is that of "
        "Brookmeyer and Crowley [@brookmeyer1982]."
    )


@sentence("methods.not_reached", when=lambda c: _not_reached(c))
def _medians(context: Context) -> str:
    return "A median is given as not reached where the curve stays above one half."


def _not_reached(context: Context) -> bool:
    found = context.numbers.matching(r"r?km\..+\.median")
    return any(context.numbers.field(i, "display") == NOT_REACHED for _, i in found)


def _truncated(context: Context) -> list[str]:
    """The labels of the endpoints under whose observation patients came late."""
    return [
        escape(small(endpoint["label"]))
        for endpoint in context.study["endpoints"].values()
        if "entry" in endpoint
    ]


@sentence("methods.late_entry", when=_truncated)
def _late_entry(context: Context) -> str:
    return (
        f"In {listed(_truncated(context))} patients came under observation after time zero and "
        "count as at risk from then on (left truncation), in estimates, tests and numbers at risk "
        "alike."
    )


def _log_ranks(context: Context) -> bool:
    found = context.numbers.matching(r"logrank\..+\.p_value")
    return any(context.numbers.value(ard_id) is not None for _, ard_id in found)


@sentence("methods.log_rank", when=_log_ranks)
def _log_rank(context: Context) -> str:
    return "Groups were compared by the log-rank test."


@sentence("methods.incidence", when=uses("ci."))
def _incidence(context: Context) -> str:
    return (
        "Where events compete, cumulative incidence was estimated by the Aalen–Johansen "
        "method [@aalen1978]."
    )


@sentence("methods.follow_up", when=both(uses("rkm."), uses("followup.")))
def _follow_up(context: Context) -> str:
    return (
        "Follow-up is given as the median observed time to death or last known alive and, "
        "since death shortens that, by the reverse Kaplan–Meier method [@schemper1996]."
    )


@sentence("methods.floor", when=Always("the floor is a rule of every study"))
def _floor(context: Context) -> str:
    """From how many patients and events on numbers are given; what is below is only counted."""
    analysis = context.study["analysis"]
    n = given(analysis["least_patients"], "analysis.least_patients")
    events = given(analysis["least_events"], "analysis.least_events")
    return (
        f"No curve or median is given of fewer than {n} patients, no median of fewer than "
        f"{events} events, and groups or levels are compared only with {n} patients and "
        f"{events} events in each; below that there are counts alone."
    )


@sentence("methods.months", when=Always("every time is computed in days"))
def _months(context: Context) -> str:
    days = given(f"{context.study['timeline']['days_per_month']:g}", "timeline.days_per_month")
    return f"Times were computed in days; a month is {days} days."


def _univariable(context: Context) -> list[dict]:
    return [row for row in context.numbers.rows() if row["analysis"] == "cox"]


@sentence("methods.cox", when=_univariable)
def _cox(context: Context) -> str:
    modelled = {row["endpoint"] for row in _univariable(context)}
    codes = [code for code in context.study["endpoints"] if code in modelled]
    names = listed([small(context.label(code)) for code in codes])
    return (
        f"For {names}, hazard ratios were estimated by Cox models [@cox1972] of one baseline "
        "covariate at a time, with Efron's method for ties; continuous covariates were not "
        "categorised."
    )


def _known_later(context: Context) -> set[str]:
    """The covariates of Cox models that are known only after the index date."""
    return {str(row["term"]) for row in _univariable(context)} & AFTER_INDEX


@sentence("methods.no_later_covariate", when=both(_univariable, no(_known_later)))
def _no_later_covariate(context: Context) -> str:
    return (
        "Nothing that was observed after the index date, such as response, was used as a "
        "covariate of these models."
    )


@sentence("methods.adverse_events", when=uses("ae."))
def _adverse_events(context: Context) -> str:
    version = config_text(context.study["ctcae"]["version"], "ctcae.version")
    return (
        "Treatment-emergent adverse events were coded and graded by the Common Terminology "
        f"Criteria for Adverse Events ({version}) [@ctcae5]; each patient counts once per term, at "
        "the worst grade."
    )


_TESTED = uses("fisher.", "logrank.", "cox.")


def _primary_tested(context: Context) -> bool:
    """The groups are compared in the primary endpoint, and the test could be made."""
    code = context.study["analysis"]["primary"]
    return context.numbers.value(f"logrank.{code}.p_value") is not None


@sentence("methods.exploratory", when=both(_TESTED, no(between_arms), no(_primary_tested)))
def _exploratory(context: Context) -> str:
    return "P values are two-sided and exploratory; they were not adjusted for multiple testing."


@sentence("methods.one_comparison", when=both(_TESTED, no(between_arms), _primary_tested))
def _one_comparison(context: Context) -> str:
    label = small(context.label(context.study["analysis"]["primary"]))
    return (
        f"P values are two-sided; that of the log-rank test of {label} between the groups is the "
        "primary comparison, all others are exploratory and were not adjusted for multiple testing."
    )


@sentence("methods.confirmatory", when=both(_TESTED, between_arms))
def _confirmatory(context: Context) -> str:
    label = small(context.label(context.study["analysis"]["primary"]))
    return (
        f"P values are two-sided; that of {label} between the randomised arms is the primary "
        "comparison, all others are exploratory and were not adjusted for multiple testing."
    )


@sentence("methods.strobe", when=no(randomised))
def _strobe(context: Context) -> str:
    return "Reporting was guided by the STROBE statement [@vonelm2007]."


@sentence("methods.software", when=Always("every manuscript is made by this program"))
def _made(context: Context) -> str:
    return (
        "The analysis, from the raw export to this text, is a Snakemake workflow [@snakemake] "
        "in Python, with lifelines [@lifelines] for survival analysis."
    )
