"""The rows of one patient joined to one: equal or empty cells fit together, others contradict."""

from __future__ import annotations

from venaza.contracts.errors import StudyError
from venaza.contracts.grouping import grouped
from venaza.pipeline.clean.clean_table import NOTHING, CleanRow
from venaza.pipeline.clean.journal import Journal, Place, stop
from venaza.pipeline.clean.tables import columns_of


def one_row_per_patient(made: list[CleanRow], study: dict, journal: Journal) -> list[CleanRow]:
    """Join the rows of one patient: equal or empty cells fit together, others are contradictions.

    A contradiction in a date or in the vital status stops the run, since every result hangs
    on it; any other leaves the cell empty with a query, until the clinic has answered.
    """
    decisive = [n for n, c in columns_of("patients", study).items() if c.dtype == "date"]
    decisive.append("SURVSTAT")
    joined = []
    for patient, rows in sorted(grouped(made, lambda row: row["USUBJID"]).items()):
        rows = sorted(rows, key=lambda row: row.place)
        kept = next((row for row in rows if _says_something(row)), rows[0])
        for other in rows:
            if other is kept:
                continue
            if not _says_something(other):
                other.dropped = NOTHING
                continue
            other.joined = kept
            kept.set_cells("USUBJID", kept.cells("USUBJID") + other.cells("USUBJID"))
            _keep_unused(kept, other)
            _join(kept, other, patient, decisive, journal)
        joined.append(kept)
    return joined


def _says_something(row: CleanRow) -> bool:
    """Whether the row has a mapped cell beside the patient's number."""
    return any(read.filled for _, read in row.reads())


def _keep_unused(kept: CleanRow, other: CleanRow) -> None:
    """What neither row gives a value for: the cells that were read for it in either row."""
    for name, cells in other.origins().items():
        if kept.get(name) is None and other.get(name) is None and name != "USUBJID":
            kept.set_cells(name, kept.cells(name) + cells)


def _at(place: Place, other: Place) -> str:
    """The row, with its file or sheet where ``other`` stands in another one."""
    if place.file != other.file:
        return f"{place.row} of {place.file}"
    return f"{place.row}" if place.sheet == other.sheet else f"{place.row} of sheet {place.sheet}"


def _contradiction(
    patient: str, mine: object, first: Place, second: Place, header: str, text: str
) -> StudyError:
    """The error for two values of a cell on which every result hangs."""
    files = (
        " Where one file is a copy or an older export, say that the newer file wins (tables > "
        "patients > overlap: newer)."
    )
    return stop(
        f"Two rows of patient {patient} contradict each other "
        f"({mine} in row {_at(first, second)}).",
        "Ask the clinic which is right, and write it as a correction (config/corrections)."
        + (files if first.file != second.file else ""),
        second,
        header,
        text,
    )


def _join(
    kept: CleanRow, other: CleanRow, patient: str, decisive: list[str], journal: Journal
) -> None:
    names = sorted(name for name in other.of.columns if name != "USUBJID")
    # The flag of a completed date goes with the date.
    for name in (n for n in names if not n.endswith("DTF")):
        mine, theirs = kept.get(name), other.get(name)
        if theirs is not None and name.endswith("DT") and _one_date(kept, other, name):
            continue
        if theirs is None or mine == theirs:
            continue
        both = kept.cells(name) + other.cells(name)
        if name in kept.contradicted:
            kept.set_cells(name, both)
            continue
        header, text = other.raw(name, (name, str(theirs)))
        if mine is None:
            kept[name] = theirs
            kept.set_cells(name, other.cells(name))
            continue
        first = kept.place
        if name in decisive:
            sent = kept.raw(name)[1] if kept.span(name) else mine
            raise _contradiction(patient, sent, first, other.place, header, text)
        kept[name] = None
        kept.set_cells(name, both)
        kept.contradicted |= {name}
        said = {"first": _at(first, other.place), "value": mine}
        said |= {"second": _at(other.place, first), "other": theirs}
        at = {"value": f"{mine} / {theirs}", "place": other.place, "header": header}
        journal.ask(
            "contradicting_rows", said, patient=patient, table="patients", column=name, **at
        )


def _one_date(kept: CleanRow, other: CleanRow, name: str) -> bool:
    """Whether two rows do not differ in a date: one has none, or the days of one hold the other's.

    The narrower date goes into ``kept``, with its flag: a whole one before a completed one.
    """
    spans = [row.span(name) or (row.get(name), row.get(name)) for row in (kept, other)]
    (low, high), (first, last) = spans
    if low is None or low <= first and last <= high and spans[0] != spans[1]:
        for part in (name, f"{name}F"):
            kept.clear(part)
            if (theirs := other.get(part)) is not None:
                kept[part] = theirs
        kept.set_span(name, other.span(name))
        kept.set_cells(name, other.cells(name))
        return True
    return first <= low and high <= last
