"""Courses in columns: C1治疗日期, C1疗效评估, C1MRD(%); responses that cycles alone date."""

from __future__ import annotations

import re
from dataclasses import replace

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.layouts import together
from venaza.commands.new_study.sheet import Sheet
from venaza.commands.new_study.tables import columns_for, keyed
from venaza.contracts.script import simplified
from venaza.contracts.text import tidy
from venaza.study.synonyms import Synonyms

_WORDS = "首一二三四五六七八九十"
_NUMBER = rf"(?P<n>\d{{1,2}}(?!\d)|[{_WORDS}])"
#: How a header names its cycle: 第1疗程后, 首疗程, 疗程2, C3, C3D1, after cycle 4.
_CYCLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"第?\s*{_NUMBER}\s*个?\s*(?:疗程|周期)(?:结束后|结束|后|末)?",
        rf"(?:疗程|周期)\s*{_NUMBER}(?:后)?",
        r"(?:\b(?:after|post)[\s_]*)?(?<![a-z])(?:cycle|course)[\s_.#-]*(?P<n>\d{1,2})(?!\d)",
        r"(?<![a-z0-9])c\s?(?P<n>\d{1,2})(?!\d)(?:\s*d0?1(?!\d))?(?![a-z]\d)",
    )
)
#: Days from the start of a cycle to its response, and to the next cycle: what is proposed.
_DAYS = 28
_SAID = {"RSINV", "MRDVAL", "MRDRES", "MBLAST"}
_HANGS_ON = {"cycles": "EXSTDT", "responses": "RSDT"}


def cycle_of(header: str) -> tuple[int, str] | None:
    """The cycle that a header names, and the rest of the header; None where it names none."""
    text = simplified(tidy(header))
    for pattern in _CYCLE:
        found = list(pattern.finditer(text))
        if len(found) == 1:
            n = found[0]["n"]
            number = int(n) if n.isdigit() else max(1, _WORDS.index(n))
            rest = text[: found[0].start()] + " " + text[found[0].end() :]
            return number, rest.strip(" _.-#:：") or "date"
    return None


