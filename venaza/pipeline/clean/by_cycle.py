"""Responses without a date of their own, dated by the cycles that they followed, as declared."""

from __future__ import annotations

import datetime as dt

from venaza.pipeline.clean.clean_table import MISSING, NOTHING, CleanRow, Origin
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.origins import computed

#: CDISC's imputation flag of a date that was not recorded at all.
FLAG = "Y"
#: What the log says of a response so dated, and of one that took the date of its event.
DATED, BY_EVENT = "dated by the cycles", "dated by the column of its event"
#: Why records do not count.
NO_START = "no start of its cycle is known"
_TAKEN = "gave its date to the response of a cycle"
#: Responses that a recorded date of remission may be of, the likelier ones first, and a relapse.
_EVENTS = {"CR": (("CR", "CRh", "CRi", "CRp"), ("MLFS",)), "RELAPSE": (("RELAPSE",),)}
#: Dates that a response does not lie behind: table, column, what the log calls it, and whether they
#: count on the first day of the cycle too (a later therapy of that day is the cycle itself).
_BOUNDS = (
    ("patients", "DTHDT", "the death", True),
    ("patients", "LSTALVDT", "the last contact", True),
    ("transplants", "TXDT", "the transplant", False),
    ("therapies", "CMSTDT", "the next therapy", False),
)


def waits_for_its_cycle(row: CleanRow, spec: dict) -> bool:
    """Whether a record has no date and will be given that of its cycle."""
    if "dated_by_cycles" not in spec or row.get("CYCLE") is None:
        return False
    return row.get("RSDT") is None and (row.why("RSDT") or MISSING) == MISSING


def says_nothing(row: CleanRow) -> str:
    """The reason to leave out a record that has no more than its cycle; empty where it says more.

    A cell that could not be read is something: it is asked about.
    """
    for name, read in row.reads():
        if name in ("CYCLE", "RSDT"):
            continue
        beside = read.reading is not None and read.reading.beside
        if row.get(name) is not None or beside or (row.why(name) or MISSING) != MISSING:
            return ""
    return NOTHING


def date_by_cycles(tables: dict[str, list[CleanRow]], study: dict, journal: Journal) -> None:
    """Date the responses that have a cycle and no date; rows without a start are left out.

    ``dated_by_cycles`` of the table says how: at the start of the next cycle, or so many ``days``
    after the start of their own, which is also the day of the last one. Cycle 1 starts on the
    index date where no row has it; with ``every`` each further cycle that no row has starts so many
    days after the one before. No computed day lies behind the patient's death, last contact,
    transplant or next therapy. A remission or relapse that a column of its own dates takes that
    date. Each is in the cleaning log; what was computed has the flag ``Y``, and is the query
    ``dated_by_cycles``, one for all.
    """
    rule = study["tables"].get("responses", {}).get("dated_by_cycles")
    if rule is None:
        return
    spec = study["tables"]["responses"]
    courses = _courses(tables, rule)
    own: dict[str, list[CleanRow]] = {}
    waiting: dict[str, list[CleanRow]] = {}
    for row in tables["responses"]:
        own.setdefault(row["USUBJID"], []).append(row)
        if waits_for_its_cycle(row, spec):
            waiting.setdefault(row["USUBJID"], []).append(row)
    computed = []
    for patient, rows in waiting.items():
        rows.sort(key=lambda row: row["CYCLE"])
        course = courses.get(patient) or _Course({}, None, [], rule)
        computed += [row for row in rows if _compute(row, course, journal)]
        for event, choices in _EVENTS.items():
            _take_date(event, choices, rows, own[patient], course, journal)
    tables["responses"] = [row for row in tables["responses"] if row.dropped is None]
    computed = [row for row in computed if row.by_cycle is not None]
    for row in computed:
        at = (None, str(row["RSDT"]), DATED, row.place, None, row.by_cycle)
        journal.change(row["USUBJID"], "responses", "RSDT", *at)
    if computed:
        first = min(computed, key=lambda r: (*r.place, r["CYCLE"]))
        journal.ask_of_row("dated_by_cycles", first, "responses", "RSDT", {"n": len(computed)})


