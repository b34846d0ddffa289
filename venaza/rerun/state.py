"""What of the results still stands: every record of a job held against the files as they are.

Snakemake compares times. Clocks jump, files are copied with the times of their originals, and
its notes can be deleted; hashes say the same whatever happened.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from venaza.contracts.record import RECORDS, altered, file_hash, read_record
from venaza.contracts.word_files import expect_edited, is_word

_NS = 1_000_000_000


@dataclass
class Past:
    """What was there when the run began: each job's record, files of it that had gone, and Word
    files of it that somebody has edited.

    Keys are paths of records (``results/STUDY/records/clean.json``).
    """

    records: dict[str, dict] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    edited: dict[str, list[str]] = field(default_factory=dict)


def look(records: list[str], refuse: bool = True) -> Past:
    """Hold the records of the run's jobs against the files; paths are from the project's folder.

    Where a file that a job made is gone, the job's record is removed: the job runs again. Where
    a job read something else than there is now, its record is made older than that file, so
    that Snakemake looks at the contents. Where a Word file was edited, its job's record is removed
    too: the job keeps the edited file aside. Nothing else is touched, so it can be done in a dry
    run. Raises ``StudyError`` where another file that a job made has other bytes now (unless
    ``refuse`` is False: all is made anew), as nobody's work may be overwritten, or used, without
    a word.
    """
    past, hashes = Past(), _Hashes()
    wrong: list[str] = []
    for name in records:
        record = read_record(Path(name))
        if record is None:
            Path(name).unlink(missing_ok=True)
            continue
        past.records[name] = record
        made = {file: hashes[file] for file in record["made"]}
        gone = [file for file, sha in made.items() if sha is None]
        edited = [f for f, sha in made.items() if sha not in (None, record["made"][f])]
        wrong += [file for file in edited if not is_word(file)]
        if word := [file for file in edited if is_word(file)]:
            past.edited[name] = word
        other = [file for file, sha in record["made_from"].items() if hashes[file] != sha]
        if gone:
            past.gone[name] = gone
        elif other:
            _make_old(Path(name), other)
    if wrong and refuse:
        raise altered(wrong)
    for name, files in past.edited.items():
        for file in files:
            expect_edited(Path(file), past.records[name]["made"][file])
    for name in {**past.gone, **past.edited}:
        Path(name).unlink()
    return past


class _Hashes(dict):
    """The hash of each file that is asked for, computed once; None for one that is not there."""

    def __missing__(self, name: str) -> str | None:
        path = Path(name)
        self[name] = file_hash(path) if path.is_file() else None
        return self[name]


def no_future(folders: list[str]) -> None:
    """Give the files below ``folders`` that a clock ahead of this one wrote the time of now.

    Snakemake refuses inputs from the future. Raw files are no inputs and are never touched.
    """
    now = time.time_ns()
    for path in (path for folder in folders for path in Path(folder).rglob("*")):
        if path.lstat().st_mtime_ns > now and not path.is_symlink():
            os.utime(path, ns=(now, now))


def _make_old(record: Path, changed: list[str]) -> None:
    """Give a record a time before those of the files that changed since its job read them."""
    if not all(Path(file).exists() for file in changed):
        record.unlink()
        return
    oldest = min(Path(file).stat().st_mtime_ns for file in changed)
    if record.stat().st_mtime_ns >= oldest:
        os.utime(record, ns=(oldest - _NS, oldest - _NS))


def record_of(run: str, job: str) -> str:
    """Where the record of a job of a run lies."""
    return f"results/{run}/{RECORDS}/{job}.json"
