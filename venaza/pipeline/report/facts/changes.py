"""Facts on what has changed since the results that these are compared with; names no patient."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from venaza.markup import render
from venaza.markup.printed import BLANK, Cell, fact_cell, words
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import float_table
from venaza.pipeline.report.facts import both, no
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.words import retold, say

#: Headline numbers that the table shows; ``audit/changes.html`` has all.
_MOST = 16
#: How a headline number is said of the data (``compare/headlines.py``).
_NUMBERS = (
    *("{what}: at {n} months", "{what}: hazard ratio of {variable}", "{what}: {statistic}"),
    "{name}, {more}",
)


@in_text
def compared(context: Context) -> dict:
    """What the results are compared with: ``wish``, ``export``, ``base``; empty without it."""
    told = context.made_from.get("comparison") or {}
    return told if context.changes is not None and told.get("states") else {}


def _found(context: Context, kind: str) -> pd.DataFrame:
    changes = context.changes
    return changes[changes["KIND"] == kind] if compared(context) else pd.DataFrame()


@in_text
def count(context: Context, kind: str, status: str | None = None) -> int:
    """The changes of a kind (``patient``, ``cell``, ``number``, ...), of a status."""
    own = _found(context, kind)
    return len(own) if status is None or own.empty else int((own["STATUS"] == status).sum())


@in_text
def causes(context: Context) -> dict[str, int]:
    """The numbers that moved, by what moved them."""
    own = _found(context, "number")
    return {} if own.empty else own["CAUSE"].value_counts().to_dict()


@in_text
def cause(context: Context, name: str) -> str:
    """What a cause is called: ``data``, ``data or code``."""
    return retold(context.study, name, "{one} or {other}")


@in_text
def alarms(context: Context) -> dict[str, int]:
    """What a record should not undergo, by its kind."""
    own = _found(context, "alarm")
    counts = {} if own.empty else own["STATUS"].value_counts(sort=False).to_dict()
    return {retold(context.study, kind, "changed {what}"): n for kind, n in counts.items()}


@in_text
def headline(context: Context) -> pd.DataFrame:
    """The headline numbers that moved."""
    own = _found(context, "number")
    return own if own.empty else own[own["STATUS"].str.endswith(", headline")]


@in_text
def shown(context: Context) -> int:
    """How many of them the table has."""
    return min(_MOST, len(headline(context)))


@in_text
def table(context: Context, head: list[str], listed: Callable, caption: str) -> str:
    """The headline numbers before and now; ``listed`` joins the causes."""
    if headline(context).empty:
        return ""
    lines = []
    for r in headline(context).head(_MOST).to_dict("records"):
        name = r["ITEM"] if pd.isna(r["WORDS"]) else retold(context.study, r["WORDS"], *_NUMBERS)
        name = fact_cell(name, r["ITEM"])
        before, now = (
            _cell(r[key], f"{r['ITEM']} {key.lower()}", context.study)
            for key in ("BEFORE", "AFTER")
        )
        causes = [cause(context, one) for one in r["CAUSE"].split("; ")]
        lines.append((name, before, now, words(listed(causes))))
    html = render("pipeline/report/templates/changes.html.j2", head=head, lines=lines)
    return float_table("changes", html, caption)


def _cell(value: object, name: str, study: dict) -> Cell:
    if pd.isna(value):
        return words(BLANK)
    return fact_cell(say(study, str(value)), f"changes: {name}")


def _in_detail(context: Context) -> bool:
    """Whether the cells of the export before are at hand."""
    return bool(compared(context)) and compared(context)["base"] is not None


bind(
    {
        "changes.counts": _in_detail,
        "changes.none_moved": both(compared, no(causes)),
        "changes.moved": causes,
        "changes.no_headline": both(causes, no(shown)),
        "changes.headline": shown,
        "changes.alarms": both(_in_detail, alarms),
        "changes.no_alarm": both(_in_detail, no(alarms)),
    }
)
