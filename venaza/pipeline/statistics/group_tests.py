"""ARD rows that compare groups beyond the log-rank test: Gray's test, strata, restricted means."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics.cox import entry_of, event_of
from venaza.pipeline.statistics.descriptive import in_months
from venaza.pipeline.statistics.entry import NO_METHOD, is_late, said
from venaza.pipeline.statistics.rates import percent_of

NO_TEST = (math.nan, 0, math.nan)
NO_COMPARISON = "fewer than two groups with patients at risk"
NO_LINK = "the strata link no groups: each holds patients of one group only"
NO_VARIANCE = (
    "the test has no variance: whenever an event happened, all patients at risk had it or were of "
    "one group"
)


def tested(result: tuple[float, int, float], reason: str) -> dict[str, ard.Number]:
    """Chi-square, degrees of freedom and p-value as numbers, or the reason for none.

    ``reason`` is why nothing can be compared; a comparison without variance has its own.
    """
    _, df, p = result
    if not math.isfinite(p):
        return {name: ard.missing("", NO_VARIANCE if df else reason) for name in ard.TEST}
    return ard.chi_square(*result)


def compared(
    result: tuple[float, int, float], reason: str, few: str | None
) -> dict[str, ard.Number]:
    """As ``tested``; ``few`` is why the sides are too small to compare (``floor.uncomparable``)."""
    if few and math.isfinite(result[2]):
        return {name: floor.missing("", few) for name in ard.TEST}
    return tested(result, reason)


def gray_rows(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[ard.Row]:
    """Gray's test of each endpoint with competing events, for the event and for the others."""
    from venaza.pipeline.statistics.gray import gray

    for endpoint, table in tables.items():
        if not (ard.compares(study) and study["endpoints"][endpoint].get("competing")):
            continue
        members = ard.of_compared(table, study)
        status = members["CNSR"].to_numpy(int)
        for name, own, other in (("event", 0, 2), ("competing", 2, 0)):
            cause = (status == own) + 2 * (status == other)
            time = members["AVAL"].to_numpy(float)
            if is_late(entry_of(members)):
                result, reason = NO_TEST, f"Gray's test is {NO_METHOD}"
            else:
                result = gray(time, cause, members["GROUP"].to_numpy(str))
                reason = NO_COMPARISON if (cause == 1).any() else "no event"
            few = floor.uncomparable(floor.sides_of(members, members["GROUP"], own), study)
            yield from ard.rows(
                f"gray.{endpoint}.{name}",
                compared(result, reason, few),
                rows=selections.times(endpoint, study),
                analysis="gray",
                endpoint=endpoint,
                term=ard.versus(study),
                method="Gray's test, rho = 0",
            )


