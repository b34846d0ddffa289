"""The checks of config/checks.yaml, with what a study file says of them."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path

from venaza.config.documents import merge, read_yaml, validate
from venaza.config.names import check_known
from venaza.errors import StudyError


@lru_cache(maxsize=8)
def _judged(root: Path, _when: int) -> dict:
    """The shipped checks, judged by their schema once for all studies of a run."""
    path, name = "config/checks.yaml", "workflow/schemas/checks.schema.yaml"
    shipped = read_yaml(root / path, path)
    validate(shipped, read_yaml(root / name, name), path)
    return shipped


def _written(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def load_checks(root: Path, study: dict, shown: str) -> dict:
    """``limits``, ``ranges``, ``order`` and ``rules`` of a study.

    ``rules`` holds each check by id with its ``subject``; its severity is the study's, ``off``
    included. ``study["checks"]`` is what the study file says: a severity or ``off`` by id,
    ``limits`` and ``ranges``. Raises ``StudyError`` for an id or a limit that does not exist,
    and for switching off a check by which the pipeline says what it left out.
    """
    path = "config/checks.yaml"
    shipped = deepcopy(_judged(root, _written(root / path)))
    own = dict(study.get("checks") or {})
    limits, ranges = own.pop("limits", {}), own.pop("ranges", {})
    check_known(limits, shipped["limits"], "a limit of the checks", shown, "checks > limits")
    for table, columns in ranges.items():
        check_known([table], shipped["ranges"], "a table with ranges", shown, "checks > ranges")
        place = f"checks > ranges > {table}"
        check_known(columns, shipped["ranges"][table], "a column with a range", shown, place)
    if "mrd" in study:
        limits = {"mrd_negative_below": study["mrd"]["negative_below"], **limits}
    rules = {
        check: {**rule, "subject": subject["title"]}
        for subject in shipped["subjects"].values()
        for check, rule in subject["checks"].items()
    }
    check_known(own, rules, "a check", shown, "checks")
    for check, severity in own.items():
        if severity == "off" and rules[check].get("always"):
            raise StudyError(
                f"The check '{check}' cannot be switched off: a cell or a row is left out there.",
                fix="Give it the severity 'note' instead.",
                file=shown,
                column=f"checks > {check}",
                value="off",
            )
    for check, rule in rules.items():
        needless = rule.get("unless") and study.get(rule["unless"])
        rule["severity"] = own.get(check, "off" if needless else rule["severity"])
    return {
        "limits": merge(shipped["limits"], limits),
        "ranges": merge(shipped["ranges"], ranges),
        "order": shipped["order"],
        "rules": rules,
    }
