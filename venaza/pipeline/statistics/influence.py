"""How far one patient moves a median or a hazard ratio: each is left out in turn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics import display as show
from venaza.pipeline.statistics.covariates import covariate
from venaza.pipeline.statistics.cox import Model, attempt, entry_of, event_of, unpenalised
from venaza.pipeline.statistics.entry import emptied, still_to_come
from venaza.pipeline.statistics.likelihood import NotEstimable, made, maximise
from venaza.pipeline.statistics.survival import TOLERANCE

METHOD = "Leave one patient out"
#: Values nearer to each other than this (relative) are the same.
SAME = 1e-9


def medians(endpoint: str, table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """The lowest and highest median of each group when one of its patients is left out."""
    for group in ard.outcome_groups(study):
        members = group.of(table).sort_values("USUBJID")
        time, event = members["AVAL"].to_numpy(float), event_of(members)
        entry = entry_of(members)
        few = floor.few_patients(len(members), study) or floor.few_events(int(event.sum()), study)
        if len(members) < 2 or few:
            none = floor.missing("months", few or "fewer than two patients")
            found = {"min": (none, None), "max": (none, None)}
        else:
            kinds = list(zip(time, event, entry, strict=True))
            each = _for_each(kinds, partial(_median, time, event, entry))
            found = _extremes(members["USUBJID"].to_numpy(str), each, "months", study)
        key = f"influence.{endpoint}.{group.slug}.median"
        chosen = selections.times(endpoint, study)
        yield from _told(key, found, endpoint, METHOD, group=group, rows=chosen)


def hazard_ratios(endpoint: str, table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """The lowest and highest hazard ratio of the group comparison with one patient left out."""
    used = ard.of_compared(table, study).sort_values("USUBJID")
    group = covariate("GROUP", used, table, study, taken=("n", "events"))
    model, result = attempt(used, [group], study)
    levels = list(group.keys)
    if model is None:
        each = dict.fromkeys(levels, str(result))
    else:
        each = _without_each(used, group.design, model)
    for level in levels:
        values = group.refused(level) or each[level]
        if isinstance(values, str):
            none = floor.missing("ratio", values)
            found = {"min": (none, None), "max": (none, None)}
        else:
            found = _extremes(used["USUBJID"].to_numpy(str), values, "ratio", study)
        key = f"influence.{endpoint}.GROUP.{group.keys[level]}.hazard_ratio"
        method = f"{METHOD}; {level} against reference {group.reference}"
        yield from _told(key, found, endpoint, method, rows=selections.times(endpoint, study))


def _told(key: str, found: dict, endpoint: str, method: str, **of) -> Iterator[ard.Row]:
    """The rows of the lowest and the highest number, each with the patient who was left out."""
    for name, (number, patient) in found.items():
        yield from ard.rows(
            key,
            {name: number},
            analysis="influence",
            endpoint=endpoint,
            term=patient,
            method=method,
            **of,
        )


def _for_each(kinds: list, compute) -> list:
    """``compute`` for each patient; those of one kind (time, event, group) share the answer."""
    known: dict = {}
    for i, kind in enumerate(kinds):
        if kind not in known:
            known[kind] = compute(i)
    return [known[kind] for kind in kinds]


def _without_each(used: pd.DataFrame, design: pd.DataFrame, model: Model) -> dict[str, np.ndarray]:
    """Per level the hazard ratio without each patient; NaN where there is none."""
    time, event, x = used["AVAL"].to_numpy(float), event_of(used), design.to_numpy(float)
    entry = entry_of(used)
    start = np.log(model.table["hazard_ratio"].to_numpy(float))

    def refit(i: int) -> np.ndarray:
        kept = np.arange(len(time)) != i
        data = made(time[kept], event[kept], x[kept], entry[kept])
        try:
            if model.penalised:
                return np.exp(maximise(data, penalised=True, start=start)[0])
            return np.exp(unpenalised(data, start)[0])
        except NotEstimable:
            return np.full(x.shape[1], math.nan)

    kinds = list(zip(time, event, entry, map(tuple, x), strict=True))
    each = np.array(_for_each(kinds, refit))
    return {level: each[:, i] for i, level in enumerate(design.columns)}


def _median(time: np.ndarray, event: np.ndarray, entry: np.ndarray, without: int) -> float:
    """The Kaplan-Meier median in days without one patient, as ``survival.quantile``; or infinity.

    Counted here and not by ``kaplan_meier``, which would take a second per endpoint and group.
    """
    kept = np.arange(len(time)) != without
    time, event, entry = time[kept], event[kept], entry[kept]
    times, deaths = np.unique(time[event], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    at_risk = at_risk - still_to_come(times, entry)
    estimate = np.cumprod(1 - deaths / at_risk)
    last = emptied(time, event, entry)
    if last is not None:
        times, estimate = times[times < last], estimate[times < last]
    reached = np.flatnonzero(estimate < 0.5 + TOLERANCE)
    below = np.flatnonzero(estimate < 0.5 - TOLERANCE)
    if not len(reached):
        return math.inf
    first = times[reached[0]]
    if abs(estimate[reached[0]] - 0.5) < TOLERANCE and len(below):
        return float((first + times[below[0]]) / 2)
    return float(first)


def _extremes(
    patients: np.ndarray, values, unit: str, study: dict
) -> dict[str, tuple[ard.Number, str | None]]:
    """The lowest and the highest value, each with the patients whose absence gives it."""
    values = np.asarray(values, float)
    if np.isnan(values).any():
        who = patients[np.isnan(values)]
        none = ard.missing(unit, f"not estimable without {_who(who)}")
        return {"min": (none, _who(who)), "max": (none, _who(who))}
    found = {}
    for name, extreme in (("min", values.min()), ("max", values.max())):
        same = values == extreme
        if math.isfinite(extreme):
            same |= np.abs(values - extreme) <= SAME * abs(extreme)
        who = _who(patients[same])
        if math.isinf(extreme):
            number = ard.missing(unit, f"not reached without {who}", show.NOT_REACHED)
        elif unit == "months":
            number = ard.known(extreme / study["timeline"]["days_per_month"], unit)
        else:
            number = ard.known(extreme, unit)
        found[name] = (number, who)
    return found


def _who(patients: np.ndarray) -> str:
    """The patient, or the first of several and how many more."""
    more = len(patients) - 1
    if not more:
        return str(patients[0])
    return f"{patients[0]} or {'one other' if more == 1 else f'any of {more} others'}"