def stratified_rows(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[ard.Row]:
    """The log-rank test between the groups within the strata that the study names."""
    from venaza.pipeline.statistics.stratified import stratified_log_rank

    for endpoint, variables in study["analysis"].get("strata", {}).items():
        if not ard.compares(study):
            continue
        table, stratum = in_strata(tables[endpoint], variables, study)
        event = event_of(table)
        time, group = table["AVAL"].to_numpy(float), table["GROUP"].to_numpy(str)
        entry = entry_of(table)
        result = stratified_log_rank(time, event, group, stratum, entry)
        reason = "no stratum with an event and two groups at risk" if event.any() else "no event"
        if event.any() and links_nothing(group, stratum):
            result, reason = NO_TEST, NO_LINK
        few = floor.uncomparable(floor.sides_of(table, table["GROUP"]), study)
        yield from ard.rows(
            f"logrank_stratified.{endpoint}",
            {"n": ard.count(len(table)), **compared(result, reason, few)},
            rows=selections.times(endpoint, study, variables),
            analysis="logrank_stratified",
            endpoint=endpoint,
            term=ard.versus(study),
            method=said("Log-rank test", entry) + f" stratified by {', '.join(variables)}",
        )


def in_strata(
    table: pd.DataFrame, variables: list[str], study: dict
) -> tuple[pd.DataFrame, np.ndarray]:
    """The groups' patients who have all ``variables``, and the stratum of each."""
    table = ard.of_compared(table, study)
    table = table[table[variables].notna().all(axis=1)]
    return table, table[variables].astype("string").agg(" / ".join, axis=1).to_numpy(str)


def links_nothing(group: np.ndarray, stratum: np.ndarray) -> bool:
    """Whether each stratum holds a single group, so that within strata nothing is compared."""
    return bool((pd.Series(group).groupby(stratum).nunique() < 2).all())


def rmst_rows(tables: dict[str, pd.DataFrame], drawn: list[dict], study: dict) -> Iterator[ard.Row]:
    """Restricted mean survival by group, and its difference where there are two groups."""
    for endpoint, months in study["analysis"].get("rmst_months", {}).items():
        horizon = months * study["timeline"]["days_per_month"]
        method = (
            f"Area under the Kaplan-Meier curve to {months:g} months, "
            f"Greenwood variance, normal {percent_of(study)} CI"
        )
        method = said(method, entry_of(tables[endpoint]))
        shared = {"analysis": "rmst", "endpoint": endpoint, "time": float(horizon)}
        shared |= {"method": method, "rows": selections.times(endpoint, study)}
        found = {}
        for curve in drawn:
            if curve["endpoint"] == endpoint and not curve["cause"]:
                group = curve["group"]
                found[group.level] = _mean(curve, horizon)
                numbers = _mean_numbers(found[group.level], study)
                yield from ard.rows(f"rmst.{endpoint}.{group.slug}", numbers, group=group, **shared)
        levels = [group.level for group in ard.compared_groups(study)]
        if len(levels) == 2 and ard.compares(study) and set(levels) <= set(found):
            both = ard.of_compared(tables[endpoint], study)
            few = floor.uncomparable(floor.sides_of(both, both["GROUP"]), study)
            yield from ard.rows(
                f"rmst.{endpoint}.difference",
                _difference(*(found[level] for level in levels), few, study),
                term=" minus ".join(map(str, levels)),
                **shared,
            )


def _mean(curve: dict, horizon: float) -> tuple[float, float] | str:
    """The mean and its standard error in days, or the reason for none."""
    from venaza.pipeline.statistics.rmst import is_followed, restricted_mean

    steps, unsaid = curve["steps"], curve["unsaid"]
    if steps is None:
        return unsaid or "no patient with this endpoint"
    if not is_followed(steps, horizon):
        return unsaid or "the horizon is beyond follow-up"
    return restricted_mean(steps, horizon)


def _limits(value: float, error: float, study: dict) -> tuple[float, float]:
    from scipy.special import ndtri

    spread = float(ndtri(0.5 + study["analysis"]["confidence"] / 2)) * error
    return value - spread, value + spread


def _mean_numbers(result: tuple[float, float] | str, study: dict) -> dict[str, ard.Number]:
    if isinstance(result, str):
        return {name: floor.missing("months", result) for name in ("estimate", "se", *_BOTH)}
    mean, error = result
    days = {"estimate": mean, "se": error}
    days |= dict(zip(_BOTH, _limits(mean, error, study), strict=True))
    return {name: in_months(value, study, "") for name, value in days.items()}


_BOTH = ("lower", "upper")


def _difference(
    first: tuple[float, float] | str,
    second: tuple[float, float] | str,
    few: str | None,
    study: dict,
) -> dict[str, ard.Number]:
    from scipy.special import ndtr

    failed = next((r for r in (first, second) if isinstance(r, str)), None)
    if failed is None and first[1] == second[1] == 0:
        failed = "no event in either group up to the horizon"
    failed = few or failed
    if failed is not None:
        numbers = {name: floor.missing("months", failed) for name in ("estimate", *_BOTH)}
        return {**numbers, "p_value": floor.missing("", failed)}
    value, error = first[0] - second[0], math.hypot(first[1], second[1])
    days = {"estimate": value, **dict(zip(_BOTH, _limits(value, error, study), strict=True))}
    numbers = {name: in_months(part, study, "") for name, part in days.items()}
    return {**numbers, "p_value": ard.p_value(2 * float(ndtr(-abs(value) / error)))}
