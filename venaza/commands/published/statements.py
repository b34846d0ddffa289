"""Files of published figures as statements that can be checked, whatever their columns."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from venaza.contracts.errors import StudyError

Reader = Callable[[dict, int, list[dict]], Iterator["Statement"]]


@dataclass(frozen=True)
class Statement:
    """One printed number: ``kind`` is ``percent``, ``months`` or ``count``; texts as printed.

    ``k`` and ``n`` are the counts stated with a percentage; ``treated`` is the number of patients
    of the group, where the file has it. ``line`` is the line of the file. ``pooled`` marks a value
    of several studies, which is no count of days.
    """

    study: str
    group: str
    measure: str
    kind: str
    text: str
    line: int
    k: int | None = None
    n: int | None = None
    treated: int | None = None
    pooled: bool = False


def read_statements(path: Path) -> list[Statement]:
    """The statements of a CSV file; raises ``StudyError`` for columns that are not known."""
    header, rows = _read(path)
    read = _reader(header)
    if read is None:
        known = "; or ".join(", ".join(columns) for columns in FORMATS)
        raise StudyError(
            "The file has none of the forms that can be checked.",
            fix=f"Give it the columns {known}.",
            file=path.name,
        )
    return [s for line, row in enumerate(rows, 2) for s in read(row, line, rows)]


def has_known_form(path: Path) -> bool:
    """Whether the columns of a CSV file are of a form that can be checked."""
    return _reader(_read(path)[0]) is not None


def _read(path: Path) -> tuple[list[str], list[dict]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(
            "The file cannot be read.", fix="Give a CSV file in UTF-8.", file=path.name
        ) from error
    return list(reader.fieldnames or []), rows


def _reader(header: list[str]) -> Reader | None:
    return next((read for columns, read in FORMATS.items() if set(columns) <= set(header)), None)


UNITS = {"percent": "percent", "months": "months", "n": "count"}


def _measures(row: dict, line: int, rows: list[dict]) -> Iterator[Statement]:
    """One row per measure."""
    if row["unit"] not in UNITS or not row["value"]:
        return
    own = [
        other["value"]
        for other in rows
        if (other["study"], other["group"], other["measure"])
        == (row["study"], row["group"], "patients")
    ]
    about = (row["study"], row["group"], row["measure"])
    k, n = (_whole(row[name], line, name) for name in ("numerator", "denominator"))
    treated = _whole(own[0], line, "value") if own else None
    yield Statement(*about, UNITS[row["unit"]], row["value"], line, k, n, treated)


def _cohorts(row: dict, line: int, rows: list[dict]) -> Iterator[Statement]:
    """One row per cohort."""
    about = (row["id"], row["setting"])
    treated = _whole(row["n"], line, "n")
    if row["rate_pct"]:
        k, n = (_whole(row[name], line, name) for name in ("events_k", "denominator"))
        yield Statement(*about, row["endpoint"], "percent", row["rate_pct"], line, k, n, treated)
    for column in ("os_median_mo", "os_lo", "os_hi", "efs_median_mo"):
        if row[column]:
            pooled = treated is None or row.get("denominator_kind") == "pooled"
            yield Statement(
                *about, column, "months", row[column], line, treated=treated, pooled=pooled
            )


def _outcomes(row: dict, line: int, rows: list[dict]) -> Iterator[Statement]:
    """One row per number, with the limits beside it; an estimate at a time is no k of n."""
    about = (row["series"], row["setting"])
    treated = _whole(row["n"], line, "n")
    if row["unit"] == "percent" and not row["endpoint"].endswith(" rate"):
        k, n = (_whole(row[name], line, name) for name in ("k", "denominator"))
        yield Statement(*about, row["endpoint"], "percent", row["value"], line, k, n, treated)
    if row["unit"] == "months":
        names = {"value": "", "lower": ", lower", "upper": ", upper"}
        pooled = treated is None or row["phase"] == "meta-analysis"
        for column, suffix in names.items():
            if row[column]:
                measure = f"{row['endpoint']}{suffix}"
                text = row[column]
                yield Statement(
                    *about, measure, "months", text, line, treated=treated, pooled=pooled
                )


def _whole(text: str | None, line: int, column: str) -> int | None:
    if not text:
        return None
    if not text.isdigit():
        raise StudyError(
            "A number of patients is not a whole number.",
            fix="Give digits, or leave it empty.",
            row=line,
            column=column,
            value=text,
        )
    return int(text)


#: Columns that tell a form, and how a row of it is read.
FORMATS: dict[tuple[str, ...], Reader] = {
    ("study", "group", "measure", "value", "numerator", "denominator", "unit"): _measures,
    ("id", "setting", "n", "endpoint", "events_k", "denominator", "rate_pct", "os_median_mo",
     "os_lo", "os_hi", "efs_median_mo"): _cohorts,
    ("series", "setting", "phase", "n", "endpoint", "value", "lower", "upper", "unit", "k",
     "denominator"): _outcomes,
}  # fmt: skip
