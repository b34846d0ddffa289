"""Time in the clean tables: days counted from each patient's index date."""

from __future__ import annotations

from venaza.contracts.columns import Column
from venaza.pipeline.clean.clean_table import CleanRow, parts_of
from venaza.pipeline.clean.journal import stop


def count_days(
    rows: list[CleanRow], columns: dict[str, Column], index: dict[str, object], calendar: bool
) -> None:
    """Give each date its day from index (``XDY``); in place.

    ``index`` has each patient's index date. In a study that gives study days the value that
    was read is the day itself, and the calendar date stays empty. ``undated`` gets the stems of
    dates that have no day because the patient has no index date.
    """
    stems = [name[:-2] for name, column in columns.items() if column.dtype == "date"]
    for part in parts_of(rows):
        zeros = [index.get(patient) for patient in part.patients]
        for stem in (stem for stem in stems if f"{stem}DT" in part.columns):
            dates = part.columns[f"{stem}DT"]
            part.columns[f"{stem}DY"] = _days(dates, zeros, calendar)
            for i, (day, zero) in enumerate(zip(dates, zeros, strict=True)):
                if day is not None and zero is None:
                    CleanRow(part, i).undated |= {stem}
            if not calendar:
                part.columns[f"{stem}DT"] = [None] * len(part)


def _days(dates: list, zeros: list, calendar: bool) -> list[int | None]:
    """The days from index of dates; of a study that gives study days these are the dates."""
    known = zip(dates, zeros, strict=True)
    if calendar:
        return [None if day is None or zero is None else (day - zero).days for day, zero in known]
    return [None if day is None or zero is None else day - zero for day, zero in known]


def refuse_death_before_index(patients: list[CleanRow]) -> None:
    """Raise ``StudyError`` for a death or a last contact that lies before the index date."""
    for row in patients:
        for name, what in (("DTH", "Death"), ("LSTALV", "Last contact")):
            day = row.get(f"{name}DY")
            if day is None or day >= 0:
                continue
            header, text = row.raw(f"{name}DT", (None, ""))
            index_header, index_text = row.raw("INDEXDT", (None, ""))
            raise stop(
                f"{what} of patient {row['USUBJID']} lies {-day} day(s) before the index date.",
                f"Correct one of the two dates ({index_header or 'INDEXDT'} is '{index_text}').",
                row.place,
                header,
                text,
            )
