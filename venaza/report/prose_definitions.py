"""Results: what other definitions of an endpoint do to its median, and whom they change."""

from __future__ import annotations

from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import config_text
from venaza.report.words import by_group, listed, small


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
    label = small(context.label(code))
    own = context.study["endpoints"][code]
    medians = [
        f"{_name(other)}, {_medians(c, context)}"
        for c, other in others.items()
        if any(f"km.{c}.{g.slug}.median" in context.numbers for g in context.groups)
    ]
    text = (
        f"The definition of {label} used above is {_name(own)}. By the other definitions"
        f"{context.see(f'fig definitions_{code}', 'tbl sensitivity')}, the median was: "
        f"{'; '.join(medians)}."
    )
    return " ".join([text, _changed(others, context)])


def _name(definition: dict) -> str:
    return f"*{config_text(definition['short'], 'endpoints')}*"


def _medians(code: str, context: Context) -> str:
    return by_group(context.groups, lambda g: context.numbers.median(f"km.{code}.{g.slug}"))


def _changed(others: dict[str, dict], context: Context) -> str:
    """How many patients each definition changes, of all."""
    numbers = context.numbers
    counts = [
        f"{numbers.var(f'definition.{code}.all.any.n')} by {_name(definition)}"
        for code, definition in others.items()
        if numbers.value(f"definition.{code}.all.any.n")
    ]
    same = [
        _name(definition)
        for code, definition in others.items()
        if not numbers.value(f"definition.{code}.all.any.n")
    ]
    sentences = []
    if counts:
        total = numbers.var("n.ITT.all")
        sentences.append(
            f"Of {total} patients, the time, the status or the reason differed in {listed(counts)}."
        )
    if same:
        sentences.append(f"No patient differed by {listed(same)}.")
    return " ".join(sentences)
