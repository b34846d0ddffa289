"""What new-study says in the terminal: mapped, not mapped, asked, and what to do next."""

from __future__ import annotations

from collections import Counter

from venaza.commands.new_study.draft import Draft
from venaza.commands.new_study.write import one_line
from venaza.contracts.terminal import section, table, title

_WORDS_SHOWN = 8


def summary(name: str, draft: Draft, source: str, problem: str, next_steps: list[str]) -> str:
    """The whole answer. No cell of a column that looks identifying is in it."""
    parts = [
        title(f"New study '{name}' from {source}"),
        section("Sheets", _sheets(draft)),
        section("Columns", _columns(draft)),
        section("Words in no vocabulary", _words(draft)),
        section("Not mapped", _left(draft)),
        section("Columns that look identifying (no cell of them is shown)", _hidden(draft)),
        section("Questions", [f"{i}. {one_line(q)}" for i, q in enumerate(draft.questions, 1)]),
    ]
    if problem:
        parts.append(section("The study file needs your hand first", problem.splitlines()))
    parts.append(section("Next", next_steps))
    return "\n".join(parts)


def _sheets(draft: Draft) -> list[str]:
    rows = []
    parts = [(part, whole) for whole in draft.sheets for part in whole.parts or [whole]]
    for sheet, whole in parts:
        used = [t for t in draft.every() if any(sheet is s for s in t.sheets()) or t.sheet is sheet]
        names = ", ".join(dict.fromkeys(t.name for t in used)) or "-"
        sure = used[0].sure if used else ""
        dates = sorted(
            str(day)
            for p in sheet.columns.values()
            if p.kind == "date" and p.header not in whole.identifying
            for day in (p.low, p.high)
        )
        span = f"{dates[0]} to {dates[-1]}" if dates else ""
        rows.append((sheet.shown, sheet.header_row, sheet.rows, names, sure, span))
    return table(("sheet", "header row", "rows", "table", "how sure", "dates"), rows)


def _columns(draft: Draft) -> list[str]:
    rows = []
    for made, mapped in draft.mapped():
        header = mapped.how.get("from", "")
        profiles = [made.sheet.columns[h] for h in made.numbered(header) if header]
        text = one_line(header) if header else f"always {mapped.how['constant']}"
        if "when" in mapped.how:
            text += " when " + ", ".join(f"{h} is {v}" for h, v in mapped.how["when"].items())
        missing = sum(p.missing for p in profiles)
        missing = f"{missing} of {sum(p.rows for p in profiles)}" if profiles else ""
        kind = profiles[0].kind if profiles else ""
        rows.append((made.name, mapped.name, text, kind, missing, mapped.sure, mapped.why))
    return table(("table", "column", "header", "type", "missing", "how sure", "why"), rows)


def _words(draft: Draft) -> list[str]:
    rows = []
    for made, mapped in draft.mapped():
        headers = made.numbered(mapped.how["from"]) if mapped.unknown else []
        counts = sum((made.sheet.columns[h].words for h in headers), Counter())
        for word, code in list(mapped.unknown.items())[:_WORDS_SHOWN]:
            rows.append((made.name, mapped.name, one_line(word), counts[word], code))
        if mapped.unshown:
            more = f"{mapped.unshown} not shown: they could be names"
            rows.append((made.name, mapped.name, more, "", ""))
        if len(mapped.unknown) > _WORDS_SHOWN:
            more = f"and {len(mapped.unknown) - _WORDS_SHOWN} more"
            rows.append((made.name, mapped.name, more, "", ""))
    return table(("table", "column", "word", "cells", "nearest code"), rows) if rows else []


def _left(draft: Draft) -> list[str]:
    rows = []
    passed = {(shown, header): why for shown, header, why in draft.left}
    tables = [t.sheet for t in draft.every()]
    own = {m.how["from"]: m.name for m in draft.own}
    for sheet in draft.sheets:
        if all(sheet is not s for s in tables):
            rows.append((sheet.shown, "(all)", "", "no table of venaza fits this sheet"))
            continue
        used = draft.used(sheet)
        patients = sheet is draft.tables["patients"].sheet
        for header in sheet.known():
            if header in used:
                continue
            profile = sheet.columns[header]
            why = passed.get((sheet.shown, header), "")
            if not why and patients and header in own:
                why = f"offered as {own[header]}"
            rows.append((sheet.shown, one_line(header), profile.kind, why))
        for header in sheet.twice:
            rows.append((sheet.shown, one_line(header), "", "the header stands there twice"))
    return table(("sheet", "header", "type", "why"), rows) if rows else []


def _hidden(draft: Draft) -> list[str]:
    keys = {(t.sheet.shown, t.key) for t in draft.tables.values()}
    rows = []
    for sheet in draft.sheets:
        for header, kind in sheet.identifying.items():
            action = "hash" if (sheet.shown, header) in keys else "drop"
            rows.append((sheet.shown, one_line(header), kind, action))
        for header in sorted(sheet.named - set(sheet.identifying)):
            rows.append(
                (sheet.shown, one_line(header), "name in single cells", draft.with_names()[header])
            )
    return table(("sheet", "header", "looks like a", "declared as"), rows) if rows else []
