"""Files of SPSS, SAS and Stata: values as stored, their labels, what the file calls missing."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.date_formats import PROGRAMS, format_of, is_business_calendar
from venaza.pipeline.intake.guard import guarded
from venaza.pipeline.intake.limits import Limits, check_lengths, keep_within
from venaza.pipeline.intake.number_formats import percent_of
from venaza.pipeline.intake.sheet import EMPTY, Cell, Opened, Sheet, as_cell
from venaza.pipeline.intake.stored_dates import converted

_READERS = {"sav": "read_sav", "xpt": "read_xport", "sas7bdat": "read_sas7bdat", "dta": "read_dta"}


def read_statistics(
    path: Path, kind: str, encoding: str | None, limits: Limits, head: int | None = None
) -> Opened:
    """The one sheet of a statistics file: row 1 holds the names of the variables, case n row n + 1.

    Value labels stand in ``labels``, variable labels in ``names``. A value that the file declares
    as missing keeps its text and becomes the kind ``missing``. Dates are counted here from the
    numbers and their display formats: the reader knows only some formats, takes the seconds of
    DTDATE. for days, and gives up the whole file at a number that no calendar holds.
    """
    import pyreadstat  # noqa: F401 - imported before the child process starts

    work = lambda: _read(path, kind, encoding, limits, head)  # noqa: E731
    return guarded(work, limits, path.name)


def _read(path: Path, kind: str, encoding: str | None, limits: Limits, head: int | None) -> Opened:
    values, meta, used = _values(path, kind, encoding, head)
    names = list(meta.column_names)
    size = (meta.number_rows or 0) * len(names)
    for name, found in (("columns", len(names)), ("grid", size)):
        keep_within(limits, name, found, "This file holds too much", path.name)
    columns, labels, stored, notes = [], {}, {}, []
    for position, name in enumerate(names):
        known = dict(meta.variable_value_labels.get(name) or {})
        missing = _missing_of(meta, name)
        shown, said = _as_dates(values[name], meta, name, kind, missing)
        notes += [f"{name}: {said}"] if said else []
        column = [
            _cell(value, missing, text) for value, text in zip(values[name], shown, strict=True)
        ]
        form = percent_of(PROGRAMS[kind], (meta.original_variable_types or {}).get(name))
        for row, (text, of) in enumerate(column if form else ()):
            if of == "number":
                seen = form.shown(f"{float(text):.15g}")
                column[row], stored[(row + 1, position)] = (seen, of), text
        if form:
            notes.append(f"{name}: read as it is shown, per cent")
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
        stored=stored,
        notes=notes,
    )
    return Opened(kind, [sheet], used or meta.file_encoding)


def _values(path: Path, kind: str, encoding: str | None, head: int | None) -> tuple:
    """The columns by name, the metadata, and the encoding where the file's own did not do."""
    import pyreadstat

    reader = getattr(pyreadstat, _READERS[kind])
    how: dict = {"output_format": "dict", "disable_datetime_conversion": True}
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
            "Where its text is in an old encoding, name it in the study file (tables > TABLE > "
            "encoding); else ask for the export again."
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


def _as_dates(stored: list, meta, name: str, kind: str, missing: list[tuple]) -> tuple[list, str]:
    """The values of a variable with dates for numbers, where its format says so; and a note."""
    shown = (meta.original_variable_types or {}).get(name)
    if kind == "dta" and is_business_calendar(shown):
        return list(stored), "days of a business calendar: left as numbers"
    form = format_of(PROGRAMS[kind], shown)
    if form is None:
        return list(stored), ""
    # What the file declares as missing says nothing of how the others were entered.
    counted = [value for value in stored if not _declared(value, missing)]
    read, said = converted(counted, form, PROGRAMS[kind])
    beside = iter(read)
    return [v if _declared(v, missing) else next(beside) for v in stored], said


def _declared(value: object, missing: list[tuple]) -> bool:
    """Whether the file declares a value as missing, alone or within a range."""
    return any(_within(value, low, high) for low, high in missing)


def _within(value: object, low: object, high: object) -> bool:
    if high is None:
        return value == low
    alike = value is not None and isinstance(value, str) == isinstance(low, str)
    return alike and low <= value <= high


def _cell(value: object, missing: list[tuple], shown: object) -> Cell:
    """The cell of a stored ``value`` that is ``shown`` as a date, or as it is."""
    if as_cell(value) == EMPTY:
        return EMPTY
    if _declared(value, missing):
        letters = [low for low, high in missing if high is None]
        return (f".{value}" if value in letters else as_cell(value)[0]), "missing"
    cell = as_cell(shown)
    if isinstance(shown, str) and not isinstance(value, str):
        return shown, "date"
    return (cell[0], "text") if cell[1] == "error" and isinstance(value, str) else cell
