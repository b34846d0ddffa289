"""What conditions leave open: words that nobody knows, empty cells, events without their date."""

from __future__ import annotations

from dataclasses import dataclass, field

from venaza.contracts.columns import Column
from venaza.contracts.text import tidy
from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.conditions import EMPTY, KNOWN, UNKNOWN, Conditions
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.raw_table import RawRow

#: Columns beside the dates on which an event hangs.
_EVENTS = ("SURVSTAT", "RSINV")
_SHOWN = 5


@dataclass
class _Header:
    """What the cells of one condition column say, over all rows of the table."""

    unknown: dict[str, dict] = field(default_factory=dict)
    empty: dict = field(default_factory=dict)
    said: set = field(default_factory=set)
    yes: dict[str, int] = field(default_factory=dict)
    no: int = 0


@dataclass(frozen=True)
class Judgement:
    """Whether each condition (header) of a column holds, and what its cell says (``says``)."""

    held: dict[str, bool]
    said: dict[str, str]

    @property
    def applies(self) -> bool:
        """Whether all of them hold."""
        return all(self.held.values())

    @property
    def denying(self) -> list[str]:
        """The headers whose cell is known to say something else."""
        return [h for h, held in self.held.items() if self.said[h] == KNOWN and not held]

    @property
    def doubted(self) -> set[str]:
        """The headers on which it hangs, whose word nobody knows."""
        open_ones = () if self.denying else self.held
        return {h for h in open_ones if not self.held[h] and self.said[h] == UNKNOWN}


