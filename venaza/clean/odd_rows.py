"""Rows of a sheet that are no patient's (totals, notes, headers again), and rows too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venaza.clean.journal import Journal, Place
from venaza.clean.text import folded, tidy
from venaza.contracts.headers import header_key
from venaza.contracts.intake import BEYOND
from venaza.contracts.script import simplified

if TYPE_CHECKING:
    import pandas as pd

    from venaza.clean.layout_redcap import Redcap
    from venaza.clean.rows import RawRow

#: Reasons of rows that are left out.
SUMMARY, HEADERS = "totals or notes", "the headers again"
_HEAD = re.compile(r"(?P<word>.+?)\s*(?:(?P<sign>[:：=＝(（±]).*)?", re.DOTALL)


def is_summary(text: str, words: list[str]) -> bool:
    """Whether a cell heads a row of totals or of notes, as sheets have below their patients.

    ``words`` is ``summary_rows`` of the vocabulary; one that ends in ``=`` needs the sign.
    """
    return summary_head(text, words) is not None


def summary_head(text: str, words: list[str]) -> str | None:
    """The word, with its sign, that heads a row of totals or notes; None for any other cell."""
    match = _HEAD.fullmatch(tidy(text))
    if not match:
        return None
    known = {_plain(word) for word in words}
    head, sign = _plain(match["word"]), match["sign"] or ""
    if head in known or (sign in ("=", "＝") and f"{head}=" in known):
        return f"{match['word']}{sign}"
    return None


def _plain(text: str) -> str:
    return folded(simplified(tidy(text)))


def is_header(row: RawRow, key: str, words: list[str]) -> bool:
    """Whether a row holds headers: its own, as where two exports were pasted, or other words.

    ``words`` is ``header_rows`` of the vocabulary: what stands over the patients' numbers.
    """
    sent = header_key(row.text(key)).casefold()
    if not sent:
        return False
    same = [header == header_key(text) for header, text in row.cells.items()]
    return sent == header_key(key).casefold() or (
        _plain(row.text(key)) in {_plain(word) for word in words} or 2 * sum(same) > len(same) > 1
    )


def leave_out(row: RawRow, table: str, spec: dict, study: dict, journal: Journal) -> bool:
    """Whether a row is no patient's; it is then asked about and accounted for."""
    words, sent = study["vocabulary"], row.text(spec["key"])
    if is_summary(sent, words.get("summary_rows", [])):
        rule, reason = "summary_row", SUMMARY
    elif is_header(row, spec["key"], words.get("header_rows", [])):
        rule, reason = "header_row_again", HEADERS
    else:
        return False
    ask_once(row, rule, table, sent, spec["key"], journal)
    journal.left_out[(table, row.place)] = reason
    return True


def leave_out_without_patient(
    row: RawRow, table: str, spec: dict, study: dict, journal: Journal
) -> None:
    """Account for a row without a patient's number: a note where its first cell heads one."""
    first = next((text for text in row.cells.values() if tidy(text)), "")
    note = is_summary(first, study["vocabulary"].get("summary_rows", []))
    rule = "summary_row" if note else "row_without_patient"
    ask_once(row, rule, table, " | ".join(row.cells.values()), spec["key"], journal)
    journal.left_out[(table, row.place)] = SUMMARY if note else "no patient number"


def ask_once(row: RawRow, rule: str, table: str, value: str, header: str, journal: Journal) -> None:
    """Ask about a row that is no patient's, once for all the tables of its sheet."""
    if row.place not in journal.nobodys:
        journal.nobodys.add(row.place)
        journal.ask(rule, table=table, value=value[:80], place=row.place, header=header)


def ask_about_long_rows(
    cells: pd.DataFrame,
    part: pd.DataFrame,
    table: str,
    spec: dict,
    redcap: Redcap,
    journal: Journal,
) -> None:
    """Ask about each row of a text file that has more cells than the headers; once for all tables.

    ``part`` are the cells of the table's sheets that stand below headers.
    """
    sheets = set(zip(part["SRCFILE"], part["SRCSHEET"], strict=True))
    beyond = cells[cells["KIND"] == BEYOND]
    more: dict[Place, list[str]] = {}
    columns = (beyond[c] for c in ("SRCFILE", "SRCSHEET", "SRCROW", "VALUE"))
    for file, sheet, row, value in zip(*columns, strict=True):
        if (file, sheet) in sheets:
            more.setdefault(Place(file, sheet, int(row)), []).append(value)
    if not more:
        return
    key = header_key(spec["key"])
    heads = [h for h in part["HEADER"].unique() if key in redcap.keys(h)]
    keys = part[part["HEADER"].isin(heads)]
    patients = {
        Place(c.SRCFILE, c.SRCSHEET, int(c.SRCROW)): tidy(c.VALUE) for c in keys.itertuples()
    }
    for place, values in more.items():
        if place in journal.too_long:
            continue
        journal.too_long.add(place)
        journal.ask(
            "row_too_long",
            {"n": len(values)},
            patient=patients.get(place),
            table=table,
            value=" | ".join(values)[:80],
            place=place,
        )
