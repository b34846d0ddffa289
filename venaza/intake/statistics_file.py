"""Files of SPSS, SAS and Stata: values as stored, their labels, what the file calls missing."""

from __future__ import annotations

from pathlib import Path

from venaza.errors import StudyError
from venaza.intake.guard import guarded
from venaza.intake.limits import Limits, check_lengths, refuse
from venaza.intake.sheet import EMPTY, Cell, Opened, Sheet, as_cell

_READERS = {"sav": "read_sav", "xpt": "read_xport", "sas7bdat": "read_sas7bdat", "dta": "read_dta"}


def read_statistics(
    path: Path, kind: str, encoding: str | None, limits: Limits, head: int | None = None
) -> Opened:
    """The one sheet of a statistics file: row 1 holds the names of the variables, case n row n + 1.

    Value labels stand in ``labels``, variable labels in ``names``. A value that the file declares
    as missing keeps its text and becomes the kind ``missing``.
    """
    import pyreadstat  # noqa: F401 - imported before the child process starts

    work = lambda: _read(path, kind, encoding, limits, head)  # noqa: E731
    return guarded(work, limits, path.name)


def _read(path: Path, kind: str, encoding: str | None, limits: Limits, head: int | None) -> Opened:
    values, meta, used = _values(path, kind, encoding, head)
    names = list(meta.column_names)
    size = (meta.number_rows or 0) * len(names)
    for name, found in (("columns", len(names)), ("grid", size)):
        if found > getattr(limits, name):
            raise refuse(limits, name, found, "This file holds too much", path.name)
    columns, labels = [], {}
    for position, name in enumerate(names):
        known = dict(meta.variable_value_labels.get(name) or {})
        missing = _missing_of(meta, name)
        column = [_cell(value, missing) for value in values[name]]
        for row, value in enumerate(values[name]):
            label = known.get(value) if column[row][0] else None
            if label is not None:
                labels[(row + 1, position)] = str(label)
        columns.append(column)
    head_row = [(name, "text") for name in names]
    rows = [head_row, *([*row] for row in zip(*columns, strict=True))]
    check_lengths(rows, limits, path.name, "")
    variable_labels = meta.column_names_to_labels or {}
    sheet = Sheet(
        "",
        rows[:head] if head else rows,
        merged=[],
        labels=labels,
        names=[str(variable_labels.get(name) or "") for name in names],
    )
    return Opened(kind, [sheet], used or meta.file_encoding)


def _values(path: Path, kind: str, encoding: str | None, head: int | None) -> tuple:
    """The columns by name, the metadata, and the encoding where the file's own did not do."""
    import pyreadstat

    reader = getattr(pyreadstat, _READERS[kind])
    how: dict = {"output_format": "dict", "dates_as_pandas_datetime": False}
    if kind != "xpt":
        how["user_missing"] = True
    if head:
        how["row_limit"] = head
    catalog = path.with_suffix(".sas7bcat")
    if kind == "sas7bdat" and catalog.is_file():
        how |= {"catalog_file": str(catalog), "formats_as_category": False}
    tried = [encoding] if encoding else [None, "GB18030"]
    for attempt in tried:
        try:
            values, meta = reader(str(path), **how, **({"encoding": attempt} if attempt else {}))
        except MemoryError:
            raise
        except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, OSError) as error:
            said = error
            if "encoding" in str(error).lower() or isinstance(error, UnicodeDecodeError):
                continue
            break
        return values, meta, attempt
    raise StudyError(
        f"This {_name(kind)} cannot be read ({said}).",
        fix=(
            "Open it in the program that made it and save it again; where its text is in an old "
            "encoding, name it in the study file (tables > TABLE > encoding)."
        ),
        file=path.name,
    )


def _name(kind: str) -> str:
    return {"sav": "SPSS file", "dta": "Stata file"}.get(kind, "SAS file")


def _missing_of(meta, name: str) -> list[tuple]:
    """The ranges (low, high) that the file declares as missing; (letter, None) in SAS and Stata."""
    ranges = (meta.missing_ranges or {}).get(name, [])
    found = [(r["lo"], r["hi"]) for r in ranges]
    letters = (meta.missing_user_values or {}).get(name, [])
    return found + [(letter, None) for letter in letters]


def _cell(value: object, missing: list[tuple]) -> Cell:
    cell = as_cell(value)
    if cell == EMPTY:
        return cell
    for low, high in missing:
        if high is None and value == low:
            return f".{value}", "missing"
        if high is None or isinstance(value, str) != isinstance(low, str):
            continue
        if low <= value <= high:
            return cell[0], "missing"
    return (cell[0], "text") if cell[1] == "error" and isinstance(value, str) else cell
