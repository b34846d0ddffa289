"""What has changed since the export before: counts, alarms, the headline numbers before and now."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.wording import capital, listed
from venaza.markup import render
from venaza.markup.printed import BLANK, Cell, fact_cell, words
from venaza.pipeline.report.exhibits import float_table
from venaza.pipeline.report.numbers import fact

#: Headline numbers that the table shows; ``audit/changes.html`` has all.
_MOST = 16


def changes(found: pd.DataFrame | None, comparison: dict | None) -> str:
    """The section of the supplement; empty where the results are compared with nothing.

    ``found`` is ``audit/changes``, ``comparison`` what it compared: ``wish``, ``export``,
    ``base``, ``record``. No patient is named.
    """
    if found is None or not comparison or not comparison["states"]:
        return ""
    date = comparison["export"]
    kept = comparison["wish"] == "kept"
    title = f"since the record of {date} was kept" if kept else f"since the export of {date}"
    head = f"## Changes since the {'record' if kept else 'export'} of {fact(date, 'comparison')}"
    parts = [head]
    if comparison["base"] is not None:
        parts.append(_counts(found, title, date))
    parts.append(_moved(found))
    if comparison["base"] is not None:
        parts.append(_alarms(found))
    return "\n\n".join(filter(None, parts))


def _n(number: int, name: str) -> str:
    return fact(f"{number:,}", f"changes: {name}")


def _of(found: pd.DataFrame, kind: str, status: str | None = None) -> int:
    own = found[found["KIND"] == kind]
    return len(own) if status is None else int((own["STATUS"] == status).sum())


def _counts(found: pd.DataFrame, title: str, date: str) -> str:
    added, gone, changed = (
        _n(_of(found, "patient", status), f"patients {status}")
        for status in ("added", "gone", "changed")
    )
    closed, opened = (
        _n(_of(found, "query", status), f"queries {status}") for status in ("closed", "opened")
    )
    since = title.replace(date, fact(date, "comparison"))
    return (
        f"{capital(since)}, {added} patients were added, {gone} removed and "
        f"{changed} changed in {_n(_of(found, 'cell'), 'cells')} cells or rows; "
        f"{_n(_of(found, 'endpoint'), 'endpoints')} endpoints and responses of these patients "
        f"moved; {closed} queries were closed and {opened} opened."
    )


def _moved(found: pd.DataFrame) -> str:
    numbers = found[found["KIND"] == "number"]
    if numbers.empty:
        return "No number of the results moved."
    causes = numbers["CAUSE"].value_counts()
    by = listed([f"{_n(int(n), f'by {cause}')} by {_said(cause)}" for cause, n in causes.items()])
    text = f"{_n(len(numbers), 'numbers')} numbers of the results moved: {by}."
    if len(causes) == 1:
        text = f"{_n(len(numbers), 'numbers')} numbers of the results moved, all by "
        text += f"{_said(causes.index[0])}."
    headline = numbers[numbers["STATUS"].str.endswith(", headline")]
    if headline.empty:
        return f"{text} None of them is a headline number."
    shown = headline.head(_MOST)
    text += f" @tbl-changes has {_n(len(shown), 'shown')} of the "
    text += f"{_n(len(headline), 'headline')} headline numbers among them, before and now; "
    text += "`audit/changes.html` has all of them with the cells that moved them."
    if len(shown) == len(headline):
        text = text.replace(f"{_n(len(shown), 'shown')} of the ", "the ")
    return f"{text}\n\n{float_table('changes', _table(shown), '**Headline numbers that moved.**')}"


def _said(cause: str) -> str:
    return " and ".join(part.strip() for part in cause.split(";"))


def _table(shown: pd.DataFrame) -> str:
    lines = []
    for r in shown.to_dict("records"):
        name = fact_cell(r["ITEM"] if pd.isna(r["WORDS"]) else r["WORDS"], r["ITEM"])
        before, now = (_cell(r[key], f"{r['ITEM']} {key.lower()}") for key in ("BEFORE", "AFTER"))
        lines.append((name, before, now, words(_said(r["CAUSE"]))))
    return render("pipeline/report/templates/changes.html.j2", lines=lines)


def _cell(value: object, name: str) -> Cell:
    return words(BLANK) if pd.isna(value) else fact_cell(value, f"changes: {name}")


def _alarms(found: pd.DataFrame) -> str:
    alarms = found[found["KIND"] == "alarm"]
    if alarms.empty:
        return "Nothing changed that should not."
    kinds = alarms["STATUS"].value_counts(sort=False)
    named = listed([f"{kind} ({_n(int(n), kind)})" for kind, n in kinds.items()])
    return (
        f"Changes that a record should not undergo, to be checked with the clinic: {named}. "
        "`audit/changes.html` says where, and what to do."
    )
