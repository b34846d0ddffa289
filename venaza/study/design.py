"""What the design of a study allows to be said of its groups."""

from __future__ import annotations

import re

#: "Randomised" in either spelling, and nothing that says the opposite.
_RANDOMISED = re.compile(r"(?<!non-)(?<!non )(?<!not )\brandomi[sz]", re.IGNORECASE)


def is_randomised(study: dict) -> bool:
    """Whether the study file calls the design randomised; ``non-randomised`` is not."""
    return bool(_RANDOMISED.search(study["study"]["design"]))


def has_arms(study: dict) -> bool:
    """Whether the groups are the arms of a randomised trial: treatments, and given by chance."""
    return is_randomised(study) and bool((study.get("groups") or {}).get("treatment"))
