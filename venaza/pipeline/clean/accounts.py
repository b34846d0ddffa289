"""The accounts of a cleaning: what became of every raw row, and of every cell that is not empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.clean import CELL_ACCOUNT, QUARANTINE, ROW_ACCOUNT
from venaza.contracts.columns import names
from venaza.contracts.files import conform
from venaza.contracts.grouping import grouped
from venaza.contracts.headers import header_rows
from venaza.contracts.intake import DROPPED, NO_VALUE
from venaza.pipeline.clean.claims import Claims
from venaza.pipeline.clean.clean_table import NOTHING, CleanColumns
from venaza.pipeline.clean.export import coded
from venaza.pipeline.clean.forms import UNFILLED
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.layout import fits, headers_of
from venaza.pipeline.clean.layout_redcap import Redcap

_JOINED = "joined with another row of the patient"
#: By table, where each raw row stands that it asked for, and what became of it.
Outcomes = dict[str, list[tuple[Place, str]]]


def outcomes(journal: Journal) -> Outcomes:
    """What became of each raw row of each table that asked for it.

    A raw row counts once, also where it gives several clean rows: it is used where one of them is.
    """
    parts = grouped(journal.made, lambda part: part.table)
    found = {table: _of_table(made) for table, made in parts.items()}
    for (table, place), why in journal.left_out.items():
        found.setdefault(table, []).append((place, why))
    return found


def _of_table(parts: list[CleanColumns]) -> list[tuple[Place, str]]:
    """What became of the raw rows of one table; the gentlest of its outcomes is a row's."""
    reasons = sorted(
        {"used", _JOINED, *filter(None, (w for p in parts for w in p.dropped))}, key=_weight
    )
    ranks = {reason: rank for rank, reason in enumerate(reasons)}
    best = np.full(1 + max((max(part.at, default=-1) for part in parts), default=-1), len(reasons))
    places: list[Place | None] = [None] * len(best)
    for part in parts:
        joined = part.facts.get("joined", {})
        own = [
            ranks[why or (_JOINED if i in joined else "used")] for i, why in enumerate(part.dropped)
        ]
        np.minimum.at(best, part.at, np.array(own, dtype=np.int64))
        for at, place in zip(part.at, part.places, strict=True):
            places[at] = place
    known = zip(places, best.tolist(), strict=True)
    return [(place, reasons[rank]) for place, rank in known if place is not None]


def _weight(outcome: str) -> tuple:
    order = ("used", _JOINED)
    return (order.index(outcome) if outcome in order else len(order), outcome == NOTHING, outcome)


def row_account(journal: Journal, became: Outcomes) -> pd.DataFrame:
    """How many raw rows were used and how many left out, with the reason (``ROW_ACCOUNT``)."""
    counts: Counter = Counter(journal.rows)
    for table, rows in became.items():
        counts.update((table, place.file, place.sheet, why) for place, why in rows)
    lines = [(*key, n) for key, n in sorted(counts.items()) if n]
    return conform(pd.DataFrame(lines, columns=names(ROW_ACCOUNT)), ROW_ACCOUNT)


def quarantine(cells: pd.DataFrame, became: Outcomes) -> pd.DataFrame:
    """Every raw row that was left out though something stood in it (``QUARANTINE``).

    Rows that were joined with another or that record nothing for a table are no loss, and not here.
    """
    kept = ("used", _JOINED, NOTHING)
    reasons = [
        (table, place, why)
        for table, rows in became.items()
        for place, why in rows
        if why not in kept
    ]
    content: dict[Place, list[str]] = {place: [] for _, place, _ in reasons}
    cells = cells[cells["SRCROW"].isin({place.row for place in content})]
    columns = (cells[c] for c in ("SRCFILE", "SRCSHEET", "SRCROW", "HEADER", "VALUE"))
    for file, sheet, row, header, value in zip(*columns, strict=True):
        place = Place(file, sheet, int(row))
        if place in content:
            content[place].append(f"{header}: {value}" if isinstance(header, str) else value)
    lines = [(table, *place, why, "; ".join(content[place])) for table, place, why in reasons]
    return conform(pd.DataFrame(sorted(lines), columns=names(QUARANTINE)), QUARANTINE)


