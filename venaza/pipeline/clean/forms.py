"""REDCap's forms: the boxes of a form that nobody has filled in are no answers.

REDCap exports every box that is not ticked as 0, also of a form that was never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from venaza.contracts.headers import header_key
from venaza.contracts.text import as_word
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.layout import headers_of
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.raw_table import RawTable

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
    rows: RawTable, part: np.ndarray, table: str, spec: dict, journal: Journal
) -> None:
    """Take the boxes of forms that nobody has filled in out of the rows, in place.

    A form is filled in where its status says so, where a box is ticked, or where another of its
    fields holds something. The rest is told once for each form. A sheet with boxes and a status is
    REDCap's whether the study file says so or not.
    """
    export, redcap = rows.export, rows.redcap
    heads = export.header_codes(part)
    if not (redcap.declared or _shows_redcap([export.headers[code] for code in heads])):
        return
    forms = _forms(export, part, spec, redcap)
    mapped = headers_of(spec)
    for form, boxes in forms.boxes.items():
        names = {key: forms.names[key] for key in boxes}
        wanted = [key for key in boxes if mapped & set(names[key])]
        if not wanted or not (unfilled := _is_unfilled(rows, form, forms)).any():
            continue
        first = rows.places[int(np.argmax(unfilled))]
        for key, either in names.items():
            had = np.logical_or.reduce([rows.empty(name, unfilled) for name in either])
            journal.unfilled |= {(rows.places[index], key) for index in np.flatnonzero(had)}
        said = {"form": form, "n": int(unfilled.sum())}
        journal.ask("form_not_filled", said, table=table, place=first, header=wanted[0])


def _shows_redcap(headers: list[str]) -> bool:
    """Whether headers show that a sheet came from REDCap though the study file does not say so."""
    keys = list(map(header_key, headers))
    return any(key.endswith("_complete") for key in keys) and any(_BOX.fullmatch(k) for k in keys)


def _is_unfilled(rows: RawTable, form: str, forms: Forms) -> np.ndarray:
    """Whether each row has boxes of a form, none ticked, and nothing else of it."""

    def any_says(keys: Iterable[str], *words: str, other: bool = False) -> np.ndarray:
        found = np.zeros(len(rows), dtype=bool)
        for key in keys:
            found |= rows.under(key).each(lambda e: (as_word(e.text) in words) != other, bool)
        return found

    boxes, status = forms.boxes[form], forms.status.get(form)
    return (
        any_says(boxes, "", other=True)
        & ~any_says(boxes, *_TICKED)
        & ~any_says([status] if status else [], *_FILLED)
        & ~any_says(forms.others.get(form, ()), "", "0", other=True)
    )


def _forms(export: Export, part: np.ndarray, spec: dict, redcap: Redcap) -> Forms:
    """The forms of the sheet's columns, in the order in which these stand."""
    _, first = np.unique(export.header[part], return_index=True)
    letters = export.cells[["HEADER", "COL"]].iloc[part[np.sort(first)]].astype(object)
    letters = letters.where(letters.notna(), None)
    order = sorted(
        zip(letters["COL"], letters["HEADER"], strict=True),
        key=lambda c: (len(c[0] or ""), c[0] or ""),
    )
    keys = [redcap.keys(header)[-1] for _, header in order]
    names = {redcap.keys(header)[-1]: redcap.keys(header) for _, header in order}
    forms = Forms(names=names)
    own = {header_key(name): field for name, field in redcap.fields.items()}
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
