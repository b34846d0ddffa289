"""What the columns hold: a card for each, with its range, its shape or its categories."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from venaza.commands.quality.drawing import bar, counted, histogram, nice_edges, percent, short
from venaza.commands.quality.groups import Group
from venaza.contracts.columns import Column
from venaza.contracts.wording import shown
from venaza.study.words import say

#: A column with more categories than this shows the most frequent ones.
_CATEGORIES = 10
#: A histogram of dates has no more bins than this: months, else quarters, else years.
_PERIODS = 40


def card(
    frame: pd.DataFrame, column: Column, groups: list[Group], study: dict, rows: str
) -> dict | None:
    """The card of a column; None where it has no value at all. ``rows`` says how many it has."""
    known = frame[frame[column.name].notna()]
    if known.empty:
        return None
    draw = {"string": _words, "date": _dates}.get(column.dtype, _numbers)
    count = say(study, rows, n=f"{len(known):,}", all=f"{len(frame):,}")
    about = {"title": column.label, "unit": column.unit, "name": column.name, "count": count}
    return about | draw(known, column, groups, study)


def _numbers(known: pd.DataFrame, column: Column, groups: list[Group], study: dict) -> dict:
    values = known[column.name].astype(float)
    low, high = float(values.min()), float(values.max())
    whole = column.dtype == "integer" or bool((values % 1 == 0).all())
    edges = nice_edges(low, high, whole)
    stacks = [
        (g.colour, counted(g.of(known)[column.name].astype(float).tolist(), edges)) for g in groups
    ]
    ends = [_number(edges[0]), _number(edges[-1])]
    if whole and edges[0] % 1:
        ends = [_number(low), _number(high)]
    quarters = [float(values.quantile(q)) for q in (0.25, 0.5, 0.75)]
    low, middle, high = map(_number, quarters)
    middle = say(study, "{median} ({low} to {high})", median=middle, low=low, high=high)
    facts = [(say(study, "median"), "", middle), *_extremes(known, column, study)]
    return {"label": column.label, "drawn": histogram(stacks, tuple(ends)), "facts": facts}


def _number(value: float) -> str:
    return f"{value:.6g}"


def _dates(known: pd.DataFrame, column: Column, groups: list[Group], study: dict) -> dict:
    days = known[column.name].dt.date
    edges = _periods(min(days), max(days))
    ordinals = [edge.toordinal() for edge in edges]
    stacks = [
        (g.colour, counted([d.toordinal() for d in g.of(known)[column.name].dt.date], ordinals))
        for g in groups
    ]
    ends = (edges[0].isoformat(), (edges[-1] - dt.timedelta(days=1)).isoformat())
    flag = f"{column.name}F"
    partial = int(known[flag].notna().sum()) if flag in known else 0
    facts = _extremes(known, column, study)
    if partial:
        facts.append((say(study, "imputed"), "", say(study, "{n} in part", n=f"{partial:,}")))
    return {"label": column.label, "drawn": histogram(stacks, ends), "facts": facts}


def _periods(first: dt.date, last: dt.date) -> list[dt.date]:
    """The starts of the months, quarters or years from ``first`` to ``last``, and the next one."""
    for months in (1, 3, 12):
        start = first.year * 12 + (first.month - 1) // months * months
        end = last.year * 12 + (last.month - 1) // months * months + months
        if (end - start) // months <= _PERIODS or months == 12:
            return [dt.date(n // 12, n % 12 + 1, 1) for n in range(start, end + 1, months)]
    raise AssertionError("a year is the longest period")


def _extremes(known: pd.DataFrame, column: Column, study: dict) -> list[tuple[str, str, str]]:
    """The lowest and the highest value, each with the patient and the raw row."""
    ordered = known.sort_values([column.name, "USUBJID", "SRCROW"], kind="stable")
    one = len(known[["SRCFILE", "SRCSHEET"]].drop_duplicates()) == 1
    names = ("first", "last") if column.dtype == "date" else ("lowest", "highest")
    return [
        (say(study, name), shown(row[column.name]), _address(row, one, study))
        for name, (_, row) in zip(names, ordered.iloc[[0, -1]].iterrows(), strict=True)
    ]


def _address(row: pd.Series, one: bool, study: dict) -> str:
    """Patient and raw row; the sheet too where the table has more than one."""
    where = () if one else ("SRCFILE", "SRCSHEET")
    known = [shown(row[name]) for name in ("USUBJID", *where) if shown(row[name])]
    return " · ".join([*known, say(study, "row {n}", n=shown(row.SRCROW))])


def _words(known: pd.DataFrame, column: Column, groups: list[Group], study: dict) -> dict:
    counts = known[column.name].value_counts()
    order = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    by_group = [(g, g.of(known)[column.name].value_counts()) for g in groups]
    highest = max(n for _, n in order)
    words = []
    for word, n in order[:_CATEGORIES]:
        widths = [(g.colour, f"{100 * int(own.get(word, 0)) / highest:.1f}") for g, own in by_group]
        said = say(study, str(word))
        words.append({"whole": short(said, 300), "word": short(said), "widths": widths, "count": n})
    return {"words": words, "rest": max(0, len(order) - _CATEGORIES)}


def missing(
    frame: pd.DataFrame, columns: list[Column], groups: list[Group], study: dict
) -> list[tuple[Column, list]]:
    """For each column and group, how many of the table's rows are empty."""
    parts = [(group, group.of(frame)) for group in groups]
    lines = []
    for column in columns:
        bars = []
        for group, own in parts:
            empty = int(own[column.name].isna().sum())
            text = f"{empty:,} ({percent(empty, len(own))})" if empty else "–"
            bars.append(bar(empty, len(own), group.colour, text))
        lines.append((replace(column, label=say(study, column.label)), bars))
    return lines
