"""The digitised curves of other studies that a study file names: files, endpoints, units."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.results import slug
from venaza.study.names import did_you_mean, like_file

_DEFAULTS = {"time_unit": "months", "survival_unit": "percent"}


def published_curves(root: Path, study: dict, shown: str) -> list[dict]:
    """``published_curves`` of a study with their defaults; empty where it names none.

    Raises ``StudyError`` for a file that is not there, an endpoint that the study does not
    estimate as survival, and an ``id`` given twice or that is a group's.
    """
    taken = {slug(level) for level in (study.get("groups") or {}).get("levels", {})} | {"all"}
    found = []
    for i, given in enumerate(study.get("published_curves") or []):
        at = f"published_curves > {i + 1}"
        for name in ("points", "at_risk"):
            if not (root / given[name]).is_file():
                hint = like_file(root, given[name])
                raise StudyError(
                    "There is no such file with a digitised curve.",
                    fix=f"{hint}Name it from the project's folder; docs/evidence.md says how it "
                    "looks.",
                    at=Key(shown, f"{at} > {name}", given[name]),
                )
        survival = [c for c, e in study["endpoints"].items() if not e.get("competing")]
        if given["endpoint"] not in survival:
            hint = did_you_mean(given["endpoint"], survival)
            raise StudyError(
                "A digitised curve stands beside an endpoint that this study does not estimate "
                "by Kaplan-Meier.",
                fix=f"{hint}Use one of: {', '.join(survival)}.",
                at=Key(shown, f"{at} > endpoint", given["endpoint"]),
            )
        if slug(given["id"]) in taken:
            raise StudyError(
                "This id is taken by a group of the study or by another curve.",
                fix="Give each curve an id of its own.",
                at=Key(shown, f"{at} > id", given["id"]),
            )
        taken.add(slug(given["id"]))
        found.append({**_DEFAULTS, **given})
    return found
