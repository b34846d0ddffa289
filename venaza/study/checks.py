"""The checks of config/checks.yaml, with what a study file says of them."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.wording import capital
from venaza.study.documents import merge, read_yaml, validate, written
from venaza.study.names import check_known
from venaza.study.wording import kind_of


@lru_cache(maxsize=8)
def _judged(root: Path, _when: int) -> dict:
    """The shipped checks, judged by their schema once for all studies of a run."""
    path, name = "config/checks.yaml", "workflow/schemas/checks.schema.yaml"
    shipped = read_yaml(root / path, path)
    validate(shipped, read_yaml(root / name, name), path)
    return shipped


def messages(root: Path, language: str) -> dict:
    """The siblings, in ``language``, of what queries say in English; {} for English."""
    path = f"config/messages/{language}.yaml"
    return {} if language == "en" else read_yaml(root / path, path)


def check_words(rules: dict, told: dict) -> dict[str, str]:
    """What checks are called, and what was done meanwhile: English -> the language of ``told``."""
    both = [(rules[name], own) for name, own in told.get("rules", {}).items() if name in rules]
    titles = {english["title"]: own["title"] for english, own in both if "title" in english}
    return titles | told.get("actions", {})


def load_checks(root: Path, study: dict, shown: str) -> dict:
    """``limits``, ``ranges``, ``order`` and ``rules`` of a study.

    ``rules`` holds each check by id with its ``subject``; its severity is the study's, ``off``
    included. ``study["checks"]`` is what the study file says: a severity or ``off`` by id,
    ``limits`` and ``ranges``. Raises ``StudyError`` for an id or a limit that does not exist,
    and for switching off a check by which the pipeline says what it left out.
    """
    path = "config/checks.yaml"
    shipped = deepcopy(_judged(root, written(root / path)))
    own = dict(study.get("checks") or {})
    limits, ranges = own.pop("limits", {}), own.pop("ranges", {})
    for column in study.get("columns", ()):
        if column["type"] in ("integer", "number"):
            shipped["ranges"]["patients"][column["name"]] = shipped["own_number"]
    for table, columns in ranges.items():
        check_known([table], shipped["ranges"], "a table with ranges", shown, "checks > ranges")
        place = f"checks > ranges > {table}"
        check_known(columns, shipped["ranges"][table], "a column with a range", shown, place)
        for column, (low, high) in columns.items():
            if low > high:
                raise StudyError(
                    f"The range of {column} begins above its end.",
                    fix="Give the lowest number, then the highest.",
                    at=Key(shown, f"{place} > {column}", f"[{low}, {high}]"),
                )
    _check_limits(limits, shipped["limits"], shown, "checks > limits")
    if "mrd" in study:
        told = {key: study["mrd"][key] for key in ("negative_below", "materials")}
        limits = {**{f"mrd_{key}": value for key, value in told.items()}, **limits}
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
                at=Key(shown, f"checks > {check}", "off"),
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


def _check_limits(own: dict, shipped: dict, shown: str, place: str) -> None:
    """A study's limit is of the kind of the shipped one: a number, a pair, a list of words."""
    check_known(own, shipped, "a limit of the checks", shown, place)
    for name, value in own.items():
        at, known = f"{place} > {name}", shipped[name]
        if isinstance(value, dict) and isinstance(known, dict):
            _check_limits(value, known, shown, at)
        elif not _alike(value, known):
            raise StudyError(
                f"{capital(kind_of(value))} is no such limit.",
                fix=f"Give one of the kind of the shipped limit ({known}); docs/checks.md.",
                at=Key(shown, at),
            )


def _alike(value: object, known: object) -> bool:
    if isinstance(known, list):
        pair = len(known) == 2 and not isinstance(known[0], str)
        return (
            isinstance(value, list)
            and len(value) > 0
            and all(_alike(item, known[0]) for item in value)
            and (not pair or (len(value) == 2 and value[0] <= value[1]))
        )
    if isinstance(known, str):
        return isinstance(value, str)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= 10**6 and not isinstance(known, dict)