class Doubts:
    """Gathers what the conditions of a table leave open, row by row, and asks at the end.

    Of a table whose rows are joined by patient, a patient is asked about once, and not where
    another of his rows has the answer.
    """

    def __init__(self, table: str, known: dict[str, Column], conditions: Conditions) -> None:
        self.table, self.known, self.conditions = table, known, conditions
        self.headers: dict[str, _Header] = {}
        self.undated: dict[tuple, tuple] = {}
        self.dated: set[tuple] = set()
        self.denied: dict[tuple[str, str], list[tuple]] = {}
        self.denied_empty: dict[tuple[str, str], int] = {}

    def judge(self, row: RawRow, how: dict) -> Judgement:
        """What the conditions of a column say of a row: it is the same of equal cells."""
        wanted = how["when"]
        held = {h: self.conditions.holds(row.entry(h), h, words) for h, words in wanted.items()}
        said = {h: KNOWN if held[h] else self.conditions.says(row.entry(h), h) for h in wanted}
        return Judgement(held, said)

    def note(self, row: RawRow, name: str, how: dict, judged: Judgement) -> None:
        """Count what the conditions of a column say of a row."""
        held, said = judged.held, judged.said
        for header in held:
            self._count(row, header, held[header], said[header])
        if judged.applies:
            self._value(row, name, how)
        elif judged.denying:
            self._deny(row, name, how, judged.denying[0])
        else:
            for header in (h for h in held if not held[h]):
                self._doubt(row, name, how, header, said[header])

    def ask(self, made: list[CleanRow], journal: Journal, few: int) -> None:
        """Put the questions; a word in ``few`` cells or more is asked once for the column.

        ``made`` are the clean rows: of a patient recorded dead, ``dead_without_date`` asks.
        """
        dead = {row["USUBJID"] for row in made if row.get("SURVSTAT") == "DEAD"}
        for header, found in self.headers.items():
            for word, cells in found.unknown.items():
                self._ask_word(header, word, list(cells.values()), few, journal)
            answered = {who: cell for who, cell in found.empty.items() if who not in found.said}
            if answered and found.no:
                self._ask_empty(header, list(answered.values()), few, journal)
            elif answered and (found.yes or self._on_event(answered)):
                self._tell_empty(header, found, list(answered.values()), journal)
        for key, (row, name, source, header, wanted) in self.undated.items():
            if key not in self.dated and not (name == "DTHDT" and row.patient in dead):
                said = {"header": header, "word": wanted, "source": source, "column": name}
                rule = "event_without_date" if self._event(name) else "condition_without_value"
                journal.ask_of_raw(rule, row, self.table, said, header=header, column=name)
        self._ask_denied(journal)

    def _deny(self, row: RawRow, name: str, how: dict, header: str) -> None:
        """Note the cell of a date whose event another cell denies."""
        if self.known[name].dtype != "date" or "constant" in how:
            return
        key = (name, how["from"])
        if tidy(row.text(how["from"])) == "":
            self.denied_empty[key] = self.denied_empty.get(key, 0) + 1
        else:
            self.denied.setdefault(key, []).append((row, header))

    def _ask_denied(self, journal: Journal) -> None:
        """Ask about the dates of events that another column denies.

        Not of a column that more than half of those rows fill, or that is read elsewhere too: it
        holds the event or the last contact.
        """
        for (name, source), cells in self.denied.items():
            few = len(cells) <= self.denied_empty.get((name, source), 0)
            if not few or self.conditions.reads_elsewhere(source, name):
                continue
            for row, header in cells:
                said = {"header": header, "word": row.text(header), "source": source}
                said |= {"text": row.text(source), "column": name}
                at = {"header": source, "column": name}
                journal.ask_of_raw("date_against_condition", row, self.table, said, **at)

    def _who(self, row: RawRow):
        return row.patient if self.table == "patients" else row.place

    def _event(self, name: str) -> bool:
        return self.known[name].dtype == "date" or name in _EVENTS

    def _on_event(self, cells: dict) -> bool:
        return any(self._event(name) for _, names in cells.values() for name in names)

    def _count(self, row: RawRow, header: str, held: bool, said: str) -> None:
        found = self.headers.setdefault(header, _Header())
        if said != EMPTY:
            found.said.add(self._who(row))
        if held:
            word = tidy(row.text(header))
            found.yes[word] = found.yes.get(word, 0) + 1
        elif said == KNOWN:
            found.no += 1

    def _value(self, row: RawRow, name: str, how: dict) -> None:
        """Note whether a column whose condition holds has a cell to be read."""
        if "constant" in how:
            return
        key = (self._who(row), name)
        header, words = next(iter(how["when"].items()))
        if tidy(row.text(how["from"])) == "" and words != [""]:
            self.undated.setdefault(key, (row, name, how["from"], header, row.text(header)))
        else:
            self.dated.add(key)

    def _doubt(self, row: RawRow, name: str, how: dict, header: str, said: str) -> None:
        found = self.headers[header]
        if said == UNKNOWN:
            cells = found.unknown.setdefault(tidy(row.text(header)), {})
            cells.setdefault(row.place, (row, []))[1].append(name)
        elif "constant" not in how:
            hangs = self.table == "patients" or tidy(row.text(how["from"])) != ""
            if hangs:
                found.empty.setdefault(self._who(row), (row, []))[1].append(name)

    def _ask_word(self, header: str, word: str, cells: list, few: int, journal: Journal) -> None:
        problem = f"no condition of the study file names '{word}'"
        self._put(header, word, problem, cells, few, journal)

    def _ask_empty(self, header: str, cells: list, few: int, journal: Journal) -> None:
        problem = "the cell is empty where other rows have an answer"
        self._put(header, None, problem, cells, few, journal)

    def _put(self, header, word, problem: str, cells: list, few: int, journal: Journal) -> None:
        """One question for each cell, or one for all of them."""
        whole = len(cells) >= few
        if whole:
            rows = ", ".join(str(row.place.row) for row, _ in cells[:_SHOWN])
            more = ", ..." if len(cells) > _SHOWN else ""
            problem += f" ({len(cells)} cells: rows {rows}{more})"
        for row, names in cells[:1] if whole else cells:
            column = next((name for name in names if self._event(name)), names[0])
            rule = "unknown_condition" if self._event(column) else "unknown_condition_value"
            said = {"header": header, "problem": problem, "column": column}
            patient = None if whole else row.patient
            where = {"table": self.table, "column": column, "value": word, "header": header}
            journal.ask(rule, said, patient=patient, place=row.place, **where)

    def _tell_empty(self, header: str, found: _Header, cells: list, journal: Journal) -> None:
        """One answer is ever written, or none: an empty cell is "no", and it is said so."""
        words = " and ".join(f"'{word}'" for word in sorted(found.yes))
        says = f"says {words} or nothing" if words else "says nothing in any row"
        said = {"header": header, "says": says, "n": len(cells)}
        row, names = cells[0]
        where = {"table": self.table, "column": names[0], "header": header}
        journal.ask("condition_empty", said, place=row.place, **where)
