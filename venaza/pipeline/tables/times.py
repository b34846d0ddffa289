"""Rows on one time-to-event endpoint: events by kind, median, landmarks, log-rank test."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.markup.printed import Cell, Row
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group
from venaza.study.labels import interval_name
from venaza.study.words import say


def event_rows(
    code: str,
    shown: list[Group],
    numbers: Numbers,
    study: dict,
    renamed: dict[str, str] | None = None,
) -> list[Row]:
    """Events of patients, and under it what the events were where there are several kinds.

    ``renamed`` are events that this endpoint calls by another name.
    """
    rows = []
    stems = [f"km.{code}.{g.slug}" for g in shown]
    estimated = any(f"{stem}.n" in numbers for stem in stems)
    if estimated:
        cells = tuple(numbers.cell("{}/{}", f"{s}.events", f"{s}.n") for s in stems)
        rows.append(Row(say(study, "Events/patients"), cells, 1))
    kinds: dict[str, str] = {}
    for match, ard_id in numbers.matching(rf"event\.{code}\.([^.]+)\.([^.]+)\.n"):
        if match[1] in {g.slug for g in shown}:
            kinds.setdefault(match[2], numbers.field(ard_id, "term") or match[2])
    if len(kinds) > 1 or not rows:
        for key, text in kinds.items():
            ids = [f"event.{code}.{g.slug}.{key}.n" for g in shown]
            text = say(study, text)
            text = (renamed or {}).get(text, text)
            rows.append(Row(text, tuple(numbers.cell("{}", i) for i in ids), 1 + estimated))
    return rows


def median_rows(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """The median with its interval."""
    stems = [f"km.{code}.{g.slug}" for g in shown]
    if not any(f"{stem}.median" in numbers for stem in stems):
        return []
    medians = [numbers.estimate(s, "median", "median_lower", "median_upper") for s in stems]
    label = say(study, "Median, months ({ci})", ci=interval_name(study))
    return [Row(label, tuple(medians), 1)]


def range_rows(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """The shortest and the longest time observed."""
    stems = [f"km.{code}.{g.slug}" for g in shown]
    if not any(f"{stem}.min" in numbers for stem in stems):
        return []
    cells = tuple(numbers.cell("{} to {}", f"{s}.min", f"{s}.max") for s in stems)
    return [Row(say(study, "Range of observed times, months"), cells, 1)]


def landmark_rows(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """The estimate at each landmark that any group's follow-up reaches, with those at risk."""
    rows = []
    for months in study["analysis"]["landmarks_months"]:
        stems = [f"km.{code}.{g.slug}.m{slug(f'{months:g}')}" for g in shown]
        if any(numbers.value(f"{stem}.estimate") is not None for stem in stems):
            cells = tuple(_at(stem, numbers) for stem in stems)
            label = "At {months:g} months, % ({ci}) [at risk]"
            label = say(study, label, months=months, ci=interval_name(study))
            rows.append(Row(label, cells, 1))
    return rows


def _at(stem: str, numbers: Numbers) -> Cell:
    cell = numbers.estimate(stem, "estimate")
    if numbers.value(f"{stem}.estimate") is None or f"{stem}.n_risk" not in numbers:
        return cell
    risk = numbers.cell(" [{}]", f"{stem}.n_risk")
    return cell + risk


def log_rank_rows(code: str, width: int, numbers: Numbers, study: dict) -> list[Row]:
    """The log-rank test between the groups, over all ``width`` columns."""
    stem = f"logrank.{code}"
    if f"{stem}.p_value" not in numbers:
        return []
    return [Row(say(study, "Log-rank test"), (numbers.chi_square(stem).spanning(width),), 1)]
