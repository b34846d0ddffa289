"""What the definitions rest on: courses that stay a choice, what could not count, and the table."""

from __future__ import annotations

from html import escape

from venaza.contracts.support import called, unsupported
from venaza.report.context import Context
from venaza.report.exhibits import float_table, prose_table
from venaza.report.numbers import fact
from venaza.report.words import listed, small

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
    parts = [_choices(context), _without_cycle(context), _unsupported(context)]
    return "\n\n".join(filter(None, parts))


def limitations(context: Context) -> str:
    """What of this limits the results; empty where nothing does."""
    text = [_open_window(context)]
    if _asked("no_response_without_cycle", context):
        text.append(
            "Failures are missing wherever no response was recorded without a cycle, so that the "
            "regimen looks better than it was."
        )
    if _codes(context):
        text.append(
            "Where the data cannot support a definition, what never happened cannot be told from "
            "what was never recorded; its estimates are marked and should not be compared."
        )
    return " ".join(filter(None, text))


def _open_window(context: Context) -> str:
    """What would end the time of a response and has no table; empty where nothing is missing."""
    study = context.study
    named = [study["milestones"][name] for name in study["response"]["until"]]
    mapped = {"assessments", *study["tables"]}
    missing = [small(spec["description"]) for spec in named if spec["table"] not in mapped]
    if not missing or not context.numbers.used("rate.ORR."):
        return ""
    return (
        f"The data do not record {listed(missing, 'or')}, so that a response reached after it "
        "would count as one to the regimen."
    )


def _choices(context: Context) -> str:
    found = []
    for rule, words in CHOICES.items():
        n = _asked(rule, context)
        if n:
            patients = f"{fact(n, f'queries: {rule}')} {'patient' if n == 1 else 'patients'}"
            found.append(words.format(patients))
    if not found:
        return ""
    return (
        "Courses that leave room for another reading were queried, and counted as the definitions "
        f"say: {'; '.join(found)}."
    )


def _asked(rule: str, context: Context) -> int:
    """The patients whom a check asks about."""
    queries = context.queries
    if queries is None or "USUBJID" not in queries:
        return 0
    return int(queries.loc[queries["RULE"] == rule, "USUBJID"].nunique())


def _without_cycle(context: Context) -> str:
    queries = context.queries
    rule = "no_response_without_cycle"
    n = 0 if queries is None else int((queries["RULE"] == rule).sum())
    if not n:
        return ""
    what = "assessment" if n == 1 else "assessments"
    return (
        f"{fact(n, f'queries: {rule}')} {what} of no response could not count as refractory "
        "disease: no cycle is known."
    )


def _codes(context: Context) -> list[str]:
    named = {**context.study["endpoints"], **context.study["alternatives"]}
    return [code for code in unsupported(context.support) if code in named]


def _unsupported(context: Context) -> str:
    reasons, study = unsupported(context.support), context.study
    named = {**study["endpoints"], **study["alternatives"]}
    sentences = []
    for code in _codes(context):
        name = f"{small(named[code]['label'])} ({called(code, study)})"
        why = fact("; ".join(reasons[code]), f"endpoints/support: {code}")
        sentences.append(f"These data cannot support {fact(name, f'endpoints: {code}')}: {why}.")
    return " ".join(sentences)


def table(context: Context) -> str:
    """The table of what the definitions rest on, with its heading; empty without the data."""
    if context.support is None or context.support.empty:
        return ""
    rows = context.support[context.support["ROLE"] != "censor"].drop_duplicates("MILESTONE")
    counts = ("NROWS", "NFIT", "NCOUNT", "NPATIENT")
    lines = []
    for row in rows.to_dict("records"):
        where = f"{row['SRCDOM']}: {row['COLUMNS']}"
        passed = row["PASSED"] if isinstance(row["PASSED"], str) else "–"
        numbers = (_n(row[name], row["MILESTONE"]) for name in counts)
        lines.append([escape(row["DESCRIPTION"]), escape(where), *numbers, escape(passed)])
    head = ["Source", "Looked up in", "Rows", "Could count", "Counted", "Patients", "Not counted"]
    html = prose_table(head, [("", lines)], [0.2, 0.22, 0.08, 0.08, 0.1, 0.1, 0.22])
    text = (
        "@tbl-support holds what the endpoints are made of against the data: the dated rows of "
        "the table, those that say what is asked for, those that count, and why the rest do not."
    )
    caption = "**What the endpoints rest on.**"
    return f"## What the endpoints rest on\n\n{text}\n\n{float_table('support', html, caption)}"


def _n(number: int, milestone: str) -> str:
    return f'<span class="fact" data-fact="endpoints/support: {escape(milestone)}">{number}</span>'
