"""Methods: patients and endpoints, written from the study's configuration."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import (
    both,
    left_out,
    maps,
    never_begun,
    no,
    several,
    shows,
    synthetic,
)
from venaza.pipeline.report.grammar import design, long_date, patients_are, small
from venaza.pipeline.report.numbers import config_markdown, config_text, escape, fact, given
from venaza.pipeline.report.sentences import Always, paragraph, paragraphs, sentence
from venaza.pipeline.report.text import part

_COUNTED = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def patients(context: Context) -> str:
    """Design, data, index date, groups, cut-off and incomplete dates."""
    text = paragraphs(
        paragraph(_design(context), _design_of_synthetic(context), _data(context)),
        paragraph(
            _index(context),
            _population(context),
            _never_begun(context),
            _groups(context),
            _one_group(context),
            _not_pooled(context),
        ),
        paragraph(
            _cutoff(context),
            _no_cutoff(context),
            _shifted(context),
            _study_days(context),
            _refused_dates(context),
            _completed_dates(context),
            _dated_by_cycles(context),
            _logged(context),
            _queried(context),
        ),
    )
    return f"## Patients and data\n\n{text}\n"


@sentence("methods.design", when=no(synthetic))
def _design(context: Context) -> str:
    return f"This report analyses {design(context.study)}."


@sentence("methods.design_synthetic", when=synthetic)
def _design_of_synthetic(context: Context) -> str:
    return f"This report analyses a synthetic cohort, laid out as {design(context.study)}."


@sentence("methods.data", when=Always("the study file's own words on its data"))
def _data(context: Context) -> str:
    return config_markdown(context.study["study"]["data"], "study.data")


@sentence("methods.index", when=Always("every study names its index date"))
def _index(context: Context) -> str:
    index = context.study["timeline"]["index"]
    the = "the " if " of " in index else ""
    return f"Time was counted from {the}{config_text(index, 'timeline.index')} (the index date)."


@sentence("methods.population", when=lambda c: c.adsl is not None and not left_out(c))
def _population(context: Context) -> str:
    return "Every patient with an index date was analysed."


def _patients(n: int, name: str) -> str:
    return f"{fact(n, f'endpoints/adsl: {name}')} {'patient' if n == 1 else 'patients'}"


@sentence("methods.never_begun", when=never_begun)
def _never_begun(context: Context) -> str:
    n = never_begun(context)
    return f"{_patients(n, 'never_begun')} without an index date {patients_are(n, 'was')} left out."


@sentence("methods.groups", when=several)
def _groups(context: Context) -> str:
    n = _COUNTED.get(len(context.groups), "several")
    return (
        f"Patients were analysed in {n} groups by {_grouping(context)}: "
        f"{listed([group.label for group in context.groups])}."
    )


def _grouping(context: Context) -> str:
    return config_text(small(str(context.study["groups"]["label"])), "groups.label")


@sentence("methods.one_group", when=both(no(several), lambda c: c.study.get("groups")))
def _one_group(context: Context) -> str:
    return f"By {_grouping(context)}, there is one group: {context.groups[0].label}."


@sentence("methods.not_pooled", when=both(several, lambda c: not _pooled(c)))
def _not_pooled(context: Context) -> str:
    named = {
        "baseline": "baseline characteristics",
        "adverse_events": "adverse events",
        "labs": "laboratory values",
    }
    tables = listed([text for name, text in named.items() if context.has(f"tbl {name}")])
    beside = f"; {tables} are tabulated for all patients as well" if tables else ""
    return f"Survival is given for each group and not for all patients together{beside}."


def _pooled(context: Context) -> bool:
    return any(f"km.{code}.all.n" in context.numbers for code in context.study["endpoints"])


@sentence("methods.cutoff", when=lambda c: c.study["cutoff"])
def _cutoff(context: Context) -> str:
    day = given(long_date(context.study["cutoff"]), "timeline.cutoff")
    return (
        f"Data were cut off on {day}: nothing dated later counts, but shows that the patient was "
        "alive on that day."
    )


@sentence("methods.no_cutoff", when=lambda c: not c.study["cutoff"])
def _no_cutoff(context: Context) -> str:
    return "No data cut-off was applied; each patient was followed to the last recorded time."


@sentence("methods.shifted", when=lambda c: c.study["timeline"].get("shifted"))
def _shifted(context: Context) -> str:
    return (
        "The dates of the export had been shifted, patient by patient, before it was made: "
        "intervals are true, calendar days are not, and none is reported."
    )


@sentence("methods.study_days", when=lambda c: not _calendar(c))
def _study_days(context: Context) -> str:
    return "The data give times in days from the index date instead of calendar dates."


def _calendar(context: Context) -> bool:
    return context.study["timeline"]["dates"] != "study_days"


def _rule(context: Context, part: str) -> str:
    return str(context.study["timeline"]["partial_dates"][part])


@sentence(
    "methods.refused_dates",
    when=lambda c: _calendar(c) and _rule(c, "missing_day") == "refuse",
)
def _refused_dates(context: Context) -> str:
    return "Dates without a day were not used and were queried."


@sentence(
    "methods.completed_dates",
    when=lambda c: _calendar(c) and _rule(c, "missing_day") != "refuse",
)
def _completed_dates(context: Context) -> str:
    day = given(_rule(context, "missing_day"), "timeline.partial_dates.missing_day")
    month = _rule(context, "missing_month")
    year = (
        "; a date known only to the year was not used"
        if month == "refuse"
        else ", one known only to the year as that day of month "
        + given(month, "timeline.partial_dates.missing_month")
    )
    return (
        f"A date known only to the month was taken as day {day} of that month, or as the day "
        "nearest to it that the patient's other dates allow, and flagged as imputed"
        f"{year}."
    )


def _by_cycles(context: Context) -> dict | None:
    return context.study["tables"].get("responses", {}).get("dated_by_cycles")


@sentence("methods.dated_by_cycles", when=_by_cycles)
def _dated_by_cycles(context: Context) -> str:
    rule = _by_cycles(context)
    days = given(str(rule["days"]), "tables.responses.dated_by_cycles.days")
    first = (
        f"{days} days after the start of that cycle, or at the start of the next where that is "
        "earlier"
        if rule.get("rule") == "days"
        else f"the start of the next cycle, or {days} days after the start of that cycle where "
        "none followed"
    )
    every = ""
    if "every" in rule:
        apart = given(str(rule["every"]), "tables.responses.dated_by_cycles.every")
        every = f"; a cycle whose start is not recorded began {apart} days after the one before"
    return (
        "A response recorded by cycle without a date was dated by that cycle and flagged as "
        f"imputed: {first}, and not after death, last contact, transplant or the next "
        f"therapy{every}."
    )


@sentence("methods.logged", when=Always("cleaning logs each value that it changes"))
def _logged(context: Context) -> str:
    return "Each value that cleaning changed was logged."


@sentence("methods.queried", when=lambda c: c.queries is not None and len(c.queries))
def _queried(context: Context) -> str:
    """How many; the supplement names their checks."""
    n = len(context.queries)
    return (
        f"{fact(n, 'queries')} {'query' if n == 1 else 'queries'} about doubtful rows and values "
        f"{patients_are(n, 'was')} raised."
    )


def endpoints(context: Context) -> str:
    """Each endpoint as the study defines it, the primary one first."""
    others = [c for c in context.study["endpoints"] if c != context.study["analysis"]["primary"]]
    text = paragraphs(
        _primary(context),
        _others(context),
        *(_other(context, code) for code in others),
        paragraph(_failure(context), _death_is_none(context), _supportive_care(context)),
        part("methods_support", context).strip(),
        _table(context),
    )
    return f"## Endpoints\n\n{text}\n"


@sentence("methods.primary", when=Always("every study names its primary endpoint"))
def _primary(context: Context) -> str:
    code = context.study["analysis"]["primary"]
    first = context.study["endpoints"][code]
    return (
        f"The primary endpoint was {escape(small(first['label']))} ({code}), measured "
        f"{_definition(first)}."
    )


@sentence("methods.other_endpoints", when=lambda c: len(c.study["endpoints"]) > 1)
def _others(context: Context) -> str:
    return "The other endpoints were:"


@sentence("methods.endpoint", when=Always("written for each endpoint of the study"))
def _other(context: Context, code: str) -> str:
    endpoint = context.study["endpoints"][code]
    return f"- {escape(endpoint['label'])} ({code}): {_definition(endpoint)}."


def _definition(endpoint: dict) -> str:
    sentence = config_text(endpoint["sentence"], "endpoints")
    censored = endpoint.get("censor_sentence")
    return f"{sentence}; {config_text(censored, 'endpoints')}" if censored else sentence


def _from_failure(context: Context) -> bool:
    return any(e["start"] == "FAILURE" for e in context.study["endpoints"].values())


@sentence("methods.death_no_failure", when=both(_from_failure, lambda c: _DEATH not in _ends(c)))
def _death_is_none(context: Context) -> str:
    return "Death without any of these was not counted as failure."


_DEATH = "DEATH"


def _ends(context: Context) -> list[str]:
    return context.study["failure"]["milestones"]


@sentence("methods.failure", when=_from_failure)
def _failure(context: Context) -> str:
    """What failure of the regimen is, from the milestones that the configuration names."""
    study = context.study
    names = study["failure"]["milestones"]
    described = [small(study["milestones"][name]["description"]) for name in names]
    text = f"The regimen had failed at the first of {listed(described, 'or')}"
    refractory = study["milestones"].get("REFRACTORY", {})
    cycles = (refractory.get("min") or {}).get("CYCLE")
    if "REFRACTORY" in names and cycles:
        n = study["response"].get(cycles, cycles) if isinstance(cycles, str) else cycles
        words = config_text(listed(refractory["where"]["RESPONSE"], "or"), "milestones.REFRACTORY")
        text += (
            f"; refractory disease was {words} after at least "
            f"{given(n, 'response.refractory_after_cycles')} cycles without a response before"
        )
        text += ", or what was recorded as refractory" if "also" in refractory else ""
        if "cycles" in study["tables"]:
            text += "; where an assessment had no cycle number, the cycles begun before it counted"
    if "therapies" in study["tables"]:
        days = given(study["failure"]["treated_before_days"], "failure.treated_before_days")
        text += (
            f"; a therapy begun up to {days} days before a failure was written down was taken as "
            "given after it"
        )
    return f"{text}."


@sentence("methods.supportive", when=both(maps("therapies"), lambda c: _supportive(c)))
def _supportive_care(context: Context) -> str:
    """Which therapies are none against the leukaemia, wherever the next therapy counts."""
    words = config_text(listed(_supportive(context), "or"), "failure.supportive")
    return (
        f"A therapy that was {words} alone counted as supportive care and not as anti-leukaemic "
        "therapy."
    )


def _supportive(context: Context) -> list[str]:
    """The names and kinds listed, without one that is part of another's name."""
    names = context.study["failure"]["supportive"]
    return [n for n in names if not any(n != other and n in other for other in names)]


@sentence("methods.definitions", when=shows("tbl definitions"))
def _table(context: Context) -> str:
    return "@tbl-definitions sets the definitions out with their sources."
