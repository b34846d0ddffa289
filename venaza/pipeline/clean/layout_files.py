"""Several files of one table: which of them counts for a patient who is in more than one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.columns import Column
from venaza.pipeline.clean.cell import read_cell
from venaza.pipeline.clean.journal import Journal, stop
from venaza.pipeline.clean.raw_table import RawRow, RawTable

#: The reason of a row of a patient whom a newer file has.
IN_NEWER_FILE = "the patient is in a newer file"


def newest_file_wins(
    rows: RawTable, table: str, spec: dict, study: dict, journal: Journal
) -> RawTable:
    """The rows of each patient from one file only, by the table's declared ``overlap``.

    ``newer``: the last file by name, or the one with the latest date in the column ``newer_by``
    (the name decides between equal dates). ``refuse``: a patient in two files stops the run.
    """
    patient, _ = pd.factorize(np.array(rows.patients, dtype=object))
    file, _ = pd.factorize(np.array([place.file for place in rows.places], dtype=object))
    pairs = pd.DataFrame({"patient": patient, "file": file})
    several = (pairs.groupby("patient")["file"].transform("nunique") > 1).to_numpy()
    files: dict[str, dict[str, list[RawRow]]] = {}
    for index in np.flatnonzero(several).tolist():
        row = rows[index]
        files.setdefault(row.patient, {}).setdefault(row.place.file, []).append(row)
    newest: dict[str, str] = {}
    kept = np.ones(len(rows), dtype=bool)
    for index in np.flatnonzero(several).tolist():
        row = rows[index]
        own = files[row.patient]
        if spec["overlap"] == "refuse":
            raise _twice(row, own, spec, table)
        if row.patient not in newest:
            newest[row.patient] = max(own, key=lambda f: (_date(own[f], spec, study), f))  # noqa: B023
        if row.place.file == newest[row.patient]:
            continue
        kept[index] = False
        journal.left_out[(table, row.place)] = IN_NEWER_FILE
        at = {"header": spec.get("newer_by"), "value": None}
        journal.ask_of_raw("newer_file_wins", row, table, {"file": newest[row.patient]}, **at)
    return rows.of_rows(kept)


def _twice(row: RawRow, own: dict, spec: dict, table: str) -> Exception:
    return stop(
        f"Patient {row.patient} is in {len(own)} files of the table '{table}': "
        f"{', '.join(sorted(own))}.",
        f"Declare that the newer file wins (tables > {table} > overlap: newer), or ask for the "
        "export again.",
        row.place,
        spec["key"],
        row.text(spec["key"]),
    )


def _date(rows: list[RawRow], spec: dict, study: dict) -> object:
    """The latest date of a patient's rows in a file; 0 where the name of the file decides."""
    if "newer_by" not in spec:
        return 0
    header = spec["newer_by"]
    column = Column(header, "date", header)
    how = {"date_system": spec["date_system"]} if "date_system" in spec else {}
    dates = []
    for row in rows:
        reading = read_cell(row.text(header), column, how, study, None, row.stored(header))
        if reading.value is None:
            raise stop(
                f"The date by which the newer file wins is missing or unreadable for patient "
                f"{row.patient}, who is in several files.",
                "Correct the date, or leave newer_by out so that the names of the files decide.",
                row.place,
                header,
                row.text(header),
            )
        dates.append(reading.value)
    return max(dates)
