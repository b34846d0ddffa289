"""What the tables made of each raw cell: claims on cells, by sheet, header and row, as integers."""

from __future__ import annotations

import numpy as np

from venaza.contracts.grouping import grouped
from venaza.contracts.headers import header_key
from venaza.pipeline.clean.clean_table import MISSING, CleanColumns, CleanRow, Read
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.layout import headers_of

#: Where cells of one raw cell went to several columns, the first of these is its outcome.
_USED, _ASKED, _MISSING, _IDLE, _LEFT_OUT = range(5)
_EMPTIED = "left empty, asked of the clinic"
_NOBODY_KNOWS = "a word that no condition knows, asked of the clinic"

#: What a table made of a cell: its rank, and the column or the reason.
Claim = tuple[int, str]
#: A raw column: its file, its sheet, and its normalised header.
Address = tuple[str, str, str]
#: By file and sheet, which of some places lie there, and their rows.
Sheets = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]


class Claims:
    """The claims of every table on the cells of an export.

    A cell, also an empty one, has for its state the set of its claims: a position in ``sets``, kept
    for each raw column by row. ``read`` says of which cells a value was read, ``met`` which of them
    the export has.
    """

    def __init__(self, study: dict, journal: Journal) -> None:
        self.codes: dict[Claim, int] = {}
        self.sets: list[frozenset[int]] = [frozenset()]
        self.positions: dict[frozenset[int], int] = {frozenset(): 0}
        self.states: dict[Address, np.ndarray] = {}
        self.read: dict[Address, np.ndarray] = {}
        self.met: dict[Address, np.ndarray] = {}
        self.filled: dict[Address, dict[int, int]] = {}
        for (place, key), source in journal.filled.items():
            self.filled.setdefault((place.file, place.sheet, key), {})[place.row] = source.row
        self.unfilled: dict[Address, list[int]] = {}
        for place, key in journal.unfilled:
            self.unfilled.setdefault((place.file, place.sheet, key), []).append(place.row)
        for part in journal.made:
            self._claim_part(part, study["tables"][part.table])
        left_out: dict[tuple[str, str], list[Place]] = {}
        for (table, place), reason in journal.left_out.items():
            left_out.setdefault((table, reason), []).append(place)
        for table, rows, gone in journal.passed:
            left_out[(table, "not a row of the table")] = rows.export.places(rows.raw[gone])
        for (table, reason), places in left_out.items():
            code = self._code((_LEFT_OUT, f"row left out: {reason}"))
            where, every = _by_sheet(places), np.ones(len(places), dtype=bool)
            for header in headers_of(study["tables"][table]):
                self._claim(where, header, np.full(len(places), code), every)

    def outcomes(
        self, file: str, sheet: str, keys: tuple[str, ...], rows: np.ndarray
    ) -> tuple[np.ndarray, list[tuple[str, str] | None]]:
        """What became of the cells of a raw column in these ``rows``.

        The second has each outcome once (what is said of the cell, and the clean columns that hold
        it; None where nobody claims it), the first which one a cell has.
        """
        merged = np.zeros(len(rows), dtype=np.int64)
        for key in keys:
            address = (file, sheet, key)
            merged = merged * len(self.sets) + _at(self.states.get(address), rows)
            self.met[address] = _grown(self.met.get(address), rows)
            self.met[address][rows] = 1
        distinct, which = np.unique(merged, return_inverse=True)
        return which, [self._outcome(self._both(state, len(keys))) for state in distinct.tolist()]

    def not_filled_in(
        self, file: str, sheet: str, keys: tuple[str, ...], rows: np.ndarray
    ) -> np.ndarray:
        """Which of the cells are boxes of a form that nobody has filled in."""
        found = {row for key in keys for row in self.unfilled.get((file, sheet, key), ())}
        return np.isin(rows, list(found))

    def refuse_unmet(self) -> None:
        """Raise ``RuntimeError`` where a value was read from a cell that the export has not."""
        unmet = []
        for (file, sheet, key), rows in self.read.items():
            met = _at(self.met.get((file, sheet, key)), np.arange(len(rows)))
            lacking = np.flatnonzero(rows & (met == 0)).tolist()
            unmet += [(Place(file, sheet, row), key) for row in lacking]
        if unmet:
            place, key = min(unmet, key=str)
            raise RuntimeError(f"a value of '{key}' at {place} that the export does not have")

    def _both(self, state: int, keys: int) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        for _ in range(keys):
            state, own = divmod(state, len(self.sets))
            found |= self.sets[own]
        return found

    def _outcome(self, codes: frozenset[int]) -> tuple[str, str] | None:
        """The outcome of a cell and the clean columns that hold it; None where nobody claims it."""
        if not codes:
            return None
        known = list(self.codes)
        claims = [known[code] for code in codes]
        targets = sorted({text for rank, text in claims if rank == _USED})
        return ("used", ", ".join(targets)) if targets else (min(claims)[1], "")

    def _code(self, claim: Claim) -> int:
        return self.codes.setdefault(claim, len(self.codes))

    def _claim(
        self, where: Sheets, header: str, codes: np.ndarray, mask: np.ndarray, value: bool = False
    ) -> None:
        """Claim the cells under a header in the rows of a mask; ``value``: one was read from it."""
        key = header_key(header)
        for (file, sheet), (which, rows) in where.items():
            address, wanted = (file, sheet, key), mask[which]
            own = rows[wanted]
            if address in self.filled:
                filled = self.filled[address]
                own = np.array([filled.get(row, row) for row in own.tolist()], dtype=np.int64)
            if not len(own):
                continue
            self.states[address] = _grown(self.states.get(address), own)
            self._add(self.states[address], own, codes[which][wanted])
            if value:
                self.read[address] = _grown(self.read.get(address), own)
                self.read[address][own] = 1

    def _add(self, states: np.ndarray, rows: np.ndarray, codes: np.ndarray) -> None:
        """Add a claim to the state of each row, which may be named several times."""
        many = len(self.codes)
        pairs = np.unique(rows * many + codes)
        while len(pairs):
            first = np.ones(len(pairs), dtype=bool)
            first[1:] = pairs[1:] // many != pairs[:-1] // many
            own, added = np.divmod(pairs[first], many)
            moves, which = np.unique(states[own] * many + added, return_inverse=True)
            states[own] = np.array([self._moved(*divmod(m, many)) for m in moves.tolist()])[which]
            pairs = pairs[~first]

    def _moved(self, state: int, code: int) -> int:
        """The state of a cell that gets another claim."""
        wanted = self.sets[state] | {code}
        if wanted not in self.positions:
            self.positions[wanted] = len(self.sets)
            self.sets.append(wanted)
        return self.positions[wanted]

    def _claim_part(self, part: CleanColumns, spec: dict) -> None:
        """The claims of the rows that a record gave."""
        where, out = _by_sheet(part.places), part.left_out()
        every = np.ones(len(part), dtype=bool)
        left = {why: self._code((_LEFT_OUT, f"row left out: {why}")) for why in set(part.dropped)}
        gone = np.array([left[why] for why in part.dropped], dtype=np.int64)

        def used(text: str) -> np.ndarray:
            return np.full(len(part), self._code((_USED, f"{part.table}{text}")))

        self._claim(where, spec["key"], np.where(out, gone, used(".USUBJID")), every)
        for use in ("where", "newer_by"):
            for header in [spec[use]] if isinstance(spec.get(use), str) else spec.get(use, ()):
                self._claim(where, header, used(f" ({use})"), every)
        if "regimen" in spec:
            codes = np.where(out, gone, used(" (regimen)"))
            self._claim(where, spec["regimen"]["from"], codes, every)
        for name, reads in part.reads.items():
            self._claim_column(part, where, name, reads, np.where(out, gone, -1))
        elsewhere = np.full(len(part), self._code((_IDLE, "read from another sheet of the table")))
        for header in part.elsewhere:
            self._claim(where, header, elsewhere, every)
        alone = np.where(out, gone, self._code((_IDLE, "no value beside it")))
        for header, rows in part.unused:
            self._claim(where, header, alone, rows)
        for name, header, rows in part.asked:
            codes = used(f".{name} (condition or unit)")
            doubted = [i for i, some in part.facts.get("doubted", {}).items() if header in some]
            codes[doubted] = self._code((_ASKED, _NOBODY_KNOWS))
            self._claim(where, header, codes, every if rows is None else rows)

    def _claim_column(
        self, part: CleanColumns, where: Sheets, name: str, reads: list[Read], codes: np.ndarray
    ) -> None:
        """The claims of a clean column: it holds the cells, or why not (but for rows left out)."""
        kept = codes < 0
        codes[kept] = self._fates(part, name, reads)[kept]
        distinct = dict.fromkeys(reads)
        idle = self._code((_IDLE, "its condition does not hold"))
        for header in dict.fromkeys(read.header for read in distinct if read.header):
            filled = {read: read.filled and read.header == header for read in distinct}
            self._claim(where, header, codes, _mask(filled, reads), value=True)
            if any(read.idle for read in distinct):
                passed = {read: read.idle and read.header == header for read in distinct}
                self._claim(where, header, np.full(len(part), idle), _mask(passed, reads))

    def _fates(self, part: CleanColumns, name: str, reads: list[Read]) -> np.ndarray:
        """Whether each clean row holds a cell in the end, and if not, why."""
        whys = {read: self._why(read.why) for read in dict.fromkeys(reads)}
        codes = np.array([whys[read] for read in reads], dtype=np.int64)
        for (i, column), why in part.whys.items():
            if column == name:
                codes[i] = self._why(why)
        held = np.zeros(len(part), dtype=bool)
        for column in (name, f"{name[:-2]}DY") if name.endswith("DT") else (name,):
            held |= np.array([v is not None for v in part.column(column)], dtype=bool)
        besides = {read for read in whys if read.reading is not None and read.reading.beside}
        for i, read in enumerate(reads) if besides else ():
            held[i] = held[i] or (read in besides and _holds(CleanRow(part, i), name, read))
        for i, row in part.facts.get("joined", {}).items():
            held[i] = _holds(row, name, reads[i])
        codes[held] = self._code((_USED, f"{part.table}.{name}"))
        return codes

    def _why(self, why: str | None) -> int:
        return self._code((_MISSING, why) if why == MISSING else (_ASKED, why or _EMPTIED))


