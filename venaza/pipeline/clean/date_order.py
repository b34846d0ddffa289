"""Day or month first: what one date cannot tell, and the column it stands in can."""

from __future__ import annotations

import re

from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.dates import ORDERS, order_shown
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.raw_column import Cells, Filled

#: So many dates that can only be read one way, and so many true dates, make a rule of the column.
_TOLD, _TRUE = 3, 5
_ISO = re.compile(r"\d{4}-\d{2}-(\d{2})")


def date_order(cells: Cells, columns: dict, journal: Journal) -> dict:
    """``settled_order`` of a column of dates, as its cells show it; empty where none needs it.

    ``columns`` are the raw columns of the table by (clean column, header). Raises ``StudyError``
    where the cells contradict each other, or where none tells and one has two readings.
    """
    shown = _by_order(cells)
    told = [order for order in ORDERS if len(shown[order])]
    if len(told) > 1:
        raise _contradictory(cells, shown)
    if not told and len(shown["open"]):
        # A date that repeats over columns (date_1, date_2, ...) was typed the same way in each.
        others = [_by_order(c) for (name, _), c in columns.items() if name == cells.name]
        told = [order for order in ORDERS if any(len(other[order]) for other in others)]
        if len(told) != 1:
            raise _ambiguous(cells, shown["open"])
        shown[told[0]] = next(other[told[0]] for other in others if len(other[told[0]]))
    if not told:
        return {}
    order = told[0]
    if len(shown["open"]):
        said = {"n": len(shown["open"]), "open": shown["open"].first[0], "order": ORDERS[order]}
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
    raise cells.error(
        f"{len(shown[other])} date(s) under '{cells.header}' can only have the {ORDERS[other]} "
        f"({cells.examples(shown[other])}), {len(shown[declared])} only the {ORDERS[declared]}, "
        f"which the study file declares (date_order: {declared}).",
        f"Write date_order: {other} under {cells.at()}; single cells are asked of "
        "the clinic (config/corrections).",
        shown[other],
    )


def _by_order(cells: Cells) -> dict[str, Filled]:
    found = cells.found.by(order_shown)
    none = cells.found.of(lambda _: False)
    return {kind: found.get(kind, none) for kind in (*ORDERS, "open")}


def _ambiguous(cells: Cells, found: Filled) -> StudyError:
    return cells.error(
        f"{len(found)} date(s) under '{cells.header}' can be read with the day or the month "
        f"first, and no other date of the column shows which: {cells.examples(found)}.",
        f"Ask the clinic, then write date_order: DMY (day first) or MDY under {cells.at()}, or "
        "timeline > date_order for the whole study.",
        found,
    )


def _contradictory(cells: Cells, shown: dict[str, Filled]) -> StudyError:
    return cells.error(
        f"Some dates under '{cells.header}' have the day first: {cells.examples(shown['DMY'])}; "
        f"others the month: {cells.examples(shown['MDY'])}.",
        f"Write date_order: DMY or MDY under {cells.at()}: dates that do "
        "not fit it are then left empty with a query.",
        shown["MDY"],
    )


def _swapped(cells: Cells, told: Filled, journal: Journal) -> None:
    """A spreadsheet of another language turns 3/5/2021 into a true date and leaves 15/3/2021."""
    days = cells.found.of(_ISO.match)
    late = any(int(_ISO.match(text)[1]) > 12 for text in days.distinct())
    if len(told) < _TOLD or len(days) < _TRUE or late:
        return
    cells.ask("swapped_days", {"n": len(days), "m": len(told)}, told, journal)
