"""Results: published survival curves, reconstructed from their pictures, beside the cohort's."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context, exhibit_id
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import paragraph, sentence


def beside(context: Context) -> str:
    """The section on digitised curves of other studies; empty where the study names none."""
    found: dict[str, list[dict]] = {}
    for curve in context.study["published_curves"]:
        found.setdefault(curve["endpoint"], []).append(curve)
    blocks = []
    for code, curves in found.items():
        name = f"beside_{code}"
        if name in context.figures:
            blocks += [_endpoint(code, curves, context), figure(name, context)]
    if not blocks:
        return ""
    heading = "## Published survival curves beside this cohort\n\n"
    return heading + "\n\n".join(blocks) + "\n"


def _endpoint(code: str, curves: list[dict], context: Context) -> str:
    return paragraph(
        _drawn(context, code, curves), _reconstructed(context, code), _apart(context, code)
    )


def _beside(context: Context, code: str, *_: object) -> bool:
    return context.has(f"fig beside_{code}")


@sentence("beside.drawn", when=_beside)
def _drawn(context: Context, code: str, curves: list[dict]) -> str:
    told = listed([_curve(code, curve, context) for curve in curves])
    what = "a published curve" if len(curves) == 1 else "published curves"
    return (
        f"@{exhibit_id(f'fig beside_{code}')} draws {small(context.label(code))} of this cohort "
        f"and {what}: {told}."
    )


@sentence("beside.reconstructed", when=_beside)
def _reconstructed(context: Context, code: str) -> str:
    return (
        "The published patients were *reconstructed* from the points of the printed curve and the "
        "printed numbers at risk by the algorithm of Guyot and colleagues [@guyot2012]; they stand "
        "for the picture, not for the persons, and when patients were censored is not known."
    )


@sentence("beside.apart", when=_beside)
def _apart(context: Context, code: str) -> str:
    return (
        "The studies may differ in whom they took in and how they were followed, so the curves "
        "stand side by side and no test compares them."
    )


def _curve(code: str, curve: dict, context: Context) -> str:
    numbers, stem = context.numbers, f"reconstructed.{code}.{slug(curve['id'])}"
    label, source = (config_text(curve[key], "published_curves") for key in ("label", "source"))
    counts = f"{numbers.var(f'{stem}.n')} patients, {numbers.var(f'{stem}.events')} events"
    return f"{label} ({source}; {counts}, median {numbers.median(stem)})"