class _Course:
    """The starts of a patient's cycles, and the dates behind which no response of theirs lies."""

    def __init__(self, starts: dict, index: object, bounds: list[tuple], rule: dict) -> None:
        self.starts, self.index, self.bounds, self.rule = starts, index, bounds, rule
        #: The raw cells of each start, by cycle; those of the index date under None.
        self.cells: dict[int | None, list[Origin]] = {}

    def start(self, cycle: int) -> object:
        """The day on which a cycle starts; None where nothing says it."""
        if cycle in self.starts:
            return self.starts[cycle]
        if cycle == 1:
            return self.index
        if "every" not in self.rule or cycle < 1:
            return None
        before = self.start(cycle - 1)
        return None if before is None else _plus(before, self.rule["every"])

    def cells_of(self, cycle: int) -> list[Origin]:
        """The raw cells that the start of a cycle comes from."""
        while cycle not in self.starts and cycle > 1:
            cycle -= 1
        return self.cells.get(cycle if cycle in self.starts else None, [])

    def day(self, cycle: int) -> tuple[object, str, list[Origin]]:
        """The day of the response to a cycle, where it comes from in words, and the raw cells."""
        start, days = self.start(cycle), self.rule["days"]
        later = [(s, n) for n, s in self.starts.items() if n > cycle and s > start]
        if cycle + 1 not in self.starts and "every" in self.rule:
            later.append((self.start(cycle + 1), cycle + 1))
        found, how = _plus(start, days), f"{days} days after the start of cycle {cycle}"
        cells = self.cells_of(cycle)
        if later and (self.rule.get("rule", "next_cycle") == "next_cycle" or min(later)[0] < found):
            found, how = min(later)[0], f"the start of cycle {min(later)[1]}"
            cells = self.cells_of(min(later)[1])
        known = [
            (bound, what, its)
            for bound, what, first, its in self.bounds
            if bound > start or first and bound == start
        ]
        nearest = min(known, key=lambda bound: bound[:2], default=None)
        if nearest and nearest[0] < found:
            found, what, cells = nearest
            how = f"{how}, not after {what}"
        return found, how, computed(cells)


def _left(row: CleanRow) -> bool:
    """Whether a row will be left out as a course of another regimen than its table's."""
    return row.other_regimen is not None


def _plus(day: object, days: int) -> object:
    return day + (dt.timedelta(days=days) if isinstance(day, dt.date) else days)


def _courses(tables: dict[str, list[CleanRow]], rule: dict) -> dict[str, _Course]:
    """The courses of the patients, by patient."""
    made: dict[str, _Course] = {}
    for row in tables["patients"]:
        course = made.setdefault(row["USUBJID"], _Course({}, None, [], rule))
        if course.index is None and row.get("INDEXDT") is not None:
            course.index, course.cells[None] = row["INDEXDT"], row.cells("INDEXDT")
    for row in tables.get("cycles", ()):
        course, day = made.get(row["USUBJID"]), row.get("EXSTDT")
        cycle = row.get("CYCLE")
        if not course or day is None or cycle is None:
            continue
        if cycle not in course.starts or day < course.starts[cycle]:
            course.starts[cycle], course.cells[cycle] = day, row.cells("EXSTDT")
    for table, column, *rest in _BOUNDS:
        for row in tables.get(table, ()):
            if row["USUBJID"] in made and row.get(column) is not None and not _left(row):
                made[row["USUBJID"]].bounds.append((row[column], *rest, row.cells(column)))
    return made


def _compute(row: CleanRow, course: _Course, journal: Journal) -> bool:
    """Give a row the day of its cycle, in place; where that has no start it is asked about."""
    if course.start(row["CYCLE"]) is None:
        journal.ask_of_row(
            "cycle_without_start", row, "responses", "CYCLE", {"cycle": row["CYCLE"]}
        )
        row.dropped = NO_START
        return False
    row["RSDT"], row.by_cycle, cells = course.day(row["CYCLE"])
    row["RSDTF"] = FLAG
    row.set_cells("RSDT", cells)
    return True


def _take_date(
    event: str,
    choices: tuple,
    rows: list[CleanRow],
    own: list[CleanRow],
    course: _Course,
    journal: Journal,
) -> None:
    """Give the first such response of a cycle the date that a column of its own has; in place.

    The date fits one whose cycle has begun by then, and whose day is not so long before it that
    another cycle lies between. A date that fits none stays a response of its own.
    """
    for told in own:
        header = told.raw("RSINV", (None, ""))[0]
        if told.get("RSINV") != event or header is not None or told.get("CYCLE") is not None:
            continue
        day = told.get("RSDT")
        if day is None:
            continue
        fitting = [
            row
            for codes in choices
            for row in rows
            if row.get("RSINV") in codes and row.by_cycle is not None
            and course.start(row["CYCLE"]) <= day <= _plus(row["RSDT"], course.rule["days"])
        ]  # fmt: skip
        if not fitting:
            continue
        row = fitting[0]
        row["RSDT"], row["RSDTF"] = day, told.get("RSDTF")
        row.set_cells("RSDT", told.cells("RSDT"))
        row.by_cycle = None
        told.dropped = _TAKEN
        named, text = told.raw("RSDT")
        at = (text, str(day), BY_EVENT, told.place, named)
        journal.change(row["USUBJID"], "responses", "RSDT", *at)
