"""One record of a table's mapping over raw rows: each column read once for each distinct text."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.headers import header_key, named_by
from venaza.contracts.text import tidy
from venaza.pipeline.clean.by_cycle import says_nothing, waits_for_its_cycle
from venaza.pipeline.clean.cell import Reading, read_cell
from venaza.pipeline.clean.clean_table import (
    MISSING,
    NOTHING,
    CleanColumns,
    CleanRow,
    Read,
    Sources,
    spread,
)
from venaza.pipeline.clean.date_rules import Stored
from venaza.pipeline.clean.doubts import Doubts
from venaza.pipeline.clean.export import numbered
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.labs import LIMITS, read_ranges, specimen_first, standardise, why_not
from venaza.pipeline.clean.raw_table import Entry, RawColumn, RawTable
from venaza.pipeline.clean.value_label import read_value

#: Why a cell is not read: the condition of its column does not hold, or its row is left out.
_IDLE, _LEFT_OUT = 1, 2
#: The columns of a laboratory row that decide whether it counts.
_DECIDES = ("LBSPEC", "LBTESTCD")


@dataclass
class Reader:
    """What the records of a table are read by, and what they leave to be said in order of the rows.

    ``later`` holds that by raw row, record and step.
    """

    table: str
    known: dict[str, Column]
    study: dict
    needed: tuple[str, ...]
    doubts: Doubts
    journal: Journal
    later: list[tuple] = field(default_factory=list)

    @property
    def spec(self) -> dict:
        """The table of the study file."""
        return self.study["tables"][self.table]

    def tell(self) -> None:
        """Ask, and count what conditions said, row by row."""
        for *_, say, told in sorted(self.later, key=lambda each: each[:3]):
            say(told)


class Record:
    """The clean rows that one record gives of some raw rows of a table."""

    def __init__(
        self, raw: RawTable, at: list[int], number: int, elsewhere: list[str], reader: Reader
    ) -> None:
        self.raw, self.number, self.reader = raw, number, reader
        self.made = CleanColumns(reader.table, raw.patients, raw.places, at, elsewhere)
        self.step = 0
        self.beside: list[tuple[str, np.ndarray]] = []

    def read(self, mapping: dict, needed: tuple[str, ...]) -> CleanColumns:
        """Read every column; then leave out the rows that lack one of those ``needed``."""
        ordered = specimen_first(mapping) if self.reader.table == "labs" else mapping
        for self.step, (name, how) in enumerate(ordered.items()):
            self._read_column(name, how)
        self.step += 1
        self._leave_out(needed)
        if self.reader.table == "labs":
            standardise(self.made, self.reader.study, self.reader.journal, self.ask)
        if self.reader.table == "adverse_events":
            self._code_events(mapping)
        return self.made

    def ask(self, index: int, rule: str, said: dict, **where) -> None:
        """Ask about a row, once its turn has come."""
        journal, made = self.reader.journal, self.made
        where = {"patient": made.patients[index], "place": made.places[index], **where}
        where["table"] = made.table
        self._later(index, lambda told: journal.ask(rule, said, **told), where)

    def unknown(self, index: int, word: dict) -> None:
        """Note a word that no vocabulary knows, once the row's turn has come."""
        self._later(index, self.reader.journal.unknown.append, word)

    def change(self, index: int, name: str, text: str, shown, rule: str, header) -> None:
        """Note a change to a value of a row."""
        who, place = self.made.patients[index], self.made.places[index]
        self.reader.journal.change(who, self.made.table, name, text, shown, rule, place, header)

    def _later(self, index: int, say, told) -> None:
        self.reader.later.append((self.made.at[index], self.number, self.step, say, told))

    def note(self, name: str, cells: list, rows: np.ndarray | None = None, first=False) -> None:
        """Note the raw cells (normalised header, role) that a column comes from."""
        self.load(cells)
        self.made.sources.append(Sources(name, cells, rows, first))

    def load(self, cells: list) -> None:
        """Have the numbers of raw cells at hand."""
        for header in {header for header, _ in cells if header is not None} - set(self.made.cells):
            column = self.raw.column(header)
            self.made.cells[header] = column.numbers
            self.made.corrected[header] = column.corrected

    def own_cells(self) -> list[tuple[str, str]]:
        """The cell with the patient's number, and those by which the table takes a row."""
        spec = self.reader.spec
        asked = [*spec.get("where", ())]
        asked += [spec["regimen"]["from"]] if "regimen" in spec else []
        cells = [(header_key(spec["key"]), "key")]
        cells += [(header_key(header), "condition") for header in asked]
        self.load(cells)
        return cells

    def _read_column(self, name: str, how: dict) -> None:
        made, header = self.made, how.get("from")
        made.asked += [(name, asked, None) for asked in how.get("when", {})]
        out = made.left_out()
        idle = self._idle(name, how, out) if how.get("when") else np.zeros(len(made), dtype=bool)
        distinct, which = self._distinct(name, how, out, idle)
        made.reads[name] = spread(distinct, which)
        read = np.array([r.reading is not None for r in distinct], dtype=bool)[which]
        self._tell(name, how, distinct, which)
        self._put(name, distinct, which, read)
        self._note_cells(name, how, read, out, idle)
        if out.any():
            for other in (h for h in named_by(how) if h != header):
                made.asked.append((name, other, out & self._filled(other)))
        for beside in (how[key] for key in ("unit_from", "range_from") if key in how):
            made.unused.append((beside, self._filled(beside) & ~(read | out)))
        if "unit_from" in how:
            made.asked.append((name, how["unit_from"], read & self._filled(how["unit_from"])))
        if made.table == "labs":
            self._of_labs(name, how, read)

    def _filled(self, header: str) -> np.ndarray:
        """The rows with something under a header."""
        return self.raw.column(header).each(lambda entry: entry.text != "", bool)

    def _idle(self, name: str, how: dict, out: np.ndarray) -> np.ndarray:
        """The rows, of those that are not left out, for which the conditions do not hold."""
        reader, known = self.reader, {}
        idle = np.zeros(len(self.made), dtype=bool)
        codes = (self.raw.column(header).codes.tolist() for header in how["when"])
        for i, key in enumerate(zip(*codes, strict=True)):
            if out[i]:
                continue
            row = self.raw.row(i)
            if key not in known:
                known[key] = reader.doubts.judge(row, how)
            idle[i] = not known[key].applies
            if doubted := known[key].doubted:
                CleanRow(self.made, i).doubted |= doubted
            self._later(i, lambda told: reader.doubts.note(*told), (row, name, how, known[key]))
        return idle

    def _distinct(self, name: str, how: dict, out, idle) -> tuple[list[Read], np.ndarray]:
        """What the cells of a column are, each kind once, and which of them each row has.

        Cells of one text, label, unit and way of being stored are read once.
        """
        header, given = how.get("from"), self._given(how)
        raw = self.raw.column(header) if header else given
        units = self.raw.column(how["unit_from"]) if "unit_from" in how else None
        kinds, many = _LEFT_OUT * out + _IDLE * idle, max(len(given.entries), len(raw.entries))
        codes = np.where(kinds == 0, given.codes, raw.codes) + many * kinds.astype(np.int64)
        if units is not None:
            codes = codes * len(units.entries) + units.codes
        which, first = numbered(codes)
        found = []
        for i in first.tolist():
            row = self.raw.row(i)  # a fault in the reading of a text names the patient of this row
            if kinds[i] == 0:
                unit = row.text(how["unit_from"]) if units is not None else None
                found.append(self._read(name, how, given.entries[given.codes[i]], unit))
            else:
                text = row.text(header) if header else ""
                found.append(Read(header, text, said=bool(kinds[i] == _LEFT_OUT)))
        return found, which

    def _given(self, how: dict) -> RawColumn:
        """The raw column that a clean one is read from; of a constant, a column of it."""
        if "constant" not in how:
            return self.raw.column(how["from"])
        codes, zeros = pd.factorize(np.array(self.raw.day_zero, dtype=object))
        entries = [Entry(str(how["constant"]), "", Stored(zero)) for zero in zeros]
        nothing = np.zeros(len(codes), dtype=np.int64)
        return RawColumn(codes, entries, nothing, nothing.astype(bool))

    def _read(self, name: str, how: dict, entry: Entry, unit: str | None) -> Read:
        header, study = how.get("from"), self.reader.study
        if entry.text == "":
            return Read(header, "")
        label = entry.label
        if not label and "constant" not in how:
            label = self.raw.redcap.box_code(header, entry.text)
        column = self.reader.known[name]
        reading = read_value(entry.text, label, column, how, study, unit, entry.stored)
        words_asked = study["vocabulary"]["unmapped"] == "query"
        return Read(header, entry.text, reading, label=entry.label, words_asked=words_asked)

    def _tell(self, name: str, how: dict, distinct: list[Read], which: np.ndarray) -> None:
        """Log what a column changed, and ask about what it could not read."""
        made, readings = self.made, [read.reading or Reading() for read in distinct]
        doubtful = [bool(r.problem or r.unknown is not None or r.doubt) for r in readings]
        for i in np.flatnonzero(np.array(doubtful, dtype=bool)[which]).tolist():
            read = distinct[which[i]]
            self._note_reading(i, name, how, read.header, read.text, read.label, read.reading)
        changed = [bool(r.rule) and not odd for r, odd in zip(readings, doubtful, strict=True)]
        told = [
            (read.text, _shown(r.value), r.rule) for read, r in zip(distinct, readings, strict=True)
        ]
        rows = np.flatnonzero(np.array(changed, dtype=bool)[which])
        lines = [
            (made.patients[i], *told[code], made.places[i])
            for i, code in zip(rows.tolist(), which[rows].tolist(), strict=True)
        ]
        self.reader.journal.change_all(made.table, name, how.get("from"), lines)

    def _note_reading(self, i: int, name: str, how, header, text, label, reading: Reading) -> None:
        made, place = self.made, self.made.places[i]
        if reading.unknown is not None:
            about = {"table": made.table, "column": name, "header": header, "how": how}
            about |= {**place._asdict(), "known": reading.unknown}
            self.unknown(i, {**about, "value": tidy(label or text)})
        if reading.problem and not reading.asked:
            said = {"header": header, "problem": reading.problem}
            self.ask(i, "unreadable_value", said, column=name, value=text, header=header)
        elif reading.rule and not reading.problem:
            if reading.doubt:
                said = {"header": header, "text": tidy(label or text)}
                self.ask(i, reading.doubt, said, column=name, value=text, header=header)
            self.change(i, name, text, _shown(reading.value), reading.rule, header)

    def _put(self, name: str, distinct: list[Read], which: np.ndarray, read: np.ndarray) -> None:
        """The values of a column, and what its cells said of others."""
        made, values = self.made, spread((r.value for r in distinct), which)
        if name in made.columns:  # another column has said something of it
            before = zip(values, read.tolist(), made.columns[name], strict=True)
            values = [value if mine else old for value, mine, old in before]
        made.columns[name] = values
        besides = np.array([bool(_besides(r)) for r in distinct], dtype=bool)
        for i in np.flatnonzero(besides[which]).tolist():
            for other, value in _besides(distinct[which[i]]).items():
                if other.startswith("_"):
                    made.spans.setdefault(other[1:], {})[i] = value
                else:
                    made.put(other, i, value)
        for other in sorted({o for r in distinct for o in _besides(r) if not o.startswith("_")}):
            rows = np.array([other in _besides(r) for r in distinct], dtype=bool)
            self.beside.append((other, rows[which]))

    def _note_cells(self, name: str, how: dict, read: np.ndarray, out, idle) -> None:
        """Note the raw cells of a column, and of those that its cells spoke of."""
        header = how.get("from")
        conditions = [(header_key(h), "condition") for h in how.get("when", {})]
        value = [(None, "constant")] if "constant" in how else [(header_key(header), "value")]
        unit = [(header_key(how["unit_from"]), "unit")] if "unit_from" in how else []
        if "when" in how:
            denied = [(header_key(header), "idle")] if header else []
            self.note(name, denied + conditions, idle, first=True)
            self.note(name, conditions, ~(idle | read | out), first=True)
        cells = value + conditions + unit
        self.note(name, cells, None if read.all() else read)
        for other, rows in self.beside:
            self.note(other, cells, rows)
        self.beside = []

    def _of_labs(self, name: str, how: dict, read: np.ndarray) -> None:
        """What a laboratory row says beside a column: whether it counts, its limits of normal."""
        made = self.made
        if name in _DECIDES:
            nothing = [None] * len(made)
            pairs = list(zip(*(made.reads.get(each) or nothing for each in _DECIDES), strict=True))
            known = {pair: why_not(*pair, self.reader.study) for pair in set(pairs)}
            for i in np.flatnonzero(read).tolist():
                made.dropped[i] = known[pairs[i]] or None
        if name == "LBSTRESN" and "range_from" in how:
            texts, rows = self.raw.texts(how["range_from"]), read & self._filled(how["range_from"])
            missing = self.reader.study["vocabulary"]["missing"]
            read_ranges(made, how["range_from"], texts, rows, how.get("decimal", ""), missing)
            for limit in LIMITS:
                self.note(limit, [(header_key(how["range_from"]), "value")], rows)
            made.asked.append((name, how["range_from"], rows))

    def _leave_out(self, needed: tuple[str, ...]) -> None:
        """Leave out the rows that lack a column without which they say nothing."""
        made, spec = self.made, self.reader.spec
        waiting: set[int] = set()
        if "dated_by_cycles" in spec:
            for row in (CleanRow(made, i) for i in range(len(made)) if made.dropped[i] is None):
                if waits_for_its_cycle(row, spec):
                    waiting.add(row.index)
                    row.dropped = says_nothing(row) or None
        columns = [made.columns.get(name) or [None] * len(made) for name in needed]
        lacking = zip(*columns, strict=True)
        for i, found in enumerate(lacking):
            if None in found and made.dropped[i] is None and i not in waiting:
                made.dropped[i] = self._incomplete(i, needed[found.index(None)], needed)

    def _incomplete(self, index: int, lacking: str, needed: tuple[str, ...]) -> str:
        """Why a row is left out; one that holds something but lacks its date is a query."""
        row = CleanRow(self.made, index)
        header, text = row.raw(lacking, (None, ""))
        # A day with a column for each test says nothing of the tests that were not done.
        wide = ("LBDT",) if row.raw("LBTESTCD", ("", ""))[0] is None else ()
        apart = (*needed, *wide)
        rest = [name for name, read in row.reads() if read.filled and name not in apart]
        if not rest and text == "":
            return NOTHING
        if text == "":
            said = {"header": header or lacking}
            self.ask(index, "row_without_key_value", said, column=lacking, value="", header=header)
        return "what it hangs on is missing"

    def _code_events(self, mapping: dict) -> None:
        """The CTCAE term: of its own column where that is mapped and filled, else of AETERM."""
        made, name = self.made, "AEDECOD"
        if "AETERM" not in made.reads:
            return
        header = mapping["AETERM"].get("from")
        how = {"from": header, "values": mapping["AETERM"].get("values", {})}
        column = Column(name, "string", "CTCAE term")
        known: dict[str, Reading] = {}
        own, terms = made.column(name), made.reads["AETERM"]
        rows = np.zeros(len(made), dtype=bool)
        for i, why in enumerate(made.dropped):
            given = own[i] is not None or (CleanRow(made, i).why(name) or MISSING) != MISSING
            if why is not None or given:
                continue
            text = terms[i].text
            if text not in known:
                known[text] = read_cell(text, column, how, self.reader.study, None)
            reading, rows[i] = known[text], True
            if reading.rule or reading.problem or reading.unknown:
                self._note_reading(
                    i, name, how, header, text, self.raw.row(i).label(header), reading
                )
            made.put(name, i, reading.value)
        made.note_like("AETERM", name, rows)


def _besides(read: Read) -> dict:
    """What a cell said of other columns: their values, and (``_XDT``) the days of a date."""
    if read.reading is None:
        return {}
    beside = read.reading.beside
    return {n: value for n, value in beside.items() if n[0] != "_" or n.endswith("DT")}


def _shown(value: object) -> str | None:
    return None if value is None else str(value)
