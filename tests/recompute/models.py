"""Regression and comparisons once more: Cox, strata, changes during follow-up, leaving one out."""

from __future__ import annotations

import re
from collections.abc import Callable

from scipy.stats import chi2

from tests.recompute.comparisons import Span, cox, log_rank
from tests.recompute.reading import WORDS
from tests.recompute.rows import Answer, Time, times
from tests.recompute.survival import curve, quantiles, tested

#: Where the study file of the primary study cuts a measurement into two levels.
_CUTS = {"AGE": 75, "ECOG": 2}


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text).strip("_")


def value(time: Time, variable: str) -> float | str | None:
    """A covariate: the level that a word means, or a number."""
    cell = time.row.cell(variable)
    if cell is None or cell["COL"] is None:
        return None
    words = cell["SRCCOL"] in WORDS
    return time.row.level(variable) if words else time.row.number(variable)


def design(found: list[Time], variables: list[str]) -> tuple[list[Time], list[tuple], list]:
    """Who has all variables, their columns, and each column's variable and level."""
    known = [t for t in found if all(value(t, v) is not None for v in variables)]
    columns: list[tuple[str, str | None]] = []
    for variable in variables:
        values = {value(t, variable) for t in known}
        if all(isinstance(v, str) for v in values):
            columns += [(variable, level) for level in sorted(values)]
        else:
            columns.append((variable, None))
    return known, [_line(t, columns) for t in known], columns


def _line(time: Time, columns: list[tuple[str, str | None]]) -> tuple[float, ...]:
    values = {v: value(time, v) for v, _ in columns}
    return tuple(
        float(values[v]) if level is None else float(values[v] == level) for v, level in columns
    )


def fitted(found: list[Time], variables: list[str], references: dict[str, str]):
    """Cox's model without the columns of the references, and its columns."""
    known, lines, columns = design(found, variables)
    kept = []
    for place, (variable, level) in enumerate(columns):
        first = next(lvl for v, lvl in columns if v == variable)
        if level is None or level != (references.get(variable) or first):
            kept.append(place)
    spans = [
        Span(-1, t.days, t.event, tuple(line[p] for p in kept))
        for t, line in zip(known, lines, strict=True)
    ]
    return cox(spans), [columns[p] for p in kept], known


def _reference(answer: Answer) -> str:
    found = re.search(r"reference (.+?)(;|$)", answer.number["method"])
    return found.group(1) if found else ""


def _ratio(answer: Answer, variables: list[str], found: list[Time]) -> float:
    variable, statistic = answer.rest[0], answer.number["statistic"]
    wanted = answer.rest[1] if len(answer.rest) > 2 else None
    model, columns, known = fitted(found, variables, {variable: _reference(answer)})
    if statistic in ("n", "events"):
        return len(known) if statistic == "n" else sum(t.event for t in known)
    names = [(v, None if level is None else slug(level)) for v, level in columns]
    return model.ratio(names.index((variable, wanted)))[statistic]


def cox_ratio(answer: Answer) -> float:
    return _ratio(answer, [answer.rest[0]], times(answer))


def cox_level(answer: Answer) -> float:
    """Patients of a level, or those of them with the event."""
    found = times(answer)
    return len(found) if answer.number["statistic"] == "n" else sum(t.event for t in found)


