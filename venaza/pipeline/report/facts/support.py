"""Facts on what the definitions rest on: what stays a choice, what the data cannot support."""

from __future__ import annotations

from venaza.markup.printed import Row, Section, fact_cell, words
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import float_table, prose_table
from venaza.pipeline.report.facts import both, uses
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.endpoints import definitions_of
from venaza.study.support import called, reasons_said, unsupported

#: Checks on courses that leave room for another reading.
CHOICES = (
    "changed_without_failure",
    "partial_without_remission",
    "partial_response_lost",
    "stopped_refractory_without_failure",
    "stopped_refractory_in_remission",
    "leukaemia_death_in_remission",
    "both_counts_low",
)


def _asked(context: Context, rule: str) -> int:
    """The patients whom a check asks about."""
    queries = context.queries
    if queries is None or "USUBJID" not in queries:
        return 0
    return int(queries.loc[queries["RULE"] == rule, "USUBJID"].nunique())


@in_text
def open_courses(context: Context) -> dict[str, int]:
    """The patients whose course leaves room for another reading, by check, where there are any."""
    return {rule: n for rule in CHOICES if (n := _asked(context, rule))}


@in_text
def without_cycle(context: Context) -> int:
    """The assessments of no response that belong to no cycle."""
    queries = context.queries
    return 0 if queries is None else int((queries["RULE"] == "no_response_without_cycle").sum())


@in_text
def unrecorded_ends(context: Context) -> list[str]:
    """What would end the time of a response and has no table."""
    study = context.study
    named = [study["milestones"][name] for name in study["response"]["until"]]
    mapped = {"assessments", *study["tables"]}
    return [spec["description"] for spec in named if spec["table"] not in mapped]


@in_text
def unfounded(context: Context) -> dict[str, tuple[str, str, list[str]]]:
    """The definitions that the data cannot support: label, short name and reasons, by code."""
    study, why = context.study, unsupported(context.support)
    known = definitions_of(study)
    return {
        c: (known[c]["label"], called(c, study), reasons_said(why[c], study))
        for c in why
        if c in known
    }


@in_text
def is_known(context: Context) -> bool:
    """Whether it is known what the endpoints rest on."""
    return context.support is not None and not context.support.empty


@in_text
def sources(context: Context, head: list[str], caption: str) -> str:
    """The table of what the endpoints are made of, against the data."""
    rows = context.support[context.support["ROLE"] != "censor"].drop_duplicates("MILESTONE")
    counts = ("NROWS", "NFIT", "NCOUNT", "NPATIENT")
    lines = []
    for row in rows.to_dict("records"):
        where = f"{row['SRCDOM']}: {row['COLUMNS']}"
        passed = row["PASSED"] if isinstance(row["PASSED"], str) else "–"
        name = f"endpoints/support: {row['MILESTONE']}"
        numbers = (fact_cell(row[count], name) for count in counts)
        lines.append(Row(row["DESCRIPTION"], (words(where), *numbers, words(passed))))
    html = prose_table(head, [Section("", lines)], [0.2, 0.22, 0.08, 0.08, 0.1, 0.1, 0.22])
    return float_table("support", html, caption)


bind(
    {
        "limits.without_cycle": lambda c: _asked(c, "no_response_without_cycle"),
        "limits.unsupported": unfounded,
        "limits.open_window": both(uses("rate.ORR."), unrecorded_ends),
        "methods.choices": open_courses,
        "methods.without_cycle": without_cycle,
        "methods.unsupported": lambda c, code: code in unfounded(c),
        "supplement.support": is_known,
    }
)
