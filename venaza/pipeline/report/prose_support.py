"""What the definitions rest on: courses that stay a choice, what could not count, and the table."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.markup.printed import Row, Section, fact_cell, words
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import float_table, prose_table
from venaza.pipeline.report.facts import both, uses
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import fact
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence
from venaza.study.endpoints import definitions_of
from venaza.study.support import called, unsupported

#: Checks on courses that leave room for another reading, and how the text counts each.
CHOICES = {
    "changed_without_failure": "the next therapy or transplant came out of remission, before any "
    "failure was on record, in {}",
    "partial_without_remission": "a partial remission neither became complete nor was followed by "
    "a failure in {}",
    "partial_response_lost": "no response followed a partial remission, without progression, in {}",
    "stopped_refractory_without_failure": "the regimen was stopped for refractory or progressive "
    "disease, without an assessment that shows it, in {}",
    "stopped_refractory_in_remission": "the regimen was stopped as refractory after a remission, "
    "without a relapse on record, in {}",
    "leukaemia_death_in_remission": "death of the leukaemia followed a remission, without a "
    "relapse on record, in {}",
    "both_counts_low": "a cleared marrow with both counts low, and no word recorded, was no "
    "remission in {}",
}


def methods(context: Context) -> str:
    """What the definitions left open in these data; empty where they left nothing open."""
    unsure = paragraph(*(_unsupported(context, code) for code in _codes(context)))
    return paragraphs(_choices(context), _without_cycle(context), unsure)


def limitations(context: Context) -> str:
    """What of this limits the results; empty where nothing does."""
    return paragraph(_open_window(context), _failures_missing(context), _not_to_compare(context))


@sentence("limits.without_cycle", when=lambda c: _asked(_WITHOUT_CYCLE, c))
def _failures_missing(context: Context) -> str:
    return (
        "Failures are missing wherever no response was recorded without a cycle, so that the "
        "regimen looks better than it was."
    )


@sentence("limits.unsupported", when=lambda c: _codes(c))
def _not_to_compare(context: Context) -> str:
    return (
        "Where the data cannot support a definition, what never happened cannot be told from "
        "what was never recorded; its estimates are marked and should not be compared."
    )


def _unrecorded_ends(context: Context) -> list[str]:
    """What would end the time of a response and has no table."""
    study = context.study
    named = [study["milestones"][name] for name in study["response"]["until"]]
    mapped = {"assessments", *study["tables"]}
    return [small(spec["description"]) for spec in named if spec["table"] not in mapped]


@sentence("limits.open_window", when=both(uses("rate.ORR."), _unrecorded_ends))
def _open_window(context: Context) -> str:
    return (
        f"The data do not record {listed(_unrecorded_ends(context), 'or')}, so that a response "
        "reached after it would count as one to the regimen."
    )


def _open_courses(context: Context) -> list[str]:
    """What each check on courses found, as a clause."""
    found = []
    for rule, clause in CHOICES.items():
        if n := _asked(rule, context):
            patients = f"{fact(n, f'queries: {rule}')} {'patient' if n == 1 else 'patients'}"
            found.append(clause.format(patients))
    return found


@sentence("methods.choices", when=_open_courses)
def _choices(context: Context) -> str:
    return (
        "Courses that leave room for another reading were queried, and counted as the definitions "
        f"say: {'; '.join(_open_courses(context))}."
    )


def _asked(rule: str, context: Context) -> int:
    """The patients whom a check asks about."""
    queries = context.queries
    if queries is None or "USUBJID" not in queries:
        return 0
    return int(queries.loc[queries["RULE"] == rule, "USUBJID"].nunique())


_WITHOUT_CYCLE = "no_response_without_cycle"


def _assessments_without_cycle(context: Context) -> int:
    queries = context.queries
    return 0 if queries is None else int((queries["RULE"] == _WITHOUT_CYCLE).sum())


@sentence("methods.without_cycle", when=_assessments_without_cycle)
def _without_cycle(context: Context) -> str:
    n = _assessments_without_cycle(context)
    what = "assessment" if n == 1 else "assessments"
    return (
        f"{fact(n, f'queries: {_WITHOUT_CYCLE}')} {what} of no response could not count as "
        "refractory disease: no cycle is known."
    )


def _codes(context: Context) -> list[str]:
    return [code for code in unsupported(context.support) if code in definitions_of(context.study)]


@sentence("methods.unsupported", when=lambda c, code: code in _codes(c))
def _unsupported(context: Context, code: str) -> str:
    name = f"{small(definitions_of(context.study)[code]['label'])} ({called(code, context.study)})"
    reasons = "; ".join(unsupported(context.support)[code])
    why = fact(reasons, f"endpoints/support: {code}")
    return f"These data cannot support {fact(name, f'endpoints: {code}')}: {why}."


def _supports(context: Context) -> bool:
    return context.support is not None and not context.support.empty


@sentence("supplement.support", when=_supports)
def _what_it_holds(context: Context) -> str:
    return (
        "@tbl-support holds what the endpoints are made of against the data: the dated rows of "
        "the table, those that say what is asked for, those that count, and why the rest do not."
    )


def table(context: Context) -> str:
    """The table of what the definitions rest on, with its heading; empty without the data."""
    if not _supports(context):
        return ""
    rows = context.support[context.support["ROLE"] != "censor"].drop_duplicates("MILESTONE")
    counts = ("NROWS", "NFIT", "NCOUNT", "NPATIENT")
    lines = []
    for row in rows.to_dict("records"):
        where = f"{row['SRCDOM']}: {row['COLUMNS']}"
        passed = row["PASSED"] if isinstance(row["PASSED"], str) else "–"
        name = f"endpoints/support: {row['MILESTONE']}"
        numbers = (fact_cell(row[count], name) for count in counts)
        lines.append(Row(row["DESCRIPTION"], (words(where), *numbers, words(passed))))
    head = ["Source", "Looked up in", "Rows", "Could count", "Counted", "Patients", "Not counted"]
    html = prose_table(head, [Section("", lines)], [0.2, 0.22, 0.08, 0.08, 0.1, 0.1, 0.22])
    caption = "**What the endpoints rest on.**"
    text = _what_it_holds(context)
    return f"## What the endpoints rest on\n\n{text}\n\n{float_table('support', html, caption)}"
