"""The sign of a P value as a journal prints it, wherever a table has one in its words."""

from __future__ import annotations

import re
from dataclasses import replace

from venaza.markup import render
from venaza.markup.printed import Cell, Column, Part, Row, Section, Table
from venaza.study.journal import letter, with_letter

#: What of a table and its parts is printed.
_PRINTED = {
    Table: ("stub", "columns", "sections", "notes"),
    Column: ("group", "name"),
    Section: ("heading", "rows"),
    Row: ("label", "cells"),
    Cell: ("parts",),
    Part: ("text",),
}


def signed(table: Table, study: dict) -> Table:
    """The table with the journal's sign in its words; numbers and their ids are as they were."""
    sign = letter(study)
    return table if sign == "P" else _signed(table, sign)


def _signed(printed: object, sign: str) -> object:
    if isinstance(printed, str):
        return with_letter(printed, sign)
    if isinstance(printed, (list, tuple)):
        return type(printed)(_signed(part, sign) for part in printed)
    if isinstance(printed, Part) and printed.kind:
        return printed
    own = _PRINTED[type(printed)]
    return replace(printed, **{name: _signed(getattr(printed, name), sign) for name in own})


def in_italics(html: str, study: dict) -> str:
    """An HTML table with the signs of P values in italics, where the journal wants them so."""
    plain = letter(study)
    sign = letter(study, lambda text: render("markup/templates/emphasis.html.j2", text=text))
    if sign == plain:
        return html
    return re.sub(r"(?<=>)[^<>]+", lambda words: with_letter(words[0], sign, plain), html)