def cell_account(cells: pd.DataFrame, study: dict, journal: Journal) -> pd.DataFrame:
    """What became of every cell of the export, counted by raw column (``CELL_ACCOUNT``).

    Each cell has one outcome; a cell that several clean columns were read from is used where one
    of them holds it, and ``TARGET`` names those that do. Raises ``RuntimeError`` where a cell that
    the study maps has no outcome, or an outcome has no cell: that is a fault of the code.
    """
    claims, sheets = Claims(study, journal), _Sheets(study, Redcap.of(study))
    counts: Counter = Counter()
    rows = cells["SRCROW"].to_numpy(dtype=np.int64)
    for (file, sheet, col, header, kind), at in _columns(cells):
        keys = sheets.redcap.keys(header) if header is not None else ()
        which, found = claims.outcomes(file, sheet, keys, rows[at])
        unfilled = claims.not_filled_in(file, sheet, keys, rows[at])
        for code, outcome in enumerate(found):
            its = rows[at][(which == code) & ~unfilled]
            if outcome is None and kind == DROPPED:
                outcome = "taken out before anything was written", ""
            elif outcome is None and header is not None and kind in NO_VALUE:
                outcome = NO_VALUE[kind], ""
            if outcome is not None:
                counts[(file, sheet, col, header, *outcome)] += len(its)
                continue
            for said, n in sheets.unclaimed(file, sheet, header, keys, its).items():
                counts[(file, sheet, col, header, said, "")] += n
        counts[(file, sheet, col, header, UNFILLED, "")] += int(unfilled.sum())
    claims.refuse_unmet()
    if sum(counts.values()) != len(cells):
        raise RuntimeError(f"{len(cells)} cells came in, {sum(counts.values())} are accounted for")
    # A correction may fill a column that the export left empty throughout: it has no letter.
    order = sorted(
        (key for key, n in counts.items() if n),
        key=lambda k: (k[0], k[1], len(k[2] or ""), k[2] or "", k[3] or "", *k[4:]),
    )
    lines = [(*key[:5], key[5] or None, counts[key]) for key in order]
    return conform(pd.DataFrame(lines, columns=names(CELL_ACCOUNT)), CELL_ACCOUNT)


def _columns(cells: pd.DataFrame) -> Iterator[tuple[tuple, np.ndarray]]:
    """The raw columns (file, sheet, letter, header, kind; None: without), and their cells."""
    by = ("SRCFILE", "SRCSHEET", "COL", "HEADER", "KIND")
    columns = [coded(cells[name]) for name in by]
    which = np.zeros(len(cells), dtype=np.int64)
    for distinct, codes in columns:
        which, _ = pd.factorize(which * (len(distinct) + 1) + codes + 1)
    order = np.argsort(which, kind="stable")
    starts = np.flatnonzero(np.diff(which[order], prepend=-1))
    for at in np.split(order, starts[1:]) if len(cells) else ():
        first = [(distinct, codes[at[0]]) for distinct, codes in columns]
        yield tuple(distinct[code] if code >= 0 else None for distinct, code in first), at


class _Sheets:
    """What is said of cells that no table claims."""

    def __init__(self, study: dict, redcap: Redcap) -> None:
        self.tables, self.redcap = study["tables"], redcap
        self.known: dict[tuple[str, str], tuple[set[str] | None, int]] = {}

    def unclaimed(
        self, file: str, sheet: str, header: str | None, keys: tuple[str, ...], rows: np.ndarray
    ) -> dict[str, int]:
        """What is said of the cells of a raw column, and of how many."""
        if not len(rows):
            return {}
        if self.redcap.is_dictionary(file.split("/")[-1]):
            return {"data dictionary": len(rows)}
        mapped, head = self._mapping(file, sheet)
        if header is None:
            above = int((rows <= head).sum())
            return {"title or header": above, "no header above it": len(rows) - above}
        if mapped is None:
            return {"sheet not mapped": len(rows)}
        if mapped & set(keys):
            raise RuntimeError(f"no account of '{header}' in row {rows[0]} of {file}")
        return {self.redcap.own_column(header) or "column not mapped": len(rows)}

    def _mapping(self, file: str, sheet: str) -> tuple[set[str] | None, int]:
        """The normalised headers that tables map on a sheet, and its last header row."""
        if (file, sheet) not in self.known:
            specs = [s for s in self.tables.values() if fits(file, sheet, s, self.redcap)]
            mapped = set().union(*map(headers_of, specs)) if specs else None
            head = max([header_rows(spec, file, sheet)[-1] for spec in specs] or [1])
            self.known[(file, sheet)] = (mapped, head)
        return self.known[(file, sheet)]
