"""Results: follow-up, each time-to-event endpoint, competing risks, early deaths, models."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.report import prose_models
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import Numbers, given
from venaza.report.prose_models import penalised
from venaza.report.words import Group, by_group, capital, listed, small

#: The text quotes no estimate beyond the time when fewer than this share are at risk.
SHARE_AT_RISK = 0.1


def survival(context: Context) -> str:
    """The section on survival; each endpoint's figure follows its paragraph."""
    blocks = [_follow_up(context)]
    for code in context.survival_endpoints():
        if code != "PFOS":
            blocks += [_endpoint(code, context), figure(f"km_{code}", context)]
    for code, endpoint in context.study["endpoints"].items():
        if endpoint.get("competing"):
            blocks += [_incidence(code, context), figure(f"cif_{code}", context)]
    blocks += [_models(context), prose_models.results(context)]
    return "## Survival\n\n" + "\n\n".join(filter(None, blocks)) + "\n"


def _follow_up(context: Context) -> str:
    numbers = context.numbers
    text = []
    if numbers.used("followup."):

        def observed(group: Group) -> str:
            stem = f"followup.{group.slug}"
            spread = f"{numbers.var(f'{stem}.min')} to {numbers.var(f'{stem}.max')}"
            return f"{numbers.var(f'{stem}.median')} months (range {spread})"

        text.append(f"Median observed follow-up was {by_group(context.groups, observed)}.")
    if numbers.used("rkm.OS."):
        reverse = by_group(context.groups, lambda g: numbers.median(f"rkm.OS.{g.slug}"))
        text.append(f"By the reverse Kaplan–Meier method it was {reverse}.")
    text.append(_early_deaths(context))
    return " ".join(filter(None, text))


def _early_deaths(context: Context) -> str:
    numbers = context.numbers
    days = context.study["analysis"]["early_death_days"]
    sentences = []
    for day in days:
        if f"early.{context.groups[0].slug}.d{day}.n" not in numbers:
            continue
        within = f"ithin {_days(day)} of the index date"
        if any(numbers.value(f"early.{g.slug}.d{day}.n") for g in context.groups):
            clause = by_group(
                context.groups, lambda g, d=day: numbers.share(f"early.{g.slug}.d{d}")
            )
            sentences.append(f"W{within}, {clause} had died.")
        else:
            sentences.append(f"No patient died w{within}.")
    return " ".join(sentences)


def _days(day: int) -> str:
    return f"{given(day, 'analysis.early_death_days')} days"


def _endpoint(code: str, context: Context) -> str:
    """Events, median, one landmark and the log-rank test of an endpoint."""
    numbers = context.numbers
    groups = context.with_patients(code)
    if not groups:
        return f"No patient was at risk for {small(context.label(code))}."
    label = small(context.label(code))
    medians = by_group(groups, lambda g: numbers.median(f"km.{code}.{g.slug}"))
    text = [
        f"Median {label} ({code}) was {medians}{context.see(f'fig km_{code}', 'tbl survival')}.",
        _events(code, groups, context),
        _landmark(code, groups, context),
        _log_rank(code, context),
    ]
    return " ".join(filter(None, text))


def _events(code: str, groups: list[Group], context: Context) -> str:
    """How many had the event, and what it was where it may be several things."""
    numbers = context.numbers
    clause = by_group(
        groups,
        lambda g: (
            f"{numbers.var(f'km.{code}.{g.slug}.events')} of "
            f"{numbers.var(f'km.{code}.{g.slug}.n')} patients"
        ),
    )
    kinds: dict[str, str] = {}
    for match, ard_id in numbers.matching(rf"event\.{code}\.([^.]+)\.([^.]+)\.n"):
        kinds.setdefault(match[2], ard_id)
    if len(kinds) < 2:
        what = small(numbers.term(next(iter(kinds.values())))) if kinds else "event"
        return f"{capital(what)} occurred in {clause}."

    def each(group: Group) -> str:
        parts = [
            f"{small(numbers.term(ard_id))} in {numbers.var(f'event.{code}.{group.slug}.{key}.n')}"
            for key, ard_id in kinds.items()
            if numbers.value(f"event.{code}.{group.slug}.{key}.n")
        ]
        return listed(parts) or "none"

    detail = "; ".join(f"{each(group)}{group.where}" for group in groups)
    return f"Events occurred in {clause}; the first event was {detail}."