def several(answer: Answer) -> float:
    """The model of several variables: those that the rows show beside the times."""
    own = ("USUBJID", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC")
    own += ("ENTRYDY", "STARTDY", "ADY")
    shown = [c for c in answer.rows[0].row if c not in (*own, "cells") and c[:3] != "SRC"]
    if answer.rest[0] in ("n", "events"):
        _, _, known = fitted(times(answer), shown, {})
        return len(known) if answer.rest[0] == "n" else sum(t.event for t in known)
    return _ratio(answer, shown, times(answer))


def stratified(answer: Answer) -> float:
    """Log-rank within the levels of the variable that the rows show."""
    (variable,) = re.findall(r"stratified by (\w+)", answer.number["method"])
    known = [t for t in times(answer) if value(t, variable) is not None]
    if answer.number["statistic"] == "n":
        return len(known)
    spans = [Span(-1, t.days, t.event, (t.row.group(),), str(value(t, variable))) for t in known]
    return tested(log_rank(spans), answer.number["statistic"])


def _level(time: Time, variable: str) -> str | None:
    found = value(time, variable)
    if found is None or variable not in _CUTS:
        return found
    return "high" if found >= _CUTS[variable] else "low"


def subgroup(answer: Answer) -> float:
    """The likelihood-ratio test of group by level."""
    assert answer.rest[1:] == ["interaction", "p_value"]
    variable = answer.rest[0]
    known = [t for t in times(answer) if _level(t, variable) is not None]
    levels = sorted({_level(t, variable) for t in known})
    groups = sorted({t.row.group() for t in known})

    def likelihood(products: bool) -> float:
        spans = []
        for t in known:
            own = [float(_level(t, variable) == lvl) for lvl in levels[1:]]
            second = float(t.row.group() == groups[1])
            line = (second, *own, *([second * x for x in own] if products else []))
            spans.append(Span(-1, t.days, t.event, line))
        return cox(spans).likelihood

    statistic = 2 * (likelihood(True) - likelihood(False))
    pairs = {(t.row.group(), _level(t, variable)) for t in known}
    both = [lvl for lvl in levels if all((group, lvl) in pairs for group in groups)]
    return float(chi2.sf(statistic, len(both) - 1))


def influence(answer: Answer) -> float | None:
    """The least and the greatest that a number becomes when one patient is left out."""
    found, statistic = times(answer), answer.number["statistic"]
    estimate: Callable[[list[Time]], float | None]
    if "median" in answer.key:

        def estimate(kept: list[Time]) -> float | None:
            return quantiles(curve(kept), "median", answer.month)
    else:
        variable, level = answer.rest[0], answer.rest[1]
        reference = {variable: _first_level(found, variable, level)}

        def estimate(kept: list[Time]) -> float:
            model, columns, _ = fitted(kept, [variable], reference)
            names = [(v, None if lvl is None else slug(lvl)) for v, lvl in columns]
            at = (variable, level) if (variable, level) in names else (variable, None)
            return model.ratio(names.index(at))["hazard_ratio"]

    values = [estimate(found[:i] + found[i + 1 :]) for i in range(len(found))]
    known = [v for v in values if v is not None]
    if statistic == "max":
        return None if len(known) < len(values) else max(known)
    return min(known) if known else None


#: The first level of each group, which the others are held against.
_FIRST = {"ND", "A", "ALL"}


def _first_level(found: list[Time], variable: str, level: str) -> str:
    levels = {value(t, variable) for t in found}
    return next((lvl for lvl in levels if lvl in _FIRST), "")


def landmark(answer: Answer) -> float | None:
    """Survival from a landmark by whether remission had come by then."""
    day, found = answer.number["time"], times(answer)
    kept = [t for t in found if t.days > day]
    if "excluded" in answer.key:
        return len(found) - len(kept)
    later = [t._replace(days=t.days - day) for t in kept]
    if answer.number["statistic"] in ("chi_square", "df", "p_value"):
        spans = [Span(-1, t.days, t.event, (_reached(t, day),), t.row.group()) for t in later]
        return tested(log_rank(spans), answer.number["statistic"])
    wanted = answer.number["term"] == "remission"
    members = [t for t in later if _reached(t, day) == wanted]
    return quantiles(curve(members), answer.number["statistic"], answer.month)


def _reached(time: Time, day: float) -> bool:
    change = _change(time)
    return change is not None and change <= day


def _change(time: Time) -> float | None:
    """Days from time zero to the change; None where there is none."""
    return time.row.days("STARTDT", "CHANGEDY")


def _spans(answer: Answer) -> list[Span]:
    """Who is at risk without and with the change, in (start, stop]; strata are the groups.

    A change on the last day counts half a day earlier, and a time of 0 days lasts half a day.
    """
    spans = []
    for time in times(answer):
        end, change, group = time.days or 0.5, _change(time), time.row.group()
        if change is not None and change == time.days:
            change = end - 0.5
        if change is None or change >= end:
            spans.append(Span(0, end, time.event, (0.0,), group))
            continue
        if change > 0:
            spans.append(Span(0, change, False, (0.0,), group))
        spans.append(Span(max(change, 0), end, time.event, (1.0,), group))
    return spans


def mantel_byar(answer: Answer) -> float:
    return tested(log_rank(_spans(answer)), answer.number["statistic"])


def time_dependent(answer: Answer) -> float:
    spans, statistic = _spans(answer), answer.number["statistic"]
    if statistic in ("n", "events", "exposed"):
        sizes = {"n": len(answer.rows), "events": sum(s.event for s in spans)}
        return {**sizes, "exposed": sum(s.x[0] == 1 for s in spans)}[statistic]
    return cox(spans).ratio(0)[statistic]
