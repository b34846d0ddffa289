"""R's numbers of r_dynamic.json (what changes during follow-up) by the identifier of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.reference.r_numbers import slug

DYNAMIC_METHODS = {
    "gray": "Gray's test",
    "logrank_stratified": "stratified log-rank",
    "rmst": "restricted mean",
    "tdcox": "Cox, time-dependent covariate",
    "mantelbyar": "Mantel–Byar",
    "landmark": "landmark",
}


def r_dynamic() -> dict:
    """The file that make_dynamic.R writes."""
    path = Path(__file__).parent / "r_dynamic.json"
    return json.loads(path.read_text(encoding="utf-8"))


def r_dynamic_numbers(name: str, month: float) -> Iterator[tuple[str, float | None]]:
    """(ard_id, R's value in our unit) of one study; nothing where R was not asked."""
    study = r_dynamic().get(name, {})
    for code, kinds in study.get("gray", {}).items():
        for kind, test in kinds.items():
            yield from _named(f"gray.{code}.{kind}", test)
    for code, test in study.get("stratified", {}).items():
        yield from _named(f"logrank_stratified.{code}", test)
    for code, groups in study.get("rmst", {}).items():
        for group, numbers in groups.items():
            stem = f"rmst.{code}.{slug(group)}"
            yield from (
                (f"{stem}.{k}", v if k == "p_value" else v / month) for k, v in numbers.items()
            )
    for code, landmarks in study.get("landmark", {}).items():
        for day, landmark in landmarks.items():
            yield from _landmark(f"landmark.{code}.{day}", landmark, month)
    for code, changes in study.get("dynamic", {}).items():
        for change, numbers in changes.items():
            stem = f"tdcox.{code}.{change}"
            yield from _named(stem, {k: numbers[k] for k in ("n", "events", "exposed")})
            yield from _named(stem, numbers["cox"])
            yield from _named(f"mantelbyar.{code}.{change}", numbers["mantel_byar"])


def _named(stem: str, numbers: dict):
    return ((f"{stem}.{name}", value) for name, value in numbers.items())


def _landmark(stem: str, landmark: dict, month: float):
    for arm, numbers in landmark["arms"].items():
        group, _, state = arm.rpartition(" ")
        where = f"{stem}.{slug(group)}.{state}"
        yield from _named(where, {k: numbers[k] for k in ("n", "events")})
        for ours, theirs in (
            ("median", "median"),
            ("median_lower", "lower"),
            ("median_upper", "upper"),
        ):
            days = numbers[theirs]
            yield f"{where}.{ours}", None if days is None else days / month
    yield from _named(f"{stem}.all", landmark["test"])
