"""A raw column of which no cell can be read: it stops the run, or is asked about as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from venaza.contracts.errors import StudyError, shown
from venaza.pipeline.clean.clean_table import MISSING, CleanColumns
from venaza.pipeline.clean.dates import BARE_NUMBER, SHORT_YEAR
from venaza.pipeline.clean.journal import Journal, Place, stop

#: Columns that every result hangs on, beside those without which a row says nothing.
_ESSENTIAL = {"patients": ("INDEXDT", "LSTALVDT", "DTHDT", "SURVSTAT")}
#: Without these nobody has a time: one cell that cannot be read, and none that can, is enough.
_ALONE = ("INDEXDT",)
_SHOWN = 3
#: From which days programs count, for a number that says nothing.
_ORIGINS = {
    "1970-01-01": "R and Unix",
    "1960-01-01": "SAS and Stata",
    "1899-12-30": "a spreadsheet",
    "1904-01-01": "an older spreadsheet of a Mac",
}
_PLAUSIBLE = range(1950, 2100)


def check_readable(
    made: list[CleanColumns], table: str, needed: tuple[str, ...], study: dict, journal: Journal
) -> None:
    """Ask about, or stop at, each raw column of a table whose filled cells all cannot be read.

    ``made`` has the rows of the table, ``needed`` the columns without which a row is left out.
    Words for missing do not count. A column of at least ``limits > unreadable_cells`` such cells
    is the query ``unreadable_column``; where every result hangs on it, it stops the run.
    """
    least = study["checks"]["limits"]["unreadable_cells"]
    essential = (*_ESSENTIAL.get(table, ()), *needed)
    for name, header, cells in _hopeless(made):
        if name in essential and (len(cells) >= least or name in _ALONE):
            raise _stopped(table, name, header, cells)
        if len(cells) >= least:
            text, problem, place = cells[0]
            said = {"header": header, "n": len(cells), "problem": problem}
            at = {"column": name, "value": text, "place": place, "header": header}
            journal.ask("unreadable_column", said, table=table, **at)


def _hopeless(made: list[CleanColumns]) -> Iterator[tuple[str, str, list[tuple[str, str, Place]]]]:
    """Columns with cells that cannot be read and none that can; the cells in their order."""
    found: dict[tuple[str, str], list[tuple[str, str, Place]]] = {}
    readable: set[tuple[str, str]] = set()
    for part in made:
        for name, reads in part.reads.items():
            for read in set(reads):
                if read.filled and not read.unread and read.why != MISSING:
                    readable.add((name, read.header))
            if any(read.unread for read in set(reads)):
                for read, place in zip(reads, part.places, strict=True):
                    if read.unread and read.header:
                        cell = (read.text, read.unread, place)
                        found.setdefault((name, read.header), []).append(cell)
    for key in sorted(set(found) - readable):
        cells = sorted(found[key], key=lambda c: (c[2].file, c[2].sheet, c[2].row))
        yield *key, list(dict.fromkeys(cells))


def _stopped(table: str, name: str, header: str, cells: list) -> StudyError:
    text, problem, place = cells[0]
    listed = "; ".join(
        f"{shown(text, 60)} (row {at.row}): {why}" for text, why, at in cells[:_SHOWN]
    )
    more = f"; and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    return stop(
        f"None of the {len(cells)} filled cell(s) under '{header}' can be read as {name}: "
        f"{listed}{more}.",
        f"Say how they are meant under tables > {table} > columns > {name}"
        f"{_advice(text, problem)}.",
        place,
        header,
        text,
    )


def _advice(text: str, problem: str) -> str:
    """What to declare for a reason that a whole column often has."""
    if problem == SHORT_YEAR:
        return ": date_order: YMD, DMY or MDY"
    if problem != BARE_NUMBER:
        return " (docs/configuration.md)"
    meant = []
    for origin, program in _ORIGINS.items():
        try:
            day = dt.date.fromisoformat(origin) + dt.timedelta(days=int(float(text)))
        except (OverflowError, ValueError):
            continue
        if day.year in _PLAUSIBLE:
            meant.append(f"{day.isoformat()} by {origin} ({program})")
    shown = f"; {text} is {', '.join(meant)}" if meant else ""
    return f": date_origin: YYYY-MM-DD, the day from which they count{shown}"