def _landmark(code: str, groups: list[Group], context: Context) -> str:
    """The estimate at the last landmark where a tenth of each group is still at risk."""
    numbers = context.numbers
    for months in reversed(context.study["analysis"]["landmarks_months"]):
        stems = {g.slug: f"km.{code}.{g.slug}.m{slug(f'{months:g}')}" for g in groups}
        if all(_still_at_risk(f"km.{code}.{g}", stem, numbers) for g, stem in stems.items()):
            clause = by_group(
                groups,
                lambda g, s=stems: (
                    f"{numbers.var(f'{s[g.slug]}.estimate')}% ({numbers.interval(s[g.slug])})"
                ),
            )
            at = given(f"{months:g}", "analysis.landmarks_months")
            return f"The estimate at {at} months was {clause}."
    return ""


def _still_at_risk(endpoint: str, landmark: str, numbers: Numbers) -> bool:
    """Whether the estimate exists and rests on a tenth of the patients (Pocock 2002)."""
    at_risk = numbers.value(f"{landmark}.n_risk") or 0
    known = numbers.value(f"{landmark}.estimate") is not None
    return known and at_risk >= SHARE_AT_RISK * (numbers.value(f"{endpoint}.n") or 0)


def _log_rank(code: str, context: Context) -> str:
    if context.numbers.too_few(f"logrank.{code}.p_value"):
        return "The groups hold too few patients or events to be compared."
    if context.numbers.value(f"logrank.{code}.p_value") is None:
        return ""
    p = context.numbers.p(f"logrank.{code}.p_value")
    return f"The log-rank test between the groups gave {p}."


def _incidence(code: str, context: Context) -> str:
    """The cumulative incidence of the event and of its competitor at one landmark."""
    label = f"{capital(small(context.label(code)))} ({code})"
    see = context.see(f"fig cif_{code}", "tbl survival")
    months = _last_known(code, context)
    if months is None:
        return f"{label} could not be estimated at the landmarks{see}."

    def at_month(cause: str) -> str:
        part = f"{cause}.m{slug(f'{months:g}')}"
        return by_group(context.groups, lambda g: _percent(f"ci.{code}.{g.slug}.{part}", context))

    at = given(f"{months:g}", "analysis.landmarks_months")
    return (
        f"{_reached(code, context)}{label} at {at} months was {at_month('event')}; that of "
        f"{_competing(code, context)} as the competing event was {at_month('competing')}{see}."
    )


def _reached(code: str, context: Context) -> str:
    """The sentence on the patients who had the event; empty where the study does not ask for it."""
    stem = f"event_rate.{code}"
    if not context.numbers.used(f"{stem}."):
        return ""
    clause = by_group(context.groups, lambda g: context.numbers.share(f"{stem}.{g.slug}"))
    return f"{capital(small(context.label(code)))} was reached by {clause}. "


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
    milestones = context.study["milestones"]
    named = [m for m in context.study["endpoints"][code]["competing"] if m in milestones]
    return listed([small(milestones[m]["description"]) for m in named]) or "the competitor"


def _percent(stem: str, context: Context) -> str:
    numbers = context.numbers
    if numbers.value(f"{stem}.lower") is None and numbers.value(f"{stem}.upper") is None:
        return f"{numbers.var(f'{stem}.estimate')}%"
    return f"{numbers.var(f'{stem}.estimate')}% ({numbers.interval(stem)})"


def _models(context: Context) -> str:
    """The hazard ratio between groups where one was estimated; the table for the rest."""
    numbers = context.numbers
    if not numbers.used("cox."):
        return ""
    sentences = []
    for code in context.study["analysis"]["cox"]:
        found = numbers.matching(rf"cox\.{code}\.GROUP\.([^.]+)\.hazard_ratio")
        clauses = [_hazard(ard_id, context) for _, ard_id in found if numbers.value(ard_id)]
        if clauses:
            sentences.append(f"for {small(context.label(code))}, {listed(clauses)}")
    see = context.see("tbl cox")
    if not sentences:
        return f"Univariable Cox models are given in the table{see}."
    return (
        f"In univariable Cox models{see}, the hazard ratio between groups was, "
        f"{'; '.join(sentences)}. The other covariates are in the same table."
    )


def _hazard(ard_id: str, context: Context) -> str:
    """``1.96 (95% CI 1.03 to 3.74; P = 0.041) for relapsed or refractory against ...``."""
    numbers = context.numbers
    stem = ard_id[: -len(".hazard_ratio")]
    labels = {
        str(k): g.label
        for k, g in zip(context.study["groups"]["levels"], context.groups, strict=True)
    }
    reference = numbers.field(ard_id, "method").rpartition("reference ")[2]
    level = numbers.field(ard_id, "term")
    return (
        f"{numbers.var(ard_id)} ({numbers.interval(stem)}; {numbers.p(f'{stem}.p_value')}"
        f"{penalised(ard_id, context)}) for {labels.get(level, level)} against "
        f"{labels.get(reference, reference)} patients"
    )
