"""Time in the clean tables: the data cut-off, and days counted from each patient's index date."""

from __future__ import annotations

import datetime as dt

from venaza.clean.journal import Journal, stop
from venaza.contracts.clean import ROW_DATE
from venaza.contracts.columns import Column

#: Why a record, or a date, does not count.
AFTER_CUTOFF = "dated after the data cut-off"


def apply_cutoff(rows: list[dict], table: str, cutoff: str | None, journal: Journal) -> list[dict]:
    """Rows up to the data cut-off; later dates of a patient's own row are emptied.

    A last contact after the cut-off is moved to it, since the patient was alive on that day.
    """
    if cutoff is None:
        return rows
    last, said = dt.date.fromisoformat(cutoff), {"cutoff": cutoff}
    kept = []
    for row in rows:
        late = [
            n for n, v in row.items() if n.endswith("DT") and isinstance(v, dt.date) and v > last
        ]
        if table != "patients" and ROW_DATE.get(table) in late:
            journal.ask_of_row("after_cutoff", row, table, ROW_DATE[table], said, "row left out")
            row["_dropped"] = AFTER_CUTOFF
            continue
        for name in late:
            moved = name == "LSTALVDT"
            action = "moved to the cut-off" if moved else "left empty"
            journal.ask_of_row("after_cutoff", row, table, name, said, action)
            row[name] = last if moved else None
            row["_why"][name] = AFTER_CUTOFF
        kept.append(row)
    return kept


def count_days(
    rows: list[dict], columns: dict[str, Column], index: dict[str, object], calendar: bool
) -> None:
    """Give each date its day from index (``XDY``); in place.

    ``index`` has each patient's index date. In a study that gives study days the value that
    was read is the day itself, and the calendar date stays empty.
    """
    stems = [name[:-2] for name, column in columns.items() if column.dtype == "date"]
    for row in rows:
        zero = index.get(row["USUBJID"])
        for stem in stems:
            value = row.get(f"{stem}DT")
            if value is None:
                continue
            if calendar:
                row[f"{stem}DY"] = None if zero is None else (value - zero).days
            else:
                row[f"{stem}DY"] = None if zero is None else value - zero
                row[f"{stem}DT"] = None


def refuse_death_before_index(patients: list[dict]) -> None:
    """Raise ``StudyError`` for a death or a last contact that lies before the index date."""
    for row in patients:
        for name, what in (("DTH", "Death"), ("LSTALV", "Last contact")):
            day = row.get(f"{name}DY")
            if day is None or day >= 0:
                continue
            header, text = row["_raw"].get(f"{name}DT", (None, ""))
            index_header, index_text = row["_raw"].get("INDEXDT", (None, ""))
            raise stop(
                f"{what} of patient {row['USUBJID']} lies {-day} day(s) before the index date.",
                f"Correct one of the two dates ({index_header or 'INDEXDT'} is '{index_text}').",
                row["_place"],
                header,
                text,
            )
