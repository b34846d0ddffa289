"""Counts of the populations and the baseline table, with what is missing always shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics import display as show
from venaza.pipeline.statistics.levels import column_of, is_summarised, levels_of
from venaza.study.groups import ALL, Group, groups_and_all

#: Part of the key -> the ADSL flag that is counted.
POPULATIONS = {
    "ITT": "ITTFL",
    "SAF": "SAFFL",
    "RESP": "RESPFL",
    "CR": "CRFL",
    "MRD": "MRDFL",
    "FAIL": "FAILFL",
    "PFTRT": "PFTRTFL",
    "TX": "TXFL",
    "DTH": "DTHFL",
}
QUANTILES = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
NO_PATIENT = "no patient"


def flagged(frame: pd.DataFrame, flag: str) -> pd.DataFrame:
    """The rows whose ``flag`` is Y."""
    return frame[is_true(frame[flag] == "Y")]


def populations(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients of each population flag, by group and all together: ``n.ITT.ND``."""
    for key, flag in POPULATIONS.items():
        counted = flagged(adsl[["GROUP", flag]], flag)
        for group in groups_and_all(study):
            number = ard.count(len(group.of(counted)))
            (row,) = ard.rows(
                f"n.{key}",
                {group.slug: number},
                rows=selections.patients(flag),
                analysis="population",
                method="Count",
                population=flag,
                group=group,
                endpoint=flag,
            )
            yield {**row, "statistic": "n"}


