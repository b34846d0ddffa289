"""The accounts of a cleaning: what became of every raw row, and of every cell that is not empty."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from venaza.clean.forms import UNFILLED
from venaza.clean.journal import Journal, Place
from venaza.clean.layout import fits, headers_of
from venaza.clean.layout_redcap import Redcap
from venaza.clean.rows import NOT_ASKED_FOR
from venaza.contracts.clean import CELL_ACCOUNT, QUARANTINE, ROW_ACCOUNT
from venaza.contracts.columns import names
from venaza.contracts.files import conform
from venaza.contracts.headers import header_key, header_rows
from venaza.contracts.intake import DROPPED, NO_VALUE

if TYPE_CHECKING:
    import pandas as pd

#: Where cells of one raw cell went to several columns, the first of these is its outcome.
_USED, _ASKED, _MISSING, _IDLE, _LEFT_OUT = range(5)
_EMPTIED = "left empty, asked of the clinic"
_NOBODY_KNOWS = "a word that no condition knows, asked of the clinic"
_NOTHING = "nothing recorded in it"
_JOINED = "joined with another row of the patient"

#: A raw cell's address, and what a table made of it: its rank, and the column or the reason.
Address = tuple[Place, str]
Claim = tuple[int, str]


def row_account(journal: Journal) -> pd.DataFrame:
    """How many raw rows were used and how many left out, with the reason (``ROW_ACCOUNT``).

    A raw row counts once, also where it gives several clean rows: it is used where one of them is.
    """
    import pandas as pd

    counts = Counter(
        (table, place.file, place.sheet, outcome)
        for (table, place), outcome in _outcomes(journal).items()
    )
    counts.update(journal.rows)
    lines = [(*key, n) for key, n in sorted(counts.items()) if n]
    return conform(pd.DataFrame(lines, columns=names(ROW_ACCOUNT)), ROW_ACCOUNT)


def quarantine(cells: pd.DataFrame, journal: Journal) -> pd.DataFrame:
    """Every raw row that was left out though something stood in it (``QUARANTINE``).

    Rows that were joined with another or that record nothing for a table are no loss, and not here.
    """
    import pandas as pd

    kept = ("used", _JOINED, _NOTHING)
    reasons = {key: why for key, why in _outcomes(journal).items() if why not in kept}
    wanted = {place for _, place in reasons}
    content: dict[Place, list[str]] = {place: [] for place in wanted}
    columns = (cells[c] for c in ("SRCFILE", "SRCSHEET", "SRCROW", "HEADER", "VALUE"))
    for file, sheet, row, header, value in zip(*columns, strict=True):
        place = Place(file, sheet, int(row))
        if place in wanted:
            content[place].append(f"{header}: {value}" if isinstance(header, str) else value)
    lines = [
        (table, place.file, place.sheet, place.row, why, "; ".join(content[place]))
        for (table, place), why in reasons.items()
    ]
    return conform(pd.DataFrame(sorted(lines), columns=names(QUARANTINE)), QUARANTINE)


def _outcomes(journal: Journal) -> dict[tuple[str, Place], str]:
    """What became of each raw row of each table that asked for it."""
    outcomes: dict[tuple[str, Place], str] = {}
    for table, record in journal.made:
        key, reason = (table, record["_place"]), record.get("_dropped", "used")
        if reason == "used" and "_joined" in record:
            reason = _JOINED
        before = outcomes.get(key, reason)
        outcomes[key] = min(before, reason, key=_weight)
    return outcomes | {k: why for k, why in journal.left_out.items() if why != NOT_ASKED_FOR}


def _weight(outcome: str) -> tuple:
    order = ("used", _JOINED)
    return (
        order.index(outcome) if outcome in order else len(order),
        outcome == _NOTHING,
        outcome,
    )


def cell_account(cells: pd.DataFrame, study: dict, journal: Journal) -> pd.DataFrame:
    """What became of every cell of the export, counted by raw column (``CELL_ACCOUNT``).

    Each cell has one outcome; a cell that several clean columns were read from is used where one
    of them holds it, and ``TARGET`` names those that do. Raises ``RuntimeError`` where a cell that
    the study maps has no outcome, or an outcome has no cell: that is a fault of the code.
    """
    import pandas as pd

    redcap = Redcap.of(study)
    sheets = _Sheets(study, redcap)
    claims, unmet = _claims(study, journal)
    counts: Counter = Counter()
    columns = (cells[c] for c in ("SRCFILE", "SRCSHEET", "SRCROW", "COL", "HEADER", "KIND"))
    for file, sheet, row, col, header, kind in zip(*columns, strict=True):
        known = isinstance(header, str)
        col = col if isinstance(col, str) else None
        place = Place(file, sheet, int(row))
        keys = redcap.keys(header) if known else ()
        own = [claim for key in keys for claim in claims.get((place, key), ())]
        unmet.difference_update((place, key) for key in keys)
        if any((place, key) in journal.unfilled for key in keys):
            outcome = UNFILLED, ""
        elif own:
            outcome = _outcome(own)
        elif kind == DROPPED:
            outcome = "taken out before anything was written", ""
        elif known and kind in NO_VALUE:
            outcome = NO_VALUE[kind], ""
        else:
            outcome = sheets.unclaimed(place, header if known else None, keys), ""
        counts[(file, sheet, col, header if known else None, *outcome)] += 1
    if unmet:
        place, key = min(unmet, key=str)
        raise RuntimeError(f"a value of '{key}' at {place} that the export does not have")
    if sum(counts.values()) != len(cells):
        raise RuntimeError(f"{len(cells)} cells came in, {sum(counts.values())} are accounted for")
    # A correction may fill a column that the export left empty throughout: it has no letter.
    order = sorted(
        counts, key=lambda k: (k[0], k[1], len(k[2] or ""), k[2] or "", k[3] or "", *k[4:])
    )
    lines = [(*key[:5], key[5] or None, counts[key]) for key in order]
    return conform(pd.DataFrame(lines, columns=names(CELL_ACCOUNT)), CELL_ACCOUNT)


def _outcome(claims: list[Claim]) -> tuple[str, str]:
    """The outcome of a cell and the clean columns that hold it."""
    targets = sorted({text for rank, text in claims if rank == _USED})
    return ("used", ", ".join(targets)) if targets else (min(claims)[1], "")


def _claims(study: dict, journal: Journal) -> tuple[dict[Address, list[Claim]], set[Address]]:
    """What the tables made of each cell that they map, and the cells that a value was read from.

    The former has addresses of empty cells too: a condition may hold of an empty cell.
    """
    claims: dict[Address, list[Claim]] = {}
    read: set[Address] = set()

    def claim(place: Place, header: str, what: Claim, value: bool = False) -> None:
        key = header_key(header)
        address = (journal.filled.get((place, key), place), key)
        claims.setdefault(address, []).append(what)
        if value:
            read.add(address)

    for table, record in journal.made:
        _claim_record(table, record, study["tables"][table], claim)
    for (table, place), reason in journal.left_out.items():
        for header in headers_of(study["tables"][table]):
            claim(place, header, (_LEFT_OUT, f"row left out: {reason}"))
    return claims, read


def _claim_record(table: str, record: dict, spec: dict, claim) -> None:
    place, dropped = record["_place"], record.get("_dropped")
    left_out = (_LEFT_OUT, f"row left out: {dropped}")
    claim(place, spec["key"], left_out if dropped else (_USED, f"{table}.USUBJID"))
    for use in ("where", "newer_by"):
        for header in [spec[use]] if isinstance(spec.get(use), str) else spec.get(use, ()):
            claim(place, header, (_USED, f"{table} ({use})"))
    if "regimen" in spec:
        claim(
            place, spec["regimen"]["from"], left_out if dropped else (_USED, f"{table} (regimen)")
        )
    for name, (header, text) in record["_raw"].items():
        fate = left_out if dropped else _fate(table, name, record)
        if header and text:
            claim(place, header, fate, value=True)
    for header in record["_idle"].values():
        claim(place, header, (_IDLE, "its condition does not hold"))
    for header in record.get("_elsewhere", ()):
        claim(place, header, (_IDLE, "read from another sheet of the table"))
    for name, beside in record["_asked"].items():
        for header in beside:
            doubted = header in record["_doubted"]
            used = (_USED, f"{table}.{name} (condition or unit)")
            claim(place, header, (_ASKED, _NOBODY_KNOWS) if doubted else used)


def _fate(table: str, name: str, record: dict) -> Claim:
    """Whether the clean row holds a cell in the end, and if not, why."""
    row = record.get("_joined", record)
    columns = [name, *record["_beside"].get(name, ())]
    if name.endswith("DT"):
        columns.append(f"{name[:-2]}DY")
    if any(row.get(column) is not None for column in columns):
        return _USED, f"{table}.{name}"
    read = record["_why"].get(name)
    if read == "a word for missing":
        return _MISSING, read
    return _ASKED, read or _EMPTIED


class _Sheets:
    """What is said of a cell that no table claims."""

    def __init__(self, study: dict, redcap: Redcap) -> None:
        self.tables, self.redcap = study["tables"], redcap
        self.known: dict[tuple[str, str], tuple[set[str] | None, int]] = {}

    def unclaimed(self, place: Place, header: str | None, keys: tuple[str, ...]) -> str:
        if self.redcap.is_dictionary(place.file.split("/")[-1]):
            return "data dictionary"
        mapped, head = self._mapping(place.file, place.sheet)
        if header is None:
            return "title or header" if place.row <= head else "no header above it"
        if mapped is None:
            return "sheet not mapped"
        for key in keys:
            if key in mapped:
                raise RuntimeError(f"no account of '{header}' in row {place.row} of {place.file}")
        return self.redcap.own_column(header) or "column not mapped"

    def _mapping(self, file: str, sheet: str) -> tuple[set[str] | None, int]:
        """The normalised headers that tables map on a sheet, and its last header row."""
        if (file, sheet) not in self.known:
            specs = [s for s in self.tables.values() if fits(file, sheet, s, self.redcap)]
            mapped = set().union(*map(headers_of, specs)) if specs else None
            head = max([header_rows(spec, file, sheet)[-1] for spec in specs] or [1])
            self.known[(file, sheet)] = (mapped, head)
        return self.known[(file, sheet)]
