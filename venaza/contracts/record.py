"""What each job of a run read and wrote, by hash: one small file in `records/` for each job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import write_json

#: The folder of a run (``results/STUDY``, or that of the export before) that holds its records.
RECORDS = "records"
_CHUNK = 1 << 20
_SHOWN = 8


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_in(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files that ``paths`` name; of a folder all below it that are not hidden, sorted."""
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            yield from (
                p
                for p in inside
                if not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
        else:
            yield path


def hashes_of(paths: Iterable[str | Path]) -> dict[str, str]:
    """Each file that ``paths`` name, as a path with ``/``, and its hash."""
    return {path.as_posix(): file_hash(path) for path in files_in(paths)}


def write_record(path: Path, read: dict[str, str], made: dict[str, str], **noted: object) -> None:
    """Write the record of a job whose other outputs are all written: a job ends with it.

    ``noted`` is what it has to say beside what it read and made.
    """
    write_json({"job": path.stem, **noted, "made_from": read, "made": made}, path)


def read_record(path: Path) -> dict | None:
    """A job's record; None where there is none, or none that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        _ = record["job"], record["made"].items(), record["made_from"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record


def made_from(path: Path) -> dict[str, str]:
    """What a job read, by its record, with hashes; nothing where there is no record."""
    return (read_record(path) or {"made_from": {}})["made_from"]


def made_in(root: Path) -> dict[str, str]:
    """Every file that the jobs of one run folder recorded as theirs, with its hash."""
    found: dict[str, str] = {}
    for path in sorted((root / RECORDS).glob("*.json")):
        found |= (read_record(path) or {"made": {}})["made"]
    return found


def refuse_altered_inputs(paths: Iterable[str | Path], hashes: dict[str, str]) -> None:
    """Raise ``StudyError`` where an input of a job is not what the job that made it wrote.

    ``hashes`` are those of the inputs as they are. Settings, raw files and the project's own
    files are made by no job; what differs there makes jobs run again.
    """
    known: dict[Path, dict[str, str]] = {}
    for path in files_in(paths):
        root = run_folder(path)
        if root is None or path.parent.name in ("settings", RECORDS):
            continue
        if root not in known:
            known[root] = made_in(root)
        if known[root].get(path.as_posix()) != hashes[path.as_posix()]:
            raise altered([path.as_posix()])


def run_folder(path: Path) -> Path | None:
    """The innermost folder above ``path`` that holds records of jobs."""
    return next((p for p in path.parents if (p / RECORDS).is_dir()), None)


def refuse_altered_results(root: Path, hashes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Raise ``StudyError`` where any file of a run folder is not what its job wrote.

    The folder of the export before, inside it, counts too. Returns the hash of each file by path;
    ``hashes`` are those that are known.
    """
    known, wrong, found = hashes or {}, [], {}
    for folder in sorted(root.rglob(RECORDS)):
        for name, sha in made_in(folder.parent).items():
            found[name] = known.get(name) or (file_hash(Path(name)) if Path(name).is_file() else "")
            if found[name] != sha:
                wrong.append(name)
    if wrong:
        raise altered(wrong)
    return found


def altered(files: list[str]) -> StudyError:
    """The error for files of the results that are not what their jobs wrote."""
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return StudyError(
        "This file of the results is not what the run wrote: edited by hand, or damaged."
        if len(files) == 1
        else f"{len(files)} files of the results are not what the run wrote: edited by hand, or "
        "damaged.",
        fix="Keep your copy elsewhere if you need it, delete the file here and run again: it is "
        "made anew. What the clinic has corrected belongs in config/corrections/, wording in the "
        "study file.",
        file=", ".join(files[:_SHOWN]) + more,
    )
