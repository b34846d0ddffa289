"""The analysis tables as SPSS files: labels, value labels, levels of measurement, dates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import whole
from venaza.pipeline.bridges import DATASETS
from venaza.pipeline.bridges.codes import CENSORING, FLAG, code_list, covariates

#: Where the header of a system file holds the date and the time of writing (GNU PSPP developers'
#: guide, "File Header Record": 4 + 60 + 5 * 4 + 8 bytes stand before them).
_CLOCK = slice(92, 109)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = "SDATE10"
_DAY_0 = date(1582, 10, 14)
_WIDTH = 40
#: The bytes that SPSS allows in a text, a variable's label and a value's label.
_TEXT, _LABEL, _VALUE = 32767, 256, 120


def with_covariates(
    adtte: pd.DataFrame, adsl: pd.DataFrame, columns: Mapping[str, tuple[Column, ...]], study: dict
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """ADTTE with the group and the covariates of the study's models beside each row."""
    wanted = {"GROUP", *covariates(study["analysis"])}
    more = tuple(
        column for column in columns["adsl"] if column.name in wanted and column.name not in adtte
    )
    kept = adsl[["USUBJID", *(column.name for column in more)]]
    return adtte.merge(kept, on="USUBJID", how="left"), (*columns["adtte"], *more)


def sheet(
    frame: pd.DataFrame, columns: tuple[Column, ...], study: dict
) -> tuple[pd.DataFrame, dict[str, dict[int, str]], dict[str, dict[str, int]]]:
    """The frame as SPSS gets it, its value labels, and the number of each code that was a text.

    Flags become 0 and 1, levels 1, 2, ... in the study's order, so that the first is the lowest:
    COXREG tells texts apart by their first eight bytes only.
    """
    made, labels, numbers = {}, {}, {}
    for column in columns:
        values = frame[column.name]
        codes = code_list(column.name, values, study)
        if column.name == "CNSR":
            labels[column.name] = dict(CENSORING)
        elif column.dtype == "string" and codes and not column.name.endswith("DTF"):
            first = 0 if codes == FLAG else 1
            numbers[column.name] = {code: i for i, code in enumerate(codes, start=first)}
            labels[column.name] = {numbers[column.name][c]: label for c, label in codes.items()}
            values = values.map(numbers[column.name]).astype("Int64")
        if column.dtype == "string" and column.name not in numbers:
            made[column.name] = values.astype("object").where(values.notna(), "")
        elif column.dtype == "date":
            made[column.name] = _seconds(values)
        else:
            made[column.name] = values.astype("Float64").to_numpy(float, na_value=float("nan"))
    return pd.DataFrame(made, columns=[c.name for c in columns]), labels, numbers


def write_sav(
    name: str, frame: pd.DataFrame, columns: tuple[Column, ...], study: dict, path: Path
) -> tuple[list[dict], list[dict]]:
    """Write ``path`` whole or not at all; the rows of its definition, and what was changed."""
    import pyreadstat

    data, labels, numbers = sheet(frame, columns, study)
    data, changed = _held(name, data)
    formats = {c.name: _format(c, data[c.name]) for c in columns}
    with whole(path) as part:
        pyreadstat.write_sav(
            data,
            part,
            file_label=f"{DATASETS[name]}, {study['id']}, export {study['export']}"[:64],
            column_labels=[_cut(_label(column), _LABEL) for column in columns],
            variable_value_labels={
                column: {value: _cut(text, _VALUE) for value, text in codes.items()}
                for column, codes in labels.items()
            },
            variable_measure={c.name: _measure(c, labels) for c in columns},
            variable_format=formats,
            variable_display_width={c.name: _shown(c, data[c.name]) for c in columns},
        )
        part.write_bytes(without_clock(part.read_bytes(), study["export"]))
    return [_defined(name, column, formats, labels, numbers) for column in columns], changed


def _held(name: str, data: pd.DataFrame) -> tuple[pd.DataFrame, list[dict]]:
    """The texts as the format holds them, and a row for each that is not as it was.

    The null character is written as ``\\u0000``; blanks at the end mean nothing to SPSS; a text
    ends at 32,767 bytes.
    """
    made, changed = data.copy(), {}
    for column in data:
        if data[column].dtype != object:
            continue
        for i, text in enumerate(data[column]):
            if isinstance(text, str):
                written = _cut(text.replace("\0", "\\u0000"), _TEXT).rstrip(" ")
                if written != text:
                    made.loc[made.index[i], column] = written
                    changed[column, text, written] = changed.get((column, text, written), 0) + 1
    return made, [
        {
            "dataset": name.upper(),
            "variable": column,
            "what": "text",
            "original": text,
            "written": written,
            "rows": rows,
        }
        for (column, text, written), rows in changed.items()
    ]


def _cut(text: str, limit: int) -> str:
    """``text`` up to so many bytes, never within a character."""
    return text.encode()[:limit].decode(errors="ignore")


def _seconds(days: pd.Series) -> list[float]:
    """Seconds since 14 October 1582, as SPSS counts; a column without any date stays a number."""
    return [math.nan if day != day else 86400.0 * (day.date() - _DAY_0).days for day in days]


def without_clock(data: bytes, export: str) -> bytes:
    """A system file that says the export's date, midnight, in place of when it was written."""
    year, month, day = export.split("-")
    stamp = f"{day} {_MONTHS[int(month) - 1]} {year[2:]}00:00:00".encode("ascii")
    return data[: _CLOCK.start] + stamp + data[_CLOCK.stop :]


def _label(column: Column) -> str:
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _measure(column: Column, labels: dict) -> str:
    if column.name in labels or column.dtype == "string":
        return "nominal"
    return "scale"


def _format(column: Column, values: pd.Series) -> str:
    if column.dtype == "date":
        return _DATE
    if column.dtype == "string" and values.dtype == object:
        return f"A{max([1, *(len(text.encode()) for text in values)])}"
    return "F8.2" if column.dtype == "number" else "F8.0"


def _shown(column: Column, values: pd.Series) -> int:
    if column.dtype == "string" and values.dtype == object:
        return min(_WIDTH, max([8, *(len(text) for text in values)]))
    return 10


def _defined(name: str, column: Column, formats: dict, labels: dict, numbers: dict) -> dict:
    codes = [
        {"value": value, "label": label, **_code(numbers.get(column.name), value)}
        for value, label in labels.get(column.name, {}).items()
    ]
    form = formats[column.name]
    return {
        "dataset": name.upper(),
        "variable": column.name,
        "label": column.label,
        "type": "String" if form.startswith("A") else "Numeric",
        "length": int(form[1:]) if form.startswith("A") else 8,
        "format": form,
        "unit": column.unit,
        "derivation": column.derivation,
        "column": f"{name}.{column.name}",
        "codes": codes,
    }


def _code(numbers: dict[str, int] | None, value: int) -> dict:
    """The text that the number stands for in the results, where it was one."""
    return {"code": next(c for c, n in numbers.items() if n == value)} if numbers else {}
