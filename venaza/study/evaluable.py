"""Response rates among the evaluable: whether they say more than that somebody responded."""

from __future__ import annotations

from collections.abc import Iterable

from venaza.contracts.numbers import NumbersById


def evaluable_says_more(groups: Iterable[str], numbers: NumbersById, study: dict) -> bool:
    """Whether being evaluable says more than having responded, in any of the groups (ids).

    In an export that records responses alone nobody is evaluable without one, and every rate
    among the evaluable would be 100%.
    """
    stems = [f"rate_evaluable.ORR.{group}" for group in groups]
    return study["response"]["denominator"] == "evaluable" or any(
        numbers.value(f"{stem}.n") != numbers.value(f"{stem}.denominator") for stem in stems
    )
