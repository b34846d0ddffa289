"""Day or month first: what one date cannot tell, and the column it stands in can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venaza.clean.dates import ORDERS, order_shown
from venaza.clean.journal import Journal, stop

if TYPE_CHECKING:
    from venaza.clean.raw_column import Cells

#: So many dates that can only be read one way, and so many true dates, make a rule of the column.
_TOLD, _TRUE = 3, 5
_ISO = re.compile(r"\d{4}-\d{2}-(\d{2})")


def date_order(cells: Cells, columns: dict, journal: Journal) -> dict:
    """``settled_order`` of a column of dates, as its cells show it; empty where none needs it.

    ``columns`` are the raw columns of the table by (clean column, header). Raises ``StudyError``
    where the cells contradict each other, or where none tells and one has two readings.
    """
    shown = _by_order(cells)
    told = [order for order in ORDERS if shown[order]]
    if len(told) > 1:
        raise _contradictory(cells, shown)
    if not told and shown["open"]:
        # A date that repeats over columns (date_1, date_2, ...) was typed the same way in each.
        others = [c for (name, _), c in columns.items() if name == cells.name]
        told = [order for order in ORDERS if any(_by_order(other)[order] for other in others)]
        if len(told) != 1:
            raise _ambiguous(cells, shown["open"])
        shown = {
            **shown,
            told[0]: next(_by_order(o)[told[0]] for o in others if _by_order(o)[told[0]]),
        }
    if not told:
        return {}
    order = told[0]
    if shown["open"]:
        said = {"n": len(shown["open"]), "open": shown["open"][0][0], "order": ORDERS[order]}
        cells.ask("column_settled", said, shown[order], journal)
    else:
        _swapped(cells, shown[order], journal)
    return {"settled_order": order}


def fits_declared(cells: Cells, declared: str) -> None:
    """A column most of whose telling dates have the other order makes the declared one a slip."""
    other = {"DMY": "MDY", "MDY": "DMY"}.get(declared)
    shown = _by_order(cells)
    if other is None or len(shown[other]) <= len(shown[declared]):
        return
    text, place = shown[other][0]
    raise stop(
        f"{len(shown[other])} date(s) under '{cells.header}' can only have the {ORDERS[other]} "
        f"({cells.examples(shown[other])}), {len(shown[declared])} only the {ORDERS[declared]}, "
        f"which the study file declares (date_order: {declared}).",
        f"Write date_order: {other} under {cells.at()}; single cells are asked of "
        "the clinic (config/corrections).",
        place,
        cells.header,
        text,
    )


def _by_order(cells: Cells) -> dict[str, list]:
    shown: dict[str, list] = {"DMY": [], "MDY": [], "open": []}
    for text, place in cells.found:
        kind = order_shown(text)
        if kind:
            shown[kind].append((text, place))
    return shown


def _ambiguous(cells: Cells, found: list):
    text, place = found[0]
    return stop(
        f"{len(found)} date(s) under '{cells.header}' can be read with the day or the month "
        f"first, and no other date of the column shows which: {cells.examples(found)}.",
        f"Ask the clinic, then write date_order: DMY (day first) or MDY under {cells.at()}, or "
        "timeline > date_order for the whole study.",
        place,
        cells.header,
        text,
    )


def _contradictory(cells: Cells, shown: dict):
    text, place = shown["MDY"][0]
    return stop(
        f"Some dates under '{cells.header}' have the day first: {cells.examples(shown['DMY'])}; "
        f"others the month: {cells.examples(shown['MDY'])}.",
        f"Write date_order: DMY or MDY under {cells.at()}: dates that do "
        "not fit it are then left empty with a query.",
        place,
        cells.header,
        text,
    )


def _swapped(cells: Cells, told: list, journal: Journal) -> None:
    """A spreadsheet of another language turns 3/5/2021 into a true date and leaves 15/3/2021."""
    days = [(match, place) for text, place in cells.found if (match := _ISO.match(text))]
    if len(told) < _TOLD or len(days) < _TRUE or any(int(match[1]) > 12 for match, _ in days):
        return
    cells.ask("swapped_days", {"n": len(days), "m": len(told)}, told, journal)
