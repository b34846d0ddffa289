"""What the definitions of a study need: milestones, and the tables and columns of these."""

from __future__ import annotations


def used_milestones(study: dict) -> list[str]:
    """The milestones by which the study's endpoints and failure end a time, by name.

    FAILURE stands for those that it gathers.
    """
    gathered = study["failure"]["milestones"]
    used = [*gathered]
    for definition in {**study["endpoints"], **study["alternatives"]}.values():
        for key in ("events", "competing", "censor_at"):
            used += definition.get(key, [])
    return list(dict.fromkeys(name for name in used if name in study["milestones"]))
