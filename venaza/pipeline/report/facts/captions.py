"""Facts on exhibits, for captions and alternative texts: what is seen, and what is abbreviated."""

from __future__ import annotations

import re
from html import unescape

from venaza.contracts.results import slug
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import NOT_REACHED
from venaza.pipeline.report.facts.survival import last_known
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.text import in_text


@in_text
def abbreviated(context: Context, name: str, words: dict[str, str]) -> list[str]:
    """Those of the abbreviations that a printed table uses and does not spell out in its notes."""
    text = _text(context, name)
    return sorted(s for s in within(context, text, words) if not _told(s, words[s], text))


def _text(context: Context, name: str) -> str:
    html = (context.tables_folder / f"{name}.html").read_text(encoding="utf-8")
    return unescape(re.sub(r"<[^>]*>", " ", html))


def _used(short: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text))


def _told(short: str, word: str, text: str) -> bool:
    short, word = re.escape(short), re.escape(word)
    told = rf"{short}[,，] ?{word}|{word} ?[(（]{short}[)）]"
    return bool(re.search(told, text, re.IGNORECASE))


@in_text
def within(_: Context, text: str, words: dict[str, str]) -> list[str]:
    """Those of the abbreviations that a text uses."""
    return [short for short in words if _used(short, text)]


@in_text
def of_series(context: Context, words: dict[str, str]) -> list[str]:
    """Those of the abbreviations that published series, their endpoints and regimens go by."""
    own = (row for row in context.numbers.rows() if row["ard_id"].startswith("evidence.rate."))
    text = " ".join(f"{row.get('endpoint')} {row.get('term')}" for row in own)
    if context.has("tbl evidence"):
        text += _text(context, "evidence")
    return within(context, text, words)


@in_text
def at_risk(context: Context, code: str) -> dict[str, Group]:
    """The groups with patients in an endpoint, by the number of these."""
    found = {}
    for group in context.groups:
        ids = (f"km.{code}.{group.slug}.n", f"risk.{code}.{group.slug}.m0.n_risk")
        found |= {ard_id: group for ard_id in ids if context.numbers.value(ard_id)}
        if set(ids) <= set(found):
            del found[ids[1]]
    return found


@in_text
def responses(context: Context) -> list[str]:
    """The categories of best response that somebody had."""
    found = context.numbers.matching(r"bor\.[^.]+\.([^.]+)\.n")
    had = [match[1] for match, ard_id in found if context.numbers.value(ard_id)]
    return list(dict.fromkeys(had))


@in_text
def partial(context: Context) -> list[str]:
    """The responses that are no remission."""
    rule = context.study["response"]
    return [r for r in responses(context) if r in rule["overall"] and r not in rule["remission"]]


@in_text
def most_frequent(context: Context, group: Group) -> list[str]:
    """The best responses that most patients of a group had."""
    found = context.numbers.matching(rf"bor\.{group.slug}\.([^.]+)\.n")
    counts = {match[1]: context.numbers.value(ard_id) or 0 for match, ard_id in found}
    most = max(counts.values(), default=0)
    return [code for code, n in counts.items() if n == most > 0]


@in_text
def not_reached(context: Context, code: str) -> list[Group]:
    """The groups whose curve stays above one half."""
    display = {g: f"km.{code}.{g.slug}.median" for g in context.with_patients(code)}
    return [g for g, i in display.items() if context.numbers.field(i, "display") == NOT_REACHED]


@in_text
def by_median(context: Context, code: str) -> list[Group]:
    """The groups with a median, the longest first; none where two medians are the same."""
    value = context.numbers.value
    found = {g: value(f"km.{code}.{g.slug}.median") for g in context.with_patients(code)}
    known = {group: median for group, median in found.items() if median is not None}
    different = len(set(known.values())) == len(known)
    return sorted(known, key=lambda group: -known[group]) if different else []


@in_text
def highest(context: Context, code: str) -> Group | None:
    """The group with the highest incidence at the last landmark where all are known, if one has."""
    months = last_known(context, code)
    if months is None or not context.several:
        return None
    ids = {g: f"ci.{code}.{g.slug}.event.m{slug(f'{months:g}')}.estimate" for g in context.groups}
    values = {g: context.numbers.value(ard_id) for g, ard_id in ids.items()}
    first = [g for g, value in values.items() if value == max(values.values())]
    return first[0] if len(first) == 1 else None


@in_text
def ratios(context: Context, *prefixes: str) -> tuple[int, int]:
    """How many hazard ratios of these models lie below one, and how many do not."""
    found = [i for p in prefixes for _, i in context.numbers.matching(rf"{p}\..+\.hazard_ratio")]
    known = [context.numbers.value(i) for i in found if context.numbers.value(i) is not None]
    below = sum(value < 1 for value in known)
    return below, len(known) - below


@in_text
def commonest_event(context: Context) -> str | None:
    """The number of the adverse event with the highest percentage in any group."""
    numbers = context.numbers
    found = [
        ard_id.removesuffix(".n")
        for group in context.groups
        for match, ard_id in numbers.matching(rf"ae\.{group.slug}\.([^.]+)\.any\.n")
        if match[1] != "total"
    ]
    known = [stem for stem in found if numbers.value(f"{stem}.percent")]
    first = max(known, key=lambda stem: numbers.value(f"{stem}.percent"), default=None)
    return first and f"{first}.n"
