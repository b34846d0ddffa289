"""What the design of a study allows to be said of its groups."""

from __future__ import annotations


def is_randomised(study: dict) -> bool:
    """Whether the study file calls the design randomised."""
    return "randomi" in study["study"]["design"].lower()


def has_arms(study: dict) -> bool:
    """Whether the groups are the arms of a randomised trial: treatments, and given by chance."""
    return is_randomised(study) and bool((study.get("groups") or {}).get("treatment"))
