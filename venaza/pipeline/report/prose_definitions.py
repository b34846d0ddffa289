"""Results: what other definitions of an endpoint do to its median, and whom they change."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context, exhibit_id
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import no
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import paragraph, sentence
from venaza.study.support import MARK, unsupported


def definitions(context: Context) -> str:
    """The section on alternative definitions; empty where the study names none."""
    alternatives = context.study["alternatives"]
    blocks = []
    for code in dict.fromkeys(d["of"] for d in alternatives.values()):
        others = {c: d for c, d in alternatives.items() if d["of"] == code}
        if context.with_patients(code):
            blocks += [_endpoint(code, others, context), figure(f"definitions_{code}", context)]
    if not blocks:
        return ""
    heading = "## Sensitivity to the definition of the endpoint\n\n"
    return heading + "\n\n".join(filter(None, blocks)) + "\n"


def _endpoint(code: str, others: dict[str, dict], context: Context) -> str:
    """Which definition is used, where the others stand, and how many patients each changes."""
    return paragraph(
        _used(context, code),
        _shown(context, code),
        _changed(context, others),
        _unchanged(context, others),
    )


@sentence("definitions.used", when=lambda c, code: c.with_patients(code))
def _used(context: Context, code: str) -> str:
    own = _name(context.study["endpoints"][code], code in unsupported(context.support))
    return f"The definition of {small(context.label(code))} used above is {own}."


def _exhibits(context: Context, code: str) -> list[str]:
    names = (f"fig definitions_{code}", "tbl sensitivity")
    return [f"@{exhibit_id(name)}" for name in names if context.has(name)]


@sentence("definitions.shown", when=_exhibits)
def _shown(context: Context, code: str) -> str:
    shown = _exhibits(context, code)
    sets = "set" if len(shown) > 1 else "sets"
    return f"{listed(shown)} {sets} the other definitions beside it."


def _differing(context: Context, others: dict[str, dict]) -> list[str]:
    """The definitions that change a patient."""
    return [n for n in others if context.numbers.value(f"definition.{n}.all.any.n")]


@sentence("definitions.changed", when=_differing)
def _changed(context: Context, others: dict[str, dict]) -> str:
    numbers, wrong = context.numbers, unsupported(context.support)
    names = {name: _name(d, name in wrong) for name, d in others.items()}
    differing = _differing(context, others)
    changed = [
        f"{numbers.var(f'definition.{name}.all.any.n')} ({names[name]})" for name in differing
    ]
    same = [called for name, called in names.items() if name not in differing]
    return (
        f"Of {numbers.var('n.ITT.all')} patients, they change the time, the status or the "
        f"reason in {listed(changed)}{f'; in none ({listed(same)})' if same else ''}."
    )


@sentence("definitions.unchanged", when=no(_differing))
def _unchanged(context: Context, others: dict[str, dict]) -> str:
    return "They change no patient." if len(others) > 1 else "It changes no patient."


def _name(definition: dict, wrong: bool) -> str:
    """What a definition is called, with the mark where the data cannot support it."""
    name = f"*{config_text(definition['short'], 'endpoints')}*"
    return f"{name} {MARK}" if wrong else name