def add_by_cycles(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Cycles and responses out of headers with a cycle's number; responses without dates; in place.

    A response with a date of its own in each cycle is no matter of this.
    """
    for sheet, key in keyed(draft, synonyms):
        for table in ("cycles", "responses"):
            if table not in draft.tables:
                _in_columns(draft, sheet, key, table, synonyms, content)
        if "responses" not in draft.tables:
            _in_rows(draft, sheet, key, synonyms, content)
    made = draft.tables.get("responses")
    if made is None or not made.dated:
        return
    every = "cycles" not in draft.tables
    if every:
        made.dated["every"] = _DAYS
    apart = f", and cycles that no column dates {_DAYS} days apart" if every else ""
    draft.questions.append(
        "The responses have no date of their own: each is taken at the start of the next cycle, or "
        f"{_DAYS} days after the start of its own where none follows{apart}. Is that so? "
        "(responses, dated_by_cycles)"
    )


def _in_columns(
    draft: Draft, sheet: Sheet, key: str, table: str, synonyms: Synonyms, content: Content
) -> None:
    """A table out of headers that name a cycle each."""
    found: dict[str, dict[int, str]] = {}
    taken = {h for t in draft.every() if t.sheet is sheet and t.name != "patients"
             for h in draft.used_by(t)}  # fmt: skip
    for header in sheet.known():
        named = cycle_of(header) if header not in taken else None
        if named and sheet.columns[header].kind != "empty":
            found.setdefault(named[1], {}).setdefault(named[0], header)
    if not found:
        return
    merged = {rest: together(sheet, list(of.values()), rest) for rest, of in found.items()}
    view = replace(sheet, columns={key: sheet.columns[key], **merged}, identifying={}, labels={})
    mapped = columns_for(view, table, key, synonyms, content, draft.days)
    mapped = [m for m in mapped if m.name != "CYCLE" and m.why != "the only date of the sheet"]
    names = {m.name for m in mapped}
    dated = _HANGS_ON[table] in names
    if table == "cycles" and not dated or table == "responses" and (dated or not names & _SAID):
        return
    draft.tables[table] = _table(table, sheet, key, mapped, found)


def _table(
    name: str, sheet: Sheet, key: str, mapped: list[Mapped], found: dict[str, dict[int, str]]
) -> Table:
    """The table of these columns: cycles in a row with the same columns are written as one."""
    numbers = sorted({n for m in mapped for n in found[m.how["from"]]})
    have = {n: [m for m in mapped if n in found[m.how["from"]]] for n in numbers}
    if name == "cycles":
        have = {n: ms for n, ms in have.items() if any(m.name == "EXSTDT" for m in ms)}
    runs: list[list[int]] = []
    for n in have:
        last = runs[-1] if runs else None
        if last and n == last[-1] + 1 and _alike(have[n], have[last[0]], found, n, last[0]):
            last.append(n)
        else:
            runs.append([n])
    parts = [_part(name, sheet, key, have[run[0]], found, run) for run in runs]
    first = parts[0]
    first.also = parts[1:]
    first.dated = {"days": _DAYS} if name == "responses" else {}
    return first


def _alike(mine: list[Mapped], others: list[Mapped], found: dict, n: int, other: int) -> bool:
    """Whether two cycles have the same columns, under headers that differ by the number alone."""
    templates = [
        [_template(found[m.how["from"]][number], number) for m in ms]
        for ms, number in ((mine, n), (others, other))
    ]
    return templates[0] == templates[1] and "" not in templates[0]


def _template(header: str, number: int) -> str:
    """A header with ``{n}`` for its number; empty where that is no figure or not alone."""
    parts = re.split(rf"(?<!\d){number}(?!\d)", header)
    return "{n}".join(parts[:2]) if len(parts) == 2 else ""


def _part(
    name: str, sheet: Sheet, key: str, mapped: list[Mapped], found: dict, run: list[int]
) -> Table:
    several = len(run) > 1
    why = "the number in the headers"
    record = [Mapped("CYCLE", {"constant": "{n}" if several else run[0]}, "likely", why)]
    for m in mapped:
        header = found[m.how["from"]][run[0]]
        place = _template(header, run[0]) if several else header
        sure = "likely" if m.sure == "sure" else m.sure
        record.append(replace(m, how={**m.how, "from": place}, sure=sure, unknown=dict(m.unknown)))
    span = (run[0], run[-1]) if several else None
    shown = f"cycles {run[0]} to {run[-1]}" if several else f"cycle {run[0]}"
    return Table(name, sheet, key, [record], "likely", f"columns of {shown}", span)


def _in_rows(draft: Draft, sheet: Sheet, key: str, synonyms: Synonyms, content: Content) -> None:
    """Responses in rows that name their cycle: of a sheet of cycles, or one without any date."""
    tables = [t for t in draft.every() if t.sheet is sheet]
    cycles = next((t for t in tables if t.name == "cycles" and t.repeat is None), None)
    if tables and cycles is None:
        return
    number = cycles.column("CYCLE") if cycles else None
    taken = draft.used_by(cycles) - {number.how.get("from") if number else None} if cycles else ()
    view = replace(sheet, columns={h: p for h, p in sheet.columns.items() if h not in taken})
    mapped = columns_for(view, "responses", key, synonyms, content, draft.days)
    if number and not any(m.name == "CYCLE" for m in mapped):
        mapped.insert(0, replace(number, how=dict(number.how)))
    names = {m.name for m in mapped}
    if (
        "RSINV" not in names
        or not names & {"CYCLE", "RSDT"}
        or (cycles is None and "RSDT" in names)
    ):
        return
    made = Table("responses", sheet, key, [mapped], "likely", "a response in each row of a cycle")
    made.dated = {} if "RSDT" in names else {"days": _DAYS}
    draft.tables["responses"] = made
