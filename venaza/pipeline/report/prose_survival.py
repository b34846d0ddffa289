"""Results: follow-up, each time-to-event endpoint, competing risks, early deaths, models."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import capital, listed
from venaza.pipeline.report import prose_models
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.grammar import Group, by_group, small
from venaza.pipeline.report.numbers import Numbers, config_text, given
from venaza.pipeline.report.prose_models import hazard
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence

#: The text quotes no estimate beyond the time when fewer than this share are at risk.
SHARE_AT_RISK = 0.1


def survival(context: Context) -> str:
    """The section on survival; each endpoint's figure follows its paragraph."""
    days = context.study["analysis"]["early_death_days"]
    blocks = [
        paragraph(
            _follow_up(context),
            _reverse(context),
            *(_early(context, day) for day in days),
            *(_none_early(context, day) for day in days),
        )
    ]
    for code in context.survival_endpoints():
        if code != "PFOS":
            blocks += [_endpoint(code, context), figure(f"km_{code}", context)]
    for code, endpoint in context.study["endpoints"].items():
        if endpoint.get("competing"):
            blocks += [_incidence(code, context), figure(f"cif_{code}", context)]
    blocks += [
        paragraph(_ratios_in_table(context), _ratios(context), _other_ratios(context)),
        prose_models.results(context),
    ]
    return f"## Survival\n\n{paragraphs(*blocks)}\n"


@sentence("survival.follow_up", when=uses("followup."))
def _follow_up(context: Context) -> str:
    observed = by_group(
        context.groups, lambda g: context.numbers.ranged(f"followup.{g.slug}", "months")
    )
    return f"Median observed follow-up was {observed}."


@sentence("survival.reverse", when=uses("rkm.OS."))
def _reverse(context: Context) -> str:
    reverse = by_group(context.groups, lambda g: context.numbers.median(f"rkm.OS.{g.slug}"))
    return f"By the reverse Kaplan–Meier method it was {reverse}."


def _counted(context: Context, day: int) -> bool:
    return f"early.{context.groups[0].slug}.d{day}.n" in context.numbers


def _died(context: Context, day: int) -> bool:
    return any(context.numbers.value(f"early.{g.slug}.d{day}.n") for g in context.groups)


@sentence("survival.early_deaths", when=both(_counted, _died))
def _early(context: Context, day: int) -> str:
    clause = by_group(context.groups, lambda g: context.numbers.share(f"early.{g.slug}.d{day}"))
    return f"Within {_days(day)} of the index date, {clause} had died."


@sentence("survival.no_early_death", when=both(_counted, no(_died)))
def _none_early(context: Context, day: int) -> str:
    return f"No patient died within {_days(day)} of the index date."


def _days(day: int) -> str:
    return f"{given(day, 'analysis.early_death_days')} days"


def _endpoint(code: str, context: Context) -> str:
    """Events, median, one landmark and the log-rank test of an endpoint."""
    return paragraph(
        _nobody(context, code),
        _other_count(context, code),
        _median(context, code),
        _one_kind(context, code),
        _several_kinds(context, code),
        _landmark(context, code),
        _not_compared(context, code),
        _log_rank(context, code),
    )


def _at_risk(context: Context, code: str) -> list[Group]:
    return context.with_patients(code)


@sentence("survival.nobody", when=no(_at_risk))
def _nobody(context: Context, code: str) -> str:
    return f"No patient was at risk for {small(context.label(code))}."


def _remissions(context: Context, code: str) -> dict[str, tuple[str, str]]:
    """By group, the numbers of those at risk and of the responses that such a time starts at.

    Empty where they are the same, or where the time does not start at a response.
    """
    numbers, spec = context.numbers, _started_by(context, code)
    words = spec.get("where", {}).get("RESPONSE")
    rule = context.study["response"]
    words = rule.get(words, [words]) if isinstance(words, str) else words or []
    kinds = [k for k in ("remission", "overall") if words and set(words) <= set(rule[k])]
    if not kinds:
        return {}
    reached = {"remission": "CRC", "overall": "ORR"}[kinds[0]]
    found = {g.slug: _counted_at(code, g, reached, numbers) for g in context.groups}
    known = all(ard_id in numbers for pair in found.values() for ard_id in pair)
    differ = known and any(numbers.value(a) != numbers.value(b) for a, b in found.values())
    return found if differ else {}


def _started_by(context: Context, code: str) -> dict:
    start = context.study["endpoints"][code]["start"]
    return context.study["milestones"].get(start, {})


def _counted_at(code: str, group: Group, reached: str, numbers: Numbers) -> tuple[str, str]:
    """The numbers of patients with a time, and of those with the response."""
    at_risk = f"km.{code}.{group.slug}.n"
    at_risk = at_risk if at_risk in numbers else f"risk.{code}.{group.slug}.m0.n_risk"
    return at_risk, f"rate_all.{reached}.{group.slug}.n"