def _holds(row: CleanRow, name: str, read: Read) -> bool:
    """Whether a row holds a value of a column, or what its cell said of others."""
    columns = [name, *(read.reading.beside if read.reading else ())]
    if name.endswith("DT"):
        columns.append(f"{name[:-2]}DY")
    return any(row.get(column) is not None for column in columns) or row.span(name) is not None


def _mask(wanted: dict[Read, bool], reads: list[Read]) -> np.ndarray:
    return np.array([wanted[read] for read in reads], dtype=bool)


def _by_sheet(places: list[Place]) -> Sheets:
    """Which of some places are on each sheet, and in which rows."""
    found = grouped(range(len(places)), lambda i: places[i][:2])
    return {
        sheet: (np.array(which), np.array([places[i].row for i in which], dtype=np.int64))
        for sheet, which in found.items()
    }


def _grown(states: np.ndarray | None, rows: np.ndarray) -> np.ndarray:
    """A number for each row of a sheet, 0 where there was none; as long as ``rows`` need."""
    before = np.zeros(0, dtype=np.int32) if states is None else states
    lacking = int(rows.max(initial=0)) + 1 - len(before)
    return np.concatenate([before, np.zeros(max(lacking, 0), dtype=np.int32)])


def _at(states: np.ndarray | None, rows: np.ndarray) -> np.ndarray:
    """The numbers of some rows of a sheet; 0 behind the last."""
    if states is None or not len(states):
        return np.zeros(len(rows), dtype=np.int64)
    within = rows < len(states)
    return np.where(within, states[np.minimum(rows, len(states) - 1)], 0).astype(np.int64)
