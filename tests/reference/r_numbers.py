"""R's numbers by the identifier that ours have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd
import pytest

METHODS = {
    "km": "Kaplan–Meier, log-log limits",
    "rkm": "reverse Kaplan–Meier",
    "logrank": "log-rank",
    "cox": "Cox, Efron ties",
    "ci": "Aalen–Johansen, log-log limits",
}


def assert_equal(table: pd.DataFrame, pairs: Iterable[tuple[str, float | None]]) -> None:
    """Each of ``pairs`` (ard_id, R's value) is ours to 1e-6; where R has NA, null with a reason."""
    compared = 0
    for key, reference in pairs:
        value = table.loc[key, "value"]
        if reference is None:
            assert pd.isna(value), key
            assert table.loc[key, "reason"], key
        else:
            assert value == pytest.approx(reference, rel=1e-6), key
        compared += 1
    assert compared > 50


def slug(text: str) -> str:
    return text.replace(" ", "_")


def r_numbers(values: dict, month: float) -> Iterator[tuple[str, float | None]]:
    """(ard_id, R's value in our unit) of one study of ``r_values.json``; None where R has NA.

    R counts days and probabilities, the ARD months and percent.
    """
    for code, result in values.items():
        for group, reference in result.get("km", {}).items():
            yield from _curve(code, slug(group), reference, month)
        for name, value in (result.get("logrank") or {}).items():
            yield f"logrank.{code}.{name}", value
        for variable, levels in result.get("cox", {}).items():
            for level, numbers in levels.items():
                stem = f"cox.{code}.{variable}" + ("" if level == "x" else f".{slug(level)}")
                yield from ((f"{stem}.{name}", value) for name, value in numbers.items())
        for group, causes in result.get("incidence", {}).items():
            for cause, points in causes.items():
                kind = {"1": "event", "2": "competing"}[cause]
                for at in points:
                    stem = f"ci.{code}.{slug(group)}.{kind}.m{at['day'] / month:.0f}"
                    yield from _percent(stem, at)


def _curve(code: str, group: str, reference: dict, month: float):
    stem = f"km.{code}.{group}"
    yield from ((f"{stem}.{name}", reference[name]) for name in ("n", "events"))
    names = {"median": "median", "median_lower": "lower", "median_upper": "upper"}
    for ours, theirs in {**names, "q1": "q1", "q3": "q3"}.items():
        yield f"{stem}.{ours}", _months(reference[theirs], month)
    for at in reference["at"]:
        where = f"{stem}.m{at['day'] / month:.0f}"
        yield f"{where}.n_risk", at["n_risk"]
        yield from _percent(where, at)
    if code == "OS":
        for ours, theirs in names.items():
            value = _months(reference["reverse"][theirs], month)
            yield f"rkm.OS.{group}.{ours}", value


def _months(days: float | None, month: float) -> float | None:
    return None if days is None else days / month


def _percent(stem: str, at: dict):
    for part in ("estimate", "lower", "upper"):
        yield f"{stem}.{part}", None if at[part] is None else 100 * at[part]