@sentence("survival.other_count", when=_remissions)
def _other_count(context: Context, code: str) -> str:
    """Why a time from a response is of other patients than those counted with the response."""
    numbers, found = context.numbers, _remissions(context, code)
    start = config_text(small(_started_by(context, code)["description"]), "milestones")
    clause = by_group(context.groups, lambda g: f"{numbers.var(found[g.slug][0])} patients")
    rate = "composite complete remission" if ".CRC." in str(found) else "overall response"
    counted = by_group(context.groups, lambda g: numbers.var(found[g.slug][1]))
    return (
        f"{capital(small(context.label(code)))} ({code}) counts from {start}, in {clause}; {rate} "
        f"as the best response to the regimen was reached by {counted}."
    )


@sentence("survival.median", when=_at_risk)
def _median(context: Context, code: str) -> str:
    medians = by_group(
        _at_risk(context, code), lambda g: context.numbers.median(f"km.{code}.{g.slug}")
    )
    see = context.see(f"fig km_{code}", "tbl survival")
    return f"Median {small(context.label(code))} ({code}) was {medians}{see}."


def _kinds(context: Context, code: str) -> dict[str, str]:
    """What the event was: the kinds, each with a number whose term names it."""
    kinds: dict[str, str] = {}
    for match, ard_id in context.numbers.matching(rf"event\.{code}\.([^.]+)\.([^.]+)\.n"):
        kinds.setdefault(match[2], ard_id)
    return kinds


def _with_event(context: Context, code: str) -> str:
    """``18 of 29 patients in the newly diagnosed group and ...``."""
    numbers = context.numbers
    return by_group(
        _at_risk(context, code),
        lambda g: numbers.count(f"km.{code}.{g.slug}.events", f"km.{code}.{g.slug}.n"),
    )


@sentence("survival.events", when=both(_at_risk, lambda c, code: len(_kinds(c, code)) < 2))
def _one_kind(context: Context, code: str) -> str:
    kinds = _kinds(context, code)
    what = small(context.numbers.term(next(iter(kinds.values())))) if kinds else "an event"
    return f"{capital(what)} occurred in {_with_event(context, code)}."


@sentence("survival.kinds", when=both(_at_risk, lambda c, code: len(_kinds(c, code)) > 1))
def _several_kinds(context: Context, code: str) -> str:
    """How many had the event, and what it was where it may be several things."""
    numbers = context.numbers

    def each(group: Group) -> str:
        parts = [
            f"{small(numbers.term(ard_id))} in {numbers.var(f'event.{code}.{group.slug}.{key}.n')}"
            for key, ard_id in _kinds(context, code).items()
            if numbers.value(f"event.{code}.{group.slug}.{key}.n")
        ]
        return listed(parts) or "none"

    detail = "; ".join(f"{each(group)}{group.where}" for group in _at_risk(context, code))
    return f"Events occurred in {_with_event(context, code)}; the first event was {detail}."


def _last_landmark(context: Context, code: str) -> float | None:
    """The last landmark, in months, where a tenth of each group is still at risk."""
    numbers = context.numbers
    for months in reversed(context.study["analysis"]["landmarks_months"]):
        stems = {g.slug: _at_month(code, g, months) for g in _at_risk(context, code)}
        if all(_still_at_risk(f"km.{code}.{g}", stem, numbers) for g, stem in stems.items()):
            return months
    return None


def _at_month(code: str, group: Group, months: float) -> str:
    return f"km.{code}.{group.slug}.m{slug(f'{months:g}')}"


@sentence("survival.landmark", when=both(_at_risk, _last_landmark))
def _landmark(context: Context, code: str) -> str:
    """The estimate at the last landmark where a tenth of each group is still at risk."""
    numbers, months = context.numbers, _last_landmark(context, code)

    def estimate(group: Group) -> str:
        stem = _at_month(code, group, months)
        return f"{numbers.var(f'{stem}.estimate')}% ({numbers.interval(stem)})"

    at = given(f"{months:g}", "analysis.landmarks_months")
    return f"The estimate at {at} months was {by_group(_at_risk(context, code), estimate)}."


def _still_at_risk(endpoint: str, landmark: str, numbers: Numbers) -> bool:
    """Whether the estimate exists and rests on a tenth of the patients (Pocock 2002)."""
    at_risk = numbers.value(f"{landmark}.n_risk") or 0
    known = numbers.value(f"{landmark}.estimate") is not None
    return known and at_risk >= SHARE_AT_RISK * (numbers.value(f"{endpoint}.n") or 0)


@sentence("survival.too_few", when=lambda c, code: c.numbers.too_few(f"logrank.{code}.p_value"))
def _not_compared(context: Context, code: str) -> str:
    return "The groups hold too few patients or events to be compared."


@sentence(
    "survival.log_rank",
    when=lambda c, code: c.numbers.value(f"logrank.{code}.p_value") is not None,
)
def _log_rank(context: Context, code: str) -> str:
    p = context.numbers.p(f"logrank.{code}.p_value")
    return f"The log-rank test between the groups gave {p}."