def without_group(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients of the analysis in no group, by the reason: ``n.NOGROUP.not_recorded``.

    Rows only where somebody is in none; they are in every number of all patients.
    """
    if not study.get("groups"):
        return
    out = flagged(adsl, "ITTFL")
    out = out[out["GROUP"].isna()]
    variable = study["groups"]["variable"]
    if out.empty:
        return
    for reason, operator in (("not_recorded", "none"), ("not_compared", "some")):
        where = (("GROUP", "none", ""), (variable, operator, ""))
        chosen = selections.patients("GROUP", "ITTFL", variable, where=where)
        yield from ard.rows(
            "n.NOGROUP",
            {reason: ard.count(len(chosen.of(out)))},
            rows=chosen,
            analysis="population",
            method="Count",
            endpoint="GROUP",
            group=ALL,
        )


def without_last_dose(adsl: pd.DataFrame) -> Iterator[ard.Row]:
    """Patients of the safety population whose last dose is not known: ``n.NODOSE.all``."""
    safety = flagged(adsl, "SAFFL")
    chosen = selections.patients("TRTEDY", "SAFFL", where=(("TRTEDY", "none", ""),))
    unknown = len(chosen.of(safety)) if "TRTEDY" in safety else 0
    if unknown:
        yield from ard.rows(
            "n.NODOSE",
            {"all": ard.count(unknown)},
            rows=chosen,
            analysis="population",
            method="Count",
            endpoint="TRTEDY",
            population="SAFFL",
            group=ALL,
        )


def quantiles(values: np.ndarray, wanted: tuple[str, ...]) -> dict[str, float]:
    """Median, quartiles and extremes by R's default rule (type 7); NaN without values."""
    if len(values) == 0:
        return dict.fromkeys(wanted, float("nan"))
    return {name: float(np.quantile(values, QUANTILES[name])) for name in wanted}


def baseline(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """The variables of ``analysis.table1``, by group and all together.

    Numbers by n, missing, mean, sd, median, quartiles and range; categories by n and percent
    of all patients of the group, missing ones being a level of their own.
    """
    for variable in study["analysis"]["table1"]:
        describe = _numeric if is_summarised(variable, study) else _categorical
        narrow = adsl[list(dict.fromkeys(["GROUP", variable]))]
        for group in groups_and_all(study):
            yield from describe(variable, group, narrow, study)


def _numeric(variable: str, group: Group, adsl: pd.DataFrame, study: dict) -> list[ard.Row]:
    column = column_of(variable, study)
    everyone = adsl[variable].dropna().to_numpy(float)
    whole = bool((everyone == np.round(everyone)).all())
    members = group.of(adsl)[variable]
    values = members.dropna().to_numpy(float)
    n = len(values)
    numbers = {"n": ard.count(n), "missing": ard.count(len(members) - n)}
    mean = float(values.mean()) if n else float("nan")
    deviation = float(values.std(ddof=1)) if n > 1 else float("nan")
    unit = column.unit
    for name, value, reason in (
        ("mean", mean, NO_PATIENT),
        ("sd", deviation, "fewer than two values"),
    ):
        found = value == value
        numbers[name] = (
            ard.known(value, unit, show.half_up(value, 1)) if found else ard.missing(unit, reason)
        )
    for name, value in quantiles(values, tuple(QUANTILES)).items():
        text = show.whole_or_one if whole else lambda v: show.half_up(v, 1)
        numbers[name] = ard.known(value, unit, text(value)) if n else ard.missing(unit, NO_PATIENT)
    return ard.rows(
        f"desc.{variable}.{group.slug}",
        numbers,
        rows=selections.patients(variable, "ITTFL"),
        analysis="descriptive",
        endpoint=variable,
        group=group,
        method="Quartiles by linear interpolation (type 7)",
    )


def _categorical(variable: str, group: Group, adsl: pd.DataFrame, study: dict) -> list[ard.Row]:
    levels = levels_of(variable, adsl, study)
    members = group.of(adsl)
    counted = [
        (level, key, (variable, "=", level))
        for level, key in ard.slugs(levels, taken=("missing",)).items()
    ]
    counted.append(("missing", "missing", (variable, "none", "")))
    rows = []
    for level, key, having in counted:
        chosen = selections.patients(variable, "ITTFL", where=(having,))
        rows += ard.rows(
            f"desc.{variable}.{group.slug}.{key}",
            share(len(chosen.of(members)), len(members)),
            rows=selections.patients(variable, "ITTFL"),
            counted=chosen,
            analysis="descriptive",
            endpoint=variable,
            group=group,
            term=level,
            method="Percent of all patients of the group",
        )
    return rows


def share(n: int, total: int) -> dict[str, ard.Number]:
    """``n`` and its percentage of ``total``."""
    percent = ard.known(100 * n / total, "percent") if total else ard.missing("percent", NO_PATIENT)
    return {"n": ard.count(n), "percent": percent}


def follow_up(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Observed time from index to death or last known alive, in months."""
    wanted = tuple(QUANTILES)
    for group in groups_and_all(study):
        days = group.of(adsl[["GROUP", "ENDDY"]])["ENDDY"].dropna().to_numpy(float)
        spread = quantiles(days, wanted)
        yield from ard.rows(
            f"followup.{group.slug}",
            {name: in_months(value, study, NO_PATIENT) for name, value in spread.items()},
            rows=selections.patients("ENDDY", "ITTFL", "DTHFL"),
            analysis="follow_up",
            endpoint="ENDDY",
            group=group,
            method="Observed time to death or last known alive",
        )


def in_months(
    days: float, study: dict, reason: str, display: str = show.NOT_ESTIMABLE
) -> ard.Number:
    """``days`` as months of the study's length; NaN is a missing number with ``reason``."""
    return ard.number_or(days / study["timeline"]["days_per_month"], "months", reason, display)


def response_times(adrs: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Time to first response in months; cycles to first and to best response."""
    for parameter in ("TTR", "CYCRESP", "CYCBEST"):
        chosen = selections.responses(parameter, every=False)
        found = chosen.of(adrs)
        if found.empty:
            continue
        for group in groups_and_all(study):
            values = group.of(found)["AVAL"].dropna().to_numpy(float)
            numbers = {}
            for name, value in quantiles(values, ("median", "min", "max")).items():
                if parameter == "TTR":
                    numbers[name] = in_months(value, study, "no responder")
                elif len(values):
                    numbers[name] = ard.known(value, "cycles", show.whole_or_one(value))
                else:
                    numbers[name] = ard.missing("cycles", "no responder")
            yield from ard.rows(
                f"response.{group.slug}.{parameter}",
                numbers,
                rows=chosen,
                analysis="response_time",
                endpoint=parameter,
                population="RESPFL",
                group=group,
                method="Responders only",
            )
