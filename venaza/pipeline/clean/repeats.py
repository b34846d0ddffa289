"""Rows that say in other writing what an earlier row says: one event that was told twice."""

from __future__ import annotations

from venaza.contracts.clean import ROW_DATE, TABLES
from venaza.contracts.columns import names
from venaza.contracts.grouping import grouped
from venaza.pipeline.clean.clean_table import CleanRow, columns_of_rows, parts_of
from venaza.pipeline.clean.journal import Journal

#: Two bags of blood, or two measurements, on one day are no repetition; patients' rows are joined.
_MAY_REPEAT = ("patients", "labs", "transfusions")
_ORIGIN = {"SEQ", "SRCFILE", "SRCSHEET", "SRCROW"}
#: An event that a sheet of assessments and one of patients both date.
_TOLD_TWICE = {"responses": ("RSINV", "RELAPSE")}


def without_repeats(
    rows: list[CleanRow], table: str, joined: bool, journal: Journal
) -> list[CleanRow]:
    """The rows of a table, but for those that are equal to an earlier one once they are read.

    Rows that are equal cell by cell are left out before (``pipeline.clean.rows``). Here a date in
    another style, another word for the same code, or a running number beside the row make no
    second event. A row with a cell that could not be read equals none. Each row that is left out
    is the query ``duplicate_row``. Of a table that is ``joined`` of several sheets a row that says
    no more than one of another sheet is left out too: they tell the same events. Where they date a
    relapse differently, both stay, and the earlier counts; that is the query ``sheets_differ``.
    """
    if table in _MAY_REPEAT:
        return rows
    columns = [name for name in names(TABLES[table]) if name not in _ORIGIN]
    kept, seen, unread = [], {}, {part: part.unread() for part in parts_of(rows)}
    # The flag of a completed date goes with the date.
    date = ROW_DATE.get(table, "")
    beside = [n for n, name in enumerate(columns) if name not in (date, f"{date}F")]
    said_beside: dict[CleanRow, list] = {}
    said = columns_of_rows(rows, columns)
    if "AETERM" in said:  # an adverse event says its term, in whatever words
        terms = zip(said["AEDECOD"], said["AETERM"], strict=True)
        said["AETERM"] = [term or own for term, own in terms]
    for row, content in zip(rows, zip(*said.values(), strict=True), strict=True):
        if joined:
            said_beside[row] = [content[n] for n in beside]
        if row.index in unread[row.of]:
            kept.append(row)
            continue
        first = seen.setdefault(content, row.place)
        if first == row.place:
            kept.append(row)
            continue
        row.dropped = "repeats another row"
        if not joined or _sheet(row) == (first.file, first.sheet):
            at = {"patient": row["USUBJID"], "table": table, "place": row.place}
            journal.ask("duplicate_row", {"row": first.row}, **at)
    return _told_once(kept, table, said_beside, unread, journal) if joined else kept


def _sheet(row: CleanRow) -> tuple[str, str]:
    return row.place.file, row.place.sheet


def _told_once(
    rows: list[CleanRow], table: str, said: dict[CleanRow, list], unread: dict, journal: Journal
) -> list[CleanRow]:
    """The rows without those of which a row of another sheet says everything.

    ``said`` has what each row says beside its date.
    """
    by_patient = grouped(rows, lambda row: row["USUBJID"])
    date = ROW_DATE.get(table, "")
    kept = []
    for row in rows:
        others = [o for o in by_patient[row["USUBJID"]] if _sheet(o) != _sheet(row)]
        others = [o for o in others if o.dropped is None]
        known = row.index not in unread[row.of]
        if known and any(_within(row, other, date, said) for other in others):
            row.dropped = "another sheet says it as well"
        else:
            kept.append(row)
    if table in _TOLD_TWICE:
        _ask_about_two_dates(kept, date, *_TOLD_TWICE[table], journal)
    return kept


def _within(row: CleanRow, other: CleanRow, date: str, said: dict[CleanRow, list]) -> bool:
    """Whether ``other`` says all that ``row`` says, on a day that the row's date allows."""
    first, last = row.span(date) or (row.get(date), row.get(date))
    day = other.get(date)
    if first is None or day is None or not first <= day <= last:
        return False
    pairs = list(zip(said[row], said[other], strict=True))
    if any(mine not in (None, theirs) for mine, theirs in pairs):
        return False
    return row.span(date) is not None or any(mine != theirs for mine, theirs in pairs)


def _ask_about_two_dates(
    rows: list[CleanRow], date: str, column: str, code: str, journal: Journal
) -> None:
    """Ask about an event that two sheets date differently."""
    events = [r for r in rows if r.get(column) == code and r.get(date) is not None]
    for patient, found in grouped(events, lambda row: row["USUBJID"]).items():
        first = found[0]
        for other in found[1:]:
            if _sheet(other) != _sheet(first):
                header, text = other.raw(date, (None, ""))
                said = {"value": first[date], "row": first.place.row, "other": other[date]}
                said["sheet"] = first.place.sheet or first.place.file
                at = {"table": "responses", "column": date, "value": text, "header": header}
                journal.ask("sheets_differ", said, patient=patient, place=other.place, **at)
                break
