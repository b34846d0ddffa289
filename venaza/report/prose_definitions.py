"""Results: what other definitions of an endpoint do to its median, and whom they change."""

from __future__ import annotations

from venaza.contracts.support import MARK, unsupported
from venaza.report.context import Context, exhibit_id
from venaza.report.exhibits import figure
from venaza.report.numbers import config_text
from venaza.report.words import listed, small


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
    numbers = context.numbers
    label = small(context.label(code))
    wrong = unsupported(context.support)
    names = {name: _name(d, name in wrong) for name, d in others.items()}
    own = _name(context.study["endpoints"][code], code in wrong)
    shown = " and ".join(
        f"@{exhibit_id(name)}"
        for name in (f"fig definitions_{code}", "tbl sensitivity")
        if context.has(name)
    )
    text = [f"The definition of {label} used above is {own}."]
    if shown:
        text.append(f"{shown} set the other definitions beside it.")
    counts = {name: f"definition.{name}.all.any.n" for name in others}
    changed = [
        f"{numbers.var(counts[name])} ({called})"
        for name, called in names.items()
        if numbers.value(counts[name])
    ]
    same = [called for name, called in names.items() if not numbers.value(counts[name])]
    if changed:
        text.append(
            f"Of {numbers.var('n.ITT.all')} patients, they change the time, the status or the "
            f"reason in {listed(changed)}{f'; in none ({listed(same)})' if same else ''}."
        )
    else:
        text.append("They change no patient.")
    return " ".join(text)


def _name(definition: dict, wrong: bool) -> str:
    """What a definition is called, with the mark where the data cannot support it."""
    name = f"*{config_text(definition['short'], 'endpoints')}*"
    return f"{name} {MARK}" if wrong else name
