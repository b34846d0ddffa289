"""Facts on how response and residual disease were assessed, and among whom rates are given."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, reads, uses
from venaza.pipeline.report.facts.response import evaluable_differs
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text

#: The reference of each file of response criteria that this project ships.
CRITERIA = {
    "eln2017_aml": "dohner2017",
    "eln2022_aml": "dohner2022",
    "eln2024_all": "gokbuget2024",
}


@in_text
def responses(context: Context) -> bool:
    """Whether rates of response are given."""
    return context.numbers.used("rate.ORR.")


@in_text
def reference(context: Context) -> str | None:
    """The key of the reference of the response criteria; None for a study's own."""
    return CRITERIA.get(context.study["response"]["criteria"])


@in_text
def categories(context: Context, composite: str) -> list[str]:
    """The categories of a composite response that the study's criteria have."""
    chosen = context.study["response"][composite]
    known = {c["response"] for c in context.study["criteria"]["categories"]}
    return [name for name in chosen if name in known] or chosen


@in_text
def ends(context: Context) -> list[str]:
    """The milestones that can end the time in which a response is the regimen's."""
    study = context.study
    mapped = {"assessments", *study["tables"]}
    return [m for m in study["response"]["until"] if study["milestones"][m]["table"] in mapped]


_BLASTS, _WORDS = reads("responses", "MBLAST"), reads("responses", "RSINV")


def _imaging(context: Context, *_: object) -> object:
    return context.study["criteria"].get("imaging")


def _detection_limit(context: Context) -> bool:
    return any(reads(table, "MRDLOD")(context) for table in ("mrd", "responses"))


bind(
    {
        "methods.responses_recorded": no(_BLASTS),
        "methods.responses_assessed": _BLASTS,
        "methods.responses_derived": both(_BLASTS, no(_WORDS)),
        "methods.responses_compared": both(_BLASTS, _WORDS),
        "methods.imaging": both(_BLASTS, reads("responses", "RSMETH"), _imaging),
        "methods.composites": Always("every study names its composite responses"),
        "methods.relapse": Always("each assessment of disease after a remission is relapse"),
        "methods.one_denominator": no(evaluable_differs),
        "methods.two_denominators": evaluable_differs,
        "methods.mrd": uses("rate.MRDNEG."),
        "methods.mrd_denominator": uses("rate.MRDNEG."),
        "methods.mrd_sensitivity": both(uses("rate.MRDNEG."), _detection_limit),
    }
)
