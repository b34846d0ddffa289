"""REDCap's forms: the boxes of a form that nobody has filled in are no answers.

REDCap exports every box that is not ticked as 0, also of a form that was never opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venaza.clean.journal import Journal
from venaza.clean.layout import headers_of
from venaza.clean.layout_redcap import Redcap
from venaza.clean.text import as_word
from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    import pandas as pd

    from venaza.clean.rows import RawRow

_BOX = re.compile(r"[a-z][a-z0-9_]*___[a-z0-9_]+")
_TICKED = {"1", "checked", "true"}
#: REDCap's form status: 0 or empty says that nobody has called the form filled in.
_FILLED = {"1", "2", "unverified", "complete"}
#: Fields that hold nothing, or nothing that a person entered.
_NOBODYS = ("checkbox", "descriptive", "calc")
UNFILLED = "a box of a form that nobody has filled in"


@dataclass
class Forms:
    """Which columns of a sheet belong to which form of the project.

    ``boxes`` and ``others`` hold the keys of the columns by form, ``status`` the column of its
    status, ``names`` each key with the one that a labelled export has for it. A form is known by
    the data dictionary; without one the boxes of one field stand alone, with the next status to
    their right.
    """

    boxes: dict[str, list[str]] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)


def blank_unfilled(
    rows: list[RawRow], part: pd.DataFrame, table: str, spec: dict, redcap: Redcap, journal: Journal
) -> None:
    """Take the boxes of forms that nobody has filled in out of the rows, in place.

    A form is filled in where its status says so, where a box is ticked, or where another of its
    fields holds something. The rest is told once for each form. A sheet with boxes and a status is
    REDCap's whether the study file says so or not.
    """
    if not (redcap.declared or _shows_redcap(part)):
        return
    forms = _forms(part, spec, redcap)
    mapped = headers_of(spec)
    for form, boxes in forms.boxes.items():
        names = {key: forms.names[key] for key in boxes}
        wanted = [key for key in boxes if mapped & set(names[key])]
        unfilled = [row for row in rows if wanted and _is_unfilled(row, form, forms)]
        for row in unfilled:
            _take_out(row, names, journal)
        if unfilled:
            first = unfilled[0]
            said = {"form": form, "n": len(unfilled)}
            journal.ask("form_not_filled", said, table=table, place=first.place, header=wanted[0])


def _take_out(row: RawRow, names: dict[str, tuple[str, ...]], journal: Journal) -> None:
    for key, either in names.items():
        for name in either:
            if row.cells.pop(name, None) is not None:
                row.labels.pop(name, None)
                journal.unfilled.add((row.place, key))


def _shows_redcap(part: pd.DataFrame) -> bool:
    """Whether headers show that a sheet came from REDCap though the study file does not say so."""
    keys = list(map(header_key, part["HEADER"].dropna().unique()))
    return any(key.endswith("_complete") for key in keys) and any(_BOX.fullmatch(k) for k in keys)


def _is_unfilled(row: RawRow, form: str, forms: Forms) -> bool:
    said = [as_word(row.cells[key]) for key in forms.boxes[form] if key in row.cells]
    if not any(said) or _TICKED & set(said):
        return False
    if form in forms.status and as_word(row.cells.get(forms.status[form], "")) in _FILLED:
        return False
    return all(as_word(row.cells.get(key, "")) in ("", "0") for key in forms.others.get(form, ()))


def _forms(part: pd.DataFrame, spec: dict, redcap: Redcap) -> Forms:
    """The forms of the sheet's columns, in the order in which these stand."""
    letters = part[["HEADER", "COL"]].drop_duplicates("HEADER")
    order = sorted(
        zip(letters["COL"], letters["HEADER"], strict=True),
        key=lambda c: (len(c[0] or ""), c[0] or ""),
    )
    keys = [redcap.keys(header)[-1] for _, header in order]
    names = {redcap.keys(header)[-1]: redcap.keys(header) for _, header in order}
    forms, own = (
        Forms(names=names),
        {header_key(name): field for name, field in redcap.fields.items()},
    )
    places: dict[str, int] = {}
    for position, key in enumerate(keys):
        name, box, _ = key.partition("___")
        known = own.get(name if box else key)
        form = known["form"] if known else name if box else ""
        if not form or key == header_key(spec["key"]):
            continue
        places[form] = position
        if box:
            forms.boxes.setdefault(form, []).append(key)
        elif known["type"] not in _NOBODYS:
            forms.others.setdefault(form, []).append(key)
    for form, last in places.items():
        by_name = header_key(f"{form}_complete")
        right = [key for key in keys[last:] if _is_status(key, redcap)]
        if by_name in keys:
            forms.status[form] = by_name
        elif right:
            forms.status[form] = right[0]
    return forms


def _is_status(key: str, redcap: Redcap) -> bool:
    """Whether a column is a form's status; a labelled export calls each of them ``Complete?``."""
    if key.startswith("Complete?"):
        return True
    return not redcap.fields and key.endswith("_complete")
