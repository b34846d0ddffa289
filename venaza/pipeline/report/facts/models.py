"""Facts on regression models: whom a hazard ratio compares, and how it was estimated."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.text import in_text


@in_text
def sides(context: Context, ard_id: str) -> tuple[str, str]:
    """The levels that a hazard ratio compares, by the groups' labels: level, reference."""
    levels = context.study["groups"]["levels"] if context.study.get("groups") else ()
    labels = {str(key): g.label for key, g in zip(levels, context.groups, strict=False)}
    level = context.numbers.field(ard_id, "term")
    reference = context.numbers.field(ard_id, "method").rpartition("reference ")[2]
    return labels.get(level, level), labels.get(reference, reference)


@in_text
def penalised(context: Context, ard_id: str) -> bool:
    """Whether a hazard ratio is Firth's estimate."""
    return "Firth" in context.numbers.field(ard_id, "method")


@in_text
def without_event(context: Context, ard_id: str) -> list[Group]:
    """The groups with patients and no event in the endpoint of a hazard ratio."""
    value, code = context.numbers.value, ard_id.split(".")[1]
    stems = {group: f"km.{code}.{group.slug}" for group in context.groups}
    return [g for g, s in stems.items() if value(f"{s}.n") and value(f"{s}.events") == 0]
