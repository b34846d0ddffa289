"""SAS transport files, version 5, as pyreadstat writes them, but without a clock."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

#: What version 5 allows, in bytes.
NAME, LABEL, TEXT = 8, 40, 200
#: The numbers that are held, but for 0, lie between these. The format reaches three powers of two
#: further (TS-140); pyreadstat 1.3.7 writes its largest number for all beyond.
SMALLEST, LARGEST = 2.0**-260, 2.0**249 * (1 - 2.0**-53)
#: Day 0 of SAS.
DAY_0 = date(1960, 1, 1)
#: Where the records of library and member hold when they were made and changed (SAS technical
#: note TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format").
_CLOCKS = (slice(144, 160), slice(160, 176), slice(464, 480), slice(480, 496))
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Variable:
    """A variable: name, label, whether it is a number, and its format (``DATE9``)."""

    name: str
    label: str
    is_number: bool
    form: str = ""


def dataset(
    name: str, label: str, variables: Sequence[Variable], columns: Sequence[Sequence], day: date
) -> bytes:
    """One data set as a whole transport file.

    ``columns`` has the values of each variable: numbers or ``None``, texts in ASCII or ``None``.
    ``day`` stands where the format wants the time of writing, so that equal data give equal bytes.
    """
    import pyreadstat

    frame = pd.DataFrame(
        {
            variable.name: pd.Series(values, dtype=float)
            if variable.is_number
            else ["" if value is None else value for value in values]
            for variable, values in zip(variables, columns, strict=True)
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xpt"
        pyreadstat.write_xport(
            frame,
            path,
            file_label=label,
            column_labels=[variable.label for variable in variables],
            table_name=name,
            file_format_version=5,
            variable_format={v.name: f"{v.form}." for v in variables if v.form},
        )
        data = bytearray(path.read_bytes())
    stamp = f"{day.day:02d}{_MONTHS[day.month - 1]}{day.year % 100:02d}:00:00:00".encode("ascii")
    for clock in _CLOCKS:
        data[clock] = stamp
    return bytes(data)
