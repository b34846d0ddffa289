"""The limits on what is read: a hostile or broken file stops with one message, not the machine."""

from __future__ import annotations

from dataclasses import dataclass, fields

from venaza.contracts.errors import StudyError

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """How much an export may hold. ``limits`` in the study file raises any of them."""

    #: One file on the disk, or one file in an archive once unpacked, in MB.
    file_mb: int = 500
    #: All that one archive or workbook holds once unpacked, in MB.
    unpacked_mb: int = 2000
    #: Size unpacked to size packed, where more than 50 MB come out: text seldom passes 50.
    ratio: int = 200
    #: Files in one archive.
    members: int = 10_000
    #: Archives in archives.
    nesting: int = 2
    #: Cells that are not empty, in the whole export: a million take 0.3 GB to clean.
    cells: int = 12_000_000
    #: Rows times columns of one sheet, empty cells counted: what a sheet takes in memory.
    grid: int = 20_000_000
    #: Columns of a sheet; Excel's own limit.
    columns: int = 16_384
    #: Characters in one cell; Excel's own limit is 32,767.
    cell_characters: int = 1_000_000
    #: Memory for reading one workbook or statistics file, in MB.
    memory_mb: int = 4000
    #: Processor time for reading one workbook or statistics file, in seconds.
    seconds: int = 300


def limits_of(study: dict) -> Limits:
    """The limits that hold for a study: the defaults, with the study file's ``limits`` on top."""
    known = {field.name for field in fields(Limits)}
    return Limits(**{k: v for k, v in (study.get("limits") or {}).items() if k in known})


def refuse(
    limits: Limits, name: str, found: object, what: str, file: str, **place: object
) -> StudyError:
    """The error for a file that passes the limit ``name``; ``what`` says what is too much.

    ``found`` is how much there is, in the unit of the limit.
    """
    unit = " MB" if name.endswith("_mb") else ""
    shown = f"{found:,}{unit}" if isinstance(found, int) else str(found)
    return StudyError(
        f"{what} ({shown}; the limit is {getattr(limits, name):,}{unit}).",
        fix=(
            "Look at the file: it may be damaged, or not what it seems. If it is right, "
            f"raise the limit in the study file (limits > {name})."
        ),
        file=file,
        **place,
    )


def keep_within(
    limits: Limits, name: str, found: int, what: str, file: str, **place: object
) -> None:
    """Raise where there is more than the limit ``name``; of one in MB, ``found`` are bytes."""
    unit = MEGABYTE if name.endswith("_mb") else 1
    if found > getattr(limits, name) * unit:
        raise refuse(limits, name, found // unit, what, file, **place)


def check_length(limits: Limits, found: int, file: str, sheet: str | None, row: int) -> None:
    """Raise for a cell of more characters than the limit."""
    what = "A cell is too long"
    keep_within(limits, "cell_characters", found, what, file, sheet=sheet or None, row=row)


def check_lengths(rows: list[list[tuple[str, str]]], limits: Limits, file: str, sheet: str) -> None:
    """Raise for a cell that is longer than the limit."""
    for number, row in enumerate(rows, start=1):
        longest = max((len(text) for text, _ in row), default=0)
        check_length(limits, longest, file, sheet, number)
