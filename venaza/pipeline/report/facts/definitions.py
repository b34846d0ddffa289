"""Facts on other definitions of an endpoint: which are used, and whose time each changes."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import no
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.support import unsupported


@in_text
def endpoints(context: Context) -> dict[str, dict[str, dict]]:
    """The endpoints with patients that have other definitions, each with these by code."""
    alternatives = context.study["alternatives"]
    found: dict[str, dict[str, dict]] = {}
    for code, definition in alternatives.items():
        if context.with_patients(definition["of"]):
            found.setdefault(definition["of"], {})[code] = definition
    return found


@in_text
def is_unsupported(context: Context, code: str) -> bool:
    """Whether the data cannot support a definition."""
    return code in unsupported(context.support)


@in_text
def shown(context: Context, code: str) -> list[str]:
    """The exhibits that show the other definitions of an endpoint."""
    return [name for name in (f"fig definitions_{code}", "tbl sensitivity") if context.has(name)]


@in_text
def differing(context: Context, others: dict[str, dict]) -> list[str]:
    """The definitions that change a patient."""
    return [n for n in others if context.numbers.value(f"definition.{n}.all.any.n")]


bind(
    {
        "definitions.used": lambda context, code: context.with_patients(code),
        "definitions.shown": shown,
        "definitions.changed": differing,
        "definitions.unchanged": no(differing),
    }
)