def _incidence(code: str, context: Context) -> str:
    return paragraph(
        _other_count(context, code),
        _reached(context, code),
        _cumulative(context, code),
        _unknown(context, code),
    )


def _incidence_label(context: Context, code: str) -> str:
    return f"{capital(small(context.label(code)))} ({code})"


def _see_incidence(context: Context, code: str) -> str:
    return context.see(f"fig cif_{code}", "tbl survival")


@sentence("survival.incidence_unknown", when=lambda c, code: _last_known(code, c) is None)
def _unknown(context: Context, code: str) -> str:
    see = _see_incidence(context, code)
    return f"{_incidence_label(context, code)} could not be estimated at the landmarks{see}."


@sentence("survival.incidence", when=lambda c, code: _last_known(code, c) is not None)
def _cumulative(context: Context, code: str) -> str:
    """The cumulative incidence of the event and of its competitor at one landmark."""
    months = _last_known(code, context)

    def at_month(cause: str) -> str:
        part = f"{cause}.m{slug(f'{months:g}')}"
        return by_group(context.groups, lambda g: _percent(f"ci.{code}.{g.slug}.{part}", context))

    at = given(f"{months:g}", "analysis.landmarks_months")
    return (
        f"{_incidence_label(context, code)} at {at} months was {at_month('event')}; that of "
        f"{_competing(code, context)} as the competing event was {at_month('competing')}"
        f"{_see_incidence(context, code)}."
    )


@sentence("survival.event_rate", when=lambda c, code: c.numbers.used(f"event_rate.{code}."))
def _reached(context: Context, code: str) -> str:
    """The patients who had the event, where the study asks for it."""
    stem = f"event_rate.{code}"
    clause = by_group(context.groups, lambda g: context.numbers.share(f"{stem}.{g.slug}"))
    return f"{capital(small(context.label(code)))} was reached by {clause}."


def _last_known(code: str, context: Context) -> float | None:
    """The last landmark at which every group's incidences are known."""
    for months in reversed(context.study["analysis"]["landmarks_months"]):
        month = f"m{slug(f'{months:g}')}"
        known = [
            context.numbers.value(f"ci.{code}.{group.slug}.{cause}.{month}.estimate") is not None
            for group in context.groups
            for cause in ("event", "competing")
        ]
        if all(known):
            return months
    return None


def _competing(code: str, context: Context) -> str:
    if label := context.study["endpoints"][code].get("competing_label"):
        return config_text(small(label), "endpoints")
    milestones = context.study["milestones"]
    named = [m for m in context.study["endpoints"][code]["competing"] if m in milestones]
    return listed([small(milestones[m]["description"]) for m in named]) or "the competitor"


def _percent(stem: str, context: Context) -> str:
    numbers = context.numbers
    if numbers.value(f"{stem}.lower") is None and numbers.value(f"{stem}.upper") is None:
        return f"{numbers.var(f'{stem}.estimate')}%"
    return f"{numbers.var(f'{stem}.estimate')}% ({numbers.interval(stem)})"


def ratios_by_endpoint(context: Context) -> dict[str, list[str]]:
    """The ids of the hazard ratios between groups that were estimated, by endpoint."""
    numbers = context.numbers
    found = {}
    for code in context.study["analysis"].get("cox") or {}:
        matches = numbers.matching(rf"cox\.{code}\.GROUP\.([^.]+)\.hazard_ratio")
        if known := [ard_id for _, ard_id in matches if numbers.value(ard_id) is not None]:
            found[code] = known
    return found


def _see_models(context: Context) -> str:
    drawn = [f"fig hazards_{code}" for code in context.study["analysis"].get("cox") or {}]
    return context.see(*drawn, "tbl cox")


@sentence("survival.cox_table", when=both(uses("cox."), no(ratios_by_endpoint)))
def _ratios_in_table(context: Context) -> str:
    return f"Univariable Cox models are given in the table{_see_models(context)}."


@sentence("survival.hazard_ratios", when=ratios_by_endpoint)
def _ratios(context: Context) -> str:
    """The hazard ratios between groups."""
    clauses = [
        f"for {small(context.label(code))}, {listed([hazard(i, context) for i in found])}"
        for code, found in ratios_by_endpoint(context).items()
    ]
    return (
        f"In univariable Cox models{_see_models(context)}, the hazard ratio between groups was, "
        f"{'; '.join(clauses)}."
    )


def _covariates(context: Context) -> set[str]:
    """The covariates of the univariable models beside the group."""
    found = context.numbers.matching(r"cox\.[^.]+\.([^.]+)\.n")
    return {match[1] for match, _ in found} - {"GROUP"}


@sentence("survival.other_covariates", when=both(ratios_by_endpoint, _covariates))
def _other_ratios(context: Context) -> str:
    return "The other covariates are in the same table."
