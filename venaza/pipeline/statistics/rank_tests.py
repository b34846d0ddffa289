"""ARD rows that compare values between groups: baseline where asked for, times to response."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.selections import Selection
from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics.levels import column_of, is_summarised, levels_of

CAVEAT = "unadjusted, exploratory"


def baseline_rows(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Tests of the variables of ``analysis.table1`` where ``analysis.compare_baseline`` is set.

    Numbers by their ranks, categories by their counts; patients without the value are left out.
    ``wilcoxon.AGE`` (two groups), ``kruskal.AGE`` (more) and ``contingency.SEX``.
    """
    if not study["analysis"].get("compare_baseline") or len(ard.compared_groups(study)) < 2:
        return
    for variable in study["analysis"]["table1"]:
        if variable in ("GROUP", study["groups"]["variable"]):
            continue
        known = adsl[adsl[variable].notna()]
        if is_summarised(variable, study):
            unit = column_of(variable, study).unit
            chosen = selections.patients(variable, "ITTFL")
            yield from ranks(variable, known, variable, unit, 1.0, "ITTFL", chosen, study)
        else:
            yield from _counts(variable, known, study)


def response_rows(adrs: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Time to first response and cycles, compared between the groups' responders."""
    if not ard.compares(study):
        return
    month = study["timeline"]["days_per_month"]
    for parameter in ("TTR", "CYCRESP", "CYCBEST"):
        chosen = selections.responses(parameter, every=False)
        found = chosen.of(adrs)
        found = found[found["AVAL"].notna()]
        if found.empty:
            continue
        unit, scale = ("months", month) if parameter == "TTR" else ("cycles", 1.0)
        yield from ranks(parameter, found, "AVAL", unit, scale, "RESPFL", chosen, study)


def ranks(
    name: str,
    known: pd.DataFrame,
    column: str,
    unit: str,
    scale: float,
    population: str,
    chosen: Selection,
    study: dict,
) -> list[ard.Row]:
    """Wilcoxon's test of two groups with the shift in ``unit`` (values over ``scale``), or
    Kruskal and Wallis's of more."""
    from venaza.pipeline.statistics.wilcoxon import kruskal_wallis, rank_sum

    groups = ard.compared_groups(study)
    values = [group.of(known)[column].to_numpy(float) for group in groups]
    shared = {"endpoint": name, "population": population, "analysis": "rank_test"}
    shared["rows"] = chosen
    shared["term"] = ard.versus(study)
    n = {"n": ard.count(sum(map(len, values)))}
    sides = [(str(g.level), len(v), None) for g, v in zip(groups, values, strict=True)]
    few = floor.uncomparable(sides, study)
    if len(groups) > 2:
        result = few or kruskal_wallis(values)
        method = f"Kruskal-Wallis test, {CAVEAT}"
        return ard.rows(f"kruskal.{name}", n | _kruskal(result), method=method, **shared)
    result = few or rank_sum(*values, study["analysis"]["confidence"])
    how = "" if isinstance(result, str) else f", {result.how}"
    method = f"Wilcoxon's rank-sum test{how}, {CAVEAT}; shift: Hodges-Lehmann, first minus second"
    return ard.rows(f"wilcoxon.{name}", n | _wilcoxon(result, unit, scale), method=method, **shared)


def _kruskal(result: tuple[float, int, float] | str) -> dict[str, ard.Number]:
    if isinstance(result, str):
        return {name: floor.missing("", result) for name in ard.TEST}
    return ard.chi_square(*result)


def _wilcoxon(result, unit: str, scale: float) -> dict[str, ard.Number]:
    shifts = ("shift", "lower", "upper")
    if isinstance(result, str):
        empty = {name: floor.missing("", result) for name in ("statistic", "p_value")}
        return empty | {name: floor.missing(unit, result) for name in shifts}
    reason = "too few values for an interval of this level"
    numbers = {"statistic": ard.known(result.statistic, "", f"{result.statistic:g}")}
    numbers["p_value"] = ard.p_value(result.p_value)
    for name in shifts:
        numbers[name] = ard.number_or(getattr(result, name) / scale, unit, reason)
    return numbers


def _counts(variable: str, known: pd.DataFrame, study: dict) -> list[ard.Row]:
    from venaza.pipeline.statistics.contingency import compare

    groups = ard.compared_groups(study)
    levels = levels_of(variable, known, study)
    columns = [group.of(known)[variable].astype("string") for group in groups]
    table = np.array([[int((own == level).sum()) for own in columns] for level in levels])
    table = table.reshape(len(levels), len(groups))
    method, p = compare(table)
    sizes = zip(groups, table.sum(axis=0), strict=True)
    p = floor.uncomparable([(str(g.level), int(n), None) for g, n in sizes], study) or p
    return ard.rows(
        f"contingency.{variable}",
        {
            "n": ard.count(int(table.sum())),
            "p_value": floor.missing("", p) if isinstance(p, str) else ard.p_value(p),
        },
        rows=selections.patients(variable, "ITTFL"),
        analysis="contingency",
        endpoint=variable,
        term=ard.versus(study),
        method=f"{method}, {CAVEAT}",
    )
