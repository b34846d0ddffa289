"""Facts on published survival curves, reconstructed from their pictures."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text


@in_text
def endpoints(context: Context) -> dict[str, list[dict]]:
    """The endpoints whose published curves are drawn, each with these."""
    found: dict[str, list[dict]] = {}
    for curve in context.study["published_curves"]:
        if _drawn(context, curve["endpoint"]):
            found.setdefault(curve["endpoint"], []).append(curve)
    return found


def _drawn(context: Context, code: str, *_: object) -> bool:
    return context.has(f"fig beside_{code}")


bind({f"beside.{name}": _drawn for name in ("drawn", "reconstructed", "apart")})
