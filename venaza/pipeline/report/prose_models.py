"""A hazard ratio between groups as the abstract tells it."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context


def hazard(ard_id: str, context: Context) -> str:
    """``1.96 (95% CI 1.03 to 3.74; P = 0.041) for relapsed or refractory against ...``."""
    numbers, stem = context.numbers, ard_id.removesuffix(".hazard_ratio")
    levels = context.study["groups"]["levels"] if context.study.get("groups") else ()
    labels = {str(key): g.label for key, g in zip(levels, context.groups, strict=False)}
    level = numbers.field(ard_id, "term")
    reference = numbers.field(ard_id, "method").rpartition("reference ")[2]
    return (
        f"{numbers.var(ard_id)} ({numbers.interval(stem)}; {numbers.p(f'{stem}.p_value')}"
        f"{penalised(ard_id, context)}) for {labels.get(level, level)} against "
        f"{labels.get(reference, reference)} patients"
    )


def penalised(ard_id: str, context: Context) -> str:
    """Names Firth's estimate where it is one, and the groups without an event that made it so."""
    numbers, code = context.numbers, ard_id.split(".")[1]
    if "Firth" not in numbers.field(ard_id, "method"):
        return ""
    without = [
        f"{group.label} patients"
        for group in context.groups
        if numbers.value(f"km.{code}.{group.slug}.n")
        and numbers.value(f"km.{code}.{group.slug}.events") == 0
    ]
    why = f", as there was no event among {listed(without)}" if without else ""
    return f"; Firth's penalised estimate{why}"
