"""What every script under workflow/scripts/ runs inside: settings, log, record, one clear error."""

from __future__ import annotations

import errno
import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.fault import told_as_fault
from venaza.contracts.files import write_text
from venaza.contracts.record import files_in, hashes_of, refuse_altered_inputs, write_record

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCKED = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass
class Job:
    """What a script was told (``told``, its ``settings`` part), the files that it reads with their
    hashes, the lines of its log, and what its record is to say beside the files.
    """

    told: dict
    read: dict[str, str]
    log: list[str] = field(default_factory=list)
    noted: dict[str, object] = field(default_factory=dict)

    @property
    def settings(self) -> dict:
        """The stage's part of the study."""
        return self.told["settings"]


@contextmanager
def job(snakemake) -> Iterator[Job]:
    """Give the script its settings and a log; an error ends it with one message in the log.

    The job starts only where its inputs are what the jobs before it wrote, and raw files (named in
    intake's settings, with hashes) what they were when the run began. Its record, with the hash
    of all that it read and wrote, is written last: where there is one, the job was finished.
    Log and record hold nothing that differs between two equal runs.
    """
    # Millions of small objects live as long as the job: looking through them for cycles is seldom
    # worth while.
    gc.set_threshold(50_000, 50, 1000)
    try:
        told = json.loads(Path(snakemake.input.settings).read_text(encoding="utf-8"))
        raw = told.get("raw", {})
        sources = [*snakemake.input, *raw]
        before = _stamps(sources)
        read = hashes_of(sources)
        refuse_altered_inputs(snakemake.input, read)
        _same({**read, **raw}, read)
        work = Job(told, read)
        yield work
        _same(before, _stamps(sources))
        write_text("".join(f"{line}\n" for line in work.log), snakemake.log[0])
        record = snakemake.output.record
        made = [path for path in (*snakemake.output, *snakemake.log) if path != record]
        write_record(Path(record), read, hashes_of(made), **work.noted)
    except StudyError as error:
        _end(error, snakemake)
    except Exception as error:  # noqa: BLE001 - the last resort
        known = not_written(error) if isinstance(error, OSError) else None
        kept = Path(snakemake.log[0]).with_suffix(".traceback")
        _end(known or told_as_fault(error, kept), snakemake)


def _end(error: StudyError, snakemake) -> None:
    """Say what is wrong, in the job's log or, where that cannot be written, on the screen."""
    from venaza.contracts.key_lines import name_line

    name_line(error, Path())
    try:
        write_text(f"{error}\n", snakemake.log[0])
    except OSError:
        with suppress(OSError):
            Path(snakemake.log[0]).unlink(missing_ok=True)
        print(error, file=sys.stderr, flush=True)
    sys.exit(1)


def _stamps(paths) -> dict[str, tuple[int, int]]:
    """Size and time of change of each file: cheap, and enough to see that one was written."""
    found = {}
    for path in files_in(paths):
        stat = path.stat() if path.is_file() else None
        found[path.as_posix()] = (stat.st_size, stat.st_mtime_ns) if stat else None
    _same(found, {file: stamp for file, stamp in found.items() if stamp})
    return found


def _same(before: dict, after: dict) -> None:
    """Raise ``StudyError`` where files differ from what they were."""
    changed = sorted(k for k in {**before, **after} if before.get(k) != after.get(k))
    if changed:
        raise StudyError(
            "A file changed while the run was reading it.",
            fix="Run again when nobody writes to the export or the results any more.",
            file=", ".join(changed),
        )


def not_written(error: OSError) -> StudyError | None:
    """The error for a user where the system refused to write a file, else None."""
    file = None if error.filename is None else os.path.relpath(os.fsdecode(error.filename))
    if error.errno in _FULL:
        return StudyError(
            "There is no room left for the results on the disk.",
            fix="Make room (or have the quota raised), then run again: it goes on from what is "
            "finished.",
            file=file,
        )
    if error.errno in _LOCKED:
        return StudyError(
            "The results cannot be written: the folder is read-only, or belongs to somebody else.",
            fix="Make the folder writable for you, then run again: it goes on from what is "
            "finished.",
            file=file,
        )
    return None
