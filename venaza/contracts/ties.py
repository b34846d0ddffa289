"""What counts first where several milestones fall on one day: one order for every endpoint."""

from __future__ import annotations


def tie_rank(name: str, study: dict) -> float:
    """The place of a milestone among those of one day, by ``on_one_day`` of config/endpoints.yaml.

    One that is not named there counts after those that are, and before death.
    """
    order = study["on_one_day"]
    if name in order:
        return order.index(name)
    return order.index("DEATH") - 0.5 if "DEATH" in order else len(order)
