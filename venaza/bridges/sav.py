"""The analysis tables as SPSS files: labels, value labels, levels of measurement, dates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.bridges import DATASETS
from venaza.bridges.codes import CENSORING, FLAG, code_list, covariates

if TYPE_CHECKING:
    import pandas as pd

    from venaza.contracts.columns import Column

#: Where the header of a system file holds the date and the time of writing (GNU PSPP developers'
#: guide, "File Header Record": 4 + 60 + 5 * 4 + 8 bytes stand before them).
_CLOCK = slice(92, 109)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = "SDATE10"
_WIDTH = 40


def with_covariates(
    adtte: pd.DataFrame, adsl: pd.DataFrame, columns: Mapping[str, tuple[Column, ...]], study: dict
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """ADTTE with the group and the covariates of the study's models beside each row."""
    wanted = {"GROUP", *covariates(study["analysis"])}
    more = tuple(
        column
        for column in columns["adsl"]
        if column.name in wanted and column.name not in adtte and adsl[column.name].notna().any()
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
    import pandas as pd

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
            made[column.name] = values.dt.date.astype("object").where(values.notna(), None)
        else:
            made[column.name] = values.astype("Float64").to_numpy(float, na_value=float("nan"))
    return pd.DataFrame(made, columns=[c.name for c in columns]), labels, numbers


def write_sav(
    name: str, frame: pd.DataFrame, columns: tuple[Column, ...], study: dict, path: Path
) -> list[dict]:
    """Write ``path`` whole or not at all; returns the rows of its definition."""
    import pyreadstat

    data, labels, numbers = sheet(frame, columns, study)
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    formats = {c.name: _format(c, data[c.name]) for c in columns}
    try:
        pyreadstat.write_sav(
            data,
            part,
            file_label=f"{DATASETS[name]}, {study['id']}, export {study['export']}"[:64],
            column_labels=[_label(column) for column in columns],
            variable_value_labels=labels,
            variable_measure={c.name: _measure(c, labels) for c in columns},
            variable_format=formats,
            variable_display_width={c.name: _shown(c, data[c.name]) for c in columns},
        )
        part.write_bytes(without_clock(part.read_bytes(), study["export"]))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return [_defined(name, column, formats, labels, numbers) for column in columns]


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
