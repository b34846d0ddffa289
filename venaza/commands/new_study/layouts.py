"""Sheets that are not one table with one header: repeats side by side, tests as columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.gene_columns import add_genes
from venaza.commands.new_study.gene_texts import add_gene_texts
from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.commands.new_study.tables import SPEAKING, columns_for, keyed
from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import code_of
from venaza.contracts.script import simplified
from venaza.preflight.mapping import ESSENTIAL, converts
from venaza.study.synonyms import Synonyms

_NUMBER = re.compile(r"\d+")
#: What stands around the number of a repeat and is no part of the name: "第{n}次", "visit {n}".
_AROUND = re.compile(
    r"第?\s*\{n\}\s*(?:次|个?疗程后?|个?周期后?|线)?|(?:cycle|visit|time|course|no|\bc|\bv)?[\s_.#-]*\{n\}",
    re.IGNORECASE,
)
_CYCLE = re.compile(
    r"(?:疗程|周期|cycle|course|\bc)\s*[_.#-]?\s*\{n\}|\{n\}\s*个?(?:疗程|周期)", re.I
)
_REPEATED = ("responses", "mrd", "cycles", "therapies", "adverse_events", "transfusions")


def add_layouts(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Tables out of repeats and of tests as columns; in place."""
    for sheet, key in keyed(draft, synonyms):
        _repeats(draft, sheet, key, synonyms, content)
        _tests(draft, sheet, key, synonyms, content)
        add_genes(draft, sheet, key, content)
    for sheet, key in keyed(draft, synonyms):
        add_gene_texts(draft, sheet, key, synonyms, content)
    draft.tables = {name: draft.tables[name] for name in TABLES if name in draft.tables}


def _repeats(draft: Draft, sheet: Sheet, key: str, synonyms: Synonyms, content: Content) -> None:
    """Headers that differ by a number only: ``response_date_1 ... response_date_6``."""
    free = [h for h in sheet.known() if h not in draft.used(sheet)]
    for templates, span in _templates(free):
        while templates:
            table = _repeated_table(draft, sheet, key, templates, span, synonyms, content)
            if table is None:
                break
            draft.tables[table.name] = table
            used = {m.how.get("from") for m in table.columns()}
            templates = [t for t in templates if t not in used]


def _repeated_table(draft, sheet, key, templates, span, synonyms, content) -> Table | None:
    """The table that repeated headers fit best, of those that the study does not have yet."""
    plain = {_AROUND.sub(" ", simplified(t)).strip(" _.-#") or t: t for t in templates}
    merged = {p: together(sheet, _headers(t, *span), t) for p, t in plain.items()}
    view = replace(sheet, columns={key: sheet.columns[key], **merged}, identifying={})
    best: tuple[float, str, list[Mapped]] = (0.0, "", [])
    for table in _REPEATED:
        if table in draft.tables:
            continue
        mapped = columns_for(view, table, key, synonyms, content, draft.days)
        used = [simplified(plain[m.how["from"]]) for m in mapped]
        counted = table in ("cycles", "responses") and any(_CYCLE.search(t) for t in used)
        if counted and "CYCLE" not in {m.name for m in mapped}:
            why = "the number in the headers"
            mapped.insert(0, Mapped("CYCLE", {"constant": "{n}"}, "likely", why))
        have = {m.name for m in mapped}
        if set(ESSENTIAL[table]) <= have and SPEAKING.get(table, have) & have:
            named = table in synonyms.tables_named(sheet.name or sheet.file)
            best = max(best, (len(mapped) + named, table, mapped), key=lambda b: b[0])
    score, name, mapped = best
    if not score:
        return None
    for m in mapped:
        m.how = {k: plain.get(v, v) if isinstance(v, str) else v for k, v in m.how.items()}
        m.sure = "likely" if m.sure == "sure" else m.sure
    why = f"columns repeated {span[0]} to {span[1]}"
    return Table(name, sheet, key, [mapped], "likely", why, span)


def _templates(headers: list[str]) -> list[tuple[list[str], tuple[int, int]]]:
    """Headers with ``{n}`` for their number, those that have the same numbers together."""
    numbers: dict[str, set[int]] = {}
    for header in headers:
        for match in _NUMBER.finditer(header):
            if len(match[0]) <= 2 and not match[0].startswith("0"):
                template = f"{header[: match.start()]}{{n}}{header[match.end() :]}"
                numbers.setdefault(template, set()).add(int(match[0]))
    runs: dict[tuple[int, int], list[str]] = {}
    for template, found in numbers.items():
        first, last = min(found), max(found)
        if len(found) >= 2 and len(found) == last - first + 1:
            runs.setdefault((first, last), []).append(template)
    return [(templates, span) for span, templates in runs.items()]


def _headers(template: str, first: int, last: int) -> list[str]:
    return [template.replace("{n}", str(n)) for n in range(first, last + 1)]


def together(sheet: Sheet, headers: list[str], name: str) -> Profile:
    """The profile of the cells of several columns taken together, under another name."""
    parts = [sheet.columns[header] for header in headers]
    full = [p for p in parts if p.filled] or parts[:1]
    made = replace(
        full[0],
        header=name,
        rows=sum(p.rows for p in parts),
        filled=sum(p.filled for p in parts),
        distinct=sum(p.distinct for p in parts),
        words=sum((p.words for p in parts), Counter()),
        texts=[text for p in parts for text in p.texts],
    )
    if all(p.low is not None for p in full):
        made.low, made.high = min(p.low for p in full), max(p.high for p in full)
    kinds = {p.kind for p in full}
    if kinds == {"integer", "number"}:
        made.kind = "number"
    elif len(kinds) > 1:
        made.kind = "word"
    return made


def _tests(draft: Draft, sheet: Sheet, key: str, synonyms: Synonyms, content: Content) -> None:
    """A row for each visit and a column for each laboratory test, where no sheet lists tests."""
    if "labs" in draft.tables or any(t.sheet is sheet for t in draft.tables.values()):
        return
    date = columns_for(sheet, "labs", key, synonyms, content, draft.days)
    date = next((m for m in date if m.name == "LBDT"), None)
    if date is None:
        return
    records = []
    for header in sheet.known():
        test, unit = _test_of(header, synonyms, content)
        numbers = sheet.columns[header].kind in ("integer", "number")
        if test is None or header in (key, date.how["from"]) or not numbers:
            continue
        known = not unit or converts(test, unit, content.units)
        result = {"from": header, **({"unit": unit} if unit and known else {})}
        sure, why = "likely", "header names the test"
        of_test = Mapped("LBTESTCD", {"constant": test}, sure, why)
        if not known:
            sure, why = "guess", f"{why}; its unit {unit} is not known: write unit: ..."
        records.append([replace(date), of_test, Mapped("LBSTRESN", result, sure, why)])
    if len(records) >= 2:
        why = "a column for each test"
        draft.tables["labs"] = Table("labs", sheet, key, records, "likely", why)


def _test_of(header: str, synonyms: Synonyms, content: Content) -> tuple[str | None, str]:
    """The laboratory test that a header names, and its unit."""
    tests = content.codes("LBTESTCD")
    for table in ("patients", "responses"):
        meaning = synonyms.means(header, table)
        if meaning and len(meaning.columns) == 1 and next(iter(meaning.columns)) in tests:
            return next(iter(meaning.columns)), meaning.unit
    plain, unit = synonyms.apart(header)
    return code_of(plain, tests), unit
