"""Facts on the abstract and the aims: what the manuscript describes, which results come first."""

from __future__ import annotations

from collections.abc import Callable

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, synthetic, uses
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text
from venaza.study.support import explained


@in_text
def primary(context: Context) -> str:
    """The primary endpoint."""
    return context.study["analysis"]["primary"]


@in_text
def heading(context: Context, name: str, own: str, end: str = ".") -> str:
    """The heading of a part of the abstract: the house's ``own``, the journal's, or none."""
    wish = _headings(context)
    return "" if wish == "none" else f"**{own if wish == 'own' else wish[name]}{end}**"


@in_text
def body(context: Context, caller: Callable[[], str]) -> str:
    """The abstract between the tags: one paragraph where the journal wants no headings."""
    text = caller()
    if _headings(context) != "none":
        return text
    between = "" if context.language == "zh" else " "
    return between.join(line.strip() for line in text.splitlines() if line.strip())


def _headings(context: Context) -> str | dict[str, str]:
    return context.journal["abstract"]["headings"]


@in_text
def aspects(context: Context) -> list[str]:
    """What the manuscript describes, beside survival."""
    start = context.study["endpoints"].get("PFOS", {}).get("start")
    described = {
        "response": context.numbers.used("rate.ORR."),
        "mrd": context.numbers.used("rate.MRDNEG."),
        "survival": True,
        "relapse": start == "RELAPSE",
        "failure": start not in (None, "RELAPSE"),
        "adverse_events": context.numbers.used("ae."),
    }
    return [aspect for aspect, is_described in described.items() if is_described]


@in_text
def secondary(context: Context) -> list[str]:
    """The endpoints whose medians the abstract gives beside that of the primary one."""
    return [c for c in ("OS", "EFS", "PFOS") if c != primary(context) and has_medians(context, c)]


def has_medians(context: Context, code: str) -> bool:
    """Whether an endpoint has patients, and in none of the groups too few for a median."""
    known = context.with_patients(code) if code in context.study["endpoints"] else []
    ids = [f"km.{code}.{g.slug}.median" for g in known]
    return bool(ids) and not any(context.numbers.too_few(ard_id) for ard_id in ids)


@in_text
def unsure(context: Context) -> list[str]:
    """What the marks behind the abstract's endpoints mean."""
    own = [primary(context)] if context.with_patients(primary(context)) else []
    shown = [c for c in context.survival_endpoints() if c in (*own, *secondary(context))]
    return explained(shown, context.support, context.study)


def _remission_differs(context: Context) -> bool:
    """Whether the rate of remission says anything that that of response does not."""
    value = context.numbers.value
    return any(
        value(f"rate.CRC.{g.slug}.n") != value(f"rate.ORR.{g.slug}.n") for g in context.groups
    )


def compared(context: Context) -> bool:
    """Whether the groups were tested for a difference in the primary endpoint."""
    return context.numbers.value(f"logrank.{primary(context)}.p_value") is not None


_STATED = Always("says what the report contains, from the study file and the ARD")

bind(
    {
        "notice.synthetic": synthetic,
        "introduction.aim": _STATED,
        "abstract.background": _STATED,
        "abstract.synthetic": synthetic,
        "abstract.design": no(synthetic),
        "abstract.design_synthetic": synthetic,
        "abstract.primary": Always("every study names its primary endpoint"),
        "abstract.cutoff": lambda c: c.study["cutoff"],
        "abstract.criteria": uses("rate.ORR."),
        "abstract.patients": Always("the ARD counts the patients of every study"),
        "abstract.response": uses("rate.ORR."),
        "abstract.remission": both(uses("rate.CRC."), _remission_differs),
        "abstract.mrd": uses("rate.MRDNEG."),
        "abstract.follow_up": uses("followup."),
        "abstract.survival": lambda c: c.with_patients(primary(c)),
        "abstract.comparison": compared,
        "abstract.secondary": secondary,
        "abstract.safety": lambda c: "ae.all.total.g3.n" in c.numbers,
        "abstract.unsupported": unsure,
    }
)
