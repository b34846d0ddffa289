"""Facts on survival: follow-up, early deaths, and each endpoint's events, landmarks and tests."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text

#: The text quotes no estimate beyond the time when fewer than this share are at risk.
SHARE_AT_RISK = 0.1


@in_text
def endpoints(context: Context) -> list[str]:
    """The endpoints with Kaplan-Meier estimates, the primary one first, without PFOS."""
    return [code for code in context.survival_endpoints() if code != "PFOS"]


@in_text
def competing(context: Context) -> list[str]:
    """The endpoints with a competing event."""
    return [code for code, spec in context.study["endpoints"].items() if spec.get("competing")]


@in_text
def at_risk(context: Context, code: str) -> list[Group]:
    """The groups that have a patient for an endpoint."""
    return context.with_patients(code)


@in_text
def is_primary(context: Context, code: str) -> bool:
    """Whether an endpoint is the primary one; of the others one sentence gives the median."""
    return code == context.study["analysis"]["primary"]


def _counted(context: Context, day: int) -> bool:
    return f"early.{context.groups[0].slug}.d{day}.n" in context.numbers


def _died(context: Context, day: int) -> bool:
    return any(context.numbers.value(f"early.{g.slug}.d{day}.n") for g in context.groups)


@in_text
def started_by(context: Context, code: str) -> dict:
    """The milestone that an endpoint's time starts at."""
    start = context.study["endpoints"][code]["start"]
    return context.study["milestones"].get(start, {})


@in_text
def remissions(context: Context, code: str) -> dict[str, tuple[str, str]]:
    """By group, the numbers of those at risk and of the responses that such a time starts at.

    Empty where they are the same, or where the time does not start at a response.
    """
    numbers, spec = context.numbers, started_by(context, code)
    words = spec.get("where", {}).get("RESPONSE")
    rule = context.study["response"]
    words = rule.get(words, [words]) if isinstance(words, str) else words or []
    kinds = [k for k in ("remission", "overall") if words and set(words) <= set(rule[k])]
    if not kinds:
        return {}
    reached = {"remission": "CRC", "overall": "ORR"}[kinds[0]]
    found = {g.slug: _counts(context, code, g, reached) for g in context.groups}
    known = all(ard_id in numbers for pair in found.values() for ard_id in pair)
    differ = known and any(numbers.value(a) != numbers.value(b) for a, b in found.values())
    return found if differ else {}


def _counts(context: Context, code: str, group: Group, reached: str) -> tuple[str, str]:
    """The numbers of patients with a time, and of those with the response."""
    begun = f"km.{code}.{group.slug}.n"
    begun = begun if begun in context.numbers else f"risk.{code}.{group.slug}.m0.n_risk"
    return begun, f"rate_all.{reached}.{group.slug}.n"


@in_text
def kinds(context: Context, code: str, group: Group | None = None) -> list[str]:
    """What the event was, each by a number whose term names it; in a group, those that came."""
    found: dict[str, str] = {}
    for match, ard_id in context.numbers.matching(rf"event\.{code}\.([^.]+)\.([^.]+)\.n"):
        found.setdefault(match[2], ard_id)
    if group is None:
        return list(found.values())
    own = [f"event.{code}.{group.slug}.{kind}.n" for kind in found]
    return [ard_id for ard_id in own if context.numbers.value(ard_id)]


@in_text
def at_month(_: Context, code: str, group: Group, months: float) -> str:
    """The stem of an endpoint's estimates at a landmark."""
    return f"km.{code}.{group.slug}.m{slug(f'{months:g}')}"


@in_text
def last_landmark(context: Context, code: str) -> float | None:
    """The last landmark, in months, where a tenth of each group is still at risk (Pocock 2002)."""
    for months in reversed(context.study["analysis"]["landmarks_months"]):
        if all(_still_at_risk(context, code, g, months) for g in at_risk(context, code)):
            return months
    return None


def _still_at_risk(context: Context, code: str, group: Group, months: float) -> bool:
    value, stem = context.numbers.value, at_month(context, code, group, months)
    least = SHARE_AT_RISK * (value(f"km.{code}.{group.slug}.n") or 0)
    return value(f"{stem}.estimate") is not None and (value(f"{stem}.n_risk") or 0) >= least


@in_text
def last_known(context: Context, code: str) -> float | None:
    """The last landmark at which every group's incidences are known."""
    for months in reversed(context.study["analysis"]["landmarks_months"]):
        stems = (f"ci.{code}.{g.slug}" for g in context.groups)
        month = f"m{slug(f'{months:g}')}.estimate"
        ids = [f"{stem}.{cause}.{month}" for stem in stems for cause in ("event", "competing")]
        if all(context.numbers.value(ard_id) is not None for ard_id in ids):
            return months
    return None


@in_text
def competitors(context: Context, code: str) -> list[str]:
    """What the events that compete with an endpoint are called by its definition."""
    milestones = context.study["milestones"]
    named = [m for m in context.study["endpoints"][code]["competing"] if m in milestones]
    return [milestones[m]["description"] for m in named]


@in_text
def ratios(context: Context) -> dict[str, list[str]]:
    """The ids of the hazard ratios between groups that were estimated, by endpoint."""
    numbers = context.numbers
    found = {}
    for code in context.study["analysis"].get("cox") or {}:
        matches = numbers.matching(rf"cox\.{code}\.GROUP\.([^.]+)\.hazard_ratio")
        if known := [ard_id for _, ard_id in matches if numbers.value(ard_id) is not None]:
            found[code] = known
    return found


@in_text
def model_exhibits(context: Context) -> list[str]:
    """Where the Cox models may be shown."""
    return [*(f"fig hazards_{c}" for c in context.study["analysis"].get("cox") or {}), "tbl cox"]


def _covariates(context: Context) -> set[str]:
    """The covariates of the univariable models beside the group."""
    found = context.numbers.matching(r"cox\.[^.]+\.([^.]+)\.n")
    return {match[1] for match, _ in found} - {"GROUP"}


def _test(code: str) -> str:
    return f"logrank.{code}.p_value"


def _tested(context: Context, code: str) -> bool:
    return context.numbers.value(_test(code)) is not None


bind(
    {
        "survival.follow_up": uses("followup."),
        "survival.reverse": uses("rkm.OS."),
        "survival.early_deaths": both(_counted, _died),
        "survival.no_early_death": both(_counted, no(_died)),
        "survival.nobody": no(at_risk),
        "survival.other_count": remissions,
        "survival.median": at_risk,
        "survival.events": both(is_primary, at_risk, lambda c, code: len(kinds(c, code)) < 2),
        "survival.kinds": both(is_primary, at_risk, lambda c, code: len(kinds(c, code)) > 1),
        "survival.landmark": both(is_primary, at_risk, last_landmark),
        "survival.too_few": both(is_primary, lambda c, code: c.numbers.too_few(_test(code))),
        "survival.log_rank": both(
            is_primary, lambda c, code: c.numbers.value(_test(code)) is not None
        ),
        "survival.incidence_unknown": lambda c, code: last_known(c, code) is None,
        "survival.incidence": lambda c, code: last_known(c, code) is not None,
        "survival.event_rate": lambda c, code: c.numbers.used(f"event_rate.{code}."),
        "survival.cox_table": both(uses("cox."), no(ratios)),
        "survival.hazard_ratios": ratios,
        "survival.other_covariates": both(ratios, _covariates),
    }
)
