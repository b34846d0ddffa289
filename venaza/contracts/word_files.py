"""Word files of a report: one that somebody edited is kept aside before it is written anew."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import write_bytes, write_text
from venaza.contracts.record import file_hash

#: Where the hash and the export of each Word file is noted as the run wrote it, beside Snakemake's
#: notes: they must outlive the job's record, which goes before the job begins.
NOTES = Path(".snakemake/venaza/word")
#: Beside the report: what was edited by hand, ``NAME_edited_EXPORT_HASH.docx``.
EDITED = "edited"
_LEAST = 8
_UNKNOWN = "unknown"


def is_word(file: str | Path) -> bool:
    """Whether a result is a Word file of a report, which authors may well edit."""
    path = Path(file)
    return path.suffix == ".docx" and path.parent.name == "report"


def note(file: Path, written: dict[str, str]) -> None:
    """Note what the run wrote as ``file``: hashes, each with the export that it was made from."""
    write_text("".join(f"{sha} {export}\n" for sha, export in written.items()), _note(file))


def noted(file: Path) -> dict[str, str]:
    """What is noted of a file; nothing where the notes were deleted."""
    path = _note(file)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.split(" ", 1) for line in lines)


def put(fresh: Path, file: Path, export: str) -> Path | None:
    """Give ``fresh`` the name ``file``; where somebody edited what is there, keep it aside first.

    Returns the copy, or None. Raises ``StudyError`` where the system will not let the file be
    replaced, as Windows does while Word has it open.
    """
    was, now = noted(file), file_hash(fresh)
    copy = keep_edited(file, (*was, now))
    note(file, {**was, now: export})  # both are the run's own until the file is replaced
    try:
        os.replace(fresh, file)
    except PermissionError as error:
        fresh.unlink(missing_ok=True)
        raise StudyError(
            "This Word file cannot be written anew: a program has it open, or the folder is "
            "read-only.",
            fix="Close it in Word or LibreOffice and run again; what you saved in it will be kept.",
            file=file.as_posix(),
        ) from error
    note(file, {now: export})
    return copy


def keep_edited(file: Path, own: Iterable[str] = ()) -> Path | None:
    """Copy a file that somebody edited into the folder ``edited``; returns the copy, or None.

    Edited is what has none of the noted hashes, nor one of ``own``. The copy is whole before the
    file may go, so that a run killed at any moment loses nothing; a copy that is there already
    is kept, whatever it holds.
    """
    written = noted(file)
    sha = file_hash(file) if written and file.is_file() else None
    if sha is None or sha in (*written, *own):
        return None
    start = f"{file.stem}_edited_{next(reversed(written.values()))}"
    names = (f"{start}_{sha[:n]}.docx" for n in range(_LEAST, len(sha) + 1))
    copies = (file.parent / EDITED / name for name in names)
    copy = next(path for path in copies if not path.exists() or file_hash(path) == sha)
    if not copy.exists():
        write_bytes(file.read_bytes(), copy)
    return copy


def expect_edited(file: Path, recorded: str) -> None:
    """Note what a job's record says that it wrote, where nothing is noted of the file yet."""
    if not noted(file):
        note(file, {recorded: _UNKNOWN})


def copies(report: Path) -> list[Path]:
    """The edited Word files that were kept aside; what an editor locks its files with is none."""
    return sorted(p for p in (report / EDITED).glob("*_edited_*.docx") if p.name[:1] not in "~.")


def is_open(file: Path) -> bool:
    """Whether Word or LibreOffice has left the file beside it that says they have it open."""
    locks = (f"~${file.name}", f"~${file.name[2:]}", f".~lock.{file.name}#")
    return any((file.parent / lock).exists() for lock in locks)


def _note(file: Path) -> Path:
    return NOTES / file.parent.parent.name / f"{file.stem}.txt"
