"""What the columns hold: a card for each, with its range, its shape or its categories."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from venaza.audit.markup import Markup, safe, shown
from venaza.contracts.columns import Column
from venaza.quality.drawing import bar, counted, histogram, nice_edges, percent, short
from venaza.quality.groups import Group

#: A column with more categories than this shows the most frequent ones.
_CATEGORIES = 10
#: A histogram of dates has no more bins than this: months, else quarters, else years.
_PERIODS = 40


def cards(
    frame: pd.DataFrame, columns: list[Column], groups: list[Group], *, rows: str = "values"
) -> str:
    """One card for each column that has a value, in the order given."""
    found = [card(frame, column, groups, column.label, rows) for column in columns]
    return Markup(f'<div class="cards">{"".join(filter(None, found))}</div>')


def card(
    frame: pd.DataFrame, column: Column, groups: list[Group], title: str, rows: str = "values"
) -> str:
    """The card of a column; empty where it has no value at all."""
    known = frame[frame[column.name].notna()]
    if known.empty:
        return ""
    draw = {"string": _words, "date": _dates}.get(column.dtype, _numbers)
    unit = f" <small>{safe(column.unit)}</small>" if column.unit else ""
    count = f"{len(known):,} of {len(frame):,} {safe(rows)}"
    return Markup(
        f'<article class="card"><h4>{safe(title)}{unit}</h4>'
        f'<p class="under"><code>{safe(column.name)}</code> {count}</p>'
        f"{draw(known, column, groups)}</article>"
    )


def _numbers(known: pd.DataFrame, column: Column, groups: list[Group]) -> str:
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
    drawn = histogram(stacks, f"Distribution of {column.label}", tuple(ends))
    quarters = [float(values.quantile(q)) for q in (0.25, 0.5, 0.75)]
    middle = f"{_number(quarters[1])} ({_number(quarters[0])} to {_number(quarters[2])})"
    return drawn + _said([("median", middle), *_extremes(known, column)])


def _number(value: float) -> str:
    return f"{value:.6g}"


def _dates(known: pd.DataFrame, column: Column, groups: list[Group]) -> str:
    days = known[column.name].dt.date
    edges = _periods(min(days), max(days))
    ordinals = [edge.toordinal() for edge in edges]
    stacks = [
        (
            g.colour,
            counted([d.toordinal() for d in g.of(known)[column.name].dt.date], ordinals),
        )
        for g in groups
    ]
    ends = (edges[0].isoformat(), (edges[-1] - dt.timedelta(days=1)).isoformat())
    drawn = histogram(stacks, f"Distribution of {column.label}", ends)
    flag = f"{column.name}F"
    partial = int(known[flag].notna().sum()) if flag in known else 0
    facts = [*_extremes(known, column)]
    if partial:
        facts.append(("imputed", f"{partial:,} in part"))
    return drawn + _said(facts)


def _periods(first: dt.date, last: dt.date) -> list[dt.date]:
    """The starts of the months, quarters or years from ``first`` to ``last``, and the next one."""
    for months in (1, 3, 12):
        start = first.year * 12 + (first.month - 1) // months * months
        end = last.year * 12 + (last.month - 1) // months * months + months
        if (end - start) // months <= _PERIODS or months == 12:
            return [dt.date(n // 12, n % 12 + 1, 1) for n in range(start, end + 1, months)]
    raise AssertionError("a year is the longest period")


def _extremes(known: pd.DataFrame, column: Column) -> list[tuple[str, object]]:
    """The lowest and the highest value, each with the patient and the raw row."""
    ordered = known.sort_values([column.name, "USUBJID", "SRCROW"], kind="stable")
    one = len(known[["SRCFILE", "SRCSHEET"]].drop_duplicates()) == 1
    names = ("first", "last") if column.dtype == "date" else ("lowest", "highest")
    return [
        (name, Markup(f"<b>{safe(row[column.name])}</b> {_address(row, one)}"))
        for name, (_, row) in zip(names, ordered.iloc[[0, -1]].iterrows(), strict=True)
    ]


def _address(row: pd.Series, one: bool) -> Markup:
    """Patient and raw row in small print; the sheet too where the table has more than one."""
    where = () if one else ("SRCFILE", "SRCSHEET")
    known = [shown(row[name]) for name in ("USUBJID", *where) if shown(row[name])]
    return Markup(f"<small>{safe(' · '.join([*known, f'row {shown(row.SRCROW)}']))}</small>")


def _said(facts: list[tuple[str, object]]) -> str:
    lines = "".join(f"<dt>{safe(name)}</dt><dd>{safe(value)}</dd>" for name, value in facts)
    return f"<dl>{lines}</dl>"


def _words(known: pd.DataFrame, column: Column, groups: list[Group]) -> str:
    counts = known[column.name].value_counts()
    order = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    by_group = [(g, g.of(known)[column.name].value_counts()) for g in groups]
    highest = max(n for _, n in order)
    lines = []
    for word, n in order[:_CATEGORIES]:
        widths = [(g.colour, 100 * int(own.get(word, 0)) / highest) for g, own in by_group]
        parts = "".join(f'<i class="c{c}" style="width:{w:.1f}%"></i>' for c, w in widths)
        lines.append(
            f'<tr><th scope="row" title="{safe(short(word, 300))}">{safe(short(word))}</th>'
            f'<td><span class="bar">{parts}</span></td><td class="number">{n:,}</td></tr>'
        )
    rest = len(order) - _CATEGORIES
    more = f'<p class="under">and {rest:,} more</p>' if rest > 0 else ""
    return f'<table class="words"><tbody>{"".join(lines)}</tbody></table>{more}'


def missing_table(frame: pd.DataFrame, columns: list[Column], groups: list[Group]) -> str:
    """For each column and group, how many of the table's rows are empty."""
    parts = [(group, group.of(frame)) for group in groups]
    head = "".join(
        f'<th scope="col">{safe(group.label)} <small>{len(own):,}</small></th>'
        for group, own in parts
    )
    lines = []
    for column in columns:
        cells = []
        for group, own in parts:
            empty = int(own[column.name].isna().sum())
            text = f"{empty:,} ({percent(empty, len(own))})" if empty else "–"
            cells.append(f"<td>{bar(empty, len(own), group.colour, text)}</td>")
        lines.append(
            f'<tr><th scope="row">{safe(column.label)} <code>{safe(column.name)}</code></th>'
            f"{''.join(cells)}</tr>"
        )
    return Markup(
        f'<div class="wide"><table class="bars"><thead><tr><th scope="col">Empty</th>{head}</tr>'
        f"</thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
