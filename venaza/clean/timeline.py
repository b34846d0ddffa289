"""Time in the clean tables: days counted from each patient's index date."""

from __future__ import annotations

from venaza.clean.journal import stop
from venaza.contracts.columns import Column


def count_days(
    rows: list[dict], columns: dict[str, Column], index: dict[str, object], calendar: bool
) -> None:
    """Give each date its day from index (``XDY``); in place.

    ``index`` has each patient's index date. In a study that gives study days the value that
    was read is the day itself, and the calendar date stays empty. ``_undated`` gets the stems of
    dates that have no day because the patient has no index date.
    """
    stems = [name[:-2] for name, column in columns.items() if column.dtype == "date"]
    for row in rows:
        zero = index.get(row["USUBJID"])
        for stem in stems:
            value = row.get(f"{stem}DT")
            if value is None:
                continue
            if zero is None:
                row.setdefault("_undated", set()).add(stem)
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
